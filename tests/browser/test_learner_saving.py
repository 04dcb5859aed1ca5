"""Saved, Saving, Not saved: true in every state, and nothing that was entered is lost."""

from __future__ import annotations

import itertools
import re

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect
from sqlalchemy import select, update

from tests.browser.learner import Learner
from tests.browser.patience import until
from tests.factories.answers import make_module_of_every_type
from tests.factories.people import make_account
from tests.live import Site
from webapp.models.account import Account, LoginSession
from webapp.models.attempt import AnswerEvent, AttemptSlot
from webapp.services import clock
from webapp.services.grading import check_slot

pytestmark = pytest.mark.needs("browser")
_numbers = itertools.count(1)
WAITING = re.compile(r"Not saved, retrying \(\d waiting\)")
UNSENT = "Object.entries(localStorage).filter(([key]) => key.startsWith('readcheck:unsent:'))"


class Saving(Learner):
    """A learner with an account in an open check."""

    account_id: int

    @property
    def state(self):
        return self.page.locator("#save-state")

    @property
    def attempt_id(self) -> int:
        return int(self.page.locator("#answers").get_attribute("data-attempt") or 0)

    def stored(self, position: int) -> object:
        """What the database holds for a question."""
        with self.site.session() as session:
            return session.scalars(
                select(AttemptSlot.response).where(
                    AttemptSlot.attempt_id == self.attempt_id, AttemptSlot.position == position
                )
            ).one()

    def events(self) -> list[object]:
        """Every answer that was ever acknowledged, in order."""
        with self.site.session() as session:
            return list(
                session.scalars(
                    select(AnswerEvent.response)
                    .where(AnswerEvent.attempt_id == self.attempt_id)
                    .order_by(AnswerEvent.sequence)
                )
            )

    def unsent(self) -> list[object]:
        """What this browser keeps to send."""
        return self.page.evaluate(f"() => {UNSENT}")


@pytest.fixture
def learner(site: Site, page: Page, context: BrowserContext) -> Saving:
    with site.session() as session:
        module = make_module_of_every_type(session, slug=f"saving-{next(_numbers)}", sections=1)
        account = make_account(session)
    site.sign_in(context, account)
    learner = Saving(page, site)
    learner.account_id = account.id
    learner.open(f"/m/{module.slug}/1")
    learner.press("Start the check")
    return learner


def test_each_choice_is_saved_at_once_and_once(learner):
    for choice in (1, 2, 0):
        learner.fill(1, {"choice": choice})
        expect(learner.state).to_contain_text("Saved")
    until(learner.page, f"() => {UNSENT}.length === 0")
    assert learner.stored(1) == {"choice": 0}
    assert learner.events()[-1] == {"choice": 0}
    assert re.fullmatch(r"Saved \d{1,2}:\d\d( [AP]M)?", learner.state.text_content() or "")


def test_typing_is_saved_after_a_pause_and_only_then(learner):
    typed = learner.question(3).get_by_label("Your answer")
    typed.press_sequentially("one thousand", delay=20)
    expect(learner.state).to_contain_text("Saved")
    assert learner.stored(3) == {"text": "one thousand"}
    assert len(learner.events()) <= 2


def test_without_a_connection_it_says_so_keeps_the_answer_and_sends_it_later(learner, context):
    learner.fill(1, {"choice": 0})
    expect(learner.state).to_contain_text("Saved")
    context.set_offline(True)
    learner.fill(1, {"choice": 2})
    learner.fill(2, {"choice": 1})
    expect(learner.state).to_have_text(WAITING)
    expect(learner.page.locator("#save-news")).to_have_text(WAITING)
    assert learner.unsent()
    assert learner.stored(1) == {"choice": 0}
    context.set_offline(False)
    expect(learner.state).to_contain_text("Saved")
    expect(learner.page.locator("#save-news")).to_have_text("Your answers are saved again.")
    assert (learner.stored(1), learner.stored(2)) == ({"choice": 2}, {"choice": 1})
    assert learner.unsent() == []


