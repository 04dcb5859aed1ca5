"""How good a proposal is: a sum of features times weights. All weights are in this file.

Others can be fitted from reviewers' decisions (see fit.py) and given as a file; what that file does not name
keeps its weight from here.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256

from questions.generation.features import features, named
from questions.generation.proposal import Finding, Level, Proposal, Tier

RECIPE_WEIGHTS: Mapping[str, float] = {
    "statement_choice": 2.4,
    "statement_not": 2.0,
    "faq": 3.0,
    "conditional": 3.0,
    "cause": 2.8,
    "attribution_what": 1.6,
    "attribution_who": 2.2,
    "ordering": 2.6,
    "matching_statements": 2.2,
    "false_role": 2.4,
    "false_number": 2.2,
    "false_antonym": 2.2,
    "false_entity": 2.2,
    "cloze_date": 2.2,
    "cloze_number": 2.2,
    "cloze_link": 4.3,
    "quote_who": 2.2,
    "cloze_term": 1.4,
    "definition": 2.2,
    "true_statement": 2.0,
    "cloze_person": 2.0,
    "cloze_country": 2.0,
    "cloze_place": 2.0,
    "next_sentence": 1.8,
    "evidence_sentence": -1.5,
    "heading": -20.0,
    "model_detail": 6.0,
    "model_inference": 6.0,
    "model_connection": 6.0,
}
"""What a recipe's items were worth to readers so far; a new recipe starts low.

A gap with options is mostly found by looking for its words, so that one to be typed is taken before it
(`gap_with_options`); a link between clauses has no other form, and its weight makes up for that.

A heading is told by the place where it is asked: right below its section, a reader found all of them trivial.
They stay spares, for a quiz on the whole module.

A language model's were solved with and without the text before they came here, and somebody set it up to have
them: they are taken before the rules' where both ask the same. All of them wait for review.
"""
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
    "gap_with_options": -5.0,
}

AUTO_RECIPES: frozenset[str] = frozenset()
"""Recipes that 40 read items or more from 10 texts or more showed to be as good as written ones: none yet."""


@dataclass(frozen=True)
class Weights:
    """What each thing about an item is worth: fitted values where there are some, else those of this file."""

    fitted: Mapping[str, float] = field(default_factory=dict)

    def of(self, name: str) -> float:
        """The weight of that name."""
        kind, _, rest = name.partition(":")
        return self.fitted[name] if name in self.fitted else _own(kind, rest)

    def score(self, named_values: Mapping[str, float]) -> float:
        """The sum of values times weights."""
        return sum(self.of(name) * value for name, value in named_values.items())

    @cached_property
    def digest(self) -> str:
        """What tells these weights from others; empty for those of this file."""
        return sha256(json.dumps(sorted(self.fitted.items())).encode()).hexdigest() if self.fitted else ""


OWN = Weights()


_TABLES: Mapping[str, Mapping[str, float]] = {
    "recipe": RECIPE_WEIGHTS,
    "level": {str(level): weight for level, weight in LEVEL_WEIGHTS.items()},
    "feature": FEATURE_WEIGHTS,
}


def _own(kind: str, name: str) -> float:
    """The weight that stands in this file."""
    if kind == "warning":
        return WARNING_WEIGHTS.get(int(name), OTHER_WARNING)
    return _TABLES.get(kind, {}).get(name, UNKNOWN_RECIPE if kind == "recipe" else 0.0)


def is_name(name: str) -> bool:
    """Whether something of that name can have a weight here."""
    kind, _, rest = name.partition(":")
    return rest.isdecimal() if kind == "warning" else rest in _TABLES.get(kind, {})


def read_weights(text: str) -> Weights:
    """The weights of a file that `python -m questions fit -o` wrote. Raises ValueError with what is wrong."""
    try:
        raw = json.loads(text)["weights"]
        fitted = {str(name): float(value) for name, value in raw.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(
            "this is not a file of weights, as `python -m questions fit -o` writes it"
        ) from error
    for name, value in fitted.items():
        if not is_name(name):
            raise ValueError(f"nothing here is called {name!r}")
        if not math.isfinite(value):
            raise ValueError(f"the weight of {name} is no number")
    return Weights(fitted)


def score(proposal: Proposal, findings: tuple[Finding, ...], weights: Weights = OWN) -> float:
    """The proposal's worth; what its recipe says of it (`proposal.score`) is added."""
    checks = [finding.check for finding in findings]
    values = named(proposal.recipe, proposal.level, checks, features(proposal.item))
    return round(proposal.score + weights.score(values), 6)


def tier(recipe: str, best: Tier, findings: tuple[Finding, ...]) -> Tier:
    """Who must see the item before a learner does: nobody only for a measured recipe and no warning."""
    return "auto" if recipe in AUTO_RECIPES and best == "auto" and not findings else "review"
