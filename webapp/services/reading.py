"""The page of a section: its text, the check beside it, and the evidence marked in the text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from webapp.repositories import attempts, reading
from webapp.repositories.attempt_rows import AttemptRow, SlotRow
from webapp.repositories.reading import NOBODY, PlaceRow, TextRow
from webapp.services import clock
from webapp.services.attempt_views import SlotView, slot_view, terms_of
from webapp.services.catalogue import section_at
from webapp.services.errors import NotFound
from webapp.services.gates import locked_by
from webapp.services.grading import finish_checked
from webapp.services.offers import Offer, section_offer
from webapp.services.overdue import in_time
from webapp.services.progress import leave_section, visit_section
from webapp.services.similar_questions import NOTHING, describe, families
from webapp.services.visibility import EVERYTHING, Shown, shown

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from webapp.services.access import AnyModule


@dataclass(frozen=True, slots=True)
class Entered:
    """What was typed into a form that was refused: position -> fields, position -> what is wrong."""

    fields: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    problems: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SectionPage:
    """Everything the page of a section shows."""

    number: int
    section_count: int
    text: TextRow
    is_older_text: bool
    """Whether the text was edited since the attempt shown was started."""
    is_latest_place: bool
    """Whether this section is already where the person would continue."""
    attempt: AttemptRow | None
    slots: Sequence[SlotView]
    offer: Offer | None
    """What a new attempt would mean; None while one is open."""
    attempts_finished: int
    best_points: Decimal | None
    best_points_possible: Decimal | None
    shown: Shown = EVERYTHING
    """What of a finished attempt may be seen now."""
    locked_by: int | None = None
    """The place of the section whose check has to be passed first; the text is not here then."""

    @property
    def hides_text(self) -> bool:
        """Whether the text is kept away while the questions are answered."""
        return self.attempt is not None and self.attempt.is_open and not self.attempt.shows_text

    @property
    def question_count(self) -> int:
        """How many questions a new attempt would ask."""
        return self.offer.question_count if self.offer else 0

    @property
    def previous(self) -> int | None:
        """The place of the section before."""
        return self.number - 1 if self.number > 1 else None

    @property
    def following(self) -> int | None:
        """The place of the section after."""
        return self.number + 1 if self.number < self.section_count else None

    @property
    def evidence(self) -> list[tuple[int, int, str]]:
        """Every span to be marked in the text."""
        return [span for slot in self.slots for span in slot.evidence]


def read_section(
    session: Session,
    module: AnyModule,
    number: int,
    account_id: int | None,
    *,
    entered: Entered | None = None,
    wants_newest_text: bool = False,
    is_staff: bool = False,
) -> SectionPage:
    """The page of the section at that place. Raises NotFound.

    While an attempt is open, and when its result is shown, the text is the wording its questions were asked
    about; `wants_newest_text` leaves a finished attempt aside and shows the text as it is now. A section
    behind a gate that is not passed, and a text that is hidden while answering, come without their words;
    gates, and checks whatever their rules, are open to `is_staff`.
    """
    rows = reading.list_places(session, module.id, account_id or NOBODY, number)
    row = section_at(rows, number)
    gate = None if is_staff else locked_by(session, module.id, rows, number)
    if gate is not None:
        return _locked(rows, number, gate)
    attempt = (
        in_time(attempts.get_newest_section_attempt(session, row.id, account_id)) if account_id else None
    )
    slots = attempts.list_slots(session, attempt.id) if attempt else []
    version_id = _pinned_version(slots) or row.version_id
    if version_id != row.version_id and wants_newest_text and attempt is not None and not attempt.is_open:
        attempt, slots, version_id = None, [], row.version_id
    text = _text(session, row, version_id)
    beside: TextRow | None = text
    if attempt is not None and attempt.is_open and not attempt.shows_text:
        text, beside = text._replace(text="", html=""), None
    latest = max((other.last_at for other in rows if other.last_at is not None), default=None)
    is_asking = attempt is not None and attempt.is_open
    return SectionPage(
        number=number,
        section_count=len(rows),
        text=text,
        is_older_text=version_id != row.version_id,
        is_latest_place=row.last_at is not None and row.last_at == latest,
        attempt=attempt,
        slots=_views(session, attempt, slots, beside, entered or Entered()) if attempt else [],
        offer=None if is_asking else section_offer(session, row.id, account_id, is_staff=is_staff),
        attempts_finished=row.attempts_finished or 0,
        best_points=row.best_points,
        best_points_possible=row.points_possible,
        shown=shown(attempt, clock.now()) if attempt else EVERYTHING,
    )


def _text(session: Session, row: PlaceRow, version_id: int) -> TextRow:
    if version_id == row.version_id:
        return TextRow(version_id, row.heading or "", row.text or "", row.html or "")
    older = reading.get_text(session, version_id)
    if older is None:
        raise NotFound
    return older


def _locked(rows: Sequence[PlaceRow], number: int, gate: int) -> SectionPage:
    """The page of a section behind a gate: its heading, and nothing of its text."""
    row = rows[number - 1]
    return SectionPage(
        number=number,
        section_count=len(rows),
        text=TextRow(row.version_id, row.heading or "", "", ""),
        is_older_text=False,
        is_latest_place=True,
        attempt=None,
        slots=[],
        offer=None,
        attempts_finished=0,
        best_points=None,
        best_points_possible=None,
        locked_by=gate,
    )


def list_questions(session: Session, attempt: AttemptRow, entered: Entered) -> list[SlotView]:
    """The questions of an attempt that its page shows, without a text beside them."""
    return _views(session, attempt, attempts.list_slots(session, attempt.id), None, entered)


def _views(
    session: Session,
    attempt: AttemptRow,
    slots: Sequence[SlotRow],
    text: TextRow | None,
    entered: Entered,
) -> list[SlotView]:
    terms = terms_of(attempt)
    if terms.shown.is_nothing and not attempt.is_open:
        return []
    one_only = attempt.is_open and attempt.one_per_page
    said = describe(session, attempt, slots)
    return [
        slot_view(
            slot,
            text,
            typed=entered.fields.get(slot.position),
            error=entered.problems.get(slot.position, ""),
            terms=terms,
            similar=said.get(slot.position, NOTHING),
        )
        for family in families(slots)
        if not one_only or family[0].position == attempt.at_position
        for slot in family
    ]


def open_section(
    session: Session,
    account_id: int,
    module: AnyModule,
    number: int,
    *,
    left: int | None = None,
    is_staff: bool = False,
) -> None:
    """Record that the person goes to the section at that place, coming from the one at `left`.

    A section behind a closed gate is not entered: its page says what opens it. Raises NotFound.
    """
    rows = reading.list_places(session, module.id, account_id, number)
    section = section_at(rows, number)
    last = len(rows) if is_staff else locked_by(session, module.id, rows, len(rows)) or len(rows)
    if left is not None and left != number and 1 <= left <= last:
        leave_section(session, account_id, module.id, rows[left - 1].id)
        finish_checked(session, account_id, rows[left - 1].id)
    if number <= last:
        visit_section(session, account_id, module.id, section.id)


def finish_reading(
    session: Session, account_id: int, module: AnyModule, number: int, *, is_staff: bool = False
) -> None:
    """Record that the person read the section at that place and goes back to the contents.

    What is behind a closed gate was not read. Raises NotFound.
    """
    rows = reading.list_places(session, module.id, account_id, number)
    section = section_at(rows, number)
    if is_staff or locked_by(session, module.id, rows, number) is None:
        leave_section(session, account_id, module.id, section.id)
        finish_checked(session, account_id, section.id)


def _pinned_version(slots: Sequence[SlotRow]) -> int | None:
    """The newest wording that the questions of an attempt were asked about."""
    return max((slot.section_version_id for slot in slots), default=None)
