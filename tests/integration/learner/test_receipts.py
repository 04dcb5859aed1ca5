"""A receipt proves what was handed in: genuine as it was made, and not when anything in it is changed."""

from __future__ import annotations

import json

import pytest

from tests.factories.answers import right_answer
from tests.factories.people import make_account
from webapp.services.errors import Conflict, NotFound
from webapp.services.grading import submit_attempt
from webapp.services.receipts import is_genuine, make_receipt

KEY = "the key of this server and of no other"


@pytest.fixture
def receipt(check):
    check.save(1, right_answer(check.item(1)))
    submit_attempt(check.session, check.account.id, check.attempt_id)
    return make_receipt(check.session, check.account.id, check.attempt_id, KEY)


def test_it_says_what_was_handed_in(check, receipt):
    attempt = check.attempt()
    assert receipt["attempt"] == attempt.id
    assert receipt["handed_in_at"] == attempt.submitted_at.isoformat()
    assert (receipt["points"], receipt["points_possible"]) == ("1", "6")
    assert [question["position"] for question in receipt["questions"]] == [1, 2, 3, 4, 5, 6]
    assert len({question["sha256"] for question in receipt["questions"]}) == 6


def test_it_is_genuine_after_a_trip_through_a_file(receipt):
    assert is_genuine(json.loads(json.dumps(receipt)), KEY)


@pytest.mark.parametrize(
    "change",
    [
        {"points": "5"},
        {"handed_in_at": "2020-01-01T00:00:00+00:00"},
        {"attempt": 999},
        {"questions": []},
        {"signature": "0" * 64},
        {"more": 1},
    ],
)
def test_any_change_is_found(receipt, change):
    assert not is_genuine({**receipt, **change}, KEY)
    assert not is_genuine({}, KEY)


def test_another_server_did_not_make_it(receipt):
    assert not is_genuine(receipt, "the key of another server")


def test_another_answer_has_another_hash(check, receipt):
    slot = check.slot(1)
    slot.response = {"choice": 2}
    check.session.flush()
    other = make_receipt(check.session, check.account.id, check.attempt_id, KEY)
    assert other["questions"][0] != receipt["questions"][0]
    assert other["questions"][1:] == receipt["questions"][1:]


def test_there_is_none_before_handing_in_and_none_for_others(check):
    with pytest.raises(Conflict):
        make_receipt(check.session, check.account.id, check.attempt_id, KEY)
    with pytest.raises(NotFound):
        make_receipt(check.session, make_account(check.session).id, check.attempt_id, KEY)
