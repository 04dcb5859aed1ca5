"""What a page may show of a question: nothing of the answer before it is graded, everything after."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from questions.items.base import Evidence
from questions.items.content import item_to_json
from questions.items.registry import ITEM_TYPES
from tests.factories.answers import right_answer, wrong_answer
from webapp.repositories.attempt_rows import SlotRow
from webapp.repositories.reading import TextRow
from webapp.services.attempt_views import preview_view, slot_view

TEXT = TextRow(id=7, heading="", text="One thing is so. Another is not so.", html="")
EVIDENCE = Evidence("1", 17, 35, "Another is not so.")
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def slot(kind, response=None, *, is_checked=False, section_version_id=7, evidence=EVIDENCE, **values):
    item = replace(ITEM_TYPES[kind].examples().item, evidence=(evidence,))
    outcome = ITEM_TYPES[kind].grade(item, response or {})
    row = SlotRow(
        position=3,
        item_version_id=1,
        section_version_id=section_version_id,
        section_id=1,
        level=None,
        content=item_to_json(item),
        option_order=values.pop("option_order", list(reversed(range(len(item.options))))),
        points_possible=Decimal(1),
        response=response,
        saved_at=NOW,
        checked_at=NOW if is_checked else None,
        status=outcome.status if is_checked else None,
        score=outcome.score if is_checked else None,
        item_id=1,
        report="open",
    )
    return item, row


@pytest.mark.parametrize("kind", ITEM_TYPES)
def test_before_checking_nothing_gives_the_answer_away(kind):
    item, row = slot(kind, right_answer(ITEM_TYPES[kind].examples().item))
    view = slot_view(row, TEXT)
    assert not view.is_checked
    assert (view.key, view.key_text, view.explanation, view.option_feedback) == ((), "", "", "")
    assert (view.evidence, view.quotes, view.status, view.score) == ((), (), "", None)
    shown = repr(view)
    for secret in (item.explanation, *(option.feedback for option in item.options)):
        assert not secret or secret not in shown


@pytest.mark.parametrize("kind", ITEM_TYPES)
@pytest.mark.parametrize("is_right", [True, False])
def test_after_checking_everything_is_there(kind, is_right):
    answer = (right_answer if is_right else wrong_answer)(ITEM_TYPES[kind].examples().item)
    item, row = slot(kind, answer, is_checked=True)
    view = slot_view(row, TEXT)
    assert view.status == ("correct" if is_right else "incorrect")
    assert view.key == item.key
    assert view.key_text == ITEM_TYPES[kind].key_text(item)
    assert view.response_text
    assert view.explanation == item.explanation
    assert view.evidence == ((17, 35, "3"),)
    assert view.quotes == ("Another is not so.",)


def test_options_stand_in_the_pinned_order_under_their_authors_numbers():
    item, row = slot("multiple_choice")
    view = slot_view(row)
    assert [option.index for option in view.options] == [2, 1, 0]
    assert [option.text for option in view.options] == [option.text for option in reversed(item.options)]


def test_an_order_that_does_not_fit_is_not_believed():
    _, row = slot("multiple_choice", option_order=[0, 1])
    assert [option.index for option in slot_view(row).options] == [0, 1, 2]


def test_evidence_of_another_wording_is_found_by_its_words():
    text = TextRow(id=8, heading="", text="New first line. Another is not so.", html="")
    _, row = slot("true_false", {"choice": 0}, is_checked=True)
    assert slot_view(row, text).evidence == ((16, 34, "3"),)


@pytest.mark.parametrize("text", ["All is new.", "Another is not so. Another is not so."])
def test_evidence_that_is_gone_or_stands_twice_is_not_marked_but_quoted(text):
    _, row = slot("true_false", {"choice": 0}, is_checked=True)
    view = slot_view(row, TextRow(id=8, heading="", text=text, html=""))
    assert view.evidence == ()
    assert view.quotes == ("Another is not so.",)


def test_authors_see_an_item_as_learners_do():
    item = ITEM_TYPES["multiple_choice"].examples().item
    open_view = preview_view(item)
    assert not open_view.is_checked
    assert open_view.key == ()
    graded = preview_view(item, response={"choice": 2}, is_checked=True)
    assert graded.status == "incorrect"
    assert graded.option_feedback == item.options[2].feedback


@pytest.mark.parametrize(
    ("explanation", "is_evidence"),
    [
        (f"The section says: “{EVIDENCE.quote}”", True),
        ("The section says: “Another is …”", True),
        (f"“{EVIDENCE.quote}” denies it, for the first one is.", False),
        (f"Only the second sentence of the text settles this: “{EVIDENCE.quote}”", False),
        ("Because another is not so.", False),
        ("", False),
    ],
)
def test_an_explanation_that_only_quotes_says_nothing_more(explanation, is_evidence):
    item = replace(ITEM_TYPES["true_false"].examples().item, explanation=explanation)
    _, row = slot("true_false", right_answer(item), is_checked=True)
    view = slot_view(row._replace(content=item_to_json(replace(item, evidence=(EVIDENCE,)))), TEXT)
    assert view._replace(quotes=(EVIDENCE.quote,)).explanation_is_evidence is is_evidence
