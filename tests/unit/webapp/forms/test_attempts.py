"""The shape of a save: what a page of ours sends is read, anything else is refused."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from webapp.forms.attempts import new_client_id, read_answers, typed_fields

KEY = [("client_id", "abcdefgh12"), ("client_sequence", "4")]


def test_one_answer_under_its_own_key():
    (answer,) = read_answers(MultiDict([*KEY, ("position", "2"), ("s2-choice", "1"), ("s1-choice", "0")]))
    assert (answer.position, answer.client_id, answer.client_sequence) == (2, "abcdefgh12", 4)
    assert answer.fields == {"choice": ["1"]}


def test_several_answers_have_a_key_each():
    fields = [
        *KEY,
        ("position", "1"),
        ("position", "12"),
        ("s1-choice", "0"),
        ("s12-text", "a"),
        ("csrf_token", "x"),
    ]
    answers = read_answers(MultiDict(fields))
    assert [(answer.position, answer.client_sequence) for answer in answers] == [(1, 5), (12, 16)]
    assert [answer.fields for answer in answers] == [{"choice": ["0"]}, {"text": ["a"]}]


def test_a_field_sent_twice_stays_twice_for_the_type_to_judge():
    (answer,) = read_answers(MultiDict([*KEY, ("position", "1"), ("s1-choice", "0"), ("s1-choice", "1")]))
    assert answer.fields == {"choice": ["0", "1"]}
    assert typed_fields([answer]) == {1: {"choice": "0"}}


def test_clearing_takes_back_one_answer_only():
    fields = [*KEY, ("position", "1"), ("position", "2"), ("s1-text", "a"), ("s2-text", "b"), ("clear", "2")]
    assert [answer.fields for answer in read_answers(MultiDict(fields))] == [{"text": ["a"]}, {}]


@pytest.mark.parametrize(
    "fields",
    [
        [],
        KEY,
        [*KEY, ("position", "")],
        [*KEY, ("position", "0")],
        [*KEY, ("position", "-1")],
        [*KEY, ("position", "1001")],
        [*KEY, ("position", "\u0661")],
        [*KEY, ("position", "one")],
        [*KEY, ("position", "1"), ("position", "1")],
        [("client_id", "abcdefgh12"), ("position", "1")],
        [("client_id", "abcdefgh12"), ("client_sequence", "0"), ("position", "1")],
        [("client_id", "abcdefgh12"), ("client_sequence", "9" * 40), ("position", "1")],
        [("client_id", "short"), ("client_sequence", "1"), ("position", "1")],
        [("client_id", "x" * 41), ("client_sequence", "1"), ("position", "1")],
        [("client_id", "<script>alert"), ("client_sequence", "1"), ("position", "1")],
        [("client_sequence", "1"), ("position", "1")],
    ],
)
def test_anything_else_is_refused(fields):
    with pytest.raises(BadRequest):
        read_answers(MultiDict(fields))


def test_a_page_gets_a_key_that_is_accepted_and_its_own():
    assert new_client_id() != new_client_id()
    (answer,) = read_answers(
        MultiDict({"client_id": new_client_id(), "client_sequence": "1", "position": "1"})
    )
    assert answer.fields == {}
