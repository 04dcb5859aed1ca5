"""The steps of a walkthrough taken in a real browser, with the pages' own scripts running.

What is open stays open: a step that comes too late is taken on the page as it was before, as people do.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import ElementHandle, Error, Locator, Page, Response, expect

from tests.browser.learner import Learner
from tests.browser.patience import LOOK_EVERY_MS, PATIENCE_S, until
from tests.integration.walkthroughs.page_driver import Teacher
from tests.integration.walkthroughs.service_driver import EVERYTHING
from tests.integration.walkthroughs.stage import Stage, Told
from tests.integration.walkthroughs.walkthrough import Decision, Whom
from tests.live import SERVE, Site
from webapp.forms.regrade import LABELS
from webapp.models.account import Account

SERVE_AS_TOLD = (
    "import os, datetime, pathlib; from webapp.services import clock; told = pathlib.Path(os.environ['TOLD']);"
    "clock.now = lambda: datetime.datetime.fromisoformat(told.read_text());" + SERVE
)
"""`readcheck`, but what time it is stands in a file: steps to the second stay so on a slow machine."""
TOO_LATE = {404, 409, 422}
SOON_MS = 3_000
CHECKED = "(button) => !button.isConnected || button.ariaDisabled !== 'true'"
POINTS = re.compile(r"(\d+(?:\.\d+)? of \d+(?:\.\d+)?)")


@dataclass
class ToldToSite(Told):
    """The clock of a walkthrough, which a running site follows."""

    file: Path = Path()

    def __post_init__(self) -> None:
        self._tell()

    def wait(self, seconds: int) -> None:
        """Let time pass."""
        super().wait(seconds)
        self._tell()

    def _tell(self) -> None:
        fresh = self.file.with_suffix(".new")
        fresh.write_text(self.now().isoformat(), encoding="utf-8")
        fresh.replace(self.file)


class BrowserDriver:
    """Two people at their browsers: who answers, and who teaches."""

    abilities = EVERYTHING

    def __init__(self, stage: Stage, site: Site, page_of: Callable[[Account], Page]) -> None:
        self.stage = stage
        self.page = page_of(stage.account)
        self.learner = Learner(self.page, site)
        self.site = site
        self.answered: list[tuple[str, int]] = []
        self.page.on("response", self._note)
        self.desk = Desk(stage, site, page_of)
        self.slug = f"/m/{stage.module.slug}"
        self.home = self.slug if stage.kind == "module" else f"{self.slug}/1"
        self.grant, self.take_back = self.desk.grant, self.desk.take_back
        self.release, self.reset, self.seen_score = self.desk.release, self.desk.reset, self.desk.seen_score
        self.regrade, self.undo = self.desk.regrade, self.desk.undo

    def start(self, code: str) -> bool:
        """Press the button that starts, if there is one."""
        self._go(self.home)
        where = f"{self.home}/quiz" if self.stage.kind == "module" else f"{self.home}/check"
        form = self.page.locator(f"form[action='{where}']")
        if not form.count():
            return False
        if form.get_by_label("Access code").count():
            form.get_by_label("Access code").fill(code)
        with self.page.expect_navigation():
            form.get_by_role("button").click()
        return bool(self.page.locator("#answers").count())

    def answer(self, position: int, response: Mapping[str, Any], sure: int | None) -> bool:
        """Fill the question in, and wait until the page says that it is saved, or why not."""
        question = self._question(position)
        if question is None:
            return False
        del self.answered[:]
        if response:
            self._fill(question, position, response, sure)
        else:
            question.get_by_role("button", name="Clear my answer").click()
        return self._is_saved(position, response, sure)

    def check(self, position: int, response: Mapping[str, Any] | None, sure: int | None) -> bool:
        """Press "Check answer", with what is filled in there or with what was."""
        question = self._question(position)
        if question is None or not question.get_by_role("button", name="Check answer").count():
            return False
        if response is not None:
            self._fill(question, position, response, sure)
        button = question.get_by_role("button", name="Check answer").element_handle()
        button.click()
        if self._is_taken(button):
            expect(self.page.locator("#save-state.is-bad")).to_have_count(0)
            return True
        expect(self.page.locator("#save-state")).to_have_class(re.compile("is-bad"))
        return False

    def turn(self, step: int) -> bool:
        """Press "Next question" or "Previous question", if it is there."""
        self._look_at_questions()
        button = self.page.get_by_role("button", name="Next question" if step > 0 else "Previous question")
        if not button.count():
            return False
        with self.page.expect_navigation():
            button.click()
        return True

    def hand_in(self) -> bool:
        """Look the answers over, by the button or (a check question by question has none) by the address."""
        self._look_at_questions()
        look_over = self.page.get_by_role("button", name=re.compile("^Look over my answers"))
        if look_over.count():
            with self.page.expect_navigation():
                look_over.click()
        else:
            self._go(f"{self._attempt()}/answers")
        button = self.page.get_by_role("button", name="Hand in", exact=True)
        if button.count():
            try:
                with self.page.expect_navigation():
                    button.click(timeout=SOON_MS)
            except Error:  # the time is up, and the page was quicker than the hand
                assert self.stage.told.now() >= (self.stage.attempt().deadline_at or self.stage.told.now())
            expect(self.page.locator("[data-attempt-done]")).to_be_visible()
        return bool(self.page.locator("[data-attempt-done]").count())

    def look(self) -> None:
        """Open the attempt's page."""
        self._go(self._attempt())

    def read(self, number: int) -> bool:
        """Open the section, and see whether its text is there."""
        self._go(f"{self.slug}/{number}")
        return bool(self.page.locator("#passage .sentence").count())

    def seen_points(self) -> str:
        """What stands below a section's check, or at the head of a quiz's result."""
        if self.stage.kind == "section":
            self._go(self.home)
            return _points(self.page.locator("#check-foot .score"))
        self._go(f"{self._attempt()}/result")
        return _points(self.page.get_by_role("heading", level=1))

    def seen_hint(self, position: int) -> str:
        """What stands above the controls of a question that was tried."""
        words = self.page.locator(f"#q{position}-feedback").inner_text()
        return (
            "sentence" if "This sentence decides it" in words else "paragraph" * ("this paragraph" in words)
        )

    def _attempt(self) -> str:
        return f"/attempts/{self.stage.attempt().id}"

    def _go(self, path: str) -> None:
        self.learner.open(path)

    def _note(self, response: Response) -> None:
        if response.request.method == "POST":
            self.answered.append((response.url, response.status))

    def _look_at_questions(self) -> None:
        """The page with the open attempt: where one is, or else the way there."""
        if not self.page.locator("#answers").count():
            self._go(self.home if self.stage.kind == "section" else self._attempt())

    def _question(self, position: int) -> Locator | None:
        """The question, if it can be answered on the page."""
        self._look_at_questions()
        question = self.page.locator(f"fieldset#q{position}")
        return question if question.count() else None

    def _fill(self, question: Locator, position: int, response: Mapping[str, Any], sure: int | None) -> None:
        self.learner.fill(position, response)
        if "text" in response:
            question.get_by_label("Your answer").press("Tab")
        if sure is not None:
            question.locator(f"[name$='-confidence'][value='{sure}']").check()

    def _is_saved(self, position: int, response: Mapping[str, Any], sure: int | None) -> bool:
        """Whether it is stored and the page says so; False where the page says that it was refused."""
        state = self.page.locator("#save-state")
        end = time.monotonic() + PATIENCE_S
        while not self._holds(position, response, sure):
            if any(status in TOO_LATE for _, status in self.answered):
                expect(state).to_have_class(re.compile("is-bad"))
                return False
            assert time.monotonic() < end, f"question {position} was never saved: {state.inner_text()}"
            self.page.wait_for_timeout(LOOK_EVERY_MS)
        expect(state).to_contain_text("Saved")
        return True

    def _holds(self, position: int, response: Mapping[str, Any], sure: int | None) -> bool:
        slot = self.stage.slot(position)
        return (slot.response or {}) == response and (sure is None or not response or slot.confidence == sure)

    def _is_taken(self, button: ElementHandle) -> bool:
        """Whether the question was replaced by what the server says of it; else the button can be pressed again."""
        try:
            until(self.page, CHECKED, button)
            return not button.evaluate("(button) => button.isConnected")
        except Error:  # the page went on to the result, and the button with it
            self.page.wait_for_load_state("load")
            return True


