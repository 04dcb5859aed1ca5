"""Attempts and their slots, read as light rows and written by plain statements.

The statements are built once, when the module is imported: building them anew for every request would cost
more than running them. What one saved answer needs stands in answers.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import Table, and_, bindparam, func, insert, or_, select, update
from sqlalchemy.orm import Session

from webapp.models.attempt import TAKEN_BACK, AnswerEvent, Attempt, AttemptSlot
from webapp.models.item import Item, ItemReport, ItemVersion, ReviewDecision
from webapp.models.module import Module, Section
from webapp.models.quiz import Quiz, Ruling
from webapp.repositories.attempt_rows import AttemptRow, EarlierRow, OpenRow, SlotRow
from webapp.repositories.conflicts import ConflictInsert

attempts = cast("Table", Attempt.__table__)
slots = cast("Table", AttemptSlot.__table__)
quizzes = cast("Table", Quiz.__table__)
items = cast("Table", Item.__table__)
item_versions = cast("Table", ItemVersion.__table__)
reports = cast("Table", ItemReport.__table__)
decisions = cast("Table", ReviewDecision.__table__)
modules = cast("Table", Module.__table__)
sections = cast("Table", Section.__table__)
rulings = cast("Table", Ruling.__table__)
events = cast("Table", AnswerEvent.__table__)
_ruled_versions = item_versions.alias("ruled_version")
_deciding = rulings.alias("deciding_ruling")


def _section_number() -> Any:  # noqa: ANN401 (the type of a scalar subquery has no short name)
    """The place of the joined section among the present ones of its module; NULL where it was removed."""
    other = sections.alias("earlier_section")
    return (
        select(func.count())
        .select_from(other)
        .where(
            other.c.module_id == sections.c.module_id,
            other.c.removed_at.is_(None),
            or_(
                other.c.position < sections.c.position,
                and_(other.c.position == sections.c.position, other.c.id <= sections.c.id),
            ),
        )
        .having(sections.c.removed_at.is_(None), sections.c.id.is_not(None))
        .correlate(sections)
        .scalar_subquery()
    )


_ATTEMPT_COLUMNS = (
    attempts.c.id,
    attempts.c.quiz_id,
    attempts.c.account_id,
    attempts.c.number,
    attempts.c.state,
    attempts.c.seed,
    attempts.c.sequence,
    attempts.c.slot_count,
    attempts.c.answered_count,
    attempts.c.checked_count,
    attempts.c.points,
    attempts.c.points_possible,
    attempts.c.started_at,
    attempts.c.saved_at,
    attempts.c.submitted_at,
    attempts.c.reset_at,
    quizzes.c.kind,
    quizzes.c.section_id,
    quizzes.c.module_id,
    modules.c.slug,
    modules.c.title,
    modules.c.language,
    _section_number(),
    attempts.c.behaviour,
    attempts.c.tries_allowed,
    attempts.c.try_penalty,
    attempts.c.confidence,
    attempts.c.deadline_at,
    attempts.c.closes_at,
    attempts.c.credit_percent,
    attempts.c.ended_by,
    attempts.c.at_position,
    attempts.c.is_preview,
    quizzes.c.mode,
    quizzes.c.is_counted,
    quizzes.c.one_per_page,
    quizzes.c.allows_back,
    quizzes.c.shows_text,
    quizzes.c.overdue,
    quizzes.c.release,
    quizzes.c.pass_percent,
    quizzes.c.show_response,
    quizzes.c.show_correctness,
    quizzes.c.show_points,
    quizzes.c.show_explanation,
    quizzes.c.show_key,
    quizzes.c.offers_similar,
    quizzes.c.shuffles_options,
)
_ATTEMPT = (
    select(*_ATTEMPT_COLUMNS)
    .join(quizzes, quizzes.c.id == attempts.c.quiz_id)
    .join(modules, modules.c.id == quizzes.c.module_id)
    .outerjoin(sections, sections.c.id == quizzes.c.section_id)
)
_OWN_ATTEMPT = _ATTEMPT.where(
    attempts.c.id == bindparam("attempt_id"), attempts.c.account_id == bindparam("account_id")
)
_ANY_ATTEMPT = _ATTEMPT.where(attempts.c.id == bindparam("attempt_id"))
_NEWEST_SECTION_ATTEMPT = (
    _ATTEMPT.where(
        quizzes.c.section_id == bindparam("section_id"),
        attempts.c.account_id == bindparam("account_id"),
        attempts.c.reset_at.is_(None),
    )
    .order_by(attempts.c.number.desc())
    .limit(1)
)
_NEWEST_MODULE_ATTEMPT = (
    _ATTEMPT.where(
        quizzes.c.module_id == bindparam("module_id"),
        quizzes.c.kind == "module",
        attempts.c.account_id == bindparam("account_id"),
        attempts.c.reset_at.is_(None),
    )
    .order_by(attempts.c.number.desc())
    .limit(1)
)
_OF_PERSON = (attempts.c.quiz_id == bindparam("quiz_id"), attempts.c.account_id == bindparam("account_id"))
_OPEN = select(attempts.c.id, attempts.c.deadline_at).where(*_OF_PERSON, attempts.c.state == "open")
_EARLIER = select(
    func.count().filter(attempts.c.reset_at.is_(None), attempts.c.is_preview.is_(False)),
    func.coalesce(func.max(attempts.c.number), 0),
    func.max(attempts.c.submitted_at).filter(attempts.c.is_preview.is_(False)),
).where(*_OF_PERSON)
_SEEN = (
    select(item_versions.c.item_id, func.max(attempts.c.number))
    .join(slots, slots.c.item_version_id == item_versions.c.id)
    .join(attempts, attempts.c.id == slots.c.attempt_id)
    .where(*_OF_PERSON)
    .group_by(item_versions.c.item_id)
)
_LOCK = select(attempts.c.id).where(attempts.c.id == bindparam("attempt_id")).with_for_update()
_REPORT = (
    select(func.coalesce(decisions.c.decision, "open"))
    .select_from(
        reports.join(attempts, attempts.c.account_id == reports.c.account_id).outerjoin(
            decisions, decisions.c.id == reports.c.decision_id
        )
    )
    .where(reports.c.item_id == items.c.id, attempts.c.id == slots.c.attempt_id)
    .order_by(reports.c.id.desc())
    .limit(1)
    .correlate(items, slots)
    .scalar_subquery()
)
_RULED_BY = (
    select(_deciding.c.graded_by_id)
    .where(
        _deciding.c.item_id == items.c.id,
        _deciding.c.id <= slots.c.ruling_id,
        _deciding.c.up_to_version >= item_versions.c.number,
        _deciding.c.undone_at.is_(None),
        _deciding.c.graded_by_id.is_not(None),
    )
    .order_by(_deciding.c.id.desc())
    .limit(1)
    .correlate(items, slots, item_versions)
    .scalar_subquery()
)
_FROM_FILE = (
    select(events.c.position, events.c.sequence)
    .where(
        events.c.attempt_id == bindparam("attempt_id"),
        events.c.handed_in_by_id.is_not(None),
        events.c.client_id != TAKEN_BACK,
    )
    .distinct()  # so that SQLite reads it once, not for each slot anew
    .subquery("from_file")
)
"""The events that an instructor handed in; an attempt seldom has any."""
_SLOTS = (
    select(
        slots.c.position,
        slots.c.item_version_id,
        item_versions.c.section_version_id,
        items.c.section_id,
        items.c.level,
        item_versions.c.content,
        slots.c.option_order,
        slots.c.points_possible,
        slots.c.response,
        slots.c.saved_at,
        slots.c.checked_at,
        slots.c.status,
        slots.c.score,
        items.c.id,
        _REPORT,
        slots.c.confidence,
        slots.c.tries,
        rulings.c.kind,
        _ruled_versions.c.content,
        _ruled_versions.c.section_version_id,
        _FROM_FILE.c.sequence.is_not(None),
        slots.c.ruling_id,
        slots.c.retry_of,
        items.c.recipe,
    )
    .join(item_versions, item_versions.c.id == slots.c.item_version_id)
    .join(items, items.c.id == item_versions.c.item_id)
    .outerjoin(rulings, rulings.c.id == slots.c.ruling_id)
    .outerjoin(_ruled_versions, _ruled_versions.c.id == _RULED_BY)
    .outerjoin(
        _FROM_FILE,
        (_FROM_FILE.c.position == slots.c.position) & (_FROM_FILE.c.sequence == slots.c.sequence),
    )
    .where(slots.c.attempt_id == bindparam("attempt_id"))
    .order_by(slots.c.position)
)
_START = ConflictInsert(
    attempts, lambda statement: statement.on_conflict_do_nothing().returning(attempts.c.id)
)
_SLOT = (slots.c.attempt_id == bindparam("b_attempt_id"), slots.c.position == bindparam("b_position"))
_GRADE_SLOT = update(slots).where(*_SLOT)
_CHANGE_ATTEMPT = update(attempts).where(attempts.c.id == bindparam("b_attempt_id"))


def get_attempt(session: Session, attempt_id: int, account_id: int) -> AttemptRow | None:
    """That attempt, if it is this person's own."""
    row: Any = session.execute(_OWN_ATTEMPT, {"attempt_id": attempt_id, "account_id": account_id}).first()
    return AttemptRow._make(row) if row else None


