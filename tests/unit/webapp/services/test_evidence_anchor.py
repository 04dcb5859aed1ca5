"""Evidence finds its words again after an edit, or says that they are gone; it never points at others."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from webapp.services.evidence_anchor import lost_quotes, moved_content, moved_span

SENTENCES = st.lists(
    st.sampled_from(
        [
            "The mill closed.",
            "Nobody was told.",
            "The mill closed early.",
            "雨が降った。",
            "“Go,” she said.",
            "é è — x",
        ]
    ),
    min_size=1,
    max_size=8,
)


def content(*spans: tuple[str, int, int, str]) -> dict:
    return {
        "stem": "Why?",
        "evidence": [
            {"section": section, "start": start, "end": end, "quote": quote}
            for section, start, end, quote in spans
        ],
    }


@given(SENTENCES, SENTENCES, st.data())
def test_a_moved_span_always_reads_as_its_quote(old, new, data):
    old_text, new_text = " ".join(old), " ".join(new)
    start = data.draw(st.integers(0, len(old_text) - 1))
    end = data.draw(st.integers(start + 1, len(old_text)))
    moved = moved_span(old_text, new_text, start, old_text[start:end])
    if moved is not None:
        assert new_text[moved[0] : moved[1]] == old_text[start:end]


@given(SENTENCES, st.text(max_size=30), st.data())
def test_words_put_in_elsewhere_never_lose_a_sentence(sentences, extra, data):
    text = " ".join(sentences)
    at = data.draw(st.integers(0, len(sentences)))
    index = data.draw(st.integers(0, len(sentences) - 1))
    new = [*sentences[:at], extra, *sentences[at:]]
    start = len("".join(piece + " " for piece in sentences[:index]))
    assume(
        sum(sentence.startswith(sentences[index]) for sentence in new) == 1
        or sentences.count(sentences[index]) == 1
    )
    moved = moved_span(text, " ".join(new), start, sentences[index])
    assert moved is not None
    assert " ".join(new)[moved[0] : moved[1]] == sentences[index]


@given(SENTENCES)
def test_an_unchanged_text_moves_nothing(sentences):
    text = " ".join(sentences)
    at = 0
    for sentence in sentences:
        assert moved_span(text, text, at, sentence) == (at, at + len(sentence))
        at += len(sentence) + 1


@pytest.mark.parametrize(
    ("old", "new", "quote", "expected"),
    [
        ("Ann left. Bob stayed.", "Bob stayed.", "Ann left.", None),
        ("Ann left.", "Joann left.", "Ann left", None),
        ("He left", "He lefts", "He left", None),
        ("One. Same. Two. Same.", "Zero. One. Same. Two. Same.", "Same.", (11, 16)),
        ("A same. B same.", "B same. A same. C same.", "same.", (10, 15)),
        ("x  y", "x  y", "  ", None),
    ],
)
def test_where_the_words_stand_now(old, new, quote, expected):
    start = old.index(quote)
    assert moved_span(old, new, start, quote) == expected


def test_content_moves_only_the_evidence_of_the_edited_section():
    before = content(("7", 0, 9, "Ann left."), ("8", 40, 45, "Other"))
    after = moved_content(before, "7", "Ann left.", "Then Ann left.")
    assert after is not None
    assert [(span["start"], span["end"]) for span in after["evidence"]] == [(5, 14), (40, 45)]
    assert before["evidence"][0]["start"] == 0


def test_one_lost_quote_of_two_loses_the_item_and_is_named():
    both = content(("7", 0, 9, "Ann left."), ("7", 10, 21, "Bob stayed."))
    old, new = "Ann left. Bob stayed.", "Ann left. Bob ran."
    assert moved_content(both, "7", old, new) is None
    assert lost_quotes(both, "7", old, new) == ["Bob stayed."]
