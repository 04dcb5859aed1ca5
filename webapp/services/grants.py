"""Extra time and exceptions: what one learner or one cohort is granted beside a quiz's rules.

Works while an attempt runs: its end is worked out anew at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from webapp.models.quiz import QuizOverride
from webapp.repositories import module_quizzes, overrides
from webapp.repositories import scores as people
from webapp.services import clock
from webapp.services.errors import NotFound, Refused, ServiceError
from webapp.services.overdue import settle_first
from webapp.services.quiz_settings import (
    CLOSES,
    DUE,
    OPENS,
    TIME_WORDS,
    RefusedRules,
    Rules,
    get_quiz,
    order_refusals,
    rules_of,
)
from webapp.services.scores import learner_name
from webapp.services.windows import refresh_ends

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from webapp.models.account import Account
    from webapp.models.course import Cohort
    from webapp.models.module import Module

ACCOUNT, COHORT = "account", "cohort"
NOTE = "note"
_THERE_ALREADY = Refused("who", "Something is granted there already. Change that in the table above.")


@dataclass(frozen=True, slots=True)
class Granted:
    """What is granted, by the names of QuizOverride's columns; None: as the quiz says."""

    opens_at: datetime | None = None
    due_at: datetime | None = None
    closes_at: datetime | None = None
    time_limit_s: int | None = None
    attempts_allowed: int | None = None
    time_percent: int | None = None
    extra_s: int | None = None
    note: str = ""

    @property
    def is_nothing(self) -> bool:
        """Whether no field of it says anything."""
        return all(value is None for name, value in asdict(self).items() if name != NOTE)


FIELDS = tuple(field.name for field in fields(Granted))


@dataclass(frozen=True, slots=True)
class GrantLine:
    """One grant as its page lists it."""

    id: int
    who: str
    """How a form calls the learner or cohort: `account-3`."""
    name: str
    is_cohort: bool
    is_course_wide: bool
    granted: Granted

    @property
    def fingerprint(self) -> str:
        """What tells grants apart: a form carries it from when one was shown to when it is saved."""
        return sha256(repr(asdict(self.granted)).encode()).hexdigest()[:16]


class OthersGrant(ServiceError):  # noqa: N818 (like its siblings in services.errors)
    """Somebody else granted the same people something else since it was looked at: what it is now."""

    def __init__(self, now: GrantLine) -> None:
        super().__init__("Somebody else changed this while you had it open.")
        self.now = now


@dataclass(frozen=True, slots=True)
class GrantPage:
    """What holds for a quiz beside its rules, and for whom more can be granted."""

    rules: Rules
    lines: Sequence[GrantLine]
    learners: Sequence[tuple[str, str]]
    """(how a form calls them, name) of everybody in the module."""
    cohorts: Sequence[tuple[str, str]]

    def line(self, grant_id: int) -> GrantLine:
        """One of its grants. Raises NotFound."""
        found = next((line for line in self.lines if line.id == grant_id), None)
        if found is None:
            raise NotFound
        return found


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to grant: to whom, where, and what."""

    who: str
    is_course_wide: bool
    granted: Granted


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of it, fit for the audit trail and for words."""

    action: str
    subject: str
    detail: Mapping[str, Any]
    quiz_id: int | None
    moved_ends: int
    """How many running attempts end at another time now."""


def grant_page(session: Session, module: Module, quiz_id: int) -> GrantPage:
    """The page of a quiz. Raises NotFound."""
    quiz = get_quiz(session, module, quiz_id)
    rows = overrides.list_overrides(session, module.course_id, [quiz.id])
    lines = [_line(override, account, cohort) for override, account, cohort in rows]
    return GrantPage(
        rules=rules_of(quiz),
        lines=sorted(lines, key=lambda line: (line.is_cohort, line.name.casefold(), line.is_course_wide)),
        learners=[
            (
                f"{ACCOUNT}-{row.id}",
                f"{learner_name(row)} ({row.username})" if row.username else learner_name(row),
            )
            for row in people.list_score_learners(session, [module.id])
        ],
        cohorts=[(f"{COHORT}-{row.id}", row.name) for row in people.list_cohorts(session, module.course_id)],
    )


def _line(override: QuizOverride, account: Account | None, cohort: Cohort | None) -> GrantLine:
    if account is not None:
        row = people.LearnerRow(
            account.id, account.display_name, account.username, account.email, account.is_guest
        )
        name = learner_name(row)
    else:
        name = cohort.name if cohort else ""
    return GrantLine(
        id=override.id,
        who=_who(override),
        name=name,
        is_cohort=account is None,
        is_course_wide=override.quiz_id is None,
        granted=Granted(**{field: getattr(override, field) for field in FIELDS}),
    )


def _who(override: QuizOverride) -> str:
    if override.account_id is not None:
        return f"{ACCOUNT}-{override.account_id}"
    return f"{COHORT}-{override.cohort_id}"


