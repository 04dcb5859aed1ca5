"""Queries for learners' progress and for score exports: plain rows, streamed where they can be many.

Quizzes that do not count, and what instructors tried themselves, are left out of all of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from webapp.models.account import Account
from webapp.models.attempt import Attempt, AttemptSlot, SectionProgress
from webapp.models.course import Cohort, Course, Enrolment
from webapp.models.item import Item, ItemVersion
from webapp.models.module import Module, Section, SectionVersion
from webapp.models.quiz import Quiz

FINISHED = ("graded", "released")
ROWS_AT_ONCE = 2000
_COUNTS = (Quiz.is_counted, Attempt.is_preview.is_(False))


@dataclass(frozen=True, slots=True)
class LearnerRow:
    """A person who is counted: enrolled as a learner, or here with an attempt."""

    id: int
    display_name: str
    username: str | None
    email: str | None
    is_guest: bool


@dataclass(frozen=True, slots=True)
class QuizRow:
    """One quiz of a module, with the section it belongs to (None: the module quiz)."""

    id: int
    module_id: int
    section_id: int | None
    heading: str
    number: int | None
    """The section's place among those present; None for the module quiz and for a removed section."""

    @property
    def is_removed(self) -> bool:
        """Whether it is the check of a section that was taken out of its module."""
        return self.section_id is not None and self.number is None


@dataclass(frozen=True, slots=True)
class CohortRow:
    """A group of a course, with its learners."""

    id: int
    name: str
    learner_ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """One attempt, as far as lists and totals need it."""

    id: int
    quiz_id: int
    account_id: int
    number: int
    state: str
    points: Decimal
    points_possible: Decimal
    answered_count: int
    slot_count: int
    started_at: datetime
    submitted_at: datetime | None
    reset_at: datetime | None
    counted: str
    """Which attempt makes the score, as the quiz says."""

    @property
    def is_reset(self) -> bool:
        """Whether an instructor took it out of the count."""
        return self.reset_at is not None

    @property
    def is_finished(self) -> bool:
        """Whether it has a score that counts."""
        return self.state in FINISHED and self.reset_at is None


def list_score_learners(session: Session, module_ids: Sequence[int]) -> list[LearnerRow]:
    """Everybody enrolled as a learner in the modules' courses, and everybody with an attempt at them."""
    enrolled = (
        select(Enrolment.account_id)
        .join(Module, Module.course_id == Enrolment.course_id)
        .where(Module.id.in_(module_ids), Enrolment.role == "learner")
    )
    tried = (
        select(Attempt.account_id)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .where(Quiz.module_id.in_(module_ids), Attempt.is_preview.is_(False))
    )
    opened = select(SectionProgress.account_id).where(SectionProgress.module_id.in_(module_ids))
    rows = session.execute(
        select(Account.id, Account.display_name, Account.username, Account.email, Account.is_guest)
        .where(Account.id.in_(enrolled.union(tried, opened)))
        .order_by(Account.is_guest, func.lower(Account.display_name), Account.id)
    )
    return [LearnerRow(*row) for row in rows]


def list_cohorts(session: Session, course_id: int) -> list[CohortRow]:
    """The cohorts of a course that have learners, by name."""
    rows = session.execute(
        select(Cohort.id, Cohort.name, Enrolment.account_id)
        .join(Enrolment, Enrolment.cohort_id == Cohort.id)
        .where(Cohort.course_id == course_id, Enrolment.role == "learner")
    )
    learners: dict[tuple[str, int], set[int]] = {}
    for cohort_id, name, account_id in rows:
        learners.setdefault((name, cohort_id), set()).add(account_id)
    return [CohortRow(key[1], key[0], frozenset(ids)) for key, ids in sorted(learners.items())]


def list_module_quizzes(session: Session, module_ids: Sequence[int]) -> list[QuizRow]:
    """The modules' quizzes: sections in reading order, then removed ones, the module quiz of each last.

    Of removed sections those stay whose check somebody has finished (even where that was reset since).
    """
    place = func.row_number().over(partition_by=Section.module_id, order_by=(Section.position, Section.id))
    present = (
        select(Section.id, place.label("number"))
        .where(Section.module_id.in_(module_ids), Section.removed_at.is_(None))
        .subquery()
    )
    was_finished = exists().where(
        Attempt.quiz_id == Quiz.id, Attempt.state.in_(FINISHED), Attempt.is_preview.is_(False)
    )
    rows = session.execute(
        select(
            Quiz.id,
            Quiz.module_id,
            Quiz.section_id,
            func.coalesce(SectionVersion.heading, ""),
            present.c.number,
        )
        .outerjoin(Section, Section.id == Quiz.section_id)
        .outerjoin(SectionVersion, SectionVersion.id == Section.current_version_id)
        .outerjoin(present, present.c.id == Quiz.section_id)
        .where(Quiz.module_id.in_(module_ids), Quiz.is_counted)
        .where(or_(Quiz.section_id.is_(None), Section.removed_at.is_(None), was_finished))
        .order_by(
            Quiz.module_id,
            Quiz.section_id.is_(None),
            Section.removed_at.is_not(None),
            Section.position,
            Quiz.id,
        )
    )
    return [QuizRow(*row) for row in rows]


_ATTEMPTS = (
    select(
        Attempt.id, Attempt.quiz_id, Attempt.account_id, Attempt.number, Attempt.state, Attempt.points,
        Attempt.points_possible, Attempt.answered_count, Attempt.slot_count, Attempt.started_at,
        Attempt.submitted_at, Attempt.reset_at, Quiz.counted,
    )
    .join(Quiz, Quiz.id == Attempt.quiz_id)
    .order_by(Attempt.account_id, Attempt.quiz_id, Attempt.number)
)  # fmt: skip


