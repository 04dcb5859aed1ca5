"""The life of an attempt: open -> submitted -> graded -> released, or open -> expired. Nothing else."""

from __future__ import annotations

from collections.abc import Mapping

from webapp.services.errors import Conflict

AFTER: Mapping[str, frozenset[str]] = {
    "open": frozenset({"submitted", "expired"}),
    "submitted": frozenset({"graded"}),
    "graded": frozenset({"released"}),
    "released": frozenset(),
    "expired": frozenset(),
}
"""What may come after each state."""


class IllegalTransition(Conflict):
    """An attempt was to go from a state to one that cannot follow it."""


def next_state(current: str, wanted: str) -> str:
    """`wanted`, if it may follow `current`. The one place that decides; raises IllegalTransition."""
    if wanted not in AFTER.get(current, frozenset()):
        raise IllegalTransition(f"An attempt that is {current} cannot become {wanted}.")
    return wanted
