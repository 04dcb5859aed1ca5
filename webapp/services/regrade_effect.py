"""Grading anew every attempt that asked an item, and what that does to scores."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from webapp.repositories import regrade_turns
from webapp.repositories import rulings as rows
from webapp.services.grading import regrade_attempt

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from webapp.models.account import Account
    from webapp.repositories.rulings import ConcernedRow

WHOLE = 100
PERCENT_STEP = Decimal("0.01")


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

    @property
    def kept(self) -> dict[str, object]:
        """What a ruling remembers of it."""
        return {
            "attempt": self.attempt_id,
            "before": str(self.before),
            "before_possible": str(self.before_possible),
            "after": str(self.after),
            "after_possible": str(self.after_possible),
        }


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


def regrade_all(
    session: Session, item_id: int, up_to_version: int, *, order: object = None, keeps: bool = True
) -> Effect:
    """Grade anew every attempt that asked the item up to that wording.

    What is to be kept also meets the attempts that were started meanwhile: from then on none can be, until
    the transaction ends. `order` is what was decided; it is part of the token.
    """
    before = _grade_anew(session, rows.list_concerned(session, item_id, up_to_version))
    if keeps:
        regrade_turns.hold_versions(session, item_id, up_to_version)
        known = {one.attempt_id for one in before}
        late = [
            one for one in rows.list_concerned(session, item_id, up_to_version) if one.attempt_id not in known
        ]
        before = [*before, *_grade_anew(session, late)]
    after = {one.attempt_id: one for one in rows.list_concerned(session, item_id, up_to_version)}
    pairs = [(one, after[one.attempt_id]) for one in before]
    moved = [
        (one, now)
        for one, now in pairs
        if (one.points, one.points_possible) != (now.points, now.points_possible)
    ]
    names = rows.list_names(session, [one.account_id for one, _ in moved])
    changed = [_changed(one, now, names) for one, now in moved]
    return Effect(
        attempts=len(before),
        changed=changed,
        mean_before=_mean([one for one, _ in pairs]),
        mean_after=_mean([now for _, now in pairs]),
        token=_token(before, changed, order),
    )


def _grade_anew(session: Session, concerned: Sequence[ConcernedRow]) -> Sequence[ConcernedRow]:
    for one in concerned:
        regrade_attempt(session, one.attempt_id)
    return concerned


def name_of(account: Account) -> str:
    """What to call a person in lists, as `scores.learner_name` has it."""
    if account.is_guest:
        return f"Guest {account.id}"
    return account.display_name or account.username or f"Learner {account.id}"


def _changed(before: ConcernedRow, after: ConcernedRow, names: Mapping[int, Account]) -> Changed:
    return Changed(
        attempt_id=before.attempt_id,
        account_id=before.account_id,
        name=name_of(names[before.account_id]),
        before=before.points,
        before_possible=before.points_possible,
        after=after.points,
        after_possible=after.points_possible,
        is_counted=before.is_counted,
    )


def _share(points: Decimal, possible: Decimal) -> Decimal:
    return points / possible if possible else Decimal(0)


def _mean(concerned: Sequence[ConcernedRow]) -> Decimal | None:
    """The mean percentage of the attempts that count and have something that could be earned."""
    counted = [one for one in concerned if one.is_counted and one.points_possible]
    shares = [_share(one.points, one.points_possible) for one in counted]
    return (WHOLE * sum(shares, Decimal(0)) / len(shares)).quantize(PERCENT_STEP) if shares else None


def _token(before: Sequence[ConcernedRow], changed: Sequence[Changed], order: object) -> str:
    facts: list[object] = [order]
    facts += [(one.attempt_id, one.state, str(one.points), str(one.points_possible)) for one in before]
    facts += [(one.attempt_id, "after", str(one.after), str(one.after_possible)) for one in changed]
    return hashlib.sha256(repr(facts).encode()).hexdigest()
