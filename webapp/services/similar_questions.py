"""Similar questions after those that were missed: which ones can be asked, and where they stand on a page.

It is extra practice: a slot of the same attempt that is worth nothing and counted nowhere, pinned like any
other. Which one it is follows from the attempt's seed. Where there is none, none is offered: the same
question once more would only ask for the answer that stands above it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from questions.assembly.siblings import Question, Relation, choose_sibling, relation
from questions.items.content import item_from_json
from questions.items.registry import item_type
from webapp.repositories import similar as rows
from webapp.repositories.attempt_rows import AttemptRow, SlotRow
from webapp.repositories.similar import SimilarRow
from webapp.services import clock
from webapp.services.visibility import shown

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MISSED = frozenset({"incorrect", "partly"})


class Similar(NamedTuple):
    """What is said of similar questions beside one question; each "evidence", "kind" or nothing."""

    relation: str = ""
    """What it has in common with the question it follows, where it is a similar one."""
    offer: str = ""
    """What the similar question has in common with it that can be asked for."""


NOTHING = Similar()


class Offer(NamedTuple):
    """A similar question that can be asked."""

    relation: Relation
    row: SimilarRow


def families(slots: Sequence[SlotRow]) -> list[list[SlotRow]]:
    """The questions of an attempt as pages show them: each, and behind it the similar ones asked after it."""
    after = {slot.retry_of: slot for slot in slots if slot.retry_of is not None}
    found = []
    for slot in slots:
        if slot.retry_of is None:
            family = [slot]
            while (following := after.get(family[-1].position)) is not None:
                family.append(following)
            found.append(family)
    return found


def describe(session: Session, attempt: AttemptRow, slots: Sequence[SlotRow]) -> dict[int, Similar]:
    """Position -> what to say beside the question; questions with nothing to say are left out."""
    said = {
        position: Similar(offer=found.relation)
        for position, found in list_offers(session, attempt, slots).items()
    }
    by_position = {slot.position: slot for slot in slots}
    for slot in slots:
        if slot.retry_of is not None:
            common = relation(_question(by_position[slot.retry_of]), _question(slot))
            said[slot.position] = said.get(slot.position, NOTHING)._replace(relation=common or "kind")
    return said


def is_left(session: Session, attempt: AttemptRow, slots: Sequence[SlotRow]) -> bool:
    """Whether there is still something to practise: a similar question under way, or one that is offered."""
    is_under_way = any(slot.is_extra and not slot.is_checked for slot in slots)
    return is_under_way or bool(list_offers(session, attempt, slots))


def list_offers(session: Session, attempt: AttemptRow, slots: Sequence[SlotRow]) -> dict[int, Offer]:
    """Position of a missed question -> what the similar one has in common with it, and the item."""
    may = attempt.offers_similar and attempt.is_open and attempt.behaviour != "deferred"
    followed = {slot.retry_of for slot in slots}
    missed = [
        slot for slot in slots if slot.is_checked and slot.status in MISSED and slot.position not in followed
    ]
    # an offer says that the answer was not right, which not every quiz tells while answering
    if not may or not missed or not shown(attempt, clock.now()).correctness:
        return {}
    candidates = rows.list_candidates(session, {slot.section_id for slot in missed})
    by_id = {row.item_id: row for row in candidates}
    bank, asked = [_question(row) for row in candidates], [_question(slot) for slot in slots]
    found = {}
    for slot in missed:
        sibling = choose_sibling(_question(slot), asked, bank, attempt.seed)
        if sibling is not None:
            found[slot.position] = Offer(sibling.relation, by_id[sibling.id])
    return found


def _question(row: SlotRow | SimilarRow) -> Question:
    item = item_from_json(row.content)
    return Question(
        id=row.item_id,
        section=row.section_id,
        wording=row.section_version_id,
        stem=item.stem,
        key=item_type(item.type).key_text(item),
        places=tuple((span.section, span.start, span.end) for span in item.evidence),
        recipe=row.recipe,
        level=row.level,
    )
