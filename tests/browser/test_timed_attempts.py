"""Timed attempts and whole checks in a real browser: the clock, more time meanwhile, offline and back, no script."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select, update

from tests.browser.learner import Learner
from tests.browser.patience import until
from tests.factories.answers import make_module_of_every_type, right_answer
from tests.factories.people import make_account
from tests.factories.rules import grant, set_rules
from tests.live import Site
from webapp.models.account import Account
from webapp.models.attempt import AnswerEvent, Attempt
from webapp.models.module import Module
from webapp.services import clock
from webapp.services.quiz_rules import GRACE
from webapp.services.windows import refresh_ends

pytestmark = pytest.mark.needs("browser")
_numbers = itertools.count(1)
TYPE_AT_THE_END = """() => {
  const box = document.querySelector("#q3 input[type=text]");
  const looking = setInterval(() => {
    if (/0:0[01]$/.test(document.getElementById("time-left").textContent)) {
      clearInterval(looking);
      box.value = "1,200";
      box.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }
  }, 50);
}"""
"""Types an answer in the last second: in the page, so that a busy machine types no later."""
FOLLOWS_WITHIN_MS = 16_000
"""The page asks the server every 15 seconds."""


class Timed(Learner):
    """A learner with an account at a check with rules."""

    module: Module
    account: Account

    @property
    def clock(self):
        return self.page.locator("#time-left")

    def attempt(self) -> Attempt:
        """The attempt as the database has it."""
        with self.site.session() as session:
            found = select(Attempt).where(Attempt.account_id == self.account.id).order_by(Attempt.id.desc())
            return session.scalars(found).first()

    def let_time_pass(self, span: timedelta) -> None:
        """As if the attempt had been started so much earlier."""
        attempt = self.attempt()
        with self.site.session() as session:
            session.execute(
                update(Attempt)
                .where(Attempt.id == attempt.id)
                .values(started_at=attempt.started_at - span, deadline_at=attempt.deadline_at - span)
            )


@pytest.fixture
def begin(site: Site, page: Page, context: BrowserContext) -> Callable[..., Timed]:
    """`begin(**rules)`: a learner who has started a check with these rules."""

    def begin_one(**rules: object) -> Timed:
        learner = Timed(page, site)
        with site.session() as session:
            learner.module = make_module_of_every_type(session, slug=f"timed-{next(_numbers)}", sections=1)
            learner.account = make_account(session)
            set_rules(session, learner.module.sections[0], **rules)
        site.sign_in(context, learner.account)
        learner.open(f"/m/{learner.module.slug}/1")
        learner.press("Start the check")
        return learner

    return begin_one


def test_at_the_end_the_page_saves_what_is_typed_and_hands_in(begin):
    learner = begin(behaviour="deferred", time_limit_s=12)
    expect(learner.clock).to_have_text(re.compile(r"Time left: 0:\d\d"))
    learner.page.evaluate(TYPE_AT_THE_END)
    learner.fill(1, right_answer(learner.asked()[0]))
    expect(learner.page.get_by_role("heading", name="You have checked this section")).to_be_visible(
        timeout=30_000
    )
    expect(learner.page.locator("#check-foot")).to_contain_text("Your score: 2 of 6.")
    attempt = learner.attempt()
    assert attempt.submitted_at == attempt.deadline_at
    assert attempt.ended_by == "learner"


def test_with_the_browser_closed_the_time_runs_out_all_the_same(begin, browser: Browser):
    learner = begin(behaviour="deferred", time_limit_s=600)
    learner.fill(1, right_answer(learner.asked()[0]))
    expect(learner.page.locator("#save-state")).to_contain_text("Saved")
    learner.page.context.close()
    learner.let_time_pass(timedelta(minutes=10) + GRACE + timedelta(seconds=1))
    elsewhere = browser.new_context()
    learner.site.sign_in(elsewhere, learner.account)
    learner.page = elsewhere.new_page()
    learner.open(f"/m/{learner.module.slug}/1")
    expect(learner.page.locator("#check-foot")).to_contain_text("Your score: 1 of 6.")
    expect(learner.page.locator("#check-foot")).to_contain_text("The time was up")
    attempt = learner.attempt()
    assert (attempt.ended_by, attempt.submitted_at) == ("deadline", attempt.deadline_at)
    elsewhere.close()


def test_more_time_given_meanwhile_reaches_the_page(begin):
    learner = begin(behaviour="deferred", time_limit_s=240)
    expect(learner.clock).to_contain_text(re.compile(r"3:5\d|4:00"))
    with learner.site.session() as session:
        grant(session, learner.module, learner.account, time_percent=200)
        refresh_ends(session, [learner.attempt().quiz_id], [learner.account.id])
    expect(learner.clock).to_contain_text(re.compile(r"7:[345]\d"), timeout=FOLLOWS_WITHIN_MS)
    expect(learner.page.locator("#time-news")).to_contain_text("You have more time")


def test_five_minutes_and_one_minute_are_announced(begin):
    learner = begin(behaviour="deferred", time_limit_s=302)
    expect(learner.page.locator("#time-news")).to_have_text("5 minutes left.")
    learner.let_time_pass(timedelta(seconds=235))
    learner.page.reload()
    expect(learner.page.locator("#time-news")).to_have_text("1 minute left.")


def test_a_wrong_clock_of_the_computer_does_no_harm(begin):
    learner = begin(behaviour="deferred", time_limit_s=600)
    learner.page.clock.install()
    learner.page.clock.set_fixed_time(clock.now() + timedelta(days=400))
    learner.page.reload()
    expect(learner.clock).to_contain_text(re.compile(r"9:\d\d|10:00"))


def test_offline_for_a_whole_section_and_back(begin, context: BrowserContext):
    learner = begin(behaviour="deferred")
    items = learner.asked()
    context.set_offline(True)
    for position, item in enumerate(items, start=1):
        learner.fill(position, right_answer(item))
    expect(learner.page.locator("#save-state")).to_contain_text("Not saved, retrying")
    context.set_offline(False)
    expect(learner.page.locator("#save-state")).to_contain_text("Saved", timeout=40_000)
    until(learner.page, "() => !Object.keys(localStorage).some((key) => key.includes('unsent'))")
    learner.press("Look over my answers")
    learner.press("Hand in")
    expect(learner.page.locator("#check-foot")).to_contain_text(f"Your score: {len(items)} of {len(items)}.")
    with learner.site.session() as session:
        events = session.scalars(
            select(AnswerEvent.position).where(AnswerEvent.attempt_id == learner.attempt().id)
        ).all()
    assert sorted(events) == list(range(1, len(items) + 1)), "each once"


def test_the_whole_of_it_without_a_script(site: Site, browser: Browser):
    context = browser.new_context(java_script_enabled=False)
    learner = Timed(context.new_page(), site, has_script=False)
    with site.session() as session:
        learner.module = make_module_of_every_type(session, slug=f"timed-{next(_numbers)}", sections=1)
        learner.account = make_account(session)
        set_rules(
            session,
            learner.module.sections[0],
            behaviour="deferred",
            time_limit_s=1800,
            one_per_page=True,
            access_code="apple",
        )
    site.sign_in(context, learner.account)
    learner.open(f"/m/{learner.module.slug}/1")
    learner.page.get_by_label("Access code").fill("apple")
    learner.press("Start the check")
    expect(learner.clock).to_contain_text("This ends at")
    items = learner.asked()
    for position, item in enumerate(items, start=1):
        learner.fill(position, right_answer(item))
        learner.press("Next question" if position < len(items) else "Look over my answers")
    learner.press("Hand in")
    expect(learner.page.locator("#check-foot")).to_contain_text(f"Your score: {len(items)} of {len(items)}.")
    context.close()
