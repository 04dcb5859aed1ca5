"""Requests are worked on one after the other, in the order in which they came; a slow one lets others by.

Two threads that both compute take the interpreter from each other at every query, and each request costs half
as much again. But one that waits for a disk or reads a long text must not keep the rest, and one that hashes
a password steps aside meanwhile.
No lock of the standard library is fair: whoever comes along just then goes first, and others wait long.

Imports nothing of ours.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

PATIENCE_S = 0.05
"""Whoever is at work for longer than this is slow. A usual request takes a tenth of it."""


class _Turn:
    """One request's: when it was called, and the lock that opens then."""

    __slots__ = ("called", "has_begun", "since")

    def __init__(self) -> None:
        self.since = 0.0
        self.has_begun = False
        self.called = threading.Lock()
        self.called.acquire()


_current = threading.local()
"""`.turns` and `.own`: the turn that this thread has, if it has one."""


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
        self._wait(own)
        _current.turns, _current.own = self, own
        try:
            yield
        finally:
            _current.turns = None
            self._leave(own)

    @contextmanager
    def step_aside(self, own: _Turn) -> Iterator[None]:
        """Give one's turn up for a while, and have the next one afterwards."""
        self._leave(own)
        try:
            yield
        finally:
            self._wait(own)

    def _wait(self, own: _Turn) -> None:
        with self._change:
            self._waiting.insert(0 if own.has_begun else len(self._waiting), own)
            self._call_next()
        while not own.called.acquire(timeout=PATIENCE_S):
            with self._change:
                self._call_next()

    def _leave(self, own: _Turn) -> None:
        with self._change:
            self._at_work.remove(own)
            self._call_next()

    def _call_next(self) -> None:
        """Let the first of those who wait begin, if it is time."""
        now = time.monotonic()
        if not self._waiting:
            return
        # Those at work may wait for what one who stepped aside holds: that one is let in beyond the number.
        if len(self._at_work) >= self._most and not self._waiting[0].has_begun:
            return
        if self._at_work and now - self._at_work[-1].since < PATIENCE_S:
            return
        called = self._waiting.popleft()
        called.since, called.has_begun = now, True
        self._at_work.append(called)
        called.called.release()


@contextmanager
def aside() -> Iterator[None]:
    """Let others work while this thread waits for something that needs no interpreter.

    Whoever steps aside goes on before those who have not begun. Outside a server's turn it does nothing.
    """
    turns: Turns | None = getattr(_current, "turns", None)
    with turns.step_aside(_current.own) if turns else nullcontext():
        yield
