"""Strict shapes: what a model may answer, and everything else."""

from __future__ import annotations

import contextlib
import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questions.generation.providers.answers import RawItem, read_choice, read_items, read_right
from questions.generation.providers.chat import BadAnswer
from tests.factories.chat_server import written

ITEM = written(
    "Why did they stay?", "the ice was thick", "the boats leaked", "the crews left", quotes=["q w"]
)


def problem_of(item: object) -> str:
    [found] = read_items(json.dumps({"items": [item]}))
    assert isinstance(found, BadAnswer), found
    return str(found)


def changed(**values: object) -> dict[str, object]:
    return copy.deepcopy(ITEM) | values


def test_a_sound_answer():
    for words in (json.dumps({"items": [ITEM]}), "```json\n" + json.dumps({"items": [ITEM]}) + "\n```\n"):
        [item] = read_items(words)
        assert isinstance(item, RawItem)
        assert item.question == "Why did they stay?"
        assert [option.role for option in item.options] == ["key", "misreading", "misreading"]
    assert read_items('{"items": []}') == []


@pytest.mark.parametrize(
    "words",
    [
        "",
        "Sure! Here are your questions:",
        "null",
        "[]",
        "{}",
        '{"items": null}',
        '{"items": {}}',
        '{"items": [], "note": "x"}',
        '{"items": [], "items": []}',
        '{"items": [NaN]}',
        '{"items": [' + "1," * 12 + "1]}",
        '{"items": []} and more',
        "[" * 100_000,
        "```json",
    ],
)
def test_another_answer(words):
    with pytest.raises(BadAnswer):
        read_items(words)


@pytest.mark.parametrize(
    "item",
    [
        7,
        {},
        changed(key=0),
        {name: value for name, value in ITEM.items() if name != "quotes"},
        changed(question=""),
        changed(question="  "),
        changed(question=["?"]),
        changed(question="x" * 401),
        changed(question="Why\u200b?"),
        changed(question="Why\u202e?"),
        changed(question="Why\n?"),
        changed(question="\ud800"),
        changed(quotes=[]),
        changed(quotes=["a", "b", "c"]),
        changed(quotes="a"),
        changed(quotes=[None]),
        changed(quotes=["x" * 1_001]),
        changed(options=ITEM["options"][:2]),
        changed(options=ITEM["options"] * 2),
        changed(options=[*ITEM["options"][1:], ITEM["options"][1]]),
        changed(options=[ITEM["options"][0], *ITEM["options"]]),
        changed(options=[*ITEM["options"], {"text": "x", "role": "right"}]),
        changed(options=[*ITEM["options"], {"text": "x", "role": ["key"]}]),
        changed(options=[*ITEM["options"], {"text": "x"}]),
        changed(options=[*ITEM["options"], {"text": "x", "role": "misreading", "why": "y"}]),
        changed(options=[*ITEM["options"], {"text": "", "role": "misreading"}]),
        changed(options=[*ITEM["options"], {"text": "x" * 301, "role": "misreading"}]),
    ],
)
def test_an_item_of_another_shape_is_refused_alone(item):
    assert problem_of(item)
    [bad, good] = read_items(json.dumps({"items": [item, ITEM]}))
    assert isinstance(bad, BadAnswer)
    assert isinstance(good, RawItem)


def test_two_keys_are_none():
    twice = changed(options=[dict(one) | {"role": "key"} for one in ITEM["options"]])
    assert "exactly one option" in problem_of(twice)


def test_what_solvers_say():
    assert read_right('{"right": [2]}', 3) == {2}
    assert read_right('{"right": []}', 3) == frozenset()
    assert read_right('{"right": [1, 3]}', 3) == {1, 3}
    assert read_choice('{"choice": 3}', 3) == 3


@pytest.mark.parametrize(
    "words",
    [
        "2",
        '{"right": 2}',
        '{"right": [0]}',
        '{"right": [4]}',
        '{"right": ["2"]}',
        '{"right": [true]}',
        '{"right": [1,1,1,1]}',
        '{"right": [2], "sure": 1}',
    ],
)
def test_what_they_may_not_say(words):
    with pytest.raises(BadAnswer):
        read_right(words, 3)


@pytest.mark.parametrize(
    "words",
    [
        "2",
        '{"choice": 0}',
        '{"choice": 4}',
        '{"choice": [2]}',
        '{"choice": null}',
        '{"choice": 1.0}',
        '{"choice": true}',
    ],
)
def test_nor_when_they_guess(words):
    with pytest.raises(BadAnswer):
        read_choice(words, 3)


@settings(max_examples=60)
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(
                    ["items", "question", "options", "quotes", "text", "role", "right", "choice"]
                ),
                inner,
            )
        ),
    )
)
def test_whatever_comes_is_read_or_refused(value):
    words = json.dumps(value)
    for read in (read_items, lambda text: read_right(text, 4), lambda text: read_choice(text, 4)):
        with contextlib.suppress(BadAnswer):
            read(words)
