"""Every walkthrough in a real browser, with the same scores after every step as through services and pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy.orm import Session

from tests.browser.browser_driver import SERVE_AS_TOLD, BrowserDriver, ToldToSite
from tests.browser.checks import Watch
from tests.client import SECRET
from tests.integration.walkthroughs.stage import Stage, set_stage
from tests.integration.walkthroughs.walkthrough import done_by, play_on, read_rows, rules_in
from tests.live import Site, free_port
from webapp.config import Settings
from webapp.database import make_engine
from webapp.models.account import Account

pytestmark = pytest.mark.needs("browser")
ASKS_NO_TIME = "{ const real = setInterval; setInterval = (what, ms) => (ms < 10000 ? real(what, ms) : 0); }"
"""A page with a clock asks every 15 seconds what time it is. In a walkthrough hours pass between two clicks; what is
open then is open as it was, on a slow machine too."""


@dataclass
class School:
    """A running site whose clock is told, and browsers that one learner and one instructor after the other use."""

    site: Site
    clock: Path
    browser: Browser
    contexts: dict[str, BrowserContext] = field(default_factory=dict)
    watches: dict[str, Watch] = field(default_factory=dict)
    pages: dict[int, Page] = field(default_factory=dict)

    def page_of(self, account: Account) -> Page:
        """The person's page; somebody else's browser is wiped for them, which is much quicker than a new one."""
        if account.id not in self.pages:
            kind = account.roles[0].name
            if kind not in self.contexts:
                self.contexts[kind] = self.browser.new_context()
                self.contexts[kind].add_init_script(ASKS_NO_TIME)
                self.watches[kind] = Watch(self.site.url)
                self.watches[kind].on(self.contexts[kind])
            self.contexts[kind].clear_cookies()
            self.site.sign_in(self.contexts[kind], account)
            self.pages[account.id] = self.contexts[kind].new_page()
        return self.pages[account.id]

    def complaints(self) -> list[str]:
        """What the browsers complained about, but for steps that were refused as they should be."""
        return [
            complaint
            for watch in self.watches.values()
            for complaint in watch.take()
            if "the server responded with a status of 4" not in complaint
        ]

    def leave(self) -> None:
        """Everybody closes their page."""
        for page in self.pages.values():
            page.close()
        self.pages.clear()

    def close(self) -> None:
        """Close the browsers."""
        for context in self.contexts.values():
            context.close()


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[School]:
    """One site and its browsers for all walkthroughs of a process."""
    folder = tmp_path_factory.mktemp("walkthroughs")
    clock = folder / "told"
    ToldToSite(file=clock)
    site = Site(Settings(data=folder / "data", secret=SECRET), free_port(), environment={"TOLD": str(clock)})
    site.program = SERVE_AS_TOLD
    made = School(site.start(), clock, browser)
    yield made
    made.close()
    assert site.stop() == 0, site.log


@pytest.fixture
def stage_for(school: School) -> Iterator[Callable[[dict[str, str]], Stage]]:
    """`stage_for(rules)`: a course of its own on the running site, looked at by a session that holds no writer up."""
    engine = make_engine(school.site.settings)
    with Session(engine) as looking:

        def make(rules: dict[str, str]) -> Stage:
            told = ToldToSite(file=school.clock)
            with school.site.session() as session:
                stage = set_stage(session, told, rules)
                assert stage.account.roles
                session.expunge_all()
            return replace(stage, session=looking)

        yield make
    engine.dispose()
    school.leave()


@pytest.mark.parametrize("path", done_by(BrowserDriver.abilities), ids=lambda path: path.stem)
def test_in_a_browser(path: Path, school: School, stage_for: Callable[[dict[str, str]], Stage]):
    rows = read_rows(path)
    stage = stage_for(rules_in(rows))
    assert play_on(stage, rows, lambda own: BrowserDriver(own, school.site, school.page_of)) > 3
    assert school.complaints() == []
