"""Whole journeys with nothing but the keyboard; after every action the keyboard stands on something that matters."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Gallery
from tests.browser.keyboard import act, button, follow, tab_to
from tests.factories.modules import choice_item, make_item, make_module
from tests.factories.people import make_account
from webapp.models.module import Section, SectionVersion

pytestmark = pytest.mark.needs("browser")

TEXT = (
    "The ferry across the strait began in 1902. It carried apples in autumn and pupils all year.\n\n"
    "When the bridge was opened, the ferry was given to a museum."
)


def test_a_reader_reads_answers_and_hands_in(page: Page, gallery: Gallery) -> None:
    page.goto(f"{gallery.site.url}/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    follow(page, page.get_by_role("link", name="The harbour that was dug twice"))
    tab_to(page, button(page, "Start reading"))
    act(page)
    tab_to(page, button(page, "Start the check"))
    act(page)
    choose_by_letter(page)
    for position in (1, 2):
        answer(page, page.locator(f"#q{position}"))
        tab_to(page, page.locator(f"#q{position}").get_by_role("button", name="Check answer"))
        page.keyboard.press("Enter")
        expect(page.locator(f"#q{position}-feedback")).to_be_focused()
    follow_evidence(page, 1)
    tab_to(page, button(page, "Continue to section 2"))
    act(page)
    tab_to(page, button(page, "Continue to section 3"))
    act(page)
    tab_to(page, button(page, "Finish"))
    act(page)
    tab_to(page, button(page, "Start the module quiz"))
    act(page)
    answer_everything(page)
    tab_to(page, button(page, "Look over my answers"))
    act(page)
    tab_to(page, button(page, "Hand in"))
    act(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Your result")
    follow(page, page.get_by_role("navigation").get_by_role("link", name="My progress"))
    expect(page.get_by_role("row", name="Module quiz")).to_be_visible()


def follow_evidence(page: Page, position: int) -> None:
    """To the sentence and back."""
    link = page.get_by_role("link", name=f"Show evidence for question {position}")
    tab_to(page, link)
    page.keyboard.press("Enter")
    expect(page.locator("mark.is-here")).to_be_focused()
    tab_to(page, page.get_by_role("link", name="Back to the question"))
    page.keyboard.press("Enter")
    expect(link).to_be_focused()


def choose_by_letter(page: Page) -> None:
    """A letter chooses while the keyboard is in a question."""
    question = page.locator("fieldset.question", has=page.locator("input[type=radio]")).first
    tab_to(page, question.locator("input[type=radio]").first)
    page.keyboard.press("b")
    expect(question.locator("input[type=radio]").nth(1)).to_be_checked()
    expect(question.locator("input[type=radio]").nth(1)).to_be_focused()
    page.locator("#passage").focus()


def answer(page: Page, question: Locator) -> None:
    """Something for a question, whatever its type."""
    radios, texts, menus = (
        question.locator(kind) for kind in ("input[type=radio]", "input[type=text]", "select")
    )
    if radios.count():
        chosen = question.locator("input[type=radio]:checked")
        tab_to(page, chosen.first if chosen.count() else radios.first)
        page.keyboard.press("1")
        expect(radios.first).to_be_checked()
    elif texts.count():
        tab_to(page, texts.first)
        page.keyboard.type("1911")
    for place, menu in enumerate(menus.all(), start=1):
        tab_to(page, menu)
        page.keyboard.press(str(place))


def answer_everything(page: Page) -> None:
    """Every question of a quiz."""
    for question in page.locator("fieldset.question").all():
        answer(page, question)
    expect(page.locator("#save-state")).to_contain_text("Saved")


def test_an_instructor_makes_a_module_and_publishes_it(page: Page, gallery: Gallery) -> None:
    with gallery.site.session() as session:
        account = make_account(session, "instructor", display_name="Kit Keys")
    gallery.site.sign_in(page.context, account)
    page.goto(f"{gallery.site.url}/")
    follow(page, page.get_by_role("link", name="Teach"))
    follow(page, page.get_by_role("link", name="Make a module").first)
    tab_to(page, page.get_by_label("Or paste the text"))
    page.keyboard.insert_text(f"The old ferry\n\n{TEXT}")
    tab_to(page, button(page, "Continue"))
    act(page)
    tab_to(page, button(page, "Save without questions"))
    act(page)
    follow(page, page.get_by_role("link", name="All questions"))
    follow(page, page.get_by_role("link", name="Write a question for this section").first)
    follow(page, page.get_by_role("link", name="True or false"))
    tab_to(page, page.get_by_label("Statement"))
    page.keyboard.type("The ferry began in 1902.")
    tab_to(page, page.get_by_role("radio").first)
    page.keyboard.press("Space")
    tab_to(page, page.get_by_label("Evidence", exact=True))
    page.keyboard.type("The ferry across the strait began in 1902.")
    tab_to(page, button(page, "Add question"))
    act(page)
    page.goto(f"{gallery.site.url}/teach")
    follow(page, page.locator("tbody").get_by_role("link").first)
    tab_to(page, button(page, "Publish"))
    act(page)
    expect(page.locator("main")).to_contain_text("Published")


def _switch_the_keys_off_and_on(page: Page) -> None:
    """WCAG 2.1.4: who speaks to the computer must not accept what contains an “a”."""
    page.keyboard.press("?")
    switch = page.get_by_label("These keys work while you review")
    switch.uncheck()
    page.reload()
    page.locator("#passage").focus()
    for key in "xaes?":
        page.keyboard.press(key)
    expect(page.get_by_label("Why not?")).to_be_hidden()
    expect(page.locator("main")).to_contain_text("1 of 3 decided")
    page.locator("summary", has_text="Keys").click()
    switch.check()
    page.locator("#passage").focus()


def test_a_reviewer_decides_by_single_keys(page: Page, gallery: Gallery) -> None:
    with gallery.site.session() as session:
        account = make_account(session, "instructor", display_name="Rita Review")
        module = make_module(session, sections=[("The ferry", TEXT)], title="The ferry", state="draft")
        section = session.query(Section).filter_by(module_id=module.id).one()
        text = session.get_one(SectionVersion, section.current_version_id).text
        for number in range(3):
            make_item(
                session,
                section,
                choice_item(text, section=str(section.id), stem=f"Stem number {number}?"),
                state="proposed",
            )
        module_id = module.id
    gallery.site.sign_in(page.context, account)
    page.goto(f"{gallery.site.url}/teach/modules/{module_id}/review")
    expect(page.locator("main")).to_contain_text("0 of 3 decided")
    tab_to(page, button(page, "Start reviewing"))
    act(page)
    act(page, "a")
    expect(page.locator("main")).to_contain_text("1 of 3 decided")
    act(page, "u")
    expect(page.locator("main")).to_contain_text("0 of 3 decided")
    page.keyboard.press("x")
    expect(page.get_by_label("Why not?")).to_be_focused()
    page.keyboard.type("two answers are right")
    act(page)
    expect(page.locator("main")).to_contain_text("1 of 3 decided")
    act(page, "s")
    _switch_the_keys_off_and_on(page)
    act(page, "e")
    expect(page.get_by_role("heading", name="Edit, then accept")).to_be_focused()
    tab_to(page, button(page, "Save and accept"))
    act(page)
    expect(page.locator("main")).to_contain_text("2 of 3 decided")
    act(page, "a")
    expect(page.get_by_role("heading", name="All questions are decided")).to_be_visible()
