"""What a page weighs on its way to a reader: compressed HTML, style, scripts, and the number of requests."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flask import Flask, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from questions.items.base import Evidence
from questions.reading.article import Block, Span
from questions.reading.article import Section as ReadSection
from tests.browser.places import PLACES, Place
from tests.client import Client
from tests.factories.attempts import make_attempt
from tests.factories.modules import choice_item, make_item, make_module
from tests.factories.people import make_account
from tests.factories.showcase import Showcase, make_showcase
from webapp.models.account import Account
from webapp.models.module import Section, SectionVersion
from webapp.services import grading, section_html

KB = 1024
CSS_LIMIT = 10 * KB
LIBRARY = Path(__file__).parents[2] / "webapp" / "library"
CHROMIUM_ACCEPTS = "gzip, deflate, br, zstd"


@dataclass(frozen=True)
class Budget:
    """The most that one kind of page may take, in bytes and requests."""

    html: int
    scripts: int
    first_visit: int


LEARNER = Budget(html=14 * KB, scripts=15 * KB, first_visit=5)
INSTRUCTOR = Budget(html=25 * KB, scripts=30 * KB, first_visit=7)
TEACHES = ("instructor", "idle_instructor", "administrator")


@dataclass
class Visit:
    """One page and everything it asks for."""

    html: int
    styles: dict[str, int]
    scripts: dict[str, int]
    others: dict[str, int]

    @property
    def requests(self) -> int:
        return 1 + len(self.styles) + len(self.scripts) + len(self.others)


def _get(client: Client, path: str) -> tuple[str, int, Any]:
    """A response's text, its compressed size, and its headers."""
    with client.get(path, headers={"Accept-Encoding": CHROMIUM_ACCEPTS}) as response:
        assert response.status_code == 200, path
        size = len(response.data)
        headers = response.headers
    with client.get(path, headers={"Accept-Encoding": "identity"}) as plain:
        return plain.text, size, headers


def visit(client: Client, path: str) -> Visit:
    """Fetch a page as a browser that has nothing cached."""
    html, size, headers = _get(client, path)
    assert headers.get("Content-Encoding") in {"gzip", "br", "zstd"}, f"{path} is not compressed"
    found = Visit(size, {}, {}, {})
    for tag in re.findall(r"<(?:link|script|img)\b[^>]*>", html):
        address = re.search(r'(?:href|src)="([^"]+)"', tag)
        if address is None:
            continue
        if tag.startswith("<script"):
            _follow(client, address[1], found)
        else:
            kind = found.styles if 'rel="stylesheet"' in tag else found.others
            kind[address[1]] = _file(client, address[1])[1]
    return found


def _file(client: Client, path: str) -> tuple[str, int]:
    text, size, headers = _get(client, path)
    assert "immutable" in headers["Cache-Control"], f"{path} would be asked for again"
    return text, size


def _follow(client: Client, path: str, found: Visit) -> None:
    """A script and the modules it imports."""
    if path not in found.scripts:
        text, found.scripts[path] = _file(client, path)
        for name in re.findall(r'(?:from|import)\s*"(\.[^"]+)"', text):
            _follow(client, posixpath.normpath(posixpath.join(posixpath.dirname(path), name)), found)


def _too_heavy(found: Visit, budget: Budget) -> list[str]:
    measured = {
        "html": (found.html, budget.html),
        "style": (sum(found.styles.values()), CSS_LIMIT),
        "scripts": (sum(found.scripts.values()), budget.scripts),
        "requests on the first visit": (found.requests, budget.first_visit),
    }
    return [f"{what}: {value} > {limit}" for what, (value, limit) in measured.items() if value > limit]


def test_every_page_keeps_to_its_budget(
    app: Flask, session: Session, client: Client, client_for: Callable[[Account], Client]
) -> None:
    show = make_showcase(session)
    browsers: dict[str, Client] = {"stranger": client}
    heavy = []
    for place in PLACES:
        if place.who not in browsers:
            browsers[place.who] = client_for(session.get_one(Account, getattr(show, place.who)))
        budget = INSTRUCTOR if place.who in TEACHES else LEARNER
        found = visit(browsers[place.who], _path(app, place, show))
        heavy += [f"{place.id}: {problem}" for problem in _too_heavy(found, budget)]
    assert not heavy, "\n".join(heavy)


def _path(app: Flask, place: Place, show: Showcase) -> str:
    with app.test_request_context():
        return url_for(place.endpoint, **place.values(show))


def test_a_long_section_with_all_its_feedback_keeps_to_the_budget(
    session: Session, client_for: Callable[[Account], Client]
) -> None:
    """1,500 words and eight checked questions: as long as a section should be."""
    words = " ".join(path.read_text() for path in sorted(LIBRARY.glob("*.md"))).split()[:1500]
    paragraphs = [" ".join(words[at : at + 90]) for at in range(0, len(words), 90)]
    text = "\n\n".join(paragraphs)
    module = make_module(session, sections=[("A long one", text)])
    section = session.scalars(select(Section).where(Section.module_id == module.id)).one()
    version = session.get_one(SectionVersion, section.current_version_id)
    version.html = section_html.render(_read(text, paragraphs))
    for paragraph in paragraphs[:8]:
        make_item(session, section, choice_item(paragraph, section=str(section.id)))
    learner = make_account(session)
    attempt = make_attempt(session, learner, section)
    grading.submit_attempt(session, learner.id, attempt.id)
    session.commit()
    found = visit(client_for(learner), f"/m/{module.slug}/1")
    assert not _too_heavy(found, LEARNER)


def test_the_map_of_a_long_section_keeps_to_the_budget(
    session: Session, client_for: Callable[[Account], Client]
) -> None:
    """1,500 words and thirty questions, half of them waiting."""
    words = " ".join(path.read_text() for path in sorted(LIBRARY.glob("*.md"))).split()[:1500]
    paragraphs = [" ".join(words[at : at + 50]) for at in range(0, len(words), 50)]
    text = "\n\n".join(paragraphs)
    module = make_module(session, sections=[("A long one", text)])
    section = session.scalars(select(Section).where(Section.module_id == module.id)).one()
    for number, paragraph in enumerate(paragraphs):
        start = text.index(paragraph)
        evidence = Evidence(str(section.id), start, start + 200, text[start : start + 200])
        item = replace(choice_item(paragraph, stem=f"What of {paragraph[:80]}?"), evidence=(evidence,))
        make_item(session, section, item, state="accepted" if number % 2 else "proposed")
    teacher = client_for(make_account(session, "instructor"))
    found = visit(teacher, f"/teach/modules/{module.id}/sections/{section.id}/coverage")
    assert not _too_heavy(found, INSTRUCTOR)


def _read(text: str, paragraphs: list[str]) -> ReadSection:
    blocks, start = [], 0
    for paragraph in paragraphs:
        blocks.append(Block("prose", Span(start, start + len(paragraph))))
        start += len(paragraph) + 2
    return ReadSection(id="1", heading="A long one", text=text, blocks=tuple(blocks))


def test_the_measure_sees_everything_a_page_asks_for(client: Client) -> None:
    found = visit(client, "/sign-in")
    assert 500 < found.html < LEARNER.html
    assert [
        re.sub(r"\.[0-9a-f]+\.", ".", path) for path in (*found.styles, *found.others, *found.scripts)
    ] == [
        "/static/css/readcheck.css",
        "/static/favicon.svg",
        "/static/js/base.js",
    ]
    assert all(
        size > 100 for size in (*found.styles.values(), *found.others.values(), *found.scripts.values())
    )
    assert _too_heavy(found, Budget(html=1, scripts=1, first_visit=1)) != []
