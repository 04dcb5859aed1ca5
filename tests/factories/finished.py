"""Attempts that are over, with answers and scores, written straight into the tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories.attempts import make_attempt
from webapp.models.account import Account
from webapp.models.attempt import Attempt, AttemptSlot
from webapp.models.module import Section
from webapp.services import clock


def make_finished_attempt(
    session: Session,
    account: Account,
    place: Section | int,
    right: Sequence[bool],
    *,
    at: datetime | None = None,
) -> Attempt:
    """A released attempt at multiple-choice items (key 0): answered right where `right` says so, ten seconds each."""
    attempt = make_attempt(session, account, place, state="released", submitted_at=at or clock.now())
    slots = session.scalars(
        select(AttemptSlot).where(AttemptSlot.attempt_id == attempt.id).order_by(AttemptSlot.position)
    ).all()
    assert len(slots) == len(right), "say of every item whether it was answered right"
    for slot, good in zip(slots, right, strict=True):
        slot.response = {"choice": 0 if good else 1}
        slot.saved_at = slot.checked_at = attempt.started_at + timedelta(seconds=10 * slot.position)
        slot.score = Decimal(int(good))
        slot.status = "correct" if good else "incorrect"
    attempt.points = Decimal(sum(right))
    attempt.answered_count = attempt.checked_count = len(slots)
    session.commit()
    return attempt
