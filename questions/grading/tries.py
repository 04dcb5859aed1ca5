"""Several tries at one question: each further one can earn less, and none takes away what was earned."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal

from questions.grading.outcome import SCORE_STEP

NOTHING = Decimal(0)


def try_credit(number: int, penalty: int) -> Decimal:
    """The share of full credit, 0..1, that a try can earn: each after the first `penalty` percent less."""
    if number < 1:
        raise ValueError(f"tries are counted from 1, not {number}")
    return max(NOTHING, 1 - Decimal(penalty) * (number - 1) / 100)


def score_of_tries(scores: Sequence[Decimal], penalty: int) -> Decimal:
    """The score of a question from those of its tries, in order: the best, each taken at its share of credit.

    So trying again never lowers it. Nothing tried earns nothing.
    """
    earned = [score * try_credit(number, penalty) for number, score in enumerate(scores, start=1)]
    return max(earned, default=NOTHING).quantize(SCORE_STEP, ROUND_HALF_EVEN)
