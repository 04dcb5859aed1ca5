"""What reviewers decided: written down, found for undoing, listed for an item and for the generator."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from webapp.models.account import Account
from webapp.models.item import EXCHANGED, Item, ItemReport, ItemVersion, ReviewDecision

_IS_VERDICT = or_(ReviewDecision.decision != "edit", ReviewDecision.reason != EXCHANGED)


def add_decision(session: Session, decision: ReviewDecision) -> ReviewDecision:
    """Write down what was decided."""
    session.add(decision)
    session.flush()
    return decision


def get_last_decision(session: Session, module_id: int, account_id: int) -> ReviewDecision | None:
    """The newest decision of one reviewer in the module's queue that was not undone.

    What was decided in the bank counts where it answered a report.
    """
    answers_reports = exists().where(ItemReport.decision_id == ReviewDecision.id)
    in_queue = or_(
        ReviewDecision.state_before == "proposed",
        ReviewDecision.decision.in_(("accept", "skip")),
        answers_reports,
    )
    return session.scalar(
        select(ReviewDecision)
        .join(Item, Item.id == ReviewDecision.item_id)
        .where(Item.module_id == module_id)
        .where(ReviewDecision.account_id == account_id, ReviewDecision.undone_at.is_(None))
        .where(in_queue)
        .order_by(ReviewDecision.id.desc())
        .limit(1)
    )


def get_last_decision_of_item(session: Session, item_id: int) -> ReviewDecision | None:
    """The newest decision about an item that was not undone."""
    return session.scalar(
        select(ReviewDecision)
        .where(ReviewDecision.item_id == item_id, ReviewDecision.undone_at.is_(None))
        .order_by(ReviewDecision.id.desc())
        .limit(1)
    )


def list_decided(
    session: Session, module_ids: Sequence[int]
) -> Sequence[tuple[ReviewDecision, Item, ItemVersion]]:
    """What the generator proposed and a person decided about: decision, item, the wording that was judged.

    The first decision about each proposal that was not undone, without those that only put it off or asked
    for other wrong answers.
    """
    first = (
        select(func.min(ReviewDecision.id))
        .where(ReviewDecision.undone_at.is_(None), ReviewDecision.state_before == "proposed")
        .where(ReviewDecision.decision.in_(("accept", "edit", "reject")), _IS_VERDICT)
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


def list_decisions(session: Session, item_id: int) -> Sequence[tuple[ReviewDecision, str | None]]:
    """An item's history, oldest first, with the name of who decided."""
    rows = session.execute(
        select(ReviewDecision, Account.display_name)
        .outerjoin(Account, Account.id == ReviewDecision.account_id)
        .where(ReviewDecision.item_id == item_id)
        .order_by(ReviewDecision.id)
    )
    return [(row[0], row[1]) for row in rows]
