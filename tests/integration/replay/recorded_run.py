"""Many recorded attempts with everything that can change a grade, and rulings about them afterwards."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.factories.attempts import make_quiz
from tests.factories.modules import make_item, make_module
from tests.factories.people import make_account
from tests.integration.replay.bank import TYPES, make_content, other_key
from tests.integration.replay.journeys import BEGIN, SCENARIOS, Clock, Journey, Scenario
from webapp.models.attempt import AnswerEvent, Attempt, AttemptSlot
from webapp.models.item import Item, ItemVersion
from webapp.models.module import Module
from webapp.models.quiz import Ruling
from webapp.services import attempts, clock
from webapp.services.grading import regrade_attempt

ITEMS_OF_A_TYPE = 2
KINDS = ("key", "either", "full", "drop", "drop")


@dataclass
class Run:
    """A whole recording on one database."""

    session: Session
    journeys: list[Journey] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def outcomes(self) -> list[tuple[Any, ...]]:
        """Every grade in words that both databases must share, attempts in the order of starting."""
        return [self._outcome(journey.attempt()) for journey in self.journeys]

    def _outcome(self, attempt: Attempt) -> tuple[Any, ...]:
        rows = self.session.execute(
            select(AttemptSlot.position, AttemptSlot.status, AttemptSlot.score, AttemptSlot.tries)
            .where(AttemptSlot.attempt_id == attempt.id)
            .order_by(AttemptSlot.position)
        )
        slots = tuple(tuple(row) for row in rows)
        return (attempt.state, attempt.credit_percent, attempt.points, attempt.points_possible, slots)


def record(session: Session, seed: int, responses: int) -> Run:
    """Rounds over all scenarios, each round with modules, learners and rulings of its own, until it is enough."""
    rng, told, run = Random(seed), Clock(), Run(session)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", told.now)
        patch.setattr(attempts, "secrets", SimpleNamespace(randbelow=rng.randrange))
        while run.counts["responses"] < responses:
            for scenario in SCENARIOS:
                _record_scenario(run, rng, told, scenario)
            run.counts["responses"] = session.scalar(select(func.count()).select_from(AnswerEvent)) or 0
    return run


def _record_scenario(run: Run, rng: Random, told: Clock, scenario: Scenario) -> None:
    session = run.session
    module = make_module(session, sections=[("", "The harbour of Veltmar opened in 1911.")])
    section = module.sections[0]
    items = [
        make_item(session, section, make_content(rng, kind, number), level="infer")
        for number, kind in enumerate(TYPES * ITEMS_OF_A_TYPE)
    ]
    quiz = make_quiz(session, section if scenario.kind == "section" else module.id, item_limit=9)
    for name, value in scenario.quiz_values.items():
        setattr(quiz, name, value)
    session.commit()

    def learner(number: int) -> Journey:
        start = BEGIN + timedelta(minutes=rng.randrange(500 if scenario.is_late else 60))
        account = make_account(session, username=None)
        journey = Journey(session, told, rng, scenario, module, account, start)
        journey.start()
        journey.go_on(rng.randint(4, 22))
        run.journeys.append(journey)
        session.commit()
        return journey

    for number in range(3):
        learner(number).finish()
    ruled = rng.sample(items, rng.choice([1, 2, 3]))
    for item in ruled:
        _edit(session, rng, item)
    waiting = [learner(number) for number in range(3, 5)]
    _rule(run, rng, module, ruled)
    for journey in waiting:
        journey.finish()
    learner(5).finish()
    again = _once_more(run, rng, run.journeys[-1])
    again.finish()
    session.commit()


def _once_more(run: Run, rng: Random, first: Journey) -> Journey:
    start = first.at + timedelta(minutes=1)
    if first.scenario.rules.get("closes_at"):
        start = min(start, first.scenario.rules["closes_at"] - timedelta(minutes=2))
    journey = Journey(run.session, first.clock, rng, first.scenario, first.module, first.account, start)
    journey.start()
    journey.go_on(rng.randint(4, 22))
    run.journeys.append(journey)
    return journey


def _edit(session: Session, rng: Random, item: Item) -> None:
    """A second version with another key, asked from now on."""
    first = session.get_one(ItemVersion, item.current_version_id)
    second = ItemVersion(
        item_id=item.id,
        number=2,
        type=first.type,
        content=other_key(rng, first.content),
        section_version_id=first.section_version_id,
        created_at=clock.now(),
    )
    session.add(second)
    session.flush()
    item.current_version_id = second.id
    session.commit()


def _rule(run: Run, rng: Random, module: Module, items: list[Item]) -> None:
    """Three rulings, one by one, often about the same question; one of them undone afterwards."""
    session = run.session
    rulings = []
    for _ in range(3):
        item, kind = rng.choice(items), rng.choice(KINDS)
        versions = session.scalars(
            select(ItemVersion.id).filter_by(item_id=item.id).order_by(ItemVersion.number)
        ).all()
        ruling = Ruling(
            item_id=item.id,
            kind=kind,
            up_to_version=rng.choice([1, 1, 2]),
            graded_by_id=rng.choice(versions[-1:] * 3 + versions[:1]) if kind in {"key", "either"} else None,
            never_lowers=rng.random() < 0.5,
            made_at=clock.now(),
        )
        session.add(ruling)
        session.flush()
        _regrade(run, item)
        rulings.append(ruling)
        run.counts[f"ruling {kind}{', never lowers' if ruling.never_lowers else ''}"] += 1
    undone = rng.choice(rulings)
    undone.undone_at = clock.now()
    session.flush()
    _regrade(run, session.get_one(Item, undone.item_id))
    session.commit()


def _regrade(run: Run, item: Item) -> None:
    concerned = run.session.scalars(
        select(AttemptSlot.attempt_id)
        .join(ItemVersion, ItemVersion.id == AttemptSlot.item_version_id)
        .where(ItemVersion.item_id == item.id)
        .order_by(AttemptSlot.attempt_id)
    ).all()
    for attempt_id in concerned:
        run.counts["regraded"] += 1
        run.counts["changed by a ruling"] += regrade_attempt(run.session, attempt_id)
