"""The instructor's way in a real browser, to the score in a file that is read back.

Import, generate, review by keyboard, write a question, publish; a learner answers in another browser; the
scores of the CSV and the XLSX are those of the database.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.checks import Watch
from tests.factories.people import make_account
from tests.live import Site
from webapp.models.attempt import Attempt
from webapp.models.item import Item, ReviewDecision
from webapp.models.module import Module

pytestmark = pytest.mark.needs("browser", "model")

TITLE = "The Ferry of Lindholm"
ARTICLE = f"""{TITLE}
How a small town kept its crossing for thirty years.

The Long Crossing

In 1902 the town of Lindholm bought its first ferry from a shipyard in Hamburg. The ferry carried carts and cattle \
across the sound. However, the crossing took almost an hour in calm weather. The captain, Erik Holm, said that the \
current was stronger than anybody had expected. In its first summer the ferry made nine trips a day.

The Winter Without Ice

The winter of 1911 was the warmest in memory. The ferry ran on every day of that winter, and the town paid the crew for \
four extra months. If the winter had been cold, the ferry would have stayed in the harbour. Therefore the council of \
Lindholm bought a second boat in 1912.

The Bridge

A bridge was opened in 1934. The bridge was built by engineers from Denmark and cost three million crowns. A week later, \
the ferry stopped. Today the old landing is a museum that nine thousand people visit each year.
"""
BY_HAND = "Where did the first ferry come from?"
LAST_WAIT_MS = 60_000


@pytest.fixture
def busy_site(make_site: Callable[..., Site]) -> Site:
    """A site that also does background work."""
    return make_site("--workers", "1")


@pytest.fixture
def open_browser(busy_site: Site, browser: Browser) -> Iterator[Callable[[str], Page]]:
    """`open_browser(role)`: a browser of its own in which somebody new of that role is signed in."""
    contexts: list[tuple[BrowserContext, Watch]] = []

    def open_one(role: str) -> Page:
        with busy_site.session() as session:
            account = make_account(
                session, role, username=f"{role}-one", display_name=f"{role.capitalize()} One"
            )
        context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
        watch = Watch(busy_site.url)
        watch.on(context)
        contexts.append((context, watch))
        busy_site.sign_in(context, account)
        page = context.new_page()
        page.goto(busy_site.url)
        return page

    yield open_one
    for context, watch in contexts:
        context.close()
        assert watch.complaints == []


def import_article(page: Page) -> None:
    """Paste the text, look at the cut, give a section another heading, save, and wait for the questions."""
    page.get_by_role("link", name="Teach").click()
    page.get_by_role("link", name="Make a module").first.click()
    page.get_by_label("Or paste the text").fill(ARTICLE)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_label("Title")).to_have_value(TITLE)
    headings = page.get_by_label("Heading")
    expect(headings).to_have_count(3)
    headings.nth(2).fill("The Bridge of 1934")
    page.get_by_role("button", name="Save and generate questions").click()
    expect(page.get_by_text(re.compile(r"\d+ questions were made"))).to_be_visible(timeout=LAST_WAIT_MS)
    page.get_by_role("button", name="Review them").click()


def card_of(page: Page) -> str:
    """What tells this card from the next."""
    return page.locator("form.decision").get_attribute("action") or ""


def press(page: Page, key: str) -> None:
    """A key, and the page that answers it."""
    with page.expect_navigation():
        page.keyboard.press(key)


def review_by_keyboard(page: Page) -> None:
    """Accept one, edit one, reject one with a reason, take that back and do it again, accept the rest."""
    expect(page.locator("mark").first).to_be_visible()
    # The switch of the keys (in a closed box) is no longer hidden once the script listens.
    expect(page.locator("[data-keys]:not([hidden])")).to_have_count(1)
    first = card_of(page)
    press(page, "a")
    assert card_of(page) != first
    press(page, "e")
    page.get_by_label("Explanation").focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(" The text says so.")
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.textContent").strip() != "Save and accept":
        page.keyboard.press("Tab")
    press(page, "Enter")
    third = card_of(page)
    for go in range(2):
        page.keyboard.press("x")
        expect(page.get_by_label("Why not?")).to_be_focused()
        page.keyboard.type("too easy")
        press(page, "Enter")
        assert card_of(page) != third
        if go == 0:
            press(page, "u")
            assert card_of(page) == third
    while page.locator("form.decision").count():
        press(page, "a")
    expect(page.get_by_text("All questions are decided")).to_be_visible()
    page.get_by_role("link", name="Back to the module").click()


def write_by_hand(page: Page) -> None:
    """A question of the instructor's own at the first section."""
    row = page.locator(".section-list > li").filter(has_text="The Long Crossing")
    row.get_by_text("Change").click()
    row.get_by_role("link", name="Write a question").click()
    page.locator("textarea[name=stem]").fill(BY_HAND)
    for number, words in enumerate(
        ("From a shipyard in Hamburg", "From a yard in Denmark", "From the town itself")
    ):
        page.locator(f"[name=option_{number}]").fill(words)
    page.get_by_label("Option 1 is right").check()
    page.get_by_label("Evidence").fill(
        "In 1902 the town of Lindholm bought its first ferry from a shipyard in Hamburg."
    )
    page.get_by_role("button", name="Add question").click()
    expect(page.get_by_text("Question added")).to_be_visible()


