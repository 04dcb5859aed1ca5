"""Whose scores another way of counting would change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from webapp.repositories import scores as rows_of
from webapp.repositories.scores import AttemptRow
from webapp.services.counting import Score, score_by
from webapp.services.scores import learner_name

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from webapp.models.quiz import Quiz


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """What one learner has at one quiz before and after; None: no score that counts."""

    quiz_id: int
    name: str
    before: Score | None
    after: Score | None


def score_changes(
    session: Session, quizzes: Sequence[Quiz], *, is_counted: bool, counted: str
) -> list[ScoreChange]:
    """The scores at these quizzes that would be others if they were counted like that, by learner."""
    rules = {quiz.id: (quiz.is_counted, quiz.counted) for quiz in quizzes}
    changing = [quiz_id for quiz_id, rule in rules.items() if rule != (is_counted, counted)]
    if not changing:
        return []
    own: dict[tuple[int, int], list[AttemptRow]] = {}
    for attempt in rows_of.list_attempts_of_quizzes(session, changing):
        if attempt.is_finished:
            own.setdefault((attempt.account_id, attempt.quiz_id), []).append(attempt)
    people = {row.id: row for row in rows_of.list_people(session, {account for account, _ in own})}
    places = {account_id: place for place, account_id in enumerate(people)}
    found = []
    in_order = sorted(own.items(), key=lambda one: (places[one[0][0]], one[0][1]))
    for (account_id, quiz_id), finished in in_order:
        was_counted, rule = rules[quiz_id]
        before = score_by(finished, rule) if was_counted else None
        after = score_by(finished, counted) if is_counted else None
        if _worth(before) != _worth(after):
            found.append(ScoreChange(quiz_id, learner_name(people[account_id]), before, after))
    return found


def _worth(score: Score | None) -> object:
    return None if score is None else (score.points, score.points_possible)
