"""All rows of one database, read in batches and written into another, table by table."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    Table,
    bindparam,
    func,
    insert,
    inspect,
    make_url,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.orm import Session

from webapp.database import WRITES
from webapp.models.attempt import Attempt
from webapp.models.registry import metadata
from webapp.repositories import copying_rows
from webapp.repositories.copying_rows import Row, key_of

ROWS_A_BATCH = 200
FIRST_DIFFERENCES = 5
MADE_BY_MIGRATIONS = {"role": 3, "course": 1}
"""So many rows a database may hold before anybody has used it."""
HIDDEN = "***"
VERSION = "alembic_version"


class CopyTrouble(Exception):  # noqa: N818 (it is a state of the databases)
    """A database refused or did not answer; the message repeats no values."""


@dataclass(frozen=True, slots=True)
class Step:
    """A table to be filled, or (`later`) its columns that point at rows which only come after it."""

    table: Table
    later: bool = False

    @property
    def name(self) -> str:
        """What the step is called in the record of how far the copy is."""
        return f"{self.table.name}+" if self.later else self.table.name


@dataclass(slots=True)
class Contents:
    """What a table holds: how many rows, and one digest of all of them."""

    rows: int = 0
    digest: str = ""
    problems: list[str] = field(default_factory=list)


def shown_address(address: str) -> str:
    """A database's address without its passwords. Raises ValueError for what is none."""
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise ValueError("this is no address of a database") from None  # the reason may repeat the password
    query = {name: HIDDEN if "pass" in name else value for name, value in url.query.items()}
    return url.set(query=query).render_as_string(hide_password=True).replace("%2A%2A%2A", HIDDEN)


@contextmanager
def in_words() -> Iterator[None]:
    """Turn what the databases refuse into CopyTrouble, without the values it was about."""
    try:
        yield
    except SQLAlchemyError as error:
        said = str(getattr(error, "orig", None) or type(error).__name__).strip().splitlines()
        raise CopyTrouble(said[0] if said else type(error).__name__) from error


@contextmanager
def hold_still(engine: Engine) -> Iterator[Connection]:
    """A connection to SQLite in whose one transaction nobody else can write. Raises DatabaseBusy."""
    with engine.execution_options(**{WRITES: True}).connect() as connection:
        connection.begin()
        yield connection  # closing it rolls back; nothing was written


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """A session on the target whose work is kept at the end, all of it or nothing."""
    with Session(engine) as session, session.begin():
        yield session


@contextmanager
def reading(connection: Connection) -> Iterator[Session]:
    """A session on this connection, for questions that sessions are asked."""
    with Session(connection) as session:
        yield session


def list_tables() -> list[Table]:
    """Every table, those it points at before it."""
    return list(metadata.sorted_tables)


def list_steps() -> list[Step]:
    """Every table in that order, then the columns of circles."""
    tables = list_tables()
    circles = [Step(table, later=True) for table in tables if _pointing_ahead(table)]
    return [Step(table) for table in tables] + circles


def _pointing_ahead(table: Table) -> list[str]:
    return sorted(key.parent.name for key in table.foreign_keys if key.use_alter)


def each_batch(connection: Connection, table: Table, after: Sequence[int] = ()) -> Iterator[list[Row]]:
    """All rows in the order of their keys, or those after this one. Raises CopyTrouble."""
    key = list(table.primary_key.columns)
    while True:
        query = select(table).order_by(*key).limit(ROWS_A_BATCH)
        if after:
            query = query.where(tuple_(*key) > tuple_(*after))
        try:
            rows: list[Row] = [dict(row) for row in connection.execute(query).mappings()]
        except (SQLAlchemyError, ValueError, TypeError, ArithmeticError) as error:
            raise CopyTrouble(_unreadable(connection, table, after) or table.name) from error
        if not rows:
            return
        yield rows
        after = key_of(table, rows[-1])


