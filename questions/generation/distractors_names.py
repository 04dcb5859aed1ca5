"""Names in the place of names: of the same kind, from the article first, never the same person or country."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache

from questions.generation import wordnet
from questions.generation.derive import Change
from questions.generation.distractors import (
    Falsified,
    article_change,
    falsified,
    is_exemplary,
    is_partitive,
    is_said_elsewhere,
    sentence_of,
)
from questions.generation.entities import country_of, same_referent
from questions.generation.facts import (
    ArticleFacts,
    Clause,
    DateFact,
    Entity,
    Mention,
    NumberFact,
    SectionFacts,
)
from questions.generation.lexicon import countries, words
from questions.generation.tree import Tree

COMPARING = frozenset({"before", "after", "than", "like", "unlike", "as"})
"""Before a name they measure by it: the text need not deny the same of another."""
SWAPPED = frozenset({"PERSON", "COUNTRY", "PLACE", "NORP"})
GENDERED = frozenset({"he", "him", "his", "himself", "she", "her", "hers", "herself"})
WITH_ARTICLE = frozenset({"US", "U.S.", "USA", "UK", "U.K.", "UAE", "EU", "Netherlands", "Philippines"})


def mentions_in(section: SectionFacts, clause: Clause) -> list[Mention]:
    """The names in a clause."""
    kept = set(clause.tokens)
    return [
        mention
        for mention in section.mentions
        if mention.sentence == clause.sentence and set(range(mention.first, mention.last + 1)) <= kept
    ]


def granularity(entity: Entity) -> str:
    """What kind of name it is, as fine as distractors must agree; empty where nobody can say."""
    if entity.label in {"PERSON", "COUNTRY"}:
        return entity.label.lower()
    if entity.label == "NORP":
        country = country_of(entity.name)
        if country is None:
            return ""
        return "adjective" if entity.name == country.adjective else "people"
    return _place_kind(entity.name) if entity.label == "PLACE" else ""


def alternatives(
    facts: ArticleFacts, section: SectionFacts, mention: Mention, *, is_here: bool = False
) -> list[str]:
    """Other names of the kind, as they would be written here: this section's first, then the article's.

    With `is_here` no persons and places of other sections: of them this one denies nothing.
    """
    entity = facts.entity(mention.entity)
    kind = granularity(entity)
    if not kind:
        return []
    here = {one.entity for one in section.mentions}
    is_free = not is_here or entity.label in {"COUNTRY", "NORP"}
    fit = [one for one in facts.entities if one != entity and granularity(one) == kind and _is_sure(one)]
    pool = sorted(
        (one for one in fit if is_free or one.name in here),
        key=lambda one: (one.name not in here, -len(one.mentions), one.name),
    )
    if kind == "adjective":
        pool_names = _adjectives(facts, mention)
    else:
        pool_names = [_written(one, mention) for one in pool]
    return [name for name in dict.fromkeys(pool_names) if not same_referent(name, mention.text)]


def outsiders(mention_text: str, count: int) -> list[str]:
    """Countries that the article need not name, from the same part of the world first."""
    home = country_of(mention_text)
    if home is None:
        return []
    known = [one for one in countries() if one.name in words("well_known_countries") and one != home]
    near = [one.name for one in known if one.region == home.region]
    far = [one.name for one in known if one.region != home.region]
    return [*near, *far][:count]


def swaps(
    facts: ArticleFacts, section: SectionFacts, clause: Clause, *, is_claim: bool = False
) -> Iterator[Falsified]:
    """The clause with one name replaced by another of its kind, in reading order.

    What is only possible, or pinned by nothing, is denied by no other name; but as somebody's words it is.
    """
    if clause.is_negated or (clause.is_hedged and not is_claim):
        return
    tree = Tree(sentence_of(section, clause).tokens)
    gendered = any(tree.tokens[number].text.lower() in GENDERED for number in clause.tokens)
    if gendered or is_partitive(tree, clause):
        return
    named = [mention.text for mention in mentions_in(section, clause)]
    has_thing = any(tree.tokens[number].text.lower() in {"it", "its", "itself"} for number in clause.tokens)
    for mention in mentions_in(section, clause):
        if not is_slot(facts, tree, mention) or is_exemplary(tree, clause, mention.first):
            continue
        is_thing = has_thing and facts.entity(mention.entity).label == "PERSON"  # a ship taken for somebody
        ahead = tree.tokens[mention.first - 1].text.lower() if mention.first else ""
        if is_thing or ahead in COMPARING or _names_the_subject(facts, clause, mention):
            continue
        if not is_claim and not _is_told_of_one(section, clause, tree, mention):
            continue
        for name in alternatives(facts, section, mention, is_here=True):
            if _is_named(facts, clause, name, named) or not _fits_before(facts, tree, mention, name):
                continue
            one = _swapped(facts, section, clause, tree, mention, name)
            if one:
                yield one


def _is_told_of_one(section: SectionFacts, clause: Clause, tree: Tree, mention: Mention) -> bool:
    """Whether the clause denies of others what it says of this one: a name, date or number pins it."""
    numbers = range(mention.first, mention.last + 1)
    if any(tree.tokens[one].dep == "conj" or tree.children(one, "conj", "appos", "prep") for one in numbers):
        return False
    kept = set(clause.tokens)
    anchors = [one for one in mentions_in(section, clause) if one.first != mention.first]
    facts: list[NumberFact | DateFact] = [*section.numbers, *section.dates]
    counted = any(one.sentence == clause.sentence and one.first in kept for one in facts)
    pinned = bool(anchors) or counted or _has_extreme(tree, clause)
    copular = tree.tokens[clause.root].lemma in {"be", "remain", "become", "seem"}
    return pinned and not (copular and mention.last in clause.subject and not _has_extreme(tree, clause))


def _has_extreme(tree: Tree, clause: Clause) -> bool:
    """Whether it tells of the first, the largest, the only one."""
    return any(
        tree.tokens[number].tag in {"JJS", "RBS"}
        or tree.tokens[number].text.lower() in {"first", "last", "only"}
        for number in clause.tokens
    )


def _is_named(facts: ArticleFacts, clause: Clause, name: str, named: Sequence[str]) -> bool:
    """Whether the clause names it already, or its words do (a name may stand there for a pronoun)."""
    said = f" {clause.text} "
    forms = any(f" {form}" in said for form in forms_of(facts, name))
    return forms or any(same_referent(name, other) for other in named)


def _fits_before(facts: ArticleFacts, tree: Tree, mention: Mention, name: str) -> bool:
    """Whether another name suits the word in front: no title twice, "the" only before what has one.

    "Northern" and the like go with the one name: "northern the UK" is none.
    """
    ahead = tree.tokens[mention.first - 1].text.lower() if mention.first else ""
    if mention.first and tree.tokens[mention.first - 1].dep == "amod":
        return False
    return not _doubles_title(tree, mention, name) and (ahead != "the" or _takes_article(facts, name))


def _doubles_title(tree: Tree, mention: Mention, name: str) -> bool:
    before = tree.tokens[mention.first - 1].text.lower().rstrip(".") if mention.first else ""
    return before in words("person_titles") and name.split(maxsplit=1)[0].lower() in words("person_titles")


def _takes_article(facts: ArticleFacts, name: str) -> bool:
    """Whether the article has "the" before this name ("the Katy Trail", and never "the Broken Arrow")."""
    country = country_of(name.removeprefix("the "))
    form = f"the {name}".casefold()
    return country is not None or any(form in one.section.text.casefold() for one in facts.sections)


def _swapped(
    facts: ArticleFacts, section: SectionFacts, clause: Clause, tree: Tree, mention: Mention, name: str
) -> Falsified | None:
    places = range(mention.first, mention.last + 1)
    if is_said_elsewhere(facts, section, clause, places, forms_of(facts, name)):
        return None
    change = name_change(section, tree, mention, name)
    before = section.section.text[change[0] : change[1]]
    fixes = article_change(section, tree, mention.first, name)
    return falsified(section, clause, "entity", [change, *fixes], (before, change[2]))


def forms_of(facts: ArticleFacts, name: str) -> list[str]:
    """Every form under which the article may mean that name."""
    plain = name.removeprefix("the ")
    country = country_of(plain)
    if country:
        return sorted(country.forms)
    for entity in facts.entities:
        if plain in entity.aliases:
            return list(entity.aliases)
    whole = [one.name for one in facts.entities if one.label == "PERSON" and one.name.split()[-1] == plain]
    return [*whole, plain]


def name_change(section: SectionFacts, tree: Tree, mention: Mention, name: str) -> Change:
    """The change that puts a name in a mention's place, the article before it included."""
    start = mention.span.start
    before = tree.tokens[mention.first - 1] if mention.first else None
    country = country_of(mention.text)
    is_state = country is not None and mention.text not in {country.adjective, country.people}
    if before and before.text.lower() == "the" and is_state:
        start = before.start
    raised = section.section.text[start : start + 1].isupper() and start != mention.span.start
    new = name[:1].upper() + name[1:] if raised else name
    return (start, mention.span.end, new)


