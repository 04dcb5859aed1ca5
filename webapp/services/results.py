"""What came of an attempt: by section and by level, what to read again; and the list before handing in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from questions.items.content import item_from_json
from questions.items.registry import item_type
from webapp.repositories import attempts, reading
from webapp.repositories.attempt_rows import AttemptRow, SlotRow
from webapp.repositories.reading import SectionRow
from webapp.services.attempt_views import SlotView, Terms, explained_by, slot_view, terms_of
from webapp.services.errors import Conflict, NotFound
from webapp.services.overdue import in_time
from webapp.services.similar_questions import NOTHING, Similar, describe, families
from webapp.services.slot_grading import DROPPED, points_of
from webapp.services.visibility import EVERYTHING, Shown

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

CLOSED = "This attempt was closed without a score, because it was not handed in in time."
NOT_HANDED_IN = "This attempt has not been handed in yet. Go on with it, then hand it in to see the result."


@dataclass(frozen=True, slots=True)
class Part:
    """What the questions of one section, or of one level, came to."""

    points: Decimal
    points_possible: Decimal

    @property
    def is_full(self) -> bool:
        """Whether nothing was missed."""
        return self.points == self.points_possible

    @property
    def shown(self) -> dict[str, str]:
        """Both as a person writes them: whole where they are whole."""
        return {"points": _plain(self.points), "possible": _plain(self.points_possible)}


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """One question with its feedback, and where its evidence can be read."""

    view: SlotView
    mark: tuple[int, int] | None
    """The evidence in the section's present text; None where the text was edited since."""

    @property
    def place(self) -> str:
        """What leads, after a section's address, to its evidence there; empty where it has none."""
        if self.mark is None:
            return ""
        start, end = self.mark
        number = self.view.position
        return f"?text=new&mark={start}-{end}&question={number}#evidence-{number}"


@dataclass(frozen=True, slots=True)
class SectionResult:
    """The questions of one section."""

    heading: str
    number: int | None
    """The section's place; None where it has been taken out since."""
    part: Part
    questions: Sequence[QuestionResult]


@dataclass(frozen=True, slots=True)
class ResultPage:
    """Everything the page of a result shows."""

    attempt: AttemptRow
    sections: Sequence[SectionResult]
    levels: Sequence[tuple[str, Part]]
    shown: Shown = EVERYTHING

    @property
    def to_reread(self) -> list[SectionResult]:
        """The sections in which something was missed, most first."""
        if not self.shown.correctness:
            return []
        missed = [section for section in self.sections if not section.part.is_full and section.number]
        return sorted(missed, key=lambda section: section.part.points - section.part.points_possible)


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One line of the list before handing in."""

    position: int
    stem: str
    answer: str
    """The stored answer in words; empty where there is none."""


@dataclass(frozen=True, slots=True)
class ConfirmPage:
    """What would be handed in."""

    attempt: AttemptRow
    lines: Sequence[AnswerLine]

    @property
    def unanswered(self) -> list[int]:
        """The positions without an answer."""
        return [line.position for line in self.lines if not line.answer]


def get_own_attempt(session: Session, account_id: int, attempt_id: int) -> AttemptRow:
    """The person's own attempt. Raises NotFound, and Overdue where it has to be closed first."""
    attempt = in_time(attempts.get_attempt(session, attempt_id, account_id))
    if attempt is None:
        raise NotFound
    return attempt


def list_answers(session: Session, account_id: int, attempt_id: int) -> ConfirmPage:
    """What the person has answered so far, before it is handed in; extra practice is left out.

    A question that is still to come, where a quiz has no way back, is not told. Raises NotFound.
    """
    attempt = get_own_attempt(session, account_id, attempt_id)
    last = attempt.at_position if attempt.is_one_way else attempt.slot_count
    lines = []
    for slot in attempts.list_slots(session, attempt_id):
        if slot.is_extra or slot.position > last:
            continue
        item = item_from_json(slot.content)
        words = item_type(item.type).response_text(item, slot.response or {})
        lines.append(AnswerLine(slot.position, item.stem, words))
    return ConfirmPage(attempt, lines)


def show_result(session: Session, account_id: int, attempt_id: int) -> ResultPage:
    """The result of the person's own finished attempt, as far as it may be seen now.

    Raises NotFound, or Conflict while it is under way and for one that was closed without a score.
    """
    attempt = get_own_attempt(session, account_id, attempt_id)
    if attempt.state in {"open", "expired"}:
        raise Conflict(NOT_HANDED_IN if attempt.is_open else CLOSED)
    terms = terms_of(attempt)
    if terms.shown.is_nothing:
        return ResultPage(attempt, [], [], terms.shown)
    slots = attempts.list_slots(session, attempt_id)
    sections = reading.list_sections(session, attempt.module_id, account_id)
    levels = _by_level(slots) if terms.shown.points else []
    said = describe(session, attempt, slots)
    return ResultPage(attempt, _by_section(slots, sections, terms, said), levels, terms.shown)


def _by_section(
    slots: Sequence[SlotRow], sections: Sequence[SectionRow], terms: Terms, said: Mapping[int, Similar]
) -> list[SectionResult]:
    places = {row.id: (number, row) for number, row in enumerate(sections, start=1)}
    asked: dict[int, list[SlotRow]] = {}
    for family in families(slots):
        asked.setdefault(family[0].section_id, []).extend(family)
    results = []
    for section_id, own in asked.items():
        number, row = places.get(section_id, (None, None))
        results.append(
            SectionResult(
                heading=row.heading if row else "",
                number=number,
                part=_part(own),
                questions=[
                    QuestionResult(
                        slot_view(slot, terms=terms, similar=said.get(slot.position, NOTHING)),
                        _mark(slot, row) if terms.shown.evidence else None,
                    )
                    for slot in own
                ],
            )
        )
    return results


def _mark(slot: SlotRow, section: SectionRow | None) -> tuple[int, int] | None:
    evidence, text_id = slot.content.get("evidence") or [], slot.section_version_id
    if slot.is_checked and slot.ruled_content is not None:
        ruled, text_id = explained_by(item_from_json(slot.content), slot)
        evidence = [{"start": span.start, "end": span.end} for span in ruled.evidence]
    if section is None or not evidence or text_id != section.version_id:
        return None
    return evidence[0]["start"], evidence[0]["end"]


def _by_level(slots: Iterable[SlotRow]) -> list[tuple[str, Part]]:
    levels: dict[str, list[SlotRow]] = {}
    for slot in slots:
        if slot.level and not slot.is_extra:
            levels.setdefault(slot.level, []).append(slot)
    return [(level, _part(own)) for level, own in levels.items()]


def _plain(value: Decimal) -> str:
    return f"{value:.0f}" if value == value.to_integral_value() else f"{value:.2f}"


def _part(slots: Sequence[SlotRow]) -> Part:
    return Part(
        points=sum((points_of(slot.score, slot.points_possible) for slot in slots), Decimal(0)),
        points_possible=sum((slot.points_possible for slot in slots if slot.status != DROPPED), Decimal(0)),
    )
