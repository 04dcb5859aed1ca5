"""Whether somebody's points are shown beside an attempt's own pages: contents, progress, own data."""

from __future__ import annotations

from datetime import datetime

from webapp.models.quiz import ALWAYS
from webapp.services.visibility import moment_after


def shows_best(
    show_points: int | None, handed_in_at: datetime | None, closes_at: datetime | None, now: datetime
) -> bool:
    """Whether what comes of all of somebody's attempts at a quiz may be told by now.

    `show_points`: when the quiz shows points, None where nothing holds them back.
    `handed_in_at`, `closes_at`: the latest of the finished attempts; it is told when each of them is.
    """
    if show_points is None or show_points == ALWAYS:
        return True
    return bool(show_points & moment_after(handed_in_at, closes_at, now))