def test_checking_without_a_connection_says_so_and_loses_nothing(learner, context):
    learner.fill(1, {"choice": 0})
    expect(learner.state).to_contain_text("Saved")
    context.set_offline(True)
    learner.fill(1, {"choice": 1})
    button = learner.question(1).get_by_role("button", name="Check answer")
    button.click()
    expect(learner.state).to_contain_text(re.compile("Not checked|Not saved"))
    expect(button).not_to_have_attribute("aria-disabled", "true")  # else the check is still on its way
    expect(button).to_be_focused()
    context.set_offline(False)
    expect(learner.state).to_contain_text("Saved")
    button.click()
    expect(learner.page.locator("#q1-feedback")).to_be_focused()
    assert learner.stored(1) == {"choice": 1}


def test_a_captive_portals_page_is_not_an_acknowledgement(learner):
    def portal(route: Route) -> None:
        route.fulfill(status=200, content_type="text/html", body="<h1>Welcome to the hotel</h1>")

    learner.page.route("**/responses", portal)
    learner.fill(1, {"choice": 1})
    expect(learner.state).to_have_text(WAITING)
    assert not learner.stored(1)
    learner.page.unroute("**/responses", portal)
    expect(learner.state).to_contain_text("Saved")
    assert learner.stored(1) == {"choice": 1}


def test_a_lost_reply_is_asked_for_again_and_counts_once(learner):
    lost = []

    def lose_first(route: Route) -> None:
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch())  # the server has it, the browser never hears
            route.abort()

    learner.page.route("**/responses", lose_first)
    learner.fill(1, {"choice": 1})
    expect(learner.state).to_have_text(WAITING)
    expect(learner.state).to_contain_text("Saved")
    assert learner.events() == [{"choice": 1}]


def test_what_was_not_sent_survives_closing_the_page(learner, context):
    context.set_offline(True)
    learner.fill(1, {"choice": 2})
    expect(learner.state).to_have_text(WAITING)
    address = learner.page.url
    learner.page.goto("about:blank")
    context.set_offline(False)
    learner.page.goto(address)
    expect(learner.question(1).locator("input:checked")).to_have_attribute("value", "2")
    expect(learner.state).to_contain_text("Saved")
    assert learner.stored(1) == {"choice": 2}
    assert learner.unsent() == []


@pytest.mark.parametrize(("hours", "is_kept"), [(23, True), (25, False)])
def test_what_has_waited_for_a_day_is_forgotten(learner, hours, is_kept):
    learner.page.evaluate(
        """([attempt, hours]) => localStorage.setItem(`readcheck:unsent:${attempt}:earlier-page`, JSON.stringify([{
          position: 1, fields: [["s1-choice", "2"]], client_id: "earlier-page", client_sequence: 1,
          at: Date.now() - hours * 3600 * 1000,
        }]))""",
        [learner.attempt_id, hours],
    )
    learner.page.reload()
    expect(learner.question(1).locator("input:checked")).to_have_count(int(is_kept))
    if is_kept:
        expect(learner.state).to_contain_text("Saved")
        assert learner.stored(1) == {"choice": 2}
    assert learner.unsent() == []


def test_what_makes_no_sense_in_storage_harms_nobody(learner):
    for text in ("no json", "{}", "[1, null]", '[{"position": 99, "at": 9e15, "fields": []}]'):
        learner.page.evaluate(
            "([attempt, text]) => localStorage.setItem(`readcheck:unsent:${attempt}:odd`, text)",
            [learner.attempt_id, text],
        )
        learner.page.reload()
        learner.fill(1, {"choice": 1})
        expect(learner.state).to_contain_text("Saved")


def test_an_ended_session_says_so_and_goes_on_after_signing_in(learner, context, site):
    with site.session() as session:
        session.execute(
            update(LoginSession)
            .where(LoginSession.account_id == learner.account_id)
            .values(ended_at=clock.now())
        )
    learner.fill(1, {"choice": 1})
    expect(learner.state).to_contain_text("You are signed out. Your answers are kept in this browser.")
    link = learner.state.get_by_role("link", name="Sign in to save them")
    assert (link.get_attribute("href") or "").startswith("/sign-in?next=%2Fm%2Fsaving-")
    assert learner.unsent()
    with site.session() as session:
        account = session.get_one(Account, learner.account_id)
    site.sign_in(context, account)
    learner.page.reload()
    expect(learner.question(1).locator("input:checked")).to_have_attribute("value", "1")
    expect(learner.state).to_contain_text("Saved")
    assert learner.stored(1) == {"choice": 1}


