"""Writers of an SQLite database take turns.

SQLite's own waiting sleeps in steps of up to 100 ms, which makes a long tail. So the writers of a
machine first queue on a file beside the database, where they look again every half millisecond, and the
threads of one process before that on a lock of their own.

Imports nothing of ours.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
import time
from typing import Any

BUSY_TIMEOUT_MS = 5000
LOOK_AGAIN_S = 0.0005
MEMORY = ":memory:"
TOO_LONG = "another writer has kept its turn for too long"

_turns_here: dict[str, threading.Lock] = {}
"""Who has the turn in this process. Its threads wait for each other here and do not look again and again."""
os.register_at_fork(after_in_child=_turns_here.clear)


class DatabaseBusy(Exception):  # noqa: N818 (it is a state of the database, not a mistake)
    """Another writer held the database for too long. Nothing was written; trying again is right."""


class QueueingConnection(sqlite3.Connection):
    """An SQLite connection that waits for its turn to write, and ends its turn with its transaction."""

    def __init__(self, database: str, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 (sqlite3's own)
        super().__init__(database, *args, **kwargs)
        self._turns = None if database == MEMORY else f"{database}-turns"
        self._turn: int | None = None
        self._here = threading.Lock()

    def take_turn(self) -> None:
        """Wait until no other writer of this machine has the turn. Raises DatabaseBusy."""
        if self._turns is None or self._turn is not None:
            return
        until = time.monotonic() + BUSY_TIMEOUT_MS / 1000
        here = _turns_here.setdefault(self._turns, threading.Lock())
        if not here.acquire(timeout=BUSY_TIMEOUT_MS / 1000):
            raise DatabaseBusy(TOO_LONG)
        try:
            self._turn = _lock_file(self._turns, until)
        except BaseException:
            here.release()
            raise
        self._here = here

    def end_turn(self) -> None:
        """Let the next writer write."""
        if self._turn is not None:
            os.close(self._turn)
            self._turn = None
            self._here.release()

    def commit(self) -> None:
        """Commit; the turn ends only when that has worked."""
        super().commit()
        self.end_turn()

    def rollback(self) -> None:
        """Roll back and end the turn."""
        try:
            super().rollback()
        finally:
            self.end_turn()

    def close(self) -> None:
        """Close and end the turn."""
        try:
            super().close()
        finally:
            self.end_turn()


def _lock_file(path: str, until: float) -> int:
    """Wait for the other processes; the open file whose lock is the turn. Raises DatabaseBusy."""
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > until:
                    raise DatabaseBusy(TOO_LONG) from None
                time.sleep(LOOK_AGAIN_S)
            else:
                return file
    except BaseException:
        os.close(file)
        raise
