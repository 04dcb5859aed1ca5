"""What grading one response gave."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Literal

Status = Literal["correct", "partly", "incorrect", "unanswered", "needs_review"]

SCORE_STEP = Decimal("0.00001")
"""Scores are kept to five decimals, so that sums are exact and every database agrees."""


def exact_score(value: Fraction | int) -> Decimal:
    """A fraction of full credit as a score. Raises ValueError outside 0..1."""
    fraction = Fraction(value)
    if not 0 <= fraction <= 1:
        raise ValueError(f"a score lies between 0 and 1, not {fraction}")
    return (Decimal(fraction.numerator) / Decimal(fraction.denominator)).quantize(SCORE_STEP, ROUND_HALF_EVEN)


@dataclass(frozen=True, slots=True)
class Outcome:
    """`score` is 0..1, or None when a person must decide; `feedback` is one sentence for the learner."""

    score: Decimal | None
    status: Status
    feedback: str = ""

    @classmethod
    def of(cls, fraction: Fraction | int, feedback: str = "") -> Outcome:
        """The outcome of an answered item that earned this fraction of full credit."""
        score = exact_score(fraction)
        status: Status = "correct" if score == 1 else "incorrect" if score == 0 else "partly"
        return cls(score, status, feedback)

    @classmethod
    def unanswered(cls) -> Outcome:
        """Nothing was answered: no credit, and it says so."""
        return cls(Decimal(0), "unanswered")
