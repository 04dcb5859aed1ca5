"""Worth: recipes, levels, warnings and what can be counted; ids; tiers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from questions.generation import rank
from questions.generation.candidate import candidate_id
from questions.generation.proposal import Finding
from questions.generation.recipes.registry import RECIPES
from tests.factories.candidates import OTHER, SECTION, make_candidate

ONE = make_candidate(1).proposal


def test_every_recipe_has_a_weight():
    assert set(RECIPES) <= set(rank.RECIPE_WEIGHTS)


def test_a_warning_costs():
    warned = rank.score(ONE, (Finding(20, "warning", "options", "Central."),))
    assert warned < rank.score(ONE, ())


def test_what_the_recipe_says_counts():
    assert rank.score(replace(ONE, score=0.5), ()) == pytest.approx(rank.score(ONE, ()) + 0.5)


def test_a_higher_level_is_worth_more():
    assert rank.score(replace(ONE, level="integrate"), ()) > rank.score(ONE, ())


def test_long_stems_are_worth_less():
    long = replace(ONE.item, stem="Why " + "very " * 30 + "long?")
    assert rank.score(replace(ONE, item=long), ()) < rank.score(ONE, ())


def test_only_a_measured_recipe_without_warning_is_published_unseen(monkeypatch):
    monkeypatch.setattr(rank, "AUTO_RECIPES", frozenset({"faq"}))
    assert rank.tier("faq", "auto", ()) == "auto"
    assert rank.tier("faq", "review", ()) == "review"
    assert rank.tier("heading", "auto", ()) == "review"
    assert rank.tier("faq", "auto", (Finding(20, "warning", "options", "Central."),)) == "review"


def test_ids_depend_on_text_recipe_evidence_and_key_only():
    same = replace(ONE, score=9.0, item=replace(ONE.item, explanation="Other words."))
    assert candidate_id(SECTION, ONE) == candidate_id(SECTION, same)
    assert candidate_id(OTHER, ONE) != candidate_id(SECTION, ONE)
    assert candidate_id(SECTION, replace(ONE, recipe="other")) != candidate_id(SECTION, ONE)
    assert candidate_id(SECTION, replace(ONE, item=replace(ONE.item, key=(1,)))) != candidate_id(SECTION, ONE)
    assert candidate_id(SECTION, make_candidate(2).proposal) != candidate_id(SECTION, ONE)
