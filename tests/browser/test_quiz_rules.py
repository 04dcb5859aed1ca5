"""The form of a quiz's rules in a real browser: by keyboard alone, on a narrow screen, refused and mended."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.checks import axe_violations, focus_is_lost, sideways
from tests.factories.attempts import make_quiz
from tests.factories.finished import make_finished_attempt
from tests.factories.modules import make_item, make_module
from tests.factories.people import make_account
from webapp.models.quiz import Quiz

pytestmark = pytest.mark.needs("browser")


@pytest.fixture
def rules(make_site, context, page: Page):
    """The page of a check's rules, 320 px wide, and what it is about."""
    site = make_site()
    with site.session() as session:
        teacher = make_account(session, "instructor")
        module = make_module(session)
        make_item(session, module.sections[0])
        make_quiz(session, module.sections[1])
        learner = make_account(session, display_name="Lena")
        make_finished_attempt(session, learner, module.sections[0], [True])
        make_finished_attempt(session, learner, module.sections[0], [False]).state = "graded"
        quiz_id, module_id = make_quiz(session, module.sections[0]).id, module.id
        session.commit()
        site.sign_in(context, teacher)
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(f"{site.url}/teach/modules/{module_id}/quizzes/{quiz_id}")

    def saved() -> Quiz:
        with site.session() as session:
            return session.get_one(Quiz, quiz_id)

    return page, saved


def tab_to(page: Page, label: str) -> None:
    """Press Tab until the keyboard is at this field or button."""
    for _ in range(80):
        page.keyboard.press("Tab")
        here = page.evaluate(
            "() => { const at = document.activeElement;"
            " return (at.labels?.[0]?.textContent || at.textContent || '').replace(/\\s+/g, ' ').trim(); }"
        )
        if here.startswith(label):
            return
    raise AssertionError(f"no way to {label} by keyboard")


def no_complaint(page: Page) -> None:
    assert axe_violations(page) + sideways(page) == []
    assert not focus_is_lost(page)


def test_a_preset_is_used_and_changed_by_keyboard_alone(rules) -> None:
    page, saved = rules
    tab_to(page, "Check of a section")
    page.keyboard.press("ArrowDown")
    tab_to(page, "Use these rules")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The rules are filled in below")).to_be_visible()
    no_complaint(page)
    tab_to(page, "Attempts allowed")
    page.keyboard.press("Control+A")
    page.keyboard.type("2")
    tab_to(page, "Time limit")
    page.keyboard.type("30")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Saved. New attempts follow these rules.")).to_be_visible()
    no_complaint(page)
    quiz = saved()
    assert (quiz.mode, quiz.release, quiz.attempts_allowed, quiz.time_limit_s) == (
        "graded",
        "by_hand",
        2,
        1800,
    )


def test_what_is_refused_is_found_by_its_link_and_mended(rules) -> None:
    page, saved = rules
    page.get_by_text("Order, pages and text").click()
    page.get_by_label("No going back").check()
    page.locator("#opens_at").fill("2031-12-02T08:00")
    page.locator("#closes_at").fill("2031-12-01T08:00")
    page.get_by_role("button", name="Save", exact=True).click()
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    no_complaint(page)
    summary.get_by_role("link", name="This must be later than the opening.").click()
    expect(page.locator("#closes_at")).to_be_focused()
    page.locator("#closes_at").fill("2031-12-03T08:00")
    summary.get_by_role("link", name="This needs one question a page.").click()
    expect(page.locator("#no_going_back")).to_be_focused()
    page.get_by_label("One question a page").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved. New attempts follow these rules.")).to_be_visible()
    assert not saved().allows_back


def test_the_table_of_what_is_shown_scrolls_by_itself(rules) -> None:
    page, saved = rules
    page.get_by_text("Set it for each thing and moment").click()
    assert sideways(page) == []
    page.locator("#showing").select_option("own")
    page.get_by_label("The right answer: While answering").uncheck()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved. New attempts follow these rules.")).to_be_visible()
    assert saved().show_key == 14


def test_pages_that_ask_first_are_for_everybody_too(rules) -> None:
    page, saved = rules
    page.locator("#counted").get_by_label("The last").check()
    page.locator("#release").get_by_label("When you release them").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("1 score would change")).to_be_visible()
    no_complaint(page)
    page.get_by_role("button", name="Save and change these scores").click()
    expect(page.get_by_text("Saved. New attempts follow these rules.")).to_be_visible()
    assert saved().counted == "last"
    page.get_by_role("button", name="Use for every section of this module").click()
    expect(page.get_by_text("1 section gets other rules")).to_be_visible()
    no_complaint(page)
    page.get_by_role("button", name="Use them for every section").click()
    expect(page.get_by_text("1 section has these rules now.")).to_be_visible()
    page.get_by_role("button", name="Release results").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Release results?")
    no_complaint(page)
    page.get_by_role("button", name="Release results").click()
    expect(page.get_by_text("1 result is released.")).to_be_visible()
    no_complaint(page)
