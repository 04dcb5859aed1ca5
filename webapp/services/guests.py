"""What becomes of a guest's work when its person signs in to an account they have already."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from webapp.models.attempt import Attempt, SectionProgress
from webapp.repositories import accounts, guests
from webapp.services import audit, clock, progress
from webapp.services.attempt_states import next_state
from webapp.services.windows import refresh_ends

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def merge_guest(session: Session, guest_id: int, account_id: int) -> None:
    """Move a guest's attempts, progress and reports to an account, and end the guest.

    Of two open attempts at the same quiz the one worked on last stays open; the other is closed as expired,
    with everything answered in it kept. Attempts of the guest are counted on after those of the account.

    Where a quiz limits attempts, their pause or their time, only what the account had left comes along: else
    signing out and in would be one more attempt. The rest stays the guest's, with its answers.
    """
    if guest_id == account_id:
        return
    _move_attempts(session, guest_id, account_id)
    _move_progress(session, guest_id, account_id)
    guests.move_reports(session, guest_id, account_id)
    guests.get_guest(session, guest_id).active = False
    accounts.end_logins(session, clock.now(), account_id=guest_id)
    audit.record("account.claim", f"account:{account_id}", {"guest": guest_id}, account_id=account_id)


def _move_attempts(session: Session, guest_id: int, account_id: int) -> None:
    own = list(guests.list_attempts(session, account_id))
    open_ones = {attempt.quiz_id: attempt for attempt in own if attempt.state == "open"}
    last_numbers: dict[int, int] = {}
    for attempt in own:
        last_numbers[attempt.quiz_id] = max(last_numbers.get(attempt.quiz_id, 0), attempt.number)
    limits = guests.list_limits(session, guest_id)
    for attempt in guests.list_attempts(session, guest_id):
        limit = limits.get(attempt.quiz_id)
        if limit is not None and _count(own, attempt.quiz_id) >= limit:
            if attempt.state == "open":
                _close(attempt)
            continue
        own.append(attempt)
        rival = open_ones.get(attempt.quiz_id)
        if attempt.state == "open" and rival is not None:
            _close(min(rival, attempt, key=_last_touched))
            session.flush()  # the account may have one open attempt at a quiz at any moment
        number = last_numbers.get(attempt.quiz_id, 0) + 1
        last_numbers[attempt.quiz_id] = number
        attempt.account_id, attempt.number = account_id, number
        session.flush()
    refresh_ends(session, sorted({attempt.quiz_id for attempt in own}), [account_id])


def _count(attempts: Sequence[Attempt], quiz_id: int) -> int:
    """How many of them count against what the quiz allows."""
    return sum(one.quiz_id == quiz_id and one.reset_at is None and not one.is_preview for one in attempts)


def _last_touched(attempt: Attempt) -> datetime:
    return attempt.saved_at or attempt.started_at


def _close(attempt: Attempt) -> None:
    attempt.state = next_state(attempt.state, "expired")
    attempt.submitted_at = clock.now()


def _move_progress(session: Session, guest_id: int, account_id: int) -> None:
    own = {row.section_id: row for row in guests.list_progress(session, account_id)}
    moved: list[int] = []
    for row in guests.list_progress(session, guest_id):
        moved.append(row.section_id)
        mine = own.get(row.section_id)
        if mine is None:
            row.account_id = account_id
        else:
            _merge_places(mine, row)
            guests.delete_progress(session, row)
    session.flush()
    for section_id, quiz_id in guests.list_section_quizzes(session, moved):
        progress.recount_section(session, account_id, section_id, quiz_id)


def _merge_places(mine: SectionProgress, guest: SectionProgress) -> None:
    """Keep the earlier beginning and completion, and the later place; scores are counted anew."""
    if guest.last_at > mine.last_at:
        mine.last_at, mine.last_slot = guest.last_at, guest.last_slot
    mine.opened_at = min(mine.opened_at, guest.opened_at)
    completed = [moment for moment in (mine.completed_at, guest.completed_at) if moment is not None]
    mine.completed_at = min(completed, default=None)
