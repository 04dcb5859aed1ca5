"""Who said that? The speaker answers, other actors of the article are the distractors."""

from __future__ import annotations

import random
from collections.abc import Iterator

from questions.generation import wordnet
from questions.generation.derive import derive
from questions.generation.entities import same_referent
from questions.generation.facts import Actor, ArticleFacts, Attribution, Clause, SectionFacts
from questions.generation.lexicon import words
from questions.generation.proposal import Derivation, Level, Proposal, Tier
from questions.generation.realise import choice
from questions.generation.recipes.base import Examples
from questions.items.base import Option
from questions.reading.article import Span

OTHERS, FEWEST_OTHERS = 3, 2
MAX_WORDS = 26
BEFORE_NAME = frozenset({"DET", "ADJ", "NOUN", "PROPN"})
AFTER_NAME = frozenset({"of", "from", "at"})
PRONOUNS = frozenset({"PRP", "PRP$"})
"""They may mean the speaker: what is asked for would be in the question."""


class AttributionWho:
    """Only speakers who are somebody; a report or an estimate that "says" something is not asked for."""

    name = "attribution_who"
    level: Level = "retrieve"
    best_tier: Tier = "review"
    needs_parse = True

    def propose(
        self, facts: ArticleFacts, section: SectionFacts, stream: random.Random
    ) -> Iterator[Proposal]:
        """Proposals for this section, in reading order."""
        for said in section.attributions:
            speaker = _speaker(section, said)
            if speaker is None or not _can_be_asked(section, said, speaker):
                continue
            found = _others(facts, section, said, speaker, stream)
            if len(found) < FEWEST_OTHERS:
                continue
            made = [_words(facts, speaker, speaker.span), *(_words(facts, *one) for one in found)]
            options = [Option(made[0][1], "key", "The text names this speaker.")]
            options += [Option(text, "elsewhere", _REASON) for _, text in made[1:]]
            stem_derivation, stem = _stem(section, said)
            derivations = {"stem": stem_derivation}
            derivations |= {f"option-{place}": one for place, (one, _) in enumerate(made)}
            yield choice(section, self.name, self.level, stem, options, [said.sentence], derivations)

    def examples(self) -> Examples:
        """Texts that it must and must not make items of."""
        return Examples(
            makes={
                "Anna Kowalska warned that the old bridge is dangerous for lorries. "
                "Peter Lindqvist bought the ferry and painted it. "
                "Maria Torres opened a bakery beside the harbour.": ("Anna Kowalska",),
                "Engineers have found that granite keeps the heat of the sun. "
                "Fishermen sell their catch on the quay. "
                "Teachers take their classes to the lighthouse.": ("Engineers",),
            },
            abstains={
                "The report warned that the old bridge is dangerous for lorries. "
                "Peter Lindqvist bought the ferry. Maria Torres opened a bakery. "
                "Anna Kowalska painted the lamp of the lighthouse.": "a report is nobody",
                "Anna Kowalska warned that she would close the old bridge to lorries. "
                "Peter Lindqvist bought the ferry and painted it. "
                "Maria Torres opened a bakery beside the harbour.": "the claim is about the speaker",
                "Anna Kowalska warned that the old bridge is dangerous for lorries. "
                "The ferry carries letters and milk to the shore.": "nobody else is there",
            },
        )


_REASON = "The text names this actor, but not as the one who said so."


def _speaker(section: SectionFacts, said: Attribution) -> Actor | None:
    """Who speaks; a person by name alone, without the title or trade in front of it."""
    whole = said.speaker_span
    tokens = [
        token for token in section.sentences[said.sentence].tokens if whole.start <= token.start < whole.end
    ]
    for actor in section.actors:
        before = {token.pos for token in tokens if token.start < actor.span.start}
        after = [token.text for token in tokens if token.start >= actor.span.end]
        is_inside = whole.start <= actor.span.start and actor.span.end <= whole.end
        is_name = actor.kind == "PERSON" and before <= BEFORE_NAME and (not after or after[0] in AFTER_NAME)
        if actor.span == whole or (is_inside and is_name):
            return actor
    return None


