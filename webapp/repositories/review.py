"""Queries of the review queue: the next card, who holds it, what was decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session, joinedload

from webapp.models.account import Account
from webapp.models.attempt import AttemptSlot
from webapp.models.item import Item, ItemVersion, ReviewDecision
from webapp.models.module import Section


def get_next_card(
    session: Session,
    module_id: int,
    account_id: int,
    now: datetime,
    *,
    section_id: int | None = None,
    recipe: str | None = None,
) -> Item | None:
    """The proposed item this reviewer should see now: the one they hold, else the first nobody holds.

    What was skipped comes last, longest ago first.
    """
    query = (
        select(Item)
        .join(Section, Section.id == Item.section_id)
        .where(Item.module_id == module_id, Item.state == "proposed", Section.removed_at.is_(None))
        .where(or_(Item.claimed_by_id == account_id, Item.claimed_until.is_(None), Item.claimed_until <= now))
        .options(joinedload(Item.current_version))
        .order_by(
            Item.skipped_at.is_not(None),
            Item.skipped_at,
            Section.position,
            Item.position,
            Item.id,
        )
        .limit(1)
    )
    if section_id is not None:
        query = query.where(Item.section_id == section_id)
    if recipe is not None:
        query = query.where(Item.recipe == recipe)
    held = query.where(Item.claimed_by_id == account_id, Item.claimed_until > now)
    return session.scalar(held) or session.scalar(query)


def count_review_states(session: Session, module_id: int) -> Mapping[str, int]:
    """Item state -> how many, items of removed sections left out."""
    rows = session.execute(
        select(Item.state, func.count())
        .join(Section, Section.id == Item.section_id)
        .where(Item.module_id == module_id, Section.removed_at.is_(None))
        .group_by(Item.state)
    )
    return {state: count for state, count in rows}  # noqa: C416 (rows are no pairs to the type checker)


def list_waiting_sections(session: Session, module_id: int) -> Mapping[int, int]:
    """Section id -> how many proposals wait there."""
    rows = session.execute(
        select(Item.section_id, func.count())
        .where(Item.module_id == module_id, Item.state == "proposed")
        .group_by(Item.section_id)
    )
    return {section_id: count for section_id, count in rows}  # noqa: C416 (as above)


def release_claims(session: Session, account_id: int) -> None:
    """Let go of every card this reviewer holds."""
    session.execute(
        update(Item)
        .where(Item.claimed_by_id == account_id)
        .values(claimed_by_id=None, claimed_until=None)
        .execution_options(synchronize_session="fetch")
    )


def add_decision(session: Session, decision: ReviewDecision) -> ReviewDecision:
    """Write down what was decided."""
    session.add(decision)
    session.flush()
    return decision


def get_last_decision(session: Session, module_id: int, account_id: int) -> ReviewDecision | None:
    """The newest decision of one reviewer in the module that was not undone."""
    return session.scalar(
        select(ReviewDecision)
        .join(Item, Item.id == ReviewDecision.item_id)
        .where(Item.module_id == module_id)
        .where(ReviewDecision.account_id == account_id, ReviewDecision.undone_at.is_(None))
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


def list_decisions(session: Session, item_id: int) -> Sequence[tuple[ReviewDecision, str | None]]:
    """An item's history, oldest first, with the name of who decided."""
    rows = session.execute(
        select(ReviewDecision, Account.display_name)
        .outerjoin(Account, Account.id == ReviewDecision.account_id)
        .where(ReviewDecision.item_id == item_id)
        .order_by(ReviewDecision.id)
    )
    return [(row[0], row[1]) for row in rows]


def get_account_name(session: Session, account_id: int) -> str:
    """What somebody calls themselves; empty where the account is gone."""
    return session.scalar(select(Account.display_name).where(Account.id == account_id)) or ""


def get_version(session: Session, version_id: int) -> ItemVersion:
    """One wording of an item. Raises NoResultFound where there is none."""
    return session.get_one(ItemVersion, version_id)


def count_answers(session: Session, item_id: int) -> int:
    """How often any wording of the item was answered."""
    return (
        session.scalar(
            select(func.count())
            .select_from(AttemptSlot)
            .join(ItemVersion, ItemVersion.id == AttemptSlot.item_version_id)
            .where(ItemVersion.item_id == item_id, AttemptSlot.saved_at.is_not(None))
        )
        or 0
    )
