"""A person's own data: everything as one document, and deleting it."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from webapp.repositories import accounts, courses, personal_data
from webapp.repositories import audit as audit_rows
from webapp.services import audit, clock
from webapp.services.accounts import keep_an_administrator
from webapp.services.errors import NotFound
from webapp.services.shown_points import shows_best
from webapp.services.visibility import shown

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from sqlalchemy.orm import Session


def export_person(session: Session, account_id: int) -> dict[str, Any]:
    """Everything that is kept about one person, in words that a person can read; no keys of items."""
    account = accounts.get_account(session, account_id)
    if account is None:
        raise NotFound
    audit.record("person.export", f"account:{account_id}")
    return {
        "account": {
            "username": account.username,
            "email": account.email,
            "display_name": account.display_name,
            "is_guest": account.is_guest,
            "roles": sorted(role.name for role in account.roles),
            "preferences": account.preferences,
            "created_at": _time(account.created_at),
            "last_seen_at": _time(account.last_seen_at),
        },
        "courses": [
            {"course": course.title, "role": enrolment.role, "since": _time(enrolment.created_at)}
            for enrolment, course in courses.list_enrolments(session, account_id)
        ],
        "sign_ins": [
            {
                "at": _time(login.created_at),
                "ended_at": _time(login.ended_at),
                "browser": login.user_agent,
            }
            for login in personal_data.list_logins(session, account_id)
        ],
        "progress": [_progress(row) for row in personal_data.list_progress(session, account_id)],
        "attempts": _attempts(session, account_id),
        "reviews": [
            {"item": row.item_id, "decision": row.decision, "reason": row.reason, "at": _time(row.decided_at)}
            for row in personal_data.list_decisions(session, account_id)
        ],
        "reports": [
            {
                "question": row.stem,
                "comment": row.comment,
                "at": _time(row.created_at),
                "decision": row.decision,
            }
            for row in personal_data.list_reports(session, account_id)
        ],
        "actions": [
            {"at": _time(row.at), "action": row.action, "subject": row.subject}
            for row in audit_rows.list_entries(session, account_id)
        ],
    }


def _progress(row: personal_data.ProgressRow) -> dict[str, Any]:
    is_told = shows_best(row.show_points, row.handed_in_at, row.closes_at, clock.now())
    return {
        "module": row.module_title,
        "section": row.heading,
        "opened_at": _time(row.opened_at),
        "last_at": _time(row.last_at),
        "completed_at": _time(row.completed_at),
        "best_points": _number(row.best_points) if is_told else None,
        "points_possible": _number(row.points_possible),
    }


def _attempts(session: Session, account_id: int) -> list[dict[str, Any]]:
    """What was right, and what it earned, only as far as pages show it by now."""
    rows, now = personal_data.list_attempts(session, account_id), clock.now()
    may = {row.id: shown(row, now) for row in rows}
    answers: dict[int, list[dict[str, Any]]] = {}
    for slot in personal_data.list_answers(session, account_id):
        answers.setdefault(slot.attempt_id, []).append(
            {
                "question": slot.position,
                "stem": slot.stem,
                "response": slot.response,
                "saved_at": _time(slot.saved_at),
                "status": slot.status if may[slot.attempt_id].correctness else None,
                "score": _number(slot.score) if may[slot.attempt_id].tells_scores else None,
                "extra_practice_after": slot.retry_of,
            }
        )
    return [
        {
            "attempt": row.id,
            "module": row.module_title,
            "quiz": row.kind,
            "number": row.number,
            "state": row.state,
            "started_at": _time(row.started_at),
            "submitted_at": _time(row.submitted_at),
            "points": _number(row.points) if may[row.id].points else None,
            "points_possible": _number(row.points_possible),
            "counts": bool(row.counts),
            "answers": answers.get(row.id, []),
        }
        for row in rows
    ]


def erase_person(session: Session, account_id: int) -> None:
    """Delete the person from the data: names, addresses, password, sign-ins, places in courses.

    The account's row and its attempts stay as those of nobody, so that numbers about items stay right.
    Raises Conflict for the only administrator.
    """
    account = accounts.get_account(session, account_id)
    if account is None:
        raise NotFound
    keep_an_administrator(session, account)
    account.username = account.email = account.password = None
    account.display_name = ""
    account.preferences = {}
    account.roles = []
    account.is_guest = True
    account.active = False
    account.fs_uniquifier = secrets.token_hex(32)
    account.erased_at = clock.now()
    personal_data.delete_traces(session, account_id)
    session.flush()
    audit.record("person.erase", f"account:{account_id}", account_id=account_id)


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None


def _number(value: Decimal | None) -> float | None:
    return float(value) if value is not None else None