def _can_be_asked(section: SectionFacts, said: Attribution, speaker: Actor) -> bool:
    """Whether the claim stands without its speaker, by name or by pronoun."""
    tokens = section.sentences[said.sentence].tokens
    claim = said.claim
    if not said.telling or claim.word_count > MAX_WORDS or '"' in claim.text or "\u201c" in claim.text:
        return False
    if any(tokens[number].tag in PRONOUNS for number in claim.tokens):
        return False
    return not _is_in(speaker, f"{said.telling} {claim.text}")


def _is_in(actor: Actor, text: str) -> bool:
    """Whether the text has a name of the actor, or a word of one that says who it is."""
    low = f" {''.join(sign if sign.isalnum() else ' ' for sign in text.lower())} "
    empty = words("stop_words") | words("person_titles")
    parts = {part for name in actor.names for part in name.lower().split()} - empty
    return any(f" {part} " in low for part in parts)


def _others(
    facts: ArticleFacts, section: SectionFacts, said: Attribution, speaker: Actor, stream: random.Random
) -> list[tuple[Actor, Span]]:
    """Actors of the speaker's kind, those of the section first, none of them in the speaker's sentence."""
    near = [one for one in section.actors if one.sentence != said.sentence]
    far = [one for other in facts.sections if other.index != section.index for one in other.actors]
    for pool in (near, far):
        stream.shuffle(pool)
    sentence = section.sentences[said.sentence].text
    found: list[tuple[Actor, Span]] = []
    for one in sorted([*near, *far], key=lambda one: _unlike(one, speaker)):
        if one.kind != speaker.kind or _is_in(one, sentence):
            continue
        taken = [speaker, *(actor for actor, _ in found)]
        if len(found) < OTHERS and not any(_may_be_same(one, other) for other in taken):
            found.append((one, _as_long(one, speaker)))
    return found


def _unlike(one: Actor, speaker: Actor) -> tuple[bool, bool, int]:
    """How much an actor's words differ in form from the speaker's: a surname stands beside surnames."""
    mine, theirs = one.text, speaker.text
    is_single = len(mine.split()) == 1
    return (
        one.kind != speaker.kind,
        is_single != (len(theirs.split()) == 1),
        abs(len(mine) - len(theirs)) // 4,
    )


def _as_long(one: Actor, speaker: Actor) -> Span:
    """The actor's words; of a person's, the last name where the speaker is named by one word."""
    is_short = one.kind == "PERSON" and len(speaker.text.split()) == 1
    return Span(one.span.end - len(one.text.split()[-1]), one.span.end) if is_short else one.span


def _may_be_same(one: Actor, other: Actor) -> bool:
    if any(same_referent(mine, theirs) for mine in one.names for theirs in other.names):
        return True
    heads = one.text.lower().split()[-1], other.text.lower().split()[-1]
    return one.kind.endswith(("NN", "NNS")) and wordnet.related(*heads)


def _words(facts: ArticleFacts, actor: Actor, span: Span) -> tuple[Derivation, str]:
    return derive(facts.article.section(actor.section), span, stop="")


def _stem(section: SectionFacts, said: Attribution) -> tuple[Derivation, str]:
    """As "According to the section, who said that ...?", made of the claim's own words."""
    tokens, claim = section.sentences[said.sentence].tokens, said.claim
    first, last = tokens[claim.tokens[0]], tokens[claim.tokens[-1]]
    kept = [
        (edit.start, edit.end, edit.after)
        for edit in claim.derivation.edits
        if first.end <= edit.start and edit.end <= last.end and edit.start < last.end
    ]
    lead = f"According to the section, who {said.telling} that {_opening(section, claim)}"
    span = Span(first.start, last.end)
    return derive(section.section, span, [(first.start, first.end, lead), *kept], stop="?")


def _opening(section: SectionFacts, claim: Clause) -> str:
    """The claim's first word inside a sentence."""
    token = section.sentences[claim.sentence].tokens[claim.tokens[0]]
    if token.text.lower() in {"this", "these"}:
        return "the"
    return token.text if token.pos == "PROPN" or token.text.isupper() else token.text.lower()
