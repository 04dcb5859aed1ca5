"""The pages of fixing scores as everybody meets them: narrow and wide, without a script, by the keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.checks import Watch, axe_violations, sideways
from tests.factories.finished import make_finished_attempt
from tests.factories.modules import make_item, make_module
from tests.factories.people import make_account
from tests.live import Site
from webapp.models.account import Account
from webapp.models.attempt import Attempt
from webapp.models.item import Item
from webapp.models.module import Module

pytestmark = pytest.mark.needs("browser")


def expect_a_good_page(page: Page) -> None:
    """For everybody, on a phone and on a desk."""
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert axe_violations(page) + sideways(page) == []


def press(page: Page, name: str) -> None:
    """With the keyboard alone."""
    button = page.locator("main").get_by_role("button", name=name, exact=True)
    button.focus()
    with page.expect_navigation():
        button.press("Enter")


def make_class(site: Site) -> tuple[Account, Account, Module, Item, Attempt]:
    """An instructor; a learner who got a question wrong; another who got it right, and one who was asked later."""
    with site.session() as session:
        module = make_module(session)
        item = make_item(session, module.sections[0])
        make_item(session, module.sections[0])
        learner = make_account(session)
        attempt = make_finished_attempt(session, learner, module.sections[0], [False, True])
        make_finished_attempt(session, make_account(session), module.sections[0], [True, True])
        return make_account(session, "instructor"), learner, module, item, attempt


def test_every_state_of_the_page(site: Site, context: BrowserContext, browser: Browser) -> None:
    teacher, learner, module, item, attempt = make_class(site)
    watch = Watch(site.url)
    watch.on(context)
    site.sign_in(context, teacher)
    page = context.new_page()
    page.goto(f"{site.url}/teach/modules/{module.id}/items/{item.id}")
    page.get_by_label("Question", exact=True).fill("Which of these does this text say?")
    page.get_by_label("Option 2 is right").check()
    press(page, "Save")
    expect(page.get_by_text("removed: the", exact=True)).to_be_attached()
    expect_a_good_page(page)
    with site.session() as session:
        make_finished_attempt(session, make_account(session), module.sections[0], [False, True])
    page.get_by_label("Grade them by the question as it is now (new key)").check()
    page.get_by_label("Nobody's score goes down").check()
    press(page, "See what would change")
    expect(page.locator("#preview")).to_contain_text("1 goes up, nobody goes down.")
    expect_a_good_page(page)
    press(page, "Change the scores")
    page.locator("main summary").click()
    expect_a_good_page(page)
    theirs = browser.new_context()
    site.sign_in(theirs, learner)
    result = theirs.new_page()
    result.goto(f"{site.url}/attempts/{attempt.id}/result")
    expect(result.locator("#q1-feedback")).to_contain_text("Correct.")
    expect_a_good_page(result)
    theirs.close()
    assert watch.complaints == []


def test_without_a_script(site: Site, browser: Browser) -> None:
    teacher, _learner, module, item, _attempt = make_class(site)
    context = browser.new_context(java_script_enabled=False)
    site.sign_in(context, teacher)
    page = context.new_page()
    page.goto(f"{site.url}/teach/modules/{module.id}/items/{item.id}/regrade")
    page.get_by_label("Drop the question: it counts neither as earned nor as possible").check()
    press(page, "See what would change")
    expect(page.locator("#preview")).to_contain_text("2 attempts, 2 change. Mean 75.00 to 100.00 %.")
    press(page, "Change the scores")
    expect(page.get_by_text("2 attempts have another score.")).to_be_visible()
    press(page, "Take it back Question dropped")
    expect(page.get_by_text("taken back", exact=True)).to_be_visible()
    context.close()
