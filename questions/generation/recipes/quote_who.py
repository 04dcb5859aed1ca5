"""Who said it, in so many words? A quotation, and the persons of the article to choose from."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping

from questions.generation.distractors_names import pick
from questions.generation.entities import same_referent
from questions.generation.facts import ArticleFacts, Mention, SectionFacts, Sentence
from questions.generation.lexicon import words
from questions.generation.proposal import Derivation, Edit, Level, Proposal, Tier
from questions.generation.realise import choice
from questions.generation.recipes.base import Examples
from questions.items.base import Option
from questions.reading.article import Span

ASKING, CLOSING = "According to the section, who said, \u201c", "\u201d?"
FEWEST_WORDS, MOST_WORDS = 6, 28
OTHERS, FEWEST_OTHERS = 3, 2
SAYING_DISTANCE = 2
"""So many words may stand between a name and its "said"."""
_QUOTE = re.compile('[\u201c"]([^\u201c\u201d"\\n]+)(?:[\u201d"]|$)')
_QUOTED_INSIDE = re.compile("(?:^|\\s)['\u2018\u2019]|['\u2018\u2019](?:\\s|$)")
_ENDS = ",.;: \u2026"


class QuoteWho:
    """One question for each quotation whose speaker's name stands beside "said" or the like."""

    name = "quote_who"
    level: Level = "retrieve"
    best_tier: Tier = "review"
    needs_parse = True

    def propose(
        self, facts: ArticleFacts, section: SectionFacts, stream: random.Random
    ) -> Iterator[Proposal]:
        """Proposals for this section, in reading order."""
        quotations = [(one, quoted) for one in section.sentences if (quoted := _quotation(one))]
        speaking = _all_speakers(facts) if quotations else {}
        for sentence, quoted in quotations:
            said_by = _speakers(facts, section, sentence, quoted)
            others = _others(section, said_by[0], speaking) if len(said_by) == 1 else []
            if len(others) >= FEWEST_OTHERS:
                stream.shuffle(others)
                yield self._proposal(section, sentence, quoted, said_by[0].text, others)

    def _proposal(
        self, section: SectionFacts, sentence: Sentence, quoted: Span, speaker: str, others: list[str]
    ) -> Proposal:
        edits = (Edit(quoted.start, quoted.start, "", ASKING), Edit(quoted.end, quoted.end, "", CLOSING))
        derivation = Derivation(section.section.id, quoted, edits)
        options = [Option(speaker, "key", "These are the words that the text gives to this person.")]
        options += [
            Option(name, "elsewhere", "The text gives other words to this person.") for name in others
        ]
        stem = derivation.replay(section.section.text)
        return choice(section, self.name, self.level, stem, options, [sentence.index], {"stem": derivation})

    def examples(self) -> Examples:
        """Texts that it must and must not make items of."""
        return Examples(
            makes={
                "Olaf Berg said that the pier of Marlow was too short. "
                "Maria Lind explained that nobody had paid for the ferry. "
                "\u201cA harbour without a lamp is an invitation to the rocks,\u201d said Ada Holm.": (
                    "Ada Holm",
                ),
            },
            abstains={
                "\u201cA harbour without a lamp is an invitation to the rocks,\u201d said Ada Holm.": (
                    "nobody else is named"
                ),
                "Olaf Berg said that the pier was short. Maria Lind said that nobody had paid for the ferry. "
                "The tower was called \u201cthe finger\u201d by everybody in Marlow.": "nobody says it",
            },
        )


def _quotation(sentence: Sentence) -> Span | None:
    """The one quotation of a sentence, where it is long enough to be somebody's words."""
    found = list(_QUOTE.finditer(sentence.text))
    if len(found) != 1 or not sentence.tokens:
        return None
    start, end = found[0].span(1)
    text = sentence.text[start:end].rstrip(_ENDS)
    is_whole = text[:1].isupper() and not set(text) & set("?!") and not _QUOTED_INSIDE.search(text)
    if not FEWEST_WORDS <= len(text.split()) <= MOST_WORDS or not is_whole:
        return None
    return Span(sentence.span.start + start, sentence.span.start + start + len(text))


def _speakers(
    facts: ArticleFacts, section: SectionFacts, sentence: Sentence, quoted: Span | None
) -> list[Mention]:
    """The persons whose names stand beside a verb of saying, outside of the quotation."""

    def is_quoted(start: int) -> bool:
        return quoted is not None and quoted.start <= start < quoted.end

    acted = {one.head for one in sentence.tokens if one.dep == "nsubj"}  # "she told Ada": Ada only listens
    verbs = [
        number
        for number, token in enumerate(sentence.tokens)
        if token.lemma.lower() in words("speaking_verbs") and not is_quoted(token.start)
    ]
    return [
        mention
        for mention in section.mentions
        if mention.sentence == sentence.index
        and facts.entity(mention.entity).label == "PERSON"
        and not mention.is_modifier
        and mention.text.split()[-1].lower() not in words("person_titles")
        and not is_quoted(mention.span.start)
        and any(
            _is_subject(sentence, mention, v) or (v not in acted and _is_beside(mention, v)) for v in verbs
        )
    ]


def _is_subject(sentence: Sentence, mention: Mention, verb: int) -> bool:
    last = sentence.tokens[mention.last]
    last = sentence.tokens[last.head] if last.dep == "conj" else last  # "said Ada and Olaf"
    return last.dep == "nsubj" and last.head == verb


def _is_beside(mention: Mention, verb: int) -> bool:
    return 0 < mention.first - verb <= SAYING_DISTANCE or 0 < verb - mention.last <= SAYING_DISTANCE


def _all_speakers(facts: ArticleFacts) -> dict[str, int]:
    """Everybody whom the article lets speak, and in which section first: nobody else may be meant."""
    found: dict[str, int] = {}
    for section in facts.sections:
        for sentence in section.sentences:
            for mention in _speakers(facts, section, sentence, None):
                found.setdefault(mention.entity, section.index)
    return found


def _others(section: SectionFacts, speaker: Mention, speaking: Mapping[str, int]) -> list[str]:
    """Others whom the article lets speak, those of the section first, written as fully as the speaker is."""
    pool = sorted(
        (name for name in speaking if not same_referent(name, speaker.text) and name != speaker.entity),
        key=lambda name: (speaking[name] != section.index, name),
    )
    is_full = " " in speaker.text
    named = [name for name in pool if name.split()[-1].lower() not in words("person_titles")]
    names = [name if is_full else name.split()[-1] for name in named if not is_full or " " in name]
    return pick(list(dict.fromkeys(names)), OTHERS, [speaker.text])
