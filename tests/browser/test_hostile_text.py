"""Hostile text in every column, and every page as everybody in a real Chromium: nothing runs, nothing goes out."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Dialog
from sqlalchemy import JSON, String
from werkzeug.routing import MapAdapter

from tests.browser.checks import Watch
from tests.browser.conftest import Gallery, Visitors
from tests.browser.places import PLACES, Place
from tests.client import SECRET
from tests.factories.hostile import LONG, OURS, PRODUCT, SHORT, poison_everything
from tests.factories.showcase import make_showcase
from tests.live import Site, free_port
from webapp.app import create_app
from webapp.config import Settings
from webapp.models.registry import metadata

pytestmark = pytest.mark.needs("browser")

WATCHMAN = """
window.pwned = 0;
window.pwn = () => { window.pwned += 1; };
"""
WRONG = """product => {
  const found = [];
  const strange = 'img, iframe, base, object, embed, meta[http-equiv], form[action*="evil"], ' +
    '[onerror], [onload], [onclick], a[href^="javascript:"], style, script:not([src])';
  for (const element of document.querySelectorAll(strange)) found.push(`made of text: ${element.outerHTML.slice(0, 120)}`);
  if (window.pwned) found.push(`a script ran ${window.pwned} times`);
  const words = document.body.innerText + [...document.querySelectorAll("input, textarea")].map((field) => field.value).join(" ");
  if (words.includes(product)) found.push("a template was evaluated");
  if (/&(amp|lt|gt|quot|#3[49]);(?!b&gt;)/.test(words.replaceAll("&lt;b&gt;", ""))) found.push("escaped twice");
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const holder = walker.currentNode.parentElement;
    if (!/[\\u202a-\\u202e\\u2066-\\u2069]/.test(walker.currentNode.data)) continue;
    if (!holder.closest('[dir], bdi, textarea, option, .visually-hidden')) found.push(`turns lines: ${holder.outerHTML.slice(0, 160)}`);
  }
  return found;
}"""

EVERYBODY = ("stranger", "guest", "learner", "instructor", "administrator")
FOR_ALL = tuple(
    Place(place.endpoint, who, place.values, place.state)
    for place in PLACES
    if place.endpoint.startswith(("reading.", "progress.", "accounts.sign", "links."))
    for who in EVERYBODY
)
FOR_THE_ADMINISTRATOR = tuple(
    Place(place.endpoint, "administrator", place.values, place.state)
    for place in PLACES
    if place.who == "instructor"
)
"""The same templates as the instructor gets: only in the long form of the tests."""
ADDRESSES = (
    "/m/{}",
    "/link/{}",
    "/sign-in?next={}",
    "/sign-up?next=/{}",
    "/admin/accounts?search={}",
    "/teach/modules/1/review?state={}&section={}",
    "/{}",
)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gallery]:
    """A running site that is poisoned from top to bottom."""
    settings = Settings(data=tmp_path_factory.mktemp("hostile") / "data", secret=SECRET)
    site = Site(settings, free_port()).start()
    with site.session() as session:
        show = make_showcase(session)
        poison_everything(session)
    routes: MapAdapter = create_app(settings).url_map.bind(f"127.0.0.1:{site.port}")
    yield Gallery(site, show, routes)
    assert site.stop() == 0, site.log


def _refuse_dialogs(context: BrowserContext, watch: Watch) -> None:
    """Look out for our own script, and complain of every dialog."""

    def refuse(dialog: Dialog) -> None:
        watch.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    context.add_init_script(WATCHMAN)
    context.on("dialog", refuse)


@pytest.fixture(scope="module")
def victims(hostile: Gallery, browser: Browser) -> Iterator[Visitors]:
    """A browser for everybody."""
    made = Visitors(hostile, browser, _refuse_dialogs)
    yield made
    made.close()


def wrong_at(victims: Visitors, who: str, url: str) -> list[str]:
    """Everything that is wrong with the page as this person opens it."""
    page, watch = victims.browser_of(who)
    response = page.goto(url, wait_until="load")
    assert response is not None
    wrong = [f"status {response.status}"] if response.status >= 500 else []
    found: list[str] = page.evaluate(WRONG, PRODUCT)
    # A page that is not there is no mistake of the page.
    said = [words for words in watch.take() if response.ok or "Failed to load resource" not in words]
    return wrong + found + said


def test_every_column_of_words_is_poisoned_or_ours() -> None:
    columns = {
        (table.name, column.name)
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, String | JSON)
    }
    named = {(table, column) for table, names in OURS.items() for column in names}
    assert named <= columns
    too_short = [
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if (table.name, column.name) in columns - named
        and isinstance(column.type, String)
        and (column.type.length or len(SHORT)) < len(SHORT)
    ]
    assert too_short == ["audit_entry.request_id", "answer_event.client_id"], "no room for the poison"


@pytest.mark.parametrize("who", sorted({place.who for place in (*PLACES, *FOR_ALL)}))
def test_no_page_runs_or_sends_anything(hostile: Gallery, victims: Visitors, who: str, full: bool) -> None:
    places = {*PLACES, *FOR_ALL, *(FOR_THE_ADMINISTRATOR if full else ())}
    wrong = [
        f"{place.id}: {problem}"
        for place in sorted(places, key=lambda place: place.id)
        if place.who == who
        for problem in wrong_at(victims, who, hostile.address(place))
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("who", ["stranger", "administrator"])
def test_nor_does_an_address(hostile: Gallery, victims: Visitors, who: str) -> None:
    for address in ADDRESSES:
        for poison in (SHORT, LONG, "javascript:pwn()", "//evil.example", "\\\\evil.example"):
            words = quote(poison, safe="")
            found = wrong_at(victims, who, hostile.site.url + address.format(words, words))
            assert not found, f"{address}: {found}"


def test_nor_what_was_just_typed(hostile: Gallery, victims: Visitors) -> None:
    """A form that was refused shows what was typed."""
    page, watch = victims.browser_of("stranger")
    page.goto(hostile.site.url + "/sign-up")
    page.get_by_label("Name to sign in with").fill(SHORT)
    page.get_by_label("Your name as others see it").fill(LONG[:120])
    page.get_by_role("button", name="Sign up").click()
    page.wait_for_selector(".error-summary")
    assert page.get_by_label("Name to sign in with").input_value() == SHORT
    found = page.evaluate(WRONG, PRODUCT)
    assert found + [words for words in watch.take() if "422" not in words] == []


def test_the_crawl_would_notice(app: Flask, browser: Browser) -> None:
    """The same checks, on a page that shows text as it is."""
    page = browser.new_page()
    page.add_init_script(WATCHMAN)
    page.goto("about:blank")
    page.set_content(f"<main><p>{LONG}</p><p>&amp;lt; {PRODUCT}</p></main>", wait_until="domcontentloaded")
    page.wait_for_timeout(200)
    found = " ".join(page.evaluate(WRONG, PRODUCT))
    for problem in (
        "made of text: <img",
        "a script ran",
        "a template was evaluated",
        "escaped twice",
        "turns lines",
    ):
        assert problem in found, found
    page.close()
