"""The golden files: sample texts in every format, with the article each must become."""

import json
from pathlib import Path

import pytest

from questions.reading.documents import read_document
from questions.reading.editing import section_from_text, section_to_text

FOLDER = Path(__file__).parents[3] / "data" / "reading"
SAMPLES = sorted(path for path in FOLDER.iterdir() if path.suffix != ".json")


def as_data(article):
    return {
        "title": article.title,
        "standfirst": article.standfirst,
        "notes": list(article.notes),
        "sections": [
            {
                "id": section.id,
                "heading": section.heading,
                "blocks": [[block.kind, block.span.of(section.text)] for block in section.blocks],
            }
            for section in article.sections
        ],
    }


@pytest.fixture(params=SAMPLES, ids=[path.name for path in SAMPLES])
def sample(request):
    return request.param


def test_the_article_it_becomes(sample):
    expected = json.loads((FOLDER / f"{sample.name}.json").read_text("utf-8"))
    assert as_data(read_document(sample.read_bytes(), sample.name)) == expected


def test_every_expectation_has_its_sample():
    assert {path.name for path in FOLDER.glob("*.json")} == {f"{path.name}.json" for path in SAMPLES}


def test_blocks_fill_their_section(sample):
    for section in read_document(sample.read_bytes(), sample.name).sections:
        assert "\n\n".join(block.span.of(section.text) for block in section.blocks) == section.text
        at = 0
        for block in section.blocks:
            assert block.span.start == at
            at = block.span.end + 2


def test_what_is_not_edited_stays_the_block_it_was(sample):
    for section in read_document(sample.read_bytes(), sample.name).sections:
        shown = section_to_text(section)
        assert section_from_text(section.id, section.heading, shown, keep=[section]) == section
        longer = section_from_text(
            section.id, section.heading, f"Before it.\n\n{shown}\n\nAfter it.", keep=[section]
        )
        assert [block.kind for block in longer.blocks[1:-1]] == [block.kind for block in section.blocks]
        assert [block.origin for block in longer.blocks[1:-1]] == [block.origin for block in section.blocks]


def test_editing_without_a_change_changes_nothing(sample):
    for section in read_document(sample.read_bytes(), sample.name).sections:
        edited = section_from_text(section.id, section.heading, section_to_text(section))
        assert edited.text == section.text
        assert [(block.kind, block.span) for block in edited.blocks] == [
            (block.kind, block.span) for block in section.blocks
        ]
