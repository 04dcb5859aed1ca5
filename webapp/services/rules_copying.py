"""Giving the rules of one section's check to every other section of its module."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from webapp.repositories import module_quizzes
from webapp.services.errors import Conflict
from webapp.services.module_quizzes import QuizLine, list_quizzes
from webapp.services.quiz_settings import changes_between, get_quiz, give, rules_of
from webapp.services.quizzes import ensure_quizzes
from webapp.services.score_changes import ScoreChange, score_changes
from webapp.services.windows import refresh_ends

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from webapp.models.module import Module
    from webapp.models.quiz import Quiz


@dataclass(frozen=True, slots=True)
class Copying:
    """What giving one quiz's rules to every section of its module changes."""

    targets: Sequence[tuple[QuizLine, Mapping[str, Any]]]
    """The other sections' quizzes that differ, each with rule -> [before, after]."""
    score_changes: Sequence[ScoreChange]
    key: str
    """What tells this plan from any other: whoever confirms it says which they saw."""
    moved_ends: int = 0


def plan_copy(session: Session, module: Module, quiz_id: int) -> Copying:
    """What copying would change. Raises NotFound."""
    return _copying(session, module, get_quiz(session, module, quiz_id))


def copy_rules(session: Session, module: Module, quiz_id: int, seen: str) -> Copying:
    """Give the rules of a section's check to every other section; `seen`: the key of the plan that was shown.

    Raises NotFound, and Conflict where it would change something else by now.
    """
    module_quizzes.lock_quizzes_of_module(session, module.id)
    source = get_quiz(session, module, quiz_id)
    plan = _copying(session, module, source)
    if plan.key != seen:
        raise Conflict("The rules of a section were changed meanwhile. Look again at what would change.")
    ensure_quizzes(session, module)
    plan = _copying(session, module, source)
    for line, _ in plan.targets:
        give(get_quiz(session, module, line.quiz_id or 0), rules_of(source))
    session.flush()
    moved = refresh_ends(session, [line.quiz_id for line, _ in plan.targets if line.quiz_id is not None])
    return replace(plan, moved_ends=moved)


def _copying(session: Session, module: Module, source: Quiz) -> Copying:
    if source.kind != "section":
        raise Conflict("Only the rules of a section's check can be used for every section.")
    rules = rules_of(source)
    targets = [
        (line, changes)
        for line in list_quizzes(session, module)
        if line.number is not None
        and line.quiz_id != source.id
        and (changes := changes_between(line.rules, rules) if line.rules else {"quiz": "made"})
    ]
    there = [get_quiz(session, module, line.quiz_id) for line, _ in targets if line.quiz_id is not None]
    changed = score_changes(session, there, is_counted=rules.is_counted, counted=rules.counted)
    told = [(line.number, sorted(changes.items())) for line, changes in targets]
    return Copying(targets, changed, key=sha256(repr((told, changed)).encode()).hexdigest()[:16])
