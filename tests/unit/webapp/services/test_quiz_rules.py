"""The window of one learner: the rules of the quiz, grants field by field, extra time, deadlines, late credit."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.services.quiz_rules import Grant, LateStep, Window, window

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
RULES: dict[str, Any] = {
    "opens_at": None,
    "due_at": None,
    "closes_at": None,
    "late_credit": [],
    "time_limit_s": None,
    "attempts_allowed": None,
}
SECOND = timedelta(seconds=1)


def at(seconds: int) -> datetime:
    return NOON + timedelta(seconds=seconds)


def own(*grants: Grant, **rules: Any) -> Window:
    return window(**(RULES | rules), grants=grants)


def late(*steps: tuple[int, int]) -> list[dict[str, Any]]:
    return [{"until": at(seconds).isoformat(), "percent": percent} for seconds, percent in steps]


def test_a_quiz_without_rules_is_always_open():
    assert own() == Window()
    assert own().deadline(NOON) is None
    assert own().limit_s is None
    assert (own().has_opened(NOON), own().has_closed(NOON), own().is_late(NOON)) == (True, False, False)
    assert own().has_extra_time is False


@pytest.mark.parametrize(
    ("limit", "closes", "grant", "deadline"),
    [
        (None, None, Grant(), None),
        (600, None, Grant(), 600),
        (None, 900, Grant(), 900),
        (600, 900, Grant(), 600),
        (600, 300, Grant(), 300),
        (600, None, Grant(time_limit_s=1200), 1200),
        (600, None, Grant(time_limit_s=60), 60),
        (600, None, Grant(time_percent=150), 900),
        (601, None, Grant(time_percent=150), 901),  # whole seconds
        (600, None, Grant(extra_s=60), 660),
        (600, None, Grant(time_percent=200, extra_s=60), 1260),
        (600, None, Grant(time_limit_s=1000, time_percent=200), 2000),
        (None, 900, Grant(extra_s=60), 960),
        (None, 900, Grant(time_percent=200), 900),  # of what has no limit there is no percentage
        (600, 700, Grant(time_percent=200), 1200),  # the end moves by the 600 s more
        (600, 300, Grant(time_percent=200), 900),
        (600, None, Grant(closes_at=at(100)), 100),
        (600, 5000, Grant(closes_at=at(100), extra_s=60), 160),
        (None, None, Grant(time_limit_s=50), 50),
        (600, None, Grant(extra_s=0, time_percent=100), 600),
        (0, None, Grant(), 0),
    ],
)
def test_when_an_attempt_ends(limit, closes, grant, deadline):
    granted = own(grant, time_limit_s=limit, closes_at=None if closes is None else at(closes))
    assert granted.deadline(NOON) == (None if deadline is None else at(deadline))


@pytest.mark.parametrize(
    ("grant", "has_more"),
    [
        (Grant(), False),
        (Grant(time_percent=100), False),
        (Grant(time_percent=101), True),
        (Grant(extra_s=1), True),
        (Grant(time_limit_s=900), False),
    ],
)
def test_extra_time_is_what_comes_on_top_of_a_limit(grant, has_more):
    assert own(grant, time_limit_s=600).has_extra_time is has_more


FIELDS: dict[str, tuple[object, object, object]] = {
    "opens_at": (at(0), at(10), at(20)),
    "due_at": (at(100), at(110), at(120)),
    "closes_at": (at(200), at(210), at(220)),
    "time_limit_s": (600, 700, 800),
    "attempts_allowed": (1, 2, 3),
}


@pytest.mark.parametrize("name", FIELDS)
def test_each_field_comes_from_the_nearest_that_says_something(name):
    rule, cohort, person = FIELDS[name]
    found = "base_limit_s" if name == "time_limit_s" else name
    rules = {field: values[0] for field, values in FIELDS.items()}
    plain = own(**rules)
    assert getattr(plain, found) == rule
    for grants, value in (
        ([Grant(**{name: cohort})], cohort),
        ([Grant(**{name: person}), Grant(**{name: cohort})], person),
        ([Grant(), Grant(**{name: cohort})], cohort),
        ([Grant(), Grant()], rule),
        ([Grant(**{name: person}), Grant()], person),
    ):
        assert own(*grants, **rules) == replace(plain, **{found: value})


def test_fields_of_several_grants_are_taken_together():
    granted = own(
        Grant(time_percent=200),
        Grant(time_percent=150, attempts_allowed=5),
        time_limit_s=60,
        closes_at=at(90),
    )
    assert (granted.limit_s, granted.attempts_allowed, granted.closes_at) == (120, 5, at(150))


def test_a_grant_of_nothing_more_counts_where_a_farther_one_gives_more():
    near = own(Grant(time_percent=100, extra_s=0), Grant(time_percent=200, extra_s=60), time_limit_s=60)
    assert near.limit_s == 60


def test_extra_time_moves_everything_that_ends_and_nothing_that_begins():
    rules = {
        "opens_at": at(0),
        "due_at": at(100),
        "closes_at": at(300),
        "late_credit": late((200, 80), (300, 40)),
    }
    granted = own(Grant(time_percent=150), time_limit_s=60, **rules)
    assert granted.opens_at == at(0)
    assert (granted.due_at, granted.closes_at) == (at(130), at(330))
    assert granted.late == (LateStep(at(230), 80), LateStep(at(330), 40))
    assert own(Grant(extra_s=7), **rules).due_at == at(107)
    bare = own(Grant(extra_s=7))
    assert (bare.due_at, bare.closes_at, bare.late, bare.extra_s) == (None, None, (), 7)


@pytest.mark.parametrize(
    ("handed_in", "due", "steps", "percent"),
    [
        (99, 100, [(200, 80)], 100),
        (100, 100, [(200, 80)], 100),
        (101, 100, [(200, 80)], 80),
        (200, 100, [(200, 80)], 80),
        (201, 100, [(200, 80)], 0),
        (201, 100, [(200, 80), (300, 45)], 45),
        (300, 100, [(200, 80), (300, 45)], 45),
        (301, 100, [(200, 80), (300, 45)], 0),
        (9999, 100, [], 100),
        (9999, None, [(200, 80)], 100),
        (150, 100, [(120, 80), (200, 0)], 0),
    ],
)
def test_late_credit(handed_in, due, steps, percent):
    rules = own(due_at=None if due is None else at(due), late_credit=late(*steps))
    assert rules.credit(at(handed_in)) == percent
    assert rules.is_late(at(handed_in)) == (due is not None and handed_in > due)


def test_opening_and_closing_moments_belong_to_the_time_after():
    rules = own(opens_at=at(0), closes_at=at(100))
    assert [rules.has_opened(at(s)) for s in (-1, 0, 1)] == [False, True, True]
    assert [rules.has_closed(at(s)) for s in (99, 100, 101)] == [False, True, True]


STEPS = st.lists(
    st.tuples(st.integers(101, 1000), st.integers(0, 100)), unique_by=lambda step: step[0], max_size=4
).map(lambda steps: sorted(steps, key=lambda step: step[0]))


@given(STEPS, st.integers(0, 1200), st.integers(0, 600))
def test_extra_time_is_as_if_one_had_handed_in_earlier(steps, handed_in, extra_s):
    rules = {"due_at": at(100), "late_credit": late(*steps)}
    granted = own(Grant(extra_s=extra_s), **rules)
    assert granted.credit(at(handed_in + extra_s)) == own(**rules).credit(at(handed_in))


@given(st.integers(0, 5000), st.integers(0, 5000), st.integers(100, 1000), st.integers(0, 5000))
def test_extra_time_takes_no_time_away(limit, closes, percent, extra_s):
    rules = {"time_limit_s": limit, "closes_at": at(closes)}
    plain, granted = own(**rules), own(Grant(time_percent=percent, extra_s=extra_s), **rules)
    assert granted.deadline(NOON) >= plain.deadline(NOON)
    assert granted.limit_s - limit == (granted.closes_at - plain.closes_at) // SECOND
