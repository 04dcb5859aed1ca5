"""What a learner may see, and when: five things at four moments, and nothing before release."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from webapp.models.quiz import AFTER_CLOSE, ALWAYS, DURING, JUST_AFTER, LATER
from webapp.services.visibility import EVERYTHING, NOTHING, Shown, moment, shown

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
THINGS = [field.name for field in fields(Shown)]
MOMENTS = (DURING, JUST_AFTER, LATER, AFTER_CLOSE)


def at(seconds: int) -> datetime:
    return NOON + timedelta(seconds=seconds)


def attempt(
    state: str = "released", closes: int | None = None, handed_in: int | None = 0, **show: int
) -> Any:
    settings = {f"show_{thing}": show.get(thing, ALWAYS) for thing in THINGS}
    return SimpleNamespace(
        state=state,
        closes_at=None if closes is None else at(closes),
        submitted_at=None if handed_in is None or state == "open" else at(handed_in),
        **settings,
    )


@pytest.mark.parametrize(
    ("state", "closes", "handed_in", "now", "expected"),
    [
        ("open", None, None, 0, DURING),
        ("open", -10, None, 0, DURING),  # it is still being answered: the grace
        ("released", None, 0, 0, JUST_AFTER),
        ("released", None, 0, 119, JUST_AFTER),
        ("released", None, 0, 120, LATER),
        ("released", 1000, 0, 999, LATER),
        ("released", 1000, 0, 1000, AFTER_CLOSE),
        ("released", 60, 0, 60, AFTER_CLOSE),  # closed in the first minutes: closed
        ("released", None, None, 0, LATER),
    ],
)
def test_which_moment_it_is(state, closes, handed_in, now, expected):
    assert moment(attempt(state, closes, handed_in), at(now)) == expected


@pytest.mark.parametrize("state", ["submitted", "graded", "expired"])
@pytest.mark.parametrize("closes", [None, 10])
def test_nothing_of_a_finished_attempt_shows_before_its_release(state, closes):
    assert shown(attempt(state, closes), at(60)) == NOTHING


@pytest.mark.parametrize("state", ["open", "released"])
@pytest.mark.parametrize("now", [0, 60, 500, 2000])
def test_where_nothing_is_held_back_everything_shows(state, now):
    assert shown(attempt(state, closes=1000), at(now)) is EVERYTHING


NOWS = {
    DURING: ("open", 0),
    JUST_AFTER: ("released", 60),
    LATER: ("released", 500),
    AFTER_CLOSE: ("released", 1000),
}


@pytest.mark.parametrize("thing", THINGS)
@pytest.mark.parametrize("setting", range(ALWAYS + 1))
@pytest.mark.parametrize("bit", MOMENTS)
def test_each_thing_by_itself_at_each_moment(thing, setting, bit):
    state, now = NOWS[bit]
    seen = shown(attempt(state, closes=1000, **{thing: setting}), at(now))
    others = [getattr(seen, other) for other in THINGS if other != thing]
    assert getattr(seen, thing) is bool(setting & bit)
    assert all(others)


@pytest.mark.parametrize("thing", THINGS)
def test_everything_and_nothing_are_said_of_all_five(thing):
    assert (EVERYTHING.is_everything, EVERYTHING.is_nothing) == (True, False)
    assert (NOTHING.is_everything, NOTHING.is_nothing) == (False, True)
    but_one = Shown(**dict.fromkeys(THINGS, True) | {thing: False})
    only_one = Shown(**dict.fromkeys(THINGS, False) | {thing: True})
    for seen in (but_one, only_one):
        assert (seen.is_everything, seen.is_nothing) == (False, False)
