"""Outcomes: exact scores and the status that follows from them."""

from decimal import Decimal
from fractions import Fraction

import pytest

from questions.grading.outcome import Outcome, exact_score


@pytest.mark.parametrize(
    ("fraction", "score", "status"),
    [
        (0, "0.00000", "incorrect"),
        (1, "1.00000", "correct"),
        (Fraction(1, 3), "0.33333", "partly"),
        (Fraction(2, 3), "0.66667", "partly"),
        (Fraction(1, 10**6), "0.00000", "incorrect"),
    ],
)
def test_scores_have_five_decimals(fraction, score, status):
    outcome = Outcome.of(fraction, "why")
    assert (str(outcome.score), outcome.status, outcome.feedback) == (score, status, "why")


@pytest.mark.parametrize("fraction", [Fraction(-1, 9), Fraction(10, 9), 2])
def test_a_score_outside_its_range_is_refused(fraction):
    with pytest.raises(ValueError, match="between 0 and 1"):
        exact_score(fraction)


def test_unanswered():
    assert Outcome.unanswered() == Outcome(Decimal(0), "unanswered", "")
