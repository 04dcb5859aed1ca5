"""The journeys beside reading and reviewing with nothing but the keyboard: accounts, cutting, resets, exports."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Gallery
from tests.browser.keyboard import act, button, follow, tab_to
from tests.factories.attempts import make_attempt
from tests.factories.modules import choice_item, make_item, make_module
from tests.factories.people import make_account
from tests.live import Site
from webapp.models.module import Section, SectionVersion
from webapp.services.grading import submit_attempt

pytestmark = pytest.mark.needs("browser")

PASSWORD = "three blue bicycles"
NEXT_PASSWORD = "four green ladders"
TEXT = "The ferry began in 1902. It carried apples.\n\nThe bridge was opened later. The ferry was sold."


def write(page: Page, label: str, words: str, *, exact: bool = False) -> None:
    """Type into a field, in place of what is there."""
    tab_to(page, page.get_by_label(label, exact=exact))
    page.keyboard.press("Control+a")
    page.keyboard.type(words)


def press(page: Page, name: str) -> None:
    """Go to a button and press it."""
    tab_to(page, button(page, name))
    act(page)


def press_and_confirm(page: Page, name: str) -> None:
    """Go to a button that asks first; its question begins at the harmless answer."""
    tab_to(page, button(page, name))
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    tab_to(page, dialog.get_by_role("button").first)
    act(page)


def new_account(page: Page, name: str, action: str) -> None:
    """What every new account is asked."""
    write(page, "Name to sign in with", name)
    write(page, "Password", PASSWORD, exact=True)
    write(page, "The same password again", PASSWORD)
    press(page, action)


def test_a_guest_gets_an_account_and_leaves_for_good(page: Page, gallery: Gallery) -> None:
    page.goto(f"{gallery.site.url}/m/{gallery.show.slug}")
    press(page, "Start reading")
    page.goto(f"{gallery.site.url}/sign-up")
    new_account(page, "Kim Keys", "Sign up")
    follow(page, page.get_by_role("navigation").get_by_role("link", name="Kim Keys"))
    follow(page, page.get_by_role("link", name="Change your password"))
    write(page, "Present password", PASSWORD)
    write(page, "New password", NEXT_PASSWORD, exact=True)
    write(page, "The same password again", NEXT_PASSWORD)
    press(page, "Change password")
    page.goto(f"{gallery.site.url}/account")
    press(page, "Sign out")
    follow(page, page.get_by_role("navigation").get_by_role("link", name="Sign in"))
    write(page, "Name or e-mail address", "kim keys")
    write(page, "Password", NEXT_PASSWORD, exact=True)
    press(page, "Sign in")
    page.goto(f"{gallery.site.url}/account")
    follow(page, page.get_by_role("link", name="Delete my data"))
    write(page, "Password", NEXT_PASSWORD, exact=True)
    tab_to(page, page.get_by_role("checkbox"))
    page.keyboard.press("Space")
    press(page, "Delete my data")
    expect(page.get_by_role("navigation").get_by_role("link", name="Sign in")).to_be_visible()


def test_an_administrator_invites_and_disables(make_site: Callable[..., Site], browser: Browser) -> None:
    site = make_site()
    printed = re.search(r"http://127\.0\.0\.1:\d+(/link/[\w-]+)", site.log)
    assert printed, site.log
    desk = browser.new_page()
    desk.goto(site.url + printed.group(1))
    new_account(desk, "Ruth", "Become administrator")
    follow(desk, desk.get_by_role("navigation").get_by_role("link", name="Accounts"))
    write(desk, "Whom it is for", "Ines")
    press(desk, "Make the link")
    link = desk.get_by_label("Copy it now").input_value()
    colleague = browser.new_page()
    colleague.goto(link)
    new_account(colleague, "Ines", "Accept the invitation")
    follow(desk, desk.get_by_role("navigation").get_by_role("link", name="Accounts"))
    write(desk, "Name or e-mail address", "ines")
    with desk.expect_navigation():
        desk.keyboard.press("Enter")
    follow(desk, desk.locator("tbody").get_by_role("link", name="ines"))
    press(desk, "Disable this account")
    expect(desk.get_by_text("disabled and signed out everywhere")).to_be_visible()
    press(desk, "Let it sign in again")
    desk.context.close()
    colleague.context.close()


def test_an_instructor_cuts_resets_and_exports(page: Page, gallery: Gallery) -> None:
    with gallery.site.session() as session:
        account = make_account(session, "instructor", display_name="Kay Board")
        learner = make_account(session, display_name="Lee Learner")
        module = make_module(session, sections=[("The ferry", TEXT)], title="The ferry by keys")
        section = session.query(Section).filter_by(module_id=module.id).one()
        words = session.get_one(SectionVersion, section.current_version_id).text
        make_item(session, section, choice_item(words, section=str(section.id)))
        submit_attempt(session, learner.id, make_attempt(session, learner, section).id)
        module_id = module.id
    gallery.site.sign_in(page.context, account)
    page.goto(f"{gallery.site.url}/teach")
    follow(page, page.get_by_role("link", name="Make a module").first)
    tab_to(page, page.get_by_label("Or paste the text"))
    page.keyboard.insert_text(f"The old ferry\n\n{TEXT}")
    press(page, "Continue")
    press(page, "Split here")
    expect(page.locator("fieldset.draft-section")).to_have_count(2)
    press(page, "Join with the previous section")
    expect(page.locator("fieldset.draft-section")).to_have_count(1)
    press_and_confirm(page, "Throw this import away")
    page.goto(f"{gallery.site.url}/teach/modules/{module_id}/learners")
    follow(page, page.get_by_role("link", name="Lee Learner"))
    press_and_confirm(page, "Reset")
    press(page, "Let it count again")
    page.goto(f"{gallery.site.url}/teach/modules/{module_id}/scores")
    tab_to(page, page.locator("[name=profile]:checked"))
    page.keyboard.press("ArrowDown")
    tab_to(page, button(page, "Download"))
    with page.expect_download() as loading:
        page.keyboard.press("Enter")
    assert re.fullmatch(r"scores-.+-long-\d{4}-\d\d-\d\d\.csv", loading.value.suggested_filename)
