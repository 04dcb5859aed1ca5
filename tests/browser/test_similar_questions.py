"""Extra practice in a real browser: with and without JavaScript, in two windows, without a connection."""

from __future__ import annotations

import itertools
import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.checks import Watch, axe_violations, cut_text, focus_is_lost, sideways, small_targets
from tests.browser.learner import Learner
from tests.factories.answers import right_answer, wrong_answer
from tests.factories.people import make_account
from tests.factories.practice import make_bridge
from tests.factories.rules import set_rules
from webapp.models.attempt import AttemptSlot

pytestmark = pytest.mark.needs("browser")
_numbers = itertools.count(1)
OFFER = re.compile("^Try a similar question")


class Practice(Learner):
    """A learner at the bridge."""

    def answer(self, position: int, *, is_right: bool) -> None:
        """Answer and have it checked, without looking at the evidence."""
        item = self.asked()[position - 1]
        self.fill(position, (right_answer if is_right else wrong_answer)(item))
        self.press_in(position, re.compile("^Check answer"))
        expect(self.page.locator(f"#q{position}-feedback .verdict")).to_contain_text(
            "Correct" if is_right else "Not quite"
        )

    def press_in(self, position: int, name: re.Pattern[str]) -> None:
        """Press a button of a question; without a script that leads to another page."""
        button = self.question(position).get_by_role("button", name=name)
        if self.has_script:
            button.click()
        else:
            with self.page.expect_navigation():
                button.click()

    def numbers(self) -> list[str]:
        """The questions on the page, in order."""
        return [one.get_attribute("id") or "" for one in self.page.locator("[data-question]").all()]


@pytest.fixture
def begin(site, browser: Browser):
    """`begin(*asked, has_script=True)`: a learner on the page of an open check of the bridge."""
    contexts = []

    def begin_one(*asked: str, has_script: bool = True, windows: int = 1) -> list[Practice]:
        with site.session() as session:
            bridge = make_bridge(session, slug=f"bridge-{next(_numbers)}")
            account = make_account(session)
            bridge.start(session, account, *asked)
            slug = bridge.module.slug
            context = browser.new_context(java_script_enabled=has_script)
            site.sign_in(context, account)
        contexts.append(context)
        learners = [Practice(context.new_page(), site, has_script) for _ in range(windows)]
        for learner in learners:
            learner.watch = Watch(site.url)
            learner.open(f"/m/{slug}/1")
        learners[0].watch.on(context)
        return learners

    yield begin_one
    for context in contexts:
        context.close()


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no script"])
def test_practice_from_the_mistake_to_the_end(begin, has_script):
    (learner,) = begin("builder", "boats", has_script=has_script)
    page = learner.page
    if has_script:
        page.evaluate("window.isSamePage = true")
    learner.answer(1, is_right=False)
    learner.press_in(1, OFFER)
    expect(learner.question(3)).to_be_focused()
    expect(learner.question(3)).to_be_in_viewport()
    expect(learner.question(3).locator("legend")).to_contain_text("extra practice, no points")
    assert learner.numbers() == ["q1", "q3", "q2"]
    expect(learner.question(1).get_by_role("button", name=OFFER)).to_have_count(0)
    learner.answer(2, is_right=False)
    expect(page.get_by_role("heading", name="Every question is checked")).to_be_visible()
    learner.answer(3, is_right=True)
    if has_script:
        expect(page.locator("#q3-feedback")).to_be_focused()
        assert page.evaluate("window.isSamePage") is True
    expect(page.locator("#check-foot")).to_contain_text("Your score: 0 of 2.")
    assert learner.newest_attempt().state == "released"
    assert learner.watch.take() == []


def test_its_evidence_is_marked_and_leads_back(begin):
    (learner,) = begin("builder", "boats")
    learner.answer(1, is_right=False)
    learner.press_in(1, OFFER)
    expect(learner.question(3)).to_be_focused()
    learner.answer(3, is_right=False)
    learner.look_at_evidence(3, learner.asked()[2])
    expect(learner.page.locator("#passage mark").first).to_contain_text("Evidence for question 1, 3")


