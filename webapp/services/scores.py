"""Exporting scores: one row per learner (wide) or per answer (long), of a module or a whole course."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import islice
from typing import IO, TYPE_CHECKING, Any, Literal

from questions.items.content import item_from_json
from questions.items.registry import item_type
from webapp.repositories import scores as rows_of
from webapp.repositories.scores import AttemptRow, LearnerRow, QuizRow
from webapp.services.score_files import WRITERS, Cell

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from webapp.models.module import Module

Profile = Literal["wide", "long"]
Which = Literal["best", "first", "last"]
PROFILES: tuple[Profile, ...] = ("wide", "long")
WHICH: tuple[Which, ...] = ("best", "first", "last")
PREVIEW_ROWS = 5
PERCENT_STEP = Decimal("0.01")

LEARNER_COLUMNS = ("learner_id", "learner", "username", "email")
WIDE_END_COLUMNS = ("total_points", "total_possible", "percent", "attempts_finished", "last_finished_at")
LONG_COLUMNS = (
    "learner_id", "learner", "username", "course", "module", "section", "quiz", "item", "item_version",
    "question", "attempt", "attempt_state", "position", "response", "status", "score", "points",
    "points_possible", "answered_at", "seconds",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Table:
    """Column names, and rows that can be read once."""

    columns: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def learner_name(learner: LearnerRow) -> str:
    """What to call a person in lists: the name they chose, or what tells them apart."""
    if learner.is_guest:
        return f"Guest {learner.id}"
    return learner.display_name or learner.username or f"Learner {learner.id}"


def chosen_attempt(attempts: Sequence[AttemptRow], which: Which) -> AttemptRow | None:
    """The attempt that counts among the finished ones of one learner and quiz (oldest first)."""
    finished = [attempt for attempt in attempts if attempt.is_finished]
    if not finished:
        return None
    if which == "first":
        return finished[0]
    if which == "last":
        return finished[-1]
    return max(
        finished, key=lambda attempt: (_share(attempt.points, attempt.points_possible), -attempt.number)
    )


def _share(points: Decimal, possible: Decimal) -> Decimal:
    return points / possible if possible else Decimal(0)


def percent(points: Decimal, possible: Decimal) -> Decimal | None:
    """Points of possible points in percent, two decimals; None where nothing was possible."""
    return (100 * points / possible).quantize(PERCENT_STEP) if possible else None


def score_table(
    session: Session, modules: Sequence[Module], profile: Profile, which: Which = "best"
) -> Table:
    """The table of an export.

    Wide: per quiz the points of the chosen attempt and what was possible, then totals over the quizzes that
    were finished. Long: every saved answer of every attempt that was not reset, whatever `which` says.
    """
    if profile == "long":
        return Table(LONG_COLUMNS, _long_rows(session, [module.id for module in modules]))
    return _wide_table(session, modules, which)


def preview(table: Table) -> Table:
    """The first rows of a table, to look at."""
    return Table(table.columns, list(islice(table.rows, PREVIEW_ROWS)))


def write_scores(table: Table, file_format: str, out: IO[bytes]) -> None:
    """Write a table in one of the formats of `score_files.WRITERS`. Raises KeyError for another."""
    WRITERS[file_format](table.columns, table.rows, out)


def _wide_table(session: Session, modules: Sequence[Module], which: Which) -> Table:
    module_ids = [module.id for module in modules]
    quizzes = rows_of.list_module_quizzes(session, module_ids)
    titles = {module.id: module.title for module in modules} if len(modules) > 1 else {}
    names = _quiz_names(quizzes, titles)
    columns = [
        *LEARNER_COLUMNS,
        *(f"{names[quiz.id]} ({what})" for quiz in quizzes for what in ("points", "possible")),
        *WIDE_END_COLUMNS,
    ]
    attempts: dict[tuple[int, int], list[AttemptRow]] = {}
    for attempt in rows_of.list_attempts_of_modules(session, module_ids):
        attempts.setdefault((attempt.account_id, attempt.quiz_id), []).append(attempt)
    learners = rows_of.list_score_learners(session, module_ids)
    return Table(columns, (_wide_row(learner, quizzes, attempts, which) for learner in learners))


def _quiz_names(quizzes: Sequence[QuizRow], titles: Mapping[int, str]) -> dict[int, str]:
    names: dict[int, str] = {}
    number = 0
    module_id = None
    for quiz in quizzes:
        number = 1 if quiz.module_id != module_id else number + 1
        module_id = quiz.module_id
        own = (
            "Module quiz"
            if quiz.section_id is None
            else f"Section {number}: {quiz.heading or 'Introduction'}"
        )
        names[quiz.id] = f"{titles[quiz.module_id]} - {own}" if titles else own
    return names


def _wide_row(
    learner: LearnerRow,
    quizzes: Sequence[QuizRow],
    attempts: Mapping[tuple[int, int], Sequence[AttemptRow]],
    which: Which,
) -> list[Cell]:
    cells: list[Cell] = [learner.id, learner_name(learner), learner.username, learner.email]
    counted: list[AttemptRow] = []
    finished = 0
    for quiz in quizzes:
        own = attempts.get((learner.id, quiz.id), ())
        finished += sum(attempt.is_finished for attempt in own)
        attempt = chosen_attempt(own, which)
        if attempt is None:
            cells += [None, None]
        else:
            counted.append(attempt)
            cells += [attempt.points, attempt.points_possible]
    if not counted:
        return [*cells, None, None, None, finished, None]
    points = sum((attempt.points for attempt in counted), Decimal(0))
    possible = sum((attempt.points_possible for attempt in counted), Decimal(0))
    last = max(attempt.submitted_at for attempt in counted if attempt.submitted_at is not None)
    return [*cells, points, possible, percent(points, possible), finished, last]


def _long_rows(session: Session, module_ids: Sequence[int]) -> Iterator[list[Cell]]:
    contents = rows_of.list_asked_items(session, module_ids)
    headings = rows_of.list_section_headings(session, module_ids)

    @cache
    def asked(version_id: int) -> Any:  # noqa: ANN401 (an item and its type)
        item = item_from_json(contents[version_id])
        return item, item_type(item.type)

    before: Any = None
    for row in rows_of.stream_responses(session, module_ids):
        item, kind = asked(row.item_version_id)
        same_attempt = before is not None and before.attempt_id == row.attempt_id
        since = before.saved_at if same_attempt else row.started_at
        before = row
        _, heading = headings[row.section_id]
        score = row.score if row.status is not None else None
        learner = LearnerRow(row.account_id, row.display_name, row.username, None, row.is_guest)
        yield [
            row.account_id, learner_name(learner), row.username, row.course, row.module,
            heading or "Introduction", row.quiz_kind, row.item_id, row.item_version, item.stem,
            row.attempt_number, row.attempt_state, row.position,
            kind.response_text(item, row.response or {}), row.status, score,
            None if score is None else score * row.points_possible, row.points_possible, row.saved_at,
            max(0, round((row.saved_at - since).total_seconds())),
        ]  # fmt: skip
