"""Matching: a whole match, a partial credit by pairs, and refusals that say what to do."""

from dataclasses import replace

import pytest

from questions.items.base import Option, ResponseError
from questions.items.matching import Matching

KIND = Matching()
ITEM = KIND.examples().item


@pytest.mark.parametrize(
    "key",
    [
        (),
        (4, 5, 3),
        ((0, 4), (1, 5)),
        ((0, 4), (1, 4), (2, 3)),
        ((0, 4), (2, 5), (1, 3)),
        ((0, 4), (1, 5), (2, 6)),
        ((0, 1), (1, 2), (2, 0)),
    ],
)
def test_the_key_gives_every_prompt_its_own_answer(key):
    [problem] = KIND.problems(replace(ITEM, key=key))
    assert (problem.field, problem.message) == (
        "key",
        "The key must give every prompt one answer, and each answer once.",
    )


def test_the_answers_may_not_stand_beside_their_prompts_already():
    [problem] = KIND.problems(replace(ITEM, key=((0, 3), (1, 4), (2, 5))))
    assert problem.field == "options"


def test_a_half_without_its_other_half_is_refused():
    found = KIND.problems(replace(ITEM, options=(*ITEM.options, Option("The owl"))))
    assert {problem.field for problem in found} == {"options", "key"}


def test_the_same_answer_twice_is_refused():
    options = (*ITEM.options[:5], Option("Eats fish."))
    assert [problem.field for problem in KIND.problems(replace(ITEM, options=options))] == ["option-5"]


def test_a_missing_answer_names_the_line():
    with pytest.raises(ResponseError, match=r"Choose an answer for “The finch”"):
        KIND.read(ITEM, {"match-0": ["4"], "match-1": [""], "match-2": ["3"]})


def test_a_third_of_the_pairs_is_a_third_of_the_credit():
    outcome = KIND.grade(ITEM, {"match": [4, 3, 5]})
    assert (outcome.status, str(outcome.score)) == ("partly", "0.33333")


def test_words():
    assert KIND.key_text(ITEM) == (
        "The heron – eats fish.; The finch – cracks seeds.; The swallow – catches insects."
    )
    assert KIND.response_text(ITEM, {"match": (3, 4, 5)}).startswith("The heron – catches insects.; The f")