def _names_the_subject(facts: ArticleFacts, clause: Clause, mention: Mention) -> bool:
    """Whether an adjective of a people only says in passing who or what the statement is about."""
    is_adjective = facts.entity(mention.entity).label == "NORP" and granularity(facts.entity(mention.entity))
    return is_adjective == "adjective" and mention.first in clause.subject


def is_slot(facts: ArticleFacts, tree: Tree, mention: Mention) -> bool:
    """Whether another name of the kind can stand in its place."""
    entity = facts.entity(mention.entity)
    if entity.label not in SWAPPED or not granularity(entity) or not _is_sure(entity):
        return False
    if entity.label == "NORP" and granularity(entity) == "adjective":
        token = tree.tokens[mention.last]
        after = tree.tokens[mention.last + 1] if mention.last + 1 < len(tree.tokens) else None
        before = tree.tokens[mention.first - 1] if mention.first else None
        plain_before = before is None or (before.pos != "PROPN" and before.tag != "HYPH")
        return token.dep == "amod" and after is not None and after.pos in {"NOUN", "ADJ"} and plain_before
    return not mention.is_modifier and not _follows_name(tree, mention)


def _follows_name(tree: Tree, mention: Mention) -> bool:
    """Whether it belongs to a longer name ("University of X"), an address ("Town, X") or two titles."""
    before = [tree.tokens[number] for number in range(max(0, mention.first - 2), mention.first)]
    after = tree.tokens[mention.last + 1 : mention.last + 3]
    if len(before) > 1 and before[-1].text.lower() in {"of", ","} and before[0].pos == "PROPN":
        return True
    if len(before) > 1 and before[0].dep == "cc" and before[-1].pos == "PROPN":
        return True
    return len(after) > 1 and after[0].text == "," and after[1].pos == "PROPN"


