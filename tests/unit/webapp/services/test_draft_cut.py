"""The cut of a text under any sequence of steps: no word is ever lost or doubled."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.services.draft_cut import change, paragraphs, section

TEXT = st.lists(st.sampled_from(["one two", "three.", "four\nfive", "é ü"]), max_size=4).map("\n\n".join)
SECTIONS = st.lists(st.builds(section, st.sampled_from(["", "A heading", "Other"]), TEXT), max_size=5)
ACTIONS = st.sampled_from(["join", "split", "up", "down", "remove", "restore", "add", "nonsense", ""])
STEPS = st.lists(st.tuples(ACTIONS, st.integers(-2, 7), st.integers(-1, 5)), max_size=12)


def words(sections) -> Counter[str]:
    return Counter(word for one in sections for word in f"{one['heading']} {one['text']}".split())


@given(SECTIONS, STEPS)
def test_no_step_loses_or_doubles_a_word_or_changes_what_it_was_given(sections, steps):
    for action, place, detail in steps:
        before = [dict(one) for one in sections]
        after = change(sections, action, place, detail)
        assert [dict(one) for one in sections] == before
        assert words(after) == words(sections)
        sections = after


@given(SECTIONS, st.integers(0, 4), st.integers(1, 4))
def test_joining_what_was_split_gives_the_paragraphs_back(sections, place, detail):
    split = change(sections, "split", place, detail)
    if len(split) == len(sections):
        return
    joined = change(split, "join", place + 1)
    assert [paragraphs(one["text"]) for one in joined] == [paragraphs(one["text"]) for one in sections]


@pytest.mark.parametrize(
    ("action", "place", "expected"),
    [
        ("up", 2, ["a", "c", "b"]),
        ("up", 0, ["a", "b", "c"]),
        ("down", 0, ["b", "a", "c"]),
        ("down", 2, ["a", "b", "c"]),
        ("join", 1, ["a", "c"]),
        ("join", 0, ["a", "b", "c"]),
        ("add", 1, ["a", "b", "", "c"]),
        ("up", 9, ["a", "b", "c"]),
        ("up", -1, ["a", "b", "c"]),
    ],
)
def test_where_sections_go(action, place, expected):
    sections = [section(name, f"text of {name}") for name in "abc"]
    assert [one["heading"] for one in change(sections, action, place)] == expected


def test_a_joined_heading_becomes_a_paragraph():
    joined = change([section("a", "One.\n"), section("b", "\nTwo.")], "join", 1)
    assert joined == [section("a", "One.\n\nb\n\nTwo.")]


def test_steps_go_over_removed_sections():
    sections = [section("a", "x"), section("b", "y", removed=True), section("c", "z")]
    assert [one["heading"] for one in change(sections, "up", 2)] == ["c", "b", "a"]
    assert change(sections, "join", 2)[0]["text"] == "x\n\nc\n\nz"


def test_an_empty_cut_can_begin():
    assert change([], "add", 0) == [section("", "")]
