"""Scores: from the right question, exact, counted once, and the same when made anew from history."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import update

from questions.items.content import item_to_json
from questions.items.registry import ITEM_TYPES
from tests.factories.answers import right_answer, wrong_answer
from tests.factories.people import make_account
from webapp.models.attempt import AttemptSlot
from webapp.services import clock, graded_attempts
from webapp.services.answers import HANDED_IN
from webapp.services.attempts import start_module_quiz, start_section_check
from webapp.services.errors import Conflict, NotFound, Refused
from webapp.services.graded_attempts import recompute
from webapp.services.grading import check_slot, submit_attempt
from webapp.services.results import list_answers, show_result
from webapp.services.slot_grading import Given, GradingRules, SlotGrade, grade_slot, points_of

TYPES = range(1, len(ITEM_TYPES) + 1)


def answer(check, position, response):
    return check_slot(
        check.session, check.account.id, check.attempt_id, position, [check.sent(position, response)]
    )


@pytest.mark.parametrize("position", TYPES)
def test_each_type_is_graded_right_and_wrong(check, position):
    item = check.item(position)
    content = item_to_json(item)

    def grade(response) -> SlotGrade:
        return grade_slot(content, [], Given(response), GradingRules())

    assert grade(right_answer(item)).status == "correct"
    assert grade(wrong_answer(item)).status == "incorrect"
    assert grade({}) == SlotGrade("unanswered", Decimal(0))


@pytest.mark.parametrize(
    ("score", "possible", "points"),
    [
        (Decimal("0.33333"), Decimal(1), Decimal("0.33333")),
        (Decimal("0.33333"), Decimal(3), Decimal("0.99999")),
        (Decimal(1), Decimal("2.5"), Decimal("2.5")),
        (Decimal(0), Decimal(5), Decimal(0)),
        (None, Decimal(5), Decimal(0)),
    ],
)
def test_points_are_exact(score, possible, points):
    assert points_of(score, possible) == points


def test_a_checked_question_is_graded_for_good_and_counted(check):
    attempt = answer(check, 1, right_answer(check.item(1)))
    assert (attempt.state, attempt.checked_count, attempt.points) == ("open", 1, 1)
    slot = check.slot(1)
    assert (slot.status, slot.score) == ("correct", 1)
    assert slot.checked_at is not None
    attempt = answer(check, 2, wrong_answer(check.item(2)))
    assert (attempt.checked_count, attempt.points) == (2, 1)
    assert recompute(check.session, check.attempt()) == []


def test_checking_twice_changes_nothing(check):
    answer(check, 1, right_answer(check.item(1)))
    before = check.slot(1).checked_at
    attempt = check_slot(check.session, check.account.id, check.attempt_id, 1, [])
    assert (attempt.checked_count, attempt.points) == (1, 1)
    assert check.slot(1).checked_at == before


def test_who_comes_back_goes_on_at_the_next_question(check):
    answer(check, 2, right_answer(check.item(2)))
    assert check.progress().last_slot == 3
    answer(check, 6, right_answer(check.item(6)))
    assert check.progress().last_slot == 1


def test_an_unanswered_question_is_not_checked(check):
    with pytest.raises(Refused, match="Answer the question first") as refused:
        check_slot(check.session, check.account.id, check.attempt_id, 1, [check.sent(1, {})])
    assert refused.value.field == "q1"
    assert check.slot(1).checked_at is None


def test_the_last_check_finishes_the_attempt_and_the_section(check):
    for position in TYPES:
        item = check.item(position)
        attempt = answer(check, position, right_answer(item) if position != 2 else wrong_answer(item))
    assert (attempt.state, attempt.points, attempt.points_possible) == ("released", 5, 6)
    assert attempt.submitted_at is not None
    progress = check.progress()
    assert progress.completed_at is not None
    assert (progress.first_points, progress.best_points, progress.points_possible) == (5, 5, 6)
    assert progress.attempts_finished == 1
    assert recompute(check.session, check.attempt()) == []
    with pytest.raises(Conflict):
        answer(check, 1, wrong_answer(check.item(1)))


def test_a_better_second_go_is_the_best_and_the_first_stays_the_first(check):
    submit_attempt(check.session, check.account.id, check.attempt_id)
    first_done = check.progress().completed_at
    check.attempt_id = start_section_check(check.session, check.account.id, check.module, 1)
    for position in TYPES:
        answer(check, position, right_answer(check.item(position)))
    progress = check.progress()
    assert (progress.first_points, progress.best_points, progress.attempts_finished) == (0, 6, 2)
    assert progress.completed_at == first_done
    check.attempt_id = start_section_check(check.session, check.account.id, check.module, 1)
    submit_attempt(check.session, check.account.id, check.attempt_id)
    progress = check.progress()
    assert (progress.best_points, progress.points_possible, progress.attempts_finished) == (6, 6, 3)


def test_partial_credit_is_kept_to_five_decimals(check):
    position = next(place for place in TYPES if check.item(place).type == "ordering")
    right = list(right_answer(check.item(position))["order"])
    attempt = answer(check, position, {"order": [right[2], right[0], right[1]]})
    assert check.slot(position).status == "partly"
    assert attempt.points == Decimal("0.5")


def test_handing_in_grades_everything_once(check, monkeypatch):
    monkeypatch.setattr("webapp.services.quizzes.MODULE_ITEM_LIMIT", 2 * len(ITEM_TYPES))
    attempt_id = start_module_quiz(check.session, check.account.id, check.module)
    check.attempt_id = attempt_id
    page = list_answers(check.session, check.account.id, attempt_id)
    assert page.unanswered == list(range(1, 13))
    check.save(1, right_answer(check.item(1)))
    check.save(7, wrong_answer(check.item(7)))
    assert list_answers(check.session, check.account.id, attempt_id).unanswered == [
        *range(2, 7),
        *range(8, 13),
    ]
    attempt = submit_attempt(check.session, check.account.id, attempt_id)
    assert (attempt.state, attempt.points, attempt.checked_count) == ("released", 1, 12)
    again = submit_attempt(check.session, check.account.id, attempt_id)
    assert again.submitted_at == attempt.submitted_at
    assert recompute(check.session, check.attempt()) == []


def test_a_module_quiz_tells_nothing_before_handing_in(check):
    attempt_id = start_module_quiz(check.session, check.account.id, check.module)
    with pytest.raises(Conflict, match="after it has been handed in"):
        check_slot(check.session, check.account.id, attempt_id, 1, [check.sent(1, {"choice": 0})])
    with pytest.raises(Conflict, match="not been handed in"):
        show_result(check.session, check.account.id, attempt_id)


def test_a_result_by_section_and_level_names_what_to_reread(check, monkeypatch):
    monkeypatch.setattr("webapp.services.quizzes.MODULE_ITEM_LIMIT", 2 * len(ITEM_TYPES))
    check.attempt_id = start_module_quiz(check.session, check.account.id, check.module)
    for position in TYPES:
        check.save(position, right_answer(check.item(position)))
    submit_attempt(check.session, check.account.id, check.attempt_id)
    page = show_result(check.session, check.account.id, check.attempt_id)
    assert [
        (section.number, section.part.points, section.part.points_possible) for section in page.sections
    ] == [
        (1, 6, 6),
        (2, 0, 6),
    ]
    assert [section.number for section in page.to_reread] == [2]
    assert {level: (part.points, part.points_possible) for level, part in page.levels} == {
        "retrieve": (3, 6),
        "infer": (3, 6),
    }
    assert all(question.mark for section in page.sections for question in section.questions)


def test_nobody_else_checks_hands_in_or_sees(check):
    other = make_account(check.session)
    for refused in (
        lambda: check_slot(check.session, other.id, check.attempt_id, 1, []),
        lambda: submit_attempt(check.session, other.id, check.attempt_id),
        lambda: show_result(check.session, other.id, check.attempt_id),
        lambda: list_answers(check.session, other.id, check.attempt_id),
        lambda: check_slot(check.session, check.account.id, check.attempt_id, 99, []),
        lambda: submit_attempt(check.session, check.account.id, check.attempt_id + 999),
    ):
        with pytest.raises(NotFound):
            refused()


def test_an_attempt_that_was_closed_meanwhile_checks_nothing(check):
    """Its time was up while the learner had the page open, with an answer saved; the quiz takes nothing late."""
    check.save(1, right_answer(check.item(1)))
    attempt = check.attempt()
    attempt.state, attempt.submitted_at = "expired", clock.now()
    check.session.commit()
    with pytest.raises(Conflict, match=HANDED_IN):
        check_slot(check.session, check.account.id, check.attempt_id, 1, [])
    assert check.slot(1).checked_at is None


def test_what_a_person_must_judge_holds_the_result_back(check, monkeypatch):
    """No type of item asks for that yet; the states are made for it."""
    monkeypatch.setattr(graded_attempts, "grade_slot", lambda *_: SlotGrade("needs_review", None))
    attempt = submit_attempt(check.session, check.account.id, check.attempt_id)
    assert (attempt.state, attempt.points) == ("submitted", 0)
    assert check.progress().completed_at is None


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("score", Decimal("0.5"), "its answer gives correct with 1"),
        ("status", "partly", "question 1 is partly"),
        ("response", {"choice": 2}, "does not hold the last answer saved"),
        ("confidence", 3, "does not hold how sure the last answer saved was"),
        ("tries", 2, "counts 2 tries, it was checked 1 times"),
    ],
)
def test_a_tampered_score_or_answer_is_found(check, column, value, words):
    answer(check, 1, right_answer(check.item(1)))
    check.session.execute(
        update(AttemptSlot)
        .where(AttemptSlot.attempt_id == check.attempt_id, AttemptSlot.position == 1)
        .values({column: value})
    )
    problems = recompute(check.session, check.attempt())
    assert any(words in problem for problem in problems), problems


def test_a_wrong_counter_is_found(check):
    answer(check, 1, right_answer(check.item(1)))
    attempt = check.attempt()
    attempt.points, attempt.answered_count = Decimal(3), 4
    problems = recompute(check.session, attempt)
    assert any(f"attempt {attempt.id}: points is 3, its answers give 1" in problem for problem in problems)
    assert any("answered_count is 4" in problem for problem in problems)


def test_an_expired_attempt_is_not_handed_in(check):
    attempt = check.attempt()
    attempt.state, attempt.submitted_at = "expired", attempt.started_at
    check.session.flush()
    with pytest.raises(Conflict, match="closed before"):
        submit_attempt(check.session, check.account.id, check.attempt_id)
