"""The provider that is always there: the recipes of this package."""

from __future__ import annotations

from collections.abc import Iterator

from questions.generation.analyse import DAMAGED
from questions.generation.facts import ArticleFacts, SectionFacts
from questions.generation.proposal import Proposal
from questions.generation.providers.base import Run
from questions.generation.recipes.registry import RECIPES

HOPELESS = frozenset({"not_english", DAMAGED})
"""The reason codes under which no recipe at all is tried: stems are whole English sentences."""


class Rules:
    """Proposes by rules alone: offline, for nothing, the same every time."""

    name = "rules"

    def start(self, run: Run) -> RulesAtWork:
        """Begin with an article."""
        return RulesAtWork(run)


class RulesAtWork:
    """The recipes, one after the other, each with its own stream of chance."""

    notes: tuple[str, ...] = ()
    figures = None

    def __init__(self, run: Run) -> None:
        self.run = run

    def proposals(self, facts: ArticleFacts, section: SectionFacts, _: int) -> Iterator[Proposal]:
        """Everything that recipes make of a section: they over-generate."""
        if HOPELESS & set(section.reasons):
            return
        for recipe in RECIPES.values():
            if recipe.needs_parse and not section.is_parsed:
                continue
            yield from recipe.propose(facts, section, self.run.stream(section.section, recipe.name))

    def objection(self, _: Proposal) -> str:
        """None: the checks are all that a recipe's proposal must pass."""
        return ""
