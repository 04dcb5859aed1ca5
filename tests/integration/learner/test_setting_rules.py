"""Setting a quiz's rules while people work, copying them, releasing results: on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.factories.answers import right_answer
from tests.factories.attempts import make_quiz
from tests.factories.finished import make_finished_attempt
from tests.factories.modules import make_item, make_module
from tests.factories.people import make_account
from tests.factories.rules import set_rules
from webapp.models.quiz import Quiz
from webapp.services import clock
from webapp.services.errors import Conflict, NotFound
from webapp.services.grading import submit_attempt
from webapp.services.module_quizzes import (
    list_quizzes,
    prepare_quizzes,
    quiz_line,
    release_results,
)
from webapp.services.overdue import Overdue
from webapp.services.quiz_settings import RefusedRules, counting_key, get_quiz, rules_of, save_rules
from webapp.services.rules_copying import copy_rules, plan_copy
from webapp.services.sections import remove_section

MINUTE = timedelta(minutes=1)


def quiz_of(check) -> Quiz:
    return get_quiz(check.session, check.module, check.attempt().quiz_id)


def save(check, confirmed=None, **rules):
    quiz = quiz_of(check)
    saved = save_rules(
        check.session, check.module, quiz.id, replace(rules_of(quiz), **rules), confirmed=confirmed
    )
    check.session.commit()
    return saved


def test_running_attempts_follow_the_times(check):
    saved = save(check, time_limit_s=1800)
    assert saved.changes == {"time_limit_s": [None, 1800]}
    assert saved.moved_ends == 1
    attempt = check.attempt()
    assert attempt.deadline_at == attempt.started_at + 30 * MINUTE
    assert save(check, time_limit_s=1800).changes == {}
    assert save(check, item_limit=3).moved_ends == 0
    assert save(check, time_limit_s=None).moved_ends == 1
    assert check.attempt().deadline_at is None


def test_what_does_not_go_together_is_not_saved(check):
    with pytest.raises(RefusedRules) as refused:
        save(check, is_gate=True, allows_back=False)
    assert [one.field for one in refused.value.refusals] == ["no_going_back", "pass_percent"]
    check.session.rollback()
    assert not quiz_of(check).is_gate


def test_overdue_attempts_are_closed_by_the_old_rules_first(check):
    check.attempt().deadline_at = clock.now() - 5 * MINUTE
    check.session.commit()
    with pytest.raises(Overdue):
        save(check, time_limit_s=36000)


@pytest.fixture
def scored(session):
    """Two learners with finished attempts at the same check: 1 and 3 of 3, and 2 of 3."""
    module = make_module(session)
    for _ in range(3):
        make_item(session, module.sections[0])
    ada, bob = make_account(session, display_name="Ada"), make_account(session, display_name="Bob")
    for account, right in ((ada, 1), (ada, 3), (bob, 2)):
        make_finished_attempt(session, account, module.sections[0], [place < right for place in range(3)])
    return module, make_quiz(session, module.sections[0])


def test_scores_that_would_change_are_shown_before_anything_is_saved(session, scored):
    module, quiz = scored
    rules = replace(rules_of(quiz), counted="first")
    shown = save_rules(session, module, quiz.id, rules)
    assert not shown.is_saved
    assert [(one.name, one.before.points, one.after.points) for one in shown.score_changes] == [("Ada", 3, 1)]
    assert quiz.counted == "highest"
    other = save_rules(
        session, module, quiz.id, replace(rules, counted="average"), confirmed=counting_key(rules)
    )
    assert not other.is_saved, "what was confirmed was another way"
    assert other.score_changes[0].after.points == Decimal("2.00000")
    assert save_rules(session, module, quiz.id, rules, confirmed="first").is_saved
    assert quiz.counted == "first"
    assert save_rules(session, module, quiz.id, replace(rules, counted="first", item_limit=2)).is_saved


def test_not_counting_any_more_changes_every_score(session, scored):
    module, quiz = scored
    rules = replace(rules_of(quiz), is_counted=False)
    shown = save_rules(session, module, quiz.id, rules)
    assert [(one.name, one.after) for one in shown.score_changes] == [("Ada", None), ("Bob", None)]
    assert save_rules(session, module, quiz.id, rules, confirmed="not").is_saved
    back = save_rules(session, module, quiz.id, replace(rules, is_counted=True))
    assert [(one.name, one.before) for one in back.score_changes] == [("Ada", None), ("Bob", None)]


def test_results_are_released_by_hand_once(check):
    save(check, release="by_hand")
    check.save(1, right_answer(check.item(1)))
    assert submit_attempt(check.session, check.account.id, check.attempt_id).state == "graded"
    check.session.commit()
    quiz_id = check.attempt().quiz_id
    assert quiz_line(check.session, check.module, quiz_id).waiting == 1
    assert release_results(check.session, check.module, quiz_id) == 1
    assert check.attempt().state == "released"
    assert check.progress().attempts_finished == 1
    assert quiz_line(check.session, check.module, quiz_id).waiting == 0
    with pytest.raises(Conflict):
        release_results(check.session, check.module, quiz_id)


def test_quizzes_are_listed_in_reading_order_and_made_when_asked_for(session):
    module = make_module(session)
    make_item(session, module.sections[1])
    lines = list_quizzes(session, module)
    assert [(line.number, line.quiz_id, line.available) for line in lines] == [
        (1, None, 0),
        (2, None, 1),
        (None, None, 1),
    ]
    prepare_quizzes(session, module)
    session.commit()
    lines = list_quizzes(session, module)
    assert [line.number for line in lines] == [1, 2, None]
    assert [line.question_count for line in lines] == [0, 1, 1]
    assert all(line.rules for line in lines)


def test_rules_are_copied_to_every_other_section(check):
    save(check, time_limit_s=1800, access_code="abc")
    second = check.module.sections[1]
    set_rules(check.session, second, item_limit=3, time_limit_s=1800)
    source = quiz_of(check)
    plan = plan_copy(check.session, check.module, source.id)
    assert [(line.number, set(changes)) for line, changes in plan.targets] == [
        (2, {"item_limit", "access_code"}),
    ]
    with pytest.raises(Conflict, match="changed meanwhile"):
        copy_rules(check.session, check.module, source.id, "another plan")
    assert rules_of(make_quiz(check.session, second)).item_limit == 3
    done = copy_rules(check.session, check.module, source.id, plan.key)
    check.session.commit()
    assert len(done.targets) == 1
    assert rules_of(make_quiz(check.session, second)) == rules_of(source)
    assert plan_copy(check.session, check.module, source.id).targets == []
    module_quiz = list_quizzes(check.session, check.module)[-1]
    assert module_quiz.rules.time_limit_s is None
    with pytest.raises(Conflict):
        plan_copy(check.session, check.module, module_quiz.quiz_id)


def test_copying_says_whose_scores_change(session, scored):
    module, quiz = scored
    source = set_rules(session, module.sections[1], counted="last", item_limit=4)
    assert plan_copy(session, module, source.id).score_changes == []
    set_rules(session, module.sections[1], counted="first")
    plan = plan_copy(session, module, source.id)
    assert [(one.quiz_id, one.name) for one in plan.score_changes] == [(quiz.id, "Ada")]


def test_a_quiz_of_another_module_or_of_a_removed_section_is_not_found(session, scored):
    module, quiz = scored
    other = make_module(session)
    with pytest.raises(NotFound):
        get_quiz(session, other, quiz.id)
    remove_section(session, module, module.sections[0].id)
    with pytest.raises(NotFound):
        get_quiz(session, module, quiz.id)
