"""Inserts that know what to do when the row is there already, for SQLite and for PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

AnyInsert = sqlite.Insert | postgresql.Insert


class ConflictInsert:
    """One such statement, built once for each of the two databases."""

    def __init__(self, table: Table, finish: Callable[[Any], Any]) -> None:
        self._sqlite: sqlite.Insert = finish(sqlite.insert(table))
        self._postgresql: postgresql.Insert = finish(postgresql.insert(table))

    def on(self, session: Session) -> AnyInsert:
        """The statement for the database that this session speaks to."""
        return self._sqlite if session.get_bind().dialect.name == "sqlite" else self._postgresql
