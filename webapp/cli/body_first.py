"""A request's body is received before any work on it begins.

Granian gives each request one of few threads at once, and reading a body waits for its sender: four phones
in a bad network would keep four threads, and everybody else waiting. So there are many threads, of which only
a few work; the others may wait for bodies, and never all of them.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from webapp.app import MAX_REQUEST_BYTES
from webapp.turns import Turns

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication

WORKING_THREADS = 2
THREADS = 32
MOST_WAITING = THREADS - 2 * WORKING_THREADS
"""So many threads of a process may wait for bodies; the rest is for requests without one."""
BUSY = b"Too many uploads at once. Try again in a few seconds.\n"


class BodyFirst:
    """Reads the whole body, then lets the application work on it when its turn has come."""

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application
        self._turns = Turns(WORKING_THREADS)
        self._waiting = threading.BoundedSemaphore(MOST_WAITING)

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        if _has_body(environ):
            if not self._waiting.acquire(blocking=False):
                return _refuse(start_response)
            try:
                # One byte more than is allowed is enough for the application to refuse it.
                environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read(MAX_REQUEST_BYTES + 1))
            finally:
                self._waiting.release()
        with self._turns.turn():
            return self._application(environ, start_response)


def _has_body(environ: dict[str, Any]) -> bool:
    length = environ.get("CONTENT_LENGTH") or "0"
    if length.isdecimal() and int(length) > MAX_REQUEST_BYTES:
        return False  # refused by its length, unread
    return length != "0" or bool(environ.get("HTTP_TRANSFER_ENCODING"))


def _refuse(start_response: StartResponse) -> Iterable[bytes]:
    status = HTTPStatus.SERVICE_UNAVAILABLE
    headers = [
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Retry-After", "3"),
        ("Cache-Control", "no-store"),
    ]
    start_response(f"{status.value} {status.phrase}", headers)
    return [BUSY]
