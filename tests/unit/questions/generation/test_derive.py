"""Changes to a span of the text become a derivation that replays to exactly the words given."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from questions.generation.derive import derive, dropping, rederive
from questions.generation.facts import Token
from questions.reading.article import Section, Span

TEXT = "After the storm, the keeper repaired the old lamp, and the boats came back."


def section(text=TEXT):
    return Section("s1", "", text, ())


@st.composite
def changed_text(draw):
    text = draw(st.text(min_size=3, max_size=40))
    start = draw(st.integers(0, len(text) - 1))
    end = draw(st.integers(start, len(text)))
    cuts = sorted(draw(st.lists(st.integers(start, end), max_size=6, unique=True)))
    changes = [
        (one, other, draw(st.text(max_size=5))) for one, other in zip(cuts[::2], cuts[1::2], strict=False)
    ]
    return text, Span(start, end), changes


@given(changed_text(), st.sampled_from(["upper", "lower", "keep"]), st.sampled_from(["", ".", "?"]))
def test_replays_to_its_words(made, initial, stop):
    text, span, changes = made
    derivation, words = derive(section(text), span, changes, initial=initial, stop=stop)
    assert derivation.replay(text) == words
    again, same = rederive(section(text), derivation, [], initial=initial, stop="")
    assert same == words
    assert again.replay(text) == words


@given(changed_text())
def test_a_wider_change_takes_the_place_of_those_inside(made):
    text, span, changes = made
    assume(span.end > span.start)
    first, _ = derive(section(text), span, changes, stop="")
    _, words = rederive(section(text), first, [(span.start, span.end, "Other")], stop="")
    assert words.replace("Other", "", 1) == "" or words.startswith("Other")


def test_raises_the_first_letter_and_closes_the_sentence():
    derivation, words = derive(section(), Span(17, 49))
    assert words == "The keeper repaired the old lamp."
    assert derivation.replay(TEXT) == words


def test_a_deletion_at_the_start_raises_what_follows():
    _, words = derive(section(), Span(0, 49), [(0, 17, "")])
    assert words == "The keeper repaired the old lamp."


def test_refuses_changes_that_overlap_in_part():
    with pytest.raises(ValueError, match="overlap"):
        derive(section(), Span(0, 49), [(0, 10, "x"), (5, 12, "y")])


def test_dropping_leaves_one_space_and_none_before_a_comma():
    words = [("The", 0), ("keeper", 4), ("(old)", 11), (",", 16), ("he", 18)]
    tokens = [Token(at, at + len(word), word, word, "X", "X", "dep", 0) for word, at in words]
    span, changes = dropping(tokens, [0, 1, 3, 4])
    assert span == Span(0, 20)
    assert changes == [(10, 16, "")]
    assert dropping(tokens, [0, 4])[1] == [(3, 18, " ")]
