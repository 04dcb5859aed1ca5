"""What a page may show of one question: frozen views that hold no answer before the question is checked.

Templates see only these. What must stay secret (key, explanation, feedback, evidence) is not in a view until
the slot has been graded, so that no template can leak it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from questions.items.base import Evidence, Item, KeyPart
from questions.items.content import item_from_json
from questions.items.registry import item_type
from webapp.repositories.attempt_rows import AttemptRow, SlotRow
from webapp.repositories.reading import TextRow
from webapp.services import clock
from webapp.services.similar_questions import NOTHING, Similar
from webapp.services.visibility import EVERYTHING, Shown, shown

MAX_LEAD = 20
"""Characters before a quotation that say no more than "The section says"."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What of its attempt decides about how a question is shown."""

    shown: Shown = EVERYTHING
    asks_confidence: bool = False
    tries: int = 1


PLAIN = Terms()
RANKS = ("needs_review", "unanswered", "incorrect", "partly", "correct")
"""Statuses that can be compared, the worst first."""


def terms_of(attempt: AttemptRow) -> Terms:
    """The terms of an attempt as they are now."""
    asks = attempt.confidence != "off"
    tries = {"deferred": 0, "immediate": 1}.get(attempt.behaviour, attempt.tries_allowed)
    return Terms(shown(attempt, clock.now()), asks, tries)


@dataclass(frozen=True, slots=True)
class OptionView:
    """One choice. `index` is its place as authored, which is what forms send."""

    index: int
    text: str


class SlotView(NamedTuple):
    """One question of an attempt as a page shows it."""

    position: int
    type: str
    stem: str
    options: tuple[OptionView, ...]
    """In the order in which they are shown."""
    response: Mapping[str, Any]
    """The stored answer; `{}` where there is none."""
    typed: Mapping[str, str] | None = None
    """What was typed into a form that was refused, by field; None: show the stored answer."""
    error: str = ""
    saved_at: datetime | None = None
    is_checked: bool = False
    status: str = ""
    score: Decimal | None = None
    points_possible: Decimal = Decimal(1)
    key: tuple[KeyPart, ...] = ()
    key_text: str = ""
    response_text: str = ""
    """The stored answer in words, once it is graded; empty where there is none."""
    option_feedback: str = ""
    """Why the chosen option tempts, or why it is right."""
    explanation: str = ""
    evidence: tuple[tuple[int, int, str], ...] = ()
    """(start, end, label) in the text that is shown."""
    quotes: tuple[str, ...] = ()
    """The evidence in its own words, as the pinned text had it."""
    report: str = ""
    """What became of the person's report about it: "open", the word of a decision, or nothing."""
    shown: Shown = EVERYTHING
    """What of a graded question may be seen now. What may not is not in the view either."""
    asks_confidence: bool = False
    confidence: int | None = None
    tries: int = 0
    """How often it was checked and not right, while it is still open."""
    tries_left: int = 0
    ruling: str = ""
    """What was decided about the question since: "key", "either", "full", "drop", or nothing."""
    is_kept: bool = False
    """Whether the answer would not earn this any more, and keeps it because nobody is to go down."""
    is_handed_in: bool = False
    """Whether its answer is one that an instructor handed in from the learner's file."""
    hint: str = ""
    """After the first try "paragraph", later "sentence": what of the text is pointed at; else nothing."""
    retry_of: int = 0
    """The question that was missed, where this is a similar one: extra practice. 0: one of the quiz."""
    similar: Similar = NOTHING
    """What is said of similar questions beside it."""

    @property
    def explanation_is_evidence(self) -> bool:
        """Whether the explanation only quotes the evidence, so that beside it one of the two is enough."""
        lead, _, quoted = self.explanation.partition("“")
        inside = quoted.rstrip("”").rstrip("… ")
        is_short = len(lead) <= MAX_LEAD
        return bool(inside) and is_short and any(quote.startswith(inside) for quote in self.quotes)

    @property
    def prefix(self) -> str:
        """What the names of this question's form fields begin with."""
        return field_prefix(self.position)


def field_prefix(position: int) -> str:
    """`s3-` for the third question: many questions stand in one form."""
    return f"s{position}-"


def slot_view(
    slot: SlotRow,
    text: TextRow | None = None,
    *,
    typed: Mapping[str, str] | None = None,
    error: str = "",
    terms: Terms = PLAIN,
    similar: Similar = NOTHING,
) -> SlotView:
    """One question as its page shows it; `text` is the wording of the section that stands beside it."""
    item = item_from_json(slot.content)
    view = SlotView(
        position=slot.position,
        type=item.type,
        stem=item.stem,
        options=_options(item, slot.option_order),
        response=slot.response or {},
        typed=typed,
        error=error,
        saved_at=slot.saved_at,
        asks_confidence=terms.asks_confidence,
        confidence=slot.confidence,
        is_handed_in=slot.is_handed_in,
        retry_of=slot.retry_of or 0,
        similar=similar,
    )
    if slot.checked_at is None:
        return _with_hint(view, item, slot, text, terms) if slot.tries else view
    ruled, text_id = explained_by(item, slot)
    graded = _released(view, ruled)._replace(
        status=slot.status or "",
        score=slot.score,
        points_possible=slot.points_possible,
        evidence=tuple(_places(ruled, slot.position, text_id, text)) if text is not None else (),
        report=slot.report or "",
        ruling=slot.ruling or "",
        is_kept=_is_kept(item, ruled, slot),
    )
    return graded if terms.shown.is_everything else _held_back(graded, terms.shown)


