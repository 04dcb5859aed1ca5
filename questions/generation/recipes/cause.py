"""Why is something so, and what is it done for? The text's own "because" and "in order to" answer."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace

from questions.generation import wordnet
from questions.generation.dangling import dangling
from questions.generation.distractors import Falsified, sentence_of
from questions.generation.distractors_clauses import aims, of_like_length
from questions.generation.distractors_names import swaps
from questions.generation.distractors_numbers import false_numbers
from questions.generation.distractors_polarity import affirmations, negations
from questions.generation.distractors_roles import comparison_swaps
from questions.generation.distractors_words import antonyms
from questions.generation.facts import ArticleFacts, Cause, Clause, SectionFacts
from questions.generation.inversion import led_by
from questions.generation.proposal import Derivation, Level, Proposal, Tier
from questions.generation.realise import choice, why_false
from questions.generation.recipes.base import Examples
from questions.generation.tree import Tree
from questions.generation.words import content_stems
from questions.items.base import Option

OTHERS, FEWEST_OTHERS = 3, 2
MAX_WORDS, FEWEST_WORDS = 24, 4
APART = 2
"""So many sentences away another statement may stand: what is told next to it may be a reason as well."""


class CauseQuestion:
    """The distractors are the reason made false, and what else the text says, in the same form."""

    name = "cause"
    level: Level = "retrieve"
    best_tier: Tier = "auto"
    needs_parse = True

    def propose(
        self, facts: ArticleFacts, section: SectionFacts, stream: random.Random
    ) -> Iterator[Proposal]:
        """Proposals for this section, in reading order."""
        for cause in section.causes:
            if cause.reason.word_count > MAX_WORDS:
                continue
            key = _answer(section, cause.kind, cause.reason)
            found = _distractors(facts, section, cause, key, stream) if key else []
            if key is None or len(found) < FEWEST_OTHERS:
                continue
            options = [Option(key.text, "key", REASONS[cause.kind])]
            options += [option for option, _ in found]
            derivations = {"stem": cause.asking, "option-0": key.derivation}
            derivations |= {f"option-{place}": one for place, (_, one) in enumerate(found, start=1)}
            told = [] if cause.effect.told_in is None else [cause.effect.told_in]
            proving = [cause.sentence, cause.reason.sentence, *told]
            level: Level = "infer" if cause.reason.sentence != cause.sentence else self.level
            yield choice(section, self.name, level, cause.question, options, proving, derivations)

    def examples(self) -> Examples:
        """Texts that it must and must not make items of."""
        return Examples(
            makes={
                "The ferry stopped for the winter because the water of the harbour was shallow. "
                "The council sold the old mill in the spring. "
                "The keepers of the lighthouse lit the lamp in the evening. "
                "A storm filled the harbour of Marlow with sand. "
                "The winter of 1902 brought ice to the ferry landing.": (
                    "Because the water of the harbour was shallow.",
                ),
                "To settle a quarrel between neighbours, the council of Marlow offered a prize. "
                "The lamps of the market are lit with oil. "
                "The farmers of Marlow repaired the fence of the market. "
                "The merchants founded a school for the children of the sailors.": (
                    "To settle a quarrel between neighbours",
                ),
            },
            abstains={
                "The ferry did not stop because the harbour was shallow. The council sold a mill. "
                "The keepers lit the lamp. A storm destroyed the bridge.": "what is denied is not clear",
                "The ferry stopped because of that. The council sold the old mill in the spring. "
                "The keepers lit the lamp. A storm destroyed the bridge.": "the reason points elsewhere",
                "The council had a plan to sell the mill. The keepers lit the lamp in the evening. "
                "A storm destroyed the wooden bridge.": "the infinitive says which plan",
            },
        )


REASONS = {
    "reason": "This is the reason that the text gives.",
    "purpose": "This is what the text says it is done for.",
}
_OTHER = "The section says this, but not as the answer to what was asked."


def _answer(section: SectionFacts, kind: str, clause: Clause) -> Clause | None:
    """A statement in the form of an answer: "Because ..." or "To ...".  None where it has no such form."""
    if (kind == "purpose") != (clause.kind == "purpose"):
        return None
    if kind == "purpose":
        return clause
    derivation, text = led_by(section.section, Tree(sentence_of(section, clause).tokens), clause, "Because")
    return replace(clause, derivation=derivation, text=text)


def _distractors(
    facts: ArticleFacts, section: SectionFacts, cause: Cause, key: Clause, stream: random.Random
) -> list[tuple[Option, Derivation]]:
    found: list[tuple[Option, Derivation]] = []
    for false in _false(facts, section, key, stream)[:1]:
        derivation, text = _like(section, false, key)
        found.append((Option(text, "misreading", why_false(false, "this")), derivation))
    taken = [content_stems(key.text)]
    for other, clause in _others(facts, section, cause, key):
        if len(found) >= OTHERS:
            break  # each further section costs as much as this one
        made = _answer(other, cause.kind, clause)
        stems = content_stems(made.text) if made else frozenset()
        if made and not any(stems <= one or one <= stems for one in taken):
            taken.append(stems)
            found.append((Option(made.text, "elsewhere", _OTHER), made.derivation))
    return found


def _false(facts: ArticleFacts, section: SectionFacts, key: Clause, stream: random.Random) -> list[Falsified]:
    """The reason made false, best first."""
    made = [*false_numbers(section, key, stream), *swaps(facts, section, key)]
    if key.kind == "purpose":
        verb = section.sentences[key.sentence].tokens[key.root]
        others = [one for one in antonyms(facts, section, key) if one.before != verb.text]
        return [*others, *made]  # nobody would take the opposite of an aim for the aim
    made = [
        *comparison_swaps(section, key),
        *affirmations(section, key),
        *antonyms(facts, section, key),
        *made,
    ]
    return [*made, *negations(section, key)]


def _like(section: SectionFacts, false: Falsified, key: Clause) -> tuple[Derivation, str]:
    """The false reason with a full stop only where the key has one."""
    if key.text.endswith("."):
        return false.derivation, false.text
    end = false.derivation.span.end
    edits = tuple(edit for edit in false.derivation.edits if (edit.start, edit.after) != (end, "."))
    derivation = replace(false.derivation, edits=edits)
    return derivation, derivation.replay(section.section.text)


def _others(
    facts: ArticleFacts, section: SectionFacts, cause: Cause, key: Clause
) -> Iterator[tuple[SectionFacts, Clause]]:
    """What else the text gives as a reason, then what else it says, most like what was asked about first.

    This section comes before the others.
    """
    near = {one + step for one in (cause.sentence, cause.reason.sentence) for step in range(1 - APART, APART)}
    about = _subjects(section, cause.effect)
    evidence = content_stems(section.sentences[cause.sentence].text)
    for other in sorted(facts.sections, key=lambda one: (one is not section, abs(one.index - section.index))):
        left = near if other is section else set()
        causes = [one.reason for one in other.causes if one.kind == cause.kind and one.sentence not in left]
        pool = aims(other, left) if cause.kind == "purpose" else other.clauses
        rest = of_like_length(pool, key, left, FEWEST_WORDS)
        if cause.kind == "reason":
            rest = [one for one in rest if content_stems(one.text) & evidence]
        rest.sort(
            key=lambda one: (-len(content_stems(one.text) & evidence), one.kind != "sentence", one.sentence)
        )
        for clause in (*causes, *rest):
            if _stands(other, clause) and not _subjects(other, clause) & about:
                yield other, clause


def _subjects(section: SectionFacts, clause: Clause) -> set[str]:
    """Whom or what a statement is about, by the lemmas of the nouns."""
    tokens = section.sentences[clause.sentence].tokens
    return {tokens[one].lemma.lower() for one in clause.subject if tokens[one].pos in {"NOUN", "PROPN"}}


def _stands(section: SectionFacts, clause: Clause) -> bool:
    """Whether it can stand after "because" or as an aim without anything before it."""
    tokens = section.sentences[clause.sentence].tokens
    if clause.kind == "purpose":
        return not any(tokens[one].tag in {"PRP", "PRP$"} for one in clause.tokens)
    first = tokens[clause.tokens[0]]
    is_plain = clause.tokens[0] in clause.subject and first.text.lower() != "there"
    is_plain = is_plain and not dangling(Tree(tokens), clause.tokens)
    may_be_name = first.pos == "PROPN" and clause.tokens[0] == 0 and wordnet.knows(first.text.lower())
    return is_plain and not may_be_name and not clause.is_hedged and clause.told_in is None
