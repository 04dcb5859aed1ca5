"""Matching: subjects of the section's statements, each to be given its own predicate."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

from questions.generation import wordnet
from questions.generation.distractors import is_said_elsewhere
from questions.generation.facts import ArticleFacts, SectionFacts
from questions.generation.halves import Halves, halves
from questions.generation.proposal import Level, Proposal, Tier
from questions.generation.realise import ease, evidence, named, proof
from questions.generation.recipes.base import Examples
from questions.generation.words import content_stems, jaccard
from questions.items.base import Item, Option

STEM = "Match each beginning with how {section} goes on."
FEWEST, MOST = 3, 4
MOST_TRIED = 14
LIKE = 0.25
"""Two predicates that share more of their words than this say nearly the same."""
SHORTEST = 0.4
"""How short a predicate may be, measured by the longest beside it."""


class MatchingStatements:
    """Three or four statements; neither their form nor the text would let one end with another's words."""

    name = "matching_statements"
    level: Level = "integrate"
    best_tier: Tier = "review"
    needs_parse = True

    def propose(
        self, facts: ArticleFacts, section: SectionFacts, stream: random.Random
    ) -> Iterator[Proposal]:
        """One proposal for each tense in which the section has enough statements."""
        tenses: dict[str, list[Halves]] = defaultdict(list)
        for clause in section.clauses:
            cut = halves(section, clause)
            if cut is not None:
                tenses[cut.tense].append(cut)
        for tense in sorted(tenses):
            chosen = _best(facts, section, tenses[tense])
            if chosen:
                yield self._proposal(section, chosen, stream)

    def _proposal(self, section: SectionFacts, chosen: Sequence[Halves], stream: random.Random) -> Proposal:
        count = len(chosen)
        pairs = sorted(chosen, key=lambda one: one.clause.sentence)
        stream.shuffle(pairs)
        shown = list(range(count))
        while shown == sorted(shown):
            stream.shuffle(shown)
        options = [Option(one.prompt) for one in pairs] + [Option(pairs[place].answer) for place in shown]
        derivations = {f"option-{place}": one.prompt_derivation for place, one in enumerate(pairs)}
        derivations |= {
            f"option-{count + number}": pairs[place].answer_derivation for number, place in enumerate(shown)
        }
        sentences = [number for one in pairs for number in proof(one.clause)]
        item = Item(
            type="matching",
            stem=STEM.format(section=named(section)),
            options=tuple(options),
            key=tuple((place, count + shown.index(place)) for place in range(count)),
            explanation=f"The text says: {' '.join(one.clause.text for one in pairs)}",
            evidence=evidence(section, sentences),
        )
        return Proposal(section.section.id, self.name, self.level, item, derivations)

    def examples(self) -> Examples:
        """Texts that it must and must not make items of."""
        ferry = "The ferry company carries letters and milk to the northern shore. "
        council = "The town council pays eleven keepers for the old lighthouse. "
        railway = "The coastal railway brings timber from the hills of Veltmar. "
        return Examples(
            makes={
                ferry + council + railway: (
                    "The ferry company carries letters and milk to the northern shore.",
                ),
            },
            abstains={
                ferry + council: "two pairs are too few",
                ferry + council + "The coastal railways bring timber from the hills of Veltmar.": (
                    "the number of the verb tells which beginning it belongs to"
                ),
                ferry + council + "The coastal railway brings letters and milk to the ferry company.": (
                    "an end names what another beginning is about"
                ),
                ferry + council + "The coastal railway brought timber from the hills of Veltmar.": (
                    "another tense stands out"
                ),
                "Farmers bring apples to the market on the first day of spring. "
                "Fishermen sell herring under the old bridge in winter. "
                "Bakers borrow money from the town council in bad years.": (
                    "whoever fishes may bake as well"
                ),
            },
        )


def _best(facts: ArticleFacts, section: SectionFacts, found: Sequence[Halves]) -> tuple[Halves, ...]:
    """The best of the largest choices of statements that are all apart; empty where there are too few."""
    ranked = sorted(found, key=lambda one: (-ease(one.clause), one.clause.sentence, one.prompt, one.answer))
    tried = ranked[:MOST_TRIED]
    apart = {
        frozenset((i, j))
        for (i, one), (j, other) in combinations(enumerate(tried), 2)
        if _are_apart(facts, section, one, other)
    }
    for count in range(MOST, FEWEST - 1, -1):
        for places in combinations(range(len(tried)), count):
            if all(frozenset(pair) in apart for pair in combinations(places, 2)):
                return tuple(tried[place] for place in places)
    return ()


def _are_apart(facts: ArticleFacts, section: SectionFacts, one: Halves, other: Halves) -> bool:
    """Whether neither of two statements may, by form or text, have the other's predicate."""
    are_about_two = (
        one.clause.sentence != other.clause.sentence
        and not (one.names <= other.names or other.names <= one.names)
        and not one.sort == other.sort == "somebody"  # settlers are farmers, and members are voters
        and not wordnet.related(one.head.lemma.lower(), other.head.lemma.lower())
    )
    shorter, longer = sorted(len(half.answer) for half in (one, other))
    are_alike = (one.is_many == other.is_many or not (one.shows_number or other.shows_number)) and (
        shorter >= SHORTEST * longer
    )
    return (
        are_about_two
        and are_alike
        and jaccard(content_stems(one.answer), content_stems(other.answer)) <= LIKE
        and _is_own(facts, section, one, other)
        and _is_own(facts, section, other, one)
    )


def _is_own(facts: ArticleFacts, section: SectionFacts, one: Halves, other: Halves) -> bool:
    """Whether what is said of one is, as far as the text tells, not said of the other."""
    sentence = section.sentences[one.clause.sentence]
    here = {token.lemma.lower() for token in sentence.tokens}
    new = [other.head.lemma.lower()]
    if here & set(new) or one.said & (one.names | other.names):
        return False
    return not is_said_elsewhere(facts, section, one.clause, one.clause.subject, new)
