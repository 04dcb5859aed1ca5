"""Receipts: what a learner can keep as proof of what was handed in, and when.

A receipt names the attempt, its times, and for each question a hash of wording, answer and score; points and
scores only where the learner may see them by then. It is
signed with the server's secret: who runs the server can tell, years later, whether it is genuine.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from webapp.repositories import attempts
from webapp.repositories.attempt_rows import AttemptRow, SlotRow
from webapp.services import clock
from webapp.services.errors import Conflict
from webapp.services.results import NOT_HANDED_IN, get_own_attempt
from webapp.services.visibility import shown

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

SIGNATURE = "signature"
PURPOSE = b"readcheck receipt 1\n"
"""Keeps a signature of ours, made for something else, from passing as a receipt's."""


def make_receipt(session: Session, account_id: int, attempt_id: int, secret: str) -> dict[str, Any]:
    """The signed receipt of the person's own attempt. Raises NotFound, and Conflict before handing in."""
    attempt = get_own_attempt(session, account_id, attempt_id)
    if attempt.submitted_at is None:
        raise Conflict(NOT_HANDED_IN)
    may = shown(attempt, clock.now())
    receipt = _facts(attempt, has_points=may.points) | {
        "questions": [
            _question(slot, has_score=may.tells_scores) for slot in attempts.list_slots(session, attempt_id)
        ]
    }
    return receipt | {SIGNATURE: _sign(receipt, secret)}


def is_genuine(receipt: Mapping[str, Any], secret: str) -> bool:
    """Whether this server made the receipt, and nobody changed it since."""
    facts = {name: value for name, value in receipt.items() if name != SIGNATURE}
    return hmac.compare_digest(_sign(facts, secret), str(receipt.get(SIGNATURE, "")))


def _facts(attempt: AttemptRow, *, has_points: bool) -> dict[str, Any]:
    points = {"points": str(attempt.points)} if has_points else {}
    return points | {
        "receipt": "readcheck",
        "attempt": attempt.id,
        "module": attempt.module_title,
        "quiz": "module" if attempt.section_id is None else f"section {attempt.section_number or ''}".strip(),
        "attempt_number": attempt.number,
        "started_at": attempt.started_at.isoformat(),
        "handed_in_at": attempt.submitted_at.isoformat() if attempt.submitted_at else None,
        "points_possible": str(attempt.points_possible),
    }


def _question(slot: SlotRow, *, has_score: bool) -> dict[str, Any]:
    score = {"score": str(slot.score)} if has_score else {}  # of the few there are, a hash would tell which
    asked = score | {
        "wording": slot.content,
        "response": slot.response or {},
        "saved_at": slot.saved_at.isoformat() if slot.saved_at else None,
    }
    return {
        "position": slot.position,
        "item_version": slot.item_version_id,
        "sha256": hashlib.sha256(_canonical(asked)).hexdigest(),
    } | ({"extra_practice_after": slot.retry_of} if slot.is_extra else {})


def _sign(facts: Mapping[str, Any], secret: str) -> str:
    return hmac.new(secret.encode(), PURPOSE + _canonical(facts), hashlib.sha256).hexdigest()


def _canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
