"""Which questions of an attempt keep their answer, because the learner had them checked for good."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from webapp.repositories.attempt_rows import AttemptRow, SlotRow
from webapp.services.graded_attempts import grade_history, list_tries, rules_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def closed_by_checks(session: Session, attempt: AttemptRow, slots: Sequence[SlotRow]) -> set[int]:
    """The positions whose last try was used up or right: what came of it has been seen.

    Also once the attempt is over, when every question counts as checked.
    """
    tries = list_tries(session, attempt.id)
    rules = rules_of(attempt)
    closed = set()
    for slot in slots:
        own = tries.get(slot.position, [])
        if len(own) >= max(rules.tries, 1):
            closed.add(slot.position)
        elif own:
            last = slot._replace(response=dict(own[-1].response), confidence=own[-1].confidence)
            (alone,) = grade_history(session, attempt, [last], {slot.position: [own[-1]]})
            if alone.grade.score is None or alone.grade.status == "correct":
                closed.add(slot.position)
    return closed
