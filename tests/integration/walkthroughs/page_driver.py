"""The steps of a walkthrough taken through the pages, as in a browser without a script."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from lxml import html

from tests.client import ORIGIN, Client
from tests.factories.answers import fields_of
from tests.integration.walkthroughs.service_driver import EVERYTHING
from tests.integration.walkthroughs.stage import Stage
from tests.integration.walkthroughs.walkthrough import Decision, Whom
from webapp.forms.moments import SHOWN
from webapp.models.account import Account

REFUSALS = {409, 422}
MINUTE = 60
IN_MINUTES = {"extra_s": "extra_min", "time_limit_s": "time_limit_min"}
"""What is granted in seconds, and the field that asks for it in minutes."""


class Visitor:
    """One person's browser: opens pages, presses the buttons of their forms with what these hold."""

    def __init__(self, client: Client, is_withheld: Callable[[], bool] = lambda: False) -> None:
        self.client = client
        self.is_withheld = is_withheld
        """Whether a refusal of a page is what there is to see now."""
        self.page = ""
        """The page that is open."""

    def open(self, path: str) -> None:
        """Go somewhere, and wherever that leads."""
        response = self.client.get(path)
        while response.status_code in {302, 303}:
            response = self.client.get(response.location)
        assert response.status_code == 200 or (response.status_code == 409 and self.is_withheld()), (
            response.text
        )
        self.page = response.text

    def has_form(self, action: str) -> bool:
        """Whether the page has a form that goes there."""
        return bool(self._forms(action))

    def press(self, action: str, *, to: str = "", **fields: str) -> bool:
        """Send the form that goes there, with these fields instead of what it holds, and follow it.

        `to` is where its button sends it instead. Whether it was taken.
        """
        (form, *_) = self._forms(action)
        # a browser leaves the name of a button out that was not pressed, and so does lxml
        held = [(name, value) for name, value in form.form_values() if name not in fields]
        return self.send(to or action, [*held, *((name, value) for name, value in fields.items() if value)])

    def send(self, path: str, fields: list[tuple[str, str]]) -> bool:
        """POST, and follow where that leads."""
        data: dict[str, list[str]] = {}
        for name, value in fields:
            data.setdefault(name, []).append(value)
        response = self.client.post(path, data=data, headers={"Referer": ORIGIN + "/"})
        if response.status_code in {302, 303}:
            self.open(response.location)
            return True
        self.page = response.text
        assert response.status_code in {200, *REFUSALS}, response.text
        return response.status_code == 200

    @property
    def token(self) -> str:
        """The token of a form of the open page, or of any other where that has none."""
        if 'name="csrf_token"' not in self.page:
            self.open("/")
        return str(html.fromstring(self.page).xpath("string(//input[@name='csrf_token']/@value)"))

    def text(self, path: str) -> str:
        """The words at the first place of the page that this XPath names; empty where there is none."""
        found = html.fromstring(self.page).xpath(path)
        return " ".join(found[0].text_content().split()) if found else ""

    def _forms(self, action: str) -> list[Any]:
        return [form for form in html.fromstring(self.page).forms if form.action == action]


