"""Several tries, confidence, one question a page, gates: on both databases."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from tests.factories.answers import make_module_of_every_type, right_answer, wrong_answer
from tests.factories.people import make_account
from tests.factories.rules import set_rules
from tests.integration.learner.conftest import Check
from webapp.models.attempt import SlotCheck
from webapp.services.answers import save_responses
from webapp.services.attempts import start_section_check
from webapp.services.errors import Conflict, NotFound
from webapp.services.graded_attempts import recompute
from webapp.services.grading import AFTER_HANDING_IN, check_slot, submit_attempt
from webapp.services.reading import read_section
from webapp.services.results import get_own_attempt
from webapp.services.turning import go_to, turn_page


@pytest.fixture
def begin(session):
    """`begin(**rules)`: a learner with an open check under these rules."""

    def begin_one(**rules) -> Check:
        module = make_module_of_every_type(session)
        account = make_account(session)
        set_rules(session, module.sections[0], **rules)
        attempt_id = start_section_check(session, account.id, module, 1)
        session.commit()
        return Check(session, account, module, attempt_id)

    return begin_one


def answer(check, position, response):
    """One try."""
    return check_slot(
        check.session, check.account.id, check.attempt_id, position, [check.sent(position, response)]
    )


def row(check):
    return get_own_attempt(check.session, check.account.id, check.attempt_id)


TRIES = {"behaviour": "tries", "tries_allowed": 3, "try_penalty": 30}


def test_each_further_try_earns_less_and_a_right_one_closes_the_question(begin):
    check = begin(**TRIES)
    answer(check, 1, wrong_answer(check.item(1)))
    slot = check.slot(1)
    assert (slot.tries, slot.checked_at, slot.score) == (1, None, 0)
    answer(check, 1, right_answer(check.item(1)))
    slot = check.slot(1)
    assert (slot.tries, slot.status, slot.score) == (2, "correct", Decimal("0.7"))
    assert row(check).points == Decimal("0.7")
    assert recompute(check.session, check.attempt()) == []


def test_after_the_last_try_the_question_is_closed(begin):
    check = begin(**TRIES)
    item = check.item(3)
    for number, text in enumerate(("one", "two", "three"), start=1):
        answer(check, 3, {"text": text})
        assert (check.slot(3).checked_at is None) == (number < 3)
    assert (check.slot(3).status, check.slot(3).score) == ("incorrect", 0)
    with pytest.raises(Conflict, match="has been checked"):
        check.save(3, right_answer(item))


def test_checking_the_same_answer_again_costs_nothing(begin):
    check = begin(**TRIES)
    for _ in range(4):
        answer(check, 1, wrong_answer(check.item(1)))
    assert check.slot(1).tries == 1
    assert len(check.session.scalars(select(SlotCheck)).all()) == 1


def test_trying_never_lowers_what_was_earned(begin):
    """Half an order right at first, nothing right later: the half stays."""
    check = begin(**TRIES)
    item = check.item(5)
    half = [*item.key[1:], item.key[0]]
    answer(check, 5, {"order": half})
    earned = check.slot(5).score
    assert 0 < earned < 1
    answer(check, 5, {"order": list(reversed(item.key))})
    check.save(5, {})
    submit_attempt(check.session, check.account.id, check.attempt_id)
    assert check.slot(5).score == earned
    assert recompute(check.session, check.attempt()) == []


def test_an_answer_changed_after_the_last_check_is_one_more_try_at_handing_in(begin):
    check = begin(**TRIES)
    answer(check, 1, wrong_answer(check.item(1)))
    check.save(1, right_answer(check.item(1)))
    submit_attempt(check.session, check.account.id, check.attempt_id)
    assert check.slot(1).score == Decimal("0.7")
    assert recompute(check.session, check.attempt()) == []


def test_a_deferred_check_tells_nothing_before_it_is_handed_in(begin):
    check = begin(behaviour="deferred")
    with pytest.raises(Conflict, match=AFTER_HANDING_IN):
        answer(check, 1, right_answer(check.item(1)))


@pytest.mark.parametrize(
    ("is_right", "level", "score"),
    [
        (True, 3, "1"), (True, 2, "0.66667"), (True, 1, "0.33333"), (True, None, "0.33333"),
        (False, 3, "-2"), (False, 2, "-0.66667"), (False, 1, "0"), (False, None, "0"),
    ],
)  # fmt: skip
def test_certainty_based_marking(begin, is_right, level, score):
    check = begin(behaviour="deferred", confidence="marked")
    response = (right_answer if is_right else wrong_answer)(check.item(1))
    sent = check.sent(1, response)
    save_responses(
        check.session,
        check.account.id,
        check.attempt_id,
        [type(sent)(sent.position, sent.client_id, sent.client_sequence, sent.fields, level)],
    )
    attempt = submit_attempt(check.session, check.account.id, check.attempt_id)
    assert check.slot(1).score == Decimal(score)
    assert attempt.points == max(Decimal(score), Decimal(0)), "an attempt does not fall below nothing"
    assert recompute(check.session, check.attempt()) == []


def test_confidence_is_kept_only_where_it_is_asked(begin):
    for rules, kept in (({"confidence": "asked"}, 2), ({}, None)):
        check = begin(**rules)
        sent = check.sent(1, right_answer(check.item(1)))
        asked = type(sent)(sent.position, sent.client_id, sent.client_sequence, sent.fields, 2)
        save_responses(check.session, check.account.id, check.attempt_id, [asked])
        assert check.slot(1).confidence == kept
        submit_attempt(check.session, check.account.id, check.attempt_id)
        assert check.slot(1).score == 1, "it is not marked"


def test_changing_only_how_sure_one_is_is_saved(begin):
    check = begin(confidence="asked")
    for level in (1, 3):
        sent = check.sent(1, right_answer(check.item(1)))
        asked = type(sent)(sent.position, sent.client_id, sent.client_sequence, sent.fields, level)
        save_responses(check.session, check.account.id, check.attempt_id, [asked])
        assert check.slot(1).confidence == level
    assert [event.confidence for event in check.events()] == [1, 3]


def test_one_question_a_page_with_no_way_back(begin):
    check = begin(behaviour="deferred", one_per_page=True, allows_back=False)
    check.save(1, right_answer(check.item(1)))
    turn_page(check.session, row(check), 1)
    check.session.commit()
    for action in (
        lambda: check.save(1, wrong_answer(check.item(1))),
        lambda: go_to(check.session, row(check), 1),
        lambda: go_to(check.session, row(check), 4),
    ):
        with pytest.raises(Conflict):
            action()
        check.session.rollback()
    with pytest.raises(NotFound):
        go_to(check.session, row(check), 7)
    page = read_section(check.session, check.module, 1, check.account.id)
    assert [slot.position for slot in page.slots] == [2]
    assert check.slot(1).response == right_answer(check.item(1))


def test_with_a_way_back_any_question_can_be_visited(begin):
    check = begin(behaviour="deferred", one_per_page=True)
    go_to(check.session, row(check), 5)
    go_to(check.session, row(check), 2)
    turn_page(check.session, row(check), -1)
    turn_page(check.session, row(check), -1)
    assert row(check).at_position == 1
    check.save(6, right_answer(check.item(6)))


def test_behind_a_gate_there_is_no_text_and_no_check(begin):
    check = begin(behaviour="deferred", is_gate=True, pass_percent=50)
    page = read_section(check.session, check.module, 2, check.account.id)
    assert (page.locked_by, page.text.html, page.text.text, page.slots) == (1, "", "", [])
    with pytest.raises(Conflict, match="section 1"):
        start_section_check(check.session, check.account.id, check.module, 2)
    assert read_section(check.session, check.module, 2, check.account.id, is_staff=True).text.html
    for position in (1, 2, 3):
        check.save(position, right_answer(check.item(position)))
    submit_attempt(check.session, check.account.id, check.attempt_id)
    assert read_section(check.session, check.module, 2, check.account.id).text.html
    stranger = read_section(check.session, check.module, 2, None)
    assert stranger.text.html == ""


def test_the_text_is_kept_away_while_its_questions_are_answered(begin):
    check = begin(behaviour="deferred", shows_text=False)
    assert read_section(check.session, check.module, 1, check.account.id).text.html == ""
    submit_attempt(check.session, check.account.id, check.attempt_id)
    assert read_section(check.session, check.module, 1, check.account.id).text.html
