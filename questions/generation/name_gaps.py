"""Gaps for names: which may be asked, which other names do not fit, and what counts as the right answer."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from questions.generation import wordnet
from questions.generation.distractors import (
    article_change,
    is_exemplary,
    is_partitive,
    is_said_elsewhere,
    sentence_of,
)
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
from questions.generation.facts import (
    ArticleFacts,
    Clause,
    DateFact,
    Entity,
    EntityLabel,
    Mention,
    NumberFact,
    SectionFacts,
)
from questions.generation.proposal import Proposal
from questions.generation.realise import clause_around, gap
from questions.generation.tree import Tree
from questions.generation.words import words
from questions.items.base import Option

OTHERS, FEWEST_OTHERS = 3, 2
MAX_NAME_WORDS = 3
FEW_WORDS, MANY_WORDS = 8, 13
MOST_OUTSIDERS, FEWEST_BEFORE = 40, 2
TOO_LONG = 1.4
"""A key longer than every other option by this factor is told by its length."""


def gaps(
    facts: ArticleFacts, section: SectionFacts, stream: random.Random, recipe: str, *labels: EntityLabel
) -> Iterator[Proposal]:
    """Gaps for the names of one kind, in reading order: to be chosen where others fit, and to be typed."""
    for mention in section.mentions:
        if facts.entity(mention.entity).label not in labels or mention.entity == facts.topic:
            continue  # whom the article is about, its title tells
        if _title_tells(facts, section, mention):
            continue
        clause = clause_around(section, mention.sentence, mention.first, mention.last)
        if clause is None or clause.is_negated or not _has_context(section, clause, mention):
            continue  # what is not said of one may not be said of many
        tree = Tree(sentence_of(section, clause).tokens)
        if not _may_be_asked(facts, section, clause, tree, mention):
            continue
        change = name_change(section, tree, mention, mention.text)
        blank = (change[0], change[1])
        others = _others(facts, section, clause, mention) if _excludes_others(tree, clause, mention) else []
        others = [name for name in others if not article_change(section, tree, mention.first, name)]
        if len(others) >= FEWEST_OTHERS:
            stream.shuffle(others)
            key = section.section.text[blank[0] : blank[1]]
            raised = [name_change(section, tree, mention, other)[2] for other in others]
            yield gap(section, recipe, clause, blank, _options(key, raised, facts, section))
        is_adjective = facts.entity(mention.entity).label == "NORP"  # other adjectives might fit as well
        is_person = facts.entity(mention.entity).label == "PERSON"
        is_one_of_many = is_person and is_exemplary(tree, clause, mention.first)  # "players such as _____"
        if len(mention.text.split()) <= MAX_NAME_WORDS and not is_adjective and not is_one_of_many:
            yield gap(section, recipe, clause, blank, _accepted(facts, mention))


def _title_tells(facts: ArticleFacts, section: SectionFacts, mention: Mention) -> bool:
    """Whether title or heading name it, and nothing else of its kind: then nobody has to read on."""
    label = facts.entity(mention.entity).label
    shown = set(words(facts.headlines(section)))
    if not any(set(words(form)) <= shown for form in forms_of(facts, mention.entity)):
        return False
    return not any(
        entity.name != mention.entity
        and any(set(words(form)) <= shown for form in forms_of(facts, entity.name))
        for entity in facts.entities
        if entity.label == label
    )


def _others(facts: ArticleFacts, section: SectionFacts, clause: Clause, mention: Mention) -> list[str]:
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
        strange = pick(outsiders(mention.text, MOST_OUTSIDERS), MOST_OUTSIDERS, [*named, *known])
        found += strange[: OTHERS - len(found)]
        found = _with_long_one(found, strange, mention.text)
    return found


def _with_long_one(found: Sequence[str], strange: Sequence[str], key: str) -> list[str]:
    """The same names, the last one exchanged for a longer one where the key would be the longest by far."""
    if len(key) <= TOO_LONG * max(len(name) for name in found):
        return list(found)
    long = [name for name in strange if len(key) <= TOO_LONG * len(name) and name not in found]
    return [*found[:-1], *long[:1]] if long else list(found)


def _excludes_others(tree: Tree, clause: Clause, mention: Mention) -> bool:
    """Whether the text says of this one alone what the clause says: no "one of", no examples."""
    if is_partitive(tree, clause) or is_exemplary(tree, clause, mention.first):
        return False
    joined = any(tree.tokens[one].dep == "conj" for one in range(mention.first, mention.last + 1))
    return not joined and not tree.children(mention.last, "conj")


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
    before = tree.tokens[mention.first - 1].text.lower() if mention.first else ""
    if before and wordnet.knows(f"{before.replace('-', '')} {mention.text}"):
        return False  # "South-East Asia"
    if (
        _is_a_work(tree, mention, entity)
        or _is_alone(facts, entity)
        or _holds_a_place(facts, section, tree, mention)
    ):
        return False
    if not granularity(entity) or not is_slot(facts, tree, mention) or clause.text.count(mention.text) != 1:
        return False
    others = [one for one in mentions_in(section, clause) if one.first != mention.first]
    return not any(same_referent(one.text, mention.text) for one in others)


def _is_a_work(tree: Tree, mention: Mention, entity: Entity) -> bool:
    """Whether a name taken for a person's is told to be a thing's: "in his treatise, De Architectura"."""
    head = tree.tokens[mention.last]
    noun = tree.tokens[head.head]
    is_told = entity.label == "PERSON" and head.dep == "appos" and noun.pos == "NOUN"
    return is_told and not wordnet.may_be_person(noun.lemma.lower())


def _is_alone(facts: ArticleFacts, entity: Entity) -> bool:
    """Whether nobody else is named in the article, so that nobody else can be meant."""
    persons = [one for one in facts.entities if one.label == "PERSON"]
    return entity.label == "PERSON" and persons == [entity]


def _holds_a_place(facts: ArticleFacts, section: SectionFacts, tree: Tree, mention: Mention) -> bool:
    """Whether the gap asks in which country or state a place lies ("Zurich in _____"): most have heard."""
    if facts.entity(mention.entity).label not in {"COUNTRY", "PLACE"} or mention.first < FEWEST_BEFORE:
        return False
    link = tree.tokens[mention.first - 1].text.lower()
    inner = [
        one for one in section.mentions if one.sentence == mention.sentence and one.last == mention.first - 2
    ]
    return link in {"in", ","} and any(facts.entity(one.entity).label == "PLACE" for one in inner)


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
