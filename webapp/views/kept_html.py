"""Pieces of pages, made once for all who see the same, and kept.

A question in one wording, order and state; the masthead of one kind of page for one kind of reader; the way
on from a section: a class at work sees the same few dozen pieces again and again, and each costs as much as
several queries. What is in a piece decides its key; what differs each time (a form's token, an address) is
put in afterwards.
"""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache
from secrets import token_hex
from typing import Any

from flask import Flask, current_app, request

from webapp import identity
from webapp.extensions import masked_token
from webapp.services.access import Person
from webapp.services.attempt_views import SlotView
from webapp.services.preferences import Preferences
from webapp.views.language import current_language

Html = Any
"""What a template gave: safe to put into another, whose name only the audited modules may use."""

KEPT_QUESTIONS = 2048
KEPT_MASTHEADS = 512
KEPT_PARTS = 1024
"""Together some six megabytes a process."""
_UNGUESSABLE = token_hex(8)
"""Nobody can write a text in which something of a reader's would be put."""
ADDRESS, REPORT, SIMILAR, TOKEN, PAGE = (
    f"put-the-{what}-here-{_UNGUESSABLE}" for what in ("address", "report", "similar", "token", "page")
)


def asked(slot: SlotView, total: int, lang: str, check_url: str | None = None) -> Html:
    """`asked` of attempts/question.html. What was typed and refused is one person's, and not kept."""
    if slot.typed is not None or slot.error:
        return _macro("asked")(slot, total, lang, check_url)
    piece = _question("asked", current_language(), _Shown(slot), total, lang, ADDRESS if check_url else None)
    return piece.replace(ADDRESS, check_url) if check_url else piece


def reviewed(
    slot: SlotView,
    total: int,
    lang: str,
    evidence_url: str | None = None,
    report_url: str | None = None,
    similar_url: str | None = None,
) -> Html:
    """`reviewed` of attempts/question.html, which shows nothing of what an older page sent since."""
    if slot.typed is not None or slot.error:
        slot = slot._replace(typed=None, error="")
    put = {REPORT: report_url, SIMILAR: similar_url if slot.similar.offer else None}
    places = [place if address else None for place, address in put.items()]
    piece = _question("reviewed", current_language(), _Shown(slot), total, lang, evidence_url, *places)
    for place, address in put.items():
        piece = piece.replace(place, address) if address else piece
    return piece


def masthead(preferences: Preferences) -> Html:
    """layouts/masthead.html for whoever asks, on the page that is asked for."""
    person = identity.current_account()
    piece = _masthead(current_language(), request.endpoint, _Reader(person), preferences)
    return piece.replace(TOKEN, masked_token()).replace(PAGE, request.path)


def part(name: str, template: str, *values: Hashable) -> Html:
    """A macro's HTML, which depends on nothing but these values and the language."""
    return _part(current_language(), template, name, *values)


def form(name: str, template: str, *values: Hashable) -> Html:
    """The same for a macro that makes a form; it takes the token as its last parameter."""
    return part(name, template, *values, TOKEN).replace(TOKEN, masked_token())


class _Shown:
    """A view as a key: everything of it that its HTML shows, which is all but the time of saving."""

    __slots__ = ("parts", "slot")

    def __init__(self, slot: SlotView) -> None:
        self.slot = slot
        self.parts = slot._replace(response=repr(slot.response), saved_at=None)  # type: ignore[arg-type] # hashable

    def __hash__(self) -> int:
        return hash(self.parts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Shown) and self.parts == other.parts


class _Reader:
    """A person as a key: what the masthead shows of them."""

    __slots__ = ("parts", "person")

    def __init__(self, person: Person | None) -> None:
        self.person = person
        self.parts = (
            (person.name, person.is_guest, person.is_instructor, person.is_administrator) if person else ()
        )

    def __hash__(self) -> int:
        return hash(self.parts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Reader) and self.parts == other.parts


@lru_cache(KEPT_QUESTIONS)
def _question(
    name: str, _language: str, shown: _Shown, total: int, lang: str, *addresses: str | None
) -> Html:
    return _macro(name)(shown.slot, total, lang, *addresses)


@lru_cache(KEPT_MASTHEADS)
def _masthead(language: str, _endpoint: str | None, reader: _Reader, preferences: Preferences) -> Html:
    return _macro("masthead", "layouts/masthead.html")(reader.person, preferences, language, TOKEN, PAGE)


@lru_cache(KEPT_PARTS, typed=True)
def _part(_language: str, template: str, name: str, *values: Hashable) -> Html:
    return _macro(name, template)(*values)


def _macro(name: str, template: str = "attempts/question.html") -> Html:
    return getattr(current_app.jinja_env.get_template(template).module, name)


def init_app(app: Flask) -> None:
    """Give templates these functions."""
    app.jinja_env.globals.update(
        asked_question=asked, reviewed_question=reviewed, kept_masthead=masthead, kept=part, kept_form=form
    )
