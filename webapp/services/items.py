"""Writing items by hand, rewording, retiring and bringing them back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from questions.generation.checks.base import Context
from questions.generation.checks.reference import Reference
from questions.generation.checks.verify import verify
from questions.generation.proposal import Finding
from questions.items.base import Item
from questions.items.content import item_from_json, item_to_json
from webapp.models.item import Item as ItemRow
from webapp.models.item import ItemVersion, ReviewDecision
from webapp.models.module import Module, Section
from webapp.repositories import decisions as decision_rows
from webapp.repositories import items as item_rows
from webapp.repositories import modules as module_rows
from webapp.repositories import reports as report_rows
from webapp.repositories import review as review_rows
from webapp.services import audit, clock
from webapp.services.errors import Conflict, NotFound, Refused
from webapp.services.item_fields import ItemFields, item_of
from webapp.services.modules import article_of, section_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

SETTLES = frozenset({"accept", "edit", "reject", "retire"})
"""The decisions that answer what learners reported."""


class EditedMeanwhileError(Conflict):
    """Somebody reworded the question while this person had it open; both wordings are to be shown."""

    def __init__(self) -> None:
        super().__init__("Somebody changed this question while you had it open.")


def find_item(session: Session, module: Module, item_id: int) -> ItemRow:
    """The module's item of that id. Raises NotFound."""
    row = item_rows.get_item(session, item_id)
    if row is None or row.module_id != module.id:
        raise NotFound
    return row


def find_item_to_change(session: Session, module: Module, item_id: int) -> ItemRow:
    """The same as it is now; whoever changes it too waits until this request ends. Raises NotFound."""
    row = item_rows.get_item_to_change(session, item_id)
    if row is None or row.module_id != module.id:
        raise NotFound
    return row


def find_section(session: Session, module: Module, section_id: int, *, with_removed: bool = False) -> Section:
    """The module's section of that id, a removed one only where it is asked for. Raises NotFound."""
    for section in module_rows.list_sections(session, module.id, with_removed=with_removed):
        if section.id == section_id:
            return section
    raise NotFound


def require_present(section: Section) -> None:
    """Raises Refused where the section was removed: an item cannot be checked against a text that is gone."""
    if section.removed_at is not None:
        raise Refused("evidence", "Put the section back first, then save: what you typed stays here.")


@dataclass(frozen=True, slots=True)
class BankSection:
    """One section of the bank: its items in one state."""

    section: Section
    number: int
    rows: Sequence[tuple[ItemRow, Item]]


@dataclass(frozen=True, slots=True)
class Bank:
    """A module's items in one state, by section, and how many there are in each state."""

    sections: Sequence[BankSection]
    counts: Mapping[str, int]


def list_bank(session: Session, module: Module, state: str) -> Bank:
    """The module's items of one state, section by section, in three queries."""
    by_section: dict[int, list[tuple[ItemRow, Item]]] = {}
    for row in item_rows.list_items(session, module.id, states=[state]):
        by_section.setdefault(row.section_id, []).append((row, item_content(row)))
    sections = module_rows.list_sections(session, module.id)
    return Bank(
        [
            BankSection(section, number, by_section.get(section.id, []))
            for number, section in enumerate(sections, 1)
        ],
        review_rows.count_review_states(session, module.id),
    )


def count_answers(session: Session, row: ItemRow) -> int:
    """How often the item was answered, in any wording."""
    return review_rows.count_answers(session, row.id)


def item_content(row: ItemRow) -> Item:
    """The current wording of an item."""
    return item_from_json(row.current_version.content)


def find_problems(session: Session, module: Module, item: Item) -> tuple[Finding, ...]:
    """What the checklist says of a person's wording: what refuses it, and what it warns of."""
    context = Context(Reference(article_of(session, module)), origin="written")
    return verify(item, context, with_parse=False)


def as_warnings(findings: Sequence[Finding]) -> list[Any]:
    """Findings in the form the item's row keeps."""
    return [asdict(finding) for finding in findings]


def read_fields(section: Section, fields: ItemFields, former: Item | None = None) -> Item:
    """The item that was typed, with its evidence found in the section. Raises Refused."""
    return item_of(fields, section_of(section), former)