def _is_sure(entity: Entity) -> bool:
    """Whether the article shows beyond one guess of the parser who or what it is."""
    if entity.label != "PERSON":
        return True
    parts = entity.name.split()
    is_plain = all(wordnet.knows(part) and wordnet.main_class(part) != "person" for part in parts)
    return (len(parts) > 1 or len(entity.mentions) > 1) and not is_plain  # "Common Sense" is a book


def _written(entity: Entity, mention: Mention) -> str:
    """Another entity's name, as long or short as the one it replaces."""
    if entity.label == "PERSON":
        single = Counter(one.text for one in entity.mentions if len(one.text.split()) == 1)
        last = max(sorted(single), key=lambda text: single[text]) if single else entity.name.split()[-1]
        return last if len(mention.text.split()) == 1 else entity.name
    if entity.label == "COUNTRY":
        used = Counter(one.text for one in entity.mentions)
        plain = max(sorted(used), key=lambda text: used[text])
        return f"the {plain}" if plain in WITH_ARTICLE or entity.name == f"the {plain}" else plain
    return entity.name


def _adjectives(facts: ArticleFacts, mention: Mention) -> list[str]:
    """Adjectives of the other countries that the article names."""
    found = []
    for entity in facts.entities:
        if entity.label in {"COUNTRY", "NORP"}:
            country = country_of(entity.name)
            if country and country.adjective and not same_referent(country.name, mention.text):
                found.append((-len(entity.mentions), country.adjective))
    return [adjective for _, adjective in sorted(found)]


def _place_kind(name: str) -> str:
    low = name.lower().split()
    if name in words("us_states"):
        return "us_state"
    if name in words("continents"):
        return "continent"
    if name in words("cities") or name in _capitals():
        return "city"
    if set(low) & words("waters"):
        return "river" if "river" in low else "water"
    return low[-1] if low[-1] in {"island", "islands", "mountain", "mountains", "valley"} else ""


@lru_cache(maxsize=1)
def _capitals() -> frozenset[str]:
    return frozenset(country.capital for country in countries() if country.capital)


def pick(names: Sequence[str], count: int, taken: Sequence[str]) -> list[str]:
    """The first names that may not mean the same as each other or as one taken."""
    found: list[str] = []
    for name in names:
        if len(found) < count and not any(same_referent(name, other) for other in (*found, *taken)):
            found.append(name)
    return found
