"""What reviewers decided, as material to learn from."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.models.item import Item, ItemVersion, ReviewDecision


def list_decided(
    session: Session, module_ids: Sequence[int]
) -> Sequence[tuple[ReviewDecision, Item, ItemVersion]]:
    """What the generator proposed and a person decided about: decision, item, the wording that was judged.

    The first decision about each proposal that was not undone, without those that only put it off.
    """
    first = (
        select(func.min(ReviewDecision.id))
        .where(ReviewDecision.undone_at.is_(None), ReviewDecision.state_before == "proposed")
        .where(ReviewDecision.decision.in_(("accept", "edit", "reject")))
        .group_by(ReviewDecision.item_id)
    )
    rows = session.execute(
        select(ReviewDecision, Item, ItemVersion)
        .join(Item, Item.id == ReviewDecision.item_id)
        .join(ItemVersion, ItemVersion.id == ReviewDecision.version_before_id)
        .where(ReviewDecision.id.in_(first), Item.module_id.in_(module_ids), Item.origin == "generated")
        .where(ItemVersion.number == 1)
        .order_by(ReviewDecision.id)
    )
    return [(row[0], row[1], row[2]) for row in rows]
