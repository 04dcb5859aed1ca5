"""Looking at the cut of a text in a real browser, with and without JavaScript."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.factories.people import make_account
from tests.live import Site
from webapp.models.module import Module

pytestmark = pytest.mark.needs("browser")

TEXT = (
    "The Old Mill\n\nThe First Years\n\nThe mill was built by the river. It had two wheels.\n\n"
    "Later it had four wheels. Nobody counted them.\n\nThe Last Years\n\nThe river was moved in 1931. The mill stood dry.\n"
)


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def scripts(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def desk(site: Site, browser: Browser, scripts: bool) -> Iterator[Page]:
    """The cut of the text above, in an instructor's browser."""
    with site.session() as session:
        account = make_account(session, "instructor")
    context = browser.new_context(java_script_enabled=scripts)
    site.sign_in(context, account)
    page = context.new_page()
    page.goto(f"{site.url}/teach/import")
    page.get_by_label("Or paste the text").fill(TEXT)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look at the cut")
    yield page
    context.close()


def press(button: Locator) -> None:
    """A button, and the page that answers it."""
    with button.page.expect_navigation():
        button.click()


def headings(page: Page) -> list[str]:
    fields = page.get_by_label("Heading")
    return [fields.nth(at).input_value() for at in range(fields.count())]


def test_split_join_move_remove_and_put_back(desk: Page, site: Site) -> None:
    assert headings(desk) == ["The First Years", "The Last Years"]
    desk.get_by_label("Begin a new section with").first.select_option(index=0)
    press(desk.get_by_role("button", name="Split here").first)
    assert headings(desk) == ["The First Years", "", "The Last Years"]
    desk.get_by_label("Heading").nth(1).fill("The Middle Years")
    press(desk.get_by_role("button", name="Move up").nth(1))
    assert headings(desk) == ["The First Years", "The Last Years", "The Middle Years"]
    press(desk.get_by_role("button", name="Join with the previous section").nth(0))
    assert headings(desk) == ["The First Years", "The Middle Years"]
    press(desk.get_by_role("button", name="Remove").nth(1))
    assert headings(desk) == ["The First Years"]
    press(desk.get_by_role("button", name="Put back").first)
    assert headings(desk) == ["The First Years", "The Middle Years"]
    title = f"The Mill {secrets.token_hex(4)}"
    desk.get_by_label("Title").fill(title)
    desk.get_by_role("button", name="Save without questions").click()
    expect(desk.get_by_text("Saved as a draft module")).to_be_visible()
    with site.session() as session:
        module = session.query(Module).filter_by(title=title).one()
        texts = [section.current_version.text for section in module.sections]
    assert texts[0].endswith("The Last Years\n\nThe river was moved in 1931. The mill stood dry.")
    assert texts[1] == "Later it had four wheels. Nobody counted them."


def test_enter_in_a_field_keeps_what_was_typed_and_changes_no_section(desk: Page) -> None:
    desk.get_by_label("Heading").nth(0).fill("Renamed")
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("Kept as it stands")).to_be_visible()
    assert headings(desk) == ["Renamed", "The Last Years"]


@pytest.mark.parametrize("scripts", [True], indirect=True)
def test_words_are_counted_and_the_split_follows_the_caret(desk: Page) -> None:
    area = desk.get_by_label("Text").first
    expect(desk.get_by_text("19 words").last).to_be_visible()
    area.press("Control+End")
    area.press_sequentially(" Five more words stand here.\n\nA third paragraph.")
    expect(desk.locator("[data-words]").first).to_have_text("27 words")
    area.press("Control+Home")
    for _ in range(3):
        area.press("ArrowDown")
    assert desk.locator("[data-split]").first.evaluate("menu => menu.selectedIndex") == 0
