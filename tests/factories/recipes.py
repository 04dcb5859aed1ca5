"""Running one recipe on a short text, with the language model only where the recipe needs a parse."""

from __future__ import annotations

import random

from questions.generation.analyse import analyse
from questions.generation.nlp import NoNlp, load_nlp
from questions.generation.proposal import Proposal
from questions.generation.recipes.base import Recipe
from questions.reading.article import Article
from questions.reading.documents import read_text


def proposals_of(recipe: Recipe, article: Article, seed: int = 0) -> list[Proposal]:
    """What the recipe proposes for every section of the article."""
    facts = analyse(article, load_nlp() if recipe.needs_parse else NoNlp())
    return [
        proposal
        for section in facts.sections
        for proposal in recipe.propose(facts, section, random.Random(f"{section.section.id}{seed}"))
    ]


def keys_made(recipe: Recipe, text: str) -> set[str]:
    """The right answers of everything the recipe proposes for this text."""
    return {text for proposal in proposals_of(recipe, read_text(text)) for text in proposal.key_texts}
