"""The maintenance page: while a marker lies beside the SQLite file, its servers answer nothing else.

The marker outlives a process that is killed; the lock does not. So what a dead copy left is told from a copy
at work. A site on a database server has neither.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from webapp.config import Settings
from webapp.services import clock
from webapp.services.storage import StorageError

MARKER, LOCK = "-closed", "-copying"
LOOK_EVERY_S = 1.0
"""So often, at most, a process looks whether the marker is there."""
NOTICED_AFTER_S = LOOK_EVERY_S + 0.2
"""After this long every process has seen a new marker."""
LEFT_CLOSED = (
    "The site is closed: readcheck db copy was killed, or told to leave it so. Let it run again, or open the "
    "site as it is with readcheck db copy --abandon."
)


def _beside(settings: Settings, ending: str) -> Path | None:
    file = settings.database_file
    return file.with_name(file.name + ending) if file else None


def is_closed(settings: Settings) -> bool:
    """Whether the site is under its maintenance page at this moment."""
    marker = _beside(settings, MARKER)
    return marker is not None and marker.exists()


def close(settings: Settings) -> None:
    """Put the site under its maintenance page, and wait until every process has noticed."""
    marker = _beside(settings, MARKER)
    if marker is not None:
        marker.write_text(f"closed since {clock.now().isoformat()}\n{LEFT_CLOSED}\n", encoding="utf-8")
        time.sleep(NOTICED_AFTER_S)


def open_again(settings: Settings) -> bool:
    """Take the maintenance page away. Whether there was one."""
    was_closed = is_closed(settings)
    marker = _beside(settings, MARKER)
    if marker is not None:
        marker.unlink(missing_ok=True)
    return was_closed


@contextmanager
def only_copy(settings: Settings) -> Iterator[None]:
    """Be the only copy of this database that is at work. Raises StorageError."""
    lock = _beside(settings, LOCK)
    if lock is None:
        yield
        return
    file = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        raise StorageError(
            "A copy of this database is at work. Let it end, or stop it with Ctrl-C where it runs."
        ) from None
    try:
        yield
    finally:
        os.close(file)


class Watch:
    """Knows whether the site is closed, at the cost of one look at the folder a second and process."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._look_at = 0.0
        self._is_closed = False
        self._looking = threading.Lock()

    def is_closed(self) -> bool:
        """Whether it was closed when this process last looked, at most a second ago."""
        if time.monotonic() >= self._look_at and self._looking.acquire(blocking=False):
            try:
                if time.monotonic() >= self._look_at:  # else another thread has looked just now
                    self._look_at = time.monotonic() + LOOK_EVERY_S
                    self._is_closed = is_closed(self._settings)
            finally:
                self._looking.release()
        return self._is_closed