def explained_by(item: Item, slot: SlotRow) -> tuple[Item, int]:
    """What explains a grade: the wording that was asked, with key and reasons of the one that grades it now.

    And the text in which its evidence stands. Where both keys are accepted, it is the one by which the answer
    earns more that is explained.
    """
    if slot.ruled_content is None:
        return item, slot.section_version_id
    other = item_from_json(slot.ruled_content)
    if slot.ruling == "either" and _score(item, slot) > _score(other, slot):
        return item, slot.section_version_id
    options = item.options
    if len(other.options) == len(options):
        options = tuple(
            replace(option, feedback=newer.feedback)
            for option, newer in zip(options, other.options, strict=True)
        )
    ruled = replace(
        item, key=other.key, options=options, explanation=other.explanation, evidence=other.evidence
    )
    return ruled, slot.ruled_section_version_id or slot.section_version_id


def _is_kept(item: Item, ruled: Item, slot: SlotRow) -> bool:
    """Whether the grade is more than the explained key gives for the answer.

    Among several tries the best counts, which need not be the last one: then it must be what the last one
    earned as it was asked.
    """
    if slot.ruled_content is None or slot.ruling == "full" or slot.status not in RANKS:
        return False
    stored = RANKS.index(slot.status)
    return stored > _rank(ruled, slot) and (slot.tries <= 1 or stored == _rank(item, slot))


def _rank(item: Item, slot: SlotRow) -> int:
    """How good the answer is by this wording."""
    return RANKS.index(item_type(item.type).grade(item, slot.response or {}).status)


def _score(item: Item, slot: SlotRow) -> Decimal:
    return item_type(item.type).grade(item, slot.response or {}).score or Decimal(0)


def _with_hint(view: SlotView, item: Item, slot: SlotRow, text: TextRow | None, terms: Terms) -> SlotView:
    """A question that was tried and is still open: first its paragraph, then the sentence that proves it."""
    is_first = slot.tries == 1
    places: list[tuple[int, int, str]] = []
    if text is not None:
        places = list(_places(item, slot.position, slot.section_version_id, text))
    if text is not None and is_first:
        places = [(*_paragraph(text.text, start, end), label) for start, end, label in places]
    return view._replace(
        tries=slot.tries,
        tries_left=terms.tries - slot.tries,
        score=slot.score,
        hint="paragraph" if is_first else "sentence",
        evidence=tuple(places),
        quotes=() if is_first else tuple(span.quote for span in item.evidence),
    )


def _paragraph(text: str, start: int, end: int) -> tuple[int, int]:
    """The lines in which a span stands."""
    stop = text.find("\n", end)
    return text.rfind("\n", 0, start) + 1, len(text) if stop < 0 else stop


def _held_back(view: SlotView, may: Shown) -> SlotView:
    """A graded question without what may not be seen yet."""
    tells = may.correctness and may.key
    return view._replace(
        shown=may,
        response=view.response if may.response else {},
        response_text=view.response_text if may.response else "",
        status=view.status if may.correctness else "held",
        score=view.score if may.tells_scores else None,
        key=view.key if tells else (),
        key_text=view.key_text if tells else "",
        option_feedback=view.option_feedback if may.explanation and may.correctness else "",
        explanation=view.explanation if may.explanation and tells else "",
        evidence=view.evidence if may.evidence else (),
        quotes=view.quotes if may.evidence else (),
    )


def preview_view(
    item: Item,
    *,
    position: int = 1,
    response: Mapping[str, Any] | None = None,
    is_checked: bool = False,
) -> SlotView:
    """An item that no attempt asked, as a learner would see it: for authors and reviewers."""
    view = SlotView(
        position=position,
        type=item.type,
        stem=item.stem,
        options=_options(item, range(len(item.options))),
        response=response or {},
    )
    if not is_checked:
        return view
    outcome = item_type(item.type).grade(item, view.response)
    return _released(view, item)._replace(
        status=outcome.status,
        score=outcome.score,
        evidence=tuple((span.start, span.end, str(position)) for span in item.evidence),
    )


def _options(item: Item, order: Sequence[int]) -> tuple[OptionView, ...]:
    """The options in the pinned order; in the authors' where what is pinned does not fit."""
    authored = range(len(item.options))
    shown = order if sorted(order) == list(authored) else authored
    return tuple(OptionView(index, item.options[index].text) for index in shown)


def _released(view: SlotView, item: Item) -> SlotView:
    """What may be seen once the question is graded."""
    kind = item_type(item.type)
    return view._replace(
        is_checked=True,
        key=item.key,
        key_text=kind.key_text(item),
        response_text=kind.response_text(item, view.response),
        option_feedback=kind.grade(item, view.response).feedback,
        explanation=item.explanation,
        quotes=tuple(span.quote for span in item.evidence),
    )


def _places(item: Item, position: int, text_id: int, text: TextRow) -> Iterator[tuple[int, int, str]]:
    """Where the evidence stands in the text shown; looked up by its words where that is another wording."""
    label = str(position)
    for span in item.evidence:
        if text_id == text.id:
            yield span.start, span.end, label
        elif (start := _only_place(span, text.text)) is not None:
            yield start, start + len(span.quote), label


def _only_place(span: Evidence, text: str) -> int | None:
    start = text.find(span.quote)
    return start if start >= 0 and text.find(span.quote, start + 1) < 0 else None
