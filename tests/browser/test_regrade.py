"""Fixing the scores of a question in a real browser: edit its key, preview, apply, take back; the learner sees it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.checks import WIDE_THINGS, Watch
from tests.factories.finished import make_finished_attempt
from tests.factories.modules import make_item, make_module
from tests.factories.people import make_account
from tests.live import Site

pytestmark = pytest.mark.needs("browser")


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def test_a_wrong_key_is_mended_and_taken_back(site: Site, context: BrowserContext, browser: Browser) -> None:
    with site.session() as session:
        module = make_module(session)
        item = make_item(session, module.sections[0])
        learner = make_account(session)
        attempt = make_finished_attempt(session, learner, module.sections[0], [False])
        teacher = make_account(session, "instructor")
    theirs = browser.new_context()
    site.sign_in(theirs, learner)
    result = theirs.new_page()
    result.goto(f"{site.url}/attempts/{attempt.id}/result")
    expect(result.get_by_role("heading", level=1)).to_have_text("Your result: 0 of 1")

    watch = Watch(site.url)
    watch.on(context)
    site.sign_in(context, teacher)
    page = context.new_page()
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(f"{site.url}/teach/modules/{module.id}/items/{item.id}")
    page.get_by_label("Option 2 is right").check()
    press(page, "Save")
    expect(page.get_by_role("heading", name="What changed in the question")).to_be_visible()
    page.get_by_label("Grade them by the question as it is now (new key)").check()
    press(page, "See what would change")
    expect(page.locator("#preview")).to_contain_text("1 attempt, 1 changes. Mean 0.00 to 100.00 %.")
    assert page.evaluate(WIDE_THINGS) == []
    result.reload()
    expect(result.get_by_role("heading", level=1)).to_have_text("Your result: 0 of 1")
    press(page, "Change the scores")
    result.reload()
    expect(result.get_by_role("heading", level=1)).to_have_text("Your result: 1 of 1")
    expect(result.locator("#q1-feedback")).to_contain_text("Correct.")
    expect(result.locator("#q1-feedback")).to_contain_text("graded anew")

    page.get_by_role("button", name="Take it back").click()
    page.get_by_role("button", name="Take it back").last.click()
    expect(page.get_by_text("taken back", exact=True)).to_be_visible()
    result.reload()
    expect(result.get_by_role("heading", level=1)).to_have_text("Your result: 0 of 1")
    assert watch.complaints == []
    theirs.close()
