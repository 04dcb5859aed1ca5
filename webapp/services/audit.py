"""The audit trail: who did what, when. Collected during a request, written once its transaction has ended.

Entries are written in a transaction of their own, so that what was refused is remembered too. Nothing that
somebody typed, and no secret, belongs into an entry: names of things, ids, and words of ours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from webapp.models.operation import AuditEntry
from webapp.repositories import audit
from webapp.services import clock

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

NOT_DONE = "not_done"
"""What the detail of an entry says when the request that wanted it was refused or failed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing somebody did, or was refused."""

    action: str
    subject: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    account_id: int | None = None
    """Who; None: whoever the request is from."""
    is_refusal: bool = False
    at: datetime = field(default_factory=clock.now)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where entries come from: the request, or a command of the operator."""

    account_id: int | None = None
    address: str = ""
    request_id: str = ""
    was_done: bool = True
    """Whether what the request did was kept."""


_pending: ContextVar[tuple[Entry, ...]] = ContextVar("pending_audit_entries", default=())


def record(
    action: str,
    subject: str = "",
    detail: Mapping[str, Any] | None = None,
    *,
    account_id: int | None = None,
    is_refusal: bool = False,
) -> None:
    """Note that somebody did this to that (`module:3`); by default whoever the request is from."""
    entry = Entry(action, subject, detail or {}, account_id, is_refusal)
    _pending.set((*_pending.get(), entry))


def count_pending() -> int:
    """How many entries wait to be written."""
    return len(_pending.get())


def take_pending(after: int = 0) -> tuple[Entry, ...]:
    """The entries collected so far, without the first `after`, which stay; the rest wait no more."""
    entries = _pending.get()
    if len(entries) > after:
        _pending.set(entries[:after])
    return entries[after:]


def write(session: Session, entries: Sequence[Entry], origin: Origin) -> None:
    """Write entries down, for ever."""
    people = [entry.account_id or origin.account_id for entry in entries]
    # A guest that a refused request would have made is not there.
    there = audit.list_existing_accounts(session, {who for who in people if who is not None})
    audit.add_entries(
        session,
        [
            AuditEntry(
                at=entry.at,
                account_id=who if who in there else None,
                action=entry.action,
                subject=entry.subject,
                detail=_detail(entry, origin),
                address=origin.address,
                request_id=origin.request_id,
            )
            for entry, who in zip(entries, people, strict=True)
        ],
    )


def _detail(entry: Entry, origin: Origin) -> dict[str, Any]:
    failed = not origin.was_done and not entry.is_refusal
    return {**entry.detail, NOT_DONE: True} if failed else dict(entry.detail)
