"""Which sentence comes next: for sentences that a linking word ties to the one before."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import pairwise

from questions.generation.checks.pronouns import dangling_pronouns
from questions.generation.facts import ArticleFacts, SectionFacts, Sentence
from questions.generation.proposal import Derivation, Edit, Level, Proposal, Tier
from questions.generation.recipes.base import Examples
from questions.generation.words import words
from questions.items.base import Evidence, Item, Option
from questions.reading.article import Section

ASKING = "” Which sentence comes next in the section?"
FEWEST_WORDS, MOST_WORDS = 6, 30
MOST_WORDS_IN_STEM = 31
FEWEST_OTHERS, MOST_OTHERS = 2, 3
MOST_PROPOSALS = 3

LINKERS: dict[str, frozenset[tuple[str, ...]]] = {
    name: frozenset(tuple(linker.split()) for linker in linkers.split(","))
    for name, linkers in {
        "pointing": "this,these,that,those,such,it,they,he,she,its,their,his,her,both,here",
        "linking": "but,however,yet,still,nevertheless,nonetheless,instead,even so,that said,by contrast,"
        "in contrast,on the other hand,also,moreover,furthermore,in addition,besides,additionally,therefore,"
        "thus,hence,consequently,as a result,for this reason,for example,for instance,then,later,afterwards,"
        "meanwhile,soon,finally,in the meantime,at the same time,in turn,similarly,likewise,in fact,indeed,"
        "for now,in this case,in other words,after that,since then,by then,eventually,over time",
    }.items()
}


class NextSentence:
    """Sentence -> the one after it, among sentences of the section that begin with a like linking word."""

    name = "next_sentence"
    level: Level = "integrate"
    best_tier: Tier = "auto"
    needs_parse = False

    def propose(
        self,
        facts: ArticleFacts,  # noqa: ARG002 -- the verb of every recipe
        section: SectionFacts,
        stream: random.Random,
    ) -> Iterator[Proposal]:
        """Proposals for this section: the best tied pairs of neighbours that have distractors."""
        prose = [sentence for sentence in section.sentences if _is_plain(section.section, sentence)]
        linked = {sentence.index: _linker(sentence.text) for sentence in prose}
        found = 0
        for first, second in pairwise(prose):
            kind = linked[second.index]
            is_next = second.index == first.index + 1 and second.block == first.block
            if not is_next or not kind or not _can_lead(first):
                continue
            others = [
                other
                for other in prose
                if linked[other.index] == kind and other.index not in {first.index, second.index}
            ]
            distractors = _of_like_length(second, others, stream)
            if len(distractors) >= FEWEST_OTHERS and found < MOST_PROPOSALS:
                found += 1
                yield self._proposal(section.section, first, second, distractors)

    def _proposal(
        self, section: Section, first: Sentence, second: Sentence, distractors: Sequence[Sentence]
    ) -> Proposal:
        span = first.span
        edits = (Edit(span.start, span.start, "", "“"), Edit(span.end, span.end, "", ASKING))
        shown = [second, *distractors]
        derivations = {"stem": Derivation(section.id, span, edits)}
        derivations |= {f"option-{i}": Derivation(section.id, one.span) for i, one in enumerate(shown)}
        options = [
            Option(one.text, "elsewhere", "This sentence stands elsewhere in the section.") for one in shown
        ]
        options[0] = Option(second.text, "key", "It takes up what the sentence before it says.")
        item = Item(
            type="multiple_choice",
            stem=derivations["stem"].replay(section.text),
            options=tuple(options),
            key=(0,),
            explanation="In the section the two sentences stand one after the other.",
            evidence=tuple(
                Evidence(section.id, one.span.start, one.span.end, one.text) for one in (first, second)
            ),
        )
        return Proposal(section.id, self.name, self.level, item, derivations)

    def examples(self) -> Examples:
        """Texts that it must and must not make items of."""
        return Examples(
            makes={
                "The old ferry crossed the lake twice a day in every season. "
                "It carried letters, milk and schoolchildren to the far shore.\n\n"
                "The council closed the harbour after the great storm of that winter. "
                "This decision angered the fishing families of the eastern bay.\n\n"
                "A new bridge opened at the narrow end of the lake. "
                "These works had taken four summers and most of the budget.": (
                    "It carried letters, milk and schoolchildren to the far shore.",
                )
            },
            abstains={
                "The old ferry crossed the lake twice a day in every season. "
                "Letters, milk and schoolchildren travelled to the far shore.\n\n"
                "The council closed the harbour after the great storm. "
                "Fishing families of the eastern bay were angry.": "no sentence begins with a linking word",
                "The old ferry crossed the lake twice a day in every season. "
                "It carried letters, milk and schoolchildren to the far shore.": "there are no distractors",
            },
        )


def _is_plain(section: Section, sentence: Sentence) -> bool:
    text = sentence.text
    return (
        section.blocks[sentence.block].kind == "prose"
        and FEWEST_WORDS <= len(text.split()) <= MOST_WORDS
        and text.endswith(".")
        and "reference" not in sentence.blockers
        and not any(sign in text for sign in '“”"()[]')
    )


def _can_lead(sentence: Sentence) -> bool:
    return len(sentence.text.split()) <= MOST_WORDS_IN_STEM and not dangling_pronouns(sentence.text)


def _linker(text: str) -> str:
    """The class of the linking word at the beginning of a sentence; empty where there is none."""
    first = tuple(words(text)[:4])
    for kind, linkers in LINKERS.items():
        if any(first[: len(linker)] == linker for linker in linkers):
            return kind
    return ""


def _of_like_length(right: Sentence, others: Sequence[Sentence], stream: random.Random) -> list[Sentence]:
    """The distractors nearest in length, in reading order; chance decides between equals."""
    shuffled = list(others)
    stream.shuffle(shuffled)
    nearest = sorted(shuffled, key=lambda one: abs(len(one.text) - len(right.text)))[:MOST_OTHERS]
    return sorted(nearest, key=lambda one: one.index)
