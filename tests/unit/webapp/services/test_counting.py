"""Which attempt makes the score, by a table of cases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from webapp.repositories.scores import AttemptRow
from webapp.services.counting import rule_of, score_by, score_of

START = datetime(2026, 11, 23, 9, tzinfo=UTC)


def attempt(number: int, points: str, possible: int, *, state="released", is_reset=False, counted="highest"):
    at = START + timedelta(days=number)
    return AttemptRow(
        number,
        1,
        1,
        number,
        state,
        Decimal(points),
        Decimal(possible),
        0,
        0,
        at,
        at,
        at if is_reset else None,
        counted,
    )


THREE = [attempt(1, "1", 4), attempt(2, "3", 4), attempt(3, "1", 2)]


@pytest.mark.parametrize(
    ("rule", "points", "possible", "attempt_id", "day"),
    [
        ("highest", "3", 4, 2, 2),
        ("first", "1", 4, 1, 1),
        ("last", "1", 2, 3, 3),
        ("average", "1", 2, None, 3),
    ],
)
def test_each_rule(rule, points, possible, attempt_id, day):
    score = score_by(THREE, rule)
    assert (score.points, score.points_possible) == (Decimal(points), Decimal(possible))
    assert score.attempt_id == attempt_id
    assert score.finished_at == START + timedelta(days=day)


def test_of_equal_ones_the_earlier_counts():
    assert score_by([attempt(1, "1", 2), attempt(2, "2", 4)], "highest").attempt_id == 1


def test_an_average_has_five_decimals():
    thirds = [attempt(1, "1", 3), attempt(2, "0", 3), attempt(3, "1", 3)]
    assert score_by(thirds, "average").points == Decimal("0.66667")


def test_an_average_of_nothing_possible_is_nought():
    assert score_by([attempt(1, "0", 0)], "average").points == 0


@pytest.mark.parametrize(
    ("which", "counted", "rule"),
    [
        ("counted", "average", "average"),
        ("counted", "last", "last"),
        ("best", "last", "highest"),
        ("first", "average", "first"),
        ("last", "highest", "last"),
    ],
)
def test_what_is_asked_for_comes_before_what_the_quiz_says(which, counted, rule):
    assert rule_of(which, counted) == rule


def test_only_finished_attempts_count():
    not_over = [
        attempt(1, "4", 4, state="open"),
        attempt(2, "4", 4, state="expired"),
        attempt(3, "4", 4, is_reset=True),
        attempt(4, "4", 4, state="submitted"),
    ]
    assert score_of(not_over, "counted") is None
    assert score_of([*not_over, attempt(5, "1", 4, state="graded")], "best").points == 1
    assert score_by([], "average") is None


def test_the_quiz_says_which_counts():
    own = [
        attempt(1, "1", 4, counted="last"),
        attempt(2, "3", 4, counted="last"),
        attempt(3, "0", 4, counted="last"),
    ]
    assert score_of(own, "counted").points == 0
    assert score_of(own, "best").points == 3
