"""Sections and their versions: added, found, put in order."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from webapp.models.module import Section, SectionVersion


def get_section(session: Session, module_id: int, section_id: int) -> Section | None:
    """That section with its current version, removed or not, if it belongs to the module."""
    return session.scalar(
        select(Section)
        .where(Section.id == section_id, Section.module_id == module_id)
        .options(joinedload(Section.current_version))
    )


def get_section_for_update(session: Session, module_id: int, section_id: int) -> Section | None:
    """The same, read afresh and locked until the transaction ends (SQLite locks the whole file)."""
    return session.scalar(
        select(Section)
        .where(Section.id == section_id, Section.module_id == module_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def list_versions(session: Session, section_id: int) -> Sequence[SectionVersion]:
    """Every wording of a section, the newest first."""
    return session.scalars(
        select(SectionVersion)
        .where(SectionVersion.section_id == section_id)
        .order_by(SectionVersion.number.desc())
    ).all()


def last_position(session: Session, module_id: int) -> int:
    """The largest position in use, removed sections included; 0 where there is none."""
    return session.scalar(select(func.max(Section.position)).where(Section.module_id == module_id)) or 0


def last_version_number(session: Session, section_id: int) -> int:
    """The number of the section's newest version; 0 where there is none."""
    return (
        session.scalar(select(func.max(SectionVersion.number)).where(SectionVersion.section_id == section_id))
        or 0
    )


def add_section(session: Session, section: Section) -> Section:
    """Add a section; it has an id afterwards."""
    session.add(section)
    session.flush()
    return section


def add_section_version(session: Session, section: Section, version: SectionVersion) -> SectionVersion:
    """Add a wording of the section and make it the current one."""
    version.section_id = section.id
    session.add(version)
    session.flush()
    section.current_version_id = version.id
    section.current_version = version
    session.flush()
    return version
