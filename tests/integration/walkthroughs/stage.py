"""What a walkthrough is played on: a course, a module that asks one question of each of four kinds, a clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from questions.items.base import BLANK, Evidence, Item, Option
from tests.factories.attempts import make_quiz
from tests.factories.modules import make_item, make_module
from tests.factories.people import enrol, make_account, make_cohort, make_course
from webapp.models.account import Account
from webapp.models.attempt import Attempt, AttemptSlot
from webapp.models.item import Item as ItemRow
from webapp.models.item import ItemVersion
from webapp.models.module import Module
from webapp.models.quiz import Quiz
from webapp.repositories.scores import list_attempts_of_modules
from webapp.services.counting import WHICH, score_by, score_of

MOMENTS = ("opens_at", "due_at", "closes_at")
WORDS = ("behaviour", "confidence", "counted", "overdue", "release", "access_code", "mode")
SWITCHES = (
    *("is_counted", "shuffles_questions", "shuffles_options", "one_per_page", "allows_back", "shows_text"),
    "is_gate",
)

TEXT = (
    "The first master was Anna Krol. The town is called Veltmar.\n\nFirst came the opening, then a storm, then the "
    "repairs and at last a tax. The opening was in 1911, the storm in 1934, the repairs in 1938."
)
NEXT_TEXT = "The town paid for the repairs with a tax on salt."
ITEMS = (
    Item(
        "multiple_choice",
        "Who was the first master?",
        (Option("Anna Krol"), Option("Nobody"), Option("The town")),
        (0,),
    ),
    Item("gap_text", f"The town is called {BLANK}.", (), ("Veltmar",)),
    Item(
        "ordering",
        "Put the events in their order.",
        tuple(Option(text) for text in ("Repairs", "A storm", "The opening", "A tax")),
        (2, 1, 0, 3),
    ),
    Item(
        "matching",
        "Match the years.",
        tuple(Option(text) for text in ("Opening", "Storm", "Repairs", "1938", "1911", "1934")),
        ((0, 4), (1, 5), (2, 3)),
    ),
)
"""What every walkthrough asks, in this order."""

ANSWERS: Mapping[int, Mapping[str, dict[str, Any]]] = {
    1: {"right": {"choice": 0}, "wrong": {"choice": 1}, "other": {"choice": 2}},
    2: {"right": {"text": "veltmar."}, "wrong": {"text": "Harbour"}, "other": {"text": "Salt"}},
    3: {
        "right": {"order": [2, 1, 0, 3]},
        "partly": {"order": [1, 0, 3, 2]},  # two of three neighbours
        "wrong": {"order": [3, 0, 1, 2]},
        "other": {"order": [0, 2, 3, 1]},
    },
    4: {
        "right": {"match": [4, 5, 3]},
        "partly": {"match": [4, 3, 5]},  # one of three pairs
        "wrong": {"match": [5, 3, 4]},
        "other": {"match": [3, 4, 5]},
    },
}


@dataclass
class Told:
    """The clock of a walkthrough. It begins on the minute, which is as exact as forms for moments are."""

    begin: datetime = field(default_factory=lambda: datetime.now(UTC).replace(second=0, microsecond=0))
    waited_s: int = 0

    def now(self) -> datetime:
        """The moment that the walkthrough has reached."""
        return self.begin + timedelta(seconds=self.waited_s)

    def wait(self, seconds: int) -> None:
        """Let time pass."""
        self.waited_s += seconds

    def moment(self, value: str) -> datetime:
        """The moment that a table calls `+600`."""
        return self.begin + timedelta(seconds=int(value))


@dataclass(frozen=True)
class Stage:
    """What a walkthrough is played on, and what a driver needs to know of it."""

    session: Session
    account: Account
    """Who answers."""
    teacher: Account
    cohort_id: int
    module: Module
    quiz: Quiz
    told: Told

    @property
    def kind(self) -> str:
        """Whether it is the check of the first section or the module's quiz."""
        return self.quiz.kind

    @property
    def is_preview(self) -> bool:
        """Whether the instructor tries it."""
        return self.account is self.teacher

    def attempt(self) -> Attempt:
        """The newest attempt as the database has it."""
        self.session.commit()
        newest = (
            select(Attempt)
            .where(Attempt.quiz_id == self.quiz.id)
            .order_by(Attempt.id.desc())
            .execution_options(populate_existing=True)
        )
        return self.session.scalars(newest).first() or Attempt(id=0, state="none")

    def slot(self, position: int) -> AttemptSlot:
        """A question of the newest attempt."""
        found = select(AttemptSlot).filter_by(attempt_id=self.attempt().id, position=position)
        return self.session.scalars(found.execution_options(populate_existing=True)).one()

    def place_of(self, question: int) -> int:
        """Where the newest attempt asks that one of ITEMS."""
        rows = self.session.execute(
            select(AttemptSlot.position, ItemVersion.content)
            .join(ItemVersion, ItemVersion.id == AttemptSlot.item_version_id)
            .where(AttemptSlot.attempt_id == self.attempt().id)
        )
        return next(position for position, content in rows if content["stem"] == ITEMS[question - 1].stem)

    def item_id(self, question: int) -> int:
        """That one of ITEMS in the bank."""
        found = select(ItemRow.id).where(ItemRow.module_id == self.module.id, ItemRow.position == question)
        return self.session.scalars(found).one()

    def counted_points(self, which: str) -> Decimal | None:
        """The points of the attempt that counts; None where none does."""
        self.session.commit()
        rows = list(list_attempts_of_modules(self.session, [self.module.id]))
        if which == "highest":
            which = "best"
        own = (
            score_of(rows, which)
            if which in WHICH
            else score_by([row for row in rows if row.is_finished], which)
        )
        return None if own is None else own.points


def set_stage(session: Session, told: Told, rules: dict[str, str]) -> Stage:
    """A course with one learner in one cohort, a module with the questions, a quiz with the rules set on its row."""
    kind, who = rules.pop("kind", "section"), rules.pop("who", "learner")
    course = make_course(session)
    teacher, learner = make_account(session, "instructor", course=course), make_account(session)
    cohort = make_cohort(session, course, "Tuesday")
    enrol(session, learner, course, cohort=cohort)
    module = make_module(session, course, sections=[("", TEXT), ("Salt", NEXT_TEXT)])
    for item in ITEMS:
        make_item(session, module.sections[0], _with_evidence(item, str(module.sections[0].id)))
    quiz = make_quiz(session, module.sections[0] if kind == "section" else module.id)
    for name, value in rules.items():
        setattr(quiz, name, _rule(name, value, told))
    session.commit()
    for one in (quiz, module, teacher, learner, cohort):
        session.refresh(one)
    return Stage(session, teacher if who == "instructor" else learner, teacher, cohort.id, module, quiz, told)


def _with_evidence(item: Item, section: str) -> Item:
    """The question with the sentence of the text that proves its answer."""
    sentences = [sentence + "." for part in TEXT.split("\n\n") for sentence in part.rstrip(".").split(". ")]
    quote = sentences[ITEMS.index(item)]
    start = TEXT.index(quote)
    return replace(item, evidence=(Evidence(section, start, start + len(quote), quote),))


def _rule(name: str, value: str, told: Told) -> object:
    if name in MOMENTS:
        return told.moment(value)
    if name == "late_credit":
        steps = [step.split(":") for step in value.split()]
        return [{"until": told.moment(at).isoformat(), "percent": int(percent)} for at, percent in steps]
    if name in SWITCHES:
        return {"yes": True, "no": False}[value]
    return value if name in WORDS else int(value)
