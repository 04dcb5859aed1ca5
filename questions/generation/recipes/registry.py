"""The one list of recipes. A new recipe adds its line here and its test; `rank` gives it a weight."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from questions.generation.recipes.attribution_what import AttributionWhat
from questions.generation.recipes.attribution_who import AttributionWho
from questions.generation.recipes.base import Recipe
from questions.generation.recipes.cause import CauseQuestion
from questions.generation.recipes.cloze_country import ClozeCountry
from questions.generation.recipes.cloze_date import ClozeDate
from questions.generation.recipes.cloze_link import ClozeLink
from questions.generation.recipes.cloze_number import ClozeNumber
from questions.generation.recipes.cloze_person import ClozePerson
from questions.generation.recipes.cloze_place import ClozePlace
from questions.generation.recipes.cloze_term import ClozeTerm
from questions.generation.recipes.conditional import ConditionalQuestion
from questions.generation.recipes.definition import DefinitionGap
from questions.generation.recipes.evidence_sentence import EvidenceSentence
from questions.generation.recipes.false_antonym import FalseAntonym
from questions.generation.recipes.false_entity import FalseEntity
from questions.generation.recipes.false_number import FalseNumber
from questions.generation.recipes.false_role import FalseRole
from questions.generation.recipes.faq import Faq
from questions.generation.recipes.heading import Heading
from questions.generation.recipes.matching_statements import MatchingStatements
from questions.generation.recipes.next_sentence import NextSentence
from questions.generation.recipes.ordering import Ordering
from questions.generation.recipes.quote_who import QuoteWho
from questions.generation.recipes.statement_choice import StatementChoice
from questions.generation.recipes.statement_not import StatementNot
from questions.generation.recipes.true_statement import TrueStatement

_RECIPES: tuple[Recipe, ...] = (
    TrueStatement(),
    FalseNumber(),
    FalseEntity(),
    FalseAntonym(),
    FalseRole(),
    ClozeDate(),
    ClozeNumber(),
    ClozePerson(),
    ClozeCountry(),
    ClozePlace(),
    ClozeTerm(),
    ClozeLink(),
    DefinitionGap(),
    StatementChoice(),
    StatementNot(),
    ConditionalQuestion(),
    CauseQuestion(),
    AttributionWhat(),
    AttributionWho(),
    QuoteWho(),
    Ordering(),
    MatchingStatements(),
    Heading(),
    NextSentence(),
    EvidenceSentence(),
    Faq(),
)
RECIPES: Mapping[str, Recipe] = MappingProxyType({recipe.name: recipe for recipe in _RECIPES})
"""Every recipe by its name, in the order in which they are tried."""
