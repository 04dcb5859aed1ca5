"""True or false: its two options never change."""

from dataclasses import replace

import pytest

from questions.items.base import Option
from questions.items.true_false import TrueFalse

KIND = TrueFalse()
ITEM = KIND.examples().item


@pytest.mark.parametrize(
    "texts", [("False", "True"), ("Yes", "No"), ("True", "False", "Not given"), ("true", "false")]
)
def test_the_options_are_true_and_false_in_this_order(texts):
    problems = KIND.problems(replace(ITEM, options=tuple(Option(text) for text in texts)))
    assert [problem.field for problem in problems] == ["options"]
    assert "“True” and “False”" in problems[0].message


def test_key_and_guess():
    assert KIND.key_text(ITEM) == "False"
    assert KIND.key_text(replace(ITEM, key=(0,))) == "True"
    assert KIND.guess(ITEM) * 2 == 1
