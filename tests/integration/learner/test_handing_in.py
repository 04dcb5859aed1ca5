"""Answers of a learner's file, handed in by an instructor: stored once, graded anew, taken back. On both databases."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from questions.items.registry import ITEM_TYPES
from tests.factories.answers import make_module_of_every_type, right_answer, wrong_answer
from tests.factories.people import make_account
from tests.factories.rules import set_rules
from tests.factories.unsent import LONG_AGO, unsent_answer, unsent_file
from tests.integration.replay.second_calculator import expect
from webapp.forms.unsent_file import read_file
from webapp.models.attempt import AnswerEvent, Attempt
from webapp.repositories.attempts import list_slots
from webapp.services import clock
from webapp.services.answers import KEY_USED, save_responses
from webapp.services.attempts import start_section_check
from webapp.services.errors import Conflict, NotFound
from webapp.services.graded_attempts import recompute
from webapp.services.grading import check_slot, close_overdue, submit_attempt
from webapp.services.handed_in import NOTHING_LEFT, NewAnswer, find_attempt, list_history, store, take_back
from webapp.services.handing_in import SeenOtherwise, Stored, hand_in, look
from webapp.services.overdue import Overdue
from webapp.services.results import show_result
from webapp.services.unsent_files import RefusedFile

COUNT = len(ITEM_TYPES)


class Desk:
    """An instructor with a learner's file."""

    def __init__(self, check: Any) -> None:
        self.check, self.session, self.module = check, check.session, check.module
        self.teacher = make_account(check.session, "instructor", display_name="Tess")

    def file(self, *answers: dict[str, Any], **changed: Any):
        slug = changed.pop("slug", self.module.slug)
        attempt = changed.pop("attempt", self.check.attempt_id)
        return read_file(unsent_file(attempt, slug, *answers, **changed))

    def right(self, position: int, **values: Any) -> dict[str, Any]:
        return unsent_answer(position, right_answer(self.check.item(position)), **values)

    def wrong(self, position: int, **values: Any) -> dict[str, Any]:
        return unsent_answer(position, wrong_answer(self.check.item(position)), **values)

    def look(self, *answers: dict[str, Any], **changed: Any):
        return look(self.session, self.module, self.file(*answers, **changed))

    def line(self, answer: dict[str, Any]):
        (line,) = self.look(answer).lines
        return line

    def hand_in(self, *answers: dict[str, Any], positions: tuple[int, ...] = (), seen: str = "") -> Stored:
        file = self.file(*answers)
        page = look(self.session, self.module, file)
        wanted = positions or [one.position for one in page.lines]
        stored = hand_in(self.session, self.module, file, wanted, seen or page.token, self.teacher.id)
        self.session.commit()
        self.expect_sound()
        return stored

    def take_back(self, number: int = 0):
        """Take back a batch; 0 is the newest."""
        batch = self.history().batches[number]
        done = take_back(self.session, self.module, self.check.attempt_id, batch.sequence, self.teacher.id)
        self.session.commit()
        self.expect_sound()
        return done

    def history(self):
        return list_history(self.session, self.module, self.check.attempt_id)

    def expect_sound(self) -> None:
        """What `readcheck check` finds, and the second calculator."""
        attempt = self.check.attempt()
        assert recompute(self.session, attempt) == []
        if attempt.state in {"graded", "released"}:
            graded = set(range(1, attempt.slot_count + 1))
            expected = expect(self.session, attempt, attempt.credit_percent, graded)
            assert (attempt.points, attempt.points_possible) == (expected.points, expected.possible)
            for position in graded:
                assert self.check.slot(position).score == expected.scores[position]

    def submit(self) -> None:
        submit_attempt(self.session, self.check.account.id, self.check.attempt_id)
        self.session.commit()

    @property
    def points(self) -> Decimal:
        return self.check.attempt().points


@pytest.fixture
def desk(check) -> Desk:
    return Desk(check)


@pytest.fixture
def deferred(check, session) -> Desk:
    """An attempt at a quiz that is graded as a whole."""
    set_rules(session, check.module.sections[0], behaviour="deferred")
    check.account = make_account(session)
    check.attempt_id = start_section_check(session, check.account.id, check.module, 1)
    session.commit()
    return Desk(check)


