"""A running site with a whole place on it, for all browser tests that only look.

Coverage is not measured here: every line has tests that are nearer to it, and to count the lines of a page takes
as long as to make it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.routing import MapAdapter

from tests.browser.checks import Watch
from tests.browser.places import Place
from tests.client import SECRET
from tests.factories.showcase import Showcase, make_showcase
from tests.live import Site, free_port
from webapp.app import create_app
from webapp.config import Settings
from webapp.models.account import Account

MEASURE_PROCESSES = "COVERAGE_PROCESS_CONFIG"
"""Where coverage tells processes that a test starts to measure themselves, too."""
PATIENCE_MS = 15_000
"""How long what is expected of a page may take: a busy machine is no fault of the page's."""

expect.set_options(timeout=PATIENCE_MS)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Leave the test itself unmeasured."""
    item.add_marker("no_cover")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol() -> Iterator[object]:
    """Leave the servers unmeasured that a test and its fixtures start."""
    told = os.environ.pop(MEASURE_PROCESSES, None)
    try:
        return (yield)
    finally:
        if told is not None:
            os.environ[MEASURE_PROCESSES] = told


@dataclass(frozen=True)
class Gallery:
    """A running site in which there is something on every page."""

    site: Site
    show: Showcase
    routes: MapAdapter

    def address(self, place: Place) -> str:
        """Where the page is."""
        return self.routes.build(place.endpoint, dict(place.values(self.show)), force_external=True)

    def sign_in(self, context: BrowserContext, who: str) -> None:
        """Make this the browser of a person of the showcase; a stranger's needs nothing."""
        if who != "stranger":
            with self.site.session() as session:
                account = session.get_one(Account, getattr(self.show, who))
            self.site.sign_in(context, account)


@pytest.fixture(scope="session")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gallery]:
    """The site; its pages may be looked at, not changed."""
    settings = Settings(data=tmp_path_factory.mktemp("gallery") / "data", secret=SECRET)
    site = Site(settings, free_port()).start()
    with site.session() as session:
        show = make_showcase(session)
    routes = create_app(settings).url_map.bind(f"127.0.0.1:{site.port}")
    yield Gallery(site, show, routes)
    assert site.stop() == 0, site.log


OpenPage = Callable[..., tuple[Page, Watch]]


def _as_it_is(_context: BrowserContext, _watch: Watch) -> None:
    """Nothing more in a visitor's browser than in anybody's."""


@dataclass
class Visitors:
    """One browser for each person of the showcase, for tests that only look at one page after the other.

    `prepare` sees each browser before its first page.
    """

    gallery: Gallery
    browser: Browser
    prepare: Callable[[BrowserContext, Watch], None] = _as_it_is
    met: dict[str, tuple[Page, Watch]] = field(default_factory=dict)

    def browser_of(self, who: str) -> tuple[Page, Watch]:
        """The person's page, and what watches it; made when it is first asked for."""
        if who not in self.met:
            context = self.browser.new_context()
            watch = Watch(self.gallery.site.url)
            watch.on(context)
            self.prepare(context, watch)
            self.gallery.sign_in(context, who)
            self.met[who] = context.new_page(), watch
        return self.met[who]

    def visit(self, place: Place) -> tuple[Page, Watch]:
        """The place as its person meets it."""
        page, watch = self.browser_of(place.who)
        watch.take()
        response = page.goto(self.gallery.address(place))
        assert response is not None
        assert response.status == 200, f"{page.url}: {response.status}"
        return page, watch

    def close(self) -> None:
        """Close every browser."""
        for page, _ in self.met.values():
            page.context.close()


@pytest.fixture(scope="session")
def visitors(gallery: Gallery, browser: Browser) -> Iterator[Visitors]:
    """`visitors.visit(place)`: much quicker than a browser of one's own, which reads each script anew."""
    made = Visitors(gallery, browser)
    yield made
    made.close()


@pytest.fixture
def open_page(gallery: Gallery, browser: Browser) -> Iterator[OpenPage]:
    """`open_page(place, width=…, **context options)`: the page in a browser of its own, being watched.

    A path instead of a place needs `who` and the `status` that is expected.
    """
    contexts: list[BrowserContext] = []

    def make(
        place: Place | str,
        width: int = 1280,
        height: int = 800,
        *,
        who: str = "",
        status: int = 200,
        **options: object,
    ) -> tuple[Page, Watch]:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        watch = Watch(gallery.site.url)
        watch.on(context)
        gallery.sign_in(context, who or place.who)
        page = context.new_page()
        response = page.goto(
            gallery.address(place) if isinstance(place, Place) else f"{gallery.site.url}{place}"
        )
        assert response is not None
        assert response.status == status, f"{page.url}: {response.status}"
        return page, watch

    yield make
    for context in contexts:
        context.close()
