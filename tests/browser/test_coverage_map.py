"""The coverage map in a real browser, by keyboard: from the module to a sentence, its question, and one more written."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.checks import Watch, axe_violations, sideways
from tests.factories.modules import make_item, make_module
from tests.factories.people import make_account
from tests.live import Site

pytestmark = pytest.mark.needs("browser")

FREE = "Ships from nine countries called in the first year."
MINE = "How many countries sent ships in the first year?"


def press(link: Locator) -> None:
    """With the keyboard alone."""
    link.focus()
    link.press("Enter")


def go_to_the_map(page: Page) -> None:
    """From the module's page."""
    with page.expect_navigation():
        press(page.get_by_role("link", name="Coverage map of Introduction"))


def write_about_the_free_sentence(page: Page) -> None:
    with page.expect_navigation():
        press(page.get_by_role("link", name="Write a question"))
    page.get_by_label("Question", exact=True).fill(MINE)
    page.locator("[name=option_0]").fill("Nine")
    page.locator("[name=option_1]").fill("Four")
    page.locator("[name=option_2]").fill("Two")
    page.locator("[name=feedback_1]").fill("Four years is how long the repairs took.")
    page.get_by_label("Option 1 is right").check()
    page.locator("[name=evidence]").fill(FREE)
    with page.expect_navigation():
        press(page.get_by_role("button", name="Add question"))


def test_from_a_gap_to_a_question(make_site: Callable[..., Site], browser: Browser) -> None:
    site = make_site()
    with site.session() as session:
        teacher = make_account(session, "instructor")
        module = make_module(session)
        make_item(session, module.sections[0], level="retrieve")
        make_item(session, module.sections[0], state="proposed", origin="generated", level="infer")
        path = f"{site.url}/teach/modules/{module.id}"
    context = browser.new_context(viewport={"width": 1280, "height": 600})
    watch = Watch(site.url)
    watch.on(context)
    site.sign_in(context, teacher)
    page = context.new_page()
    page.goto(path)
    expect(page.get_by_text("1 of 3 sentences.")).to_be_visible()
    go_to_the_map(page)
    expect(page.locator(".map mark")).to_have_count(1)
    free = page.locator(".map .sentence", has_text=FREE)
    expect(free.locator("mark")).to_have_count(0)
    press(page.get_by_role("link", name="Question 1", exact=True))
    expect(page.locator("#question-1")).to_be_in_viewport()
    press(page.get_by_role("link", name="To its sentence 1"))
    expect(page.locator(".map mark")).to_be_in_viewport()
    write_about_the_free_sentence(page)
    page.goto(path)
    go_to_the_map(page)
    expect(free.locator("mark")).to_have_count(1)
    expect(page.get_by_text("2 of 3 sentences have a question in use.")).to_be_visible()
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert axe_violations(page) + sideways(page) == []
    context.close()
    assert watch.complaints == []
