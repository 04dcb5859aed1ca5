"""Waiting for a page whose policy forbids evaluated text.

Playwright's own `wait_for_function` evaluates its expression in the page from a timer, which our Content-Security-
Policy refuses unless the expression holds at the first look: it would pass or fail with the speed of the machine.
"""

from __future__ import annotations

import time

from playwright.sync_api import Page

PATIENCE_S = 15.0
LOOK_EVERY_MS = 25


def until(page: Page, expression: str, arg: object = None) -> None:
    """Look again and again from outside until the expression holds; AssertionError when patience ends."""
    end = time.monotonic() + PATIENCE_S
    while not page.evaluate(expression, arg):
        assert time.monotonic() < end, f"never came true: {expression}"
        page.wait_for_timeout(LOOK_EVERY_MS)
