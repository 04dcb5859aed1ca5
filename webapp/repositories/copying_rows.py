"""Single rows on their way to another database: what it would not take, and a digest equal on both sides.

SQLite keeps whatever it is given; PostgreSQL keeps no NUL character in a text, no number or text beyond the
column's size, and in JSON only what Unicode and JSON themselves allow.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Integer, String, Table

LARGEST_INTEGER = 2**31 - 1
Row = Mapping[str, Any]


def key_of(table: Table, row: Row) -> list[int]:
    """The primary key of a row; all of ours are whole numbers."""
    return [row[column.name] for column in table.primary_key.columns]


def list_problems(table: Table, row: Row) -> list[str]:
    """What PostgreSQL would refuse of a row, by table, row and column. Values are never repeated."""
    number = ", ".join(str(part) for part in key_of(table, row))
    return [
        f"{table.name}, row {number}, column {column.name}: {problem}"
        for column in table.columns
        if row[column.name] is not None
        for problem in _problems_of(column, row[column.name])
    ]


def _problems_of(column: Column[Any], value: object) -> Iterator[str]:
    if isinstance(column.type, JSON):
        yield from sorted(set(_problems_of_json(value)))
    elif isinstance(column.type, String):
        yield from _problems_of_text(value, column.type.length)
    elif isinstance(column.type, Integer):
        if not isinstance(value, int):
            yield "is not a whole number"
        elif not isinstance(column.type, BigInteger) and abs(value) > LARGEST_INTEGER:
            yield f"is a number beyond {LARGEST_INTEGER}"


def _problems_of_text(value: object, length: int | None) -> Iterator[str]:
    if not isinstance(value, str):
        yield "is not text"
        return
    if "\x00" in value:
        yield "holds a NUL character"
    if length is not None and len(value) > length:
        yield f"is longer than {length} characters"


def _problems_of_json(value: object) -> Iterator[str]:
    if isinstance(value, str):
        if "\x00" in value:
            yield "holds a NUL character (\\u0000) in its JSON"
        if any("\ud800" <= letter <= "\udfff" for letter in value):
            yield "holds half a character (a lone surrogate) in its JSON"
    elif isinstance(value, float):
        if not math.isfinite(value):
            yield "holds a number in its JSON that JSON does not know"
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _problems_of_json(name)
            yield from _problems_of_json(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _problems_of_json(inner)


def digest(table: Table, row: Row) -> bytes:
    """A digest of what a row says, whichever database it was read from."""
    values = [_plain(row[column.name]) for column in table.columns]
    return hashlib.sha256(json.dumps(values, sort_keys=True, default=str).encode()).digest()


def _plain(value: object) -> object:
    """The value in JSON's terms. PostgreSQL spells numbers of JSON its own way: 1e2 becomes 100."""
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, Decimal):
        return {"decimal": format(value.normalize(), "f")}
    if isinstance(value, float):
        return int(Decimal(repr(value))) if value.is_integer() else value
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value
