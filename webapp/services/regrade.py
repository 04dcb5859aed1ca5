"""Fixing a question that was asked already: what should happen to the answers given so far.

Preview and apply are the same work; the preview takes it back before anything is kept. Undoing grades every
attempt anew from its history, without the ruling.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from questions.items.base import Item
from questions.items.content import item_from_json, item_to_json
from questions.items.gap_text import GapText
from webapp.models.item import ItemVersion
from webapp.models.quiz import Ruling
from webapp.repositories import items as item_rows
from webapp.repositories import rulings as rows
from webapp.services import audit, clock, items
from webapp.services.errors import Conflict, NotFound, Refused
from webapp.services.grading import regrade_attempt
from webapp.services.scores import PERCENT_STEP
from webapp.services.wording_difference import Part, changes_worth, differences, has_same_options

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from webapp.models.account import Account
    from webapp.models.item import Item as ItemRow
    from webapp.models.module import Module
    from webapp.repositories.rulings import ConcernedRow

Kind = Literal["key", "either", "full", "drop"]
WHOLE = 100


@dataclass(frozen=True, slots=True)
class RegradePage:
    """What there is to decide about one item."""

    row: ItemRow
    present: Item
    asked: Item | None
    """The newest wording that was asked before the present one; None where only the present one was asked."""
    up_to_version: int
    parts: Sequence[Part]
    attempts: int
    kinds: Sequence[Kind]
    typed: Sequence[tuple[str, int]]
    """Typed answers that earned nothing, with how many gave each."""
    history: Sequence[tuple[Ruling, Account | None]]

    @property
    def is_typo_only(self) -> bool:
        """Whether key and options are what they were, so that no answer is worth anything else now."""
        return self.asked is None or not changes_worth(self.asked, self.present)


@dataclass(frozen=True, slots=True)
class Order:
    """What an instructor decided."""

    kind: Kind
    never_lowers: bool = True
    reason: str = ""
    accept: str = ""
    """A typed answer to be accepted from now on, and for those who gave it."""


@dataclass(frozen=True, slots=True)
class Changed:
    """One attempt whose score changes."""

    attempt_id: int
    account_id: int
    name: str
    before: Decimal
    before_possible: Decimal
    after: Decimal
    after_possible: Decimal
    is_counted: bool

    @property
    def direction(self) -> int:
        """1 up, -1 down, by the share of points; 0 where that stays."""
        was = _share(self.before, self.before_possible)
        now = _share(self.after, self.after_possible)
        return (now > was) - (now < was)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a ruling does to scores."""

    attempts: int
    changed: Sequence[Changed]
    mean_before: Decimal | None
    mean_after: Decimal | None
    token: str
    """Names exactly these attempts with these scores: what was looked at is what is applied."""

    @property
    def up(self) -> int:
        """How many gain."""
        return sum(one.direction > 0 for one in self.changed)

    @property
    def down(self) -> int:
        """How many lose."""
        return sum(one.direction < 0 for one in self.changed)


class SeenOtherwise(Conflict):
    """Attempts or scores changed since the preview; the new one has to be looked at first."""


def open_page(session: Session, module: Module, item_id: int) -> RegradePage:
    """The difference, the choices, what learners typed, and what was ruled before. Raises NotFound."""
    row = items.find_item(session, module, item_id)
    present = items.item_content(row)
    versions = rows.list_asked_versions(session, item_id)
    earlier = [one for one in versions if one.number < row.current_version.number]
    asked = item_from_json(earlier[0].content) if earlier else None
    up_to = earlier[0].number if earlier else row.current_version.number
    kinds: list[Kind] = ["full", "drop"]
    if asked is not None and has_same_options(asked, present):
        kinds = ["key", "either", *kinds]
    return RegradePage(
        row=row,
        present=present,
        asked=asked,
        up_to_version=up_to,
        parts=differences(asked, present) if asked else (),
        attempts=sum(one.attempts for one in versions if one.number <= up_to),
        kinds=kinds,
        typed=rows.count_typed_answers(session, item_id, up_to) if present.type == GapText.name else (),
        history=rows.list_rulings(session, item_id),
    )


def preview(session: Session, module: Module, item_id: int, order: Order, by: int) -> Effect:
    """What the order would do. Everything is taken back. Raises NotFound and Refused."""
    savepoint = session.begin_nested()
    try:
        _ruling, effect = _carry_out(session, module, item_id, order, by)
    finally:
        savepoint.rollback()
        session.expire_all()
    return effect


