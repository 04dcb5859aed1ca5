"""Gap: who or where, to be chosen among names of the same kind or typed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from questions.generation.distractors import is_exemplary, is_partitive, is_said_elsewhere, sentence_of
from questions.generation.distractors_names import (
    alternatives,
    forms_of,
    granularity,
    is_slot,
    mentions_in,
    name_change,
    outsiders,
    pick,
)
from questions.generation.entities import same_referent
from questions.generation.facts import ArticleFacts, Clause, DateFact, Mention, NumberFact, SectionFacts
from questions.generation.proposal import Level, Proposal, Tier
from questions.generation.realise import clause_around, gap
from questions.generation.recipes.base import Examples
from questions.generation.tree import Tree
from questions.items.base import Option

OTHERS, FEWEST_OTHERS = 3, 2
ASKED = frozenset({"PERSON", "COUNTRY", "PLACE"})
MAX_NAME_WORDS = 3
FEW_WORDS, MANY_WORDS = 8, 13


class ClozeEntity:
    """Persons only from the article; countries from the article first, then ones that every reader knows."""

    name = "cloze_entity"
    level: Level = "retrieve"
    best_tier: Tier = "auto"
    needs_parse = True

    def propose(
        self, facts: ArticleFacts, section: SectionFacts, stream: random.Random
    ) -> Iterator[Proposal]:
        """Proposals for this section, in reading order."""
        for mention in section.mentions:
            clause = clause_around(section, mention.sentence, mention.first, mention.last)
            if clause is None or clause.is_negated or not _has_context(section, clause, mention):
                continue
            tree = Tree(sentence_of(section, clause).tokens)
            if not _may_be_asked(facts, section, clause, tree, mention):
                continue
            change = name_change(section, tree, mention, mention.text)
            blank = (change[0], change[1])
            others = self._others(facts, section, clause, mention)
            if len(others) >= FEWEST_OTHERS:
                stream.shuffle(others)
                key = section.section.text[blank[0] : blank[1]]
                raised = [name_change(section, tree, mention, other)[2] for other in others]
                yield gap(section, self.name, clause, blank, _options(key, raised, facts, section))
            if len(mention.text.split()) <= MAX_NAME_WORDS:
                yield gap(section, self.name, clause, blank, _accepted(facts, mention))

    def _others(
        self, facts: ArticleFacts, section: SectionFacts, clause: Clause, mention: Mention
    ) -> list[str]:
        """Names that do not fit: of the article, then (countries) of the world."""
        named = [one.text for one in mentions_in(section, clause)]
        places = range(mention.first, mention.last + 1)
        fit = [
            name
            for name in alternatives(facts, section, mention)
            if not is_said_elsewhere(facts, section, clause, places, forms_of(facts, name))
        ]
        found = pick(fit, OTHERS, named)
        if facts.entity(mention.entity).label == "COUNTRY" and found:
            known = [one.name for one in facts.entities if one.label == "COUNTRY"]
            found += pick(outsiders(mention.text, OTHERS * 2), OTHERS - len(found), [*named, *found, *known])
        return found

    def examples(self) -> Examples:
        """Texts that it must and must not make items of."""
        return Examples(
            makes={
                "Portugal and Norway fish for cod. Norway sold the harbour to Portugal in 1911. "
                "Iceland built a second harbour for the fleet in 1920.": ("Norway", "Portugal"),
            },
            abstains={
                "A Lisbon hotel bought the old harbour from the town in 1911.": "it stands before a noun",
                "Norway did not sell the harbour of Marlow in 1911.": "it may be true of others",
            },
        )


def _has_context(section: SectionFacts, clause: Clause, mention: Mention) -> bool:
    """Whether the rest tells enough: another name, a date or a number, or many words."""
    told: list[Mention | NumberFact | DateFact] = [*section.mentions, *section.numbers, *section.dates]
    others = [
        one
        for one in told
        if one.sentence == clause.sentence and one.first in clause.tokens and one.first != mention.first
    ]
    return clause.word_count >= MANY_WORDS or (bool(others) and clause.word_count >= FEW_WORDS)


def _may_be_asked(
    facts: ArticleFacts, section: SectionFacts, clause: Clause, tree: Tree, mention: Mention
) -> bool:
    entity = facts.entity(mention.entity)
    if entity.label not in ASKED or not granularity(entity) or not is_slot(facts, tree, mention):
        return False
    if is_exemplary(tree, clause, mention.first) or is_partitive(tree, clause):
        return False
    others = [one for one in mentions_in(section, clause) if one.first != mention.first]
    if any(same_referent(one.text, mention.text) for one in others):
        return False
    joined = any(tree.tokens[one].dep == "conj" for one in range(mention.first, mention.last + 1))
    return not joined and not tree.children(mention.last, "conj") and clause.text.count(mention.text) == 1


def _options(key: str, others: Sequence[str], facts: ArticleFacts, section: SectionFacts) -> list[Option]:
    here = {mention.entity for mention in section.mentions}
    options = [Option(key, "key", "This is the name that the text gives.")]
    for name in others:
        forms = set(forms_of(facts, name.removeprefix("The ").removeprefix("the ")))
        named = {entity.name for entity in facts.entities if forms & set(entity.aliases)}
        if named:
            where = "this section" if named & here else "the article"
            reason = f"{name[:1].upper()}{name[1:]} is named elsewhere in {where}."
            options.append(Option(name, "elsewhere", reason))
        else:
            options.append(Option(name, "unsupported", "The article does not name it."))
    return options


def _accepted(facts: ArticleFacts, mention: Mention) -> list[str]:
    """The name as the text has it, then its other forms; a last name where one person alone has it."""
    entity = facts.entity(mention.entity)
    forms = [mention.text, *entity.aliases]
    last = entity.name.split()[-1]
    is_called = any(len(form.split()) == 1 for form in forms)
    bearers = [one for one in facts.entities if last in one.name.split()]
    if entity.label == "PERSON" and not is_called and bearers == [entity]:
        forms.append(last)
    return list(dict.fromkeys(forms))