def answer(question: Locator) -> None:
    """Some answer, whatever the question's type; the one written by hand gets the right one."""
    if BY_HAND in question.inner_text():
        question.get_by_label("From a shipyard in Hamburg").check()
    elif question.locator("input[type=radio]").count():
        question.locator("input[type=radio]").first.check()
    elif question.locator("input[type=text]").count():
        question.locator("input[type=text]").fill("1902")
    else:
        menus = question.locator("select")
        for number in range(menus.count()):
            menus.nth(number).select_option(index=number + 1)


def read_and_answer(page: Page, slug: str, base: str) -> None:
    """The first section's check: every question answered, looked over, handed in, to its score."""
    page.goto(f"{base}/m/{slug}/1")
    page.get_by_role("button", name="Start the check").click()
    for question in page.locator("fieldset.question").all():
        answer(question)
    expect(page.locator("#save-state")).to_contain_text("Saved")
    page.get_by_role("button", name="Look over my answers").click()
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_text("You have checked this section")).to_be_visible()
    expect(page.locator("#passage mark").first).to_be_visible()


def download(page: Page, profile: str, file_format: str, folder: Path) -> Path:
    """One export, as a file."""
    page.locator(f"input[name=profile][value={profile}]").check()
    page.locator(f"input[name=file_format][value={file_format}]").check()
    with page.expect_download() as loading:
        page.get_by_role("button", name="Download").click()
    file = folder / loading.value.suggested_filename
    loading.value.save_as(file)
    return file


def rows_of(file: Path) -> list[dict[str, str]]:
    """The rows of a CSV or XLSX by column name, as text."""
    if file.suffix == ".csv":
        with file.open(encoding="utf-8-sig", newline="") as lines:
            return list(csv.DictReader(lines))
    header, *rows = load_workbook(file).active.iter_rows(values_only=True)
    return [
        {str(name): "" if cell is None else str(cell) for name, cell in zip(header, row, strict=True)}
        for row in rows
    ]


def test_from_a_text_to_scores_in_a_file(
    busy_site: Site, open_browser: Callable[[str], Page], tmp_path: Path
) -> None:
    desk = open_browser("instructor")
    import_article(desk)
    review_by_keyboard(desk)
    write_by_hand(desk)
    desk.get_by_role("link", name="Teach").click()
    desk.get_by_role("link", name=TITLE).click()
    desk.get_by_role("button", name="Publish").click()
    expect(desk.get_by_text("Readers can open the module now")).to_be_visible()
    with busy_site.session() as session:
        module = session.query(Module).filter_by(title=TITLE).one()
        states = [item.state for item in session.query(Item).filter_by(module_id=module.id)]
        decided = session.query(ReviewDecision).join(Item).filter(Item.module_id == module.id)
        decisions = [one.decision for one in decided if one.undone_at is None]
        written = session.query(Item).filter_by(module_id=module.id, origin="written").one()
        assert written.current_version.content["stem"] == BY_HAND
        module_id, slug = module.id, module.slug
    assert states.count("rejected") == decisions.count("reject") == 1
    assert decisions.count("edit") == 1
    assert states.count("accepted") == len(states) - 1 >= 3

    learner = open_browser("learner")
    read_and_answer(learner, slug, busy_site.url)

    desk.goto(f"{busy_site.url}/teach/modules/{module_id}/scores")
    with busy_site.session() as session:
        attempt = session.query(Attempt).one()
        points, possible, account_id = attempt.points, attempt.points_possible, attempt.account_id
        answered = attempt.answered_count
    assert points >= 1
    for file_format in ("csv", "xlsx"):
        (row,) = rows_of(download(desk, "wide", file_format, tmp_path))
        assert row["learner_id"] == str(account_id)
        assert row["learner"] == "Learner One"
        section = "Section 1: The Long Crossing"
        assert (Decimal(row[f"{section} (points)"]), Decimal(row[f"{section} (possible)"])) == (
            points,
            possible,
        )
        assert (Decimal(row["total_points"]), Decimal(row["total_possible"])) == (points, possible)
        long = rows_of(download(desk, "long", file_format, tmp_path))
        assert len(long) == answered
        assert sum(Decimal(row["points"]) for row in long) == points
        by_hand = next(row for row in long if row["question"] == BY_HAND)
        assert (by_hand["status"], Decimal(by_hand["score"])) == ("correct", 1)
