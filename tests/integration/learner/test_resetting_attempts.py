"""Resetting attempts: what the section's counters say afterwards, and that nothing of it is lost."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories.answers import make_module_of_every_type, right_answer
from tests.factories.attempts import make_quiz
from tests.factories.modules import make_item, make_module
from tests.factories.people import make_account
from tests.factories.rules import set_rules
from webapp.extensions import db
from webapp.models.attempt import Attempt, SectionProgress
from webapp.services import attempt_states, clock
from webapp.services.attempts import start_module_quiz, start_section_check
from webapp.services.errors import Conflict, NotFound
from webapp.services.grading import close_overdue, submit_attempt
from webapp.services.learners import reset_attempt, restore_attempt
from webapp.services.overdue import Overdue
from webapp.services.progress import recount_section
from webapp.services.reading import finish_reading
from webapp.services.sections import remove_section


def hand_in(check, right: int) -> int:
    """Start (or go on with) the first section's check, answer so many questions right, and hand it in."""
    check.attempt_id = start_section_check(check.session, check.account.id, check.module, 1)
    for position in range(1, right + 1):
        check.save(position, right_answer(check.item(position)))
    submit_attempt(check.session, check.account.id, check.attempt_id)
    check.session.commit()
    return check.attempt_id


def counters(check) -> tuple[object, ...]:
    row = check.progress()
    return row.first_points, row.best_points, row.points_possible, row.attempts_finished, row.completed_at


def test_the_only_attempt_reset_leaves_the_section_undone_and_restored_done(check):
    attempt_id = hand_in(check, right=3)
    before = counters(check)
    assert before[:4] == (3, 3, 6, 1)
    reset_attempt(check.session, check.module, attempt_id)
    assert counters(check) == (None, None, None, 0, None)
    restore_attempt(check.session, check.module, attempt_id)
    assert counters(check) == (3, 3, 6, 1, check.attempt().submitted_at)


def test_after_a_reset_the_learner_is_sent_to_no_question_of_the_old_attempt(check):
    attempt_id = hand_in(check, right=3)
    assert check.progress().last_slot > 0
    reset_attempt(check.session, check.module, attempt_id)
    check.session.expire_all()
    assert check.progress().last_slot == 0


def test_first_and_best_are_those_of_the_attempts_that_remain(check):
    first, best, last = (hand_in(check, right) for right in (1, 4, 2))
    handed_in = {one: check.session.get_one(Attempt, one).submitted_at for one in (first, best, last)}
    for attempt_id, expected in (
        (first, (4, 4, 6, 2, handed_in[best])),
        (best, (2, 2, 6, 1, handed_in[last])),
    ):
        reset_attempt(check.session, check.module, attempt_id)
        assert counters(check) == expected
    restore_attempt(check.session, check.module, first)
    assert counters(check) == (1, 2, 6, 2, handed_in[first])
    assert last == check.attempt_id


def test_a_reset_quiz_of_the_module_changes_no_section(check):
    hand_in(check, right=3)
    before = counters(check)
    quiz_id = start_module_quiz(check.session, check.account.id, check.module)
    submit_attempt(check.session, check.account.id, quiz_id)
    reset_attempt(check.session, check.module, quiz_id)
    assert counters(check) == before
    assert start_module_quiz(check.session, check.account.id, check.module) != quiz_id


def test_another_modules_attempt_is_neither_reset_nor_restored(check):
    other = make_module_of_every_type(check.session, sections=1)
    for act in (reset_attempt, restore_attempt):
        with pytest.raises(NotFound):
            act(check.session, other, check.attempt_id)


def recounted(check) -> tuple[object, ...]:
    """The counters by the plainest reading of the attempts themselves."""
    query = select(Attempt).where(Attempt.account_id == check.account.id).order_by(Attempt.number)
    counting = [
        attempt
        for attempt in check.session.scalars(query.execution_options(populate_existing=True))
        if attempt.state == "released" and attempt.reset_at is None
    ]
    if not counting:
        return None, None, None, 0, None
    best = counting[0]
    for attempt in counting[1:]:
        if attempt.points * best.points_possible > best.points * attempt.points_possible:
            best = attempt
    return (
        counting[0].points,
        best.points,
        best.points_possible,
        len(counting),
        min(attempt.submitted_at for attempt in counting),
    )


ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("hand in"), st.integers(0, 5)),
        st.tuples(st.just("open"), st.just(0)),
        st.tuples(st.sampled_from(["reset", "restore"]), st.integers(0, 5)),
    ),
    max_size=9,
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_after_any_finishing_resetting_and_restoring_the_counters_are_a_recount(check, acts):
    check.account = make_account(check.session)
    made: list[int] = []
    for act, number in [*acts, ("hand in", 2)]:
        if act in {"hand in", "open"}:
            check.attempt_id = start_section_check(check.session, check.account.id, check.module, 1)
            if check.attempt_id not in made:
                made.append(check.attempt_id)
            check.session.commit()
        if act == "hand in":
            hand_in(check, right=number)
        elif act != "open" and made:
            try:
                {"reset": reset_attempt, "restore": restore_attempt}[act](
                    check.session, check.module, made[number % len(made)]
                )
            except Conflict:
                check.session.rollback()
            check.session.commit()
        if made:
            assert counters(check) == recounted(check)


