"""The whole way from article to items: what is promised of ids, progress, sections, reasons and spares."""

from __future__ import annotations

from pathlib import Path

import pytest

from questions.generation.checks.base import Context
from questions.generation.checks.reference import Reference
from questions.generation.checks.sets import Entry, ItemSet, verify_set
from questions.generation.checks.verify import refusals, verify
from questions.generation.nlp import NoNlp, load_nlp
from questions.generation.pipeline import SPARES_PER_SECTION, generate, generation_to_json
from questions.generation.recipes.registry import RECIPES
from questions.reading.documents import read_document, read_text

SAMPLE = Path(__file__).parents[3] / "data" / "sample_article.txt"
ARTICLE = read_document(SAMPLE.read_bytes(), SAMPLE.name)


@pytest.fixture(scope="module")
def generation():
    return generate(ARTICLE, nlp=load_nlp())


def test_everything_passes_the_checks(generation):
    reference = Reference(ARTICLE)
    for item in (*generation.items, *generation.spares):
        assert refusals(verify(item.item, Context(reference, "generated"))) == ()
        assert not refusals(item.checks)
    entries = tuple(Entry(item.id, item.section, item.recipe, item.item) for item in generation.items)
    findings = verify_set(ItemSet(entries, reference))
    assert not refusals(findings)
    assert {finding.check for finding in findings} <= {26, 27}


def test_ids_are_unique_and_sections_in_order(generation):
    ids = [item.id for item in (*generation.items, *generation.spares)]
    assert len(set(ids)) == len(ids)
    order = [section.id for section in ARTICLE.sections]
    places = [order.index(item.section) for item in generation.items]
    assert places == sorted(places)


def test_the_same_again_and_another_with_another_seed(generation):
    again = generate(ARTICLE, nlp=load_nlp())
    assert generation_to_json(again) == generation_to_json(generation)
    other = generate(ARTICLE, seed=5, nlp=load_nlp())
    assert generation_to_json(other)["items"] != generation_to_json(generation)["items"]


def test_one_section_alone(generation):
    alone = generate(ARTICLE, nlp=load_nlp(), sections=["s2"])
    assert {item.section for item in alone.items} == {"s2"}
    assert [row["id"] for row in alone.report["sections"]] == ["s2"]
    offered = {item.id for item in (*generation.items, *generation.spares) if item.section == "s2"}
    assert {item.id for item in alone.items} & offered


def test_another_section_does_not_reshuffle_this_one():
    longer = read_text(
        SAMPLE.read_text(encoding="utf-8").replace("FAQ: Visiting", "New\n\nA short part.\n\nFAQ: Visiting")
    )
    before = {item.id for item in generate(ARTICLE, nlp=load_nlp(), sections=["s2"]).items}
    after = {item.id for item in generate(longer, nlp=load_nlp(), sections=["s2"]).items}
    assert before == after


def test_progress_ends_where_it_said():
    steps = []
    generate(ARTICLE, nlp=NoNlp(), progress=lambda done, total, label: steps.append((done, total, label)))
    assert [done for done, _, _ in steps] == sorted(done for done, _, _ in steps)
    assert steps[-1][0] == steps[-1][1]
    assert "Life on the Rock" in {label for _, _, label in steps}


def test_progress_may_stop_it():
    class StoppedError(Exception):
        pass

    def stop(done, total, label):
        raise StoppedError

    with pytest.raises(StoppedError):
        generate(ARTICLE, nlp=NoNlp(), progress=stop)


def test_without_a_model_only_recipes_that_need_no_parse():
    generation = generate(ARTICLE, nlp=NoNlp())
    assert generation.items
    assert not any(RECIPES[item.recipe].needs_parse for item in generation.items)
    assert all("no_model" in row["reasons"] for row in generation.report["sections"])
    assert generation.report["model"] == ""


def test_spares_are_few_and_other(generation):
    for section in ARTICLE.sections:
        assert sum(item.section == section.id for item in generation.spares) <= SPARES_PER_SECTION
    assert generation.report["spares"] == len(generation.spares)


def test_all_is_for_review_until_measured(generation):
    assert {item.tier for item in generation.items} == {"review"}


def test_rejected_say_why(generation):
    assert all(one.recipe in RECIPES and one.reason.startswith("check ") for one in generation.rejected)


def test_an_empty_section_is_too_short():
    article = read_text("Title\n\nFirst\n\nThis is short.\n\nSecond\n\nThis is short, too.")
    report = generate(article, nlp=NoNlp()).report
    assert all("too_short" in row["reasons"] for row in report["sections"])
