"""A learner's file of unsent answers: what a page makes is read; whatever else somebody sends is refused in words."""

from __future__ import annotations

import json

import pytest

from tests.factories.unsent import LONG_AGO, unsent_answer, unsent_file
from webapp.forms.unsent_file import MAX_BYTES, SHOWN_PROBLEMS, read_file
from webapp.services.unsent_files import RefusedFile

GOOD = unsent_answer(2, {"choice": 1})


def problems(raw: bytes) -> tuple[str, ...]:
    with pytest.raises(RefusedFile) as refused:
        read_file(raw)
    return refused.value.problems


def with_answer(**changed) -> bytes:
    return unsent_file(7, "a-module", GOOD | changed)


def test_what_a_page_makes_is_read():
    file = read_file(unsent_file(7, "a-module", GOOD, unsent_answer(3, {"text": "zwölf"}, sure=2)))
    assert (file.attempt_id, file.module_slug, file.made_at) == (7, "a-module", LONG_AGO)
    first, second = file.answers
    assert (first.sent.position, first.sent.client_id, first.sent.client_sequence) == (2, "offline-page", 2)
    assert (first.sent.fields, first.sent.confidence, first.reported_at) == (
        {"choice": ["1"]},
        None,
        LONG_AGO,
    )
    assert (second.sent.fields, second.sent.confidence) == ({"text": ["zwölf"]}, 2)


def test_what_the_confirmation_sends_back_is_the_same_file():
    file = read_file(b"\xef\xbb\xbf" + unsent_file(7, "a-module", GOOD))
    again = read_file(file.text.encode())
    assert again == file


def test_a_cleared_answer_and_one_of_ten_thousand_characters_have_a_sound_shape():
    long = unsent_answer(1, {"text": "x" * 10_000})
    file = read_file(unsent_file(7, "a-module", long, unsent_answer(2, {})))
    assert len(file.answers[0].sent.fields["text"][0]) == 10_000
    assert file.answers[1].sent.fields == {}


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"x" * (MAX_BYTES + 1), "larger than 256 KB"),
        (b"", "cannot be read as JSON (line 1)"),
        (b"\xff\xfe", "cannot be read as JSON:"),
        (b"[" * 100_000, "cannot be read as JSON"),
        (b'{"a":' * 50_000, "cannot be read as JSON"),
        (unsent_file(7, "m", GOOD).replace(b'"version": 1', b'"version": NaN'), "cannot be read as JSON"),
        (
            unsent_file(7, "m", GOOD).replace(b'"version": 1', b'"version": -Infinity'),
            "cannot be read as JSON",
        ),
        (unsent_file(7, "m", GOOD).replace(b'"version": 1', b'"version": 1' + b"0" * 5000), "cannot be read"),
        (unsent_file(7, "m", GOOD).replace(b'"version": 1', b'"version": 1, "version": 1'), "cannot be read"),
        (unsent_file(7, "m", GOOD, module="\ud800"), "cannot be read as JSON"),
        (b"[]", "“format”"),
        (b"null", "“format”"),
        (b'"readcheck-unsent-answers"', "“format”"),
        (unsent_file(7, "m", GOOD, format="readcheck"), "“format”"),
        (unsent_file(7, "m", GOOD, version=2), "“version”: only version 1"),
        (unsent_file(7, "m", GOOD, version=True), "“version”"),
        (unsent_file(7, "m", GOOD, version="1"), "“version”"),
    ],
    ids=lambda value: value if isinstance(value, str) else repr(value[:20]),
)
def test_what_is_no_such_file_is_refused_as_a_whole(raw, words):
    (problem,) = problems(raw)
    assert words in problem


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"attempt": 0}, "“attempt”: a whole number from 1 to 2147483647"),
        ({"attempt": 2**31}, "“attempt”"),
        ({"attempt": 1.0}, "“attempt”"),
        ({"attempt": True}, "“attempt”"),
        ({"attempt": "7"}, "“attempt”"),
        ({"attempt": None}, "“attempt”"),
        ({"module": ""}, "“module”: a text of 1 to 200 characters"),
        ({"module": "m" * 10_000}, "“module”"),
        ({"module": ["m"]}, "“module”"),
        ({"made_at": "yesterday"}, "“made_at”: a time such as"),
        ({"made_at": "2026-03-02T08:15:00"}, "“made_at”"),
        ({"made_at": 1_700_000_000_000}, "“made_at”"),
        ({"made_at": "0001-01-01T00:00:00+23:59"}, "“made_at”"),
        ({"answers": []}, "“answers”: a list of at least one answer"),
        ({"answers": {}}, "“answers”"),
        ({"answers": [GOOD] * 1001}, "“answers”"),
        ({"answers": ["x"]}, "answer 1, “answers”: an object"),
        ({"answers": [GOOD, GOOD | {"client_id": "another-page"}]}, "question 2 is there more than once"),
        ({"score": 6}, "“score”: no page writes this field."),
        ({"n" * 10_000: 6}, f"“{'n' * 40}”: no page writes"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_each_problem_of_the_head_names_its_field(changed, words):
    (problem,) = problems(
        unsent_file(7, "m", GOOD, **changed) if "answers" not in changed else unsent_file(7, "m", **changed)
    )
    assert problem.startswith(words) or words in problem


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"position": 0}, "answer 1, “position”"),
        ({"position": 1001}, "answer 1, “position”"),
        ({"position": 2.5}, "answer 1, “position”"),
        ({"position": [2]}, "answer 1, “position”"),
        ({"client_id": ""}, "question 2, “client_id”"),
        ({"client_id": 5}, "question 2, “client_id”"),
        ({"client_id": "short"}, "question 2, “client_id”"),
        ({"client_id": "taken:back"}, "question 2, “client_id”"),
        ({"client_id": "with space"}, "question 2, “client_id”"),
        ({"client_sequence": -1}, "question 2, “client_sequence”"),
        ({"client_sequence": 10**12}, "question 2, “client_sequence”"),
        ({"client_sequence": False}, "question 2, “client_sequence”"),
        ({"at": ""}, "question 2, “at”"),
        ({"at": None}, "question 2, “at”"),
        ({"fields": None}, "question 2, “fields”: a list of at most 100 pairs"),
        ({"fields": [["s2-choice", "1"]] * 101}, "question 2, “fields”"),
        ({"fields": {"s2-choice": "1"}}, "question 2, “fields”"),
        ({"fields": ["s2-choice"]}, "question 2, “fields”: each must be a pair"),
        ({"fields": [["s2-choice"]]}, "question 2, “fields”"),
        ({"fields": [["s2-choice", 1]]}, "question 2, “fields”"),
        ({"fields": [["s3-choice", "1"]]}, "beginning with “s2-”"),
        ({"fields": [["position", "3"]]}, "beginning with “s2-”"),
        ({"fields": [["csrf_token", "3"]]}, "beginning with “s2-”"),
        ({"fields": [["s2-confidence", "9"]]}, "how sure the learner says"),
        ({"points": 1}, "question 2, “points”: no page writes"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_each_problem_of_an_answer_names_its_question_and_field(changed, words):
    found = problems(with_answer(**changed))
    assert len(found) == (2 if "position" in changed else 1), found
    assert any(words in problem for problem in found)


def test_everything_wrong_is_said_at_once_but_not_without_end():
    bad = [{"position": number} for number in range(1, 50)]
    assert len(problems(unsent_file(7, "m", *bad))) == SHOWN_PROBLEMS
    assert len(problems(json.dumps({"format": "readcheck-unsent-answers", "version": 1}).encode())) == 4