def test_into_an_attempt_that_is_over_which_is_graded_anew(deferred):
    check = deferred.check
    check.save(1, right_answer(check.item(1)))
    deferred.submit()
    stored = deferred.hand_in(*(deferred.right(position) for position in range(2, COUNT + 1)))
    assert stored == Stored(list(range(2, COUNT + 1)), Decimal(1), Decimal(COUNT), Decimal(COUNT))
    assert deferred.points == COUNT
    assert check.attempt().answered_count == COUNT
    assert check.attempt().state == "released"
    assert check.progress().best_points == COUNT
    events = check.events()
    assert [one.handed_in_by_id for one in events] == [None] + [deferred.teacher.id] * (COUNT - 1)
    assert {(one.client_id, one.client_sequence) for one in events[1:]} == {
        ("offline-page", position) for position in range(2, COUNT + 1)
    }
    page = show_result(check.session, check.account.id, check.attempt_id)
    seen = [question.view for section in page.sections for question in section.questions]
    assert [view.is_handed_in for view in seen] == [False] + [True] * (COUNT - 1)


def test_the_same_file_twice_changes_nothing(deferred):
    deferred.submit()
    answers = [deferred.right(1), deferred.wrong(2)]
    deferred.hand_in(*answers)
    before = [(one.sequence, one.saved_at) for one in deferred.check.events()]
    page = deferred.look(*answers)
    assert [one.state for one in page.lines] == ["same", "same"]
    assert deferred.hand_in(*answers, seen="what was seen before") == Stored(
        (), Decimal(1), Decimal(1), Decimal(COUNT)
    )
    assert [(one.sequence, one.saved_at) for one in deferred.check.events()] == before


def test_only_what_was_chosen(deferred):
    deferred.submit()
    stored = deferred.hand_in(deferred.right(1), deferred.right(2), positions=(2,))
    assert stored.positions == [2]
    assert [one.position for one in deferred.check.events()] == [2]


def test_into_an_open_attempt_it_is_saved_and_the_learner_goes_on(desk):
    desk.hand_in(desk.right(1), desk.right(2))
    assert (desk.check.attempt().state, desk.check.attempt().answered_count) == ("open", 2)
    assert desk.points == 0
    desk.check.save(2, wrong_answer(desk.check.item(2)), key=("another-tab", 1))
    (first, second) = desk.look(desk.right(1), desk.right(2)).lines
    assert (first.state, second.state) == ("same", "known")
    desk.submit()
    desk.expect_sound()
    assert desk.points == 1


def test_a_browser_that_gets_through_after_all_changes_nothing(desk):
    answer = desk.right(1, key=("offline-page", 4))
    desk.hand_in(answer)
    sent = desk.check.sent(1, right_answer(desk.check.item(1)), ("offline-page", 4))
    (saved,) = save_responses(desk.session, desk.check.account.id, desk.check.attempt_id, [sent])
    assert saved.sequence == 1
    assert len(desk.check.events()) == 1
    desk.submit()
    (saved,) = save_responses(desk.session, desk.check.account.id, desk.check.attempt_id, [sent])
    assert (saved.sequence, len(desk.check.events())) == (1, 1)


def test_what_arrived_and_was_answered_anew_is_not_stored_again(desk):
    check = desk.check
    check.save(1, right_answer(check.item(1)), ("offline-page", 1))
    check.save(1, wrong_answer(check.item(1)), ("offline-page", 2))
    line = desk.line(desk.right(1))
    assert (line.state, line.can_be_chosen, line.is_proposed) == ("known", False, False)
    with pytest.raises(SeenOtherwise):
        desk.hand_in(desk.right(1))
    forged = desk.line(desk.right(2, key=("offline-page", 2)))
    assert forged.state == "conflict"
    assert desk.line(unsent_answer(1, {}, key=("offline-page", 2))).state == "conflict"


def test_a_question_that_was_checked_keeps_its_answer(desk):
    check = desk.check
    check.save(1, wrong_answer(check.item(1)))
    check_slot(check.session, check.account.id, check.attempt_id, 1, [])
    check.session.commit()
    assert desk.line(desk.right(1)).state == "checked"
    desk.submit()
    assert desk.line(desk.right(1)).state == "checked"
    with pytest.raises(SeenOtherwise):
        desk.hand_in(desk.right(1))
    desk.hand_in(desk.right(2))
    assert desk.points == 1


def test_tries_that_were_left_are_left_to_the_file(check, session):
    set_rules(session, check.module.sections[0], behaviour="tries", tries_allowed=3, try_penalty=25)
    check.account = make_account(session)
    check.attempt_id = start_section_check(session, check.account.id, check.module, 1)
    desk = Desk(check)
    for position, answers in (
        (1, [wrong_answer]),
        (2, [wrong_answer, right_answer]),
        (3, [wrong_answer] * 3),
    ):
        for number, answer in enumerate(answers):
            response = answer(check.item(position))
            if position == 3:
                response = {"text": f"wrong {number}"}
            check.save(position, response)
            check_slot(session, check.account.id, check.attempt_id, position, [])
    session.commit()
    desk.submit()
    page = desk.look(desk.right(1), unsent_answer(2, {}), desk.right(3))
    assert [one.state for one in page.lines] == ["open", "checked", "checked"]
    before = desk.points
    desk.hand_in(desk.right(1))
    assert desk.points == before + Decimal("0.75")


