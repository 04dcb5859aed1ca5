"""One line of JSON a request: who, what, when, how long. No secrets, no answers, no query strings.

Failures are logged with their frames; what an exception says is left out unless it can hold nothing that
somebody typed.
"""

from __future__ import annotations

import json
import logging
import random
import sqlite3
import sys
import time
import traceback
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, g, has_request_context, request, request_finished, request_started
from jinja2 import UndefinedError

from webapp.services import clock

if TYPE_CHECKING:
    from types import TracebackType

REQUESTS = "readcheck.requests"
SECRET_ARGUMENTS = frozenset({"secret", "token"})
"""Parts of an address that open doors."""
HARMLESS_MESSAGES = (OSError, sqlite3.Error, ImportError, NameError, AttributeError, UndefinedError)
"""What these exceptions say comes from the machine or the code, not from a person's input."""

_log = logging.getLogger(REQUESTS)


def request_id() -> str:
    """The request's own number, printed on error pages and in every log line about it."""
    if "request_id" not in g:
        # No secret, so not the system's randomness: to ask for that lets the other thread in.
        g.request_id = f"{random.getrandbits(48):012x}"
    number: str = g.request_id
    return number


def logged_path() -> str:
    """The path as it may be written down."""
    if request.url_rule is None:  # nothing of ours: it may be a mistyped secret
        first = request.path.split("/", 2)[1]
        return f"/{first}" if request.path.count("/") == 1 else f"/{first}/…"
    path = request.path
    for name in SECRET_ARGUMENTS & (request.view_args or {}).keys():
        path = path.replace(str((request.view_args or {})[name]), "…")
    return path


def _start(_app: Flask, **_: object) -> None:
    g.started = time.perf_counter()


def _finish(_app: Flask, response: Response, **_: object) -> None:
    person = g.get("person")
    _log.info(
        "request",
        extra={
            "fields": {
                "method": request.method,
                "path": logged_path(),
                "endpoint": request.endpoint,
                "status": response.status_code,
                "ms": round((time.perf_counter() - g.started) * 1000, 1),
                "account": getattr(person, "id", None),
                "address": request.remote_addr,
            }
        },
    )


class JsonLines(logging.Formatter):
    """A log record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The record's time, level, logger and what it carries."""
        line: dict[str, Any] = {
            "at": clock.now().isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
        }
        if has_request_context():
            line["request"] = request_id()
        if record.name == REQUESTS:
            line |= getattr(record, "fields", {})
        else:
            line |= {"logger": record.name, "message": _without_secrets(record.getMessage())}
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = describe_failure(record.exc_info[1], record.exc_info[2])
        return json.dumps(line, ensure_ascii=False, default=str)


def _without_secrets(message: str) -> str:
    """Flask itself names the path when a view fails."""
    return message.replace(request.path, logged_path()) if has_request_context() else message


def describe_failure(error: BaseException, trace: TracebackType | None) -> dict[str, Any]:
    """An exception as it may be written down: its kind and where it happened."""
    cause = getattr(error, "orig", None) or error
    said = {"message": str(cause)} if isinstance(cause, HARMLESS_MESSAGES) else {}
    frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
    chain = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    after = {"after": type(chain).__name__} if chain else {}
    return {"type": type(cause).__name__} | said | after | {"frames": frames}


def write_to_stderr() -> None:
    """Send all log lines to stderr as JSON. For servers; tests and commands keep their own logging."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for noisy in ("alembic", "huey", "sqlalchemy"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def init_app(app: Flask) -> None:
    """Log every request of the application, and tell its number to whoever asked."""
    request_started.connect(_start, app)
    request_finished.connect(_finish, app)

    @app.after_request
    def tell_number(response: Response) -> Response:
        response.headers["X-Request-Id"] = request_id()
        return response
