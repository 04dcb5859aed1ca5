"""What was decided before about a question that was asked already, and whose points that changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from webapp.models.quiz import Ruling
from webapp.repositories import rulings as rows
from webapp.services.regrade_effect import name_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class PastRuling:
    """One earlier decision: who, when, and whose points it changed."""

    ruling: Ruling
    made_by: str
    undone_by: str
    changes: Sequence[tuple[str, Mapping[str, Any]]]
    """(learner, what was kept of the change)."""


def list_past_rulings(session: Session, item_id: int) -> list[PastRuling]:
    """Every ruling about the item, undone ones too, the newest first."""
    past = rows.list_rulings(session, item_id)
    learners = rows.list_learners(
        session, [change["attempt"] for ruling in past for change in ruling.changes]
    )
    people = rows.list_names(
        session, [one for ruling in past for one in (ruling.made_by_id, ruling.undone_by_id)]
    )
    names = {account_id: name_of(account) for account_id, account in people.items()}
    return [
        PastRuling(
            ruling=ruling,
            made_by=names.get(ruling.made_by_id or 0, ""),
            undone_by=names.get(ruling.undone_by_id or 0, ""),
            changes=[
                (name_of(learners[change["attempt"]]) if change["attempt"] in learners else "", change)
                for change in ruling.changes
            ],
        )
        for ruling in past
    ]
