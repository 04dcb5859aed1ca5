"""Quizzes and attempts, written straight into the tables. Everything is committed at once."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models.account import Account
from webapp.models.attempt import Attempt, AttemptSlot
from webapp.models.item import Item, ItemVersion
from webapp.models.module import Section
from webapp.models.quiz import Quiz
from webapp.services import clock


def make_quiz(session: Session, place: Section | int, *, item_limit: int = 20) -> Quiz:
    """The check of a section, or (given a module's id) the quiz of a module; made once."""
    if isinstance(place, int):
        found = select(Quiz).where(Quiz.module_id == place, Quiz.kind == "module")
        values: dict[str, Any] = {"module_id": place, "kind": "module", "behaviour": "deferred"}
    else:
        found = select(Quiz).where(Quiz.section_id == place.id)
        values = {"module_id": place.module_id, "section_id": place.id, "kind": "section"}
    quiz = session.scalars(found).one_or_none()
    if quiz is None:
        quiz = Quiz(item_limit=item_limit, **values)
        session.add(quiz)
        session.commit()
    return quiz


def make_attempt(
    session: Session,
    account: Account,
    place: Section | int,
    *,
    items: Sequence[Item] | None = None,
    **values: Any,
) -> Attempt:
    """An open attempt at the accepted items of a section (or of a module, given its id), nothing answered."""
    quiz = make_quiz(session, place)
    if items is None:
        of_place = Item.module_id == place if isinstance(place, int) else Item.section_id == place.id
        items = session.scalars(
            select(Item).where(of_place, Item.state == "accepted").order_by(Item.id)
        ).all()
    for name in ("behaviour", "tries_allowed", "try_penalty", "confidence"):
        values.setdefault(name, getattr(quiz, name))
    number = session.query(Attempt).filter_by(quiz_id=quiz.id, account_id=account.id).count() + 1
    attempt = Attempt(
        quiz_id=quiz.id,
        account_id=account.id,
        number=number,
        seed=values.pop("seed", 1),
        slot_count=len(items),
        points_possible=Decimal(len(items)),
        started_at=clock.now(),
        **values,
    )
    session.add(attempt)
    session.flush()
    for position, item in enumerate(items, 1):
        version = session.get_one(ItemVersion, item.current_version_id)
        slot = AttemptSlot(
            attempt_id=attempt.id,
            position=position,
            item_version_id=version.id,
            option_order=list(range(len(version.content["options"]))),
            points_possible=Decimal(1),
        )
        session.add(slot)
    session.commit()
    return attempt
