"""Two instructors in the same instant, on PostgreSQL (SQLite has one writer at a time)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.factories.attempts import make_quiz
from tests.factories.people import make_account
from tests.factories.rules import grant, set_rules
from tests.integration.learner.test_regrade_races import in_another, wait_until_one_waits
from webapp.database import WRITES
from webapp.extensions import db
from webapp.models.attempt import Attempt
from webapp.models.module import Module
from webapp.models.quiz import Quiz, QuizOverride
from webapp.services import results, turning
from webapp.services.attempts import start_section_check
from webapp.services.errors import Conflict, NotFound
from webapp.services.grading import submit_attempt
from webapp.services.grants import Granted, Wish, add_grant, change_grant, remove_grant
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


@pytest.fixture
def timed(check) -> Quiz:
    """The first section's check takes ten minutes, and the learner has one under way."""
    quiz = set_rules(check.session, check.module.sections[0], time_limit_s=600)
    submit_attempt(check.session, check.account.id, check.attempt_id)
    check.attempt_id = start_section_check(check.session, check.account.id, check.module, 1)
    check.session.commit()
    return quiz


def minutes(check) -> float:
    attempt = check.attempt()
    return (attempt.deadline_at - attempt.started_at) / timedelta(minutes=1)


def granting(
    check, granted: Granted, quiz_id: int, *, is_course_wide: bool = False
) -> Callable[[Session], object]:
    """Grant the learner of the check something."""
    teacher, module_id = make_account(check.session, "instructor").id, check.module.id
    wish = Wish(f"account-{check.account.id}", is_course_wide, granted)
    return lambda own: add_grant(own, own.get_one(Module, module_id), quiz_id, wish, by=teacher)


def starting(check) -> Callable[[Session], object]:
    """Start the first section's check once more."""
    submit_attempt(check.session, check.account.id, check.attempt_id)
    account_id, module_id = check.account.id, check.module.id
    return lambda own: start_section_check(own, account_id, own.get_one(Module, module_id), 1)


def newest(check) -> int:
    return check.session.query(Attempt).order_by(Attempt.id.desc()).first().id


def test_two_grants_at_once_both_count(check, timed, at_once):
    """One for the quiz, one for the whole course: the end of the running attempt is that of both together."""
    twice = granting(check, Granted(time_percent=200), timed.id)
    half_an_hour = granting(check, Granted(time_limit_s=1800), timed.id, is_course_wide=True)
    assert at_once(twice, half_an_hour).moved_ends == 1
    assert minutes(check) == 60


def test_a_grant_reaches_an_attempt_that_is_being_started(check, timed, at_once):
    granted = at_once(starting(check), granting(check, Granted(time_percent=200), timed.id))
    assert granted.moved_ends == 1
    check.attempt_id = newest(check)
    assert minutes(check) == 20


def test_an_attempt_that_is_started_meanwhile_has_what_was_granted(check, timed, at_once):
    check.attempt_id = at_once(granting(check, Granted(time_percent=200), timed.id), starting(check))
    assert minutes(check) == 20


def test_new_rules_reach_an_attempt_that_is_being_started(check, timed, at_once):
    quiz_id, module_id, rules = timed.id, check.module.id, replace(rules_of(timed), time_limit_s=60)

    def change(own: Session) -> object:
        return save_rules(own, own.get_one(Module, module_id), quiz_id, rules)

    assert at_once(starting(check), change).moved_ends == 1
    check.attempt_id = newest(check)
    assert minutes(check) == 1


@pytest.mark.parametrize("is_change", [True, False])
def test_what_somebody_just_removed_is_not_there(check, timed, at_once, is_change):
    grant_id = grant(check.session, check.module, check.account, timed, extra_s=600).id
    module_id, quiz_id = check.module.id, timed.id

    def remove(own: Session) -> object:
        return remove_grant(own, own.get_one(Module, module_id), grant_id)

    def change(own: Session) -> object:
        return change_grant(own, own.get_one(Module, module_id), quiz_id, grant_id, Granted(extra_s=1200))

    assert isinstance(at_once(remove, change if is_change else remove), NotFound)


def test_a_page_that_was_turned_stays_turned(check, app):
    """A visit that began before another window went on twice does not lead back."""
    set_rules(check.session, check.module.sections[0], one_per_page=True, allows_back=False)
    attempt_id, me = check.attempt_id, check.account.id
    with app.app_context():
        engine: Engine = db.engine.execution_options(**{WRITES: True})
    with Session(engine) as slow:
        seen = results.get_own_attempt(slow, me, attempt_id)
        with Session(engine) as quick:
            for _ in range(2):
                turning.turn_page(quick, results.get_own_attempt(quick, me, attempt_id), 1)
                quick.commit()
        with pytest.raises(Conflict, match="no way back"):
            turning.go_to(slow, seen, 2)
    check.session.expire_all()
    assert check.attempt().at_position == 3
