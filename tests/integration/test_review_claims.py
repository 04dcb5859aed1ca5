"""Reviewers who ask in the same instant: each gets another card, and of two decisions about one only the first counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from threading import Barrier, Thread
from typing import TypeVar

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.factories.modules import make_item, make_module
from tests.factories.people import make_account
from webapp.config import Settings
from webapp.database import WRITES
from webapp.extensions import db
from webapp.models.item import Item, ReviewDecision
from webapp.models.module import Module
from webapp.repositories.review import Filters
from webapp.services import items, review
from webapp.services.errors import Conflict

PEOPLE = 4
Result = TypeVar("Result")


@pytest.fixture
def settings(each_settings: Settings) -> Settings:
    """Locks are each database's own."""
    return each_settings


@pytest.fixture
def at_once(app: Flask) -> Callable[[list[Callable[[Session], Result]]], list[Result | Exception]]:
    """Run each in a transaction of its own, all beginning in the same instant; what each came to."""
    with app.app_context():
        engine = db.engine.execution_options(**{WRITES: True})

    def run(actions: list[Callable[[Session], Result]]) -> list[Result | Exception]:
        together, results = Barrier(len(actions)), [None] * len(actions)

        def act(place: int) -> None:
            together.wait(timeout=10)
            with Session(engine) as session:
                try:
                    results[place] = actions[place](session)
                    session.commit()
                except Conflict as error:
                    results[place] = error

        threads = [Thread(target=act, args=(place,)) for place in range(len(actions))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)
        return results

    return run


@pytest.mark.parametrize("cards", [PEOPLE + 2, PEOPLE - 1])
def test_nobody_gets_the_card_of_another(session: Session, at_once: Callable, cards: int) -> None:
    module = make_module(session)
    for _ in range(cards):
        make_item(session, module.sections[0], state="proposed", origin="generated")
    people, module_id = [make_account(session, "instructor").id for _ in range(PEOPLE)], module.id
    session.commit()

    def claim(person: int) -> Callable[[Session], int | None]:
        def one(own: Session) -> int | None:
            row = review.claim_next(own, own.get_one(Module, module_id), person, Filters())
            return row.id if row is not None else None

        return one

    for _ in range(2):  # the second time everybody goes on with what they hold
        claimed = at_once([claim(person) for person in people])
        held = [item for item in claimed if item is not None]
        assert len(set(held)) == len(held) == min(cards, PEOPLE), claimed


def test_of_two_decisions_about_a_card_the_first_counts(session: Session, at_once: Callable) -> None:
    module = make_module(session)
    row = make_item(session, module.sections[0], state="proposed", origin="generated")
    people = [make_account(session, "instructor").id for _ in range(2)]
    module_id, item_id, version = module.id, row.id, row.current_version_id
    session.commit()

    def reject(person: int) -> Callable[[Session], str]:
        def one(own: Session) -> str:
            found = items.find_item_to_change(own, own.get_one(Module, module_id), item_id)
            review.reject_item(own, found, person, version, "grammar")
            return "done"

        return one

    results = at_once([reject(person) for person in people])
    assert sorted(type(one).__name__ for one in results) == ["DecidedError", "str"]
    session.expire_all()
    assert session.get_one(Item, item_id).state == "rejected"
    assert session.query(ReviewDecision).count() == 1


def test_of_two_wordings_of_a_question_the_later_one_is_told(session: Session, at_once: Callable) -> None:
    """Neither overwrites the other unseen, and what the later one reads is the question as it is by then."""
    module = make_module(session)
    row = make_item(session, module.sections[0])
    people = [make_account(session, "instructor").id for _ in range(PEOPLE)]
    module_id, item_id = module.id, row.id

    def reword(person: int, seen: int, number: int) -> Callable[[Session], str]:
        def one(own: Session) -> str:
            module = own.get_one(Module, module_id)
            found = items.find_item_to_change(own, module, item_id)
            assert found.current_version.id == found.current_version_id
            section = items.find_section(own, module, found.section_id)
            wording = replace(items.item_content(found), explanation=f"{person} says why, {number}.")
            items.edit_item(own, module, found, section, wording, person, seen)
            return "done"

        return one

    for number in range(2, 5):
        seen = session.get_one(Item, item_id).current_version_id
        session.commit()
        results = at_once([reword(person, seen, number) for person in people])
        assert sorted(type(one).__name__ for one in results) == ["EditedMeanwhileError"] * (PEOPLE - 1) + [
            "str"
        ]
        session.expire_all()
        assert session.get_one(Item, item_id).current_version.number == number
