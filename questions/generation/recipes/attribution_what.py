"""What did somebody say? The claim answers; its falsifications and other claims are the distractors."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator

from questions.generation.distractors import Falsified
from questions.generation.distractors_clauses import of_like_length
from questions.generation.distractors_names import swaps
from questions.generation.distractors_numbers import false_numbers
from questions.generation.distractors_polarity import affirmations, refusals
from questions.generation.distractors_roles import exchanges, rather_than_swaps
from questions.generation.distractors_words import antonyms
from questions.generation.entities import same_referent
from questions.generation.facts import ArticleFacts, Attribution, Clause, SectionFacts
from questions.generation.lexicon import words
from questions.generation.proposal import Derivation, Level, Proposal, Tier
from questions.generation.realise import choice, false_option
from questions.generation.recipes.base import Examples
from questions.items.base import Option

OTHERS, FEWEST_OTHERS = 3, 2
MOST_FALSE = 2
MAX_WORDS = 30
ANYBODY = frozenset({"people", "some", "many", "others", "critics", "they", "experts", "one", "everybody"})


class AttributionWhat:
    """Asked only where that speaker says one thing with that verb in the section."""

    name = "attribution_what"
    level: Level = "retrieve"
    best_tier: Tier = "auto"
    needs_parse = True

    def propose(
        self, facts: ArticleFacts, section: SectionFacts, stream: random.Random
    ) -> Iterator[Proposal]:
        """Proposals for this section, in reading order."""
        asked = Counter(one.question for one in section.attributions)
        for said in section.attributions:
            if asked[said.question] > 1 or said.claim.word_count > MAX_WORDS:
                continue
            if said.speaker.lower() in ANYBODY:
                continue
            found = self._distractors(facts, section, said, stream)
            if len(found) >= FEWEST_OTHERS:
                options = [Option(said.claim.text, "key", "This is what the text reports.")]
                options += [option for option, _ in found]
                derivations = {"option-0": said.claim.derivation}
                derivations |= {f"option-{place}": one for place, (_, one) in enumerate(found, start=1)}
                yield choice(
                    section, self.name, self.level, said.question, options, [said.sentence], derivations
                )

    def _distractors(
        self, facts: ArticleFacts, section: SectionFacts, said: Attribution, stream: random.Random
    ) -> list[tuple[Option, Derivation]]:
        false = _false(facts, section, said, stream)
        found = [(false_option(one), one.derivation) for one in false[:MOST_FALSE]]
        others = [one.claim for one in section.attributions if not same_referent(one.speaker, said.speaker)]
        seen = {said.claim.text, *(option.text for option, _ in found)}
        for clause in of_like_length([*others, *section.clauses], said.claim, [said.sentence]):
            is_new = clause.text not in seen and not clause.is_negated
            if len(found) < OTHERS and is_new and not _is_about_saying(section, clause, said):
                found.append((Option(clause.text, "elsewhere", _REASON), clause.derivation))
        return found

    def examples(self) -> Examples:
        """Texts that it must and must not make items of."""
        return Examples(
            makes={
                "The council warned that the old bridge is dangerous for lorries. "
                "The ferry company carries letters and milk to the shore. "
                "The harbour of Marlow has 340 berths for boats.": (
                    "The old bridge is dangerous for lorries.",
                ),
            },
            abstains={
                "The old bridge is dangerous for lorries and for buses.": "nobody says so",
                "They warned that the old bridge is dangerous.": "nobody knows who warned",
            },
        )


_REASON = "The section says this, but not as the words of the speaker asked about."


def _false(
    facts: ArticleFacts, section: SectionFacts, said: Attribution, stream: random.Random
) -> list[Falsified]:
    """The claim made false, each place in it once; a mere "not" would make a pair that stands out."""
    claim = said.claim
    made: list[Falsified] = [*exchanges(facts, section, claim), *rather_than_swaps(section, claim)]
    made += [*antonyms(facts, section, claim, is_claim=True), *affirmations(section, claim)]
    made += false_numbers(section, claim, stream)
    others = list(swaps(facts, section, claim, is_claim=True))
    made += [others[place] for place in stream.sample(range(len(others)), min(len(others), 1))]
    made += refusals(section, claim)
    return list({one.before: one for one in reversed(made)}.values())[::-1]


def _is_about_saying(section: SectionFacts, clause: Clause, said: Attribution) -> bool:
    """Whether a statement names the speaker, or tells itself what somebody says."""
    verb = section.sentences[clause.sentence].tokens[clause.root].lemma.lower()
    return said.speaker.lower() in clause.text.lower() or verb in words("report_verbs")
