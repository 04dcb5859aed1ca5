"""How a person likes to read, from whatever was stored or sent."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from webapp.services.preferences import CHOICES, DEFAULT, Preferences, from_cookie, from_json

known = st.builds(Preferences, **{name: st.sampled_from(words) for name, words in CHOICES.items()})


@given(known)
def test_both_ways_of_keeping_them_bring_them_back(preferences: Preferences) -> None:
    assert from_json(preferences.to_json()) == preferences
    assert from_cookie(preferences.to_cookie()) == preferences


@given(st.text())
def test_any_cookie_gives_known_words(text: str) -> None:
    preferences = from_cookie(text)
    assert all(getattr(preferences, name) in words for name, words in CHOICES.items())


@given(known, st.dictionaries(st.sampled_from([*CHOICES, "other"]), st.text() | st.none() | st.integers()))
def test_what_is_sent_changes_only_what_it_names_rightly(before: Preferences, sent: dict) -> None:
    after = before.changed(sent)
    for name, words in CHOICES.items():
        expected = sent[name] if sent.get(name) in words else getattr(before, name)
        assert getattr(after, name) == expected


def test_nothing_stored_is_the_default() -> None:
    assert from_json({}) == from_cookie("") == DEFAULT


def test_a_cookie_from_before_a_preference_was_there_keeps_the_others() -> None:
    assert from_cookie("cream.large.sans.wide") == Preferences(
        "cream", "large", "sans", "wide", "off", "normal"
    )
