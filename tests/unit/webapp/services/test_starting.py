"""Whether somebody may start: window, attempts left, the pause between two, the access code, in this order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from webapp.repositories.attempt_rows import EarlierRow
from webapp.services.errors import Conflict, Refused
from webapp.services.quiz_rules import Window
from webapp.services.starting import attempts_left, may_start, next_start_at

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


def at(seconds: int) -> datetime:
    return NOON + timedelta(seconds=seconds)


def quiz(delay_s: int = 0, code: str = "") -> Any:
    return SimpleNamespace(attempt_delay_s=delay_s, access_code=code)


def earlier(counted: int = 0, ended: int | None = None) -> EarlierRow:
    return EarlierRow(counted, counted, None if ended is None else at(ended))


@pytest.mark.parametrize(
    ("allowed", "counted", "left"),
    [(None, 0, None), (None, 9, None), (3, 0, 3), (3, 2, 1), (3, 3, 0), (3, 5, 0), (0, 0, 0)],
)
def test_attempts_left(allowed, counted, left):
    assert attempts_left(Window(attempts_allowed=allowed), earlier(counted)) == left


@pytest.mark.parametrize(
    ("delay_s", "ended", "expected"), [(0, 0, None), (60, None, None), (60, 0, 60), (60, -10, 50)]
)
def test_when_the_next_may_start(delay_s, ended, expected):
    assert next_start_at(quiz(delay_s), earlier(1, ended)) == (None if expected is None else at(expected))


FREE = Window()


@pytest.mark.parametrize(
    ("rules", "own", "before", "code", "words"),
    [
        (quiz(), FREE, earlier(), "", None),
        (quiz(), FREE, earlier(), "whatever", None),  # no code is asked for
        (quiz(), FREE, earlier(7, -1), "", None),
        (quiz(), Window(opens_at=at(1)), earlier(), "", "This opens on 30 November 2026, 12:00 UTC"),
        (quiz(), Window(opens_at=at(0)), earlier(), "", None),
        (quiz(), Window(closes_at=at(0)), earlier(), "", "This closed on 30 November 2026, 12:00 UTC"),
        (quiz(), Window(closes_at=at(1)), earlier(), "", None),
        (quiz(), Window(attempts_allowed=2), earlier(1), "", None),
        (quiz(), Window(attempts_allowed=2), earlier(2), "", "You have used all 2 attempts"),
        (
            quiz(60),
            FREE,
            earlier(1, -59),
            "",
            "The next attempt can be started on 30 November 2026, 12:00 UTC",
        ),
        (quiz(60), FREE, earlier(1, -60), "", None),
        (quiz(60), FREE, earlier(), "", None),
        (quiz(code="Lighthouse"), FREE, earlier(), "Lighthouse", None),
        (quiz(code=" Lighthouse "), FREE, earlier(), "  Lighthouse", None),
        (quiz(code="Lëuchtturm"), FREE, earlier(), "Lëuchtturm", None),
    ],
)
def test_who_may_start(rules, own, before, code, words):
    if words is None:
        may_start(rules, own, before, code, NOON)
        return
    with pytest.raises(Conflict) as refused:
        may_start(rules, own, before, code, NOON)
    assert refused.value.message.startswith(words)


@pytest.mark.parametrize(
    "code", ["", "lighthouse", "Light", "Lighthouse2", "L\N{LATIN SMALL LETTER DOTLESS I}ghthouse"]
)
def test_another_code_is_refused_at_its_field(code):
    with pytest.raises(Refused) as refused:
        may_start(quiz(code="Lighthouse"), FREE, earlier(), code, NOON)
    assert refused.value.field == "access_code"
    assert "Lighthouse" not in refused.value.message


def test_who_may_not_start_anyway_is_not_told_whether_the_code_was_right():
    rules, closed = quiz(code="Lighthouse"), Window(closes_at=NOON)
    for code in ("Lighthouse", "wrong"):
        with pytest.raises(Conflict, match="This closed on"):
            may_start(rules, closed, earlier(), code, NOON)
