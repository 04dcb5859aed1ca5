"""Accounts in a real browser on a real first run: the printed link, an invitation, a guest who signs up."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from tests.factories.modules import make_item, make_module
from tests.factories.people import make_account
from tests.live import Site
from webapp.models.account import Account

pytestmark = pytest.mark.needs("browser")
PASSWORD = "three blue bicycles"


def open_account(page: Page, name: str, button: str) -> None:
    """Fill in the fields that every new account needs."""
    page.get_by_label("Name to sign in with").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("The same password again").fill(PASSWORD)
    page.get_by_role("button", name=button).click()


def fresh(browser: Browser, *, script: bool) -> BrowserContext:
    return browser.new_context(java_script_enabled=script)


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_from_the_printed_link_to_an_instructor(
    make_site: Callable[..., Site], browser: Browser, script: bool
) -> None:
    site = make_site()
    printed = re.search(r"http://127\.0\.0\.1:\d+(/link/[\w-]+)", site.log)
    assert printed, site.log
    desk = fresh(browser, script=script).new_page()
    desk.goto(site.url + printed.group(1))
    open_account(desk, "Ruth", "Become administrator")
    desk.get_by_role("link", name="Accounts").click()
    expect(desk.get_by_role("heading", name="Accounts", level=1)).to_be_visible()
    desk.get_by_label("Whom it is for").fill("Ines")
    desk.get_by_role("button", name="Make the link").click()
    link = desk.get_by_label("Copy it now").input_value()
    colleague = fresh(browser, script=script).new_page()
    colleague.goto(link)
    open_account(colleague, "Ines", "Accept the invitation")
    expect(colleague).to_have_url(site.url + "/teach")
    colleague.goto(link)
    expect(colleague.get_by_role("heading", level=1)).to_have_text("This link does nothing any more")
    desk.goto(site.url + "/admin/accounts")
    desk.get_by_role("link", name="ines").click()
    desk.get_by_role("button", name="Disable this account").click()
    expect(desk.get_by_text("disabled and signed out everywhere")).to_be_visible()
    colleague.goto(site.url + "/teach")
    expect(colleague.get_by_role("heading", level=1)).to_have_text("Sign in")


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_guest_signs_up_and_goes_on_elsewhere(site: Site, browser: Browser, script: bool) -> None:
    name = f"reader {'with' if script else 'without'} script"
    here = fresh(browser, script=script).new_page()
    here.goto(site.url)
    here.get_by_role("link", name=re.compile("sanctions|China|US", re.IGNORECASE)).first.click()
    here.get_by_role("button", name=re.compile("Start|Begin|Continue")).first.click()
    here.goto(site.url + "/sign-up")
    expect(here.get_by_text("keeps what you have read and answered in this browser")).to_be_visible()
    open_account(here, name, "Sign up")
    expect(here.get_by_text("Your progress is kept with your account")).to_be_visible()
    there = fresh(browser, script=script).new_page()
    there.goto(site.url + "/progress")
    there.get_by_role("link", name="Sign in").first.click()
    there.get_by_label("Name or e-mail address").fill(name.upper())
    there.get_by_label("Password", exact=True).fill(PASSWORD)
    there.get_by_role("button", name="Sign in").click()
    there.goto(site.url + "/progress")
    expect(there.get_by_role("article").or_(there.get_by_role("table")).first).to_be_visible()
    there.goto(site.url + "/account")
    there.get_by_role("button", name="Sign out all other browsers").click()
    here.goto(site.url + "/account")
    expect(here.get_by_role("heading", level=1)).to_have_text("Sign in")
    with site.session() as session:
        assert session.scalars(select(Account.is_guest).where(Account.username == name)).all() == [False]


def test_signing_out_leaves_nothing_in_the_browser(site: Site, context: BrowserContext, page: Page) -> None:
    with site.session() as session:
        account = make_account(session, display_name="Ada on a shared computer")
    site.sign_in(context, account)
    page.goto(site.url + "/account")
    page.evaluate("localStorage.setItem('readcheck:unsent:1:x', '[]')")
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_text("You are signed out")).to_be_visible()
    assert page.evaluate("localStorage.length") == 0
    page.go_back()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


@pytest.mark.parametrize("is_shared", [True, False], ids=["shared", "own"])
def test_on_a_shared_computer_waiting_answers_stay_in_memory(
    site: Site, browser: Browser, is_shared: bool
) -> None:
    """Answers that cannot be sent are kept by the browser, except where others use it."""
    name = f"offline {'shared' if is_shared else 'own'}"
    with site.session() as session:
        module = make_module(session, title=f"Module of {name}")
        make_item(session, module.sections[0])
        slug = module.slug
    context = browser.new_context()
    page = context.new_page()
    page.goto(site.url + "/sign-up")
    open_account(page, name, "Sign up")
    if is_shared:
        page.goto(site.url + "/sign-in")
        page.get_by_label("Name or e-mail address").fill(name)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_label("This is a shared computer").check()
        page.get_by_role("button", name="Sign in").click()
    page.goto(f"{site.url}/m/{slug}/1")
    page.get_by_role("button", name=re.compile("Start|Begin|check", re.IGNORECASE)).first.click()
    page.wait_for_selector("#answers")
    context.set_offline(True)
    page.get_by_role("radio").last.check()
    expect(page.locator("#save-state")).to_contain_text("Not saved, retrying")
    kept = page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('readcheck:unsent'))")
    assert bool(kept) is not is_shared
    context.set_offline(False)
    expect(page.locator("#save-state")).to_contain_text("Saved", timeout=40_000)
    context.close()
