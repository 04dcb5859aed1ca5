"""Each acknowledged answer is kept exactly once, under the question that was asked; all else says no."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy.orm import Session

from tests.factories.answers import right_answer, wrong_answer
from tests.factories.people import make_account
from webapp.database import WRITES
from webapp.extensions import db
from webapp.services.answers import RefusedAnswers, SentAnswer, save_responses
from webapp.services.errors import Conflict, NotFound
from webapp.services.graded_attempts import recompute
from webapp.services.grading import check_slot, submit_attempt

TYPES = range(1, 6)


def test_an_answer_is_stored_with_its_event_and_counted(check):
    answer = right_answer(check.item(1))
    saved = check.save(1, answer)
    assert (saved.position, saved.sequence, saved.response) == (1, 1, answer)
    assert check.slot(1).response == answer
    assert check.slot(1).saved_at == saved.saved_at
    assert [(event.position, event.response, event.sequence) for event in check.events()] == [(1, answer, 1)]
    attempt = check.attempt()
    assert (attempt.sequence, attempt.answered_count, attempt.saved_at) == (1, 1, saved.saved_at)


@pytest.mark.parametrize("position", TYPES)
def test_every_type_can_be_answered_changed_and_taken_back(check, position):
    item = check.item(position)
    check.save(position, right_answer(item))
    check.save(position, wrong_answer(item))
    assert check.slot(position).response == wrong_answer(item)
    assert check.attempt().answered_count == 1
    check.save(position, {})
    assert check.slot(position).response == {}
    assert check.attempt().answered_count == 0
    assert [event.sequence for event in check.events()] == [1, 2, 3]
    assert recompute(check.session, check.attempt()) == []


def test_the_same_answer_again_writes_nothing(check):
    first = check.save(1, {"choice": 0})
    again = check.save(1, {"choice": 0})
    assert (again.sequence, again.saved_at) == (first.sequence, first.saved_at)
    assert len(check.events()) == 1


def test_nothing_answered_and_nothing_sent_writes_nothing(check):
    saved = check.save(1, {})
    assert (saved.sequence, saved.saved_at, saved.response) == (0, None, {})
    assert check.events() == []


def test_the_same_key_gives_the_same_reply_and_stores_nothing(check):
    first = check.save(1, {"choice": 0}, ("phone-aaaa", 1))
    check.save(1, {"choice": 1}, ("laptop-bbb", 1))
    again = check.save(1, {"choice": 0}, ("phone-aaaa", 1))  # its acknowledgement was lost
    assert (again.sequence, again.saved_at, again.response) == (first.sequence, first.saved_at, {"choice": 0})
    assert check.slot(1).response == {"choice": 1}
    assert len(check.events()) == 2


@pytest.mark.parametrize("other", [(1, {"choice": 1}), (1, {}), (2, {"choice": 1})])
def test_the_same_key_with_another_answer_is_refused(check, other):
    check.save(1, {"choice": 0}, ("phone-aaaa", 1))
    position, response = other
    with pytest.raises(Conflict, match="Load the page again"):
        check.save(position, response, ("phone-aaaa", 1))
    check.session.rollback()
    assert check.slot(1).response == {"choice": 0}
    assert len(check.events()) == 1


def test_a_save_that_was_held_up_does_not_undo_a_later_one_of_its_page(check):
    later = check.save(1, {"choice": 1}, ("phone-aaaa", 6))
    reply = check.save(1, {"choice": 0}, ("phone-aaaa", 5))
    assert (reply.sequence, reply.response, reply.saved_at) == (later.sequence, {"choice": 1}, later.saved_at)
    assert check.slot(1).response == {"choice": 1}
    assert len(check.events()) == 1
    check.save(2, right_answer(check.item(2)), ("phone-aaaa", 3))
    assert check.slot(2).response == right_answer(check.item(2)), "only of the same question"


def test_a_late_repetition_of_an_acknowledged_save_is_acknowledged_again(check):
    first = check.save(1, {"choice": 0}, ("phone-aaaa", 5))
    check.save(1, {"choice": 1}, ("phone-aaaa", 6))
    again = check.save(1, {"choice": 0}, ("phone-aaaa", 5))
    assert (again.sequence, again.response) == (first.sequence, {"choice": 0})
    assert check.slot(1).response == {"choice": 1}


def test_two_clients_may_count_alike(check):
    check.save(1, {"choice": 0}, ("phone-aaaa", 1))
    check.save(1, {"choice": 1}, ("laptop-bbb", 1))
    assert [event.sequence for event in check.events()] == [1, 2]


def test_a_form_with_every_question_saves_what_changed(check):
    check.save(1, {"choice": 0})
    sent = [check.sent(position, right_answer(check.item(position))) for position in TYPES]
    saved = save_responses(check.session, check.account.id, check.attempt_id, sent)
    check.session.commit()
    assert [answer.position for answer in saved] == list(TYPES)
    assert check.attempt().answered_count == 5
    assert [check.slot(position).response for position in TYPES] == [
        right_answer(check.item(position)) for position in TYPES
    ]
    assert check.progress().last_slot == 5
    assert recompute(check.session, check.attempt()) == []


def test_one_wrong_answer_in_a_form_stores_nothing(check):
    sent = [check.sent(1, {"choice": 0}), SentAnswer(2, "client-1", 90, {"choice": ["7"]})]
    with pytest.raises(RefusedAnswers) as refused:
        save_responses(check.session, check.account.id, check.attempt_id, sent)
    assert set(refused.value.problems) == {2}
    assert refused.value.field == "q2"
    check.session.rollback()
    assert check.events() == []


@pytest.mark.parametrize(
    "fields",
    [
        {"choice": ["7"]},
        {"choice": ["0", "1"]},
        {"choice": ["nought"]},
        {"text": ["a word"]},
        {"choice": ["0"], "score": ["1"]},
    ],
)
def test_what_no_page_sends_is_refused(check, fields):
    with pytest.raises(RefusedAnswers):
        save_responses(
            check.session, check.account.id, check.attempt_id, [SentAnswer(1, "client-1", 1, fields)]
        )


def test_a_foreign_and_a_missing_attempt_and_question_look_the_same(check):
    stranger = make_account(check.session)
    answer = check.sent(1, {"choice": 0})
    for account_id, attempt_id, sent in (
        (stranger.id, check.attempt_id, [answer]),
        (check.account.id, check.attempt_id + 1000, [answer]),
        (check.account.id, check.attempt_id, [check.sent(99, {"choice": 0})]),
        (check.account.id, check.attempt_id, [answer, check.sent(99, {"choice": 0})]),
        (stranger.id, check.attempt_id, [answer, check.sent(2, {"choice": 0})]),
    ):
        with pytest.raises(NotFound):
            save_responses(check.session, account_id, attempt_id, sent)


def test_a_checked_question_keeps_its_answer(check):
    check.save(1, {"choice": 0}, ("phone-aaaa", 1))
    check_slot(check.session, check.account.id, check.attempt_id, 1, [])
    check.session.commit()
    with pytest.raises(Conflict, match="Question 1 has been checked"):
        check.save(1, {"choice": 1})
    check.session.rollback()
    # What was acknowledged before stays acknowledged, and an unchanged answer harms nobody.
    assert check.save(1, {"choice": 0}, ("phone-aaaa", 1)).response == {"choice": 0}
    assert check.save(1, {"choice": 0}).sequence == 1


def test_an_older_page_saves_the_other_questions_and_says_what_it_could_not(check):
    check.save(1, {"choice": 0})
    check_slot(check.session, check.account.id, check.attempt_id, 1, [])
    sent = [check.sent(1, {"choice": 1}), check.sent(2, {"choice": 1})]
    saved = save_responses(check.session, check.account.id, check.attempt_id, sent)
    assert [(answer.position, answer.is_kept) for answer in saved] == [(1, True), (2, False)]
    assert check.slot(1).response == {"choice": 0}
    assert check.slot(2).response == {"choice": 1}


def test_after_handing_in_nothing_is_saved_but_the_acknowledged_stays_so(check):
    check.save(1, {"choice": 0}, ("phone-aaaa", 1))
    check.save(1, {"choice": 1}, ("laptop-bbb", 1))
    submit_attempt(check.session, check.account.id, check.attempt_id)
    check.session.commit()
    with pytest.raises(Conflict, match="handed in"):
        check.save(2, {"choice": 0})
    check.session.rollback()
    assert check.save(1, {"choice": 0}, ("phone-aaaa", 1)).response == {"choice": 0}
    assert check.slot(1).response == {"choice": 1}


def test_where_the_learner_is_goes_with_the_answers(check):
    check.save(3, {"text": "a word"})
    assert check.progress().last_slot == 3
    check.save(1, {"choice": 0})
    assert check.progress().last_slot == 1


def test_browsers_saving_at_the_same_time_lose_and_double_nothing(check, app):
    acknowledged: list[tuple[int, int]] = []
    refused: list[BaseException] = []
    account_id, attempt_id = check.account.id, check.attempt_id
    check.session.commit()

    def browser(number: int) -> None:
        with app.app_context():
            engine = db.engine.execution_options(**{WRITES: True})
        for sequence in range(1, 11):
            answer = SentAnswer(
                1 + number % 2, f"browser-{number}", sequence, {"choice": [str((number + sequence) % 2)]}
            )
            try:
                for _again in range(2):  # every save is sent twice, as when a reply was lost
                    with Session(engine) as own:
                        save_responses(own, account_id, attempt_id, [answer])
                        own.commit()
            except BaseException as error:
                refused.append(error)
                return
            acknowledged.append((number, sequence))

    threads = [threading.Thread(target=browser, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == []
    assert len(acknowledged) == 60
    events = check.events()
    keys = [(event.client_id, event.client_sequence) for event in events]
    assert len(keys) == len(set(keys))
    assert [event.sequence for event in events] == list(range(1, len(events) + 1))
    assert recompute(check.session, check.attempt()) == []