def test_an_open_attempt_that_was_reset_counts_with_its_answers_when_it_is_restored(check):
    for position in (1, 2):
        check.save(position, right_answer(check.item(position)))
    reset_attempt(check.session, check.module, check.attempt_id)
    assert (check.attempt().state, check.attempt().ended_by) == ("released", None)
    assert counters(check)[:2] == (None, None)
    restore_attempt(check.session, check.module, check.attempt_id)
    assert counters(check)[:4] == (2, 2, 6, 1)


def test_whose_time_is_up_has_handed_in_before_the_reset(check, monkeypatch):
    """So that taking the reset back gives the score of the deadline."""
    set_rules(check.session, check.module.sections[0], time_limit_s=600)
    check.account = make_account(check.session)
    check.attempt_id = start_section_check(check.session, check.account.id, check.module, 1)
    check.save(1, right_answer(check.item(1)))
    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + timedelta(hours=1))
    with pytest.raises(Overdue) as raised:
        reset_attempt(check.session, check.module, check.attempt_id)
    check.session.rollback()
    assert list(raised.value.attempt_ids) == [check.attempt_id]
    assert close_overdue(check.session, check.attempt_id)
    reset_attempt(check.session, check.module, check.attempt_id)
    restore_attempt(check.session, check.module, check.attempt_id)
    check.session.commit()
    attempt = check.attempt()
    assert (attempt.ended_by, attempt.points, attempt.submitted_at) == ("deadline", 1, attempt.deadline_at)


def test_an_attempt_is_closed_by_the_one_rule_for_states(check, monkeypatch):
    monkeypatch.setattr(attempt_states, "AFTER", {**attempt_states.AFTER, "open": frozenset({"expired"})})
    with pytest.raises(attempt_states.IllegalTransition):
        reset_attempt(check.session, check.module, check.attempt_id)
    assert check.attempt().state == "open"


def test_a_reset_in_a_removed_section_is_counted_too(check):
    attempt_id = hand_in(check, right=3)
    section_id = check.module.sections[0].id
    remove_section(check.session, check.module, section_id)
    check.session.commit()
    row = check.session.scalars(select(SectionProgress).where(SectionProgress.section_id == section_id)).one()
    reset_attempt(check.session, check.module, attempt_id)
    check.session.refresh(row)
    assert (row.best_points, row.attempts_finished, row.completed_at) == (None, 0, None)
    restore_attempt(check.session, check.module, attempt_id)
    check.session.refresh(row)
    assert (row.best_points, row.attempts_finished) == (3, 1)


def test_a_section_read_to_its_end_when_it_asked_nothing_stays_completed(session):
    module, account = make_module(session), make_account(session)
    finish_reading(session, account.id, module, 1)
    section = module.sections[0]
    make_item(session, section)
    recount_section(session, account.id, section.id, make_quiz(session, section).id)
    (row,) = session.scalars(select(SectionProgress).where(SectionProgress.completed_at.is_not(None)))
    assert (row.section_id, row.attempts_finished) == (section.id, 0)


@pytest.mark.parametrize("settings", ["postgres"], indirect=True)
@pytest.mark.needs("postgres")
def test_a_reset_and_a_finish_in_the_same_instant_are_both_counted(check, app):
    """Where two transactions can write at once, the later counts what the earlier did (SQLite has one writer)."""
    first = hand_in(check, right=1)
    second = start_section_check(check.session, check.account.id, check.module, 1)
    check.session.commit()
    account_id = check.account.id
    with app.app_context():
        engine = db.engine

    def finish() -> None:
        with Session(engine) as own:
            submit_attempt(own, account_id, second)
            own.commit()

    reset_attempt(check.session, check.module, first)
    thread = threading.Thread(target=finish)
    thread.start()
    thread.join(timeout=1)
    assert thread.is_alive(), "the finish waits for the reset"
    check.session.commit()
    thread.join()
    assert counters(check) == recounted(check)
    assert check.progress().attempts_finished == 1
