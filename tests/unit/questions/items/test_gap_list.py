"""Gap with a list: the stem holds its gap exactly once."""

from dataclasses import replace

import pytest

from questions.items.gap_list import GapList

KIND = GapList()
ITEM = KIND.examples().item


@pytest.mark.parametrize(
    "stem",
    ["No gap here.", "_____ and _____", "Too short: ____.", "Too long: ______.", "One _____ and a piece __."],
)
def test_one_gap_of_five_underscores(stem):
    [problem] = KIND.problems(replace(ITEM, stem=stem))
    assert problem.field == "stem"
    assert problem.message == "Mark the gap with five underscores (_____), exactly once."


@pytest.mark.parametrize("stem", ["_____ was first.", "It ended in _____", "snake_case is written _____."])
def test_a_gap_may_stand_anywhere(stem):
    assert KIND.problems(replace(ITEM, stem=stem)) == []


def test_an_empty_stem_is_told_once():
    assert [problem.message for problem in KIND.problems(replace(ITEM, stem=""))] == ["Write the question."]