def list_attempts_of_modules(
    session: Session, module_ids: Sequence[int], account_id: int | None = None
) -> list[AttemptRow]:
    """All attempts, reset ones too, oldest first; those of one person where an account is named."""
    query = _ATTEMPTS.where(Quiz.module_id.in_(module_ids), *_COUNTS)
    if account_id is not None:
        query = query.where(Attempt.account_id == account_id)
    rows: list[tuple[Any, ...]] = [tuple(row) for row in session.execute(query)]
    return [AttemptRow(*row) for row in rows]


def list_attempts_of_quizzes(session: Session, quiz_ids: Sequence[int]) -> list[AttemptRow]:
    """The same of certain quizzes, whether or not these count."""
    query = _ATTEMPTS.where(Attempt.quiz_id.in_(quiz_ids), Attempt.is_preview.is_(False))
    rows: list[tuple[Any, ...]] = [tuple(row) for row in session.execute(query)]
    return [AttemptRow(*row) for row in rows]


def list_progress_of_module(
    session: Session, module_id: int
) -> list[tuple[int, int, datetime, datetime | None]]:
    """(account, section, last there, completed) for everybody who opened a section."""
    query = select(
        SectionProgress.account_id,
        SectionProgress.section_id,
        SectionProgress.last_at,
        SectionProgress.completed_at,
    ).where(SectionProgress.module_id == module_id)
    return [(row[0], row[1], row[2], row[3]) for row in session.execute(query)]


def stream_responses(
    session: Session, module_ids: Sequence[int], account_ids: Collection[int] | None = None
) -> Iterator[Any]:
    """Every answered slot of every attempt that counts, as named rows in the order they were worked on.

    Extra practice (`retry_of`) too: it took time, which is not the next question's. Those of these people,
    where accounts are named.
    """
    query = (
        select(
            Account.id.label("account_id"), Account.display_name, Account.username, Account.is_guest,
            Course.title.label("course"), Module.title.label("module"), Module.id.label("module_id"),
            Section.id.label("section_id"), Item.id.label("item_id"),
            ItemVersion.number.label("item_version"), ItemVersion.id.label("item_version_id"),
            Quiz.kind.label("quiz_kind"),
            Attempt.id.label("attempt_id"), Attempt.number.label("attempt_number"),
            Attempt.state.label("attempt_state"), Attempt.started_at, AttemptSlot.position,
            AttemptSlot.response, AttemptSlot.status, AttemptSlot.score, AttemptSlot.points_possible,
            AttemptSlot.saved_at, AttemptSlot.retry_of,
        )
        .join(Attempt, Attempt.id == AttemptSlot.attempt_id)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .join(Module, Module.id == Quiz.module_id)
        .join(Course, Course.id == Module.course_id)
        .join(Account, Account.id == Attempt.account_id)
        .join(ItemVersion, ItemVersion.id == AttemptSlot.item_version_id)
        .join(Item, Item.id == ItemVersion.item_id)
        .join(Section, Section.id == Item.section_id)
        .where(Quiz.module_id.in_(module_ids), Attempt.reset_at.is_(None), *_COUNTS)
        .where(AttemptSlot.saved_at.is_not(None))
        .order_by(Attempt.account_id, Attempt.id, AttemptSlot.saved_at, AttemptSlot.position)
        .execution_options(yield_per=ROWS_AT_ONCE)
    )  # fmt: skip
    if account_ids is not None:
        query = query.where(Attempt.account_id.in_(account_ids))
    yield from session.execute(query)


def list_asked_items(session: Session, module_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """The content of every item version that was ever asked in these modules, by its id."""
    asked = (
        select(AttemptSlot.item_version_id)
        .join(Attempt, Attempt.id == AttemptSlot.attempt_id)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .where(Quiz.module_id.in_(module_ids))
    )
    rows = session.execute(select(ItemVersion.id, ItemVersion.content).where(ItemVersion.id.in_(asked)))
    return {row.id: row.content for row in rows}


def list_section_headings(session: Session, module_ids: Sequence[int]) -> dict[int, tuple[str, bool]]:
    """Section id -> (heading, whether the section was removed)."""
    rows = session.execute(
        select(Section.id, SectionVersion.heading, Section.removed_at)
        .join(SectionVersion, SectionVersion.id == Section.current_version_id)
        .where(Section.module_id.in_(module_ids))
    )
    return {row[0]: (row[1], row[2] is not None) for row in rows}


def get_attempt_and_quiz(session: Session, attempt_id: int) -> tuple[Attempt, Quiz] | None:
    """An attempt as the database has it now, and what it is an attempt at; None where there is none."""
    row = session.execute(
        select(Attempt, Quiz)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .where(Attempt.id == attempt_id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    return (row[0], row[1]) if row else None


def get_module_learner(session: Session, module_id: int, account_id: int) -> LearnerRow | None:
    """A person who counts in the module; None for anybody else."""
    return next(
        (row for row in list_score_learners(session, [module_id]) if row.id == account_id),
        None,
    )


def get_learner(session: Session, account_id: int) -> LearnerRow:
    """One person as a row of lists. Raises ValueError where there is none."""
    (row,) = list_people(session, [account_id])
    return row


def list_people(session: Session, account_ids: Collection[int]) -> list[LearnerRow]:
    """These people as rows of lists."""
    rows = session.execute(
        select(Account.id, Account.display_name, Account.username, Account.email, Account.is_guest)
        .where(Account.id.in_(account_ids))
        .order_by(Account.is_guest, func.lower(Account.display_name), Account.id)
    )
    return [LearnerRow(*row) for row in rows]