def get_any_attempt(session: Session, attempt_id: int) -> AttemptRow | None:
    """That attempt, whoever's it is: for grading, never for a page."""
    row: Any = session.execute(_ANY_ATTEMPT, {"attempt_id": attempt_id}).first()
    return AttemptRow._make(row) if row else None


def get_newest_section_attempt(session: Session, section_id: int, account_id: int) -> AttemptRow | None:
    """The person's newest attempt at a section's check that counts (those an instructor reset do not)."""
    values = {"section_id": section_id, "account_id": account_id}
    row: Any = session.execute(_NEWEST_SECTION_ATTEMPT, values).first()
    return AttemptRow._make(row) if row else None


def get_newest_module_attempt(session: Session, module_id: int, account_id: int) -> AttemptRow | None:
    """The person's newest attempt at the module's quiz that counts."""
    values = {"module_id": module_id, "account_id": account_id}
    row: Any = session.execute(_NEWEST_MODULE_ATTEMPT, values).first()
    return AttemptRow._make(row) if row else None


def get_open_attempt(session: Session, quiz_id: int, account_id: int) -> OpenRow | None:
    """The person's one open attempt at the quiz."""
    row: Any = session.execute(_OPEN, {"quiz_id": quiz_id, "account_id": account_id}).first()
    return OpenRow._make(row) if row else None


