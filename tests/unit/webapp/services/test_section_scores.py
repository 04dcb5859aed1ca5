"""What several attempts at one section add up to."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from webapp.services.progress import SectionScores, section_scores

AT = [datetime(2026, 1, day, tzinfo=UTC) for day in (1, 2, 3)]


@pytest.mark.parametrize(
    ("attempts", "first", "best", "possible"),
    [
        ([("2", "4")], "2", "2", "4"),
        ([("2", "4"), ("3", "4")], "2", "3", "4"),
        ([("3", "4"), ("1", "4")], "3", "3", "4"),
        ([("3", "4"), ("3", "3")], "3", "3", "3"),  # all of a shorter check is more than most of a longer one
        ([("3", "4"), ("6", "8")], "3", "3", "4"),  # of equals the earlier
        ([("0.66667", "1"), ("0.66666", "1")], "0.66667", "0.66667", "1"),
        ([("0", "0")], "0", "0", "0"),
    ],
)
def test_first_and_best(attempts, first, best, possible):
    finished = [(Decimal(points), Decimal(of), at) for (points, of), at in zip(attempts, AT, strict=False)]
    scores = section_scores(finished)
    assert (scores.first_points, scores.best_points, scores.points_possible) == (
        Decimal(first),
        Decimal(best),
        Decimal(possible),
    )
    assert scores.attempts_finished == len(attempts)
    assert scores.finished_at == AT[0]


def test_nothing_finished_is_nothing():
    assert section_scores([]) == SectionScores(None, None, None, 0, None)
