"""What a learner reads: modules of the catalogue, the sections of one, the text of a section."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple, cast

from sqlalchemy import Table, and_, bindparam, case, exists, func, or_, select
from sqlalchemy.orm import Session

from webapp.models.attempt import SectionProgress
from webapp.models.course import Course, Enrolment
from webapp.models.module import SectionVersion
from webapp.repositories.attempts import modules, quizzes, sections
from webapp.repositories.told_points import TELLS_POINTS

section_versions = cast("Table", SectionVersion.__table__)
section_progress = cast("Table", SectionProgress.__table__)
courses = cast("Table", Course.__table__)
enrolments = cast("Table", Enrolment.__table__)

NOBODY = 0
"""The account id of a stranger: no account has it."""


class ModuleRow(NamedTuple):
    """One module of the catalogue."""

    id: int
    slug: str
    title: str
    standfirst: str
    language: str
    section_count: int
    word_count: int
    completed_count: int
    opened_count: int


class SectionRow(NamedTuple):
    """One section in a module's contents, with how far the person is."""

    id: int
    module_id: int
    version_id: int
    heading: str
    word_count: int
    opened_at: datetime | None
    last_at: datetime | None
    last_slot: int | None
    completed_at: datetime | None
    first_points: Decimal | None
    best_points: Decimal | None
    points_possible: Decimal | None
    attempts_finished: int | None
    show_points: int | None
    """When points are shown; None: no quiz holds them back."""
    handed_in_at: datetime | None
    """When the person's latest finished attempt was handed in; only where points are not always shown."""
    closes_at: datetime | None
    """When the check closes for them; only where points are not always shown."""
    gate_percent: int | None
    """As in PlaceRow."""


class PlaceRow(NamedTuple):
    """One section in the list that the page of one of them needs: of the one that is read also its words."""

    id: int
    version_id: int
    last_at: datetime | None
    heading: str | None
    text: str | None
    html: str | None
    attempts_finished: int | None
    best_points: Decimal | None
    points_possible: Decimal | None
    gate_percent: int | None
    """What share of points in its check opens the sections behind it; None: it is no gate."""


class TextRow(NamedTuple):
    """One wording of a section."""

    id: int
    heading: str
    text: str
    html: str


_GATE = case((quizzes.c.is_gate, quizzes.c.pass_percent))
_SECTIONS = (
    select(
        sections.c.id,
        sections.c.module_id,
        section_versions.c.id,
        section_versions.c.heading,
        section_versions.c.word_count,
        section_progress.c.opened_at,
        section_progress.c.last_at,
        section_progress.c.last_slot,
        section_progress.c.completed_at,
        section_progress.c.first_points,
        section_progress.c.best_points,
        section_progress.c.points_possible,
        section_progress.c.attempts_finished,
        *TELLS_POINTS,
        _GATE,
    )
    .join(section_versions, section_versions.c.id == sections.c.current_version_id)
    .outerjoin(
        section_progress,
        and_(
            section_progress.c.section_id == sections.c.id,
            section_progress.c.account_id == bindparam("account_id"),
        ),
    )
    .outerjoin(quizzes, quizzes.c.section_id == sections.c.id)
    .where(sections.c.removed_at.is_(None))
    .order_by(sections.c.module_id, sections.c.position, sections.c.id)
)
_SECTIONS_OF_MODULE = _SECTIONS.where(sections.c.module_id == bindparam("module_id"))
_SECTIONS_OF_MODULES = _SECTIONS.where(sections.c.module_id.in_(bindparam("module_ids", expanding=True)))
_is_read = func.row_number().over(order_by=(sections.c.position, sections.c.id)) == bindparam("number")
_PLACES = _SECTIONS_OF_MODULE.with_only_columns(
    sections.c.id,
    section_versions.c.id,
    section_progress.c.last_at,
    *(
        case((_is_read, column))
        for column in (
            section_versions.c.heading,
            section_versions.c.text,
            section_versions.c.html,
            section_progress.c.attempts_finished,
        )
    ),
    section_progress.c.best_points,
    section_progress.c.points_possible,
    _GATE,
)
_TEXT = select(
    section_versions.c.id, section_versions.c.heading, section_versions.c.text, section_versions.c.html
).where(section_versions.c.id == bindparam("version_id"))

MAY_READ = and_(
    modules.c.state == "published",
    modules.c.deleted_at.is_(None),
    or_(
        courses.c.is_open,
        exists().where(
            enrolments.c.course_id == courses.c.id, enrolments.c.account_id == bindparam("account_id")
        ),
    ),
)
"""The modules one person may read: the rule of services.access, said for a list of them."""

_COUNTS = (
    select(
        sections.c.module_id,
        func.count().label("section_count"),
        func.sum(section_versions.c.word_count).label("word_count"),
        func.count(section_progress.c.completed_at).label("completed_count"),
        func.count(section_progress.c.id).label("opened_count"),
    )
    .join(section_versions, section_versions.c.id == sections.c.current_version_id)
    .outerjoin(
        section_progress,
        and_(
            section_progress.c.section_id == sections.c.id,
            section_progress.c.account_id == bindparam("account_id"),
        ),
    )
    .where(sections.c.removed_at.is_(None))
    .group_by(sections.c.module_id)
    .subquery()
)
_MODULES = (
    select(
        modules.c.id,
        modules.c.slug,
        modules.c.title,
        modules.c.standfirst,
        modules.c.language,
        _COUNTS.c.section_count,
        _COUNTS.c.word_count,
        _COUNTS.c.completed_count,
        _COUNTS.c.opened_count,
    )
    .join(courses, courses.c.id == modules.c.course_id)
    .join(_COUNTS, _COUNTS.c.module_id == modules.c.id)
    .where(MAY_READ)
    .order_by(modules.c.published_at.desc(), modules.c.id.desc())
    .limit(bindparam("limit"))
    .offset(bindparam("offset"))
)


def list_readable_modules(
    session: Session, account_id: int, *, limit: int, offset: int = 0
) -> Sequence[ModuleRow]:
    """The modules that the person may read, newest first, with their own progress counted."""
    rows: Iterable[Any] = session.execute(
        _MODULES, {"account_id": account_id, "limit": limit, "offset": offset}
    )
    return [ModuleRow._make(row) for row in rows]


def list_sections(session: Session, module_id: int, account_id: int) -> Sequence[SectionRow]:
    """The present sections of a module in order, with the person's progress in each."""
    rows: Iterable[Any] = session.execute(
        _SECTIONS_OF_MODULE, {"module_id": module_id, "account_id": account_id}
    )
    return [SectionRow._make(row) for row in rows]


def list_places(session: Session, module_id: int, account_id: int, number: int) -> Sequence[PlaceRow]:
    """The present sections of a module in order, with the words of the one at that place, in one query."""
    values = {"module_id": module_id, "account_id": account_id, "number": number}
    rows: Iterable[Any] = session.execute(_PLACES, values)
    return [PlaceRow._make(row) for row in rows]


def list_sections_of_modules(
    session: Session, module_ids: Sequence[int], account_id: int
) -> Sequence[SectionRow]:
    """The same for several modules at once."""
    rows: Iterable[Any] = session.execute(
        _SECTIONS_OF_MODULES, {"module_ids": list(module_ids), "account_id": account_id}
    )
    return [SectionRow._make(row) for row in rows]


def get_text(session: Session, section_version_id: int) -> TextRow | None:
    """One wording of a section."""
    row: Any = session.execute(_TEXT, {"version_id": section_version_id}).first()
    return TextRow._make(row) if row else None
