"""Gap: the word that the section explains, to be typed; its explanation is the question."""

from __future__ import annotations

import random
from collections.abc import Iterator

from questions.generation.definitions import Definition, definitions
from questions.generation.derive import derive, dropping
from questions.generation.facts import ArticleFacts, SectionFacts, Sentence
from questions.generation.proposal import Level, Proposal, Tier
from questions.generation.realise import evidence, said_so
from questions.generation.recipes.base import Examples
from questions.generation.terms import head
from questions.generation.tree import Tree
from questions.items.base import BLANK, Item

COUNTED = {1: "one word", 2: "two words", 3: "three words"}
"""How long a word to be typed may be."""


class DefinitionGap:
    """Every word that the section explains in so many words, from what it means."""

    name = "definition"
    level: Level = "retrieve"
    best_tier: Tier = "auto"
    needs_parse = True

    def propose(
        self,
        facts: ArticleFacts,  # noqa: ARG002 - a section explains its words by itself
        section: SectionFacts,
        stream: random.Random,  # noqa: ARG002 - nothing is left to chance
    ) -> Iterator[Proposal]:
        """Proposals for this section, in reading order."""
        for sentence in section.sentences:
            if sentence.tokens and not sentence.blockers:
                tree = Tree(sentence.tokens)
                for told in definitions(tree, _written_small(section)):
                    term = _text(section, tree, told.term)
                    if len(term.split()) in COUNTED:
                        yield self._proposal(section, sentence, tree, told, term)

    def _proposal(
        self, section: SectionFacts, sentence: Sentence, tree: Tree, told: Definition, term: str
    ) -> Proposal:
        span, changes = dropping(tree.tokens, told.meaning)
        first = section.section.text[span.start]
        verb = "are" if tree.tokens[head(tree, told.meaning)].tag == "NNS" else "is"
        lead = f"Complete with {COUNTED[len(term.split())]} from the section: "
        changes += [
            (span.start, span.start + 1, lead + first.upper()),
            (span.end, span.end, f" {verb} {'also ' * told.is_second}called {BLANK}."),
        ]
        derivation, stem = derive(section.section, span, changes, stop="")
        item = Item(
            type="gap_text",
            stem=stem,
            options=(),
            key=_accepted(term, tree, told),
            explanation=said_so(section, sentence.index),
            evidence=evidence(section, [sentence.index]),
        )
        return Proposal(section.section.id, self.name, self.level, item, {"stem": derivation})

    def examples(self) -> Examples:
        """Texts that it must and must not make items of."""
        return Examples(
            makes={
                "A keel is a long timber that runs along the bottom of a ship.": ("keel",),
                "The deepest part of the old harbour, called the pool, never freezes.": ("pool",),
                "The keepers fought erosion, the slow loss of soil to wind and water.": ("erosion",),
            },
            abstains={
                "Marlow is a town that lives on the fish of the bay.": "a name is no term",
                "It is a beam that runs along the bottom of a ship.": "nobody knows what is explained",
                "A keel is a good thing to have on a long voyage.": "it says how one finds it",
            },
        )


def _written_small(section: SectionFacts) -> frozenset[str]:
    """Words that the section writes with a small letter."""
    return frozenset(token.text for one in section.sentences for token in one.tokens if token.text.islower())


def _text(section: SectionFacts, tree: Tree, numbers: tuple[int, ...]) -> str:
    """The words of the text, small where only the start of a sentence made a capital."""
    first = tree.tokens[numbers[0]]
    text = section.section.text[first.start : tree.tokens[numbers[-1]].end]
    is_first = not any(one.text[:1].isalpha() for one in tree.tokens[: numbers[0]])
    return text[:1].lower() + text[1:] if is_first and not first.text.isupper() else text


def _accepted(term: str, tree: Tree, told: Definition) -> tuple[str, ...]:
    """The word as the text has it, one of many, and its short form in brackets."""
    last = tree.tokens[told.term[-1]]
    found = [term, term[: -len(last.text)] + last.lemma] if last.tag in {"NNS", "NNPS"} else [term]
    after = [one.text for one in tree.tokens[told.term[-1] + 1 : told.term[-1] + 4]]
    if after[:1] == ["("] and after[-1] == ")" and after[1].isupper():
        found.append(after[1])
    return tuple(dict.fromkeys(found))
