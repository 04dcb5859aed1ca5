"""The review queue: one card after another, each decision written down at once and easy to take back.

A card is shown only to who holds it, and it is taken by a form that is sent, never by looking: of two people
who review the same module, each has another card. What is held is free again after five minutes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from questions.items.base import Item
from webapp.models.item import EXCHANGED, ReviewDecision
from webapp.models.item import Item as ItemRow
from webapp.models.module import Module, Section
from webapp.repositories import decisions as decision_rows
from webapp.repositories import modules as module_rows
from webapp.repositories import reports as report_rows
from webapp.repositories import review as rows
from webapp.repositories import spares as spare_rows
from webapp.repositories.reports import ReportRow
from webapp.repositories.review import SIGNS, CardCount, Filters
from webapp.services import clock, items, other_options
from webapp.services.errors import Conflict, Refused
from webapp.services.evidence_anchor import likely_successor, lost_quotes, note_of_loss
from webapp.services.item_fields import ItemFields, fields_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

CLAIM_TIME = timedelta(minutes=5)
REASON_LENGTH_MAX = 500
STATE_AFTER = {"accept": "accepted", "edit": "accepted", "reject": "rejected", "retire": "retired"}
"""What a decision leads to; skipping leaves the state as it was."""


class DecidedError(Conflict):
    """The question has been decided while this person looked at it."""


class GoneError(Conflict):
    """The question's section has been removed, and the question with it."""

    def __init__(self) -> None:
        super().__init__("The section of this question has been removed, so the question waits no longer.")


class TakenError(Conflict):
    """Another reviewer holds the question now."""


class LapsedError(Conflict):
    """Nobody holds the question any more, not even who looks at it."""

    def __init__(self) -> None:
        super().__init__("You have had this question for more than five minutes, so others may take it now.")


@dataclass(frozen=True, slots=True)
class Card:
    """One proposal, or one item that learners report, with all that a decision about it needs."""

    row: ItemRow
    item: Item
    section: Section
    section_number: int
    history: Sequence[tuple[ReviewDecision, str | None]]
    reports: Sequence[ReportRow]
    successors: Mapping[str, str]
    """Each quote that the section no longer has -> the sentence that it may have become, as far as one is."""
    has_another: bool
    """Whether another question of its kind is in hand."""
    can_exchange: bool
    """Whether other wrong answers can be looked for."""

    @property
    def fields(self) -> ItemFields:
        """What its form shows: the wording, with the sentences that lost ones may have become as evidence."""
        fields = fields_of(self.item)
        return replace(fields, quotes=tuple(self.successors.get(quote, quote) for quote in fields.quotes))

    @property
    def successor_places(self) -> list[tuple[int, int]]:
        """Where the sentences stand that lost ones may have become."""
        text = self.section.current_version.text
        return [(text.find(now), text.find(now) + len(now)) for now in self.successors.values()]

    @property
    def is_in_use(self) -> bool:
        """Whether learners are asked it while it waits here."""
        return self.row.state == "accepted"


@dataclass(frozen=True, slots=True)
class Queue:
    """Where the review of a module stands, for one reviewer and what they narrowed it to."""

    filters: Filters
    waiting: int
    """How many wait among those asked for; `free`: how many of these nobody else holds."""
    free: int
    decided: int
    all_waiting: int
    """How many wait whatever was asked for. So count the three that follow."""
    by_section: Sequence[tuple[Section, int, int]]
    """(section, its number, how many wait there), sections without waiting cards left out."""
    by_recipe: Mapping[str, int]
    by_sign: Mapping[str, int]
    undoable: ReviewDecision | None
    card: Card | None
    """The card this reviewer holds."""

    @property
    def total(self) -> int:
        """All proposals that were ever to be reviewed."""
        return self.waiting + self.decided


