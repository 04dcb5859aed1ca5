"""A file becomes a module with its questions in one step, or nothing at all."""

from __future__ import annotations

import pytest

from questions.generation import pipeline
from tests.factories.generation import made_generation, made_item
from tests.factories.people import open_course
from tests.requirements import SHARED
from webapp.models.item import Item
from webapp.models.module import Module, SectionVersion
from webapp.models.quiz import Quiz
from webapp.services import module_files
from webapp.services.errors import Refused
from webapp.services.modules import article_of

TEXT = b"# The ferry\n\nIt ran for years. Nobody knew why.\n\n## The end\n\nA bridge was opened in 1934. The ferry stopped.\n"


@pytest.fixture
def settings(each_settings):
    return each_settings


@pytest.fixture
def quick(monkeypatch):
    """A generator that makes three items a section at once."""

    def generate(article, *, seed, progress, provider):
        items = [
            made_item(section, n, tier=tier)
            for section in article.sections
            for n, tier in enumerate(("auto", "review", "review"))
        ]
        return made_generation(article, items, reasons=["too_short"])

    monkeypatch.setattr(pipeline, "generate", generate)


def load(session, data=TEXT, name="ferry.md", *, publish=False):
    read = module_files.read_file(data, name)
    return module_files.store_file(session, read, course=open_course(session), by=None, publish=publish)


def test_without_publishing_all_questions_wait(session, quick):
    report = load(session)
    assert (report.module.state, report.is_published, report.item_count) == ("draft", False, 6)
    assert {item.state for item in session.query(Item)} == {"proposed"}
    assert session.query(Quiz).count() == 0


def test_publishing_accepts_both_tiers_and_says_how_many_of_each(session, quick):
    report = load(session, publish=True)
    assert report.items_by_tier == {"auto": 2, "review": 4}
    assert {(item.state, item.tier) for item in session.query(Item)} == {
        ("accepted", "auto"),
        ("accepted", "review"),
    }
    assert report.module.state == "published"
    assert session.query(Quiz).filter_by(module_id=report.module.id).count() == 3


def test_what_each_section_gave_is_told(session, quick):
    report = load(session)
    assert [(one.label, one.items, tuple(one.reasons)) for one in report.sections] == [
        ("Introduction", 3, ("too_short",)),
        ("The end", 3, ("too_short",)),
    ]
    assert report.notes == ["A note."]


def test_evidence_stands_in_the_stored_text(session, quick):
    module = load(session).module
    texts = {section.id: section.text for section in article_of(session, module).sections}
    for item in session.query(Item):
        for span in item.current_version.content["evidence"]:
            assert texts[span["section"]][span["start"] : span["end"]] == span["quote"]


def test_the_same_file_again_is_another_module(session, quick):
    assert [load(session).module.slug for _ in range(3)] == ["the-ferry", "the-ferry-2", "the-ferry-3"]


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "a.txt", "empty"),
        (b"\x00\x00", "a.txt", "line 1"),
        (TEXT, "a.pdf", "cannot be read"),
        (b"\n \n", "a.md", "empty"),
    ],
)
def test_what_cannot_be_read_leaves_nothing_behind(session, quick, data, name, words):
    with pytest.raises(Refused, match=words):
        load(session, data, name, publish=True)
    assert (
        session.query(Module).count()
        == session.query(SectionVersion).count()
        == session.query(Item).count()
        == 0
    )


def test_a_failure_on_the_way_leaves_nothing_behind(session, quick, monkeypatch):
    monkeypatch.setattr(module_files.modules, "publish_module", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        load(session, publish=True)
    session.rollback()
    assert session.query(Module).count() == session.query(Item).count() == 0


@pytest.mark.needs("shared", "model")
def test_the_source_article_is_cut_as_it_is_printed(session):
    file = SHARED / "article" / "source.txt"
    report = load(session, file.read_bytes(), file.name, publish=True)
    article = article_of(session, report.module)
    assert len(article.sections) == 6
    assert article.sections[0].heading == ""
    assert all(section.heading for section in article.sections[1:])
    assert {block.kind for block in article.sections[5].blocks} == {"faq"}
    assert article.standfirst
    texts = {section.id: section.text for section in article.sections}
    for item in session.query(Item).filter_by(module_id=report.module.id):
        assert item.state == "accepted"
        for span in item.current_version.content["evidence"]:
            assert texts[span["section"]][span["start"] : span["end"]] == span["quote"]
