"""How far a copy into this database is: a table of its own, which is gone when the copy is whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    insert,
    inspect,
    select,
    update,
)

_steps = Table(
    "readcheck_copy",
    MetaData(),
    Column("step", String(80), primary_key=True),
    Column("origin", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("rows", Integer, nullable=False),
    Column("last", JSON, nullable=False),
    Column("is_done", Boolean, nullable=False),
)
NAME = _steps.name


@dataclass(frozen=True, slots=True)
class Reached:
    """How far one step is. `digest` is of the source's whole table, as it was when the copy began."""

    origin: str
    digest: str
    rows: int
    last: list[int]
    is_done: bool


def is_under_way(engine: Engine) -> bool:
    """Whether the database holds a copy that never became whole."""
    with engine.connect() as connection:
        return inspect(connection).has_table(NAME)


def get_reached(connection: Connection) -> dict[str, Reached]:
    """Step -> how far it is; empty where no copy was begun."""
    if not inspect(connection).has_table(NAME):
        return {}
    return {
        row.step: Reached(row.origin, row.digest, row.rows, row.last, row.is_done)
        for row in connection.execute(select(_steps))
    }


def begin(connection: Connection, origin: str, digests: Mapping[str, str]) -> None:
    """Note that nothing is copied yet of these steps, each with the digest of its table in the source."""
    _steps.drop(connection, checkfirst=True)
    _steps.create(connection)
    connection.execute(
        insert(_steps),
        [
            {"step": step, "origin": origin, "digest": digest, "rows": 0, "last": [], "is_done": False}
            for step, digest in digests.items()
        ],
    )


def advance(connection: Connection, step: str, **values: Any) -> None:  # noqa: ANN401 (columns differ in type)
    """Note how far a step is, in the transaction that brought it there."""
    connection.execute(update(_steps).where(_steps.c.step == step).values(**values))


def distrust(connection: Connection) -> None:
    """Let the next try begin anew: what was copied is not what it should be."""
    connection.execute(update(_steps).values(digest=""))


def forget(connection: Connection) -> None:
    """The copy is whole."""
    _steps.drop(connection)
