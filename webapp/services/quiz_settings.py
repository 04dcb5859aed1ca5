"""The rules of a quiz as its instructor sets them: what goes together, what changed, saving."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from webapp.models.quiz import ALWAYS, DURING
from webapp.repositories import module_quizzes
from webapp.services.errors import NotFound, Refused, ServiceError
from webapp.services.overdue import settle_first
from webapp.services.quiz_presets import NEED_AN_END, Showing, showing_name
from webapp.services.quiz_rules import LateStep
from webapp.services.score_changes import ScoreChange, score_changes
from webapp.services.windows import refresh_ends

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from webapp.models.module import Module
    from webapp.models.quiz import Quiz

LATE_STEPS = 3
FEWEST_TRIES, MOST_TRIES = 2, 5
SECRET = "access_code"  # noqa: S105 (the name of the rule, not a code)
OPENS, DUE, CLOSES = "opens_at", "due_at", "closes_at"


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything that can be set about a quiz, by the names of its columns."""

    item_limit: int
    mode: str = "check"
    behaviour: str = "deferred"
    tries_allowed: int = 1
    try_penalty: int = 0
    offers_similar: bool = False
    confidence: str = "off"
    is_counted: bool = True
    counted: str = "highest"
    attempts_allowed: int | None = None
    attempt_delay_s: int = 0
    shuffles_options: bool = True
    shuffles_questions: bool = False
    one_per_page: bool = False
    allows_back: bool = True
    shows_text: bool = True
    access_code: str = ""
    pass_percent: int | None = None
    is_gate: bool = False
    opens_at: datetime | None = None
    due_at: datetime | None = None
    closes_at: datetime | None = None
    late: tuple[LateStep, ...] = ()
    time_limit_s: int | None = None
    overdue: str = "submit"
    release: str = "at_once"
    show_response: int = ALWAYS
    show_correctness: int = ALWAYS
    show_points: int = ALWAYS
    show_explanation: int = ALWAYS
    show_key: int = ALWAYS

    @property
    def showing(self) -> Showing:
        """What is shown when."""
        return Showing(
            self.show_response, self.show_correctness, self.show_points, self.show_explanation, self.show_key
        )


NAMES = tuple(field.name for field in fields(Rules))


class RefusedRules(ServiceError):  # noqa: N818 (like its siblings in services.errors)
    """Rules that do not go together: every reason, each at its field."""

    def __init__(self, refusals: Sequence[Refused]) -> None:
        super().__init__(refusals[0].message)
        self.refusals = tuple(refusals)


class OthersRules(ServiceError):  # noqa: N818 (like its siblings in services.errors)
    """Somebody else gave the quiz other rules since these were looked at: which they are now."""

    def __init__(self, now: Rules) -> None:
        super().__init__("Somebody else changed these rules while you had them open.")
        self.now = now


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of new rules."""

    score_changes: Sequence[ScoreChange] = ()
    """Scores that would be others. Unless this was confirmed, nothing was saved then."""
    is_saved: bool = True
    changes: Mapping[str, Any] | None = None
    """Rule -> [before, after], fit for the audit trail."""
    moved_ends: int = 0
    """How many running attempts end at another time now."""


def rules_of(quiz: Quiz) -> Rules:
    """The rules that a quiz has."""
    values = {name: getattr(quiz, name) for name in NAMES if name != "late"}
    late = tuple(LateStep(datetime.fromisoformat(one["until"]), one["percent"]) for one in quiz.late_credit)
    return Rules(late=late, **values)


def refusals(rules: Rules, kind: str) -> Iterator[Refused]:
    """Why rules do not go together, each named after the form's field where it can be mended."""
    if rules.behaviour == "tries":
        if not FEWEST_TRIES <= rules.tries_allowed <= MOST_TRIES:
            yield Refused("tries_allowed", f"Several tries are {FEWEST_TRIES} to {MOST_TRIES}.")
        if rules.confidence == "marked":
            yield Refused(
                "confidence",
                "How sure somebody is can only be marked where each question has one try. "
                "Choose another behaviour, or ask without marking.",
            )
        if not rules.show_correctness & DURING:
            yield Refused(
                "showing",
                "Several tries tell at once whether an answer was right. Show that while answering, "
                "or choose another behaviour.",
            )
    if not rules.allows_back and not rules.one_per_page:
        yield Refused("no_going_back", "This needs one question a page.")
    if rules.is_gate and rules.pass_percent is None:
        yield Refused("pass_percent", "Say how many percent pass: the next section waits for that.")
    if rules.is_gate and kind != "section":
        yield Refused("is_gate", "Nothing comes after the quiz of a module.")
    if rules.closes_at is None and showing_name(rules.showing) in NEED_AN_END:
        yield Refused(CLOSES, "Say when it closes: until then results are held back.")
    yield from _time_refusals(rules)


