"""The last way out for answers that could not be sent: a file from the page, handed in by an instructor."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from sqlalchemy import select, update

from tests.browser.checks import Watch, axe_violations, cut_text, form_of_a_page, sideways
from tests.browser.learner import Learner
from tests.browser.patience import until
from tests.factories.answers import make_module_of_every_type, right_answer, wrong_answer
from tests.factories.people import make_account
from tests.factories.rules import set_rules
from tests.live import Site
from webapp.models.account import Account, LoginSession
from webapp.models.attempt import Attempt, AttemptSlot
from webapp.models.module import Module
from webapp.services import clock
from webapp.services.grading import submit_attempt

pytestmark = pytest.mark.needs("browser")
_numbers = itertools.count(1)
UNSENT = "Object.keys(localStorage).filter((key) => key.startsWith('readcheck:unsent:'))"
LOOKS = [(width, theme) for width in (320, 1280) for theme in ("light", "dark")]


class Offline(Learner):
    """A learner who will lose the connection."""

    account: Account
    module: Module

    @property
    def offer(self) -> Locator:
        return self.page.get_by_role("button", name="Download my unsent answers")

    @property
    def attempt_id(self) -> int:
        return self.newest_attempt().id

    def answer(self, position: int, *, is_right: bool = True) -> None:
        item = self.asked()[position - 1]
        self.fill(position, (right_answer if is_right else wrong_answer)(item))

    def download(self, folder: Path) -> Path:
        """By keyboard."""
        self.offer.focus()
        with self.page.expect_download() as started:
            self.page.keyboard.press("Enter")
        name = started.value.suggested_filename
        assert name == f"readcheck-unsent-answers-{self.attempt_id}.json"
        expect(self.page.locator("#unsent [role=status]")).to_have_text(
            f"Downloaded as {name}. Give the file to your instructor."
        )
        expect(self.offer).to_be_focused()
        path = folder / name
        started.value.save_as(path)
        return path


def expect_good(page: Page) -> None:
    """For everybody, on a phone and on a desk, by day and by night."""
    page.emulate_media(reduced_motion="reduce")  # no colour is on its way to another
    for width, theme in LOOKS:
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
        assert axe_violations(page) + sideways(page) + cut_text(page) + form_of_a_page(page) == []


@pytest.fixture
def begin(site: Site, page: Page, context: BrowserContext) -> Callable[..., Offline]:
    """`begin(**rules)`: a learner with an open check under these rules."""

    def begin_one(**rules: object) -> Offline:
        learner = Offline(page, site)
        with site.session() as session:
            learner.module = make_module_of_every_type(session, slug=f"unsent-{next(_numbers)}", sections=1)
            set_rules(session, learner.module.sections[0], **{"behaviour": "deferred", **rules})
            learner.account = make_account(session, display_name="Ole Offline")
        site.sign_in(context, learner.account)
        learner.open(f"/m/{learner.module.slug}/1")
        learner.press("Start the check")
        return learner

    return begin_one


@pytest.fixture
def teacher(site: Site, browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    watch = Watch(site.url)
    watch.on(context)
    with site.session() as session:
        account = make_account(session, "instructor", display_name="Tess Teacher")
    site.sign_in(context, account)
    yield context.new_page()
    context.close()
    refused = "the server responded with a status of 422"
    assert [one for one in watch.complaints if refused not in one] == []


def press(page: Page, name: str) -> None:
    """With the keyboard alone."""
    button = page.locator("main").get_by_role("button", name=name)
    button.focus()
    with page.expect_navigation():
        button.press("Enter")


def test_offline_until_the_end_and_handed_in_by_the_instructor(
    begin: Callable[..., Offline], context: BrowserContext, teacher: Page, tmp_path: Path
) -> None:
    learner = begin()
    learner.answer(1, is_right=False)
    expect(learner.page.locator("#save-state")).to_contain_text("Saved")
    until(learner.page, f"() => {UNSENT}.length === 0")
    expect(learner.offer).to_be_hidden()
    context.set_offline(True)
    for position in (1, 2, 3):
        learner.answer(position)
    expect(learner.page.locator("#save-state")).to_contain_text("Not saved, retrying (3 waiting)")
    expect(learner.offer).to_be_visible()
    expect(learner.page.locator("#unsent [role=status]")).to_contain_text(
        "Answers that could not be sent: 3."
    )
    expect_good(learner.page)
    file = learner.download(tmp_path)
    content = json.loads(file.read_text())
    assert content.keys() == {"format", "version", "attempt", "module", "made_at", "answers"}
    assert [one["position"] for one in content["answers"]] == [1, 2, 3]
    assert content["answers"][0].keys() == {"position", "client_id", "client_sequence", "at", "fields"}
    assert learner.account.display_name not in file.read_text()
    with learner.site.session() as session:
        submit_attempt(session, learner.account.id, learner.attempt_id)

    teacher.goto(f"{learner.site.url}/teach/modules/{learner.module.id}/learners")
    teacher.get_by_role("link", name="Hand in a learner's file").click()
    expect(teacher.get_by_label("The learner's file")).to_be_visible()
    expect_good(teacher)
    press(teacher, "Look at it")
    expect(teacher.locator(".error-summary")).to_contain_text("Choose the file")
    assert axe_violations(teacher) + sideways(teacher) == []
    teacher.get_by_label("The learner's file").set_input_files(file)
    press(teacher, "Look at it")
    expect(teacher.locator("main")).to_contain_text("Ole Offline")
    expect(teacher.get_by_label("Hand in the answer to question 1")).to_be_checked()
    expect_good(teacher)
    press(teacher, "Hand in the chosen answers")
    expect(teacher.locator("main")).to_contain_text("3 answers were handed in. Points before: 0, now: 3.")
    expect_good(teacher)

    context.set_offline(False)
    learner.open(f"/attempts/{learner.attempt_id}/result")
    expect(learner.page.get_by_role("heading", level=1)).to_have_text("Your result: 3 of 6")
    expect(learner.page.get_by_text("Your instructor handed this answer in for you")).to_have_count(3)
    until(learner.page, f"() => {UNSENT}.length === 0")  # it asked, and all had arrived
    expect(learner.offer).to_be_hidden()
    expect_good(learner.page)

    teacher.locator("main").get_by_role("button", name="Take it back").click()
    with teacher.expect_navigation():
        teacher.get_by_role("dialog").get_by_role("button", name="Take it back").click()
    expect(teacher.locator("main")).to_contain_text("Points before: 3, now: 0.")
    expect_good(teacher)


def test_a_short_gap_offers_nothing_and_a_long_one_is_forgotten_when_it_ends(
    begin: Callable[..., Offline], context: BrowserContext
) -> None:
    learner = begin()
    context.set_offline(True)
    learner.answer(1)
    expect(learner.page.locator("#save-state")).to_contain_text("Not saved, retrying (1 waiting)")
    expect(learner.offer).to_be_hidden()
    expect(learner.offer).to_be_visible()
    learner.offer.focus()
    learner.answer(2)
    learner.offer.focus()
    expect(learner.page.locator("#unsent [role=status]")).to_contain_text("could not be sent: 2.")
    context.set_offline(False)
    expect(learner.page.locator("#save-state")).to_contain_text("Saved")
    expect(learner.offer).to_be_hidden()
    expect(learner.page.locator("#save-state")).to_be_focused()


def test_an_attempt_that_ended_meanwhile_says_so_and_offers_what_did_not_arrive(
    begin: Callable[..., Offline], context: BrowserContext, tmp_path: Path
) -> None:
    learner = begin()
    learner.answer(1)
    expect(learner.page.locator("#save-state")).to_contain_text("Saved")
    with learner.site.session() as session:
        submit_attempt(session, learner.account.id, learner.attempt_id)
    learner.answer(2)
    expect(learner.page.locator("#save-state")).to_contain_text("These answers have been handed in")
    expect(learner.offer).to_be_visible()
    assert [one["position"] for one in json.loads(learner.download(tmp_path).read_text())["answers"]] == [2]
    learner.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    learner.page.get_by_role("link", name="Load the page again").click()
    expect(learner.page.get_by_role("heading", name="You have checked this section")).to_be_visible()
    expect(learner.offer).to_be_visible()
    expect(learner.page.locator("#unsent [role=status]")).to_contain_text("could not be sent: 1.")
    expect_good(learner.page)
    assert [one["position"] for one in json.loads(learner.download(tmp_path).read_text())["answers"]] == [2]


def test_who_is_signed_out_can_take_the_answers_along(begin: Callable[..., Offline], tmp_path: Path) -> None:
    learner = begin()
    with learner.site.session() as session:
        session.execute(
            update(LoginSession)
            .where(LoginSession.account_id == learner.account.id)
            .values(ended_at=clock.now())
        )
    learner.answer(1)
    expect(learner.page.locator("#save-state")).to_contain_text("You are signed out.")
    assert len(json.loads(learner.download(tmp_path).read_text())["answers"]) == 1


def test_time_that_runs_out_without_a_connection_keeps_the_page(
    begin: Callable[..., Offline], context: BrowserContext, tmp_path: Path
) -> None:
    learner = begin(time_limit_s=8)
    context.set_offline(True)
    learner.answer(1)
    expect(learner.page.locator("#time-news")).to_have_text(
        "The time is up. Your answers are being handed in."
    )
    expect(learner.offer).to_be_visible()
    learner.page.wait_for_timeout(2500)  # as long as it takes to hand in
    assert learner.page.url.startswith(learner.site.url)
    assert len(json.loads(learner.download(tmp_path).read_text())["answers"]) == 1
    with learner.site.session() as session:
        attempt = session.get_one(Attempt, learner.attempt_id)
        attempt.deadline_at = attempt.started_at - timedelta(hours=1)
    context.set_offline(False)
    expect(learner.page.locator("#save-state")).to_contain_text("The time is up", timeout=40_000)
    with learner.site.session() as session:
        stored = session.scalars(
            select(AttemptSlot.response).where(AttemptSlot.attempt_id == learner.attempt_id)
        ).all()
    assert not any(stored)
    expect(learner.offer).to_be_visible()
