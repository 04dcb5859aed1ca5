"""The rows that one person's work consists of, to be moved from a guest to an account."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from webapp.models.account import Account
from webapp.models.attempt import Attempt, SectionProgress
from webapp.models.item import ItemReport
from webapp.models.quiz import Quiz


def get_guest(session: Session, account_id: int) -> Account:
    """The guest of that id, who is there."""
    return session.get_one(Account, account_id)


def list_attempts(session: Session, account_id: int) -> Sequence[Attempt]:
    """Every attempt of one account, in order of quiz and number, locked against changes."""
    query = (
        select(Attempt)
        .where(Attempt.account_id == account_id)
        .order_by(Attempt.quiz_id, Attempt.number)
        .with_for_update()
    )
    return session.scalars(query).all()


def list_limits(session: Session, account_id: int) -> dict[int, int]:
    """Quiz a person tried -> how many attempts it allows, where it limits attempts, their pause or time."""
    rows = session.execute(
        select(Quiz.id, func.coalesce(Quiz.attempts_allowed, 1))
        .where(
            Quiz.id.in_(select(Attempt.quiz_id).where(Attempt.account_id == account_id)),
            or_(Quiz.attempts_allowed.is_not(None), Quiz.attempt_delay_s > 0, Quiz.time_limit_s.is_not(None)),
        )
        .order_by(Quiz.id)
    )
    return {row[0]: row[1] for row in rows}


def list_progress(session: Session, account_id: int) -> Sequence[SectionProgress]:
    """How far one account is in every section it has opened."""
    query = select(SectionProgress).where(SectionProgress.account_id == account_id).with_for_update()
    return session.scalars(query).all()


def list_section_quizzes(session: Session, section_ids: Collection[int]) -> Sequence[tuple[int, int]]:
    """(section, quiz) of those of these sections that have a quiz."""
    rows = session.execute(select(Quiz.section_id, Quiz.id).where(Quiz.section_id.in_(section_ids)))
    return [(row[0], row[1]) for row in rows if row[0] is not None]


def delete_progress(session: Session, progress: SectionProgress) -> None:
    """Drop a row whose counts have gone into another."""
    session.delete(progress)


def move_reports(session: Session, guest_id: int, account_id: int) -> None:
    """Give a guest's reports to an account; where both report the same item now, the account's stays."""
    own = select(ItemReport.item_id).where(
        ItemReport.account_id == account_id, ItemReport.decision_id.is_(None)
    )
    of_guest = ItemReport.account_id == guest_id
    session.execute(
        delete(ItemReport)
        .where(of_guest, ItemReport.decision_id.is_(None), ItemReport.item_id.in_(own))
        .execution_options(synchronize_session="fetch")
    )
    session.execute(update(ItemReport).where(of_guest).values(account_id=account_id))
