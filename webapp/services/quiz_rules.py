"""The rules of a quiz as they hold for one learner: the quiz's own, with what the learner was granted.

Pure: rows in, moments and numbers out. Whoever asks brings the time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

WHOLE = 100
GRACE = timedelta(seconds=30)
"""What was answered in time may arrive this much later: networks are slow."""


class Grant(NamedTuple):
    """One override, the nearest to the learner first: fields that are None leave the rule as it is."""

    opens_at: datetime | None = None
    due_at: datetime | None = None
    closes_at: datetime | None = None
    time_limit_s: int | None = None
    attempts_allowed: int | None = None
    time_percent: int | None = None
    extra_s: int | None = None


@dataclass(frozen=True, slots=True)
class LateStep:
    """Until this moment what is handed in late earns so many percent."""

    until: datetime
    percent: int


@dataclass(frozen=True, slots=True)
class Window:
    """When one learner may work on a quiz and for how long, extra time included."""

    opens_at: datetime | None = None
    due_at: datetime | None = None
    closes_at: datetime | None = None
    late: tuple[LateStep, ...] = ()
    base_limit_s: int | None = None
    """The time limit before anything was added."""
    time_percent: int = WHOLE
    extra_s: int = 0
    attempts_allowed: int | None = None

    @property
    def limit_s(self) -> int | None:
        """The learner's own time limit in seconds; None: not timed."""
        if self.base_limit_s is None:
            return None
        return self.base_limit_s * self.time_percent // WHOLE + self.extra_s

    @property
    def has_extra_time(self) -> bool:
        """Whether the limit is longer than everybody's."""
        return self.base_limit_s is not None and self.limit_s != self.base_limit_s

    def deadline(self, started_at: datetime) -> datetime | None:
        """When an attempt that was started then ends by itself."""
        limit = self.limit_s
        ends = [started_at + timedelta(seconds=limit)] if limit is not None else []
        if self.closes_at is not None:
            ends.append(self.closes_at)
        return min(ends, default=None)

    def has_opened(self, now: datetime) -> bool:
        """Whether it may be started as far as its beginning goes."""
        return self.opens_at is None or self.opens_at <= now

    def has_closed(self, now: datetime) -> bool:
        """Whether its end has come."""
        return self.closes_at is not None and self.closes_at <= now

    def credit(self, handed_in_at: datetime) -> int:
        """Percent of what was earned that counts when it is handed in then.

        All of it until the due time and where nothing was said about being late; after the last step nothing.
        """
        if self.due_at is None or handed_in_at <= self.due_at or not self.late:
            return WHOLE
        return next((step.percent for step in self.late if handed_in_at <= step.until), 0)

    def is_late(self, handed_in_at: datetime) -> bool:
        """Whether it is handed in after the due time."""
        return self.due_at is not None and handed_in_at > self.due_at


def window(
    *,
    opens_at: datetime | None,
    due_at: datetime | None,
    closes_at: datetime | None,
    late_credit: Iterable[Mapping[str, Any]],
    time_limit_s: int | None,
    attempts_allowed: int | None,
    grants: Sequence[Grant] = (),
) -> Window:
    """The quiz's rules with grants, the nearest first: field by field the first that says something counts.

    Extra time lengthens the limit, and by as much the window: who may work longer must not run into its end.
    """
    base = Grant(opens_at, due_at, closes_at, time_limit_s, attempts_allowed, WHOLE, 0)
    found = Grant(*(_first(name, [*grants, base]) for name in Grant._fields))
    plain = Window(
        opens_at=found.opens_at,
        due_at=found.due_at,
        closes_at=found.closes_at,
        late=tuple(
            LateStep(datetime.fromisoformat(step["until"]), int(step["percent"])) for step in late_credit
        ),
        base_limit_s=found.time_limit_s,
        time_percent=found.time_percent or WHOLE,
        extra_s=found.extra_s or 0,
        attempts_allowed=found.attempts_allowed,
    )
    return _extended(plain)


def _first(name: str, grants: Sequence[Grant]) -> Any:  # noqa: ANN401 (the type is that of the field)
    return next((value for grant in grants if (value := getattr(grant, name)) is not None), None)


def _extended(plain: Window) -> Window:
    limit, base = plain.limit_s, plain.base_limit_s
    more_s = plain.extra_s if limit is None or base is None else limit - base
    if not more_s:
        return plain
    more = timedelta(seconds=more_s)
    return Window(
        opens_at=plain.opens_at,
        due_at=plain.due_at + more if plain.due_at else None,
        closes_at=plain.closes_at + more if plain.closes_at else None,
        late=tuple(LateStep(step.until + more, step.percent) for step in plain.late),
        base_limit_s=base,
        time_percent=plain.time_percent,
        extra_s=plain.extra_s,
        attempts_allowed=plain.attempts_allowed,
    )
