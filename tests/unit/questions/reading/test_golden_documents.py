"""The golden files: sample texts in every format, with the article each must become."""

import json
from pathlib import Path

import pytest

from questions.reading.documents import read_document

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
