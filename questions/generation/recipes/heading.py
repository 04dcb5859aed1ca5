"""Under which heading a sentence stands: it must have most in common with its own."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from questions.generation.checks.pronouns import dangling_pronouns
from questions.generation.facts import ArticleFacts, SectionFacts, Sentence
from questions.generation.proposal import Derivation, Edit, Level, Proposal, Tier
from questions.generation.recipes.base import Examples
from questions.generation.words import content_stems, jaccard
from questions.items.base import Evidence, Item, Option
from questions.reading.article import Section
from questions.reading.faq import is_faq_name

ASKING = "” Under which heading does the article say so?"
FEWEST_WORDS, MOST_WORDS = 8, 30
FEWEST_OTHERS, MOST_OTHERS = 2, 3
SAME_HEADING = 0.5
MOST_PROPOSALS = 3
LONGER, SHORTER = 1.5, 0.5


@dataclass(frozen=True, slots=True)
class _Excerpt:
    sentence: Sentence
    shared: int


class Heading:
    """Excerpt -> heading, for sections with a real heading of their own."""

    name = "heading"
    level: Level = "integrate"
    best_tier: Tier = "auto"
    needs_parse = False

    def propose(
        self,
        facts: ArticleFacts,
        section: SectionFacts,
        stream: random.Random,
    ) -> Iterator[Proposal]:
        """Proposals for this section: the sentences that share most with its heading."""
        own = section.section
        others = _other_headings(facts.article.sections, own)
        if not _is_real(own) or len(others) < FEWEST_OTHERS or "not_prose" in section.reasons:
            return
        for excerpt in _excerpts(section, [heading for _, heading in others])[:MOST_PROPOSALS]:
            distractors = _of_like_length(own.heading, [heading for _, heading in others], stream)
            if len(distractors) >= FEWEST_OTHERS:
                yield self._proposal(own, excerpt, distractors)

    def _proposal(self, section: Section, excerpt: _Excerpt, distractors: Sequence[str]) -> Proposal:
        span = excerpt.sentence.span
        edits = (Edit(span.start, span.start, "", "“"), Edit(span.end, span.end, "", ASKING))
        derivation = Derivation(section.id, span, edits)
        options = [
            Option(section.heading, "key", "The sentence stands under this heading."),
            *(Option(text, "elsewhere", f"The section “{text}” does not say this.") for text in distractors),
        ]
        item = Item(
            type="multiple_choice",
            stem=derivation.replay(section.text),
            options=tuple(options),
            key=(0,),
            explanation=f"The sentence stands in the section “{section.heading}”.",
            evidence=(Evidence(section.id, span.start, span.end, span.of(section.text)),),
        )
        score = 0.2 * min(excerpt.shared - 1, 2)
        return Proposal(section.id, self.name, self.level, item, {"stem": derivation}, score)

    def examples(self) -> Examples:
        """Texts that it must and must not make items of."""
        return Examples(
            makes={f"{TITLE}\n\n{SALT}\n\n{BRIDGES}\n\n{SCHOOLS}": ("Salt and Snow", "Bridges of Rope")},
            abstains={
                f"{TITLE}\n\n{SALT}": "there is no other heading to choose from",
                f"{TITLE}\n\n{UNRELATED}": "no sentence shares a word with its heading",
            },
        )


TITLE = "Life in the Valley"
SALT = "Salt and Snow\n\nThe salt works of the valley employed two hundred men every winter."
BRIDGES = "Bridges of Rope\n\nThe first bridges crossed the gorge where the river was narrow."
SCHOOLS = "Mountain Schools\n\nThe schools stayed open in summer when the roads were dry."
UNRELATED = """Salt and Snow

The workers of the valley left their homes early in the winter.

Bridges of Rope

Travellers crossed the gorge where the river was narrow enough.

Mountain Schools

Lessons went on in summer when the roads were finally dry."""


def _is_real(section: Section) -> bool:
    has_prose = any(block.kind == "prose" for block in section.blocks)
    return bool(section.heading) and has_prose and not is_faq_name(section.heading)


def _other_headings(sections: Sequence[Section], own: Section) -> list[tuple[str, str]]:
    """Section ids and headings that cannot be meant by the own heading."""
    stems, seen = content_stems(own.heading), {own.heading}
    found = []
    for section in sections:
        if section.heading in seen or not _is_real(section):
            continue
        seen.add(section.heading)
        if jaccard(stems, content_stems(section.heading)) < SAME_HEADING:
            found.append((section.id, section.heading))
    return found


def _excerpts(section: SectionFacts, others: Sequence[str]) -> list[_Excerpt]:
    """Sentences that name what their heading names, more of it than of any other heading; the best first."""
    own = content_stems(section.section.heading)
    found = []
    for sentence in section.sentences:
        if not _can_be_quoted(section, sentence):
            continue
        stems = content_stems(sentence.text)
        shared = len(stems & own)
        if shared and own - stems and all(shared > len(stems & content_stems(other)) for other in others):
            found.append(_Excerpt(sentence, shared))
    return sorted(found, key=lambda excerpt: (-excerpt.shared, excerpt.sentence.index))


def _can_be_quoted(section: SectionFacts, sentence: Sentence) -> bool:
    text = sentence.text
    return (
        section.section.blocks[sentence.block].kind == "prose"
        and FEWEST_WORDS <= len(text.split()) <= MOST_WORDS
        and text.endswith((".", "!"))
        and not any(sign in text for sign in '“”"')
        and not dangling_pronouns(text)
    )


def _of_like_length(own: str, others: Sequence[str], stream: random.Random) -> list[str]:
    """Some of the headings that are not so much longer or shorter that length tells the right one."""
    fitting = [other for other in others if SHORTER * len(other) < len(own)]
    stream.shuffle(fitting)
    chosen = fitting[:MOST_OTHERS]
    if chosen and len(own) >= LONGER * max(map(len, chosen)):
        longest = max(fitting, key=lambda other: (len(other), other))
        chosen[-1] = longest
    return chosen