def test_what_is_proposed(deferred):
    check = deferred.check
    now = clock.now()
    check.save(1, wrong_answer(check.item(1)))
    check.save(2, wrong_answer(check.item(2)), ("offline-page", 9))
    check.save(3, wrong_answer(check.item(3)))
    soon, future = now + timedelta(seconds=-1), now + timedelta(days=2)
    page = deferred.look(
        deferred.right(1),  # given long before what is stored
        deferred.right(2, at=future),  # by the page's own count, too
        deferred.right(3, at=future),  # no clock can be believed that is ahead of ours
        deferred.right(4),  # nothing is stored
    )
    assert [one.is_later for one in page.lines] == [True, True, True, False]
    assert [one.is_proposed for one in page.lines] == [False, False, False, True]
    check.attempt().saved_at = None
    slot = check.slot(1)
    slot.saved_at = now - timedelta(hours=1)
    check.session.commit()
    assert deferred.line(deferred.right(1, at=soon)).is_proposed
    deferred.submit()
    late = deferred.line(deferred.right(4, at=future))
    assert (late.is_after_end, late.can_be_chosen, late.is_proposed) == (True, True, False)
    assert deferred.hand_in(deferred.right(1)).positions == [1], "asked for, it replaces the later one"


def test_how_sure_goes_along_where_the_quiz_asks(check, session):
    set_rules(session, check.module.sections[0], behaviour="deferred", confidence="marked")
    check.account = make_account(session)
    check.attempt_id = start_section_check(session, check.account.id, check.module, 1)
    session.commit()
    desk = Desk(check)
    desk.submit()
    desk.hand_in(desk.right(1, sure=3), desk.wrong(2, sure=3), unsent_answer(3, {}, sure=2))
    assert [check.slot(position).confidence for position in (1, 2, 3)] == [3, 3, None]
    assert check.slot(2).score < 0
    line = desk.line(desk.right(1, sure=1))
    assert (line.stored_sure, line.told_sure, line.state) == (3, 1, "conflict")
    assert desk.line(desk.right(1, sure=3)).state == "same"
    desk.take_back()
    assert [check.slot(position).confidence for position in (1, 2)] == [None, None]


def test_where_the_quiz_does_not_ask_it_stays_away(desk):
    desk.hand_in(desk.right(1, sure=3))
    assert desk.check.slot(1).confidence is None


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"slug": "another-module"}, "“module”: this file is about another module"),
        ({"attempt": 987_654}, "“attempt”: no learner of this module has an attempt 987654."),
    ],
)
def test_a_file_of_another_place(desk, changed, words):
    with pytest.raises(RefusedFile, match=words):
        desk.look(desk.right(1), **changed)


def test_an_attempt_of_another_module_looks_like_a_missing_one(desk, session):
    other = make_module_of_every_type(session)
    foreign = start_section_check(session, make_account(session).id, other, 1)
    with pytest.raises(RefusedFile, match=f"has an attempt {foreign}"):
        desk.look(desk.right(1), attempt=foreign)


def test_an_instructors_own_try_takes_nothing(desk, session):
    session.get_one(Attempt, desk.check.attempt_id).is_preview = True
    session.commit()
    with pytest.raises(RefusedFile, match="no learner of this module"):
        desk.look(desk.right(1))
    with pytest.raises(NotFound):
        desk.history()


def test_each_question_that_cannot_take_its_answer_is_named(desk):
    with pytest.raises(RefusedFile) as refused:
        desk.look(
            unsent_answer(1, {"choice": 99}),
            unsent_answer(2, {"text": "typed into a choice"}),
            unsent_answer(3, {"text": "x" * 10_001}),
            unsent_answer(77, {"choice": 1}),
            desk.right(4),
        )
    starts = [problem[:22] for problem in refused.value.problems]
    assert starts == [
        "question 1, “fields”: ",
        "question 2, “fields”: ",
        "question 3, “fields”: ",
        "question 77, “position",
    ]


def test_what_was_not_looked_at_is_not_stored(deferred):
    token = deferred.look(deferred.right(1)).token
    deferred.check.save(2, right_answer(deferred.check.item(2)))
    with pytest.raises(SeenOtherwise):
        deferred.hand_in(deferred.right(1), seen=token)


