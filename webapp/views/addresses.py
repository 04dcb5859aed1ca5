"""What can stand in an address: a number or a word that no database row can have leads nowhere (404)."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import IntegerConverter, Map, UnicodeConverter

LARGEST_ID = 2**31 - 1
"""Beyond it PostgreSQL has no integer, and SQLite soon none either."""


class Number(IntegerConverter):
    """`<int:...>`, no larger than a row's number can be."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LARGEST_ID)


class Word(UnicodeConverter):
    """`<...>` without NUL, which PostgreSQL can neither keep nor compare."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map)
        self.regex = r"[^/\x00]+"


def init_app(app: Flask) -> None:
    """Before any blueprint is registered: rules take their converters when they are made."""
    app.url_map.converters["int"] = Number
    app.url_map.converters["default"] = Word
