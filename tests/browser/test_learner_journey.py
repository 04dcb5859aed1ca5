"""A learner's whole way in a real browser: with and without JavaScript, with right and with wrong answers."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, expect

from questions.items.registry import ITEM_TYPES
from tests.browser.checks import Watch, focus_is_lost, sideways
from tests.browser.learner import Learner
from tests.factories.answers import make_module_of_every_type
from tests.factories.modules import make_item, make_module
from tests.factories.people import make_account
from tests.live import Site
from webapp.models.module import Module

pytestmark = pytest.mark.needs("browser")
_numbers = itertools.count(1)
LONG = "paid for a tax on salt that the fishermen of the northern harbour had refused to pay for eleven years"


@pytest.fixture
def module(site: Site) -> Module:
    """A module of this test's own, with an item of each type in each of two sections."""
    with site.session() as session:
        return make_module_of_every_type(session, slug=f"journey-{next(_numbers)}", title="A journey")


@pytest.mark.parametrize("is_right", [True, False], ids=["right", "wrong"])
@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no script"])
def test_from_the_catalogue_to_the_result(site, browser: Browser, module, has_script, is_right):
    context = browser.new_context(java_script_enabled=has_script)
    watch = Watch(site.url)
    watch.on(context)
    learner = Learner(context.new_page(), site, has_script)
    assert learner.whole_module(module.slug, is_right=is_right) == [6, 6, 10]
    if is_right:
        expect(learner.page.get_by_text("Nothing needs reading again")).to_be_visible()
    else:
        expect(learner.page.get_by_role("heading", name="Worth reading again")).to_be_visible()
    with learner.page.expect_download() as download:
        learner.page.get_by_role("link", name="Download the receipt").click()
    assert download.value.suggested_filename.startswith("readcheck-receipt-")
    learner.open("/progress")
    expect(learner.page.get_by_text("2 of 2 sections completed")).to_be_visible()
    expect(learner.page.get_by_role("link", name="Keep your progress: sign up")).to_be_visible()
    assert watch.take() == []
    context.close()


def test_on_another_device_one_is_where_one_left(site, browser: Browser, module):
    with site.session() as session:
        account = make_account(session)
    devices = []
    for _ in range(2):
        context = browser.new_context()
        site.sign_in(context, account)
        devices.append(Learner(context.new_page(), site))
    desk, phone = devices
    desk.open(f"/m/{module.slug}/2")
    desk.press("Start the check")
    items = desk.asked()
    desk.check(1, items[0], is_right=True)
    desk.fill(3, {"text": "half an idea"})
    expect(desk.page.locator("#save-state")).to_contain_text("Saved")
    phone.open(f"/m/{module.slug}")
    phone.press("Continue: Section 2, question 3")
    assert phone.page.url.endswith(f"/m/{module.slug}/2#q3")
    expect(phone.question(3)).to_be_in_viewport()
    expect(phone.question(3).get_by_label("Your answer")).to_have_value("half an idea")
    expect(phone.page.locator("#q1-feedback")).to_contain_text("Correct.")
    for device in devices:
        device.page.context.close()


def test_checking_keeps_page_place_and_other_answers(site, page: Page, module):
    learner = Learner(page, site)
    learner.open(f"/m/{module.slug}/1")
    learner.press("Start the check")
    items = learner.asked()
    learner.fill(3, {"text": "still being typed"})
    page.evaluate("window.isSamePage = true")
    learner.check(1, items[0], is_right=False)
    assert page.evaluate("window.isSamePage") is True
    assert not focus_is_lost(page)
    expect(learner.question(3).get_by_label("Your answer")).to_have_value("still being typed")
    expect(page.locator("#check-head")).to_contain_text("1 of 6 checked")


def test_an_unanswered_question_says_so_in_place(site, page: Page, module):
    learner = Learner(page, site)
    learner.open(f"/m/{module.slug}/1")
    learner.press("Start the check")
    learner.question(2).get_by_role("button", name="Check answer").click()
    expect(learner.question(2)).to_contain_text("Answer the question first, then check it.")
    expect(learner.question(2)).to_be_focused()
    learner.fill(2, {"choice": 1})
    learner.question(2).get_by_role("button", name="Check answer").click()
    expect(page.locator("#q2-feedback")).to_be_focused()