def open_queue(session: Session, module: Module, reviewer: int, filters: Filters) -> Queue:
    """What the page shows. Takes no card."""
    now = clock.now()
    sections = module_rows.list_sections(session, module.id)
    counts = rows.count_cards(session, module.id, reviewer, now)
    waiting = [count for count in counts if count.state == "proposed"]
    asked = [count for count in counts if _fits(filters, count)]
    by_section, by_recipe, by_sign = Counter[int](), Counter[str](), Counter[str]()
    for count in waiting:
        by_section[count.section_id] += count.size
        by_sign[count.sign] += count.size
        if count.recipe is not None:
            by_recipe[count.recipe] += count.size
    held = rows.get_held_card(session, module.id, reviewer, now, filters)
    return Queue(
        filters=filters,
        waiting=_sum(asked, "proposed"),
        free=_sum([count for count in asked if not count.is_taken], "proposed"),
        decided=_sum(asked, "accepted", "rejected"),
        all_waiting=sum(count.size for count in waiting),
        by_section=[
            (section, number, by_section[section.id])
            for number, section in enumerate(sections, start=1)
            if section.id in by_section
        ],
        by_recipe=by_recipe,
        by_sign={sign: by_sign[sign] for sign in SIGNS if by_sign[sign]},
        undoable=decision_rows.get_last_decision(session, module.id, reviewer),
        card=None if held is None else _card(session, sections, held),
    )


def fitting(session: Session, filters: Filters, row: ItemRow) -> Filters:
    """The same filters where they let this card through, else none."""
    sign = rows.sign_of(row, is_reported=report_rows.is_reported(session, row.id)) if filters.sign else ""
    count = CardCount(row.section_id, row.recipe, sign, row.state, is_taken=False, size=1)
    return filters if _fits(filters, count) else Filters()


def claim_next(session: Session, module: Module, reviewer: int, filters: Filters) -> ItemRow | None:
    """Hold the next card for five minutes, so that no other reviewer gets the same.

    Who holds a card that was asked for goes on with it. None when nothing waits, or others hold all of it.
    """
    now = clock.now()
    held = rows.get_held_card(session, module.id, reviewer, now, filters)
    row = held or rows.get_free_card(session, module.id, reviewer, now, filters)
    rows.release_claims(session, module.id, reviewer)
    if row is not None:
        _hold(session, row, reviewer)
    return row


def claim_item(session: Session, module: Module, row: ItemRow, reviewer: int) -> None:
    """Hold this very card. Raises DecidedError, GoneError or TakenError."""
    require_open(session, row, reviewer)
    rows.release_claims(session, module.id, reviewer)
    _hold(session, row, reviewer)


def require_open(session: Session, row: ItemRow, reviewer: int) -> None:
    """Raises DecidedError or GoneError where it waits no longer, TakenError where somebody else holds it."""
    is_reported = row.state == "accepted" and report_rows.is_reported(session, row.id)
    if row.state != "proposed" and not is_reported:
        raise DecidedError("This question has been decided already.")
    if rows.is_removed(session, row.section_id):
        raise GoneError
    _require_not_taken(session, row, reviewer)


def require_undecided(session: Session, row: ItemRow, reviewer: int, seen_version: int) -> None:
    """As `require_open`; raises EditedMeanwhileError too, where this is not the wording that was seen."""
    require_open(session, row, reviewer)
    items.require_version(row, seen_version)


def require_held(row: ItemRow, reviewer: int) -> None:
    """Raises LapsedError where this reviewer has held the card for too long to be shown it again."""
    if row.claimed_by_id != reviewer or row.claimed_until is None or row.claimed_until <= clock.now():
        raise LapsedError


def accept_item(session: Session, module: Module, row: ItemRow, reviewer: int, seen_version: int) -> None:
    """Let the item be asked, or go on being asked. Raises Refused where its evidence left the text."""
    require_undecided(session, row, reviewer, seen_version)
    findings = items.find_problems(session, module, items.item_content(row))
    for finding in findings:
        if finding.severity == "hard":
            raise Refused("decision", finding.message)
    row.stale_note = ""
    items.decide(session, row, reviewer, "accept", new_state="accepted")


def accept_edited(
    session: Session, module: Module, row: ItemRow, reviewer: int, seen_version: int, item: Item
) -> None:
    """Reword the item and let it be asked. Raises Refused with the field that needs another look."""
    require_undecided(session, row, reviewer, seen_version)
    before = row.current_version_id
    section = items.find_section(session, module, row.section_id)
    version = items.reword_item(session, module, row, section, item, reviewer)
    decision = "edit" if version.id != before else "accept"
    items.decide(session, row, reviewer, decision, new_state="accepted", version_before=before)


def reject_item(session: Session, row: ItemRow, reviewer: int, seen_version: int, reason: str) -> None:
    """Keep the item from ever being asked (again). The reason is what the generator can learn from."""
    require_undecided(session, row, reviewer, seen_version)
    if not reason.strip():
        raise Refused("reason", "Say in a word why this question will not do.")
    if len(reason) > REASON_LENGTH_MAX:
        raise Refused("reason", f"Keep the reason to {REASON_LENGTH_MAX} characters; it has {len(reason)}.")
    decision, state = ("retire", "retired") if row.state == "accepted" else ("reject", "rejected")
    items.decide(session, row, reviewer, decision, reason=reason.strip(), new_state=state)