def _unreadable(connection: Connection, table: Table, after: Sequence[int]) -> str:
    """Which value cannot be read."""
    key = list(table.primary_key.columns)
    keys = select(*key).order_by(*key)
    for own in connection.execute(keys.where(tuple_(*key) > tuple_(*after)) if after else keys).all():
        for column in table.columns:
            try:
                connection.execute(select(column).where(tuple_(*key) == tuple_(*own))).all()
            except (SQLAlchemyError, ValueError, TypeError, ArithmeticError):
                number = ", ".join(str(part) for part in own)
                return f"{table.name}, row {number}, column {column.name}: cannot be read"
    return ""


def survey(connection: Connection, table: Table, most_problems: int) -> Contents:
    """Read a whole table: its rows and digest, and what PostgreSQL would not take of it."""
    found, whole = Contents(), hashlib.sha256()
    for rows in each_batch(connection, table):
        for row in rows:
            whole.update(copying_rows.digest(table, row))
            if len(found.problems) < most_problems:
                found.problems += copying_rows.list_problems(table, row)
        found.rows += len(rows)
    found.digest = whole.hexdigest()
    return found


def write_rows(connection: Connection, step: Step, rows: Sequence[Row]) -> None:
    """Write a batch of a step into the target."""
    ahead = _pointing_ahead(step.table)
    if not step.later:
        empty = dict.fromkeys(ahead)
        connection.execute(insert(step.table), [{**row, **empty} for row in rows])
        return
    values: list[Mapping[str, Any]] = [
        {"own_id": row["id"], **{f"own_{name}": row[name] for name in ahead}}
        for row in rows
        if any(row[name] is not None for name in ahead)
    ]
    if values:
        filled: dict[str, Any] = {name: bindparam(f"own_{name}") for name in ahead}
        own = step.table.c.id == bindparam("own_id")
        connection.execute(update(step.table).where(own).values(filled), values)


def list_foreign_tables(connection: Connection, *, is_ours: bool) -> set[str]:
    """Tables of somebody else in the target; all of them where it has no schema of ours."""
    ours = {*metadata.tables, VERSION} if is_ours else set()
    return set(inspect(connection).get_table_names()) - ours


def is_unused(connection: Connection) -> bool:
    """Whether our tables in the target hold nothing but what migrations put there."""
    there = inspect(connection).get_table_names()
    return all(
        (connection.scalar(select(func.count()).select_from(table)) or 0) <= MADE_BY_MIGRATIONS.get(name, 0)
        for name, table in metadata.tables.items()
        if name in there
    )


def empty_tables(connection: Connection) -> None:
    """Empty every table of the target."""
    names = ", ".join(f'"{name}"' for name in metadata.tables)
    connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY"))


def set_sequences(connection: Connection) -> None:
    """Let the target number new rows from where the copied ones end."""
    for table in metadata.sorted_tables:
        if "id" in table.c:
            last = func.max(table.c.id)
            sequence = func.pg_get_serial_sequence(table.name, "id")
            connection.execute(select(func.setval(sequence, func.coalesce(last, 1), last.is_not(None))))


def list_differences(here: Connection, there: Connection, table: Table) -> list[str]:
    """The first rows that are not the same on both sides, in words."""
    found: list[str] = []
    for (own, said), (other, copied) in zip_longest(
        _digests(here, table), _digests(there, table), fillvalue=((), b"")
    ):
        number = ", ".join(str(part) for part in min(own or other, other or own))
        if own != other:
            return [*found, f"{table.name}, row {number}: is missing on one side"]
        if said != copied:
            found.append(f"{table.name}, row {number}: differs")
        if len(found) == FIRST_DIFFERENCES:
            break
    return found


def _digests(connection: Connection, table: Table) -> Iterator[tuple[tuple[int, ...], bytes]]:
    for rows in each_batch(connection, table):
        for row in rows:
            yield tuple(key_of(table, row)), copying_rows.digest(table, row)


def list_points(connection: Connection) -> dict[int, Decimal]:
    """Attempt -> its points."""
    rows = connection.execute(select(Attempt.id, Attempt.points).order_by(Attempt.id))
    return {row.id: row.points for row in rows}
