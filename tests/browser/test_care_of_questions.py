"""How a module's questions are kept right, in a real browser: the map of what is asked, another question like one,
questions whose sentence was edited, and what a learner reports.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from questions.items.base import Evidence, Item
from questions.reading.documents import read_document
from tests.browser.checks import Watch, axe_violations, sideways
from tests.factories.generation import made_generation
from tests.factories.modules import choice_item, make_item, make_module
from tests.factories.people import make_account, open_course
from tests.live import Site
from webapp.models.account import Account
from webapp.services import generation, modules

pytestmark = pytest.mark.needs("browser")

SAMPLE = Path(__file__).parents[1] / "data" / "sample_article.txt"
FREE = "Ships from nine countries called in the first year."
MINE = "How many countries sent ships in the first year?"
REFUSED = "the server responded with a status of 422"
LAST_WAIT_MS = 60_000
OpenBrowser = Callable[[Account | None], Page]


@pytest.fixture
def site(make_site: Callable[..., Site]) -> Site:
    """A site of this test's own, which also does background work."""
    return make_site("--workers", "1")


@pytest.fixture
def open_browser(site: Site, browser: Browser) -> Iterator[OpenBrowser]:
    """`open_browser(account)`: a browser in which somebody is signed in, or nobody."""
    opened: list[tuple[BrowserContext, Watch]] = []

    def open_one(account: Account | None) -> Page:
        context = browser.new_context(viewport={"width": 1280, "height": 600})
        watch = Watch(site.url)
        watch.on(context)
        opened.append((context, watch))
        if account is not None:
            site.sign_in(context, account)
        return context.new_page()

    yield open_one
    for context, watch in opened:
        context.close()
        # Chromium reports every form that is refused.
        assert [line for line in watch.complaints if REFUSED not in line] == []


def press(link: Locator) -> None:
    """With the keyboard alone."""
    link.focus()
    link.press("Enter")


def go(page: Page, thing: Locator) -> None:
    """Press, and wait for the page that it leads to."""
    with page.expect_navigation():
        press(thing)


def button(page: Page, name: str) -> Locator:
    """The button of the page's content."""
    return page.locator("main").get_by_role("button", name=name, exact=True)


def expect_a_good_page(page: Page) -> None:
    """For everybody, on a phone and on a desk."""
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert axe_violations(page) + sideways(page) == []


# ---------------------------------------------------------------- the coverage map


def go_to_the_map(page: Page) -> None:
    """From the module's page."""
    with page.expect_navigation():
        press(page.get_by_role("link", name="Coverage map of Introduction"))


def write_about_the_free_sentence(page: Page) -> None:
    with page.expect_navigation():
        press(page.get_by_role("link", name="Write a question"))
    page.get_by_label("Question", exact=True).fill(MINE)
    page.locator("[name=option_0]").fill("Nine")
    page.locator("[name=option_1]").fill("Four")
    page.locator("[name=option_2]").fill("Two")
    page.locator("[name=feedback_1]").fill("Four years is how long the repairs took.")
    page.get_by_label("Option 1 is right").check()
    page.locator("[name=evidence]").fill(FREE)
    with page.expect_navigation():
        press(page.get_by_role("button", name="Add question"))


def test_from_a_gap_in_the_map_to_a_question(site: Site, open_browser: OpenBrowser) -> None:
    with site.session() as session:
        teacher = make_account(session, "instructor")
        module = make_module(session)
        make_item(session, module.sections[0], level="retrieve")
        make_item(session, module.sections[0], state="proposed", origin="generated", level="infer")
        path = f"{site.url}/teach/modules/{module.id}"
    page = open_browser(teacher)
    page.goto(path)
    expect(page.get_by_text("1 of 3 sentences are asked about.")).to_be_visible()
    go_to_the_map(page)
    expect(page.locator(".map mark")).to_have_count(1)
    free = page.locator(".map .sentence", has_text=FREE)
    expect(free.locator("mark")).to_have_count(0)
    press(page.get_by_role("link", name="Question 1", exact=True))
    expect(page.locator("#question-1")).to_be_in_viewport()
    press(page.get_by_role("link", name="To its sentence 1"))
    expect(page.locator(".map mark")).to_be_in_viewport()
    write_about_the_free_sentence(page)
    page.goto(path)
    go_to_the_map(page)
    expect(free.locator("mark")).to_have_count(1)
    expect(page.get_by_text("2 of 3 sentences have a question in use.")).to_be_visible()
    expect_a_good_page(page)


