"""The module that comes with the program: its items hold today, word for word, and the generator gives them again.

After a change of the generator or of the text: `python -m tests.renew_library`, then read what it lists.
"""

from __future__ import annotations

import json

import pytest

from questions.generation.analyse import analyse
from questions.generation.checks.base import Context
from questions.generation.checks.reference import Reference
from questions.generation.checks.verify import refusals, verify
from questions.generation.nlp import load_nlp
from questions.generation.pipeline import GENERATOR_VERSION, generate, generation_to_json
from questions.items.content import item_from_json
from webapp.services import library

TEXTS = library.read_library()


@pytest.fixture(scope="module", params=TEXTS, ids=lambda text: text.name)
def text(request) -> library.LibraryText:
    assert request.param.items, f"{request.param.name} has no items: python -m tests.renew_library"
    return request.param


@pytest.fixture(scope="module")
def regenerated(text):
    """What today's generator makes of the text with the file's seed."""
    (seed,) = {raw["seed"] for raw in text.items}
    return {item["id"]: item for item in generation_to_json(generate(text.article, seed=seed))["items"]}


def asked(text: library.LibraryText) -> list[dict]:
    """The wordings that learners meet."""
    wordings = []
    for raw in text.items:
        review = raw.get("review", {})
        if review.get("verdict") == "accept":
            wordings.append({key: raw[key] for key in library.CONTENT_KEYS})
        if review.get("verdict") == "edit":
            wordings.append(review["edited_item"])
    return wordings


def test_there_is_a_text_and_where_it_comes_from_is_said():
    assert [text.name for text in TEXTS] == ["us-china-call"]
    for text in TEXTS:
        assert text.provenance["source_title"] in text.source_note
        assert len(text.article.sections) == 6


def test_every_item_was_reviewed(text):
    for raw in text.items:
        assert raw["review"]["verdict"] in library.STATES, raw["id"]
        assert raw["review"]["reason"], raw["id"]


def test_every_item_passes_todays_checks(text):
    nlp = load_nlp()
    reference = Reference(text.article, analyse(text.article, nlp), nlp)
    for content in asked(text):
        assert refusals(verify(item_from_json(content), Context(reference))) == (), content["stem"]


def test_every_evidence_quote_stands_in_the_text(text):
    texts = {section.id: section.text for section in text.article.sections}
    for content in asked(text):
        assert content["evidence"], content["stem"]
        for span in content["evidence"]:
            assert texts[span["section"]][span["start"] : span["end"]] == span["quote"]


def test_the_generator_gives_every_unedited_item_again(text, regenerated):
    for raw in text.items:
        assert raw["generator_version"] == GENERATOR_VERSION
        made = regenerated[raw["id"]]
        assert json.loads(json.dumps(made)) == {key: raw[key] for key in made}, raw["stem"]


def test_every_section_has_questions_of_several_kinds(text):
    for section in text.article.sections:
        kinds = [
            content["type"] for content in asked(text) if content["evidence"][0]["section"] == section.id
        ]
        assert len(kinds) >= 2, section.label
        # Questions with their answers give one kind of item; prose must give several.
        is_prose = any(block.kind == "prose" for block in section.blocks)
        assert len(set(kinds)) >= (2 if is_prose else 1), section.label