def test_whose_time_is_up_is_closed_first(check, session):
    set_rules(session, check.module.sections[0], behaviour="deferred", time_limit_s=600)
    check.account = make_account(session)
    check.attempt_id = start_section_check(session, check.account.id, check.module, 1)
    session.get_one(Attempt, check.attempt_id).deadline_at = LONG_AGO + timedelta(hours=1)
    session.commit()
    desk = Desk(check)
    with pytest.raises(Overdue):
        desk.look(desk.right(1))
    assert close_overdue(session, check.attempt_id)
    session.commit()
    assert desk.line(desk.right(1)).is_proposed
    assert desk.line(desk.right(1, at=LONG_AGO + timedelta(hours=2))).is_after_end
    desk.hand_in(desk.right(1))
    assert (desk.points, check.attempt().ended_by) == (1, "deadline")


def test_an_attempt_that_ended_without_a_score_keeps_none(check, session):
    set_rules(session, check.module.sections[0], behaviour="deferred", time_limit_s=600, overdue="expire")
    check.account = make_account(session)
    check.attempt_id = start_section_check(session, check.account.id, check.module, 1)
    session.get_one(Attempt, check.attempt_id).deadline_at = LONG_AGO
    session.commit()
    close_overdue(session, check.attempt_id)
    session.commit()
    desk = Desk(check)
    desk.hand_in(desk.right(1))
    assert (desk.points, check.attempt().state, check.slot(1).status) == (0, "expired", None)


def test_taking_back_restores_and_can_be_taken_back(deferred):
    check = deferred.check
    check.save(1, wrong_answer(check.item(1)))
    deferred.submit()
    former = check.slot(1).response
    deferred.hand_in(deferred.right(1), deferred.right(2))
    assert deferred.points == 2
    assert deferred.take_back() == ([1, 2], Decimal(2), Decimal(0))
    assert (check.slot(1).response, check.slot(2).response) == (former, {})
    assert check.attempt().answered_count == 1
    page = show_result(check.session, check.account.id, check.attempt_id)
    assert not any(one.view.is_handed_in for section in page.sections for one in section.questions)
    assert [one.state for one in deferred.look(deferred.right(1)).lines] == ["known"]
    assert deferred.take_back() == ([1, 2], Decimal(0), Decimal(2))
    page = show_result(check.session, check.account.id, check.attempt_id)
    assert [one.view.is_handed_in for section in page.sections for one in section.questions][:2] == [
        True,
        True,
    ]
    assert [(one.kind, one.present) for one in deferred.history().batches] == [
        ("again", [1, 2]),
        ("back", []),
        ("file", []),
    ]
    assert {one.by for one in deferred.history().batches} == {"Tess"}
    deferred.take_back()
    assert deferred.points == 0
    assert [one.handed_in_by_id for one in check.events()] == [None] + [deferred.teacher.id] * 8


def test_what_was_answered_since_is_not_taken_back(desk):
    desk.hand_in(desk.right(1), desk.right(2))
    desk.check.save(2, wrong_answer(desk.check.item(2)), ("another-tab", 1))
    positions, _before, _after = desk.take_back()
    assert positions == [1]
    assert desk.check.slot(2).response == wrong_answer(desk.check.item(2))
    with pytest.raises(Conflict, match=NOTHING_LEFT):
        desk.take_back(1)


def test_only_what_was_handed_in_can_be_taken_back(desk):
    desk.check.save(1, right_answer(desk.check.item(1)))
    assert desk.history().batches == []
    with pytest.raises(NotFound):
        take_back(desk.session, desk.module, desk.check.attempt_id, 1, desk.teacher.id)
    with pytest.raises(NotFound):
        take_back(desk.session, desk.module, 987_654, 1, desk.teacher.id)


def test_who_is_gone_has_no_name(desk, session):
    desk.hand_in(desk.right(1))
    for event in session.scalars(select(AnswerEvent)):
        event.handed_in_by_id = 987_654
    session.commit()
    (batch,) = desk.history().batches
    assert batch.by == ""


def test_an_answer_whose_key_was_used_is_not_stored_without_its_event(desk):
    """Whoever stores has looked; where they looked too early, nothing is stored at all."""
    check = desk.check
    check.save(1, right_answer(check.item(1)), ("offline-page", 9))
    attempt, _ = find_attempt(desk.session, desk.module, check.attempt_id)
    slot = next(one for one in list_slots(desk.session, check.attempt_id) if one.position == 2)
    new = NewAnswer(slot, "offline-page", 9, right_answer(check.item(2)), None)
    with pytest.raises(Conflict, match=KEY_USED.split(":", maxsplit=1)[0]):
        store(desk.session, attempt, [new], desk.teacher.id)
    desk.session.rollback()
    assert check.slot(2).response is None
    assert [event.position for event in check.events()] == [1]