def add_grant(session: Session, module: Module, quiz_id: int, wish: Wish, *, by: int) -> Outcome:
    """Grant somebody something. Raises NotFound, RefusedRules, and Overdue: attempts must be closed first."""
    _hold(session, module, None if wish.is_course_wide else quiz_id)
    page = grant_page(session, module, quiz_id)
    if wish.who not in dict([*page.learners, *page.cohorts]):
        raise NotFound
    kind, _, number = wish.who.partition("-")
    whom = {f"{kind}_id": int(number)}
    where = None if wish.is_course_wide else quiz_id
    wrong = list(refusals(wish, page.rules))
    if overrides.find_override(session, module.course_id, where, **whom) is not None:
        wrong.append(_THERE_ALREADY)
    if wrong:
        raise RefusedRules(wrong)
    _settle(session, module)
    now = clock.now()
    override = QuizOverride(
        course_id=module.course_id,
        quiz_id=where,
        created_by_id=by,
        created_at=now,
        updated_at=now,
        **whom,
        **asdict(wish.granted),
    )
    if not overrides.add_override(session, override):
        raise RefusedRules([_THERE_ALREADY])
    return _outcome(session, override, "grant.add", _changes(Granted(), wish.granted))


def change_grant(
    session: Session,
    module: Module,
    quiz_id: int,
    grant_id: int,
    granted: Granted,
    *,
    seen: str | None = None,
) -> Outcome:
    """Grant the same people something else; `seen`: the fingerprint of what was looked at.

    Raises NotFound, Overdue, RefusedRules, and OthersGrant where it is no longer what was seen.
    """
    _hold(session, module, _get(session, module, grant_id).quiz_id)
    page = grant_page(session, module, quiz_id)
    line = page.line(grant_id)
    if seen is not None and seen != line.fingerprint and granted != line.granted:
        raise OthersGrant(line)
    wrong = list(refusals(Wish(line.who, line.is_course_wide, granted), page.rules))
    if wrong:
        raise RefusedRules(wrong)
    _settle(session, module)
    override = _get(session, module, grant_id)
    for name in FIELDS:
        setattr(override, name, getattr(granted, name))
    override.updated_at = clock.now()
    session.flush()
    return _outcome(session, override, "grant.change", _changes(line.granted, granted))


def remove_grant(session: Session, module: Module, grant_id: int) -> Outcome:
    """Take it back: the quiz's rules hold again. Raises NotFound and Overdue."""
    _hold(session, module, _get(session, module, grant_id).quiz_id)
    override = _get(session, module, grant_id)
    _settle(session, module)
    granted = Granted(**{field: getattr(override, field) for field in FIELDS})
    overrides.delete_override(session, override)
    return _outcome(session, override, "grant.remove", _changes(granted, Granted()))


def _hold(session: Session, module: Module, quiz_id: int | None) -> None:
    """Nobody grants something else, changes rules or starts there meanwhile; None: in the whole course."""
    ids = overrides.list_course_quiz_ids(session, module.course_id) if quiz_id is None else [quiz_id]
    module_quizzes.lock_quizzes(session, ids)


def _get(session: Session, module: Module, grant_id: int) -> QuizOverride:
    override = overrides.get_override(session, grant_id)
    if override is None or override.course_id != module.course_id:
        raise NotFound
    return override


def _settle(session: Session, module: Module) -> None:
    """More time is for those who still work: whose time was up already has handed in."""
    settle_first(session, module_quizzes.list_module_ids(session, module.course_id))


def refusals(wish: Wish, rules: Rules) -> Iterator[Refused]:
    """Why this cannot be granted beside these rules, each at the field where it can be mended."""
    granted = wish.granted
    if granted.is_nothing:
        yield Refused("time_percent", "Say what is granted: time, other dates or attempts.")
    if granted.time_percent is not None and granted.extra_s is not None:
        yield Refused("extra_min", "Give percent or minutes, not both.")
    if wish.is_course_wide:
        yield from order_refusals(
            [(OPENS, granted.opens_at), (DUE, granted.due_at), (CLOSES, granted.closes_at)]
        )
    else:
        yield from _order_with_quiz(granted, rules)


def _order_with_quiz(granted: Granted, rules: Rules) -> Iterator[Refused]:
    """Times in order, where those that are not granted are the quiz's own."""
    own = {name: getattr(granted, name) for name in (OPENS, DUE, CLOSES)}
    if not any(own.values()):
        return
    times = [(name, moment or getattr(rules, name)) for name, moment in own.items()]
    for refusal in order_refusals(times):
        if own[refusal.field] is None:
            words = TIME_WORDS[refusal.field]
            yield Refused(
                refusal.field, f"Give {words} another time as well: the quiz's own would be too early."
            )
        else:
            yield refusal


def _changes(old: Granted, new: Granted) -> dict[str, Any]:
    return {
        name: [_plain(getattr(old, name)), _plain(getattr(new, name))]
        for name in FIELDS
        if name != NOTE and getattr(old, name) != getattr(new, name)
    }


def _plain(value: Any) -> Any:  # noqa: ANN401 (any granted value, as JSON can hold it)
    return value.isoformat() if isinstance(value, datetime) else value


def _outcome(session: Session, override: QuizOverride, action: str, changes: Mapping[str, Any]) -> Outcome:
    """Work the ends of running attempts out anew, and say what happened."""
    if override.quiz_id is None:
        quiz_ids = overrides.list_course_quiz_ids(session, override.course_id)
        subject = f"course:{override.course_id}"
    else:
        quiz_ids, subject = [override.quiz_id], f"quiz:{override.quiz_id}"
    who = _who(override).replace("-", ":")
    moved = refresh_ends(session, quiz_ids, _account_ids(session, override))
    return Outcome(action, subject, {"for": who, **changes}, override.quiz_id, moved)


def _account_ids(session: Session, override: QuizOverride) -> Sequence[int]:
    if override.account_id is not None:
        return [override.account_id]
    cohorts = people.list_cohorts(session, override.course_id)
    return sorted(next((row.learner_ids for row in cohorts if row.id == override.cohort_id), ()))
