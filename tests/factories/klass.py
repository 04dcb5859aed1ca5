"""A class that was asked a question: learners' answers, edits of items, rulings and undos, each committed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from questions.items.content import item_from_json, item_to_json
from tests.factories.answers import make_module_of_every_type
from tests.factories.people import make_account
from tests.factories.rules import set_rules
from webapp.models.account import Account
from webapp.models.attempt import Attempt, AttemptSlot
from webapp.models.item import Item as ItemRow
from webapp.models.item import ItemVersion
from webapp.models.quiz import Ruling
from webapp.repositories import items as item_rows
from webapp.services import clock, regrade
from webapp.services.answers import SentAnswer, save_responses
from webapp.services.attempts import start_section_check
from webapp.services.graded_attempts import recompute
from webapp.services.grading import check_slot, submit_attempt
from webapp.services.regrade import Order
from webapp.services.regrade_effect import Effect

Answers = Mapping[int, Mapping[str, Any]]


class Klass:
    """A module with three learners who handed its first check in: answers to question 1 are 0 (the key), 1, 2."""

    def __init__(self, session: Session, **rules: Any) -> None:
        self.session = session
        self.module = make_module_of_every_type(session)
        self.teacher = make_account(session, "instructor")
        set_rules(session, self.module.sections[0], **{"behaviour": "deferred", **rules})
        self.people: list[Account] = []
        self.attempts: list[int] = []
        self.number = 0
        for choice in range(3):
            self.add({1: {"choice": choice}})
        self.item_id = self.item_at(1)

    def add(self, answers: Answers, *, hands_in: bool = True, is_preview: bool = False) -> int:
        """One more learner who answers like that; which of them it is."""
        account = make_account(self.session)
        attempt_id = start_section_check(self.session, account.id, self.module, 1, is_preview=is_preview)
        save_responses(self.session, account.id, attempt_id, self._sent(answers))
        if hands_in:
            submit_attempt(self.session, account.id, attempt_id)
        self.session.commit()
        self.people.append(account)
        self.attempts.append(attempt_id)
        return len(self.attempts) - 1

    def checks(self, who: int, position: int, **fields: Any) -> None:
        """A learner has one question checked."""
        answer = self._sent({position: fields})
        check_slot(self.session, self.people[who].id, self.attempts[who], position, answer)
        self.session.commit()
        self.check()

    def hands_in(self, who: int) -> None:
        """A learner hands in what is still open."""
        submit_attempt(self.session, self.people[who].id, self.attempts[who])
        self.session.commit()
        self.check()

    def _sent(self, answers: Answers) -> list[SentAnswer]:
        self.number += 1
        return [
            SentAnswer(
                position, f"c{self.number}", position, {name: [str(one)] for name, one in fields.items()}
            )
            for position, fields in answers.items()
        ]

    def slot(self, who: int, position: int = 1) -> tuple[AttemptSlot, ItemVersion]:
        """A slot as the database has it, with the wording that it pinned."""
        row = self.session.execute(
            select(AttemptSlot, ItemVersion)
            .join(ItemVersion, ItemVersion.id == AttemptSlot.item_version_id)
            .where(AttemptSlot.attempt_id == self.attempts[who], AttemptSlot.position == position)
            .execution_options(populate_existing=True)
        ).one()
        return row[0], row[1]

    def item_at(self, position: int) -> int:
        """The item that is asked there."""
        return self.slot(0, position)[1].item_id

    def points(self) -> list[tuple[Decimal, Decimal]]:
        """(points, possible) of every attempt."""
        rows = [self.session.get_one(Attempt, one, populate_existing=True) for one in self.attempts]
        return [(row.points, row.points_possible) for row in rows]

    def edit(self, item_id: int | None = None, **changes: Any) -> None:
        """Another wording of an item."""
        row = self.session.get_one(ItemRow, item_id or self.item_id, populate_existing=True)
        item = replace(item_from_json(row.current_version.content), **changes)
        version = ItemVersion(
            type=item.type,
            content=item_to_json(item),
            section_version_id=row.current_version.section_version_id,
            created_at=clock.now(),
        )
        item_rows.add_item_version(self.session, row, version)
        self.session.commit()

    def order(self, kind: Any, item_id: int | None = None, **values: Any) -> tuple[Ruling, Effect]:
        """Preview, then apply what was seen."""
        item_id, order = item_id or self.item_id, Order(kind, **values)
        seen = regrade.preview(self.session, self.module, item_id, order, self.teacher.id)
        ruling, effect = regrade.apply(self.session, self.module, item_id, order, self.teacher.id, seen.token)
        self.session.commit()
        assert effect == seen
        self.check()
        return ruling, effect

    def undo(self, ruling: Ruling) -> None:
        """Take a ruling back."""
        regrade.undo(self.session, self.module, ruling.item_id, ruling.id, self.teacher.id)
        self.session.commit()
        self.check()

    def check(self) -> None:
        """Every stored grade and total is what `readcheck check` makes of the history."""
        for one in self.attempts:
            attempt = self.session.get_one(Attempt, one, populate_existing=True)
            assert recompute(self.session, attempt) == []
