"""Spares: kept by a run, used once, only while their section says what it said, never twice the same."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from questions.items.base import Evidence
from tests.factories.generation import made_generation, made_item
from tests.factories.modules import make_item, make_module
from tests.factories.people import make_account
from webapp.models.item import Item, SpareItem
from webapp.services import generation, sections, spares
from webapp.services.sections import Wording

SENTENCES = (
    "Its first master was Anna Krol, who had built two lighthouses.",
    "Ships from nine countries called",
)


@pytest.fixture
def settings(each_settings):
    return each_settings


@pytest.fixture
def module(session):
    return make_module(session)


@pytest.fixture
def by(session):
    return make_account(session, "instructor").id


def run(session, module, *, extra=(), items=1):
    """One run: an item of each section's first sentence, spares of the others and `extra`."""
    task = generation.prepare(session, module)
    made = [made_item(section, number) for section in task.article.sections for number in range(items)]
    first, second = task.article.sections
    more = [
        *(made_item(first, 10 + number, quote=quote) for number, quote in enumerate(SENTENCES)),
        made_item(second, 20, quote="Repairs took four years and cost 300,000 crowns."),
        *extra,
    ]
    return generation.store(session, task, made_generation(task.article, made, more), None)


def kept(session) -> list[str]:
    return list(session.scalars(select(SpareItem.generated_id).order_by(SpareItem.id)))


def first_item(session, module) -> Item:
    query = select(Item).where(Item.section_id == module.sections[0].id).order_by(Item.id)
    return session.scalars(query).first()


def test_a_run_keeps_what_it_did_not_need_once(session, module):
    run(session, module)
    assert len(kept(session)) == 3
    before = kept(session)
    run(session, module)
    assert len(kept(session)) <= 3
    assert set(kept(session)) <= set(before)
    assert not set(kept(session)) & set(session.scalars(select(Item.generated_id)))


def test_another_is_a_proposal_with_its_provenance_about_another_sentence(session, module, by):
    run(session, module)
    row = first_item(session, module)
    (another,) = spares.take_another(session, module, row, by)
    assert (another.state, another.origin, another.recipe) == ("proposed", "generated", row.recipe)
    assert (another.level, another.tier, another.seed) == ("retrieve", "review", row.seed)
    assert another.warnings[0]["check"] == 11
    assert another.section_id == row.section_id
    assert another.position > row.position
    (evidence,) = another.current_version.content["evidence"]
    text = module.sections[0].current_version.text
    assert text[evidence["start"] : evidence["end"]] == evidence["quote"] == SENTENCES[0]
    assert another.generated_id not in kept(session)
    assert row.state == "proposed"


def test_the_own_section_comes_first_then_the_others_and_then_there_is_none(session, module, by):
    run(session, module)
    query = select(Item).where(Item.section_id == module.sections[1].id)
    row = session.scalars(query).first()
    taken = spares.take_another(session, module, row, by, 2)
    assert [one.section_id for one in taken] == [module.sections[1].id, module.sections[0].id]
    assert len(spares.take_another(session, module, row, by, 5)) == 1
    assert spares.take_another(session, module, row, by) == []


def test_the_same_sentence_is_not_another(session, module, by):
    task = generation.prepare(session, module)
    same = [made_item(task.article.sections[0], number) for number in range(2)]
    generation.store(session, task, made_generation(task.article, same[:1], same[1:]), None)
    assert len(kept(session)) == 1
    assert spares.take_another(session, module, first_item(session, module), by) == []
    assert len(kept(session)) == 1


def test_what_the_bank_has_in_the_same_words_is_thrown_away(session, module, by):
    run(session, module)
    spare = session.scalars(select(SpareItem).order_by(SpareItem.id)).first()
    twin = first_item(session, module)
    other = make_item(session, module.sections[0], state="rejected")
    other.current_version.content = dict(spare.content)
    session.commit()
    (another,) = spares.take_another(session, module, twin, by)
    assert another.current_version.content["stem"] != spare.content["stem"]
    assert len(kept(session)) == 1


def test_after_an_edit_of_its_text_a_spare_counts_no_more(session, module, by):
    run(session, module)
    row, section = first_item(session, module), module.sections[0]
    text = section.current_version.text
    wording = Wording("", text + "\n\nMore was written later.", section.current_version_id)
    sections.edit_section(session, module, section.id, wording, by=by, is_confirmed=True)
    session.commit()
    (another,) = spares.take_another(session, module, row, by, 5)
    assert another.section_id == module.sections[1].id
    run(session, module)
    versions = set(session.scalars(select(SpareItem.section_version_id)))
    assert versions <= {one.current_version_id for one in module.sections}


def test_one_that_leans_on_an_edited_other_section_is_thrown_away(session, module, by):
    task = generation.prepare(session, module)
    first, second = task.article.sections
    leaning = made_item(first, 1, quote=SENTENCES[0])
    foreign = Evidence(second.id, 0, 8, second.text[:8])
    leaning = replace(leaning, item=replace(leaning.item, evidence=(*leaning.item.evidence, foreign)))
    generation.store(session, task, made_generation(task.article, [made_item(first, 0)], [leaning]), None)
    other = module.sections[1]
    wording = Wording("The storm", "All of this is new. Nothing stayed.", other.current_version_id)
    sections.edit_section(session, module, other.id, wording, by=by, is_confirmed=True)
    session.commit()
    assert spares.take_another(session, module, first_item(session, module), by) == []
    assert kept(session) == []


def test_a_removed_section_offers_nothing(session, module, by):
    run(session, module)
    row = first_item(session, module)
    assert spares.list_kinds_in_hand(session, module) == ["statement_choice"]
    for section in module.sections:
        sections.remove_section(session, module, section.id) if section.position > 1 else None
    session.commit()
    assert {one.section_id for one in spares.take_another(session, module, row, by, 5)} == {row.section_id}


def test_a_question_that_a_person_wrote_is_of_no_kind(session, module, by):
    run(session, module)
    assert spares.take_another(session, module, make_item(session, module.sections[0]), by) == []


def test_one_that_is_a_spare_and_is_then_chosen_is_in_the_bank_only(session, module):
    run(session, module)
    task = generation.prepare(session, module)
    first = task.article.sections[0]
    chosen = made_item(first, 10, quote=SENTENCES[0])
    summary = generation.store(session, task, made_generation(task.article, [chosen]), None)
    assert summary.proposed == 1
    assert chosen.id not in kept(session)
