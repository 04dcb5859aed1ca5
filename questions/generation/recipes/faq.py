"""Questions that the article asks and answers itself, both ways: question -> answer, and answer -> question.

What gives an answer away is left out of all options alike: a verdict ("Yes", "Not fully") and "Because".
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from questions.generation import wordnet
from questions.generation.checks.pronouns import dangling_pronouns
from questions.generation.derive import derive
from questions.generation.facts import ArticleFacts, SectionFacts, Sentence
from questions.generation.gates import is_english
from questions.generation.proposal import Derivation, Edit, Level, Proposal, Tier
from questions.generation.realise import quoted
from questions.generation.recipes.base import Examples
from questions.generation.words import WORD, content_stems, words
from questions.items.base import Evidence, Item, Option
from questions.reading.article import Block, Section, Span
from questions.reading.faq import faq_parts
from questions.reading.passage import sentences

TO_ANSWER = "” What does the section answer?"
TO_QUESTION = "” Which question does the section answer with these words?"
FEWEST_WORDS, MOST_WORDS = 5, 32
QUESTION_WORDS = (4, 30)
FEWEST_OTHERS, MOST_OTHERS = 2, 3
LONGER, SHORTER = 1.5, 0.5

SINGLE = {"“": "\u2018", "”": "\u2019"}
_VERDICT = re.compile(
    r"(?:(?:yes|no|maybe|perhaps|possibly|probably|sometimes|often|rarely|usually|absolutely|definitely|certainly"
    r"|of course|indeed|both|neither|true|false|it depends|not at all|hardly|partly|partially|mostly|largely"
    r"|not (?:\w+ly|yet|quite|always|at all|so much|really|for now))\b[\s,.:;!\u2013\u2014-]*)+",
    re.IGNORECASE,
)
_LEAD = re.compile(r"(?:(?:that|this|it)(?:['\u2019]s| is) )?because\s+", re.IGNORECASE)
_VERB_FORM = re.compile(
    r"\b(?:is|are|was|were|has|have|had|does|do|did|can|could|may|might|must|should|will|would|shall"
    r"|(?:it|that|there)['\u2019]s|they['\u2019]re)\b",
    re.IGNORECASE,
)

_BEFORE_OBJECT = re.compile(
    r"the|an?|its|their|his|her|our|your|this|that|these|those|it|them|him|no|all|any|some|most|many|only|not|how",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A question, and the first sentence of its answer that says something by itself.

    `answer` derives the sentence as an option: without verdict or "Because", with a capital and a full stop.
    """

    question: Span
    question_text: str
    evidence: Span
    answer: Derivation
    answer_text: str

    @property
    def kind(self) -> str:
        """What the question begins with: a question word, or "yes_no"."""
        first = next(iter(words(self.question_text)), "")
        return first if first in {"why", "what", "how", "who", "when", "where", "which"} else "yes_no"


