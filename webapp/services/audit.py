"""The audit trail: who did what, when. Entries are collected here and written after the request has ended."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing somebody did, to be written down."""

    action: str
    subject: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


_pending: ContextVar[tuple[Entry, ...]] = ContextVar("pending_audit_entries", default=())


def record(action: str, subject: str = "", detail: Mapping[str, Any] | None = None) -> None:
    """Note that the current account did this; it is written in a transaction of its own, refused or not."""
    _pending.set((*_pending.get(), Entry(action, subject, detail or {})))


def take_pending() -> tuple[Entry, ...]:
    """The entries collected so far; afterwards there are none."""
    entries = _pending.get()
    _pending.set(())
    return entries
