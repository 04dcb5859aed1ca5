"""The coverage map: every sentence once, marks that agree with the evidence, gaps that are there."""

from __future__ import annotations

from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.assembly.coverage import GAPS, LEVELS, Asked, Coverage, Gap, cover
from questions.generation.proposal import Level
from questions.reading import documents
from questions.reading.article import Block, Section, Span

SIX = "One came. Two came. Three came. Four came. Five came. Six came."


def section(text: str, kind: str = "prose") -> Section:
    """Paragraphs of one kind, a blank line between two."""
    blocks, at = [], 0
    for paragraph in text.split("\n\n"):
        blocks.append(Block(kind, Span(at, at + len(paragraph))))  # type: ignore[arg-type]
        at += len(paragraph) + 2
    return Section("s1", "", text, tuple(blocks) if text else ())


def about(text: str, *quotes: str, id_: int = 1, **values: object) -> Asked:
    """An item in use that these words prove."""
    spans = [Span(text.index(quote), text.index(quote) + len(quote)) for quote in quotes]
    usual: dict[str, object] = {"is_in_use": True, "type": "true_false", "level": "retrieve"}
    return Asked(id_, spans=spans, **(usual | values))  # type: ignore[arg-type]


def marked(coverage: Coverage, text: str) -> dict[str, tuple[tuple[int, ...], tuple[int, ...]]]:
    """The marked sentences, each with its items in use and those that wait."""
    return {
        sentence.span.of(text): (sentence.in_use, sentence.waiting)
        for sentence in coverage.sentences
        if sentence.in_use or sentence.waiting
    }


class TestSentences:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("", []),
            ("One.", ["One."]),
            ("Mr. Hart came. He left.\n\nNobody saw him.", ["Mr. Hart came.", "He left.", "Nobody saw him."]),
            ("港は一九一一年に開いた。船が来た。", ["港は一九一一年に開いた。", "船が来た。"]),
            ("افتتح الميناء. وصلت السفن.", ["افتتح الميناء.", "وصلت السفن."]),
        ],
    )
    def test_a_text_in_sentences(self, text, expected):
        assert [sentence.span.of(text) for sentence in cover(section(text), []).sentences] == expected

    def test_a_question_and_its_answer_without_a_space(self):
        text = "Is it big?because it grew."
        found = cover(section(text, "faq"), []).sentences
        assert [sentence.span.of(text) for sentence in found] == ["Is it big?", "because it grew."]

    def test_words_in_no_block_are_fragments(self):
        text = "Stray. One came. Lost."
        loose = Section("s1", "", text, (Block("prose", Span(7, 16)),))
        assert [paragraph.kind for paragraph in cover(loose, []).paragraphs] == [
            "fragment",
            "prose",
            "fragment",
        ]

    @given(
        text=st.text("AbcÉ.!?。 \n\u200bابد港\"'(5", max_size=200),
        kind=st.sampled_from(["prose", "faq", "list"]),
    )
    def test_every_sentence_appears_once_and_all_words_are_in_one(self, text, kind):
        coverage = cover(section(text, kind), [])
        spans = [sentence.span for sentence in coverage.sentences]
        assert spans == sorted(set(spans))
        assert all(one.end <= other.start for one, other in pairwise(spans))
        inside = {at for span in spans for at in range(span.start, span.end)}
        assert all(text[at].isspace() for at in range(len(text)) if at not in inside)

    @given(st.text("Ab.? \n", max_size=120))
    def test_a_paragraph_is_its_sentences_and_what_stands_between(self, text):
        for paragraph in cover(section(text), []).paragraphs:
            joined = "".join(one.span.of(text) + one.gap.of(text) for one in paragraph.sentences)
            first, last = paragraph.sentences[0].span.start, paragraph.sentences[-1].span.end
            assert joined == text[first:last]


