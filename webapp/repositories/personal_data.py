"""The rows about one person: to be shown to them, and to be deleted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import and_, delete, select
from sqlalchemy.orm import Session

from webapp.models.account import AccessLink, LoginSession
from webapp.models.attempt import Attempt, AttemptSlot, SectionProgress
from webapp.models.course import Enrolment
from webapp.models.item import ItemReport, ItemVersion, ReviewDecision
from webapp.models.module import ImportDraft, Module, Section, SectionVersion
from webapp.models.quiz import Quiz
from webapp.repositories.told_points import TELLS_POINTS


class ProgressRow(NamedTuple):
    """How far the person is in one section."""

    module_title: str
    heading: str
    opened_at: datetime
    last_at: datetime
    completed_at: datetime | None
    best_points: Decimal | None
    points_possible: Decimal | None
    show_points: int | None
    handed_in_at: datetime | None
    closes_at: datetime | None


class OwnAttempt(NamedTuple):
    """One go at a quiz."""

    id: int
    module_title: str
    kind: str
    number: int
    state: str
    started_at: datetime
    submitted_at: datetime | None
    points: Decimal
    points_possible: Decimal
    counts: bool
    """Whether it can reach scores: practice and what an instructor tried do not."""
    closes_at: datetime | None
    show_response: int
    show_correctness: int
    show_points: int
    show_explanation: int
    show_key: int


class OwnAnswer(NamedTuple):
    """What was answered in one place of an attempt."""

    attempt_id: int
    position: int
    stem: str
    response: dict[str, Any] | None
    saved_at: datetime | None
    status: str | None
    score: Decimal | None
    retry_of: int | None
    """The question that was missed, where this was a similar one."""


class OwnReport(NamedTuple):
    """What the person reported about a question."""

    stem: str
    comment: str
    created_at: datetime
    decision: str | None


def list_logins(session: Session, account_id: int) -> Sequence[LoginSession]:
    """Every sign-in of the account, oldest first."""
    query = select(LoginSession).where(LoginSession.account_id == account_id).order_by(LoginSession.id)
    return session.scalars(query).all()


def list_progress(session: Session, account_id: int) -> list[ProgressRow]:
    """Every section the person has opened, in the order of opening."""
    query = (
        select(
            Module.title,
            SectionVersion.heading,
            SectionProgress.opened_at,
            SectionProgress.last_at,
            SectionProgress.completed_at,
            SectionProgress.best_points,
            SectionProgress.points_possible,
            *TELLS_POINTS,
        )
        .join(Module, Module.id == SectionProgress.module_id)
        .join(Section, Section.id == SectionProgress.section_id)
        .join(SectionVersion, SectionVersion.id == Section.current_version_id)
        .outerjoin(Quiz, Quiz.section_id == Section.id)
        .where(SectionProgress.account_id == account_id)
        .order_by(SectionProgress.opened_at, SectionProgress.id)
    )
    return [ProgressRow(*row) for row in session.execute(query, {"account_id": account_id})]


def list_attempts(session: Session, account_id: int) -> list[OwnAttempt]:
    """Every attempt of the person, oldest first."""
    query = (
        select(
            Attempt.id,
            Module.title,
            Quiz.kind,
            Attempt.number,
            Attempt.state,
            Attempt.started_at,
            Attempt.submitted_at,
            Attempt.points,
            Attempt.points_possible,
            and_(Quiz.is_counted, Attempt.is_preview.is_(False)),
            Attempt.closes_at,
            Quiz.show_response,
            Quiz.show_correctness,
            Quiz.show_points,
            Quiz.show_explanation,
            Quiz.show_key,
        )
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .join(Module, Module.id == Quiz.module_id)
        .where(Attempt.account_id == account_id)
        .order_by(Attempt.id)
    )
    rows: Iterable[Any] = session.execute(query)
    return [OwnAttempt._make(row) for row in rows]


def list_answers(session: Session, account_id: int) -> list[OwnAnswer]:
    """Every place of every attempt of the person, with the question as it was asked."""
    query = (
        select(
            AttemptSlot.attempt_id,
            AttemptSlot.position,
            ItemVersion.content["stem"].as_string(),
            AttemptSlot.response,
            AttemptSlot.saved_at,
            AttemptSlot.status,
            AttemptSlot.score,
            AttemptSlot.retry_of,
        )
        .join(Attempt, Attempt.id == AttemptSlot.attempt_id)
        .join(ItemVersion, ItemVersion.id == AttemptSlot.item_version_id)
        .where(Attempt.account_id == account_id)
        .order_by(AttemptSlot.attempt_id, AttemptSlot.position)
    )
    return [OwnAnswer(*row) for row in session.execute(query)]


def list_decisions(session: Session, account_id: int) -> Sequence[ReviewDecision]:
    """What the person decided about items, oldest first."""
    query = select(ReviewDecision).where(ReviewDecision.account_id == account_id).order_by(ReviewDecision.id)
    return session.scalars(query).all()


def list_reports(session: Session, account_id: int) -> list[OwnReport]:
    """What the person reported about questions, oldest first, and what was decided about them."""
    query = (
        select(
            ItemVersion.content["stem"].as_string(),
            ItemReport.comment,
            ItemReport.created_at,
            ReviewDecision.decision,
        )
        .join(ItemVersion, ItemVersion.id == ItemReport.item_version_id)
        .outerjoin(ReviewDecision, ReviewDecision.id == ItemReport.decision_id)
        .where(ItemReport.account_id == account_id)
        .order_by(ItemReport.id)
    )
    return [OwnReport(*row) for row in session.execute(query)]


def delete_traces(session: Session, account_id: int) -> None:
    """Delete what names the person's browsers, places and drafts, and what they wrote about questions."""
    for table in (LoginSession, Enrolment, ImportDraft, AccessLink, ItemReport):
        session.execute(delete(table).where(table.account_id == account_id))
