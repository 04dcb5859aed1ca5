"""Resetting attempts: what the section's counters say afterwards, and that nothing of it is lost."""

from __future__ import annotations

import pytest

from tests.factories.answers import make_module_of_every_type, right_answer
from webapp.services.attempts import start_module_quiz, start_section_check
from webapp.services.errors import NotFound
from webapp.services.grading import submit_attempt
from webapp.services.learners import reset_attempt, restore_attempt


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
    assert before[:4] == (3, 3, 5, 1)
    reset_attempt(check.session, check.module, attempt_id)
    assert counters(check) == (None, None, None, 0, None)
    restore_attempt(check.session, check.module, attempt_id)
    assert counters(check) == (3, 3, 5, 1, check.attempt().submitted_at)


def test_first_and_best_are_those_of_the_attempts_that_remain(check):
    first, best, last = (hand_in(check, right) for right in (1, 4, 2))
    done = check.progress().completed_at
    for attempt_id, expected in ((first, (4, 4, 5, 2)), (best, (2, 2, 5, 1))):
        reset_attempt(check.session, check.module, attempt_id)
        assert counters(check) == (*expected, done), "who has finished the section once stays finished"
    restore_attempt(check.session, check.module, first)
    assert counters(check) == (1, 2, 5, 2, done)
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
