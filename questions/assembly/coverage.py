"""What of a section's text is asked about: which sentences have items, and what no item asks for.

Pure, and without a language model: sentences are those that a reader's page marks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from questions.reading.article import Block, Section, Span
from questions.reading.faq import faq_parts
from questions.reading.passage import sentences

Level = Literal["retrieve", "infer", "integrate", "evaluate"]
LEVELS: tuple[Level, ...] = get_args(Level)
Gap = Literal[
    "no_text",
    "nothing_asked",
    "first_third",
    "middle_third",
    "last_third",
    "no_retrieve",
    "no_infer",
    "no_integrate",
    "no_evaluate",
]
GAPS: tuple[Gap, ...] = get_args(Gap)
"""What can be missing, in the order in which it is told."""

_THIRDS: tuple[Gap, ...] = ("first_third", "middle_third", "last_third")
LEAST_SENTENCES_FOR_THIRDS = 6
"""A shorter text is not looked at in thirds: one question would have to stand in every second sentence."""
_NOT_PROSE = ("code", "fragment")


@dataclass(frozen=True, slots=True)
class Asked:
    """One item as far as the map knows it. `spans`: its evidence in this text; empty ones mark nothing.

    An item of another section may have evidence here (`is_own` is False): it marks sentences, but what this
    section's questions ask for is not counted by it.
    """

    id: int
    is_in_use: bool
    type: str
    level: str | None
    spans: Sequence[Span] = ()
    is_own: bool = True


@dataclass(frozen=True, slots=True)
class MappedSentence:
    """A sentence of the text and the ids of the items that it proves."""

    span: Span
    gap: Span
    """What stands between it and the next sentence of its paragraph: white space or nothing."""
    can_be_asked: bool
    """False for code and fragments that no item is about."""
    in_use: tuple[int, ...]
    waiting: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A block of the text, in sentences."""

    kind: str
    sentences: tuple[MappedSentence, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many items of one level or type are in use, and how many wait."""

    in_use: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """The map of one section."""

    paragraphs: tuple[Paragraph, ...]
    levels: Mapping[str, Counts]
    """Every level, in order; `""` behind them where items have none (a person wrote them)."""
    types: Mapping[str, Counts]
    """The types there are, by name."""
    order: tuple[int, ...]
    """Ids of all items: first by their place in the text, then those without a place."""

    @property
    def sentences(self) -> Sequence[MappedSentence]:
        """Every sentence, in order."""
        return [sentence for paragraph in self.paragraphs for sentence in paragraph.sentences]

    @property
    def askable(self) -> Sequence[MappedSentence]:
        """Sentences that can be asked about, in order."""
        return [sentence for sentence in self.sentences if sentence.can_be_asked]

    @property
    def covered(self) -> int:
        """How many sentences an item in use asks about."""
        return sum(bool(sentence.in_use) for sentence in self.sentences)

    @property
    def only_waiting(self) -> int:
        """How many more only an item that waits asks about."""
        return sum(bool(sentence.waiting and not sentence.in_use) for sentence in self.sentences)

    @property
    def in_use(self) -> int:
        """How many of the section's own items are in use."""
        return sum(counts.in_use for counts in self.levels.values())

    @property
    def gaps(self) -> Sequence[Gap]:
        """What is missing among the items in use, in the order of GAPS."""
        if not self.in_use and not self.covered:
            return ["nothing_asked"] if self.askable else ["no_text"]
        return [*self._empty_thirds(), *self._missing_levels()]

    def _empty_thirds(self) -> Iterator[Gap]:
        askable = self.askable
        count = len(askable)
        if count < LEAST_SENTENCES_FOR_THIRDS or not self.covered:
            return
        for number, name in enumerate(_THIRDS):
            third = askable[number * count // 3 : (number + 1) * count // 3]
            if not any(sentence.in_use for sentence in third):
                yield name

    def _missing_levels(self) -> Iterator[Gap]:
        names: Mapping[Level, Gap] = {
            "retrieve": "no_retrieve",
            "infer": "no_infer",
            "integrate": "no_integrate",
            "evaluate": "no_evaluate",
        }
        return (names[level] for level in LEVELS if not self.levels[level].in_use)


def cover(section: Section, items: Sequence[Asked]) -> Coverage:
    """The map of a section: its sentences, the items that ask about each, and how many there are of what."""
    placed = sorted(
        ((span, item) for item in items for span in item.spans if span.start < span.end),
        key=lambda mark: (mark[0].start, not mark[1].is_in_use, mark[0].end),
    )
    marks = _Marks(placed)
    paragraphs = tuple(
        Paragraph(kind, tuple(_mapped(kind, cuts, marks))) for kind, cuts in _paragraphs(section)
    )
    order = dict.fromkeys([item.id for _span, item in placed] + [item.id for item in items])
    own = [item for item in items if item.is_own]
    levels = _count((item.level if item.level in LEVELS else "", item.is_in_use) for item in own)
    types = _count((item.type, item.is_in_use) for item in own)
    return Coverage(
        paragraphs,
        {level: levels.get(level, Counts(0, 0)) for level in LEVELS}
        | ({"": levels[""]} if "" in levels else {}),
        dict(sorted(types.items())),
        tuple(order),
    )


class _Marks:
    """Evidence in the order of the text, asked for sentence by sentence from the first to the last."""

    def __init__(self, marks: Sequence[tuple[Span, Asked]]) -> None:
        self._coming = list(reversed(marks))
        self._open: list[tuple[Span, Asked]] = []

    def at(self, sentence: Span) -> Sequence[Asked]:
        """The items whose evidence overlaps the sentence."""
        while self._coming and self._coming[-1][0].start < sentence.end:
            self._open.append(self._coming.pop())
        self._open = [mark for mark in self._open if mark[0].end > sentence.start]
        return [item for _span, item in self._open]


def _mapped(kind: str, cuts: Sequence[Span], marks: _Marks) -> Iterator[MappedSentence]:
    for number, span in enumerate(cuts):
        here = marks.at(span)
        after = cuts[number + 1].start if number + 1 < len(cuts) else span.end
        yield MappedSentence(
            span,
            Span(span.end, after),
            kind not in _NOT_PROSE or bool(here),
            tuple(dict.fromkeys(item.id for item in here if item.is_in_use)),
            tuple(dict.fromkeys(item.id for item in here if not item.is_in_use)),
        )


def _paragraphs(section: Section) -> Iterator[tuple[str, Sequence[Span]]]:
    """Each block in sentences; words that stand in no block are fragments."""
    at = 0
    for block in section.blocks:
        yield from _stray(section.text, at, block.span.start)
        cuts = _cuts(section.text, block)
        if cuts:
            yield block.kind, cuts
        at = block.span.end
    yield from _stray(section.text, at, len(section.text))


def _stray(text: str, start: int, end: int) -> Iterator[tuple[str, Sequence[Span]]]:
    cuts = sentences(text, start, end) if start < end else ()
    if cuts:
        yield "fragment", cuts


def _cuts(text: str, block: Block) -> Sequence[Span]:
    """The sentences of a block. A question and its answer may stand in one line without a space."""
    start, end = block.span.start, block.span.end
    if block.kind != "faq":
        return sentences(text, start, end)
    turn = start + faq_parts(block.span.of(text))[0].end
    return (*sentences(text, start, turn), *sentences(text, turn, end))


def _count(pairs: Iterable[tuple[str, bool]]) -> dict[str, Counts]:
    counted = Counter(pairs)
    names = {name for name, _is_in_use in counted}
    return {name: Counts(counted[name, True], counted[name, False]) for name in names}