def test_what_is_being_answered_elsewhere_on_the_page_stays(begin):
    (learner,) = begin()
    learner.answer(1, is_right=False)
    learner.fill(3, {"choice": 1})
    expect(learner.page.locator("#save-state")).to_contain_text("Saved")
    learner.press_in(1, OFFER)
    expect(learner.question(4)).to_be_focused()
    assert not focus_is_lost(learner.page)
    expect(learner.question(3).locator("[value='1']")).to_be_checked()
    learner.fill(4, right_answer(learner.asked()[3]))
    expect(learner.page.locator("#save-state")).to_contain_text("Saved")
    learner.page.reload()
    expect(learner.question(4).locator("input:checked")).to_have_count(1)


def test_two_windows_that_ask_get_the_same_one(begin, site):
    first, second = begin(windows=2)
    first.answer(1, is_right=False)
    second.page.reload()
    for learner in (first, second):
        learner.press_in(1, OFFER)
        expect(learner.question(4)).to_be_focused()
        assert learner.numbers() == ["q1", "q4", "q2", "q3"]
    attempt = first.newest_attempt()
    with site.session() as session:
        assert session.query(AttemptSlot).filter_by(attempt_id=attempt.id).count() == 4


def test_a_question_asked_in_another_window_appears_with_the_next_save(begin):
    first, second = begin(windows=2)
    first.answer(1, is_right=False)
    first.press_in(1, OFFER)
    expect(first.question(4)).to_be_focused()
    first.fill(4, {"choice": 1})
    expect(first.page.locator("#save-state")).to_contain_text("Saved")
    second.fill(2, {"choice": 1})
    expect(second.question(4)).to_be_visible()
    assert second.numbers() == ["q1", "q4", "q2", "q3"]


def test_without_a_connection_it_says_so_and_works_later(begin):
    (learner,) = begin()
    learner.answer(1, is_right=False)
    learner.page.context.set_offline(True)
    learner.press_in(1, OFFER)
    expect(learner.page.locator("#save-state")).to_contain_text("no other question can be asked")
    learner.page.context.set_offline(False)
    learner.press_in(1, OFFER)
    expect(learner.question(4)).to_be_focused()


def test_by_keyboard_alone(begin):
    (learner,) = begin("builder", "boats")
    learner.answer(1, is_right=False)
    learner.question(1).get_by_role("button", name=OFFER).focus()
    learner.page.keyboard.press("Enter")
    expect(learner.question(3)).to_be_focused()
    learner.page.keyboard.press("b")
    expect(learner.question(3).locator("[type=radio]").nth(1)).to_be_checked()


@pytest.mark.parametrize(
    ("scheme", "width"), [("light", 320), ("dark", 320), ("light", 1280), ("dark", 1280)]
)
def test_the_page_is_for_everybody(begin, scheme, width):
    (learner,) = begin("builder", "opening")
    page = learner.page
    page.set_viewport_size({"width": width, "height": 640})
    page.emulate_media(color_scheme=scheme)
    learner.answer(1, is_right=False)
    learner.answer(2, is_right=False)
    learner.press_in(1, OFFER)
    expect(learner.question(3)).to_be_focused()
    expect(page.get_by_role("button", name="Finish the check")).to_be_visible()
    assert axe_violations(page) + sideways(page) + small_targets(page) + cut_text(page) == []
    learner.answer(3, is_right=False)
    assert axe_violations(page) + sideways(page) + small_targets(page) == []


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no script"])
def test_the_quiz_of_a_module_question_by_question(site, browser: Browser, has_script):
    with site.session() as session:
        bridge = make_bridge(session, slug=f"bridge-{next(_numbers)}")
        rules = {"behaviour": "immediate", "offers_similar": True, "item_limit": 5}
        set_rules(session, bridge.module.id, **rules)
        slug = bridge.module.slug
    context = browser.new_context(java_script_enabled=has_script)
    learner = Practice(context.new_page(), site, has_script)
    learner.open(f"/m/{slug}")
    learner.press("Start the module quiz")
    for position in range(1, 6):
        item = learner.asked()[position - 1]
        learner.fill(position, right_answer(item))
        if position < 5:
            learner.press_in(position, re.compile("^Check answer"))
            expect(learner.page.locator(f"#q{position}-feedback")).to_contain_text("Correct.")
    with learner.page.expect_navigation(url=re.compile("/result$")):
        learner.question(5).get_by_role("button", name="Check answer").click()
    expect(learner.page.get_by_role("heading", level=1)).to_have_text("Your result: 5 of 5")
    context.close()
