"""Review decisions as a file for `python -m questions fit`: what it says, what it keeps to itself, whose it is."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from questions import __main__ as command
from questions.generation import fit
from questions.generation.decisions import read_decisions
from questions.generation.rank import FEATURE_WEIGHTS
from questions.items.base import Item as Wording
from questions.items.base import Option
from tests.factories.decisions import make_decisions
from tests.factories.finished import make_finished_attempt
from tests.factories.modules import choice_item, make_item, make_module
from tests.factories.people import make_account, make_course
from webapp.models.item import Item, ReviewDecision
from webapp.models.operation import AuditEntry
from webapp.services import clock, items, review
from webapp.services.decision_export import as_lines, list_decisions

GOLDEN = Path(__file__).parents[2] / "data" / "decisions.jsonl"
WARNED = [{"check": 20, "severity": "warning", "field": "options", "message": "Central."}]


def proposal(session, section, recipe="true_statement", more=()) -> Item:
    """A proposal about the first sentence of a section, with three choices and some more."""
    wording = choice_item(section.current_version.text, section=str(section.id))
    wording = replace(wording, options=(*wording.options, *more))
    row = make_item(session, section, wording, state="proposed", origin="generated")
    row.recipe, row.level = recipe, "retrieve"
    session.flush()
    return row


@pytest.fixture
def reviewer(session):
    return make_account(session, "instructor", username="vigilant", display_name="Vera Vigilant")


@pytest.fixture
def module(session, reviewer):
    """A module of which a reviewer has judged five proposals, and put off or left others."""
    module = make_module(session)
    section = module.sections[0]
    accepted, edited, taken_back, put_off = (proposal(session, section) for _ in range(4))
    rejected = proposal(session, section, "conditional", [Option("The place " + "was " * 25 + "left.")])
    accepted.warnings = WARNED
    proposal(session, section)
    make_item(session, section)
    judge = reviewer.id
    review.accept_item(session, module, accepted, judge, accepted.current_version_id)
    review.reject_item(session, rejected, judge, rejected.current_version_id, "Ask Vera Vigilant about this")
    wording = reworded(items.item_content(edited))
    review.accept_edited(session, module, edited, judge, edited.current_version_id, wording)
    review.reject_item(session, taken_back, judge, taken_back.current_version_id, "No.")
    review.undo_decision(session, module, judge)
    review.skip_item(session, put_off, judge, put_off.current_version_id)
    items.retire_item(session, accepted, judge)
    session.commit()
    return module


def reworded(wording: Wording) -> Wording:
    """The same question in more words."""
    options = tuple(Option(option.text + " ", option.role) for option in wording.options)
    return Wording(
        wording.type, "Now " + wording.stem, options, wording.key, wording.explanation, wording.evidence
    )


def lines_of(answer) -> list[dict]:
    assert answer.status_code == 200
    assert answer.mimetype == "application/jsonl"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=review-decisions-")
    return [json.loads(line) for line in answer.text.splitlines()]


def test_the_file_says_what_was_counted_and_what_was_decided(client_for, module, reviewer):
    answer = client_for(reviewer).csrf_post("/teach/decisions")
    assert answer.text == GOLDEN.read_text("utf-8")
    rows = lines_of(answer)
    assert [row["decision"] for row in rows] == ["accept", "reject", "edit"]
    assert {frozenset(row) for row in rows} == {
        frozenset({"recipe", "level", "features", "findings", "decision"})
    }
    assert {name for row in rows for name in row["features"]} <= set(FEATURE_WEIGHTS)
    assert rows[0]["findings"] == [20]
    assert len(read_decisions(answer.text)) == 3


def test_nobody_and_no_text_is_in_it(client_for, session, module, reviewer):
    learner = make_account(session, "learner", username="lerner", display_name="Lena Lerner")
    make_finished_attempt(session, learner, module.sections[0], [True, True])
    session.commit()
    text = client_for(reviewer).csrf_post("/teach/decisions").text
    words = {"Vera", "Vigilant", "vigilant", "Lena", "lerner", module.title, module.slug}
    words |= {
        option for item in session.query(Item) for option in item.current_version.content["stem"].split()
    }
    assert not {word for word in words if len(word) > 4 and word in text}


def test_each_gets_the_decisions_of_what_they_teach(client_for, session, module, reviewer):
    elsewhere = make_account(session, "instructor", course=make_course(session))
    session.commit()
    other = client_for(elsewhere)
    answer = other.csrf_post("/teach/decisions")
    assert answer.status_code == 303
    assert "Nobody has decided" in other.get(answer.headers["Location"]).text
    administrator = make_account(session, "administrator")
    session.commit()
    assert len(lines_of(client_for(administrator).csrf_post("/teach/decisions"))) == 3


def test_taking_it_away_is_written_down(client_for, session, module, reviewer):
    desk = client_for(reviewer)
    assert "Download decisions" in desk.get("/teach").text
    desk.csrf_post("/teach/decisions")
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "review.export")).one()
    assert (entry.account_id, entry.detail) == (reviewer.id, {"decisions": 3})


@pytest.mark.needs("fit")
def test_from_the_page_to_fitted_weights(client_for, session, reviewer, tmp_path, capsys):
    """Decisions that follow a taste are learnt from by the file that the page gives."""
    module = make_module(session)
    for one in make_decisions(160):
        row = proposal(session, module.sections[0], one.recipe)
        row.warnings = [dict(WARNED[0], check=check) for check in one.findings]
        session.add(
            ReviewDecision(
                item_id=row.id,
                account_id=reviewer.id,
                decision="accept" if one.decision == "accept" else "reject",
                state_before="proposed",
                version_before_id=row.current_version_id,
                version_after_id=row.current_version_id,
                decided_at=clock.now(),
            )
        )
    session.commit()
    file = tmp_path / "decisions.jsonl"
    file.write_text(client_for(reviewer).csrf_post("/teach/decisions").text, "utf-8")
    assert command.main(["fit", str(file), "-o", str(tmp_path / "weights.json")]) == 0
    assert "160 decisions" in capsys.readouterr().out
    result = fit.fit(read_decisions(file.read_text("utf-8")))
    assert result.weights.of("recipe:faq") > result.weights.of("recipe:heading")
    assert result.weights.of("warning:20") < 0


def test_queries_do_not_grow_with_the_decisions(session, module, reviewer, count_queries):
    with count_queries() as few:
        as_lines(list_decisions(session, [module]))
    for _ in range(5):
        row = proposal(session, module.sections[0])
        review.accept_item(session, module, row, reviewer.id, row.current_version_id)
    session.commit()
    with count_queries() as more:
        lines = as_lines(list_decisions(session, [module]))
    assert lines.count("\n") == 8
    assert len(more) == len(few)
