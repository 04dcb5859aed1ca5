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
    hint: str = ""
    """After the first try "paragraph", later "sentence": what of the text is pointed at; else nothing."""

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
    )
    if slot.checked_at is None:
        return _with_hint(view, item, slot, text, terms) if slot.tries else view
    ruled = _ruled(item, slot)
    graded = _released(view, ruled)._replace(
        status=slot.status or "",
        score=slot.score,
        points_possible=slot.points_possible,
        evidence=tuple(_places(ruled, slot, text)) if text is not None else (),
        report=slot.report or "",
        ruling=slot.ruling or "",
    )
    return graded if terms.shown.is_everything else _held_back(graded, terms.shown)


def _ruled(item: Item, slot: SlotRow) -> Item:
    """The wording that was asked, with key and reasons of the one by which it is graded since a ruling.

    Where both keys are accepted, it is the one by which the answer earns more that is explained.
    """
    if slot.ruled_content is None:
        return item
    other = item_from_json(slot.ruled_content)
    kind = item_type(item.type)
    if slot.ruling == "either":
        own, newer = kind.grade(item, slot.response or {}), kind.grade(other, slot.response or {})
        if (own.score or 0) > (newer.score or 0):
            return item
    is_alike = len(other.options) == len(item.options)
    options = (
        tuple(
            replace(option, feedback=newer.feedback)
            for option, newer in zip(item.options, other.options, strict=True)
        )
        if is_alike
        else item.options
    )
    return replace(
        item, key=other.key, options=options, explanation=other.explanation, evidence=other.evidence
    )


def _with_hint(view: SlotView, item: Item, slot: SlotRow, text: TextRow | None, terms: Terms) -> SlotView:
    """A question that was tried and is still open: first its paragraph, then the sentence that proves it."""
    is_first = slot.tries == 1
    places = list(_places(item, slot, text)) if text is not None else []
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
        score=view.score if may.points and may.correctness else None,
        key=view.key if tells else (),
        key_text=view.key_text if tells else "",
        option_feedback=view.option_feedback if may.explanation and may.correctness else "",
        explanation=view.explanation if may.explanation and tells else "",
        evidence=view.evidence if may.explanation and tells else (),
        quotes=view.quotes if may.explanation and tells else (),
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


def _places(item: Item, slot: SlotRow, text: TextRow) -> Iterator[tuple[int, int, str]]:
    """Where the evidence stands in the text shown; looked up by its words where that is another wording."""
    label = str(slot.position)
    for span in item.evidence:
        if slot.section_version_id == text.id and slot.ruled_content is None:
            yield span.start, span.end, label
        elif (start := _only_place(span, text.text)) is not None:
            yield start, start + len(span.quote), label


def _only_place(span: Evidence, text: str) -> int | None:
    start = text.find(span.quote)
    return start if start >= 0 and text.find(span.quote, start + 1) < 0 else None