def test_keys_choose_only_inside_a_question_and_can_be_switched_off(site, page: Page, module):
    learner = Learner(page, site)
    learner.open(f"/m/{module.slug}/1")
    learner.press("Start the check")
    first = learner.question(1)
    expect(first).to_be_focused()
    page.locator("#passage").focus()
    page.keyboard.press("b")
    assert page.locator("#answers input:checked").count() == 0
    first.focus()
    page.keyboard.press("b")
    expect(first.locator("input").nth(2)).to_be_checked()  # the first input is the hidden position
    page.keyboard.press("1")
    expect(first.locator("[type=radio]").first).to_be_checked()
    page.keyboard.press("Control+b")
    expect(first.locator("[type=radio]").first).to_be_checked()
    typed = learner.question(3).get_by_label("Your answer")
    typed.press_sequentially("abc1")
    expect(typed).to_have_value("abc1")
    page.get_by_label("Keys A–D and 1–4").uncheck()
    first.focus()
    page.keyboard.press("c")
    expect(first.locator("[type=radio]").first).to_be_checked()
    page.reload()
    expect(page.get_by_label("Keys A–D and 1–4")).not_to_be_checked()


def test_matching_with_a_script(site, page: Page, module):
    learner = Learner(page, site)
    learner.open(f"/m/{module.slug}/1")
    learner.press("Start the check")
    state, menus = page.locator("#save-state"), learner.question(6).locator("select")
    menus.nth(0).select_option("4")
    expect(state).to_contain_text("question 6 needs an answer for every line")
    menus.nth(1).select_option("5")
    menus.nth(2).select_option("3")
    expect(state).to_contain_text("Saved")
    menus.nth(2).select_option("4")  # the line that had it takes the answer that became free
    assert [menu.input_value() for menu in menus.all()] == ["3", "5", "4"]
    expect(state).to_contain_text("Saved")
    page.reload()
    assert [menu.input_value() for menu in menus.all()] == ["3", "5", "4"]
    page.set_viewport_size({"width": 320, "height": 800})
    assert sideways(page) == []
    learner.question(6).get_by_role("button", name="Check answer").click()
    expect(page.locator("#q6-feedback")).to_contain_text("Partly right: 33")
    lines = page.locator("#q6 .choice")
    expect(lines.nth(0)).to_contain_text("✗ the right one: eats fish.")
    expect(lines.nth(1)).to_contain_text("✓ right")
    assert sideways(page) == []


def test_clearing_and_ordering_with_a_script(site, page: Page, module):
    learner = Learner(page, site)
    learner.open(f"/m/{module.slug}/1")
    learner.press("Start the check")
    learner.fill(1, {"choice": 1})
    learner.question(1).get_by_role("button", name="Clear my answer").click()
    expect(learner.question(1).locator("input:checked")).to_have_count(0)
    expect(page.locator("#save-state")).to_contain_text("Saved")
    places = learner.question(5).locator("select")
    places.nth(0).select_option("1")
    expect(page.locator("#save-state")).to_contain_text("question 5 needs an answer for every line")
    places.nth(1).select_option("2")
    places.nth(2).select_option("3")
    expect(page.locator("#save-state")).to_contain_text("Saved")
    places.nth(2).select_option("1")  # the line that stood there takes the place that became free
    assert [place.input_value() for place in places.all()] == ["3", "2", "1"]
    expect(page.locator("#save-state")).to_contain_text("Saved")
    page.reload()
    assert [place.input_value() for place in places.all()] == ["3", "2", "1"]
    expect(learner.question(1).locator("input:checked")).to_have_count(0)


def test_arrow_keys_pass_over_the_places_of_other_lines(site, page: Page, module):
    learner = Learner(page, site)
    learner.open(f"/m/{module.slug}/1")
    learner.press("Start the check")
    places, news = learner.question(5).locator("select"), page.locator("#moved-news")
    first = learner.question(5).locator("label").first.inner_text().removeprefix("Place of:").strip()
    places.nth(0).focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    expect(news).to_have_text(f"“{first}” has no answer any more.")
    page.keyboard.press("ArrowDown")
    expect(news).to_have_text(f"“{first}” now has 1.")
    page.keyboard.press("Tab")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    assert [place.input_value() for place in places.all()] == ["1", "2", "3"]
    places.nth(0).focus()
    page.keyboard.press("ArrowDown")
    assert [place.input_value() for place in places.all()] == ["2", "1", "3"]
    expect(news).to_contain_text("now has 1.")


@pytest.mark.parametrize("width", [320, 1280])
def test_a_match_of_whole_sentences_keeps_to_its_column(site, page: Page, width):
    item = ITEM_TYPES["matching"].examples().item
    with site.session() as session:
        module = make_module(session, slug=f"journey-{next(_numbers)}", title="Long pairs")
        options = tuple(replace(option, text=f"{option.text} {LONG}") for option in item.options)
        make_item(session, module.sections[0], replace(item, options=options))
    page.set_viewport_size({"width": width, "height": 800})
    learner = Learner(page, site)
    learner.open(f"/m/{module.slug}/1")
    learner.press("Start the check")
    assert sideways(page) == []
    column, line = (
        found.bounding_box() for found in (learner.question(1), page.locator(".match .choice").first)
    )
    assert column is not None
    assert line is not None
    assert line["width"] <= column["width"]