def _time_refusals(rules: Rules) -> Iterator[Refused]:
    """Times in the order of the clock, and less credit the later it gets."""
    if rules.late and rules.due_at is None:
        yield Refused(DUE, "Say when it is due: what comes later is late.")
    steps = [(f"late_{number}_until", step.until) for number, step in enumerate(rules.late, 1)]
    yield from order_refusals(
        [(OPENS, rules.opens_at), (DUE, rules.due_at), *steps, (CLOSES, rules.closes_at)]
    )
    for number, (before, after) in enumerate(pairwise(rules.late), 2):
        if after.percent > before.percent:
            yield Refused(f"late_{number}_percent", "Who comes later cannot earn more than who came before.")


TIME_WORDS = {OPENS: "the opening", DUE: "the due time", CLOSES: "the end"}


def order_refusals(times: Sequence[tuple[str, datetime | None]]) -> Iterator[Refused]:
    """Which of these times, in the order they should have, do not come after the one before.

    Only the end may fall together with the due time or the last late step.
    """
    said = [(name, moment) for name, moment in times if moment is not None]
    for (before, earlier), (name, later) in pairwise(said):
        may_equal = name == CLOSES and before != OPENS
        if later < earlier or (later == earlier and not may_equal):
            words = TIME_WORDS.get(before, "the step before")
            yield Refused(name, f"This must be later than {words}.")


def changes_between(old: Rules, new: Rules) -> dict[str, Any]:
    """Rule -> [before, after] of all that differ; of a code only that it does."""
    return {
        name: "changed" if name == SECRET else [_plain(getattr(old, name)), _plain(getattr(new, name))]
        for name in NAMES
        if getattr(old, name) != getattr(new, name)
    }


def _plain(value: Any) -> Any:  # noqa: ANN401 (any rule's value, as JSON can hold it)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [{"until": step.until.isoformat(), "percent": step.percent} for step in value]
    return value


def get_quiz(session: Session, module: Module, quiz_id: int) -> Quiz:
    """A quiz of the module. Raises NotFound."""
    quiz = module_quizzes.get_quiz(session, module.id, quiz_id)
    if quiz is None:
        raise NotFound
    return quiz


def fingerprint(rules: Rules) -> str:
    """What tells rules apart: a form carries it from when they were shown to when they are saved."""
    return sha256(repr([(name, _plain(getattr(rules, name))) for name in NAMES]).encode()).hexdigest()[:16]


def save_rules(
    session: Session,
    module: Module,
    quiz_id: int,
    rules: Rules,
    *,
    seen: str | None = None,
    confirmed: str | None = None,
) -> Saved:
    """Give a quiz these rules; running attempts end as they say.

    `seen`: the fingerprint of the rules that were looked at. Where scores would change, nothing is saved
    until this is `confirmed` for that way of counting (`counting_key`).

    Raises NotFound, RefusedRules, OthersRules where the rules are no longer those that were seen, and Overdue
    where attempts must be closed first.
    """
    quiz = get_quiz(session, module, quiz_id)
    wrong = list(refusals(rules, quiz.kind))
    if wrong:
        raise RefusedRules(wrong)
    settle_first(session, [module.id])
    module_quizzes.lock_quiz(session, quiz)
    now = rules_of(quiz)
    if seen is not None and seen != fingerprint(now) and now != rules:
        raise OthersRules(now)
    changed = score_changes(session, [quiz], is_counted=rules.is_counted, counted=rules.counted)
    if changed and confirmed != counting_key(rules):
        return Saved(changed, is_saved=False)
    changes = changes_between(rules_of(quiz), rules)
    give(quiz, rules)
    session.flush()
    return Saved(changed, changes=changes, moved_ends=refresh_ends(session, [quiz.id]) if changes else 0)


def counting_key(rules: Rules) -> str:
    """What somebody confirms who was shown the scores that change."""
    return rules.counted if rules.is_counted else "not"


def give(quiz: Quiz, rules: Rules) -> None:
    """Set the quiz's columns."""
    for name in NAMES:
        if name != "late":
            setattr(quiz, name, getattr(rules, name))
    quiz.late_credit = _plain(rules.late)
