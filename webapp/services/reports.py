"""A learner's "there is a problem with this question": sent, seen again, withdrawn.

It changes nothing about the question or the score by itself: the question comes up in the review queue, and
a person decides. Whoever looks into it sees the words, and not whose they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from webapp.models.item import ItemReport
from webapp.repositories import attempts
from webapp.repositories import reports as rows
from webapp.repositories.attempt_rows import AttemptRow, SlotRow
from webapp.services import clock
from webapp.services.errors import Conflict, NotFound, Refused

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

COMMENT_LENGTH_MAX = 500
GONE_STATES = frozenset({"rejected", "retired"})


@dataclass(frozen=True, slots=True)
class ReportPage:
    """One question of an attempt, and what its learner reports about it."""

    attempt: AttemptRow
    position: int
    stem: str
    reported_at: datetime | None
    """None where there is no open report."""
    comment: str


def get_report_page(session: Session, account_id: int, attempt_id: int, position: int) -> ReportPage:
    """What the page of a report shows. Raises NotFound, or Conflict where there is nothing to report."""
    attempt, slot = _find(session, account_id, attempt_id, position)
    report = rows.get_open_report(session, slot.item_id, account_id)
    if report is None:
        _require_asked(session, slot)
    return ReportPage(
        attempt,
        position,
        slot.content["stem"],
        report.created_at if report else None,
        report.comment if report else "",
    )


def send_report(session: Session, account_id: int, attempt_id: int, position: int, comment: str) -> None:
    """Report a question, or reword the report that is there. Raises NotFound, Conflict, Refused."""
    _attempt, slot = _find(session, account_id, attempt_id, position)
    comment = comment.strip()
    if len(comment) > COMMENT_LENGTH_MAX:
        raise Refused("comment", f"Keep it to {COMMENT_LENGTH_MAX} characters; it has {len(comment)}.")
    report = rows.get_open_report(session, slot.item_id, account_id)
    if report is not None:
        report.comment = comment
        return
    _require_asked(session, slot)
    rows.add_report(
        session,
        ItemReport(
            item_id=slot.item_id,
            item_version_id=slot.item_version_id,
            account_id=account_id,
            comment=comment,
            created_at=clock.now(),
        ),
    )


def withdraw_report(session: Session, account_id: int, attempt_id: int, position: int) -> bool:
    """Take the open report back; False where there is none any more."""
    _attempt, slot = _find(session, account_id, attempt_id, position)
    report = rows.get_open_report(session, slot.item_id, account_id)
    if report is None:
        return False
    rows.delete_report(session, report)
    return True


def _find(session: Session, account_id: int, attempt_id: int, position: int) -> tuple[AttemptRow, SlotRow]:
    attempt = attempts.get_attempt(session, attempt_id, account_id)
    if attempt is None:
        raise NotFound
    slot = next((one for one in attempts.list_slots(session, attempt_id) if one.position == position), None)
    if slot is None:
        raise NotFound
    if not slot.is_checked:
        raise Conflict("Answer this question first. Once you see what is right, you can report a problem.")
    return attempt, slot


def _require_asked(session: Session, slot: SlotRow) -> None:
    if rows.get_item_state(session, slot.item_id) in GONE_STATES:
        raise Conflict("This question is no longer asked, so there is nothing left to report.")
