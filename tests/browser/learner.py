"""A learner in a real browser: what they press and see, with and without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from questions.items.base import Item
from questions.items.content import item_from_json
from tests.factories.answers import right_answer, wrong_answer
from tests.live import Site
from webapp.models.attempt import Attempt, AttemptSlot
from webapp.models.item import ItemVersion


@dataclass
class Learner:
    """Plays modules. `has_script` says whether the page's own JavaScript runs."""

    page: Page
    site: Site
    has_script: bool = True

    def open(self, path: str) -> None:
        """Open a page of the site."""
        response = self.page.goto(self.site.url + path)
        assert response is not None
        assert response.status == 200, f"{path}: {response.status}"

    def press(self, name: str) -> None:
        """Press the button that begins with this name, and wait for the page it leads to."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=re.compile(f"^{re.escape(name)}")).first.click()
        self.page.wait_for_load_state("load")

    def asked(self) -> list[Item]:
        """What the form on the page asks, in order, key and all, from the database."""
        attempt_id = int(self.page.locator("#answers").get_attribute("data-attempt") or 0)
        with self.site.session() as session:
            contents = session.scalars(
                select(ItemVersion.content)
                .join(AttemptSlot, AttemptSlot.item_version_id == ItemVersion.id)
                .where(AttemptSlot.attempt_id == attempt_id)
                .order_by(AttemptSlot.position)
            ).all()
        return [item_from_json(content) for content in contents]

    def question(self, position: int) -> Locator:
        """The question at that place."""
        return self.page.locator(f"#q{position}")

    def fill(self, position: int, answer: Mapping[str, Any]) -> None:
        """Give an answer, as a person does: a click, typing, a place for each line."""
        question = self.question(position)
        if "choice" in answer:
            question.locator(f"[name$='-choice'][value='{answer['choice']}']").check()
        elif "text" in answer:
            question.get_by_label("Your answer").fill(answer["text"])
        elif "match" in answer:
            for menu, index in zip(question.locator("select").all(), answer["match"], strict=True):
                menu.select_option(str(index))
        else:
            for place, index in enumerate(answer["order"], start=1):
                question.locator(f"select[name$='place-{index}']").select_option(str(place))

    def check(self, position: int, item: Item, *, is_right: bool) -> None:
        """Answer a question, check it, read the feedback, and look at the evidence in the text."""
        self.fill(position, (right_answer if is_right else wrong_answer)(item))
        check = self.question(position).get_by_role("button", name="Check answer")
        if self.has_script:
            check.click()
            expect(self.page.locator(f"#q{position}-feedback")).to_be_focused()
        else:
            with self.page.expect_navigation():
                check.click()
        self.read_feedback(position, item, is_right=is_right)
        self.look_at_evidence(position, item)

    def read_feedback(self, position: int, item: Item, *, is_right: bool) -> None:
        """What the page says of the answer."""
        feedback = self.page.locator(f"#q{position}-feedback")
        expect(feedback.locator(".verdict")).to_contain_text(
            "Correct." if is_right else "Not quite. The answer is"
        )
        if item.explanation:
            expect(feedback).to_contain_text(item.explanation)

    def look_at_evidence(self, position: int, item: Item) -> None:
        """Follow "Show evidence": the sentences that prove the answer are marked, in sight, and lead back."""
        self.question(position).get_by_role("link", name="Show evidence").click()
        anchor = self.page.locator(f"#evidence-{position}")
        mark = anchor.locator("xpath=following::mark[1]")
        expect(mark).to_be_in_viewport()
        expect(mark).to_contain_text("Evidence for question")
        marked = " ".join(self.page.locator("#passage mark").all_text_contents())
        for evidence in item.evidence:
            first = evidence.quote.split("\n")[0].strip()
            words = first[: first.find(". ") + 1] if ". " in first else first
            assert words in marked, f"{words!r} is not marked"
        here = ":not([data-without-js])" if self.has_script else f"[href='#q{position}']"
        self.page.locator(f".way-back{here}").click()
        expect(self.question(position)).to_be_in_viewport()

    def section(self, *, is_right: bool) -> int:
        """The check of the section that is open, from start to summary; how many questions it had."""
        if not self.page.get_by_role("button", name="Start the check").count():
            return 0
        self.press("Start the check")
        items = self.asked()
        if self.page.get_by_role("button", name="Check answer").count():
            for position, item in enumerate(items, start=1):
                self.check(position, item, is_right=is_right)
        else:
            self.hand_in(items, is_right=is_right)
        earned = len(items) if is_right else 0
        expect(self.page.locator("#check-foot")).to_contain_text(f"Your score: {earned} of {len(items)}.")
        return len(items)

    def hand_in(self, items: Sequence[Item], *, is_right: bool) -> None:
        """Answer all, look them over, hand in; then read what is said of each, and look at its evidence."""
        for position, item in enumerate(items, start=1):
            self.fill(position, (right_answer if is_right else wrong_answer)(item))
        if self.has_script:
            expect(self.page.locator("#save-state")).to_contain_text("Saved")
        self.press("Look over my answers")
        expect(self.page.get_by_text("not answered")).to_have_count(0)
        self.press("Hand in")
        for position, item in enumerate(items, start=1):
            self.read_feedback(position, item, is_right=is_right)
            self.look_at_evidence(position, item)

    def quiz(self, *, is_right: bool) -> int:
        """The module's quiz, from its contents page to the result; how many questions it had."""
        self.press("Start the module quiz")
        items = self.asked()
        for position, item in enumerate(items, start=1):
            self.fill(position, (right_answer if is_right else wrong_answer)(item))
        if self.has_script:
            expect(self.page.locator("#save-state")).to_contain_text("Saved")
        self.press("Look over my answers")
        expect(self.page.get_by_text("not answered")).to_have_count(0)
        self.press("Hand in")
        earned = len(items) if is_right else 0
        expect(self.page.get_by_role("heading", level=1)).to_have_text(
            f"Your result: {earned} of {len(items)}"
        )
        expect(self.page.locator(".evidence-quote").first).to_be_visible()
        return len(items)

    def whole_module(self, slug: str, *, is_right: bool) -> list[int]:
        """A module from the catalogue to the quiz's result; the questions of each section, then of the quiz."""
        self.open("/")
        self.page.locator(f"main a[href='/m/{slug}']").click()
        self.press("Start reading")
        counts = [self.section(is_right=is_right)]
        while self.page.get_by_role("button", name="Continue to section").count():
            self.press("Continue to section")
            counts.append(self.section(is_right=is_right))
        self.press("Finish and see the contents")
        expect(self.page.locator(".contents .tag")).to_have_text(["Completed"] * len(counts))
        return [*counts, self.quiz(is_right=is_right)]

    def newest_attempt(self) -> Attempt:
        """The attempt that was started last."""
        with self.site.session() as session:
            attempt = session.scalars(select(Attempt).order_by(Attempt.id.desc())).first()
            assert attempt is not None
            return attempt
