"""Numbers that a browser sends in queries and hidden fields: never larger than a row's number can be."""

from __future__ import annotations

LARGEST_ID = 2**31 - 1
"""Beyond it PostgreSQL has no integer, and SQLite soon none either."""


def row_number(text: str) -> int:
    """The number, for `type=` of `request.args.get`. Raises ValueError: it is none, or beyond all rows."""
    number = int(text)
    if abs(number) > LARGEST_ID:
        raise ValueError("no row has such a number")
    return number
