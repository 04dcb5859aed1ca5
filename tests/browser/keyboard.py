"""Nothing but the keyboard: to get somewhere, to act there, and never to stand on nothing."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page

from tests.browser.checks import focus_is_lost

MOST_TABS = 80


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until it has the keyboard."""
    wanted.wait_for()
    for _ in range(MOST_TABS):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{MOST_TABS} tabs do not lead to {wanted}")


def act(page: Page, key: str = "Enter") -> None:
    """Press a key that sends a form; the page that answers must have the keyboard somewhere."""
    with page.expect_navigation():
        page.keyboard.press(key)
    page.wait_for_load_state("load")
    assert not focus_is_lost(page), f"nothing has the keyboard on {page.url}"


def follow(page: Page, link: Locator) -> None:
    """Follow a link by keyboard."""
    tab_to(page, link)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def button(page: Page, name: str) -> Locator:
    """The first button of that name."""
    return page.get_by_role("button", name=name).first
