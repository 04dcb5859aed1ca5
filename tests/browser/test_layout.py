"""What the design promises about places and behaviour: columns, line length, the switch, the panel, print."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Gallery, OpenPage
from tests.browser.patience import until
from tests.browser.places import PLACES, Place

pytestmark = pytest.mark.needs("browser")

BY_ID = {place.id: place for place in PLACES}
SECTION = BY_ID["reading.section-learner-finished"]
UNFINISHED = BY_ID["reading.section-learner-open"]
QUEUE = BY_ID["review.queue-instructor"]
CHARACTERS_A_LINE = """() => {
  const paragraph = [...document.querySelectorAll(".passage > p")].at(-1);
  const range = document.createRange();
  const lines = new Map();
  const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    for (let at = 0; at < node.length; at += 1) {
      range.setStart(node, at);
      range.setEnd(node, at + 1);
      const top = Math.round(range.getBoundingClientRect().top / 8);
      lines.set(top, (lines.get(top) || 0) + 1);
    }
  }
  return [...lines.values()].slice(0, -1);
}"""


def _box(page: Page, selector: str) -> dict[str, float]:
    box = page.locator(selector).bounding_box()
    assert box is not None
    return dict(box)


def _style(page: Page, selector: str, name: str) -> str:
    value: str = page.locator(selector).first.evaluate(f"element => getComputedStyle(element).{name}")
    return value


def test_text_and_questions_stand_side_by_side_on_a_wide_screen(open_page: OpenPage) -> None:
    page, _ = open_page(SECTION, width=1280)
    text, check = _box(page, ".passage"), _box(page, ".check")
    assert text["x"] + text["width"] <= check["x"]
    assert abs(text["y"] - check["y"]) < 1
    expect(page.get_by_role("button", name="Show questions")).to_be_hidden()


def test_the_text_is_a_region_that_the_keyboard_scrolls(open_page: OpenPage) -> None:
    page, _ = open_page(SECTION, width=1280, height=300)
    region = page.get_by_role("region", name="The storm")
    expect(region).to_have_attribute("tabindex", "0")
    region.focus()
    before = page.evaluate("scrollY")
    page.keyboard.press("End")
    until(page, "document.querySelector('.passage').scrollTop > 0")
    assert page.evaluate("scrollY") == before


def test_a_line_holds_about_66_characters(open_page: OpenPage) -> None:
    page, _ = open_page(UNFINISHED, width=1280)
    lines: list[int] = page.evaluate(CHARACTERS_A_LINE)
    assert 60 <= sum(lines) / len(lines) <= 78, lines
    assert max(lines) <= 85
    size = float(_style(page, ".passage p", "fontSize").removesuffix("px"))
    leading = float(_style(page, ".passage p", "lineHeight").removesuffix("px"))
    assert 18 <= size <= 19
    assert leading / size == pytest.approx(1.6, abs=0.01)
    assert _style(page, ".passage p", "textAlign") == "start"


def test_the_text_comes_first_on_a_narrow_screen_and_the_switch_keeps_the_place(open_page: OpenPage) -> None:
    page, _ = open_page(SECTION, width=390, height=600)
    assert _box(page, ".passage")["y"] < _box(page, ".check")["y"]
    page.evaluate("scrollTo(0, 150)")
    page.get_by_role("button", name="Show questions").click()
    expect(page.get_by_role("button", name="Show text")).to_be_visible()
    expect(page.locator(".check")).to_be_focused()
    assert abs(_box(page, ".check")["y"]) < 60
    page.evaluate("scrollBy(0, 400)")
    below: float = page.evaluate("scrollY")
    page.get_by_role("button", name="Show text").click()
    assert page.evaluate("scrollY") == 150
    expect(page.locator(".passage")).to_be_focused()
    page.get_by_role("button", name="Show questions").click()
    assert page.evaluate("scrollY") == below


def test_without_a_script_text_and_questions_are_stacked_and_nothing_is_missing(open_page: OpenPage) -> None:
    page, _ = open_page(UNFINISHED, width=390, java_script_enabled=False)
    expect(page.locator(".switch")).to_have_count(0)
    expect(page.locator(".passage")).to_be_visible()
    expect(page.get_by_role("button", name="Save answers")).to_be_visible()
    page.locator("summary", has_text="Reading").click()
    expect(page.get_by_role("button", name="Keep these")).to_be_visible()


def test_the_reading_panel_takes_effect_at_once_and_is_kept(open_page: OpenPage) -> None:
    page, watch = open_page(BY_ID["reading.module-stranger-stranger"], width=390)
    paper = _style(page, "html", "backgroundColor")
    page.locator("summary", has_text="Reading").click()
    with page.expect_response(lambda response: response.url.endswith("/preferences")):
        page.get_by_label("Dark").check(force=True)
    assert _style(page, "html", "backgroundColor") != paper
    with page.expect_response(lambda response: response.url.endswith("/preferences")):
        page.get_by_label("Larger").check(force=True)
    page.keyboard.press("Escape")
    expect(page.locator("summary", has_text="Reading")).to_be_focused()
    page.reload()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert page.locator("html").get_attribute("data-size") == "larger"
    assert _style(page, "html", "fontSize") == "22px"
    assert watch.take() == []


def test_without_a_script_the_reading_panel_is_a_form(open_page: OpenPage, gallery: Gallery) -> None:
    place = BY_ID["reading.module-stranger-stranger"]
    page, _ = open_page(place, java_script_enabled=False)
    page.locator("summary", has_text="Reading").click()
    page.get_by_label("Cream").check(force=True)
    page.get_by_role("button", name="Keep these").click()
    assert page.url == gallery.address(place)
    assert page.locator("html").get_attribute("data-theme") == "cream"
    assert _style(page, "html", "backgroundColor") == "rgb(245, 236, 217)"


@pytest.mark.parametrize("width", [390, 1280])
def test_evidence_is_shown_and_the_way_back_offered(open_page: OpenPage, width: int) -> None:
    page, _ = open_page(SECTION, width=width, height=500, reduced_motion="reduce")
    link = page.get_by_role("link", name="Show evidence for question 4")
    link.focus()
    page.keyboard.press("Enter")
    mark = page.locator("mark.is-here")
    expect(mark).to_be_focused()
    expect(mark).to_be_in_viewport(ratio=1)
    back = page.get_by_role("link", name="Back to the question")
    back.focus()
    page.keyboard.press("Enter")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()


def test_the_device_decides_about_dark_unless_the_reader_has(open_page: OpenPage) -> None:
    page, _ = open_page(BY_ID["reading.catalogue-stranger-stranger"], color_scheme="dark")
    assert _style(page, "html", "backgroundColor") == "rgb(23, 25, 27)"
    page.evaluate("document.documentElement.dataset.theme = 'light'")
    assert _style(page, "html", "backgroundColor") == "rgb(251, 250, 247)"


def test_high_contrast_is_black_and_white(open_page: OpenPage) -> None:
    page, _ = open_page(SECTION)
    page.evaluate("document.documentElement.dataset.theme = 'contrast'")
    assert _style(page, ".passage p", "color") == "rgb(255, 255, 255)"
    assert _style(page, "html", "backgroundColor") == "rgb(0, 0, 0)"


def test_a_refused_form_says_so_first(open_page: OpenPage) -> None:
    page, _ = open_page(BY_ID["accounts.sign_up-stranger"])
    page.get_by_role("button", name="Sign up").click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(page).to_have_title(re.compile("^Error: "))
    first = summary.get_by_role("link").first
    words = first.inner_text()
    first.click()
    field = page.locator(":focus")
    expect(field).to_have_attribute("aria-invalid", "true")
    described = str(field.get_attribute("aria-describedby")).split()
    assert any(words in page.locator(f"#{name}").inner_text() for name in described)


def test_what_can_be_lost_is_asked_about_first(open_page: OpenPage) -> None:
    page, _ = open_page(BY_ID["modules.draft-instructor"])
    button = page.get_by_role("button", name="Throw this import away")
    button.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(button).to_be_focused()


@pytest.mark.parametrize(
    "place",
    [place for place in PLACES if not place.state or place.state == "open"],
    ids=lambda place: place.id,
)
def test_everything_begins_at_one_edge(place: Place, open_page: OpenPage) -> None:
    page, _ = open_page(place, width=1280)
    edge = _box(page, ".wordmark")["x"]
    assert _box(page, "h1")["x"] == pytest.approx(edge, abs=0.5)
    assert _box(page, ".foot > *")["x"] == pytest.approx(edge, abs=0.5)


def test_print_keeps_the_text_and_drops_the_controls(open_page: OpenPage) -> None:
    page, _ = open_page(SECTION, color_scheme="dark")
    page.emulate_media(media="print")
    for selector in (".masthead", ".pager", ".foot"):
        expect(page.locator(selector)).to_be_hidden()
    expect(page.locator(".passage p").last).to_be_visible()
    assert _style(page, "html", "backgroundColor") == "rgb(255, 255, 255)"
    assert _style(page, ".passage", "overflowY") == "visible"


def test_nothing_moves_by_itself_for_those_who_ask_for_calm(open_page: OpenPage) -> None:
    page, _ = open_page(SECTION, reduced_motion="reduce")
    moving: Any = page.evaluate(
        "[...document.querySelectorAll('*')].filter((e) => getComputedStyle(e).transitionDuration !== '0s'"
        " || getComputedStyle(e).animationName !== 'none').map((e) => e.outerHTML.slice(0, 80))"
    )
    assert moving == []


def test_the_queue_has_the_text_and_the_card_beside_each_other(open_page: OpenPage) -> None:
    page, _ = open_page(QUEUE, width=1280)
    assert _box(page, ".passage")["x"] < _box(page, ".check")["x"]
    for key in ("a", "e", "s", "x"):
        expect(page.locator(f'.check [data-key="{key}"]')).to_be_in_viewport()
    expect(page.locator("body")).to_be_focused()  # nothing was done yet: the keyboard begins at the top
    page.keyboard.press("x")
    expect(page.locator(".reject input[name=reason]").first).to_be_focused()


def test_scores_of_ones_own_progress_are_in_sight_on_a_phone(open_page: OpenPage) -> None:
    page, _ = open_page(BY_ID["progress.mine-learner"], width=320, height=640)
    scroll = page.locator(".table-scroll").first
    scroll.locator("th a").first.evaluate("link => { link.textContent = 'The Contest over Technology'; }")
    scroll.locator("td.number").nth(1).evaluate("cell => { cell.textContent = '10 of 10'; }")
    assert scroll.evaluate("box => box.scrollWidth <= box.clientWidth")


def test_a_heading_that_has_the_keyboard_looks_like_a_heading(open_page: OpenPage) -> None:
    page, _ = open_page(SECTION)
    page.keyboard.press("Tab")
    page.locator("h1").evaluate("heading => { heading.tabIndex = -1; heading.focus(); }")
    expect(page.locator("h1")).to_be_focused()
    assert _style(page, "h1", "outlineStyle") == "none"


def test_quiet_buttons_of_a_card_stand_at_its_left_edge(open_page: OpenPage) -> None:
    page, _ = open_page(QUEUE, width=320)
    edge = _box(page, ".review-card .stem")["x"]
    for quiet in (".more-like > summary", ".queue-filters > summary"):
        padding = float(_style(page, quiet, "paddingInlineStart").removesuffix("px"))
        border = float(_style(page, quiet, "borderInlineStartWidth").removesuffix("px"))
        assert _box(page, quiet)["x"] + padding + border == pytest.approx(edge, abs=1.5)
