"""Installing the library, with a small text of our own in its place."""

from __future__ import annotations

import json

import pytest

from questions.generation.pipeline import generation_to_json
from questions.reading.documents import read_document
from tests.factories.generation import made_generation, made_item
from tests.renew_library import renewed
from webapp.models.item import Item, ReviewDecision
from webapp.models.module import Module
from webapp.models.quiz import Quiz
from webapp.services import library, modules

TEXT = "# The ferry\n\nIt ran for years. Nobody knew why.\n\n## The end\n\nA bridge was opened in 1934. The ferry stopped.\n"
PROVENANCE = {
    "title": "The ferry",
    "source_title": "A ferry's story",
    "statement": "Told in our own words.",
    "licence": "MIT.",
    "language": "en",
}


@pytest.fixture
def settings(each_settings):
    return each_settings


@pytest.fixture
def generated() -> dict:
    article = read_document(TEXT.encode(), "ferry.md")
    items = [made_item(section, n) for section in article.sections for n in range(3)]
    return generation_to_json(made_generation(article, items))


@pytest.fixture
def folder(tmp_path, monkeypatch, generated):
    content = renewed(generated, None)
    for item, verdict in zip(
        content["items"], ("accept", "edit", "reject", "accept", None, "accept"), strict=True
    ):
        if verdict:
            item["review"] = {"verdict": verdict, "reason": f"to {verdict}"}
        if verdict == "edit":
            item["review"]["edited_item"] = {key: item[key] for key in library.CONTENT_KEYS} | {
                "stem": "Reworded?"
            }
    (tmp_path / "ferry.md").write_text(TEXT)
    (tmp_path / "ferry.provenance.json").write_text(json.dumps(PROVENANCE))
    (tmp_path / "ferry.items.json").write_text(json.dumps(content))
    monkeypatch.setattr(library, "FOLDER", tmp_path)
    return tmp_path


def test_the_module_is_published_with_what_was_accepted(session, folder):
    (module,) = library.install_library(session)
    session.commit()
    assert (module.slug, module.state, module.language) == ("ferry", "published", "en")
    assert "Source: A ferry's story" in module.source_note
    items = session.query(Item).order_by(Item.id).all()
    assert [item.state for item in items] == [
        "accepted",
        "accepted",
        "rejected",
        "accepted",
        "proposed",
        "accepted",
    ]
    assert {item.origin for item in items} == {"bundled"}
    assert {(item.seed, item.generator_version, item.recipe) for item in items} == {
        (0, "test", "statement_choice")
    }
    assert session.query(Quiz).filter_by(module_id=module.id).count() == 3


def test_the_reviewers_edit_is_a_second_wording(session, folder):
    library.install_library(session)
    decision = session.query(ReviewDecision).filter_by(decision="edit").one()
    item = session.get(Item, decision.item_id)
    assert (decision.reason, decision.state_before) == ("to edit", "proposed")
    assert item.current_version_id == decision.version_after_id != decision.version_before_id
    assert item.current_version.content["stem"] == "Reworded?"
    assert item.current_version.number == 2


def test_evidence_stands_in_the_stored_sections(session, folder):
    library.install_library(session)
    for item in session.query(Item):
        module = session.get(Module, item.module_id)
        texts = {str(row.id): row.current_version.text for row in module.sections}
        for span in item.current_version.content["evidence"]:
            assert texts[span["section"]][span["start"] : span["end"]] == span["quote"]


@pytest.mark.parametrize("change", [lambda module: None, modules.unpublish_module, modules.delete_module])
def test_what_is_here_in_any_state_is_left_alone(session, folder, change):
    (module,) = library.install_library(session)
    change(*([session, module] if change.__name__ != "<lambda>" else [module]))
    module.title = "Edited here"
    session.commit()
    assert library.install_library(session) == []
    assert session.query(Module).one().title == "Edited here"


def test_without_an_items_file_the_text_can_still_be_read(session, folder):
    (folder / "ferry.items.json").unlink()
    (module,) = library.install_library(session)
    assert (module.state, session.query(Item).count()) == ("published", 0)


def test_renewing_keeps_the_reviews_of_what_did_not_change(generated):
    old = renewed(generated, None)
    for item in old["items"]:
        item["review"] = {"verdict": "accept", "reason": "read"}
    changed = json.loads(json.dumps(generated))
    changed["items"][2]["stem"] = "Another question?"
    new = renewed(changed, old)
    assert ["review" in item for item in new["items"]] == [True, True, False, True, True, True]
    assert {(item["seed"], item["generator_version"]) for item in new["items"]} == {(0, "test")}
