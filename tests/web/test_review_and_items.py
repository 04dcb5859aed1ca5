"""The review queue and the item bank, as an instructor's browser uses them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from questions.items.base import Evidence, Item, Option
from tests.client import Client
from tests.factories.finished import make_finished_attempt
from tests.factories.modules import make_item, make_module
from tests.factories.people import make_account
from webapp.models.account import Account
from webapp.models.item import Item as ItemRow
from webapp.models.item import ItemVersion, ReviewDecision
from webapp.models.module import Module
from webapp.services import clock

ClientFor = Callable[[Account], Client]
QUOTE = "The town paid for them with a tax on salt."


@pytest.fixture
def module(session: Session) -> Module:
    return make_module(session)


@pytest.fixture
def teacher(session: Session, client_for: ClientFor) -> Client:
    return client_for(make_account(session, "instructor", display_name="Tess"))


def propose(session: Session, module: Module, count: int = 1, section: int = 0) -> list[ItemRow]:
    return [
        make_item(
            session, module.sections[section], state="proposed", origin="generated", recipe="cloze_date"
        )
        for _ in range(count)
    ]


def decision(row: ItemRow, word: str, **fields: object) -> dict[str, object]:
    return {"decision": word, "version": row.current_version_id, **fields}


def review(module: Module, row: ItemRow | None = None, rest: str = "") -> str:
    return f"/teach/modules/{module.id}/review" + (f"/{row.id}{rest}" if row else "")


def written(**fields: object) -> dict[str, object]:
    return {
        "stem": "What did the town tax to pay for the repairs?",
        "option_0": "Ships",
        "option_1": "Salt",
        "feedback_0": "Ships were not taxed.",
        "option_2": "Land",
        "key": "1",
        "evidence": "The town paid for them\nwith a tax on salt.".replace("\n", " "),
        "explanation": "The last sentence says it.",
    } | fields


# ---------------------------------------------------------------- the queue


def test_an_empty_queue_says_what_to_do(teacher: Client, module: Module) -> None:
    assert "No questions to review yet" in teacher.get(review(module)).text


def test_a_card_shows_the_marked_evidence_the_key_and_the_reasons(
    session: Session, teacher: Client, module: Module
) -> None:
    propose(session, module)
    page = teacher.get(review(module)).text
    assert re.search(r"<mark[^>]*>.*The harbour of Veltmar opened in 1911", page)
    assert "right answer" in page
    assert "Read the first sentence again." in page
    assert "0 of 1 decided" in page
    assert "Gap, chosen from a list" in page or "Multiple choice" in page
    assert "cloze" not in page


def test_accept_commits_and_the_next_card_is_held(session: Session, teacher: Client, module: Module) -> None:
    first, second = propose(session, module, 2)
    answer = teacher.csrf_post(review(module, first), decision(first, "accept"))
    assert answer.status_code == 303
    assert first.state == "accepted"
    assert second.claimed_until is not None
    assert second.claimed_until > clock.now()
    page = teacher.get(review(module)).text
    assert "1 of 2 decided" in page
    assert "Accepted." in page


def test_two_reviewers_get_different_cards(session: Session, client_for: ClientFor, module: Module) -> None:
    first, second = propose(session, module, 2)
    one, two = (client_for(make_account(session, "instructor", display_name=name)) for name in ("Ann", "Bob"))
    one.csrf_post(review(module))
    two.csrf_post(review(module))
    assert {first.claimed_by_id, second.claimed_by_id} == set(
        session.scalars(select(Account.id).where(Account.display_name.in_(["Ann", "Bob"])))
    )
    held = first if first.claimed_by_id == max(first.claimed_by_id, second.claimed_by_id) else second
    refused = one.csrf_post(review(module, held), decision(held, "accept"))
    assert refused.status_code == 409
    assert "Bob is looking at this question" in refused.text
    held.claimed_until = clock.now() - timedelta(seconds=1)
    assert one.csrf_post(review(module, held), decision(held, "accept")).status_code == 303


def test_reject_needs_a_reason_and_keeps_it(session: Session, teacher: Client, module: Module) -> None:
    (row,) = propose(session, module)
    refused = teacher.csrf_post(review(module, row), decision(row, "reject", reason=" "))
    assert refused.status_code == 422
    assert "Say in a word why" in refused.text
    assert row.state == "proposed"
    assert (
        teacher.csrf_post(review(module, row), decision(row, "reject", reason="r" * 501)).status_code == 422
    )
    teacher.csrf_post(review(module, row), decision(row, "reject", reason="two answers are right"))
    assert row.state == "rejected"
    assert session.scalars(select(ReviewDecision.reason)).all() == ["two answers are right"]


def test_skip_puts_a_card_last(session: Session, teacher: Client, module: Module) -> None:
    first, second = propose(session, module, 2)
    teacher.csrf_post(review(module, first), decision(first, "skip"))
    assert f"/review/{second.id}" in teacher.get(review(module)).text
    teacher.csrf_post(review(module, second), decision(second, "accept"))
    assert f"/review/{first.id}" in teacher.get(review(module)).text


@pytest.mark.parametrize("word", ["accept", "reject", "skip"])
def test_undo_brings_the_card_back(session: Session, teacher: Client, module: Module, word: str) -> None:
    first, _second = propose(session, module, 2)
    teacher.csrf_post(review(module, first), decision(first, word, reason="grammar"))
    teacher.csrf_post(review(module) + "/undo")
    assert first.state == "proposed"
    assert first.skipped_at is None
    assert f"/review/{first.id}" in teacher.get(review(module)).text
    again = teacher.csrf_post(review(module) + "/undo")
    assert again.status_code == 409
    assert "nothing to undo" in again.text


def test_a_card_in_another_wording_is_accepted_and_undone(
    session: Session, teacher: Client, module: Module
) -> None:
    (row,) = propose(session, module)
    before = row.current_version_id
    page = teacher.get(review(module) + f"?edit={row.id}").text
    assert "Save and accept" in page
    fields = {
        "version": before,
        "stem": "When did it open?",
        "option_0": "In 1911",
        "option_1": "In 1912",
        "option_2": "In 1910",
        "key": "0",
        "evidence": "The harbour of Veltmar opened in 1911.",
    }
    assert teacher.csrf_post(review(module, row, "/edit"), fields | {"key": "5"}).status_code == 422
    refused = teacher.csrf_post(review(module, row, "/edit"), fields | {"evidence": "Nobody wrote this."})
    assert refused.status_code == 422
    assert "do not stand in the section: “Nobody wrote this.”" in refused.text
    assert "When did it open?" in refused.text, "what was typed is kept"
    teacher.csrf_post(review(module, row, "/edit"), fields)
    assert row.state == "accepted"
    assert row.current_version.content["stem"] == "When did it open?"
    assert row.current_version_id != before
    teacher.csrf_post(review(module) + "/undo")
    assert (row.state, row.current_version_id) == ("proposed", before)


def test_deciding_twice_and_deciding_an_old_wording_are_refused(
    session: Session, teacher: Client, module: Module
) -> None:
    (row,) = propose(session, module)
    assert teacher.csrf_post(review(module, row), decision(row, "accept", version=10**6)).status_code == 409
    teacher.csrf_post(review(module, row), decision(row, "accept"))
    assert teacher.csrf_post(review(module, row), decision(row, "accept")).status_code == 409
    assert teacher.csrf_post(review(module, row), {"decision": "maybe", "version": 1}).status_code == 422


def test_evidence_that_left_the_text_cannot_be_accepted(
    session: Session, teacher: Client, module: Module
) -> None:
    section = module.sections[0]
    item = Item(
        "true_false",
        "The harbour opened in 1911.",
        (Option("True"), Option("False")),
        (0,),
        "",
        (Evidence(str(section.id), 0, 12, "Words of old"),),
    )
    row = make_item(session, section, item, state="proposed", origin="generated")
    refused = teacher.csrf_post(review(module, row), decision(row, "accept"))
    assert refused.status_code == 422
    assert row.state == "proposed"


def test_the_filter_narrows_to_a_section(session: Session, teacher: Client, module: Module) -> None:
    propose(session, module, 1, section=0)
    (other,) = propose(session, module, 1, section=1)
    page = teacher.get(review(module) + f"?section={module.sections[1].id}").text
    assert f"/review/{other.id}" in page


# ---------------------------------------------------------------- writing


def new_item(module: Module, kind: str = "multiple_choice", section: int = 1) -> str:
    return f"/teach/modules/{module.id}/sections/{module.sections[section].id}/items/new?type={kind}"


def test_an_item_is_written_tried_reworded_deleted_and_brought_back(
    session: Session, teacher: Client, module: Module
) -> None:
    answer = teacher.csrf_post(new_item(module), written())
    assert answer.status_code == 303, answer.text
    (row,) = session.scalars(select(ItemRow)).all()
    assert (row.state, row.origin) == ("accepted", "written")
    content = row.current_version.content
    assert content["key"] == [1]
    assert [option["role"] for option in content["options"]] == ["", "key", ""]
    assert content["evidence"][0]["quote"] == QUOTE

    tried = teacher.csrf_post(answer.location, {"s1-choice": "0"})
    assert "Not quite" in tried.text
    assert "Ships were not taxed." in tried.text
    assert teacher.csrf_post(answer.location, {"s1-choice": "9"}).status_code == 422

    address = f"/teach/modules/{module.id}/items/{row.id}"
    page = teacher.get(address).text
    assert 'value="Salt"' in page
    changed = written(option_1="Salt, and nothing else", version=row.current_version_id)
    old = row.current_version_id
    assert teacher.csrf_post(address, changed).status_code == 303
    assert row.current_version.content["options"][1]["text"] == "Salt, and nothing else"
    late = teacher.csrf_post(address, written(option_1="Only salt", version=old))
    assert late.status_code == 409

    teacher.csrf_post(address + "/retire")
    assert row.state == "retired"
    assert teacher.csrf_post(address + "/retire").status_code == 409
    teacher.csrf_post(address + "/restore")
    assert row.state == "accepted"


def test_a_reworded_item_leaves_old_attempts_as_they_were(
    session: Session, teacher: Client, module: Module
) -> None:
    row = make_item(session, module.sections[1])
    attempt = make_finished_attempt(session, make_account(session), module.sections[1], [True])
    address = f"/teach/modules/{module.id}/items/{row.id}"
    assert "1 answer was given" in teacher.get(address).text
    old = row.current_version_id
    teacher.csrf_post(address, written(version=old))
    assert row.current_version_id != old
    assert session.get_one(ItemVersion, old).content["stem"] == "Which of these does the text say?"
    assert attempt.points == 1


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("true_false", {"stem": "The town taxed salt.", "key": "0", "evidence": QUOTE}),
        ("gap_text", {"stem": "The town taxed _____.", "answers": "salt\nthe salt", "evidence": QUOTE}),
        (
            "gap_list",
            {
                "stem": "The town taxed _____.",
                "option_0": "salt",
                "option_1": "land",
                "option_2": "ships",
                "key": "0",
                "evidence": QUOTE,
            },
        ),
        (
            "ordering",
            {"stem": "Put in order.", "steps": "the storm\nthe repairs\nthe tax", "evidence": QUOTE},
        ),
    ],
)
def test_every_kind_can_be_written_and_opened_again(
    session: Session, teacher: Client, module: Module, kind: str, fields: dict[str, str]
) -> None:
    assert teacher.get(new_item(module, kind)).status_code == 200
    assert teacher.csrf_post(new_item(module, kind), fields).status_code == 303
    (row,) = session.scalars(select(ItemRow)).all()
    assert row.current_version.type == kind
    before = row.current_version_id
    page = teacher.get(f"/teach/modules/{module.id}/items/{row.id}").text
    assert QUOTE in page
    same = teacher.csrf_post(f"/teach/modules/{module.id}/items/{row.id}", fields | {"version": before})
    assert same.status_code == 303
    assert row.current_version_id == before, "the same wording again makes no new version"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"stem": ""}, "Write the question."),
        ({"key": ""}, "Mark the right answer."),
        ({"key": "4"}, "Say which answer is right."),
        ({"option_0": "", "option_2": ""}, "choice"),
        ({"option_0": "Salt"}, "Salt"),
        ({"evidence": ""}, "Copy the sentence"),
        ({"evidence": "Whales paid."}, "do not stand in the section"),
    ],
)
def test_a_faulty_item_is_refused_and_what_was_typed_is_kept(
    session: Session, teacher: Client, module: Module, change: dict[str, str], words: str
) -> None:
    answer = teacher.csrf_post(new_item(module), written(**change))
    assert answer.status_code == 422
    assert words in answer.text
    assert "Ships were not taxed." in answer.text
    assert session.scalars(select(ItemRow)).all() == []


def test_the_checklist_speaks_while_one_writes(session: Session, teacher: Client, module: Module) -> None:
    address = new_item(module).replace("/new?", "/check?")
    fields = written(option_1="A tax on salt that every household of the town had to pay for four years")
    fragment = teacher.csrf_post(address, fields, headers={"X-Requested-With": "fetch"}).text
    assert "<html" not in fragment
    assert "Worth another look" in fragment
    page = teacher.csrf_post(address, fields).text
    assert "<html" in page
    assert "As a learner sees it" in page
    assert session.scalars(select(ItemRow)).all() == []


def test_the_checklist_names_what_is_still_to_do_while_one_writes(teacher: Client, module: Module) -> None:
    address = new_item(module).replace("/new?", "/check?")
    fields = written(evidence="A sentence that stands nowhere.")
    fragment = teacher.csrf_post(address, fields, headers={"X-Requested-With": "fetch"}).text
    assert "Still to do" in fragment
    assert "Still to do" not in teacher.csrf_post(address, fields).text


def test_unknown_kinds_states_and_foreign_items_are_not_found(
    session: Session, teacher: Client, module: Module
) -> None:
    other = make_module(session)
    row = make_item(session, other.sections[0])
    assert teacher.get(new_item(module, "essay")).status_code == 404
    assert teacher.get(f"/teach/modules/{module.id}/items?state=lost").status_code == 404
    assert teacher.get(f"/teach/modules/{module.id}/items/{row.id}").status_code == 404
    assert teacher.csrf_post(review(module, row), decision(row, "accept")).status_code == 404


def test_the_bank_lists_items_by_state(session: Session, teacher: Client, module: Module) -> None:
    make_item(session, module.sections[0])
    propose(session, module, 2)
    address = f"/teach/modules/{module.id}/items"
    assert "In use (1)" in teacher.get(address).text
    assert teacher.get(address + "?state=proposed").text.count('class="card"') == 2
    assert "None here." in teacher.get(address + "?state=retired").text