class Desk:
    """What an instructor does at their browser."""

    def __init__(self, stage: Stage, site: Site, page_of: Callable[[Account], Page]) -> None:
        self.stage = stage
        self.site = site
        self.page_of = page_of
        self.module = f"/teach/modules/{stage.module.id}"
        self.quizzes = f"{self.module}/quizzes"

    @property
    def page(self) -> Page:
        """The instructor's browser, opened when it is first needed."""
        return self.page_of(self.stage.teacher)

    def grant(self, whom: Whom, granted: Mapping[str, Any]) -> bool:
        """Fill the form of extra time in, and send it."""
        self._go(f"{self.quizzes}/{self.stage.quiz.id}/grants")
        who = f"cohort-{self.stage.cohort_id}" if whom.is_cohort else f"account-{self.stage.account.id}"
        self.page.locator("[name=who]").select_option(who)
        where = "In every quiz of the course" if whom.is_course_wide else "In this quiz"
        self.page.get_by_label(where).check()
        self.page.locator("details:has([name=opens_at]) summary").click()
        for name, value in map(Teacher.as_typed, granted.items()):
            self.page.locator(f"form.grants [name={name}]").fill(value)
        self._press("Grant")
        return bool(self.page.get_by_text("Granted.", exact=True).count())

    def take_back(self, whom: Whom) -> bool:
        """Press "Remove" in the line of a grant, and take it back on the page that asks."""
        self._go(f"{self.quizzes}/{self.stage.quiz.id}/grants")
        line = self.page.locator("tbody tr").filter(
            has_text="every quiz of the course" if whom.is_course_wide else "this quiz"
        )
        cohort = self.page.get_by_text("(cohort)")
        line = line.filter(has=cohort) if whom.is_cohort else line.filter(has_not=cohort)
        with self.page.expect_navigation():
            line.get_by_role("button", name=re.compile("^Remove")).click()
        self._press("Take it back")
        return bool(self.page.get_by_text("Removed. The rules of the quiz hold again.").count())

    def release(self) -> bool:
        """Press "Release results", and again on the page that asks."""
        self._go(self.quizzes)
        if not self.page.get_by_role("button", name=re.compile("^Release results")).count():
            return False
        self._press("Release results")
        self._press("Release results")
        return bool(self.page.get_by_text("1 result is released.").count())

    def reset(self, number: int) -> bool:
        """Press "Reset" beside an attempt, and again when asked."""
        self._go(f"{self.module}/learners/{self.stage.account.id}")
        self._press_twice(self.page.get_by_role("button", name=f"Reset attempt {number}", exact=True))
        return bool(self.page.get_by_text("no longer counts").count())

    def seen_score(self) -> str:
        """What the learner's page says of the score."""
        response = self.page.goto(f"{self.site.url}{self.module}/learners/{self.stage.account.id}")
        assert response is not None
        if response.status == 404:
            return ""  # nobody who was ever there as a learner
        average = self.page.get_by_text("The average counts:")
        if average.count():
            return _points(average)
        tag = self.page.get_by_text(re.compile("^(Best|Counts)$"))
        return _points(self.page.locator("tbody tr").filter(has=tag).locator("td").nth(2))

    def regrade(self, item_id: int, decision: Decision) -> bool:
        """Edit the question where its key is to be another; choose, look at what would change, change it."""
        item = f"{self.module}/items/{item_id}"
        if decision.kind in {"key", "either"}:
            self._go(item)
            if "choice" in decision.answer:
                self.page.get_by_label(f"Option {decision.answer['choice'] + 1} is right").check()
            else:
                self.page.get_by_label("Right answers").fill(str(decision.answer["text"]))
            self._press("Save")
        self._go(f"{item}/regrade")
        self.page.get_by_label(str(LABELS[decision.kind])).check()
        if decision.kind == "accept":
            self.page.locator("[name=accept]").select_option(str(decision.answer["text"]))
        self.page.get_by_label("Nobody's score goes down").set_checked(decision.never_lowers)
        self._press("See what would change")
        if not self.page.locator("#preview").count():
            return False
        self._press("Change the scores")
        return bool(self.page.locator("#history").count())

    def undo(self, item_id: int) -> bool:
        """Press "Take it back" at the newest decision that still holds, and again when asked."""
        self._go(f"{self.module}/items/{item_id}/regrade")
        self._press_twice(self.page.locator("form[action*='/undo']").first.get_by_role("button"))
        return bool(self.page.get_by_text("Taken back.").count())

    def _go(self, path: str) -> None:
        response = self.page.goto(self.site.url + path)
        assert response is not None
        assert response.status == 200, f"{path}: {response.status}"

    def _press(self, name: str) -> None:
        with self.page.expect_navigation():
            self.page.locator("main").get_by_role(
                "button", name=re.compile(f"^{re.escape(name)}")
            ).last.click()

    def _press_twice(self, button: Locator) -> None:
        """The page asks first."""
        button.click()
        with self.page.expect_navigation():
            self.page.locator("dialog .button-danger").click()


def _points(place: Locator) -> str:
    """The points that stand there; empty where there are none."""
    found = POINTS.search(place.inner_text()) if place.count() else None
    return found[1] if found else ""
