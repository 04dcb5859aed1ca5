"""Certainty-based marking: being sure pays when one is right, and costs when one is not.

The scheme of A. R. Gardner-Medwin (Confidence-based marking, in: Innovative Assessment in Higher Education,
2006): right answers earn 1, 2 or 3 at the three levels, wrong ones 0, -2 or -6. Scores here are shares of the
3 that can be earned at most.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from questions.grading.outcome import SCORE_STEP

LEVELS = (1, 2, 3)
UNSURE = 1
"""What counts for an answer without a level: it can lose nothing."""
MOST = 3
RIGHT = {1: 1, 2: 2, 3: 3}
WRONG = {1: 0, 2: -2, 3: -6}


def certainty_score(score: Decimal, level: int | None) -> Decimal:
    """The score, -2..1, of an answer that earned `score` (0..1) by itself and was given at this level.

    A partly right answer lies between the right and the wrong one in proportion. Raises ValueError where
    there is no such level.
    """
    level = UNSURE if level is None else level
    if level not in LEVELS:
        raise ValueError(f"certainty has the levels 1 to 3, not {level}")
    share = Fraction(score)
    worth = (share * RIGHT[level] + (1 - share) * WRONG[level]) / MOST
    return (Decimal(worth.numerator) / Decimal(worth.denominator)).quantize(SCORE_STEP, ROUND_HALF_EVEN)
