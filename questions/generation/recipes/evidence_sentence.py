"""Which sentence shows that a statement is wrong? The evidence is the answer, and not only its proof."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace

from questions.generation.distractors import Falsified, shortest
from questions.generation.facts import ArticleFacts, SectionFacts, Sentence
from questions.generation.falsehoods import falsehoods
from questions.generation.proposal import Derivation, Edit, Level, Proposal, Tier
from questions.generation.realise import evidence
from questions.generation.recipes.base import Examples
from questions.generation.words import content_stems
from questions.items.base import Item, Option

ASKING = "” Which sentence of the section proves the contrary?"
MIN_WORDS, MAX_WORDS = 6, 24
FEWEST_WORDS, MOST_WORDS = 6, 32
OTHERS, FEWEST_OTHERS = 3, 2
FEWEST_SHARED = 2
"""Content words that another sentence must share with the statement, to be worth a look."""
TOO_PLAIN = frozenset({"negation", "entity"})
"""A mere "not" is seen at once; another name may be wrong for many reasons."""


class EvidenceSentence:
    """The other sentences are those of the section that speak most of the same things."""

    name = "evidence_sentence"
    level: Level = "integrate"
    best_tier: Tier = "review"
    needs_parse = True

    def propose(
        self, facts: ArticleFacts, section: SectionFacts, stream: random.Random
    ) -> Iterator[Proposal]:
        """Proposals for this section, in reading order: one for each sentence."""
        prose = [sentence for sentence in section.sentences if _is_plain(section, sentence)]
        places = {sentence.index for sentence in prose}
        fit = [clause for clause in section.clauses if MIN_WORDS <= clause.word_count <= MAX_WORDS]
        found = [
            false
            for clause in fit
            if clause.sentence in places
            for false in falsehoods(facts, section, clause, stream)
            if false.kind not in TOO_PLAIN
        ]
        asked: set[int] = set()
        for false in shortest(found, stream):
            others = _speaking_of(false, prose)
            if false.clause.sentence not in asked and len(others) >= FEWEST_OTHERS:
                asked.add(false.clause.sentence)
                yield self._proposal(section, false, others)

    def _proposal(self, section: SectionFacts, false: Falsified, others: Sequence[Sentence]) -> Proposal:
        right = section.sentences[false.clause.sentence]
        shown = [right, *others]
        derivations = {"stem": _asked(false)}
        derivations |= {
            f"option-{place}": Derivation(section.section.id, one.span) for place, one in enumerate(shown)
        }
        options = [Option(one.text, "elsewhere", "This sentence says nothing against it.") for one in shown]
        said = f"The text says “{false.before}”, the statement says “{false.after}”."
        options[0] = Option(right.text, "key", said)
        item = Item(
            type="multiple_choice",
            stem=derivations["stem"].replay(section.section.text),
            options=tuple(options),
            key=(0,),
            explanation=said,
            evidence=evidence(section, [right.index]),
        )
        return Proposal(section.section.id, self.name, self.level, item, derivations)

    def examples(self) -> Examples:
        """Texts that it must and must not make items of."""
        rest = (
            "The council of Marlow paid the keepers of the bridge and the harbour. "
            "A second bridge of stone stood at the harbour of Marlow until the great storm."
        )
        return Examples(
            makes={
                f"The council of Marlow rejected the plan for a second bridge. {rest}": (
                    "The council of Marlow rejected the plan for a second bridge.",
                ),
            },
            abstains={
                "The council of Marlow rejected the plan for a second bridge. Fish live in cold water. "
                "Apples grow on trees in the hills.": "no other sentence speaks of the same things",
                f"The council of Marlow discussed the plan for a second bridge. {rest}": (
                    "no word has a plain opposite"
                ),
            },
        )


def _is_plain(section: SectionFacts, sentence: Sentence) -> bool:
    text = sentence.text
    return (
        section.section.blocks[sentence.block].kind == "prose"
        and FEWEST_WORDS <= len(text.split()) <= MOST_WORDS
        and text.endswith(".")
        and "reference" not in sentence.blockers
        and not any(sign in text for sign in '“”"()[]')
    )


def _speaking_of(false: Falsified, prose: Sequence[Sentence]) -> list[Sentence]:
    """The sentences that share most with a statement, in reading order; none beside its own."""
    stems = content_stems(false.text)
    shared = {
        one.index: len(stems & content_stems(one.text)) for one in prose if one.index != false.clause.sentence
    }
    near = [one for one in prose if shared.get(one.index, 0) >= FEWEST_SHARED]
    best = sorted(near, key=lambda one: (-shared[one.index], one.index))[:OTHERS]
    return sorted(best, key=lambda one: one.index)


def _asked(false: Falsified) -> Derivation:
    """The statement in quotation marks, and the question after it."""
    base = false.derivation
    start, end = base.span.start, base.span.end
    inner = [edit for edit in base.edits if (edit.start, edit.end) != (end, end)]
    stop = "".join(edit.after for edit in base.edits if (edit.start, edit.end) == (end, end))
    edits = (Edit(start, start, "", "“"), *inner, Edit(end, end, "", stop + ASKING))
    return replace(base, edits=edits)