class Faq:
    """Questions and answers of the article, as items in both directions."""

    name = "faq"
    level: Level = "integrate"
    best_tier: Tier = "auto"
    needs_parse = False

    def propose(
        self,
        facts: ArticleFacts,  # noqa: ARG002 -- the verb of every recipe
        section: SectionFacts,
        stream: random.Random,
    ) -> Iterator[Proposal]:
        """Proposals for this section: each pair that has like answers, or like questions, beside it."""
        pairs = list(_pairs(section)) if is_english(section.section.text) else []
        for pair in pairs:
            others = [other for other in pairs if other is not pair and _is_apart(pair, other)]
            stream.shuffle(others)
            others.sort(key=lambda other: other.kind != pair.kind)
            answers = _of_like_length(pair.answer_text, [(one.answer_text, one) for one in others])
            if len(answers) >= FEWEST_OTHERS:
                yield self._asking_for_answer(section.section, pair, answers)
            questions = _of_like_length(pair.question_text, [(one.question_text, one) for one in others])
            if len(questions) >= FEWEST_OTHERS and not dangling_pronouns(pair.answer_text):
                yield self._asking_for_question(section.section, pair, questions)

    def _asking_for_answer(self, section: Section, pair: Pair, others: Sequence[Pair]) -> Proposal:
        derivations = {"stem": _quoted(section, pair.question, TO_ANSWER), "option-0": pair.answer}
        derivations |= {f"option-{i}": other.answer for i, other in enumerate(others, start=1)}
        feedback = "The section says this, but in answer to {}"
        options = [
            Option(pair.answer_text, "key", "This is the section’s own answer."),  # noqa: RUF001 -- real apostrophe
            *(
                Option(one.answer_text, "elsewhere", feedback.format(quoted(one.question_text)))
                for one in others
            ),
        ]
        return self._proposal(section, pair, options, derivations)

    def _asking_for_question(self, section: Section, pair: Pair, others: Sequence[Pair]) -> Proposal:
        shown = _quoted(section, pair.answer.span, TO_QUESTION)
        stem = Derivation(section.id, shown.span, tuple(sorted({*shown.edits, *_inner(pair)})))
        derivations = {"stem": stem, "option-0": Derivation(section.id, pair.question)}
        derivations |= {
            f"option-{i}": Derivation(section.id, other.question) for i, other in enumerate(others, start=1)
        }
        feedback = "To this question, the section answers: {}"
        options = [
            Option(pair.question_text, "key", "The section gives this answer to this very question."),
            *(
                Option(one.question_text, "elsewhere", feedback.format(quoted(one.answer_text)))
                for one in others
            ),
        ]
        return self._proposal(section, pair, options, derivations)

    def _proposal(
        self, section: Section, pair: Pair, options: Sequence[Option], derivations: dict[str, Derivation]
    ) -> Proposal:
        answer = pair.evidence.of(section.text)
        item = Item(
            type="multiple_choice",
            stem=derivations["stem"].replay(section.text),
            options=tuple(options),
            key=(0,),
            explanation=f"To {quoted(pair.question_text)} the section answers: {quoted(answer)}",
            evidence=tuple(
                Evidence(section.id, span.start, span.end, span.of(section.text))
                for span in (pair.question, pair.evidence)
            ),
        )
        return Proposal(section.id, self.name, self.level, item, derivations)

    def examples(self) -> Examples:
        """Texts that it must and must not make items of."""
        return Examples(
            makes={
                f"{OPENING}\n\n{ANSWERED}": (
                    "The midday heat would spoil the fish within hours.",
                    "Most of the stalls can take only coins and paper notes.",
                )
            },
            abstains={
                f"{OPENING}\n\n{VERDICTS}": "the answers are verdicts without a reason",
                OPENING: "there are no questions with answers",
            },
        )


OPENING = "The Night Market\n\nStalls open at dusk and close at midnight, and most sellers come by boat."
ANSWERED = """FAQ

Why does the market open at night?Because the midday heat would spoil the fish within hours.

Can visitors pay by card?Not yet. Most of the stalls can take only coins and paper notes.

Who looks after the old lanterns?The guild of boatmen has cleaned them each evening for years."""
VERDICTS = "FAQ\n\nCan visitors pay by card?No.\n\nIs there a ferry?Yes.\n\nAre dogs allowed?No."


def _pairs(section: SectionFacts) -> Iterator[Pair]:
    text = section.section.text
    for block in section.section.blocks:
        if block.kind != "faq":
            continue
        question, answer = (_shifted(part, block) for part in faq_parts(block.span.of(text)))
        if not _is_question(question.of(text)):
            continue
        evidence = _telling_sentence(section, answer)
        if evidence is not None:
            core = Span(evidence.start + _lead_length(evidence.of(text)), evidence.end)
            derivation, words_of = derive(section.section, core)
            yield Pair(question, question.of(text), evidence, derivation, words_of)


def _shifted(span: Span, block: Block) -> Span:
    return Span(span.start + block.span.start, span.end + block.span.start)


