"""The judge finds what is planted: one loss, one ghost, one doubled, one torn save among good ones."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.faults.verdict import Event, Record, Slot, Stored, judge

ATTEMPT = 7
PAGE = "learner-01"
WORDINGS = {(ATTEMPT, 1): 31, (ATTEMPT, 2): 32}


@pytest.fixture
def record():
    return Record(
        ATTEMPT,
        PAGE,
        sent={number: (number % 2 + 1, f"answer {number}") for number in range(1, 6)},
        acknowledged={1: 1, 2: 2, 3: 3},
        refused={5: 409},
    )


@pytest.fixture
def stored(record):
    """Saves 1 to 3 were acknowledged, 4 was stored and its reply lost, 5 was refused."""
    events = [Event(PAGE, number, number, record.sent[number]) for number in range(1, 5)]
    slots = {1: Slot(4, {"text": "answer 4"}, 31), 2: Slot(3, {"text": "answer 3"}, 32)}
    return Stored(ATTEMPT, 4, 2, events, slots)


def found(record, stored, findings=()):
    verdict = judge([record], [stored], WORDINGS, findings)
    return {name for name in ("lost", "ghost", "doubled", "torn") if getattr(verdict, name)}


def test_what_is_as_it_should_be_is_clean(record, stored):
    verdict = judge([record], [stored], WORDINGS)
    assert verdict.is_clean, verdict
    assert verdict.acknowledged == 3


def without(stored, number):
    left = [event for event in stored.events if event.client_sequence != number]
    return replace(stored, events=left)


def test_a_lost_save_is_found(record, stored):
    assert "lost" in found(record, without(stored, 2))


def test_a_lost_save_is_found_where_everything_else_agrees(record, stored):
    """As after a restored copy: the newest saves are missing, and the rest is consistent."""
    slots = {1: Slot(2, {"text": "answer 2"}, 31), 2: Slot(1, {"text": "answer 1"}, 32)}
    assert found(record, Stored(ATTEMPT, 2, 2, stored.events[:2], slots)) == {"lost"}


def test_a_save_that_is_stored_with_another_text_is_lost(record, stored):
    changed = [replace(event, answer=(event.answer[0], "else")) for event in stored.events[:1]]
    assert "lost" in found(record, replace(stored, events=changed + list(stored.events[1:])))


def test_a_missing_attempt_is_lost(record):
    assert judge([record], [], WORDINGS).lost


def test_an_untrue_acknowledgement_is_lost(record, stored):
    record.untrue.append("told that another answer was stored")
    assert found(record, stored) == {"lost"}


def test_a_refused_save_that_is_stored_is_a_ghost(record, stored):
    record.refused[4] = 503
    assert found(record, stored) == {"ghost"}


def test_a_save_that_nobody_sent_is_a_ghost(record, stored):
    del record.sent[4]
    assert found(record, stored) == {"ghost"}


def test_a_save_from_a_page_that_nobody_had_is_a_ghost(record, stored):
    events = [*stored.events[:3], replace(stored.events[3], client_id="a stranger")]
    assert found(record, replace(stored, events=events)) == {"ghost"}


def test_the_same_key_twice_is_doubled(record, stored):
    again = [*stored.events, replace(stored.events[0], sequence=5)]
    assert "doubled" in found(record, replace(stored, events=again, sequence=5))


def test_the_same_answer_under_two_keys_is_doubled(record, stored):
    record.sent[6] = record.sent[4]
    again = [*stored.events, replace(stored.events[3], client_sequence=6, sequence=5)]
    slots = {**stored.slots, 1: replace(stored.slots[1], sequence=5)}
    assert found(record, replace(stored, events=again, sequence=5, slots=slots)) == {"doubled"}


def test_one_save_acknowledged_under_two_numbers_is_doubled(record, stored):
    record.acknowledged[3] = 9
    assert found(record, stored) == {"doubled"}


@pytest.mark.parametrize(
    "change",
    [
        {"sequence": 3},
        {"answered_count": 1},
        {"slots": {1: Slot(2, {"text": "answer 2"}, 31), 2: Slot(3, {"text": "answer 3"}, 32)}},
        {"slots": {1: Slot(4, {"text": "answer 4"}, 31), 2: Slot(0, None, 32)}},
        {"slots": {1: Slot(4, {"text": "answer 4"}, 99), 2: Slot(3, {"text": "answer 3"}, 32)}},
        {"slots": {1: Slot(4, {"text": "answer 4"}, 31)}},
    ],
)
def test_parts_that_do_not_belong_together_are_torn(record, stored, change):
    assert found(record, replace(stored, **change)) == {"torn"}


def test_what_the_examination_finds_is_torn(record, stored):
    assert found(record, stored, ["the database file: row 3 missing from index"]) == {"torn"}
