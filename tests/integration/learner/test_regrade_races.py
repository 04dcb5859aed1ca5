"""Fixing a question while learners go on answering, on PostgreSQL (SQLite has one writer at a time)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from tests.factories.klass import Klass
from tests.factories.people import make_account
from webapp.database import WRITES
from webapp.extensions import db
from webapp.models.module import Module
from webapp.repositories import regrade_turns
from webapp.services import regrade
from webapp.services.attempts import start_section_check
from webapp.services.regrade import Order, SeenOtherwise

pytestmark = pytest.mark.parametrize(
    "settings", [pytest.param("postgres", marks=pytest.mark.needs("postgres"))], indirect=True
)
FULL = Order("full", reach="all")


@pytest.fixture
def klass(session) -> Klass:
    return Klass(session)


@pytest.fixture
def engine(app, klass) -> Engine:
    with app.app_context():
        return db.engine.execution_options(**{WRITES: True})


def in_another(engine: Engine, work: Callable[[Session], object]) -> tuple[threading.Thread, list[object]]:
    """Work in a transaction of its own, begun now; what it gave, or why it did not."""
    given: list[object] = []

    def run() -> None:
        with Session(engine) as own:
            try:
                given.append(work(own))
                own.commit()
            except BaseException as error:
                given.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, given


def wait_until_one_waits(session: Session) -> None:
    until = time.monotonic() + 10
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    while not session.scalar(waiting):
        session.rollback()
        assert time.monotonic() < until, "nobody waits"
        time.sleep(0.01)


def apply(klass: Klass, item_id: int, token: str) -> Callable[[Session], object]:
    module_id, by = klass.module.id, klass.teacher.id

    def work(own: Session) -> object:
        return regrade.apply(own, own.get_one(Module, module_id), item_id, FULL, by, token)[1].attempts

    return work


def seen(klass: Klass, item_id: int) -> str:
    token = regrade.preview(klass.session, klass.module, item_id, FULL, klass.teacher.id).token
    klass.session.commit()
    return token


def test_an_attempt_that_is_just_being_started_is_met(klass, engine):
    token = seen(klass, klass.item_id)
    account = make_account(klass.session)
    work = apply(klass, klass.item_id, token)
    with Session(engine) as learner:
        start_section_check(learner, account.id, learner.get_one(Module, klass.module.id), 1)
        thread, given = in_another(engine, work)
        wait_until_one_waits(klass.session)
        learner.commit()
    thread.join()
    assert isinstance(given[0], SeenOtherwise), given


def test_an_attempt_started_meanwhile_is_graded_by_what_was_decided(klass, engine):
    token = seen(klass, klass.item_id)
    account = make_account(klass.session)
    module_id, account_id = klass.module.id, account.id  # a session belongs to one thread
    with Session(engine) as desk:
        apply(klass, klass.item_id, token)(desk)
        thread, given = in_another(
            engine, lambda own: start_section_check(own, account_id, own.get_one(Module, module_id), 1)
        )
        wait_until_one_waits(klass.session)
        desk.commit()
    thread.join()
    klass.people.append(account)
    klass.attempts.append(given[0])
    klass.hands_in(3)
    assert klass.points()[3][0] == 1


def test_two_questions_of_the_same_learners_are_fixed_one_after_the_other(klass, engine):
    other = klass.item_at(2)
    tokens = [seen(klass, klass.item_id), seen(klass, other)]
    works = [apply(klass, klass.item_id, tokens[0]), apply(klass, other, tokens[1])]
    started = [in_another(engine, work) for work in works]
    for thread, _ in started:
        thread.join()
    given = [given[0] for _, given in started]
    assert 3 in given
    assert all(one == 3 or isinstance(one, SeenOtherwise) for one in given), given
    klass.check()


def test_a_regrade_waits_for_another_in_its_module(klass, engine):
    """Two that met the same learners in another order would wait for each other for ever."""
    work = apply(klass, klass.item_id, seen(klass, klass.item_id))
    with Session(engine) as other:
        regrade_turns.take_turn(other, klass.module.id)
        thread, given = in_another(engine, work)
        wait_until_one_waits(klass.session)
        assert given == []
        other.commit()
    thread.join()
    assert given == [3]
