"""Two instructors in the same instant, on PostgreSQL (SQLite has one writer at a time)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.factories.attempts import make_quiz
from tests.factories.people import make_account
from tests.integration.learner.test_regrade_races import in_another, wait_until_one_waits
from webapp.database import WRITES
from webapp.extensions import db
from webapp.models.module import Module
from webapp.models.quiz import Quiz, QuizOverride
from webapp.services.grants import Granted, Wish, add_grant
from webapp.services.quiz_settings import OthersRules, RefusedRules, fingerprint, rules_of, save_rules

pytestmark = pytest.mark.parametrize(
    "settings", [pytest.param("postgres", marks=pytest.mark.needs("postgres"))], indirect=True
)


@pytest.fixture
def at_once(check, app) -> Callable[[Callable[[Session], object]], object]:
    """Do it, and in the same instant do it once more; what the later one got."""
    with app.app_context():
        engine: Engine = db.engine.execution_options(**{WRITES: True})

    def run(first: Callable[[Session], object], second: Callable[[Session], object]) -> object:
        check.session.commit()
        with Session(engine) as own:
            first(own)
            thread: threading.Thread
            thread, given = in_another(engine, second)
            wait_until_one_waits(check.session)
            own.commit()
        thread.join()
        check.session.expire_all()
        return given[0]

    return run


def test_the_same_people_are_granted_something_there_once(check, at_once):
    teacher, module_id = make_account(check.session, "instructor").id, check.module.id
    quiz_id = make_quiz(check.session, check.module.sections[0]).id
    wish = Wish(f"account-{check.account.id}", is_course_wide=False, granted=Granted(extra_s=300))

    def add(own: Session) -> object:
        return add_grant(own, own.get_one(Module, module_id), quiz_id, wish, by=teacher)

    given = at_once(add, add)
    assert isinstance(given, RefusedRules), given
    assert [one.field for one in given.refusals] == ["who"]
    assert check.session.query(QuizOverride).count() == 1


def test_the_later_rules_do_not_overwrite_the_earlier(check, at_once):
    quiz, module_id = make_quiz(check.session, check.module.sections[0]), check.module.id
    rules, quiz_id = rules_of(quiz), quiz.id

    def save(**changed: object) -> Callable[[Session], object]:
        def work(own: Session) -> object:
            wanted = replace(rules, **changed)
            return save_rules(own, own.get_one(Module, module_id), quiz_id, wanted, seen=fingerprint(rules))

        return work

    given = at_once(save(time_limit_s=600), save(access_code="later"))
    assert isinstance(given, OthersRules), given
    assert given.now.time_limit_s == 600
    now = check.session.get_one(Quiz, quiz_id)
    assert (now.time_limit_s, now.access_code) == (600, "")