def apply(
    session: Session, module: Module, item_id: int, order: Order, by: int, seen_token: str
) -> tuple[Ruling, Effect]:
    """Carry the order out. Raises NotFound, Refused, and SeenOtherwise where it is not what was looked at."""
    ruling, effect = _carry_out(session, module, item_id, order, by)
    if effect.token != seen_token:
        raise SeenOtherwise("Answers arrived or scores changed meanwhile. Look at the preview once more.")
    ruling.changes = [
        {"attempt": one.attempt_id, "before": str(one.before), "after": str(one.after)}
        for one in effect.changed
    ]
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
    ruling = rows.get_ruling(session, ruling_id)
    if ruling is None or ruling.item_id != item_id:
        raise NotFound
    if ruling.undone_at is not None:
        raise Conflict("This was taken back already.")
    ruling.undone_at, ruling.undone_by_id = clock.now(), by
    session.flush()
    effect = _regrade(session, item_id, ruling.up_to_version)
    audit.record(
        "item.regrade.undo", f"item:{item_id}", {"ruling": ruling.id, "changed": len(effect.changed)}
    )
    return effect


def _carry_out(
    session: Session, module: Module, item_id: int, order: Order, by: int
) -> tuple[Ruling, Effect]:
    page = open_page(session, module, item_id)
    up_to, kind = page.up_to_version, order.kind
    if order.accept:
        up_to, kind = _accept_typed(session, page, order.accept, by), "either"
    elif kind not in page.kinds:
        raise Refused(
            "kind", "The choices are others than those that were asked: give full credit, or drop it."
        )
    ruling = Ruling(
        item_id=item_id,
        kind=kind,
        up_to_version=up_to,
        graded_by_id=page.row.current_version_id if kind in {"key", "either"} else None,
        never_lowers=order.never_lowers,
        reason=order.reason.strip(),
        changes=[],
        made_by_id=by,
        made_at=clock.now(),
    )
    rows.add_ruling(session, ruling)
    return ruling, _regrade(session, item_id, up_to)


def _accept_typed(session: Session, page: RegradePage, text: str, by: int) -> int:
    """A new wording that accepts this answer too; the number of the newest wording before it."""
    if text not in [typed for typed, _count in page.typed]:
        raise Refused("accept", "Nobody gave that answer. Choose one of the list.")
    before = page.row.current_version
    wider = replace(page.present, key=(*page.present.key, text))
    version = ItemVersion(
        type=before.type,
        content=item_to_json(wider),
        section_version_id=before.section_version_id,
        created_by_id=by,
        created_at=clock.now(),
    )
    item_rows.add_item_version(session, page.row, version)
    return before.number


def _regrade(session: Session, item_id: int, up_to_version: int) -> Effect:
    before = rows.list_concerned(session, item_id, up_to_version)
    for one in before:
        regrade_attempt(session, one.attempt_id)
    after = {one.attempt_id: one for one in rows.list_concerned(session, item_id, up_to_version)}
    names = rows.list_names(session, [one.account_id for one in before])
    changed = [
        _changed(one, after[one.attempt_id], names)
        for one in before
        if (one.points, one.points_possible)
        != (after[one.attempt_id].points, after[one.attempt_id].points_possible)
    ]
    return Effect(
        attempts=len(before),
        changed=changed,
        mean_before=_mean(before),
        mean_after=_mean([after[one.attempt_id] for one in before]),
        token=_token(before, changed),
    )


def _changed(before: ConcernedRow, after: ConcernedRow, names: dict[int, Account]) -> Changed:
    account = names[before.account_id]
    guest = f"Guest {account.id}" if account.is_guest else ""
    return Changed(
        attempt_id=before.attempt_id,
        account_id=account.id,
        name=guest or account.display_name or account.username or f"Learner {account.id}",
        before=before.points,
        before_possible=before.points_possible,
        after=after.points,
        after_possible=after.points_possible,
        is_counted=before.is_counted,
    )


def _share(points: Decimal, possible: Decimal) -> Decimal:
    return points / possible if possible else Decimal(0)


def _mean(concerned: Sequence[ConcernedRow]) -> Decimal | None:
    """The mean percentage of the attempts that count."""
    shares = [_share(one.points, one.points_possible) for one in concerned if one.is_counted]
    return (WHOLE * sum(shares, Decimal(0)) / len(shares)).quantize(PERCENT_STEP) if shares else None


def _token(before: Sequence[ConcernedRow], changed: Sequence[Changed]) -> str:
    facts = [(one.attempt_id, one.state, str(one.points), str(one.points_possible)) for one in before]
    facts += [(one.attempt_id, "after", str(one.after), str(one.after_possible)) for one in changed]
    return hashlib.sha256(repr(facts).encode()).hexdigest()
