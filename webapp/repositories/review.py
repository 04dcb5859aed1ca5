"""Queries of the review queue: the next card, who holds it, how many there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, Text, and_, case, cast, func, or_, select, update
from sqlalchemy.orm import Session, joinedload

from webapp.models.account import Account
from webapp.models.attempt import AttemptSlot
from webapp.models.item import Item, ItemVersion
from webapp.models.module import Section, SectionVersion
from webapp.repositories.reports import IS_REPORTED

SIGNS = ("reported", "changed", "warned", "clean")
"""What a card says of itself: learners report it, its text changed, the checklist warns, or nothing."""
_WAITS = or_(Item.state == "proposed", and_(Item.state == "accepted", IS_REPORTED))
"""Proposals, and items in use that learners report."""
_SIGN = case(
    (IS_REPORTED, "reported"),
    (Item.stale_note != "", "changed"),
    (cast(Item.warnings, Text) != "[]", "warned"),
    else_="clean",
)


def sign_of(item: Item, *, is_reported: bool) -> str:
    """The same as `_SIGN`, of an item that was loaded."""
    if is_reported:
        return "reported"
    if item.stale_note:
        return "changed"
    return "warned" if item.warnings else "clean"


@dataclass(frozen=True, slots=True)
class Filters:
    """Which cards a reviewer wants to see."""

    section_id: int | None = None
    recipe: str | None = None
    sign: str | None = None
    """One of SIGNS."""

    @property
    def query(self) -> dict[str, Any]:
        """What an address or a form says of them, by the names it has there."""
        named = {"section": self.section_id, "recipe": self.recipe, "sign": self.sign}
        return {name: value for name, value in named.items() if value is not None}


class CardCount(NamedTuple):
    """How many items (`size`) are alike in all that a reviewer narrows by."""

    section_id: int
    recipe: str | None
    sign: str
    state: str
    """That of the items; "proposed" of all that wait."""
    is_taken: bool
    """Another reviewer looks at it."""
    size: int


def get_held_card(
    session: Session, module_id: int, account_id: int, now: datetime, filters: Filters
) -> Item | None:
    """The card this reviewer holds, if it is one of those asked for."""
    query = _cards(module_id, filters).where(Item.claimed_by_id == account_id, Item.claimed_until > now)
    return session.scalar(query)


def get_free_card(
    session: Session, module_id: int, account_id: int, now: datetime, filters: Filters
) -> Item | None:
    """The first card that nobody else holds, locked: of two who ask at once, each gets another.

    What learners report comes first; what was skipped comes last, longest ago first.
    """
    query = _cards(module_id, filters).where(~_is_taken(account_id, now))
    return session.scalar(query.with_for_update(of=Item, skip_locked=True))


def _cards(module_id: int, filters: Filters) -> Select[Item]:
    query = (
        select(Item)
        .join(Section, Section.id == Item.section_id)
        .where(Item.module_id == module_id, _WAITS, Section.removed_at.is_(None))
        .options(joinedload(Item.current_version))
        .order_by(Item.skipped_at.is_not(None), Item.skipped_at, Item.state != "accepted")
        .order_by(Section.position, Item.position, Item.id)
        .limit(1)
    )
    if filters.section_id is not None:
        query = query.where(Item.section_id == filters.section_id)
    if filters.recipe is not None:
        query = query.where(Item.recipe == filters.recipe)
    if filters.sign is not None:
        query = query.where(_SIGN.in_([filters.sign]))
    return query


def _is_taken(account_id: int, now: datetime) -> ColumnElement[bool]:
    # never unknown, because its opposite is asked for too
    return and_(
        func.coalesce(Item.claimed_by_id, account_id) != account_id,
        Item.claimed_until.is_not(None),
        Item.claimed_until > now,
    )


def count_cards(session: Session, module_id: int, account_id: int, now: datetime) -> Sequence[CardCount]:
    """What is and was to be reviewed, counted by all that one narrows by; removed sections left out."""
    each = (
        select(
            Item.section_id.label("section_id"),
            Item.recipe.label("recipe"),
            _SIGN.label("sign"),
            case((_WAITS, "proposed"), else_=Item.state).label("state"),
            case((_is_taken(account_id, now), 1), else_=0).label("is_taken"),
        )
        .join(Section, Section.id == Item.section_id)
        .where(Item.module_id == module_id, Section.removed_at.is_(None))
        .subquery()
    )
    rows = session.execute(select(*each.c, func.count()).group_by(*each.c))
    return [CardCount(*row[:4], bool(row[4]), row[5]) for row in rows]


def count_review_states(session: Session, module_id: int) -> dict[str, int]:
    """Item state -> how many, items of removed sections left out."""
    rows = session.execute(
        select(Item.state, func.count())
        .join(Section, Section.id == Item.section_id)
        .where(Item.module_id == module_id, Section.removed_at.is_(None))
        .group_by(Item.state)
    )
    return {state: count for state, count in rows}  # noqa: C416 (rows are no pairs to the type checker)


def release_claims(session: Session, module_id: int, account_id: int) -> None:
    """Let go of every card of the module that this reviewer holds."""
    session.execute(
        update(Item)
        .where(Item.module_id == module_id, Item.claimed_by_id == account_id)
        .values(claimed_by_id=None, claimed_until=None)
        .execution_options(synchronize_session="fetch")
    )


def get_account_name(session: Session, account_id: int) -> str:
    """What somebody calls themselves; empty where the account is gone."""
    return session.scalar(select(Account.display_name).where(Account.id == account_id)) or ""


def is_removed(session: Session, section_id: int) -> bool:
    """Whether the section was taken out of its module."""
    return session.scalar(select(Section.removed_at).where(Section.id == section_id)) is not None


def get_heading(session: Session, section_version_id: int) -> str:
    """What a section was called in one of its wordings."""
    return session.scalar(select(SectionVersion.heading).where(SectionVersion.id == section_version_id)) or ""


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
