"""How good a proposal is: a sum of features times weights. All weights are in this file."""

from __future__ import annotations

from collections.abc import Mapping

from questions.generation.checks.base import has_choices, without_blank
from questions.generation.proposal import Finding, Level, Proposal, Tier
from questions.generation.words import content_stems
from questions.items.base import Item

RECIPE_WEIGHTS: Mapping[str, float] = {
    "statement_choice": 4.0,
    "statement_not": 2.4,
    "faq": 3.0,
    "conditional": 3.0,
    "attribution_what": 2.6,
    "ordering": 2.6,
    "matching_statements": 2.2,
    "false_role": 2.4,
    "false_number": 2.2,
    "false_antonym": 2.2,
    "false_entity": 2.2,
    "cloze_date": 2.2,
    "cloze_number": 2.2,
    "cloze_link": 1.9,
    "cloze_term": 1.4,
    "true_statement": 2.0,
    "cloze_person": 2.0,
    "cloze_country": 2.0,
    "cloze_place": 2.0,
    "next_sentence": 1.8,
    "heading": 1.0,
}
"""What a recipe's items were worth to readers so far; a new recipe starts low."""
UNKNOWN_RECIPE = 1.5

LEVEL_WEIGHTS: Mapping[Level, float] = {"retrieve": 0.0, "infer": 0.4, "integrate": 0.6, "evaluate": 0.6}

WARNING_WEIGHTS: Mapping[int, float] = {11: -0.5, 12: -0.3, 13: -0.4, 16: -0.5, 17: -0.5, 19: -0.3, 20: -0.6}
OTHER_WARNING = -0.4

FEATURE_WEIGHTS: Mapping[str, float] = {
    "words_over_24": -0.05,
    "words_under_8": -0.15,
    "fourth_option": 0.4,
    "evidence_words_over_40": -0.01,
    "option_words_over_20": -0.05,
    "content_words_under_4": -0.4,
    "quotation_in_stem": -0.1,
    "gap_with_options": -1.6,
}

AUTO_RECIPES: frozenset[str] = frozenset()
"""Recipes that 40 read items or more from 10 texts or more showed to be as good as written ones: none yet."""


def features(item: Item) -> dict[str, float]:
    """What can be counted on an item and says something of its worth."""
    stem_words = len(without_blank(item.stem).split())
    longest_option = max((len(option.text.split()) for option in item.options), default=0)
    evidence_words = sum(len(span.quote.split()) for span in item.evidence)
    tells = item.type != "multiple_choice"
    return {
        "words_over_24": max(0, stem_words - 24),
        "words_under_8": max(0, 8 - stem_words) if tells else 0,
        "fourth_option": has_choices(item) and len(item.options) > len("abc"),
        "evidence_words_over_40": max(0, evidence_words - 40),
        "option_words_over_20": max(0, longest_option - 20),
        "content_words_under_4": max(0, 4 - len(content_stems(item.stem))) if tells else 0,
        "quotation_in_stem": "“" in item.stem,
        "gap_with_options": item.type == "gap_list",
    }


def score(proposal: Proposal, findings: tuple[Finding, ...]) -> float:
    """The proposal's worth; what its recipe says of it (`proposal.score`) is added."""
    total = RECIPE_WEIGHTS.get(proposal.recipe, UNKNOWN_RECIPE) + LEVEL_WEIGHTS[proposal.level]
    total += proposal.score
    total += sum(FEATURE_WEIGHTS[name] * value for name, value in features(proposal.item).items())
    total += sum(WARNING_WEIGHTS.get(finding.check, OTHER_WARNING) for finding in findings)
    return round(total, 6)


def tier(recipe: str, best: Tier, findings: tuple[Finding, ...]) -> Tier:
    """Who must see the item before a learner does: nobody only for a measured recipe and no warning."""
    return "auto" if recipe in AUTO_RECIPES and best == "auto" and not findings else "review"