# ---------------------------------------------------------------- another like this


def stem_and_evidence(page: Page) -> tuple[str, str]:
    """What tells this card from others of its kind."""
    return page.locator(".review-card .stem").inner_text(), page.locator("#passage mark").first.inner_text()


def wrong_answers(page: Page) -> list[str]:
    return page.locator(
        ".shown .choice:not(.is-right) .choice-text > [dir=auto]:first-child"
    ).all_inner_texts()


def open_more(page: Page) -> None:
    press(page.locator("summary", has_text="More like this"))


@pytest.mark.needs("model")
def test_another_like_this_and_other_wrong_answers(site: Site, open_browser: OpenBrowser) -> None:
    article = read_document(SAMPLE.read_bytes(), SAMPLE.name)
    with site.session() as session:
        teacher = make_account(session, "instructor")
        module = modules.create_module(session, article, course_id=open_course(session).id, by=None)
        task = generation.prepare(session, module)
        session.commit()
        path = f"{site.url}/teach/modules/{module.id}/review"
    made = generation.compute(task)
    alike = [one for one in (*made.items, *made.spares) if one.recipe == "statement_choice"]
    with site.session() as session:
        generation.store(session, task, made_generation(task.article, alike[:1], alike[1:]), None)
        session.commit()
    page = open_browser(teacher)
    page.goto(path)
    go(page, button(page, "Start reviewing"))
    first = stem_and_evidence(page)
    open_more(page)
    expect_a_good_page(page)
    go(page, button(page, "Another like this"))
    expect(page.get_by_text("The one before it stays as it was.")).to_be_visible()
    assert stem_and_evidence(page) != first
    with page.expect_navigation():
        page.keyboard.press("a")
    assert stem_and_evidence(page) == first
    before = wrong_answers(page)
    open_more(page)
    go(page, button(page, "Other wrong answers"))
    expect(page.get_by_role("heading", name="Other wrong answers were found")).to_be_focused(
        timeout=LAST_WAIT_MS
    )
    go(page, button(page, "Back to the question"))
    assert stem_and_evidence(page) == first
    assert wrong_answers(page) != before
    with page.expect_navigation():
        page.keyboard.press("u")
    assert wrong_answers(page) == before


def test_where_no_other_is_left_the_card_says_what_to_do(site: Site, open_browser: OpenBrowser) -> None:
    with site.session() as session:
        teacher = make_account(session, "instructor")
        module = make_module(session)
        make_item(session, module.sections[0], state="proposed", origin="generated", recipe="faq")
        path = f"{site.url}/teach/modules/{module.id}/review"
    page = open_browser(teacher)
    page.goto(path)
    go(page, button(page, "Start reviewing"))
    open_more(page)
    expect(page.get_by_text("No other question of this kind is in hand.")).to_be_visible()
    expect(button(page, "Another like this")).to_have_count(0)
    expect(button(page, "Look for more questions")).to_be_visible()


# ---------------------------------------------------------------- an edited sentence


def change_the_text(page: Page, old: str, new: str) -> None:
    """In the editor of a section."""
    editor = page.locator("textarea[name=text]")
    text = editor.input_value()
    assert old in text
    editor.fill(text.replace(old, new))
    go(page, button(page, "Save"))


def stems_asked(page: Page, address: str) -> list[str]:
    """What a new learner is asked."""
    page.goto(address)
    if page.get_by_role("button", name="Start the check").count():
        with page.expect_navigation():
            page.get_by_role("button", name="Start the check").click()
    return page.locator("fieldset.question .stem > [dir=auto]").all_inner_texts()


