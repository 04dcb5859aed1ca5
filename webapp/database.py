"""Engine and session: how transactions begin, and the one commit of a request.

SQLite answers "database is locked" at once, whatever its time-out, when a transaction that began
with a read wants to write. So every transaction that may write takes the lock as it begins
(BEGIN IMMEDIATE); pages that only read keep a plain BEGIN and never wait.
"""

from __future__ import annotations

import math
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from inspect import iscoroutinefunction
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, request
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor, ExceptionContext, ExecutionContext
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from webapp.config import Settings
from webapp.extensions import db
from webapp.sqlite_turns import BUSY_TIMEOUT_MS, DatabaseBusy, QueueingConnection

View = TypeVar("View", bound=Callable[..., Any])
WRITES = "readcheck_writes"
"""The execution option of connections whose transactions may write."""
ONE_READ = "readcheck_one_read"
"""The execution option of connections for a single SELECT, which needs no transaction around it."""
PAGES = "readcheck_pages"
"""The engine of requests that only read."""
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
IDLE_S = 1.0
"""A connection that was used less long ago than this is taken to work still."""
RETURNED_AT = "readcheck_returned_at"
FIRST_ERROR_STATUS = 400
WAITED_FOR_EACH_OTHER = frozenset({"40P01", "40001"})
"""PostgreSQL's words for a deadlock, and for a transaction that has to be tried again."""


def engine_options(settings: Settings) -> dict[str, Any]:
    """What `create_engine` needs. Errors never repeat the values of a statement: they may be answers."""
    if settings.is_sqlite:
        return {
            "url": settings.effective_database_url,
            "connect_args": {"check_same_thread": False, "factory": QueueingConnection},
            "hide_parameters": True,
        }
    return {
        "url": settings.effective_database_url,
        "hide_parameters": True,
        "isolation_level": "READ COMMITTED",
    }


def make_engine(settings: Settings) -> Engine:
    """An engine with our habits, for work outside the application."""
    return prepare_engine(create_engine(**engine_options(settings)))


def prepare_engine(engine: Engine) -> Engine:
    """Give an engine our habits: pragmas on every connection, and who begins how."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_pragmas)
        event.listen(engine, "begin", _begin)
    else:
        event.listen(engine, "checkout", partial(_try_if_idle, engine))
        event.listen(engine, "checkin", _note_the_time)
        event.listen(engine, "handle_error", _tell_busy)
    return engine


def _tell_busy(context: ExceptionContext) -> None:
    """Of two transactions that waited for each other PostgreSQL ended one: busy, as SQLite says it."""
    error = context.original_exception
    if getattr(error, "sqlstate", None) in WAITED_FOR_EACH_OTHER:
        raise DatabaseBusy(str(error)) from error


def _note_the_time(_connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    record.info[RETURNED_AT] = time.monotonic()


def _try_if_idle(
    engine: Engine, connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: PoolProxiedConnection
) -> None:
    """Whether a connection still works is asked where it has not been used for a while.

    SQLAlchemy's own `pool_pre_ping` asks each time, one more journey to the server for every request.
    Raises DisconnectionError, upon which the pool makes a new connection.
    """
    if time.monotonic() - record.info.get(RETURNED_AT, math.inf) < IDLE_S:
        return
    try:
        engine.dialect.do_ping(connection)
    except engine.dialect.loaded_dbapi.Error as error:
        raise DisconnectionError from error


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
    raw = connection.connection.dbapi_connection
    if not isinstance(raw, QueueingConnection):
        raise TypeError("an SQLite engine of ours is made with engine_options()")
    options = connection.get_execution_options()
    if options.get(ONE_READ):
        return
    if not options.get(WRITES):
        raw.execute("BEGIN")
        return
    raw.take_turn()
    try:
        raw.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        raw.end_turn()
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        raise DatabaseBusy(str(error)) from error


def write_in_this_context() -> None:
    """Let the current session's transactions write. To be said before the session is first used."""
    db.session.bind = current_app.extensions[WRITES]


