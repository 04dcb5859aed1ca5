"""The one list of recipes. A new recipe adds its line here and its test; `rank` gives it a weight."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from questions.generation.recipes.base import Recipe
from questions.generation.recipes.faq import Faq
from questions.generation.recipes.heading import Heading
from questions.generation.recipes.next_sentence import NextSentence

_RECIPES: tuple[Recipe, ...] = (
    Heading(),
    NextSentence(),
    Faq(),
)
RECIPES: Mapping[str, Recipe] = MappingProxyType({recipe.name: recipe for recipe in _RECIPES})
"""Every recipe by its name, in the order in which they are tried."""
