"""What analysis knows of an article: plain, frozen facts that recipes, distractors and checks stand on.

Nothing here knows a parser: a test builds facts by hand, and another parser can be plugged in. All offsets
count code points of the section's text. Tokens and sentences are numbered from 0 in sentence and section.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from questions.generation.proposal import Derivation
from questions.reading.article import Article, Section, Span

EntityLabel = Literal["PERSON", "COUNTRY", "PLACE", "NORP", "ORG", "OTHER"]
"""COUNTRY is a state; PLACE a town, region or landscape; NORP an adjective of nation or group ("French")."""

Hedge = Literal["exact", "at_least", "at_most", "about"]
Granularity = Literal["day", "day_month", "month", "year", "decade", "month_only"]
ClauseKind = Literal[
    "sentence", "trimmed", "conjunct", "claim", "coordinate", "relative", "result", "effect", "purpose"
]


@dataclass(frozen=True, slots=True)
class Token:
    """One token: its place in the section, its words, and what the parser says (Universal POS, Penn tag)."""

    start: int
    end: int
    text: str
    lemma: str
    pos: str
    tag: str
    dep: str
    head: int
    """Number of the head token in the same sentence; a root is its own head."""
    ent: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """A full statement that the text makes and that stands on its own (all clause gates passed).

    `derivation` replays to `text`: a capital first, a full stop last. `tokens` are the sentence's tokens that
    are kept, in order.
    """

    section: str
    sentence: int
    kind: ClauseKind
    text: str
    derivation: Derivation
    tokens: tuple[int, ...]
    root: int
    subject: tuple[int, ...]
    is_negated: bool = False
    is_hedged: bool = False
    told_in: int | None = None
    """The sentence that names whom or what a pronoun of this one stands for, where the name is put in."""

    @property
    def word_count(self) -> int:
        """Words of the statement."""
        return len(self.text.split())


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a section. `blockers` are reason codes why no statement may be taken from it."""

    section: str
    index: int
    block: int
    span: Span
    text: str
    tokens: tuple[Token, ...] = ()
    content: frozenset[str] = frozenset()
    """Lower-case lemmas of its content words (without a parse: its words without the commonest)."""
    blockers: tuple[str, ...] = ()
    clauses: tuple[Clause, ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where an entity is named. `first` and `last` are token numbers, both included."""

    entity: str
    section: str
    sentence: int
    first: int
    last: int
    span: Span
    text: str
    is_modifier: bool
    """In front of a noun ("a Paris hotel") or possessive: not a slot for any other name."""


@dataclass(frozen=True, slots=True)
class Entity:
    """Somebody or something with a name, over the whole article: the label is that of most mentions."""

    name: str
    label: EntityLabel
    aliases: tuple[str, ...]
    """Every form under which it may be meant, the canonical one included."""
    mentions: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True)
class NumberFact:
    """A number in a sentence: `span` covers the figure alone; `unit` what is counted or measured."""

    section: str
    sentence: int
    span: Span
    text: str
    value: float
    unit: str
    hedge: Hedge
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class DateFact:
    """A date in a sentence, as exact as the text has it."""

    section: str
    sentence: int
    span: Span
    text: str
    granularity: Granularity
    year: int | None
    month: int | None
    day: int | None
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Attribution:
    """Somebody says something: `claim` is what, as a full statement; `question` asks for it."""

    section: str
    sentence: int
    speaker: str
    speaker_span: Span
    verb: str
    """Lemma of the verb of saying."""
    question: str
    claim: Clause
    telling: str = ""
    """The verb as it follows "who" ("told the council"); empty where it cannot, or another is the source."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who can say or do something, at one place of the text.

    Actors of one `kind` can stand beside each other as answers.
    """

    section: str
    sentence: int
    span: Span
    text: str
    kind: str
    """A name's label ("PERSON"), or what a common noun is: its article and number ("the NNS")."""
    names: tuple[str, ...]
    """Every form under which it may be meant."""


@dataclass(frozen=True, slots=True)
class Conditional:
    """If (or unless) this, then that. `condition` begins with its conjunction; `result` is a statement."""

    section: str
    sentence: int
    marker: Literal["if", "unless"]
    condition: Span
    result: Clause
    modal: str
    """The result's modal verb in lower case, or empty."""
    speaker: str = ""
    """Who says so, where it is somebody in the text."""


@dataclass(frozen=True, slots=True)
class Cause:
    """An effect and why it is so, or what it is done for: full statements, without the conjunction.

    A purpose is no statement: "To settle the dispute".
    `question` asks why the effect is so; `asking` is how its words are made. A pronoun of the reason may
    stand for something in the question.
    """

    section: str
    sentence: int
    kind: Literal["reason", "purpose"]
    effect: Clause
    reason: Clause
    question: str
    asking: Derivation


@dataclass(frozen=True, slots=True)
class DatedEvent:
    """A statement with its one date taken out of it, and the date: (year, month or 0, day or 0)."""

    section: str
    sentence: int
    when: tuple[int, int, int]
    date: DateFact
    event: Clause


@dataclass(frozen=True, slots=True)
class SectionFacts:
    """Everything known of one section.

    `reasons` says why there are no parsed facts ("no_model", "not_english", "not_prose",
    "not_sentences"); else it is empty.
    Sentences are there in any case (with neither tokens nor clauses where `reasons` is not empty).
    """

    section: Section
    index: int
    sentences: tuple[Sentence, ...]
    reasons: tuple[str, ...] = ()
    clauses: tuple[Clause, ...] = ()
    mentions: tuple[Mention, ...] = ()
    numbers: tuple[NumberFact, ...] = ()
    dates: tuple[DateFact, ...] = ()
    attributions: tuple[Attribution, ...] = ()
    actors: tuple[Actor, ...] = ()
    conditionals: tuple[Conditional, ...] = ()
    causes: tuple[Cause, ...] = ()
    events: tuple[DatedEvent, ...] = ()

    @property
    def is_parsed(self) -> bool:
        """Whether recipes that need a parse can work here."""
        return not self.reasons


LONGEST_NAME = 3
"""Words of a title up to which it is a name that the text may well begin with."""


@dataclass(frozen=True, slots=True)
class ArticleFacts:
    """Everything known of an article: its sections, and the pools that reach over all of them."""

    article: Article
    sections: tuple[SectionFacts, ...]
    entities: tuple[Entity, ...] = ()
    topic: str = ""
    """The one person whom the whole article is about; empty where there is none."""
    model: str = ""
    """Name and version of the language model; empty when none was there."""
    notes: tuple[str, ...] = ()
    """What to tell the operator, as that a model was refused."""
    index: Mapping[str, frozenset[tuple[int, int]]] = field(default_factory=dict)
    """Content lemma -> the (section number, sentence number) pairs of the sentences that have it."""

    def entity(self, name: str) -> Entity:
        """The entity of that canonical name; KeyError where there is none."""
        for entity in self.entities:
            if entity.name == name:
                return entity
        raise KeyError(name)

    def headlines(self, section: SectionFacts) -> str:
        """What stands above a section: title and heading, where the title is not just its first words."""
        title = self.article.title
        is_cut = title.endswith("\u2026") or len(title.split()) > LONGEST_NAME
        is_own = not (is_cut and section.section.text.startswith(title.rstrip("\u2026")))
        return f"{title if is_own else ''} {section.section.heading}".strip()

    def sentence(self, place: tuple[int, int]) -> Sentence:
        """The sentence at (section number, sentence number)."""
        return self.sections[place[0]].sentences[place[1]]
