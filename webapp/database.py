"""Engine and session: how transactions begin, and the one commit of a request.

SQLite answers "database is locked" at once, whatever its time-out, when a transaction that began
with a read wants to write. So every transaction that may write takes the lock as it begins
(BEGIN IMMEDIATE); pages that only read keep a plain BEGIN and never wait.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, g, request
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from webapp.config import Settings
from webapp.extensions import db

WRITES = "readcheck_writes"
"""The execution option of connections whose transactions may write."""
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
BUSY_TIMEOUT_MS = 5000
FIRST_ERROR_STATUS = 400


def engine_options(settings: Settings) -> dict[str, Any]:
    """What `create_engine` needs beside the address."""
    if settings.is_sqlite:
        return {"url": settings.effective_database_url, "connect_args": {"check_same_thread": False}}
    return {
        "url": settings.effective_database_url,
        "isolation_level": "READ COMMITTED",
        "pool_pre_ping": True,
    }


def prepare_engine(engine: Engine) -> Engine:
    """Give an engine our habits: pragmas on every connection, and who begins how."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_pragmas)
        event.listen(engine, "begin", _begin)
    return engine


def _set_pragmas(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    # The driver must not begin transactions by itself: `_begin` does.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def write_in_this_context() -> None:
    """Let the current session's transactions write. To be said before the session is first used."""
    db.session.bind = db.engine.execution_options(**{WRITES: True})


def after_commit(action: Callable[[], None]) -> None:
    """Run `action` once the request's transaction is committed; never when it is not."""
    g.setdefault("after_commit", []).append(action)


def init_app(app: Flask, settings: Settings) -> None:
    """Tie the database to the application: engine, write transactions, one commit a request."""
    app.config["SQLALCHEMY_ENGINES"] = {"default": engine_options(settings)}
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    app.before_request(_choose_transaction)
    app.after_request(_commit_once)


def _choose_transaction() -> None:
    if request.method not in SAFE_METHODS:
        write_in_this_context()


def _commit_once(response: Response) -> Response:
    if "_sqlalchemy_sessions" not in g:
        return response
    if request.method in SAFE_METHODS or response.status_code >= FIRST_ERROR_STATUS:
        db.session.rollback()
        return response
    db.session.commit()
    for action in g.pop("after_commit", ()):
        action()
    return response
