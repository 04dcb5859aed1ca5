"""Gap with a typed answer: the accepted answers, and how long an answer may be."""

import signal
from dataclasses import replace

import pytest

from questions.items.base import Option, ResponseError
from questions.items.gap_text import GapText

HANGS_AFTER_S = 20
KIND = GapText()
ITEM = KIND.examples().item


def test_it_has_no_choices():
    [problem] = KIND.problems(replace(ITEM, options=(Option("1"),)))
    assert (problem.field, "remove them" in problem.message) == ("options", True)


@pytest.mark.parametrize("key", [("1,200", " "), ("1,200", 3), ("1,200", (0, 1)), ("1,200", "\u200b")])
def test_every_accepted_answer_is_a_text(key):
    [problem] = KIND.problems(replace(ITEM, key=key))
    assert problem.message == "Accepted answer 2 is empty: write it, or remove it."


def test_an_accepted_answer_may_be_a_thousand_characters():
    assert KIND.problems(replace(ITEM, key=("x" * 1000,))) == []
    [problem] = KIND.problems(replace(ITEM, key=("x" * 1001,)))
    assert problem.message == "Accepted answer 1 is longer than 1,000 characters."


def test_the_first_accepted_answer_is_the_one_shown():
    assert KIND.key_text(replace(ITEM, key=("US", "United States"))) == "US"


def test_ten_thousand_characters_are_read_and_no_more():
    assert KIND.read(ITEM, {"text": ["x" * 10_000]}) == {"text": "x" * 10_000}
    for verb in (
        lambda text: KIND.read(ITEM, {"text": [text]}),
        lambda text: KIND.grade(ITEM, {"text": text}),
    ):
        with pytest.raises(ResponseError, match="This answer has 10,001 characters; at most 10,000 are read"):
            verb("x" * 10_001)


def test_half_a_character_is_refused():
    with pytest.raises(ResponseError, match="cannot be kept"):
        KIND.read(ITEM, {"text": ["\ud83d"]})


@pytest.mark.parametrize(
    "text", ["1 000 " * 1666, "1.2" * 3000, "a.b" * 3000, "- " * 5000, '"' * 10_000, "one " * 2500]
)
def test_a_long_answer_does_not_hang_the_grader(text):
    """A pattern that tries every way to read it takes minutes; the alarm is no measurement."""

    def give_up(*_):
        raise TimeoutError("grading hangs")

    former = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(HANGS_AFTER_S)
    try:
        assert KIND.grade(ITEM, {"text": text}).status == "incorrect"
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, former)
