"""A past for the load bench: other people's attempts by the ten thousand, put into the tables by SQL."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, cast

from sqlalchemy import Table, func, insert, literal, select, text
from sqlalchemy.orm import Session

from tests.bench.load.school import QUESTIONS, School, add_people
from webapp.config import Settings
from webapp.database import WRITES, make_engine
from webapp.models.account import Account
from webapp.models.attempt import AnswerEvent, Attempt, AttemptSlot
from webapp.models.item import Item, ItemVersion
from webapp.services import clock

ATTEMPTS_A_PERSON = 25
RESPONSE = {"choice": 1}
attempts, slots = cast("Table", Attempt.__table__), cast("Table", AttemptSlot.__table__)
events = cast("Table", AnswerEvent.__table__)


def add_history(settings: Settings, school: School, responses: int) -> int:
    """So many stored responses, each with its event, of handed-in attempts at the same quiz; how many it became."""
    engine = make_engine(settings)
    count = -(-responses // QUESTIONS)
    people = -(-count // ATTEMPTS_A_PERSON)
    with Session(engine.execution_options(**{WRITES: True})) as session:
        add_people(session, people, prefix="past")
        first = session.scalars(select(func.min(Account.id)).where(Account.username.like("past%"))).one()
        before = session.scalar(select(func.coalesce(func.max(Attempt.id), 0))) or 0
        _add_attempts(session, school, first, count)
        _add_slots(session, school, before)
        _add_events(session, before)
        made = session.scalar(select(func.count()).select_from(events)) or 0
        session.commit()
    if not settings.is_sqlite:
        # as PostgreSQL's own autovacuum would soon; not while something is measured
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
    engine.dispose()
    return made


def _numbers(count: int) -> Any:
    """A table of 0, 1, ... count - 1."""
    first = select(literal(0).label("i")).cte("numbers", recursive=True)
    return first.union_all(select(first.c.i + 1).where(first.c.i < count - 1))


def _put(session: Session, table: Table, values: dict[str, Any], source: Any) -> None:
    """INSERT ... SELECT; plain values go in with their column's own type."""
    columns = [
        value if hasattr(value, "label") else literal(value, table.c[name].type)
        for name, value in values.items()
    ]
    rows = select(*(column.label(name) for name, column in zip(values, columns, strict=True)))
    session.execute(insert(table).from_select(list(values), rows.select_from(source)))


def _add_attempts(session: Session, school: School, first_person: int, count: int) -> None:
    numbers, now = _numbers(count), clock.now()
    values = {
        "quiz_id": school.quiz_id,
        "account_id": first_person + numbers.c.i.op("/")(ATTEMPTS_A_PERSON),  # whole numbers stay whole
        "number": numbers.c.i % ATTEMPTS_A_PERSON + 1,
        "state": "released",
        "seed": 1,
        "sequence": QUESTIONS,
        "slot_count": QUESTIONS,
        "answered_count": QUESTIONS,
        "checked_count": QUESTIONS,
        "points": Decimal(8),
        "points_possible": Decimal(QUESTIONS),
        "started_at": now,
        "saved_at": now,
        "submitted_at": now,
        "behaviour": "deferred",
        "ended_by": "learner",
    }
    _put(session, attempts, values, numbers)


def _add_slots(session: Session, school: School, before: int) -> None:
    numbers, now = _numbers(QUESTIONS), clock.now()
    versions = session.scalars(
        select(ItemVersion.id)
        .join(Item, Item.id == ItemVersion.item_id)
        .where(Item.module_id == school.module_id)
    ).all()
    if max(versions) - min(versions) != len(versions) - 1:
        raise ValueError("the items' versions are expected to be numbered one after the other")
    past = select(attempts.c.id).where(attempts.c.id > before).subquery()
    values = {
        "attempt_id": past.c.id,
        "position": numbers.c.i + 1,
        "item_version_id": min(versions) + (past.c.id + numbers.c.i) % len(versions),
        "option_order": [0, 1, 2],
        "points_possible": Decimal(1),
        "response": RESPONSE,
        "sequence": numbers.c.i + 1,
        "saved_at": now,
        "checked_at": now,
        "status": "correct",
        "score": Decimal(1),
    }
    _put(session, slots, values, past.join(numbers, literal(1) == 1))


def _add_events(session: Session, before: int) -> None:
    values = {
        "attempt_id": slots.c.attempt_id,
        "position": slots.c.position,
        "client_id": "client-of-the-past",
        "client_sequence": slots.c.position,
        "sequence": slots.c.position,
        "response": RESPONSE,
        "saved_at": clock.now(),
    }
    past = select(attempts.c.id).where(attempts.c.id > before).subquery()
    _put(session, events, values, slots.join(past, past.c.id == slots.c.attempt_id))