def test_a_token_that_is_out_of_date_is_renewed(learner):
    learner.page.evaluate(
        "document.querySelectorAll('input[name=csrf_token]').forEach((input) => (input.value = 'old'))"
    )
    learner.fill(1, {"choice": 1})
    expect(learner.state).to_contain_text("Saved")
    assert learner.stored(1) == {"choice": 1}
    learner.question(1).get_by_role("button", name="Check answer").click()
    expect(learner.page.locator("#q1-feedback")).to_be_focused()


def test_somebody_else_at_this_browser_gets_nothing_of_it(learner, context, site):
    with site.session() as session:
        other = make_account(session)
    site.sign_in(context, other)
    learner.fill(1, {"choice": 1})
    expect(learner.state).to_contain_text("not open to the account that is signed in")
    assert not learner.stored(1)
    assert learner.unsent()


def test_two_tabs_show_each_other_s_answers_and_say_so(learner, context):
    other = Saving(context.new_page(), learner.site)
    other.page.goto(learner.page.url)
    other.fill(2, {"choice": 1})
    expect(other.state).to_contain_text("Saved")
    learner.fill(1, {"choice": 0})
    expect(learner.question(2).locator("[value='1']")).to_be_checked()
    expect(learner.page.locator("#save-news")).to_have_text(
        "You answered in another window as well. Its answers are shown here now."
    )
    expect(learner.question(1).locator("[value='0']")).to_be_checked()
    other.page.bring_to_front()
    other.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(other.question(1).locator("[value='0']")).to_be_checked()
    assert (learner.stored(1), learner.stored(2)) == ({"choice": 0}, {"choice": 1})


def test_one_window_alone_is_never_told_of_another(learner):
    for position, answer in ((1, {"choice": 0}), (2, {"choice": 1}), (3, {"text": "one"})):
        learner.fill(position, answer)
        expect(learner.state).to_contain_text("Saved")
        until(learner.page, f"() => {UNSENT}.length === 0")
    learner.question(1).get_by_role("button", name="Check answer").click()
    expect(learner.page.locator("#q1-feedback")).to_be_focused()
    learner.fill(2, {"choice": 0})
    expect(learner.state).to_contain_text("Saved")
    until(learner.page, f"() => {UNSENT}.length === 0")
    expect(learner.page.locator("#save-news")).to_be_empty()


def test_two_tabs_save_both_and_a_checked_answer_stays(learner, context):
    second = Saving(context.new_page(), learner.site)
    second.page.goto(learner.page.url)
    learner.fill(1, {"choice": 0})
    expect(learner.state).to_contain_text("Saved")
    second.fill(2, {"choice": 1})
    expect(second.state).to_contain_text("Saved")
    assert (learner.stored(1), learner.stored(2)) == ({"choice": 0}, {"choice": 1})
    with learner.site.session() as session:
        check_slot(session, learner.account_id, learner.attempt_id, 1, [])
    second.fill(1, {"choice": 2})
    expect(second.state).to_contain_text("Question 1 has been checked and keeps its answer")
    assert learner.stored(1) == {"choice": 0}
    assert second.unsent() == []


def test_signing_out_forgets_what_waits(learner, context):
    context.set_offline(True)
    learner.fill(1, {"choice": 2})
    expect(learner.state).to_have_text(WAITING)
    kept = learner.unsent()
    context.set_offline(False)
    learner.open("/account")
    learner.page.evaluate("([key, text]) => localStorage.setItem(key, text)", kept[0])
    learner.press("Sign out")
    assert learner.unsent() == []


def test_blocked_storage_stops_nobody(site, browser):
    with site.session() as session:
        module = make_module_of_every_type(session, slug=f"saving-{next(_numbers)}", sections=1)
    context = browser.new_context()
    context.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('blocked', 'SecurityError'); } })"
    )
    learner = Saving(context.new_page(), site)
    learner.open(f"/m/{module.slug}/1")
    learner.press("Start the check")
    learner.fill(1, {"choice": 1})
    expect(learner.state).to_contain_text("Saved")
    assert learner.stored(1) == {"choice": 1}
    context.close()
