"""What a person meets whose form was refused: a page for everybody, the summary in focus, what was typed kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.checks import axe_violations, form_of_a_page, sideways
from tests.browser.conftest import OpenPage
from tests.browser.places import PLACES
from webapp.models.module import Module

pytestmark = pytest.mark.needs("browser")

PLACE = {place.id: place for place in PLACES}
LOOKS = (("light", 320), ("dark", 1280))


def _misspell_the_form(page: Page) -> None:
    page.get_by_label("Name to sign in with").fill("x")
    page.get_by_role("textbox", name="Password").first.fill("short")


def _leave_all_empty(page: Page) -> None:
    for field in page.locator("main input[type=text], main textarea").all():
        if field.is_editable() and field.is_visible():
            field.fill("")


def _do_nothing(_page: Page) -> None:
    """The form is refused as it stands."""


def _ask_nothing(page: Page) -> None:
    page.get_by_label("Questions at most").fill("0")
    page.locator("#closes_at").fill("2031-11-30T08:00")


@pytest.mark.parametrize(
    ("place", "fill", "button"),
    [
        ("accounts.sign_in-stranger", _do_nothing, "Sign in"),
        ("accounts.sign_up-stranger", _misspell_the_form, "Sign up"),
        ("accounts.password-learner", _do_nothing, "Change password"),
        ("modules.new-instructor", _do_nothing, "Continue"),
        ("modules.edit_details-instructor", _leave_all_empty, "Save"),
        ("sections.edit-instructor", _leave_all_empty, "Save"),
        ("sections.new-instructor", _leave_all_empty, "Add"),
        ("quizzes.edit-instructor", _ask_nothing, "Save"),
        ("grants.index-instructor", _do_nothing, "Grant"),
        ("items.new-instructor-multiple_choice", _do_nothing, "Add question"),
        ("items.new-instructor-ordering", _do_nothing, "Add question"),
        ("items.new-instructor-matching", _do_nothing, "Add question"),
    ],
)
def test_a_refused_form_says_what_to_do(
    place: str, fill: Callable[[Page], None], button: str, open_page: OpenPage
) -> None:
    page, watch = open_page(PLACE[place])
    fill(page)
    page.locator("main").get_by_role("button", name=button, exact=True).first.click()
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    assert page.title().startswith("Error:")
    # the summary stands before the page's own heading, as in the GOV.UK pattern
    wrong = [problem for problem in form_of_a_page(page) if not problem.startswith("H2 after h0")]
    for link in summary.get_by_role("link").all():
        if not page.locator(f"[id='{(link.get_attribute('href') or '').removeprefix('#')}']").count():
            wrong.append(f"leads nowhere: {link.text_content()}")
    for theme, width in LOOKS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
        wrong += [f"{theme} {width}: {problem}" for problem in axe_violations(page) + sideways(page)]
    wrong += [complaint for complaint in watch.take() if "status of 422" not in complaint]
    assert not wrong, "\n".join(wrong)


def test_a_catalogue_with_nothing_in_it(make_site, page: Page) -> None:
    site = make_site()
    with site.session() as session:
        for module in session.query(Module):
            module.state = "draft"
    page.goto(site.url)
    expect(page.get_by_role("heading", name="Nothing to read yet")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
