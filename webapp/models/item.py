"""The item bank: items, their frozen versions, spares, what reviewers decided and what learners reported."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, one_of

ITEM_STATES = ("proposed", "accepted", "rejected", "retired")
ITEM_ORIGINS = ("generated", "written", "imported", "bundled")
DECISIONS = ("accept", "edit", "reject", "skip", "retire", "restore")
EXCHANGED = "other wrong answers"
"""The reason of an edit that only asked the generator for other wrong answers, and decides nothing."""


class Item(Base):
    """One question of a module's bank. `proposed` waits for a person; only `accepted` is ever asked."""

    __tablename__ = "item"
    __table_args__ = (
        CheckConstraint(one_of("state", *ITEM_STATES), name="state"),
        CheckConstraint(one_of("origin", *ITEM_ORIGINS), name="origin"),
        Index("ix_item_section_id_state", "section_id", "state"),
        Index("ix_item_module_id_state", "module_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id", ondelete="CASCADE"))
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(20), default="proposed")
    origin: Mapped[str] = mapped_column(String(20))
    generated_id: Mapped[str | None] = mapped_column(String(64))
    """The generator's own id of the item, so that generating again proposes nothing twice."""
    recipe: Mapped[str | None] = mapped_column(String(60))
    level: Mapped[str | None] = mapped_column(String(20))
    tier: Mapped[str | None] = mapped_column(String(20))
    seed: Mapped[int | None]
    generator_version: Mapped[str | None] = mapped_column(String(40))
    warnings: Mapped[list[Any]] = mapped_column(default=list)
    """`[{"check": 11, "severity": "warning", "field": "stem", "message": "..."}]`."""
    stale_note: Mapped[str] = mapped_column(Text, default="")
    """Why the item needs another look, e.g. the sentence that proves it was edited away."""
    current_version_id: Mapped[int | None] = mapped_column(
        ForeignKey("item_version.id", use_alter=True, name="fk_item_current_version_id_item_version")
    )
    claimed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    claimed_until: Mapped[datetime | None]
    skipped_at: Mapped[datetime | None]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]

    current_version: Mapped[ItemVersion] = relationship(foreign_keys=[current_version_id])


class ItemVersion(Base):
    """One wording of an item, never changed. Attempts point here: what was asked stays what was asked."""

    __tablename__ = "item_version"
    __table_args__ = (UniqueConstraint("item_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"))
    number: Mapped[int]
    type: Mapped[str] = mapped_column(String(40))
    content: Mapped[dict[str, Any]]
    """`questions.items.content.item_to_json(...)`; evidence offsets count in `section_version.text`."""
    section_version_id: Mapped[int] = mapped_column(ForeignKey("section_version.id"))
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]


class ReviewDecision(Base):
    """What one reviewer decided about one item, and what it takes to undo it."""

    __tablename__ = "review_decision"
    __table_args__ = (CheckConstraint(one_of("decision", *DECISIONS), name="decision"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    decision: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text, default="")
    state_before: Mapped[str] = mapped_column(String(20))
    version_before_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"))
    version_after_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"))
    decided_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]


class ItemReport(Base):
    """A learner's word that something is wrong with an item. Open until a person decides about the item.

    A report that is withdrawn leaves no row.
    """

    __tablename__ = "item_report"
    __table_args__ = (
        Index(
            "uq_item_report_open",
            "item_id",
            "account_id",
            unique=True,
            sqlite_where=text("decision_id IS NULL"),
            postgresql_where=text("decision_id IS NULL"),
        ),
        Index("ix_item_report_account_id_item_id", "account_id", "item_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"))
    item_version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"))
    """The wording that the learner was asked."""
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    comment: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("review_decision.id"), index=True)
    """What a person decided about the item after this; None while nobody has."""


class SpareItem(Base):
    """A generated item that its run did not need: not in the bank yet, and seen by nobody."""

    __tablename__ = "spare_item"
    __table_args__ = (UniqueConstraint("section_id", "generated_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    """In the order of their worth, the best first."""
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id", ondelete="CASCADE"))
    section_version_id: Mapped[int] = mapped_column(ForeignKey("section_version.id"))
    generated_id: Mapped[str] = mapped_column(String(64))
    recipe: Mapped[str] = mapped_column(String(60))
    level: Mapped[str] = mapped_column(String(20))
    tier: Mapped[str] = mapped_column(String(20))
    seed: Mapped[int]
    generator_version: Mapped[str] = mapped_column(String(40))
    warnings: Mapped[list[Any]]
    content: Mapped[dict[str, Any]]
    """As in ItemVersion."""
    created_at: Mapped[datetime]
