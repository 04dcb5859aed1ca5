"""Addresses: what can stand in them (what no row can have leads nowhere), and building them quickly."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flask import Flask, request, url_for
from werkzeug.routing import IntegerConverter, Map, UnicodeConverter

from webapp.forms.numbers import LARGEST_ID


class Number(IntegerConverter):
    """`<int:...>`, no larger than a row's number can be."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LARGEST_ID)


class Word(UnicodeConverter):
    """`<...>` without NUL, which PostgreSQL can neither keep nor compare."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map)
        self.regex = r"[^/\x00]+"


@lru_cache(256)
def _fixed(endpoint: str, _host: str, _prefix: str) -> str:
    return url_for(endpoint)


def address(endpoint: str, **values: Any) -> str:  # noqa: ANN401 (what Flask's own takes)
    """`url_for` in templates. Addresses without parts, half of every page's, are built once."""
    if values or endpoint.startswith("."):
        return url_for(endpoint, **values)
    return _fixed(endpoint, request.host, request.script_root)


def init_app(app: Flask) -> None:
    """Before any blueprint is registered: rules take their converters when they are made."""
    app.url_map.converters["int"] = Number
    app.url_map.converters["default"] = Word
    app.jinja_env.globals["url_for"] = address
