"""The article this product was asked to teach, imported and played to the end in a real browser."""

from __future__ import annotations

from collections import Counter

import pytest
from playwright.sync_api import Browser
from sqlalchemy import select

from tests.browser.checks import Watch
from tests.browser.learner import Learner
from tests.live import Site
from tests.requirements import SHARED
from webapp.models.item import Item, ItemVersion
from webapp.models.module import Module
from webapp.repositories.courses import get_open_course
from webapp.services.module_files import read_file, store_file
from webapp.services.quizzes import MODULE_ITEM_LIMIT, SECTION_ITEM_LIMIT

pytestmark = pytest.mark.needs("browser", "shared", "model")

SOURCE = SHARED / "article" / "source.txt"
PROSE_SECTIONS, MOST_WORDS_FOR_THREE = 5, 150


@pytest.fixture(scope="module")
def imported(site: Site) -> Module:
    """The source article as `readcheck import --publish` makes it."""
    read = read_file(SOURCE.read_bytes(), SOURCE.name)
    with site.session() as session:
        return store_file(session, read, course=get_open_course(session), by=None, publish=True).module


@pytest.fixture(scope="module")
def items(site: Site, imported: Module) -> dict[int, list[tuple[str, str]]]:
    """Section -> (type, recipe) of every accepted item; sections in order."""
    with site.session() as session:
        sections = [section.id for section in session.get_one(Module, imported.id).sections]
        rows = session.execute(
            select(Item.section_id, ItemVersion.type, Item.recipe)
            .join(ItemVersion, ItemVersion.id == Item.current_version_id)
            .where(Item.module_id == imported.id, Item.state == "accepted")
        ).all()
    return {
        section: [(row.type, row.recipe) for row in rows if row.section_id == section] for section in sections
    }


def test_its_sections_have_questions_enough_and_of_several_kinds(site, imported, items):
    counts = [len(own) for own in items.values()]
    assert len(counts) == PROSE_SECTIONS + 1
    assert sum(counts) >= 24
    with site.session() as session:
        words = [
            section.current_version.word_count for section in session.get_one(Module, imported.id).sections
        ]
    for count, length, own in zip(counts, words, list(items.values())[:PROSE_SECTIONS], strict=False):
        assert count >= (3 if length < MOST_WORDS_FOR_THREE else 4)
        assert len({kind for kind, _ in own}) >= 2
    assert counts[PROSE_SECTIONS] >= 2
    assert len({recipe for own in items.values() for _, recipe in own}) >= 6


@pytest.mark.parametrize("is_right", [True, False], ids=["right", "wrong"])
@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no script"])
def test_it_is_played_to_the_end(site, browser: Browser, imported, items, has_script, is_right):
    context = browser.new_context(java_script_enabled=has_script)
    watch = Watch(site.url)
    watch.on(context)
    learner = Learner(context.new_page(), site, has_script)
    *sections, quiz = learner.whole_module(imported.slug, is_right=is_right)
    assert sections == [min(len(own), SECTION_ITEM_LIMIT) for own in items.values()]
    assert quiz == min(sum(map(len, items.values())), MODULE_ITEM_LIMIT)
    assert watch.take() == []
    context.close()


def test_the_quiz_is_spread_over_the_article(site, browser: Browser, imported):
    context = browser.new_context()
    learner = Learner(context.new_page(), site)
    learner.open(f"/m/{imported.slug}")
    learner.press("Start the module quiz")
    asked = Counter(evidence.section for item in learner.asked() for evidence in item.evidence[:1])
    assert len(asked) >= PROSE_SECTIONS
    context.close()
