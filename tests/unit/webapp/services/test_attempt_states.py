"""An attempt's life: every step there is, and every other one refused."""

from __future__ import annotations

from itertools import product

import pytest

from webapp.models.attempt import ATTEMPT_STATES
from webapp.services.attempt_states import AFTER, IllegalTransition, next_state

STEPS = {
    ("open", "submitted"),
    ("open", "expired"),
    ("submitted", "graded"),
    ("graded", "released"),
}


def test_every_state_of_the_table_is_known():
    assert set(AFTER) == set(ATTEMPT_STATES)


@pytest.mark.parametrize(("current", "wanted"), list(product(ATTEMPT_STATES, ATTEMPT_STATES)))
def test_only_these_steps_exist(current, wanted):
    if (current, wanted) in STEPS:
        assert next_state(current, wanted) == wanted
    else:
        with pytest.raises(IllegalTransition, match=f"{current} cannot become {wanted}"):
            next_state(current, wanted)


def test_a_state_nobody_knows_leads_nowhere():
    with pytest.raises(IllegalTransition):
        next_state("lost", "open")
