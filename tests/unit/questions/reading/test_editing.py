"""Sections edited as plain text, and long sections in parts."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.reading.article import Article, section_from_json, section_to_json
from questions.reading.cutting import build_section
from questions.reading.documents import DocumentError, read_document
from questions.reading.editing import article_from_sections, section_from_text, section_to_text
from questions.reading.long_sections import section_parts, split_long
from questions.reading.pieces import Piece

EDITED = """First paragraph, which ends.

- one
- two

1. first
2. second

> Said he.

```
run(1)

stop()
```

Who came?
Nobody came.
Not even the miller.

Built: 1811
Owner: nobody

A short line"""


def test_each_mark_makes_its_kind():
    section = section_from_text("s3", " A \n heading ", EDITED)
    assert (section.id, section.heading) == ("s3", "A heading")
    assert [block.kind for block in section.blocks] == [
        *["prose", "list", "list", "quote", "code", "faq", "fragment", "fragment"]
    ]
    assert section_to_text(section) == EDITED
    assert all(block.origin is None for block in section.blocks)


def test_paragraphs_alike_keep_their_own_place():
    article = read_document(b"The mill\n\nIt hums.\n\nIt grinds.\n\nIt hums.", "a.txt")
    [section] = article.sections
    assert section_from_text("s1", "", section_to_text(section), keep=article.sections) == section
    edited = section_from_text(
        "s1", "", "It hums.\n\nIt sings.\n\nIt hums.\n\nIt hums.", keep=article.sections
    )
    assert [block.origin and block.origin.start for block in edited.blocks] == [10, None, 32, 32]


@pytest.mark.parametrize("text", ["```\na\n\nb", "```\n\nIt hums."])
def test_code_that_never_ends_is_text(text):
    section = section_from_text("s1", "", text, keep=[section_from_text("s1", "", "It hums.")])
    assert "code" not in [block.kind for block in section.blocks]


def test_no_line_becomes_a_heading():
    section = section_from_text("s1", "", "A line\n======\n\nText here.\n\nAnother line\n\nMore text.")
    assert section.heading == ""
    assert [block.kind for block in section.blocks] == ["fragment", "prose", "fragment", "prose"]


@pytest.mark.parametrize("text", ["", " \n\n", "---", "```\n```", "\u200b"])
def test_a_section_without_text_is_refused_by_its_name(text):
    with pytest.raises(DocumentError, match=r"The section “Night” has no text"):
        section_from_text("s1", "Night", text)
    with pytest.raises(DocumentError, match=r"The section “s4” has no text"):
        section_from_text("s4", "", text)


def test_an_article_of_edited_sections():
    article = article_from_sections(
        "  The  mill ", [("", "It grinds."), ("Night", "It sleeps."), ("Night", "Again.")], "Why."
    )
    assert (article.title, article.standfirst) == ("The mill", "Why.")
    assert [(section.id, section.label) for section in article.sections] == [
        ("s1", "Introduction"),
        ("s2", "Night"),
        ("s3", "Night"),
    ]
    assert article.notes == ("2 sections are called “Night”; all were kept.",)
    with pytest.raises(DocumentError, match="no sections"):
        article_from_sections("The mill", [])


def test_a_section_survives_storage():
    section = section_from_text("s1", "Night", EDITED)
    assert section_from_json(section_to_json(section)) == section


PARTS = st.lists(
    st.sampled_from(
        [
            "Words that end here.",
            "A label: value",
            "- item",
            "- another item",
            "1. one",
            "2. two",
            "> quoted",
            "```",
            "Why?",
            "x = {1};",
            "",
            "Short line",
            "goes on small",
            "",
            "    code(1); {2}",
            "Q: Why is it?",
            "A: So it is.",
            "Is it so?Yes it is.",
            "---",
        ]
    ),
    max_size=20,
).map("\n".join)


@given(PARTS)
def test_editing_twice_is_the_same_as_once(text):
    try:
        once = section_from_text("s1", "", text)
    except DocumentError:
        return
    twice = section_from_text("s1", "", section_to_text(once))
    assert section_to_text(twice) == section_to_text(once)
    assert twice.text == once.text


@given(st.lists(st.integers(1, 900), min_size=1, max_size=12))
def test_parts_hold_every_block_once_and_in_order(lengths):
    section = section_from_text("s1", "", "\n\n".join("word " * (length - 1) + "end." for length in lengths))
    parts = section_parts(section)
    starts = [block.span.start for block in section.blocks]
    assert parts[0].span.start == 0
    assert parts[-1].span.end == len(section.text)
    for one, other in pairwise(parts):
        assert other.span.start == one.span.end + 2
        assert other.span.start in starts
    for part in parts:
        words = len(part.span.of(section.text).split())
        blocks = [block for block in section.blocks if part.span.start <= block.span.start < part.span.end]
        assert words <= 600 or len(blocks) == 1


def test_a_short_section_is_one_part():
    section = section_from_text("s2", "Night", "It sleeps.\n\nIt wakes.")
    [part] = split_long(Article("The mill", "", (section,)))
    assert (part.section_id, part.span.of(section.text)) == ("s2", section.text)


def test_a_section_is_never_built_with_a_heading_inside():
    with pytest.raises(ValueError, match="heading"):
        build_section("1", "Mill", [Piece("prose", "It grinds."), Piece("heading", "Work")])
