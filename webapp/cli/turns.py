"""Requests are worked on one after the other, in the order in which they came; a slow one lets others by.

Two threads that both compute take the interpreter from each other at every query, and each request costs half
as much again. But one that waits for a disk, hashes a password or reads a long text must not keep the rest.
No lock of the standard library is fair: whoever comes along just then goes first, and others wait long.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE_S = 0.05
"""Whoever is at work for longer than this is slow. A usual request takes a tenth of it."""


class _Turn:
    """One request's: when it was called, and the lock that opens then."""

    __slots__ = ("called", "since")

    def __init__(self) -> None:
        self.since = 0.0
        self.called = threading.Lock()
        self.called.acquire()


class Turns:
    """Whose turn it is. `most`: how many may be at work at once; all of them but the last are slow then."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._change = threading.Lock()
        self._waiting: deque[_Turn] = deque()
        self._at_work: list[_Turn] = []

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for one's turn, and end it afterwards."""
        own = _Turn()
        with self._change:
            self._waiting.append(own)
            self._call_next()
        while not own.called.acquire(timeout=PATIENCE_S):
            with self._change:
                self._call_next()
        try:
            yield
        finally:
            with self._change:
                self._at_work.remove(own)
                self._call_next()

    def _call_next(self) -> None:
        """Let the first of those who wait begin, if it is time."""
        now = time.monotonic()
        if not self._waiting or len(self._at_work) >= self._most:
            return
        if self._at_work and now - self._at_work[-1].since < PATIENCE_S:
            return
        called = self._waiting.popleft()
        called.since = now
        self._at_work.append(called)
        called.called.release()