def skip_item(session: Session, row: ItemRow, reviewer: int, seen_version: int) -> None:
    """Put the card behind all others."""
    require_undecided(session, row, reviewer, seen_version)
    row.skipped_at = clock.now()
    items.decide(session, row, reviewer, "skip")


def undo_decision(session: Session, module: Module, reviewer: int) -> ItemRow:
    """Take this reviewer's last decision back and hold its card again.

    Raises Conflict where there is none, or where somebody has changed the item since.
    """
    decision = decision_rows.get_last_decision(session, module.id, reviewer)
    if decision is None:
        raise Conflict("There is nothing to undo.")
    row = items.find_item_to_change(session, module, decision.item_id)
    state = STATE_AFTER.get(decision.decision, decision.state_before)
    if decision.decision == "edit" and decision.reason == EXCHANGED:
        state = decision.state_before
    if (row.current_version_id, row.state) != (decision.version_after_id, state):
        raise Conflict(
            "Somebody has changed this question since, so the decision stays. Open the question to edit it."
        )
    _require_not_taken(session, row, reviewer)
    decision.undone_at = clock.now()
    report_rows.reopen_reports(session, decision.id)
    row.state = decision.state_before
    row.current_version_id = decision.version_before_id
    if decision.decision == "skip":
        row.skipped_at = None
    rows.release_claims(session, module.id, reviewer)
    _hold(session, row, reviewer)
    session.refresh(row)
    if decision.decision == "edit":
        row.warnings = items.as_warnings(items.find_problems(session, module, items.item_content(row)))
    if decision.decision in {"accept", "edit"}:
        row.stale_note = _note_of_loss(session, module, row)
    return row


def _require_not_taken(session: Session, row: ItemRow, reviewer: int) -> None:
    is_held = row.claimed_until is not None and row.claimed_until > clock.now()
    if is_held and row.claimed_by_id not in {None, reviewer}:
        holder = rows.get_account_name(session, row.claimed_by_id or 0)
        raise TakenError(f"{holder or 'Another reviewer'} is looking at this question right now.")


def _hold(session: Session, row: ItemRow, reviewer: int) -> None:
    row.claimed_by_id, row.claimed_until = reviewer, clock.now() + CLAIM_TIME
    session.flush()


def _note_of_loss(session: Session, module: Module, row: ItemRow) -> str:
    """What the text no longer has of what the item's wording needs, in words; empty where it has all."""
    content = row.current_version.content
    missing: list[str] = []
    for section in module_rows.list_sections(session, module.id):
        text, heading = section.current_version.text, section.current_version.heading
        missing += lost_quotes(content, str(section.id), text, text)
        if row.recipe == "heading" and section.id == row.section_id:
            former = rows.get_heading(session, row.current_version.section_version_id)
            keys = [content["options"][part]["text"] for part in content["key"] if isinstance(part, int)]
            missing += [key for key in keys if former == key != heading]
    return note_of_loss(missing) if missing else ""


def _card(session: Session, sections: Sequence[Section], row: ItemRow) -> Card:
    number = [section.id for section in sections].index(row.section_id)
    history = decision_rows.list_decisions(session, row.id)
    reports = report_rows.list_open_reports(session, row.id)
    has_another = row.recipe in spare_rows.list_spare_recipes(session, row.module_id)
    return Card(
        row=row,
        item=items.item_content(row),
        section=sections[number],
        section_number=number + 1,
        history=history,
        reports=reports,
        successors=_successors(row, sections[number]) if row.stale_note else {},
        has_another=has_another,
        can_exchange=other_options.can_be_asked_for(row),
    )


def _successors(row: ItemRow, section: Section) -> dict[str, str]:
    text = section.current_version.text
    lost = lost_quotes(row.current_version.content, str(section.id), text, text)
    found = {quote: likely_successor(quote, text) for quote in lost}
    return {quote: now for quote, now in found.items() if now}


def _fits(filters: Filters, count: CardCount) -> bool:
    return (
        filters.section_id in {None, count.section_id}
        and filters.recipe in {None, count.recipe}
        and filters.sign in {None, count.sign}
    )


def _sum(counts: Sequence[CardCount], *states: str) -> int:
    return sum(count.size for count in counts if count.state in states)