def lock_attempt(session: Session, attempt_id: int) -> None:
    """Keep other writers off this attempt until the transaction ends (SQLite has one writer anyway)."""
    if session.get_bind().dialect.name != "sqlite":
        session.execute(_LOCK, {"attempt_id": attempt_id})


def list_slots(session: Session, attempt_id: int) -> list[SlotRow]:
    """The slots of an attempt in order, each with the wording it pins."""
    rows: Iterable[Any] = session.execute(_SLOTS, {"attempt_id": attempt_id})
    return [SlotRow._make(row) for row in rows]


def count_attempts(session: Session, quiz_id: int, account_id: int) -> EarlierRow:
    """What one person did at one quiz before."""
    row: Any = session.execute(_EARLIER, {"quiz_id": quiz_id, "account_id": account_id}).one()
    return EarlierRow._make(row)


def list_items_seen(session: Session, quiz_id: int, account_id: int) -> dict[int, int]:
    """Item id -> the number of the person's latest attempt at the quiz that asked it."""
    rows: Iterable[Any] = session.execute(_SEEN, {"quiz_id": quiz_id, "account_id": account_id})
    return {row[0]: row[1] for row in rows}


def add_attempt(session: Session, values: Mapping[str, Any]) -> int | None:
    """Add an attempt; its id, or None where the person has an open one already or the number is taken."""
    added: int | None = session.execute(_START.on(session), dict(values)).scalar_one_or_none()
    return added


def add_slots(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add the slots of a new attempt."""
    session.execute(insert(slots), [dict(row) for row in rows])


def grade_slot(session: Session, attempt_id: int, position: int, values: Mapping[str, Any]) -> None:
    """Keep what grading a slot gave: status, score, the time of checking."""
    session.execute(
        _GRADE_SLOT.values({name: bindparam(name) for name in values}),
        {"b_attempt_id": attempt_id, "b_position": position, **values},
    )


def change_attempt(session: Session, attempt_id: int, values: Mapping[str, Any]) -> None:
    """Change columns of an attempt: state, counters, times."""
    session.execute(
        _CHANGE_ATTEMPT.values({name: bindparam(name) for name in values}),
        {"b_attempt_id": attempt_id, **values},
    )


def list_finished(
    session: Session, quiz_id: int, account_id: int
) -> Sequence[tuple[Decimal, Decimal, datetime]]:
    """(points, points possible, when handed in) of the released attempts that count, in order."""
    rows: Iterable[Any] = session.execute(
        select(attempts.c.points, attempts.c.points_possible, attempts.c.submitted_at)
        .where(
            attempts.c.quiz_id == quiz_id,
            attempts.c.account_id == account_id,
            attempts.c.state == "released",
            attempts.c.reset_at.is_(None),
            attempts.c.is_preview.is_(False),
        )
        .order_by(attempts.c.number)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def has_finished(session: Session, quiz_id: int, account_id: int) -> bool:
    """Whether one person ever finished an attempt at the quiz as a learner, reset or not."""
    finished = select(attempts.c.id).where(
        attempts.c.quiz_id == quiz_id,
        attempts.c.account_id == account_id,
        attempts.c.state == "released",
        attempts.c.is_preview.is_(False),
    )
    return session.scalar(finished.limit(1)) is not None
