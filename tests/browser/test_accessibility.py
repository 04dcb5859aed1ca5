"""Every page, in a real Chromium: axe, no sideways scrolling, text twice as large, no complaint of the browser.

By default in light at 320 and in dark at 1280 px, and the whole matrix on one page of each template;
`pytest --full`: the whole matrix on every page.
"""

from __future__ import annotations

import itertools

import pytest
from flask import Flask
from playwright.sync_api import Page

from tests.browser.checks import axe_violations, cut_text, form_of_a_page, sideways, small_targets
from tests.browser.conftest import OpenPage, Visitors
from tests.browser.places import NOT_PAGES, PLACES, Place

pytestmark = pytest.mark.needs("browser")

THEMES = ("light", "cream", "dark", "contrast", "forced")
WIDTHS = (320, 768, 1280)
ALL_LOOKS = tuple(itertools.product(THEMES, WIDTHS))
USUAL_LOOKS = (("light", 320), ("dark", 1280))
FIRST_OF_ITS_TEMPLATE = {place.endpoint: place for place in reversed(PLACES)}
ENDLESS_WORDS = """() => {
  for (const element of document.querySelectorAll("main [dir=auto], main bdi, .masthead bdi, .sentence, .choice-text")) {
    if (!element.children.length && element.textContent.trim()) element.textContent = "W".repeat(300);
  }
}"""


def _look_at(page: Page, theme: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(
        color_scheme="dark" if theme == "dark" else "light",
        forced_colors="active" if theme == "forced" else "none",
        reduced_motion="reduce",
    )
    page.evaluate(
        "theme => { document.documentElement.dataset.theme = theme; }",
        theme if theme in ("cream", "contrast") else "system",
    )


def _twice_as_large(page: Page) -> list[str]:
    """What is cut or pushed aside where the reader's text is 200 % of the usual size."""
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    wrong = []
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        wrong += [f"200 % at {width}: {problem}" for problem in cut_text(page)]
    return wrong + [f"200 % at 1280: {problem}" for problem in sideways(page)]


def _with_endless_words(page: Page) -> list[str]:
    """What happens at 320 px when people's texts are one long word. Last of all: it spoils the page."""
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.set_viewport_size({"width": 320, "height": 800})
    page.evaluate(ENDLESS_WORDS)
    return [f"endless words: {problem}" for problem in sideways(page)]


def test_every_page_is_listed(app: Flask) -> None:
    answering = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    listed = {place.endpoint for place in PLACES} | NOT_PAGES.keys()
    assert answering - listed == set(), "pages that no browser test looks at"
    assert listed - answering == set(), "listed, but gone"


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.id)
def test_the_page_is_for_everybody(place: Place, visitors: Visitors, full: bool) -> None:
    page, watch = visitors.visit(place)
    _look_at(page, "light", 1280)
    wrong = form_of_a_page(page)
    looks = ALL_LOOKS if full or FIRST_OF_ITS_TEMPLATE[place.endpoint] is place else USUAL_LOOKS
    for theme, width in looks:
        _look_at(page, theme, width)
        found = axe_violations(page) + sideways(page)
        wrong += [f"{theme} {width}: {problem}" for problem in found]
        if theme == "light":
            wrong += small_targets(page)
    wrong += _twice_as_large(page) + _with_endless_words(page) + watch.take()
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("path", "who", "status"),
    [
        ("/m/never-there", "stranger", 404),
        ("/link/never-there", "stranger", 404),
        ("/teach", "learner", 403),
        ("/sign-out", "learner", 405),
    ],
)
def test_a_page_that_says_no_is_for_everybody_too(
    path: str, who: str, status: int, open_page: OpenPage
) -> None:
    page, watch = open_page(path, who=who, status=status)
    wrong = form_of_a_page(page)
    for theme, width in ALL_LOOKS:
        _look_at(page, theme, width)
        wrong += [f"{theme} {width}: {problem}" for problem in axe_violations(page) + sideways(page)]
    wrong += _twice_as_large(page)
    wrong += [complaint for complaint in watch.take() if f"status of {status}" not in complaint]
    assert not wrong, "\n".join(wrong)
