"""Fixing a question that was asked already: what should happen to the answers given so far.

Preview and apply are the same work; the preview takes it back before anything is kept. Undoing grades every
attempt anew from its history, without the ruling.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

from questions.items.content import item_to_json
from questions.items.registry import item_type
from webapp.models.item import ItemVersion
from webapp.models.quiz import Ruling
from webapp.repositories import items as item_rows
from webapp.repositories import regrade_turns
from webapp.repositories import rulings as rows
from webapp.services import audit, clock, items
from webapp.services.errors import Conflict, NotFound, Refused
from webapp.services.regrade_effect import Effect, regrade_all
from webapp.services.regrade_page import BY_KEY, Kind, Reach, RegradePage, open_page, widened

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from webapp.models.module import Module

OTHER_OPTIONS = "The choices are others than those that were asked: give full credit, or drop it."
NOT_GIVEN = "Nobody gave that answer. Choose one of the list."
NOT_ASKED = "Nobody has been asked this question yet."
SEEN_OTHERWISE = "Answers arrived or scores changed meanwhile. Look at the preview once more."
ACCEPTED = "typed answers accepted"
"""The reason noted beside the wording that accepts one more."""


@dataclass(frozen=True, slots=True)
class Order:
    """What an instructor decided."""

    kind: Kind
    never_lowers: bool = True
    reason: str = ""
    accept: str = ""
    """A typed answer to be accepted from now on, and for those who gave it."""
    reach: Reach = "earlier"
    """Full credit and dropping: for whom. Who was asked an earlier wording, or the present one too."""


class SeenOtherwise(Conflict):
    """Attempts or scores changed since the preview; the new one has to be looked at first."""


def preview(session: Session, module: Module, item_id: int, order: Order, by: int) -> Effect:
    """What the order would do. Everything is taken back. Raises NotFound and Refused."""
    regrade_turns.take_turn(session, module.id)
    savepoint = session.begin_nested()
    try:
        _ruling, effect = _carry_out(session, module, item_id, order, by, keeps=False)
    finally:
        savepoint.rollback()
        session.expire_all()
    return effect


def apply(
    session: Session, module: Module, item_id: int, order: Order, by: int, seen_token: str
) -> tuple[Ruling, Effect]:
    """Carry the order out. Raises NotFound, Refused, and SeenOtherwise where it is not what was looked at."""
    regrade_turns.take_turn(session, module.id)
    row = items.find_item_to_change(session, module, item_id)
    before = row.current_version_id
    ruling, effect = _carry_out(session, module, item_id, order, by, keeps=True)
    if effect.token != seen_token:
        raise SeenOtherwise(SEEN_OTHERWISE)
    ruling.changes = [one.kept for one in effect.changed]
    if order.accept:
        items.decide(session, row, by, "edit", reason=ACCEPTED, version_before=before)
        audit.record("item.key", f"item:{item_id}")
    audit.record(
        "item.regrade",
        f"item:{item_id}",
        {"kind": ruling.kind, "ruling": ruling.id, "changed": len(effect.changed)},
    )
    session.flush()
    return ruling, effect


def undo(session: Session, module: Module, item_id: int, ruling_id: int, by: int) -> Effect:
    """Take a ruling back: every attempt is graded as it would be without it. Raises NotFound and Conflict."""
    items.find_item(session, module, item_id)
    regrade_turns.take_turn(session, module.id)
    ruling = rows.get_ruling(session, ruling_id)
    if ruling is None or ruling.item_id != item_id:
        raise NotFound
    if ruling.undone_at is not None:
        raise Conflict("This was taken back already.")
    ruling.undone_at, ruling.undone_by_id = clock.now(), by
    session.flush()
    effect = regrade_all(session, item_id, ruling.up_to_version)
    audit.record(
        "item.regrade.undo", f"item:{item_id}", {"ruling": ruling.id, "changed": len(effect.changed)}
    )
    return effect


def _carry_out(
    session: Session, module: Module, item_id: int, order: Order, by: int, *, keeps: bool
) -> tuple[Ruling, Effect]:
    page = open_page(session, module, item_id)
    if not page.attempts:
        raise Refused("kind", NOT_ASKED)
    up_to, kind = page.up_to(order.kind, order.reach), order.kind
    seen = (page.row.current_version_id, up_to, astuple(order)[:2], order.accept)
    if order.accept:
        up_to, kind = _accept_typed(session, page, order.accept, by), "either"
    elif kind not in page.kinds:
        raise Refused("kind", OTHER_OPTIONS)
    ruling = Ruling(
        item_id=item_id,
        kind=kind,
        up_to_version=up_to,
        graded_by_id=page.row.current_version_id if kind in BY_KEY else None,
        never_lowers=order.never_lowers,
        reason=order.reason.strip(),
        changes=[],
        made_by_id=by,
        made_at=clock.now(),
    )
    rows.add_ruling(session, ruling)
    return ruling, regrade_all(session, item_id, up_to, order=seen, keeps=keeps)


def _accept_typed(session: Session, page: RegradePage, text: str, by: int) -> int:
    """A new wording that accepts this answer too; the number of the newest wording before it."""
    if text not in [typed for typed, _count in page.typed]:
        raise Refused("accept", NOT_GIVEN)
    before = page.row.current_version
    wider = widened(page.present, text)
    for problem in item_type(wider.type).problems(wider):
        raise Refused("accept", problem.message)
    version = ItemVersion(
        type=before.type,
        content=item_to_json(wider),
        section_version_id=before.section_version_id,
        created_by_id=by,
        created_at=clock.now(),
    )
    item_rows.add_item_version(session, page.row, version)
    return before.number
