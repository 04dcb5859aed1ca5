"""A section's text in the editor and back: what was not edited comes back exactly."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.reading.article import Section
from questions.reading.cutting import build_section
from questions.reading.documents import read_document
from questions.reading.pieces import Piece
from webapp.services.errors import Refused
from webapp.services.section_text import MAX_WORDS, editable_text, known_kinds, read_section

WORDS = [
    "the mill closed",
    "Nobody was told",
    "é — “x”",
    "水が流れる。",
    "1. first",
    "x > 3",
    "Why so?",
    "e.g. a",
    "…",
]
LINE = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
LINES = st.lists(LINE, min_size=1, max_size=3).map("\n".join)
PIECES = st.one_of(
    st.builds(Piece, st.just("prose"), LINE),
    st.builds(Piece, st.sampled_from(["list", "code", "fragment", "faq"]), LINES),
    st.builds(Piece, st.just("quote"), LINE),
)

FOLDER = Path(__file__).parents[3] / "data" / "reading"
SAMPLES = sorted(path for path in FOLDER.iterdir() if path.suffix != ".json")


def kinds_and_words(section: Section) -> list[tuple[str, str]]:
    return [(block.kind, block.span.of(section.text)) for block in section.blocks]


@given(
    st.lists(PIECES, max_size=6).filter(lambda pieces: len({piece.text for piece in pieces}) == len(pieces))
)
def test_what_was_not_edited_comes_back_exactly(pieces):
    section = build_section("7", "A heading", pieces)
    assert read_section("7", "A heading", editable_text(section), known_kinds([section])) == section


@given(st.lists(PIECES, min_size=1, max_size=5), LINE, st.data())
def test_a_new_paragraph_changes_no_other_one(pieces, extra, data):
    section = build_section("7", "", pieces)
    paragraphs = editable_text(section).split("\n\n")
    at = data.draw(st.integers(0, len(paragraphs)))
    edited = "\n\n".join([*paragraphs[:at], "Here is what is new, and it is said.", *paragraphs[at:]])
    after = read_section("7", "", edited, known_kinds([section]))
    assert "Here is what is new, and it is said." in after.text
    words = [words for _, words in kinds_and_words(after)]
    assert [words for words in words if words != "Here is what is new, and it is said."] == [
        words for _, words in kinds_and_words(section)
    ]


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused_and_blocks_cover_it(text):
    try:
        section = read_section("7", text, text)
    except Refused:
        return
    assert "\n\n".join(block.span.of(section.text) for block in section.blocks) == section.text
    assert "\n" not in section.heading


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "One is here. Two is there.\r\n\r\nThree came later.",
            [("prose", "One is here. Two is there."), ("prose", "Three came later.")],
        ),
        ("- one\n- two", [("list", "one\ntwo")]),
        ("> It was late, she said.", [("quote", "It was late, she said.")]),
        ("```\nif x:\n    y\n```", [("code", "if x:\n    y")]),
        ("Why did it close?\nThe river froze.", [("faq", "Why did it close?\nThe river froze.")]),
        ("Why did it close?Because the river froze.", [("faq", "Why did it close?Because the river froze.")]),
        (
            "It was over\n===========\n\nSo they left it.",
            [("fragment", "It was over"), ("prose", "So they left it.")],
        ),
        ("   \n\n \n", []),
    ],
)
def test_the_marks_of_the_editor(text, expected):
    assert kinds_and_words(read_section("7", "", text)) == expected


def test_a_heading_becomes_one_line():
    assert read_section("7", "  Two\n lines ", "Some text is here.").heading == "Two lines"


def test_too_long_a_section_says_by_how_much():
    with pytest.raises(Refused, match="12 more than the limit of 100,000"):
        read_section("7", "", "word " * (MAX_WORDS + 12))


def test_a_program_pasted_as_text_is_refused():
    with pytest.raises(Refused, match="control characters"):
        read_section("7", "", "\x01\x02\x03\x04\x05 abc")


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_the_sections_of_every_kind_of_file_come_back_from_the_editor(sample):
    for section in read_document(sample.read_bytes(), sample.name).sections:
        shown, known = editable_text(section), known_kinds([section])
        blocks = kinds_and_words(section)
        assert kinds_and_words(read_section(section.id, section.heading, shown, known)) == blocks
        longer = read_section(section.id, section.heading, f"Before it.\n\n{shown}\n\nAfter it.", known)
        assert kinds_and_words(longer)[1:-1] == blocks


def test_a_section_is_never_built_with_a_heading_inside():
    with pytest.raises(ValueError, match="heading"):
        build_section("1", "Mill", [Piece("prose", "It grinds."), Piece("heading", "Work")])