def one_read() -> Connection:
    """A connection beside the request's session for a single SELECT. To be closed."""
    engine: Engine = current_app.extensions[ONE_READ]
    return engine.connect()


@contextmanager
def write_session(app: Flask) -> Iterator[Session]:
    """A session of its own that writes, committed at the end: for commands, jobs and the audit trail."""
    with app.app_context():
        write_in_this_context()
        yield db.session
        db.session.commit()
        _run("after_commit")


def after_commit(action: Callable[[], None]) -> None:
    """Run `action` once the transaction is committed; never when it is not."""
    g.setdefault("after_commit", []).append(action)


def after_request_ends(action: Callable[[], None]) -> None:
    """Run `action` once the request's transaction has ended, whichever way it ended."""
    g.setdefault("after_request_ends", []).append(action)


def _run(kind: str) -> None:
    for action in g.pop(kind, ()):
        action()


def init_app(app: Flask, settings: Settings) -> None:
    """Tie the database to the application: engine, write transactions, one commit a request."""
    app.config["SQLALCHEMY_ENGINES"] = {"default": engine_options(settings)}
    db.init_app(app)
    # The extension also closes asynchronous sessions, of which we have none, and starts an event loop for it.
    app.teardown_appcontext_funcs[:] = [
        function for function in app.teardown_appcontext_funcs if not iscoroutinefunction(function)
    ]
    with app.app_context():
        engine = prepare_engine(db.engine)
        # once: each costs a save 3 %
        app.extensions[WRITES] = engine.execution_options(**{WRITES: True})
        app.extensions[ONE_READ] = engine.execution_options(**{ONE_READ: True}, **_alone(settings))
        app.extensions[PAGES] = engine.execution_options(**_alone(settings))
        if settings.testing or not settings.is_sqlite:  # on SQLite what a page wrote is taken back anyway
            event.listen(app.extensions[PAGES], "before_cursor_execute", _refuse_to_write)
    app.before_request(_choose_transaction)
    app.after_request(_commit_once)


def _alone(settings: Settings) -> dict[str, Any]:
    """No BEGIN and no ROLLBACK around what only reads: on PostgreSQL these are two journeys to the server.

    Each statement sees what was committed before it either way. On SQLite a page is read as of one moment.
    """
    return {} if settings.is_sqlite else {"isolation_level": "AUTOCOMMIT"}


def _refuse_to_write(
    _connection: Connection,
    _cursor: DBAPICursor,
    statement: str,
    _parameters: object,
    context: ExecutionContext,
    _executemany: bool,  # noqa: FBT001 (SQLAlchemy's own signature)
) -> None:
    """What a page wrote would be kept on PostgreSQL and lost on SQLite: neither is ever meant."""
    if not isinstance(context, DefaultExecutionContext):
        raise TypeError("SQLAlchemy runs its statements otherwise now")
    if context.isinsert or context.isupdate or context.isdelete:
        raise TypeError(f"a page that only reads wanted to write: {statement.split(maxsplit=3)[:3]}")


def reads_only(view: View) -> View:
    """Mark a view of an unsafe method that stores nothing, such as an export: it takes no write lock."""
    view.reads_only = True  # type: ignore[attr-defined] # a mark on the function, read below
    return view


def _choose_transaction() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    if request.method in SAFE_METHODS:
        db.session.bind = current_app.extensions[PAGES]
    elif not getattr(view, "reads_only", False):
        write_in_this_context()


def _commit_once(response: Response) -> Response:
    """End the request's transaction. The first to be registered, so the last to see the response."""
    keep = request.method not in SAFE_METHODS and response.status_code < FIRST_ERROR_STATUS
    if "_sqlalchemy_sessions" in g:
        if keep:
            db.session.commit()
        else:
            db.session.rollback()
    if keep:
        _run("after_commit")
    _run("after_request_ends")
    return response
