"""Extra time and exceptions, on both databases: they hold at once, for whom and where they were meant."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories.attempts import make_quiz
from tests.factories.people import enrol, make_account, make_cohort, make_course
from tests.factories.rules import set_rules
from webapp.models.attempt import Attempt
from webapp.models.course import Course
from webapp.models.module import Module
from webapp.models.quiz import QuizOverride
from webapp.services import clock
from webapp.services.attempts import start_section_check
from webapp.services.errors import NotFound
from webapp.services.grants import (
    Granted,
    Wish,
    add_grant,
    change_grant,
    grant_page,
    remove_grant,
)
from webapp.services.overdue import Overdue
from webapp.services.quiz_settings import RefusedRules

MINUTE = timedelta(minutes=1)


@pytest.fixture
def running(check):
    """A learner with an open attempt of half an hour."""
    set_rules(check.session, check.module.sections[0], time_limit_s=1800)
    attempt = check.attempt()
    attempt.deadline_at = attempt.started_at + 30 * MINUTE
    check.session.commit()
    return check


@pytest.fixture
def teacher(running) -> int:
    return make_account(running.session, "instructor").id


def wish(check, *, is_course_wide=False, who=None, **granted) -> Wish:
    return Wish(who or f"account-{check.account.id}", is_course_wide, Granted(**granted))


def minutes_of(check) -> float:
    attempt = check.attempt()
    return (attempt.deadline_at - attempt.started_at) / MINUTE


def add(check, teacher, **granted):
    quiz_id = check.attempt().quiz_id
    outcome = add_grant(check.session, check.module, quiz_id, wish(check, **granted), by=teacher)
    check.session.commit()
    return outcome


def only(check) -> QuizOverride:
    return check.session.query(QuizOverride).one()


def test_more_time_reaches_an_attempt_that_is_running_and_is_taken_back(running, teacher):
    outcome = add(running, teacher, time_percent=200)
    assert minutes_of(running) == 60
    assert outcome.moved_ends == 1
    assert outcome.action == "grant.add"
    assert outcome.subject == f"quiz:{running.attempt().quiz_id}"
    assert outcome.detail == {"for": f"account:{running.account.id}", "time_percent": [None, 200]}
    row = only(running)
    assert (row.created_by_id, row.course_id) == (teacher, running.module.course_id)

    changed = change_grant(
        running.session,
        running.module,
        running.attempt().quiz_id,
        row.id,
        Granted(extra_s=900, note="as agreed"),
    )
    running.session.commit()
    assert minutes_of(running) == 45
    assert changed.detail == {
        "for": f"account:{running.account.id}",
        "time_percent": [200, None],
        "extra_s": [None, 900],
    }, "what was noted is nobody's but the page's"

    removed = remove_grant(running.session, running.module, row.id)
    running.session.commit()
    assert minutes_of(running) == 30
    assert removed.moved_ends == 1
    assert running.session.query(QuizOverride).count() == 0


def test_for_the_whole_course_it_reaches_every_quiz(running, teacher):
    start_section_check(running.session, running.account.id, running.module, 2)
    other = set_rules(running.session, running.module.sections[1], time_limit_s=600)
    outcome = add(running, teacher, is_course_wide=True, time_percent=150)
    assert minutes_of(running) == 45
    second = running.session.query(Attempt).filter_by(quiz_id=other.id).one()
    assert second.deadline_at == second.started_at + 15 * MINUTE
    assert outcome.moved_ends == 2
    assert outcome.subject == f"course:{running.module.course_id}"
    assert outcome.quiz_id is None


def test_a_cohort_is_granted_for_those_who_are_in_it(running, teacher):
    course = running.session.get_one(Course, running.module.course_id)
    evening = make_cohort(running.session, course, "Evening")
    enrol(running.session, running.account, course, cohort=evening)
    outsider = make_account(running.session)
    start_section_check(running.session, outsider.id, running.module, 1)
    outcome = add(running, teacher, who=f"cohort-{evening.id}", extra_s=300)
    assert minutes_of(running) == 35
    assert outcome.moved_ends == 1
    assert outcome.detail["for"] == f"cohort:{evening.id}"
    add(running, teacher, extra_s=600)
    assert minutes_of(running) == 40, "the learner's own comes before the cohort's"


def test_an_attempt_that_is_over_keeps_its_end(running, teacher):
    attempt = running.attempt()
    attempt.state, attempt.submitted_at = "released", clock.now()
    running.session.commit()
    assert add(running, teacher, time_percent=200).moved_ends == 0
    assert minutes_of(running) == 30


def test_whose_time_was_up_has_handed_in_first(running, teacher):
    running.attempt().deadline_at = clock.now() - 5 * MINUTE
    running.session.commit()
    with pytest.raises(Overdue):
        add(running, teacher, time_percent=200)
    assert running.session.query(QuizOverride).count() == 0


@pytest.mark.parametrize(
    ("granted", "fields"),
    [
        ({}, ["time_percent"]),
        ({"note": "only words"}, ["time_percent"]),
        ({"time_percent": 200, "extra_s": 60}, ["extra_min"]),
    ],
)
def test_what_cannot_be_granted_is_refused_at_its_field(running, teacher, granted, fields):
    with pytest.raises(RefusedRules) as refused:
        add(running, teacher, **granted)
    assert [one.field for one in refused.value.refusals] == fields


def test_dates_fit_together_with_the_quizs_own(running, teacher):
    now = clock.now()
    set_rules(
        running.session,
        running.module.sections[0],
        due_at=now + timedelta(days=2),
        closes_at=now + timedelta(days=3),
    )
    with pytest.raises(RefusedRules) as refused:
        add(running, teacher, opens_at=now + timedelta(days=4))
    assert [one.field for one in refused.value.refusals] == ["due_at"]
    assert "another time as well" in refused.value.refusals[0].message
    with pytest.raises(RefusedRules) as refused:
        add(running, teacher, is_course_wide=True, opens_at=now + timedelta(days=4), due_at=now)
    assert [one.field for one in refused.value.refusals] == ["due_at"]
    with pytest.raises(RefusedRules) as refused:
        add(running, teacher, closes_at=now + timedelta(days=1))
    assert [one.field for one in refused.value.refusals] == ["closes_at"]
    add(running, teacher, due_at=now + timedelta(days=5), closes_at=now + timedelta(days=6))
    assert running.attempt().closes_at is not None


def test_the_same_place_holds_one_grant(running, teacher):
    add(running, teacher, time_percent=200)
    with pytest.raises(RefusedRules) as refused:
        add(running, teacher, time_percent=150)
    assert refused.value.refusals[0].field == "who"
    add(running, teacher, is_course_wide=True, time_percent=150)


def test_the_page_lists_what_holds_here_and_for_whom_more_can_be(running, teacher):
    course = running.session.get_one(Course, running.module.course_id)
    enrol(running.session, running.account, course, cohort=make_cohort(running.session, course, "Evening"))
    add(running, teacher, time_percent=200)
    add(running, teacher, is_course_wide=True, extra_s=60)
    quiz_id = running.attempt().quiz_id
    elsewhere = make_quiz(running.session, running.module.sections[1])
    page = grant_page(running.session, running.module, quiz_id)
    assert [
        (line.is_course_wide, line.granted.time_percent, line.granted.extra_s) for line in page.lines
    ] == [
        (False, 200, None),
        (True, None, 60),
    ]
    assert [name for _, name in page.cohorts] == ["Evening"]
    assert f"account-{running.account.id}" in dict(page.learners)
    assert [
        line.is_course_wide for line in grant_page(running.session, running.module, elsewhere.id).lines
    ] == [True]


def test_nobody_and_nothing_of_another_course(running, teacher):
    stranger = make_account(running.session, course=make_course(running.session))
    with pytest.raises(NotFound):
        add(running, teacher, who=f"account-{stranger.id}", time_percent=200)
    add(running, teacher, time_percent=200)
    other = Module(
        course_id=make_course(running.session).id,
        slug="other",
        title="Other",
        created_at=clock.now(),
        updated_at=clock.now(),
    )
    running.session.add(other)
    running.session.commit()
    row = only(running)
    with pytest.raises(NotFound):
        remove_grant(running.session, other, row.id)
    with pytest.raises(NotFound):
        change_grant(running.session, other, running.attempt().quiz_id, row.id, Granted(time_percent=100))
    with pytest.raises(NotFound):
        grant_page(running.session, running.module, 999_999)
    with pytest.raises(NotFound):
        remove_grant(running.session, running.module, 999_999)
