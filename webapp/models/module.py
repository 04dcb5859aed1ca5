"""Learning modules, their sections, and every version of a section's text."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, one_of

MODULE_STATES = ("draft", "published")


class Module(Base):
    """A learning module: one article in sections. Deleting only hides it (`deleted_at`) and can be undone."""

    __tablename__ = "module"
    __table_args__ = (CheckConstraint(one_of("state", *MODULE_STATES), name="state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    title: Mapped[str] = mapped_column(String(300))
    standfirst: Mapped[str] = mapped_column(Text, default="")
    source_note: Mapped[str] = mapped_column(Text, default="")
    """Where the text comes from, shown at the foot of the module's page."""
    language: Mapped[str] = mapped_column(String(20), default="en")
    state: Mapped[str] = mapped_column(String(20), default="draft")
    published_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    sections: Mapped[list[Section]] = relationship(
        back_populates="module",
        order_by="Section.position",
        primaryjoin="and_(Section.module_id == Module.id, Section.removed_at.is_(None))",
        viewonly=True,
    )


class Section(Base):
    """One page of a module. Its words live in `SectionVersion`; removing it only hides it."""

    __tablename__ = "section"
    __table_args__ = (
        Index("ix_section_module_id_position", "module_id", "position"),
        CheckConstraint("position >= 1", name="position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id", ondelete="CASCADE"))
    position: Mapped[int]
    """1 for the first; gaps are allowed where sections were removed, order is what counts."""
    current_version_id: Mapped[int | None] = mapped_column(
        ForeignKey("section_version.id", use_alter=True, name="fk_section_current_version_id_section_version")
    )
    removed_at: Mapped[datetime | None]

    module: Mapped[Module] = relationship(back_populates="sections")
    current_version: Mapped[SectionVersion] = relationship(foreign_keys=[current_version_id])


class SectionVersion(Base):
    """One wording of a section, never changed: evidence counts code points of exactly this text."""

    __tablename__ = "section_version"
    __table_args__ = (UniqueConstraint("section_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id", ondelete="CASCADE"))
    number: Mapped[int]
    heading: Mapped[str] = mapped_column(String(300), default="")
    text: Mapped[str] = mapped_column(Text)
    blocks: Mapped[list[Any]]
    """`questions.reading.article.section_to_json(...)["blocks"]`."""
    html: Mapped[str] = mapped_column(Text)
    """Made once, when the version is saved; already sanitized."""
    word_count: Mapped[int]
    content_hash: Mapped[str] = mapped_column(String(64))
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]


class ImportDraft(Base):
    """A text that was uploaded or pasted and is being cut into sections before it becomes a module."""

    __tablename__ = "import_draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    filename: Mapped[str] = mapped_column(String(255), default="")
    title: Mapped[str] = mapped_column(String(300), default="")
    standfirst: Mapped[str] = mapped_column(Text, default="")
    sections: Mapped[list[Any]]
    """`[{"heading": ..., "text": ...}]` in the form a person edits."""
    notes: Mapped[list[Any]]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