def _is_question(text: str) -> bool:
    fewest, most = QUESTION_WORDS
    return (
        text.endswith("?")
        and fewest <= len(text.split()) <= most
        and not any(sign in text for sign in '“”"\n')
    )


def _telling_sentence(section: SectionFacts, answer: Span) -> Span | None:
    """The first sentence of an answer that is more than a verdict or a phrase, if it is whole and plain."""
    text = section.section.text
    for span in sentences(text, answer.start, answer.end):
        rest = span.of(text)[_lead_length(span.of(text)) :]
        count = len(rest.split())
        if count >= FEWEST_WORDS:
            plain = rest.endswith(".") and count <= MOST_WORDS and _quotes_few(rest)
            return span if plain and _has_verb(section, span, rest) else None
    return None


def _quotes_few(text: str) -> bool:
    return text.count("“") == text.count("”") <= 1 and '"' not in text and ":" not in text


def _lead_length(text: str) -> int:
    """How many characters of an answer say only yes or no, or "because"."""
    verdict = _VERDICT.match(text)
    start = verdict.end() if verdict else 0
    lead = _LEAD.match(text, start)
    return lead.end() if lead else start


def _has_verb(section: SectionFacts, span: Span, rest: str) -> bool:
    """Whether the sentence has a finite verb: by its parse, or by a word that can hardly be anything else."""
    return _shows_verb(rest) or any(
        sentence.span.start <= span.start < sentence.span.end and _has_finite_root(sentence)
        for sentence in section.sentences
    )


def _shows_verb(text: str) -> bool:
    """Whether some word can hardly be but a verb: "is", "closed", or "closes" before what it closes."""
    if _VERB_FORM.search(text):
        return True
    found = WORD.findall(text)
    for word, after in pairwise(found[1:]):
        low = word.casefold()
        if low.endswith("ed") and _is_verb(low.removesuffix("d"), low.removesuffix("ed")):
            return True
        takes_object = bool(_BEFORE_OBJECT.fullmatch(after)) or after[0].isupper()
        if low.endswith("s") and takes_object and _is_verb(low.removesuffix("s"), low.removesuffix("es")):
            return True
    return False


def _is_verb(*bases: str) -> bool:
    return any(wordnet.knows(base, "v") for base in bases)


def _has_finite_root(sentence: Sentence) -> bool:
    finite = {"VBD", "VBP", "VBZ", "MD"}
    roots = [place for place, token in enumerate(sentence.tokens) if token.head == place]
    return any(
        token.tag in finite and (place in roots or (token.head in roots and token.dep in {"aux", "auxpass"}))
        for place, token in enumerate(sentence.tokens)
    )


def _is_apart(pair: Pair, other: Pair) -> bool:
    """Whether the other answer cannot pass for an answer to this question: it shares little with it."""
    question = content_stems(pair.question_text)
    return len(question & content_stems(other.answer_text)) <= len(question) / 2


def _of_like_length(right: str, others: Sequence[tuple[str, Pair]]) -> list[Pair]:
    """Pairs, in the order given, whose text is not so long or short beside the right one that it tells it."""
    fitting = [pair for text, pair in others if SHORTER * len(text) < len(right) < LONGER * len(text)]
    return fitting[:MOST_OTHERS]


def _quoted(section: Section, span: Span, asking: str) -> Derivation:
    """A stem that quotes a span, its own quotation marks made single, and asks something of it."""
    inner = [
        Edit(at, at + 1, section.text[at], SINGLE[section.text[at]])
        for at in range(span.start, span.end)
        if section.text[at] in SINGLE
    ]
    ends = [Edit(span.start, span.start, "", "“"), Edit(span.end, span.end, "", asking)]
    return Derivation(section.id, span, tuple(sorted([*ends, *inner])))


def _inner(pair: Pair) -> list[Edit]:
    """The edits of an answer that are not insertions at its ends (a quotation needs no full stop added)."""
    return [edit for edit in pair.answer.edits if edit.start != edit.end]