def add_written_item(session: Session, module: Module, section: Section, item: Item, by: int) -> ItemRow:
    """An item that a person wrote: it is asked as soon as the module is published. Raises Refused."""
    findings = _refuse_hard(find_problems(session, module, item))
    row = ItemRow(
        module_id=module.id,
        section_id=section.id,
        position=item_rows.last_position(session, section.id) + 1,
        state="accepted",
        origin="written",
        warnings=as_warnings(findings),
        created_by_id=by,
        created_at=clock.now(),
    )
    return item_rows.add_item(session, row, _version(item, section, by))


def reword_item(
    session: Session, module: Module, row: ItemRow, section: Section, item: Item, by: int
) -> ItemVersion:
    """A new wording of an item; the former stays what it was for whoever answered it. Raises Refused.

    The same wording again makes no new version.
    """
    findings = _refuse_hard(find_problems(session, module, item))
    row.warnings = as_warnings(findings)
    row.stale_note = ""
    current = row.current_version
    if item_to_json(item) == current.content and current.section_version_id == section.current_version_id:
        return current
    if item.key != item_content(row).key:
        audit.record("item.key", f"item:{row.id}")
    return item_rows.add_item_version(session, row, _version(item, section, by))


def require_version(row: ItemRow, seen_version: int) -> None:
    """Raises EditedMeanwhileError where this is not the wording that was seen."""
    if row.current_version_id != seen_version:
        raise EditedMeanwhileError


def edit_item(
    session: Session, module: Module, row: ItemRow, section: Section, item: Item, by: int, seen_version: int
) -> ItemVersion:
    """Reword an accepted item outside the queue. Raises EditedMeanwhileError where somebody was quicker."""
    require_version(row, seen_version)
    before = row.current_version_id
    version = reword_item(session, module, row, section, item, by)
    if version.id != before:
        decide(session, row, by, "edit", version_before=before)
    return version


def retire_item(session: Session, row: ItemRow, by: int) -> None:
    """Take an item out of every future quiz. Answers to it stay. Raises Conflict where it is out already."""
    if row.state == "retired":
        raise Conflict("This question was deleted already.")
    decide(session, row, by, "retire", new_state="retired")


def restore_item(session: Session, row: ItemRow, by: int) -> None:
    """Bring a retired or rejected item back to where it was. Raises Conflict for any other."""
    if row.state not in {"retired", "rejected"}:
        raise Conflict("This question is not deleted.")
    last = decision_rows.get_last_decision_of_item(session, row.id)
    is_sound = last is not None and row.state == "retired" and not row.stale_note
    back = last.state_before if last is not None and is_sound else "proposed"
    decide(session, row, by, "restore", new_state=back)


def decide(
    session: Session,
    row: ItemRow,
    by: int,
    decision: str,
    *,
    reason: str = "",
    new_state: str | None = None,
    version_before: int | None = None,
    answers_reports: bool = True,
) -> ReviewDecision:
    """Write a decision down and carry it out; it holds all that undoing it takes.

    Learners who reported the item see from it that somebody looked.
    """
    if row.current_version_id is None:
        raise NotFound
    entry = ReviewDecision(
        item_id=row.id,
        account_id=by,
        decision=decision,
        reason=reason,
        state_before=row.state,
        version_before_id=version_before or row.current_version_id,
        version_after_id=row.current_version_id,
        decided_at=clock.now(),
    )
    row.state = new_state or row.state
    row.claimed_by_id = row.claimed_until = None
    decision_rows.add_decision(session, entry)
    if answers_reports and decision in SETTLES:
        report_rows.close_reports(session, row.id, entry.id)
    return entry


def _refuse_hard(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    for finding in findings:
        if finding.severity == "hard":
            raise Refused(finding.field, finding.message)
    return findings


def _version(item: Item, section: Section, by: int) -> ItemVersion:
    if section.current_version_id is None:
        raise NotFound
    return ItemVersion(
        type=item.type,
        content=item_to_json(item),
        section_version_id=section.current_version_id,
        created_by_id=by,
        created_at=clock.now(),
    )