class PageDriver:
    """Opens pages, sends their forms with their token and idempotency key."""

    abilities = EVERYTHING

    def __init__(self, stage: Stage, client_for: Callable[[Account], Client]) -> None:
        self.stage = stage
        over = {"graded", "submitted", "expired"}
        # the result of an attempt that was closed without a score is refused; there is nothing to see
        self.reader = Visitor(client_for(stage.account), lambda: self.stage.attempt().state in over)
        self.desk = Teacher(stage, Visitor(client_for(stage.teacher)))
        self.slug = f"/m/{stage.module.slug}"
        self.home = self.slug if stage.kind == "module" else f"{self.slug}/1"
        self.sequence = 0
        self.grant, self.take_back = self.desk.grant, self.desk.take_back
        self.release, self.reset, self.seen_score = self.desk.release, self.desk.reset, self.desk.seen_score
        self.regrade, self.undo = self.desk.regrade, self.desk.undo

    def start(self, code: str) -> bool:
        """Press the button that starts, or send the same where there is none."""
        before = self.stage.attempt().id
        self.reader.open(self.home)
        where = f"{self.home}/quiz" if self.stage.kind == "module" else f"{self.home}/check"
        is_offered = self.reader.has_form(where)
        if is_offered:
            is_asked = 'name="access_code"' in self.reader.page
            assert is_asked or not code, "the page asks for no code"
            fields = {"access_code": code} if is_asked else {}
            self.reader.press(where, **fields)
        else:
            self.reader.send(where, [("csrf_token", self.reader.token)])
        is_started = self.stage.attempt().id != before
        assert is_offered or not is_started, "it can be started, but no page says so"
        return is_started

    def answer(self, position: int, response: Mapping[str, Any], sure: int | None) -> bool:
        """Send the form of one answer."""
        self._look_at_questions()
        return self.reader.send(f"{self._attempt()}/responses", self._filled(position, response, sure))

    def check(self, position: int, response: Mapping[str, Any] | None, sure: int | None) -> bool:
        """Press "Check answer", with what is filled in there or with what was."""
        self._look_at_questions()
        if response is None:
            slot = self.stage.slot(position)
            response, sure = slot.response or {}, slot.confidence
        return self.reader.send(f"{self._attempt()}/{position}/check", self._filled(position, response, sure))

    def turn(self, step: int) -> bool:
        """Press "Next question" or "Previous question", if the page has it; else send the same."""
        self._look_at_questions()
        before = self.stage.attempt().at_position
        then = "next" if step > 0 else "previous"
        if not self.reader.press(f"{self._attempt()}/responses", then=then):
            return False
        return self.stage.attempt().at_position != before

    def hand_in(self) -> bool:
        """Look the answers over, and hand in."""
        self.reader.open(f"{self._attempt()}/answers")
        return self.reader.send(f"{self._attempt()}/submit", [("csrf_token", self.reader.token)])

    def look(self) -> None:
        """Open the attempt's page."""
        self.reader.open(self._attempt())

    def read(self, number: int) -> bool:
        """Open the section, and see whether its text is there."""
        self.reader.open(f"{self.slug}/{number}")
        return 'class="sentence"' in self.reader.page

    def seen_points(self) -> str:
        """The head of the result page."""
        self.reader.open(f"{self._attempt()}/result")
        head = self.reader.text("//h1")
        found = re.fullmatch(r"Your result: ([0-9.]+ of [0-9.]+)", head)
        assert found or head == "Handed in", head
        return found[1] if found else ""

    def seen_hint(self, position: int) -> str:
        """What stands above the controls of a question that was tried."""
        self._look_at_questions()
        words = self.reader.text(f"//*[@id='q{position}-feedback']")
        return (
            "sentence" if "This sentence decides it" in words else "paragraph" * ("this paragraph" in words)
        )

    def _attempt(self) -> str:
        return f"/attempts/{self.stage.attempt().id}"

    def _look_at_questions(self) -> None:
        self.reader.open(self.home if self.stage.kind == "section" else self._attempt())

    def _filled(self, position: int, response: Mapping[str, Any], sure: int | None) -> list[tuple[str, str]]:
        """The fields of the open page's form, or, from a page that stayed open too long, the same by hand."""
        self.sequence += 1
        found = re.search(r'name="client_id" value="([^"]+)"', self.reader.page)
        fields = {
            "csrf_token": self.reader.token,
            "client_id": found[1] if found else "an-older-page",
            "client_sequence": str(self.sequence),
            "position": str(position),
        }
        if sure is not None:
            name = f"s{position}-confidence"
            assert f'name="{name}"' in self.reader.page or not found, "the page does not ask how sure one is"
            fields[name] = str(sure)
        return list((fields | fields_of(position, dict(response))).items())


