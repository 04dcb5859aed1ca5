"""An item as its author types it: there and back, and what is refused with its field."""

from __future__ import annotations

from dataclasses import replace

import pytest

from questions.items.base import Evidence, Option
from questions.items.registry import ITEM_TYPES
from questions.reading.article import Block, Section, Span
from webapp.services.errors import Refused
from webapp.services.item_fields import ItemFields, evidence_of, fields_of, item_of

TEXT = "The harbour opened in 1911. Ships from nine countries called. Ships left again."
SECTION = Section("7", "", TEXT, (Block("prose", Span(0, len(TEXT))),))
QUOTE = "Ships from nine countries called."
CHOICE = ItemFields(
    "multiple_choice",
    stem="Who called?",
    options=("Ships", "Planes", "Trains"),
    feedback=("The text says so.",),
    key=0,
    explanation="The second sentence says it.",
    quotes=(QUOTE,),
)
STEPS = replace(CHOICE, type="ordering", options=("It opened.", "Ships called.", "Ships left."), key=None)

PAIRS = replace(CHOICE, type="matching", options=("Ships", "Planes"), answers=("called", "landed"), key=None)


@pytest.mark.parametrize("kind", ITEM_TYPES)
def test_an_item_opened_and_kept_is_the_same(kind):
    start = TEXT.index(QUOTE)
    evidence = (Evidence("7", start, start + len(QUOTE), QUOTE),)
    item = replace(ITEM_TYPES[kind].examples().item, evidence=evidence)
    again = item_of(fields_of(item), SECTION, former=item)
    assert fields_of(again) == fields_of(item)
    assert ITEM_TYPES[kind].key_text(again) == ITEM_TYPES[kind].key_text(item)
    assert again.evidence == evidence


def test_steps_are_never_stored_in_their_right_order_and_always_in_the_same_other_one():
    item = item_of(STEPS, SECTION)
    assert item.key != (0, 1, 2)
    assert [item.options[index].text for index in item.key] == list(STEPS.options)
    assert item_of(STEPS, SECTION) == item


def test_pairs_are_never_stored_side_by_side_and_keep_belonging_together():
    item = item_of(PAIRS, SECTION)
    assert [option.text for option in item.options] == ["Ships", "Planes", "landed", "called"]
    assert item.key == ((0, 3), (1, 2))
    assert fields_of(item).answers == PAIRS.answers


def test_an_option_that_was_kept_keeps_its_role_unless_it_is_the_key_now():
    former = item_of(CHOICE, SECTION)
    former = replace(
        former, options=(*former.options[:1], Option("Planes", "unsupported"), former.options[2])
    )
    kept = item_of(replace(CHOICE, options=("Ships", "Planes", "Carts")), SECTION, former)
    assert [option.role for option in kept.options] == ["key", "unsupported", ""]
    turned = item_of(replace(CHOICE, key=1), SECTION, former)
    assert [option.role for option in turned.options] == ["", "key", ""]


def test_typed_answers_lose_spare_spaces_doubles_and_empty_lines():
    fields = ItemFields(
        "gap_text", stem="It opened in _____.", answers=(" 1911", "", "in  1911", "1911"), quotes=(QUOTE,)
    )
    assert item_of(fields, SECTION).key == ("1911", "in 1911")


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"quotes": ()}, "evidence", "Copy the sentence"),
        ({"quotes": ("", "  ")}, "evidence", "Copy the sentence"),
        ({"quotes": ("Nobody " + "ever " * 40 + "came.",)}, "evidence", "ev…”"),
        ({"key": None}, "key", "which answer is right"),
        ({"key": 3}, "key", "is empty"),
        ({"options": (" ", "Planes", "Trains")}, "key", "is empty"),
        ({"options": ("Ships", "Ships", "Trains")}, "options", "same"),
        ({"stem": " "}, "stem", ""),
        ({"type": "gap_text", "answers": (" ",)}, "answers", "at least one right answer"),
        ({"type": "ordering", "options": ("Only one.",)}, "options", ""),
        ({"type": "matching", "options": ("Ships", "Planes"), "answers": ("called", "")}, "options", "empty"),
        ({"type": "matching", "options": ("Ships",), "answers": ("called",)}, "options", "two pairs"),
    ],
)  # fmt: skip
def test_what_will_not_do_is_refused_at_its_field(changes, field, words):
    with pytest.raises(Refused) as refused:
        item_of(replace(CHOICE, **changes), SECTION)
    assert refused.value.field == field
    assert words in str(refused.value)


def test_quotes_are_found_whatever_their_spaces_and_stay_where_they_stood():
    second = TEXT.rindex("Ships")
    former = replace(item_of(CHOICE, SECTION), evidence=(Evidence("old", second, second + 5, "Ships"),))
    assert evidence_of(("Ships",), SECTION) == (Evidence("7", 28, 33, "Ships"),)
    assert evidence_of(("Ships",), SECTION, former) == (Evidence("7", second, second + 5, "Ships"),)
    assert evidence_of(("", " Ships  from\nnine "), SECTION) == (Evidence("7", 28, 43, "Ships from nine"),)
