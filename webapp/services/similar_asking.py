"""Asking a similar question: it becomes a slot of the attempt, pinned like any other, worth nothing."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from questions.assembly.shuffle import option_order
from questions.items.content import item_from_json
from webapp.repositories import attempts, similar
from webapp.services.answers import SentAnswer, save_responses
from webapp.services.errors import Conflict, NotFound
from webapp.services.results import get_own_attempt
from webapp.services.similar_questions import list_offers

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from webapp.repositories.attempt_rows import AttemptRow
    from webapp.repositories.similar import SimilarRow

NONE_OFFERED = "There is no similar question to ask here."
NO_WORTH = Decimal(0)


def ask_similar(
    session: Session, account_id: int, attempt_id: int, position: int, sent: Sequence[SentAnswer]
) -> tuple[AttemptRow, int]:
    """Save what was sent, and ask a similar question after the one at `position`; the position it has.

    Asking again gives the one that is there. Raises NotFound, RefusedAnswers, Overdue, and Conflict where
    nothing can be saved or no similar question is offered.
    """
    attempts.lock_attempt(session, attempt_id)
    if sent:
        save_responses(session, account_id, attempt_id, sent)
    attempt = get_own_attempt(session, account_id, attempt_id)
    slots = attempts.list_slots(session, attempt_id)
    if position not in {slot.position for slot in slots}:
        raise NotFound
    for slot in slots:
        if slot.retry_of == position:
            return attempt, slot.position
    offer = list_offers(session, attempt, slots).get(position)
    if offer is None:
        raise Conflict(NONE_OFFERED)
    last = slots[-1].position
    similar.add_slot(session, _slot(attempt, offer.row) | {"position": last + 1, "retry_of": position})
    return attempt, last + 1


def _slot(attempt: AttemptRow, row: SimilarRow) -> dict[str, object]:
    item = item_from_json(row.content)
    authored = list(range(len(item.options)))
    return {
        "attempt_id": attempt.id,
        "item_version_id": row.item_version_id,
        "option_order": option_order(item, attempt.seed) if attempt.shuffles_options else authored,
        "points_possible": NO_WORTH,
        "sequence": 0,
    }
