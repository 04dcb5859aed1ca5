"""The database as a whole: copied while it is in use, examined, and replaced."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import cast

from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.orm import Session

from webapp.models.attempt import Attempt
from webapp.models.registry import metadata

PAGES_A_STEP = 500
"""So many pages are copied between two chances for writers to write."""
SHORT_PAUSE_S = 0.005
FIRST_FINDINGS = 20
ATTEMPTS_A_PAGE = 200


class UnreachableDatabase(Exception):  # noqa: N818 (it is a state of the network)
    """The database server does not answer, or not to us."""


class DamagedDatabase(Exception):  # noqa: N818 (it is a state of the file)
    """The file is not a database, or not a whole one."""


def copy_database(engine: Engine, target: Path) -> None:
    """Copy an SQLite database, consistent whatever is being written meanwhile."""
    raw = engine.raw_connection()
    try:
        with closing(sqlite3.connect(target)) as copy:
            source = cast("sqlite3.Connection", raw.dbapi_connection)
            source.backup(copy, pages=PAGES_A_STEP, sleep=SHORT_PAUSE_S)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, with nothing beside it
    finally:
        raw.close()


def file_findings(path: Path, *, quick: bool = False) -> list[str]:
    """What is broken in an SQLite file; empty when it is whole."""
    pragma = "quick_check" if quick else "integrity_check"
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)) as connection:
            rows = connection.execute(f"PRAGMA {pragma}({FIRST_FINDINGS})").fetchall()
    except sqlite3.DatabaseError as error:
        return [str(error)]
    return [row[0] for row in rows if row[0] != "ok"]


def list_orphans(session: Session) -> list[str]:
    """Rows that point at nothing."""
    if session.get_bind().dialect.name != "sqlite":
        return []  # the server keeps its promise by itself
    rows = session.execute(text("PRAGMA foreign_key_check")).all()
    return [f"{row.table} row {row.rowid} points at no {row.parent}" for row in rows]


def count_rows(session: Session) -> dict[str, int]:
    """How many rows each table holds."""
    return {
        name: session.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one()  # noqa: S608 (our own names)
        for name in metadata.tables
    }


def each_attempt(session: Session) -> Iterator[Attempt]:
    """Every attempt, one at a time, with flat memory."""
    last = 0
    while page := session.scalars(
        select(Attempt).where(Attempt.id > last).order_by(Attempt.id).limit(ATTEMPTS_A_PAGE)
    ).all():
        yield from page
        last = page[-1].id
        session.expunge_all()


def check_connection(engine: Engine) -> None:
    """Ask the database for anything. Raises DamagedDatabase or UnreachableDatabase."""
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except DatabaseError as error:
        if isinstance(error, OperationalError):
            raise UnreachableDatabase(str(error.orig)) from error
        raise DamagedDatabase(str(error.orig)) from error
