"""Articles as data: spans, sections, and there and back through storage."""

import hashlib

import pytest

from questions.reading.article import (
    Article,
    Block,
    Section,
    Span,
    section_from_json,
    section_to_json,
)

SECTION = Section(
    "s1",
    "",
    "It grinds.\n\nIt hums.",
    (Block("prose", Span(0, 10), Span(4, 14)), Block("quote", Span(12, 20))),
)


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (3, 2)])
def test_a_span_runs_forward(start, end):
    with pytest.raises(ValueError, match=f"not {start}..{end}"):
        Span(start, end)


def test_what_a_section_says_of_itself():
    assert SECTION.label == "Introduction"
    assert SECTION.word_count == 4
    assert SECTION.content_hash == hashlib.sha256(b"\x00It grinds.\n\nIt hums.").hexdigest()
    assert SECTION.content_hash != Section("s1", "It", "grinds.\n\nIt hums.", ()).content_hash


def test_sections_are_found_by_their_id():
    article = Article("The mill", "", (SECTION,))
    assert article.section("s1") is SECTION
    assert article.word_count == 4
    with pytest.raises(KeyError):
        article.section("s2")


def test_storage():
    assert section_from_json(section_to_json(SECTION)) == SECTION


@pytest.mark.parametrize("change", [{"kind": "poem"}, {"end": 99}, {"start": 15}])
def test_a_block_that_does_not_fit_is_refused(change):
    data = section_to_json(SECTION)
    data["blocks"][0] |= {"start": 12, "end": 14} | change
    with pytest.raises(ValueError, match=r"not a block|a span needs"):
        section_from_json(data)
