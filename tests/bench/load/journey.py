"""What learners do: the whole way from a module's page to the shown score, or one kind of request of it.

page        the module's page, with the button that starts the quiz
start       that button: POST, redirect, and question 1 is there; its two parts are start (POST) and quiz page
save        one answer, as the page's script sends it: eight times two, with a pause to think between
look over   the form with every answer and the redirect to the page that lists them
hand in     POST; its redirect leads to
result      the page with the score, which must be what the answers that were sent are worth
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from tests.bench.load.client import Browser, Fields, Reply, Trouble
from tests.bench.load.school import QUESTIONS, Question, School

AT_ONCE = 2
"""Answers between two pauses."""
THINKS_S = (30.0, 90.0)
LOOKS_S = (5.0, 20.0)
"""So long does somebody look over their answers."""
ASKED = re.compile(r'data-question="(\d+)".{0,600}?<span dir="auto">(K\d+\.)', re.DOTALL)
SCORE = re.compile(r"Your result: (\d+) of (\d+)")


@dataclass
class Plan:
    """How learners go about it."""

    pace: float
    """So many times faster than people."""
    opens_within_s: float
    """Everybody opens the module's page within this time before the start."""
    starts_within_s: float
    """And starts within this time."""

    @property
    def longest_s(self) -> float:
        """No journey needs longer, answers aside."""
        thinking = THINKS_S[1] * (QUESTIONS // AT_ONCE) + LOOKS_S[1]
        return self.opens_within_s + self.starts_within_s + thinking / self.pace


@dataclass
class Learner:
    """One person and what they know: their attempt, which question stands where, what they answered."""

    browser: Browser
    slug: str
    questions: Mapping[str, Question]
    chance: random.Random
    token: str = ""
    attempt: str = ""
    asked: dict[int, Question] = field(default_factory=dict)
    form: Fields = field(default_factory=list)
    client_id: str = field(default_factory=lambda: secrets.token_hex(6))
    sequence: int = 0
    answers: dict[int, bool] = field(default_factory=dict)
    """Position -> whether the answer that was acknowledged last is right."""
    score: int | None = None
    next_page: str = ""

    async def journey(self, plan: Plan, bell: float) -> None:
        """Everything, in the pace of the plan; the bell rings at that time of the loop."""
        loop = asyncio.get_running_loop()
        await asyncio.sleep(self.chance.uniform(0, plan.opens_within_s))
        await self.open_page()
        await asyncio.sleep(bell - loop.time() + self.chance.uniform(0, plan.starts_within_s))
        await self.start()
        for first in range(1, QUESTIONS + 1, AT_ONCE):
            await asyncio.sleep(self.chance.uniform(*THINKS_S) / plan.pace)
            for position in range(first, first + AT_ONCE):
                await self.save(position)
        await self.look_over()
        await asyncio.sleep(self.chance.uniform(*LOOKS_S) / plan.pace)
        await self.hand_in()
        await self.see_result()

    async def open_page(self) -> Reply:
        """The module's page."""
        reply = await self.browser.ask("page", f"/m/{self.slug}")
        self.token = reply.token
        return reply

    async def start(self) -> None:
        """Press the button and see question 1."""
        began = time.perf_counter()
        await self.press_start()
        reply = await self.see_quiz()
        self.browser.tally.add("start", began, reply.ended)

    async def press_start(self) -> None:
        """The first half of starting."""
        reply = await self.browser.ask("start (POST)", f"/m/{self.slug}/quiz", [("csrf_token", self.token)])
        self.next_page = reply.location

    async def see_quiz(self) -> Reply:
        """The second half: every question, in the order of this attempt."""
        reply = await self.browser.ask("quiz page", self.next_page)
        self.attempt = self.next_page.rpartition("/")[2]
        page = reply.text
        self.token = reply.token
        self.asked = {int(position): self.questions[mark] for position, mark in ASKED.findall(page)}
        if len(self.asked) != QUESTIONS:
            self.wrong("quiz page", f"{len(self.asked)} questions instead of {QUESTIONS}")
        return reply

    async def see_quiz_again(self) -> None:
        """The page of the open quiz, as after a reload, with nothing made of it."""
        await self.browser.ask("quiz page", f"/attempts/{self.attempt}")

    async def save(self, position: int) -> None:
        """Answer one question anew, as the script of the page does, and hear that it is stored."""
        is_right = self.chance.random() < 0.7
        await self.send(position, is_right=is_right)

    async def send(self, position: int, *, is_right: bool) -> None:
        """Save that answer."""
        self.sequence += 1
        fields: Fields = [
            ("csrf_token", self.token),
            ("position", position),
            ("client_id", self.client_id),
            ("client_sequence", self.sequence),
            *self.asked[position].fields(position, is_right=is_right),
        ]
        path = f"/attempts/{self.attempt}/responses"
        reply = await self.browser.ask("save", path, fields, accept="application/json")
        said = json.loads(reply.body)
        if said["position"] != position or not said["stored"]:
            self.wrong("save", f"{said}")
        self.answers[position] = is_right

    async def save_other(self) -> None:
        """Change one's mind about the question after the last one: always something new to store."""
        position = self.sequence % QUESTIONS + 1
        await self.send(position, is_right=not self.answers.get(position, False))

    async def look_over(self) -> None:
        """The whole form once more, and the page that lists the answers."""
        fields: Fields = [
            ("csrf_token", self.token),
            ("client_id", secrets.token_hex(6)),
            ("client_sequence", 1),
            ("then", "confirm"),
        ]
        for position, question in self.asked.items():
            fields.append(("position", position))
            if position in self.answers:
                fields += question.fields(position, is_right=self.answers[position])
        reply = await self.browser.ask("look over (POST)", f"/attempts/{self.attempt}/responses", fields)
        page = await self.browser.ask("answers page", reply.location)
        self.token = page.token

    async def hand_in(self) -> None:
        """Press "Hand in"."""
        fields: Fields = [("csrf_token", self.token)]
        reply = await self.browser.ask("hand in", f"/attempts/{self.attempt}/submit", fields)
        self.next_page = reply.location

    async def see_result(self) -> None:
        """Read the score and compare."""
        reply = await self.browser.ask("result", f"/attempts/{self.attempt}/result")
        found = SCORE.search(reply.text)
        expected = (sum(self.answers.values()), QUESTIONS)
        shown = tuple(int(number) for number in found.groups()) if found else None
        if shown != expected:
            self.wrong("result", f"attempt {self.attempt}: shown {shown}, answers are worth {expected}")
        self.score = expected[0]

    async def see_result_again(self) -> None:
        """The page with the score, with nothing made of it."""
        await self.browser.ask("result", f"/attempts/{self.attempt}/result")

    def wrong(self, kind: str, what: str) -> None:
        """Count an answer that says something else than it should. Raises Trouble."""
        self.browser.tally.err(kind, "wrong", what)
        raise Trouble(what)


def learners_of(
    school: School, first: int, count: int, browser: Callable[[dict[str, str]], Browser]
) -> list[Learner]:
    """So many of the school's people, each with a browser of their own."""
    return [
        Learner(browser(dict(cookies)), school.slug, school.questions, random.Random(number))
        for number, cookies in enumerate(school.cookies[first : first + count], start=first)
    ]


STEPS: dict[str, Callable[[Learner], Awaitable[object]]] = {
    "page": Learner.open_page,
    "start (POST)": Learner.press_start,
    "quiz page": Learner.see_quiz,
    "save": Learner.save_other,
    "look over": Learner.look_over,
    "hand in": Learner.hand_in,
    "result": Learner.see_result,
}
"""One after the other by everybody, each kind alone, so that its CPU can be told."""
TIMES = {"page": 5, "save": QUESTIONS}
"""How often each learner does a step, where that is not once."""
