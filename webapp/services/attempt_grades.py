"""What the grades of an attempt's questions add up to: points, what was possible, late credit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from questions.grading.outcome import SCORE_STEP
from webapp.services.slot_grading import NO_POINTS, SlotGrade, points_of

WHOLE = 100


@dataclass(frozen=True, slots=True)
class Totals:
    """Points earned and possible, after late credit."""

    points: Decimal
    points_possible: Decimal

    @property
    def share(self) -> Decimal:
        """Earned of possible, 0 where nothing was possible."""
        return self.points / self.points_possible if self.points_possible else NO_POINTS


def settle(grades: Sequence[SlotGrade], worths: Sequence[Decimal]) -> list[SlotGrade]:
    """The grades that count: a question whose drop would lower the attempt's share stays counted.

    Only where the ruling said that nobody's share may be lowered. One after the other in their order, so that
    it does not matter when the rulings were made.
    """
    settled = [grade.before_drop or grade for grade in grades]
    for place, grade in enumerate(grades):
        if grade.before_drop is None:
            continue
        without = [*settled]
        without[place] = grade
        if totals(without, worths).share >= totals(settled, worths).share:
            settled = without
    return settled


def totals(grades: Sequence[SlotGrade], worths: Sequence[Decimal], credit_percent: int = WHOLE) -> Totals:
    """What grades add up to. Below nothing (certainty-based marking) an attempt does not fall."""
    counted = [(grade, worth) for grade, worth in zip(grades, worths, strict=True) if not grade.is_dropped]
    earned = sum((points_of(grade.score, worth) for grade, worth in counted), NO_POINTS)
    credited = max(earned, NO_POINTS) * credit_percent / WHOLE
    return Totals(
        credited.quantize(SCORE_STEP, ROUND_HALF_EVEN), sum((worth for _, worth in counted), NO_POINTS)
    )