class Teacher:
    """What an instructor does on pages."""

    def __init__(self, stage: Stage, visitor: Visitor) -> None:
        self.stage = stage
        self.visitor = visitor
        self.module = f"/teach/modules/{stage.module.id}"
        self.quizzes = f"{self.module}/quizzes"
        self.grants = f"{self.quizzes}/{stage.quiz.id}/grants"

    def grant(self, whom: Whom, granted: Mapping[str, Any]) -> bool:
        """Fill the form of extra time in, and send it."""
        who = f"cohort-{self.stage.cohort_id}" if whom.is_cohort else f"account-{self.stage.account.id}"
        self.visitor.open(self.grants)
        fields = {"who": who, "scope": "course" if whom.is_course_wide else "quiz"}
        return self.visitor.press(self.grants, **fields, **dict(map(self.as_typed, granted.items())))

    @staticmethod
    def as_typed(given: tuple[str, Any]) -> tuple[str, str]:
        """The field for something that is granted, and what is typed into it."""
        name, value = given
        if name in IN_MINUTES:
            assert value % MINUTE == 0, "forms know whole minutes"
            return IN_MINUTES[name], str(value // MINUTE)
        return name, value.strftime(SHOWN) if hasattr(value, "strftime") else str(value)

    def take_back(self, whom: Whom) -> bool:
        """Press "Remove" in the line of a grant, and say yes."""
        self.visitor.open(self.grants)
        for row in html.fromstring(self.visitor.page).xpath("//table/tbody/tr"):
            words = row.text_content()
            if ("(cohort)" in words, "every quiz of the course" in words) == (
                whom.is_cohort,
                whom.is_course_wide,
            ):
                (action,) = row.xpath(".//form/@action")
                return self.visitor.press(action) and self.visitor.press(action, confirmed="yes")
        raise AssertionError("nothing of that kind is granted")

    def release(self) -> bool:
        """Press "Release results", and say yes."""
        self.visitor.open(self.quizzes)
        action = f"{self.quizzes}/{self.stage.quiz.id}/release"
        if not self.visitor.has_form(action):
            return False  # nothing waits
        return self.visitor.press(action) and self.visitor.press(action, confirmed="yes")

    def reset(self, number: int) -> bool:
        """Press "Reset" beside an attempt on the learner's page."""
        self.visitor.open(self._learner)
        (action,) = html.fromstring(self.visitor.page).xpath(
            f"//tr[normalize-space(th)='{number}']//form/@action[contains(., 'reset')]"
        )
        return self.visitor.press(action)

    def seen_score(self) -> str:
        """What the learner's page says of the score."""
        response = self.visitor.client.get(self._learner)
        if response.status_code == 404:
            return ""  # nobody who was ever there as a learner
        self.visitor.page = response.text
        average = self.visitor.text("//p[starts-with(., 'The average counts:')]")
        if average:
            return average.removeprefix("The average counts:").strip()
        return self.visitor.text("//tr[.//*[normalize-space()='Best' or normalize-space()='Counts']]/td[3]")

    @property
    def _learner(self) -> str:
        return f"{self.module}/learners/{self.stage.account.id}"

    def regrade(self, item_id: int, decision: Decision) -> bool:
        """Edit the question where its key is to be another; choose, look at what would change, change it."""
        item = f"{self.module}/items/{item_id}"
        if decision.kind in {"key", "either"}:
            self.visitor.open(item)
            answer = decision.answer
            typed = {"key": str(answer["choice"])} if "choice" in answer else {"answers": str(answer["text"])}
            assert self.visitor.press(item, **typed), self.visitor.page
        self.visitor.open(f"{item}/regrade")
        fields = {"kind": decision.kind, "never_lowers": "y" if decision.never_lowers else ""}
        if decision.kind == "accept":
            fields["accept"] = str(decision.answer["text"])
        if not self.visitor.press(f"{item}/regrade", **fields):
            return False
        return self.visitor.press(f"{item}/regrade", to=f"{item}/regrade/apply")

    def undo(self, item_id: int) -> bool:
        """Press "Take it back" at the newest decision that still holds."""
        self.visitor.open(f"{self.module}/items/{item_id}/regrade")
        actions = html.fromstring(self.visitor.page).xpath("//form/@action[contains(., '/undo')]")
        newest = max(actions, key=lambda action: int(action.split("/")[-2]))
        return self.visitor.press(newest)
