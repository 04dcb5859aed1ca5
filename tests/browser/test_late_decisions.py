"""Pages for who comes too late with a question: everything typed is there, and everybody can use them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.checks import axe_violations, focus_is_lost, form_of_a_page, sideways
from tests.browser.conftest import OpenPage
from tests.browser.places import PLACES

pytestmark = pytest.mark.needs("browser")

PLACE = {place.id: place for place in PLACES}
WIDTHS = (320, 1280)
MINE = "Words of mine that nobody has saved yet?"


def outdate(page: Page) -> None:
    """As if somebody had reworded the question since: the page was made from a wording that is not the newest."""
    page.locator("main [name=version]").evaluate_all(
        "fields => fields.forEach(field => field.value = '999999')"
    )


def expect_a_good_page(page: Page) -> None:
    expect(page.get_by_role("heading", name="As it is stored now")).to_be_visible()
    assert not focus_is_lost(page)
    assert form_of_a_page(page) == []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert axe_violations(page) + sideways(page) == []


@pytest.mark.parametrize(
    ("place", "button"),
    [
        ("items.edit-instructor-multiple_choice", "Save"),
        ("review.queue-instructor-card in its form", "Save and accept"),
    ],
)
def test_a_wording_that_came_too_late_stands_beside_the_stored_one(
    place: str, button: str, open_page: OpenPage
) -> None:
    page, _watch = open_page(PLACE[place])
    page.locator("textarea[name=stem]").fill(MINE)
    outdate(page)
    page.locator("main").get_by_role("button", name=button, exact=True).click()
    expect_a_good_page(page)
    expect(page.locator("textarea[name=stem]")).to_have_value(MINE)


def test_a_reason_that_came_too_late_is_still_there(open_page: OpenPage) -> None:
    page, _watch = open_page(PLACE["review.queue-instructor"])
    outdate(page)
    page.keyboard.press("x")
    page.get_by_label("Why not?").fill("two answers are right")
    page.keyboard.press("Enter")
    expect_a_good_page(page)
    expect(page.get_by_label("Why not?")).to_have_value("two answers are right")
