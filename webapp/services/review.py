"""The review queue: one card after another, each decision written down at once and easy to take back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from questions.items.base import Item
from webapp.models.item import Item as ItemRow
from webapp.models.item import ReviewDecision
from webapp.models.module import Module, Section
from webapp.repositories import modules as module_rows
from webapp.repositories import review as rows
from webapp.services import clock, items
from webapp.services.errors import Conflict, Refused

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

CLAIM_TIME = timedelta(minutes=5)
REASON_LENGTH_MAX = 500


@dataclass(frozen=True, slots=True)
class Filters:
    """Which cards a reviewer wants to see."""

    section_id: int | None = None
    recipe: str | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """One proposal with all that a decision about it needs."""

    row: ItemRow
    item: Item
    section: Section
    section_number: int
    history: Sequence[tuple[ReviewDecision, str | None]]


@dataclass(frozen=True, slots=True)
class Queue:
    """Where the review of a module stands."""

    waiting: int
    decided: int
    by_section: Sequence[tuple[Section, int, int]]
    """(section, its number, how many wait there), sections without waiting cards left out."""
    undoable: ReviewDecision | None

    @property
    def total(self) -> int:
        """All proposals that were ever to be reviewed."""
        return self.waiting + self.decided


def queue_of(session: Session, module: Module, reviewer: int) -> Queue:
    """Counts for the head of the page."""
    states = rows.count_review_states(session, module.id)
    waiting: Mapping[int, int] = rows.list_waiting_sections(session, module.id)
    sections = module_rows.list_sections(session, module.id)
    return Queue(
        waiting=states.get("proposed", 0),
        decided=states.get("accepted", 0) + states.get("rejected", 0),
        by_section=[
            (section, number, waiting[section.id])
            for number, section in enumerate(sections, start=1)
            if section.id in waiting
        ],
        undoable=rows.get_last_decision(session, module.id, reviewer),
    )


def next_card(session: Session, module: Module, reviewer: int, filters: Filters) -> Card | None:
    """The card this reviewer should see now; None when nothing waits (or others hold all of it)."""
    row = rows.get_next_card(
        session,
        module.id,
        reviewer,
        clock.now(),
        section_id=filters.section_id,
        recipe=filters.recipe,
    )
    if row is None:
        return None
    return card_of(session, module, row)


def card_of(session: Session, module: Module, row: ItemRow) -> Card:
    """One item as a card. Raises NotFound where its section was removed."""
    section = items.find_section(session, module, row.section_id)
    number = [present.id for present in module_rows.list_sections(session, module.id)].index(section.id) + 1
    return Card(row, items.item_content(row), section, number, rows.list_decisions(session, row.id))


def claim_next(session: Session, module: Module, reviewer: int, filters: Filters) -> Card | None:
    """Hold the next card for five minutes, so that no other reviewer gets the same."""
    card = next_card(session, module, reviewer, filters)
    rows.release_claims(session, reviewer)
    if card is not None:
        card.row.claimed_by_id = reviewer
        card.row.claimed_until = clock.now() + CLAIM_TIME
        session.flush()
    return card


def accept_item(session: Session, module: Module, row: ItemRow, reviewer: int, seen_version: int) -> None:
    """Let the item be asked. Raises Refused where its evidence no longer stands in the text."""
    _require_undecided(session, row, reviewer, seen_version)
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
    _require_undecided(session, row, reviewer, seen_version)
    before = row.current_version_id
    section = items.find_section(session, module, row.section_id)
    version = items.reword_item(session, module, row, section, item, reviewer)
    decision = "edit" if version.id != before else "accept"
    items.decide(session, row, reviewer, decision, new_state="accepted", version_before=before)


def reject_item(session: Session, row: ItemRow, reviewer: int, seen_version: int, reason: str) -> None:
    """Keep the item from ever being asked. The reason is what the generator can learn from."""
    _require_undecided(session, row, reviewer, seen_version)
    if not reason.strip():
        raise Refused("reason", "Say in a word why this question will not do.")
    if len(reason) > REASON_LENGTH_MAX:
        raise Refused("reason", f"Keep the reason to {REASON_LENGTH_MAX} characters; it has {len(reason)}.")
    items.decide(session, row, reviewer, "reject", reason=reason.strip(), new_state="rejected")


def skip_item(session: Session, row: ItemRow, reviewer: int, seen_version: int) -> None:
    """Put the card behind all others."""
    _require_undecided(session, row, reviewer, seen_version)
    row.skipped_at = clock.now()
    items.decide(session, row, reviewer, "skip")


def undo_decision(session: Session, module: Module, reviewer: int) -> ItemRow:
    """Take this reviewer's last decision back and hold its card again.

    Raises Conflict where there is none, or where somebody has changed the item since.
    """
    decision = rows.get_last_decision(session, module.id, reviewer)
    if decision is None:
        raise Conflict("There is nothing to undo.")
    row = items.find_item(session, module, decision.item_id)
    if row.current_version_id != decision.version_after_id:
        raise Conflict(
            "Somebody has changed this question since, so the decision stays. Open the question to edit it."
        )
    now = clock.now()
    decision.undone_at = now
    row.state = decision.state_before
    row.current_version_id = decision.version_before_id
    if decision.decision == "skip":
        row.skipped_at = None
    rows.release_claims(session, reviewer)
    row.claimed_by_id, row.claimed_until = reviewer, now + CLAIM_TIME
    session.flush()
    session.refresh(row)
    return row


def _require_undecided(session: Session, row: ItemRow, reviewer: int, seen_version: int) -> None:
    now = clock.now()
    if row.state != "proposed":
        raise Conflict("This question has been decided already. The next one is waiting in the queue.")
    if row.current_version_id != seen_version:
        raise Conflict(
            "Somebody reworded this question while you had it open. Look at it again in the queue."
        )
    is_held = row.claimed_until is not None and row.claimed_until > now
    if is_held and row.claimed_by_id not in {None, reviewer}:
        holder = rows.get_account_name(session, row.claimed_by_id or 0)
        raise Conflict(f"{holder or 'Another reviewer'} is looking at this question right now.")
