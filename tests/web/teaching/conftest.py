"""A module, and people who teach it, each in a browser of their own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from tests.client import Client
from tests.factories.modules import make_module
from tests.factories.people import make_account
from tests.pages import Browser
from webapp.models.account import Account
from webapp.models.module import Module


@pytest.fixture
def module(session: Session) -> Module:
    return make_module(session)


@pytest.fixture
def browser_of(session: Session, client_for: Callable[[Account], Client]) -> Callable[[str], Browser]:
    """`browser_of("Ann")`: an instructor of that name at their desk."""
    return lambda name: Browser(client_for(make_account(session, "instructor", display_name=name)))


@pytest.fixture
def desk(browser_of: Callable[[str], Browser]) -> Browser:
    return browser_of("Tess")


@pytest.fixture
def teacher(desk: Browser) -> Client:
    """Her browser, for what is no form of a page."""
    return desk.client
