"""The words of pages in the reader's language: looked up once, not once a page."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flask import Flask, g
from flask_babel import get_locale, get_translations
from markupsafe import Markup

KEPT_WORDS = 4096
"""More than all messages of all templates in two languages."""


def translate(message: str, **values: object) -> Markup:
    """`_()` in templates. The message is ours and may hold markup; the values are escaped."""
    text = _text(message, current_language())
    return text % values if values or "%" in text else text


def translate_number(singular: str, plural: str, number: int, **values: object) -> Markup:
    """`ngettext()` in templates."""
    text = Markup(_catalogue().ngettext(singular, plural, number))  # noqa: S704 (our own words, as below)
    return text % {"num": number, **values}


@lru_cache(KEPT_WORDS)
def _text(message: str, _language: str) -> Markup:
    return Markup(_catalogue().gettext(message))  # noqa: S704 (our own words, from templates and translations)


def current_language() -> str:
    """The language of this request's pages, e.g. `en`: found once."""
    language: str | None = g.get("language")
    if language is None:
        language = g.language = str(get_locale())
    return language


def _catalogue() -> Any:  # noqa: ANN401 (Babel's translations have no type)
    return get_translations()


def init_app(app: Flask) -> None:
    """Give templates these quick functions in place of Jinja's general ones."""
    app.jinja_env.globals.update(
        _=translate, gettext=translate, ngettext=translate_number, get_locale=current_language
    )
    app.jinja_env.newstyle_gettext = True  # type: ignore[attr-defined] # what {% trans %} compiles to