def test_an_edited_sentence_takes_its_question_out_until_somebody_has_looked(
    site: Site, open_browser: OpenBrowser
) -> None:
    changes, stays = "What broke in March?", "Repairs took four years and cost 300,000 crowns."
    with site.session() as session:
        teacher = make_account(session, "instructor")
        module = make_module(session)
        section = module.sections[1]
        text = section.current_version.text
        make_item(session, section, choice_item(text, section=str(section.id), stem=changes))
        start = text.index(stays)
        evidence = Evidence(str(section.id), start, start + len(stays), stays)
        stem = stays.replace("300,000", "_____")
        make_item(session, section, Item("gap_text", stem, (), ("300,000",), "It says so.", (evidence,)))
        learn = f"{site.url}/m/{module.slug}/2"
        teach = f"{site.url}/teach/modules/{module.id}"
        edit = f"{teach}/sections/{section.id}"
    early = open_browser(None)
    assert len(stems_asked(early, learn)) == 2
    page = open_browser(teacher)
    page.goto(edit)
    change_the_text(page, "In March 1934 a storm", "One morning in March 1935 a storm")
    expect(page.get_by_text("1 question loses its sentence")).to_be_visible()
    expect(page.get_by_text("1 question stays as it is.")).to_be_visible()
    go(page, button(page, "Save anyway"))
    expect(page.get_by_text("1 question left the quiz and waits for your review.")).to_be_visible()

    assert changes not in " ".join(stems_asked(open_browser(None), learn))
    early.reload()
    expect(early.get_by_text("This text has been edited since")).to_be_visible()
    assert changes in " ".join(early.locator("fieldset.question .stem").all_inner_texts())

    late = open_browser(None)
    assert len(stems_asked(late, learn)) == 1
    late.locator("fieldset.question input[type=text]").fill("300,000")
    go(late, button(late, "Look over my answers"))
    go(late, button(late, "Hand in"))
    expect(late.locator("#passage mark")).to_contain_text(stays)

    page.goto(teach)
    go(page, button(page, "Review them"))
    expect(page.get_by_text("The text was edited and no longer has:")).to_be_visible()
    expect(page.get_by_text("Perhaps it says now:")).to_be_visible()
    expect(page.locator("#passage mark")).to_contain_text("One morning in March 1935 a storm")
    expect_a_good_page(page)
    with page.expect_navigation():
        page.keyboard.press("a")
    expect(page.locator(".error-summary")).to_be_visible()
    with page.expect_navigation():
        page.keyboard.press("e")
    expect(page.locator("textarea[name=evidence]")).to_have_value(
        "One morning in March 1935 a storm broke the northern wall."
    )
    page.locator("textarea[name=stem]").fill("What does the first sentence say now?")
    page.locator("[name=option_0]").fill("One morning in March 1935 a storm broke the northern wall.")
    go(page, button(page, "Save and accept"))
    assert len(stems_asked(open_browser(None), learn)) == 2


# ---------------------------------------------------------------- a learner's report


def test_what_a_learner_reports_is_looked_at_and_answered(site: Site, open_browser: OpenBrowser) -> None:
    words = "The second answer is right as well."
    with site.session() as session:
        teacher = make_account(session, "instructor")
        module = make_module(session)
        make_item(session, module.sections[0])
        learn = f"{site.url}/m/{module.slug}/1"
        teach = f"{site.url}/teach/modules/{module.id}"
    guest = open_browser(None)
    assert len(stems_asked(guest, learn)) == 1
    guest.locator("fieldset.question input[type=radio]").nth(1).check()
    go(guest, button(guest, "Look over my answers"))
    go(guest, button(guest, "Hand in"))
    expect(guest.locator("#q1-feedback")).to_be_visible()
    go(guest, guest.get_by_role("link", name="Report a problem"))
    guest.get_by_label("What is the problem?").fill(words)
    expect_a_good_page(guest)
    go(guest, button(guest, "Send the report"))
    expect(guest.get_by_text("You reported a problem with this question.")).to_be_visible()

    page = open_browser(teacher)
    page.goto(teach)
    expect(page.get_by_text("1 question is reported by readers")).to_be_visible()
    go(page, button(page, "Look into it"))
    expect(page.get_by_text("1 reader reports a problem")).to_be_visible()
    expect(page.get_by_text(words)).to_be_visible()
    expect_a_good_page(page)
    with page.expect_navigation():
        page.keyboard.press("a")
    expect(page.get_by_text("Kept as it is.")).to_be_visible()
    page.goto(teach)
    expect(page.get_by_text("reported by readers")).to_have_count(0)

    guest.reload()
    expect(guest.get_by_text("It was looked at, and the question stays as it is.")).to_be_visible()
    go(guest, guest.get_by_role("link", name="Report a problem"))
    go(guest, button(guest, "Send the report"))
    go(guest, guest.get_by_role("link", name="See or withdraw it"))
    go(guest, button(guest, "Withdraw the report"))
    expect(guest.get_by_text("Withdrawn. Nobody will see your report.")).to_be_visible()