class TestMarks:
    def test_in_use_and_waiting(self):
        items = [
            about(SIX, "Two", id_=7),
            about(SIX, "Two came.", id_=8, is_in_use=False),
            about(SIX, "Five came.", id_=9, is_in_use=False),
        ]
        coverage = cover(section(SIX), items)
        assert marked(coverage, SIX) == {"Two came.": ((7,), (8,)), "Five came.": ((), (9,))}
        assert (coverage.covered, coverage.only_waiting) == (1, 1)

    def test_evidence_across_two_sentences_marks_both_and_no_third(self):
        coverage = cover(section(SIX), [about(SIX, "came. Three came. ")])
        assert marked(coverage, SIX) == {
            "Two came.": ((1,), ()),
            "Three came.": ((1,), ()),
        }

    def test_two_places_of_one_sentence_are_one_mark(self):
        assert marked(cover(section(SIX), [about(SIX, "Two", "o came")]), SIX) == {"Two came.": ((1,), ())}

    def test_empty_evidence_marks_nothing(self):
        item = Asked(1, True, "true_false", "retrieve", [Span(12, 12)])
        assert marked(cover(section(SIX), [item]), SIX) == {}

    def test_numbers_follow_the_text_and_those_without_a_place_come_last(self):
        items = [about(SIX, id_=1), about(SIX, "Six", id_=2), about(SIX, "One", id_=3)]
        assert cover(section(SIX), items).order == (3, 2, 1)

    def test_of_two_at_one_place_the_one_in_use_comes_first(self):
        items = [about(SIX, "One came.", id_=1, is_in_use=False), about(SIX, "One came. Two", id_=2)]
        assert cover(section(SIX), items).order == (2, 1)

    @given(st.data())
    def test_marks_agree_with_the_evidence(self, data):
        text = data.draw(st.text("Ab.? \n", max_size=80))
        places = st.integers(0, len(text))
        spans = st.lists(st.tuples(places, places).map(sorted).map(lambda pair: Span(*pair)), max_size=3)
        items = [
            Asked(number, in_use, "true_false", None, found)
            for number, (in_use, found) in enumerate(
                data.draw(st.lists(st.tuples(st.booleans(), spans), max_size=5))
            )
        ]
        coverage = cover(section(text), items)
        for sentence in coverage.sentences:
            here = set(range(sentence.span.start, sentence.span.end))
            proved = {
                item.id
                for item in items
                if any(here & set(range(span.start, span.end)) for span in item.spans)
            }
            assert set(sentence.in_use) | set(sentence.waiting) == proved
            assert all(items[number].is_in_use for number in sentence.in_use)
            assert not any(items[number].is_in_use for number in sentence.waiting)
        assert sorted(coverage.order) == [item.id for item in items]


class TestCounts:
    def test_by_level_and_type(self):
        items = [
            about(SIX, "One", id_=1),
            about(SIX, "Two", id_=2, level="infer", is_in_use=False),
            about(SIX, "Two", id_=3, level=None, type="ordering"),
            about(SIX, "Two", id_=4, level="of tomorrow", type="ordering"),
            about(SIX, "Two", id_=5, level="evaluate", is_own=False),
        ]
        coverage = cover(section(SIX), items)
        levels = {name: (counts.in_use, counts.waiting) for name, counts in coverage.levels.items()}
        assert levels == {
            "retrieve": (1, 0),
            "infer": (0, 1),
            "integrate": (0, 0),
            "evaluate": (0, 0),
            "": (2, 0),
        }
        types = {name: (counts.in_use, counts.waiting) for name, counts in coverage.types.items()}
        assert types == {"ordering": (2, 0), "true_false": (1, 1)}
        assert coverage.in_use == 3

    def test_the_levels_are_those_of_the_generator(self):
        assert get_args(Level) == LEVELS


class TestGaps:
    ALL = tuple(
        about(SIX, quote, id_=at, level=level)
        for at, (quote, level) in enumerate(zip(("One", "Three", "Five", "Six"), LEVELS, strict=True))
    )

    @pytest.mark.parametrize(
        ("text", "items", "expected"),
        [
            ("", [], ["no_text"]),
            (SIX, [], ["nothing_asked"]),
            (SIX, [about(SIX, "One", is_in_use=False)], ["nothing_asked"]),
            (SIX, ALL, []),
            (SIX, ALL[:2], ["last_third", "no_integrate", "no_evaluate"]),
            (SIX, ALL[1:], ["first_third", "no_retrieve"]),
            (SIX, (*ALL[:1], *ALL[2:]), ["middle_third", "no_infer"]),
            ("One came. Two left.", [about("One came.", "One")], ["no_infer", "no_integrate", "no_evaluate"]),
            # without a place in the text there is nothing to say about thirds
            (SIX, [about(SIX)], ["no_infer", "no_integrate", "no_evaluate"]),
        ],
    )
    def test_what_is_missing(self, text, items, expected):
        assert list(cover(section(text), items).gaps) == expected

    def test_code_is_nothing_to_ask_about_unless_somebody_does(self):
        text = "x = 1\ny = 2"
        bare = cover(section(text, "code"), [])
        assert (list(bare.gaps), len(bare.askable)) == (["no_text"], 0)
        asked = cover(section(text, "code"), [about(text, "y = 2")])
        assert (asked.covered, len(asked.askable)) == (1, 1)

    @given(st.lists(st.tuples(st.sampled_from(SIX.split(" came.")[:6]), st.sampled_from([*LEVELS, None]))))
    def test_a_gap_closes_when_it_is_asked(self, asked):
        items = [
            about(SIX, f"{name.strip()} came.", id_=at, level=level) for at, (name, level) in enumerate(asked)
        ]
        found = cover(section(SIX), items).gaps
        assert [gap for gap in GAPS if gap in found] == list(found)
        if asked:
            assert {gap for gap in found if gap.startswith("no_")} == {
                f"no_{level}" for level in LEVELS if level not in {level for _, level in asked}
            }

    def test_every_gap_has_its_place_in_the_order(self):
        assert get_args(Gap) == GAPS


def test_a_read_text_keeps_its_blocks():
    article = documents.read_document(b"# Harbour\n\nShips came.\n\n- One left.\n- Two stayed.\n", "a.md")
    coverage = cover(article.sections[0], [])
    assert [paragraph.kind for paragraph in coverage.paragraphs] == ["prose", "list"]
    assert len(coverage.askable) == 3
