"""Exporting scores: one row per learner (wide) or per answer (long), of a module or a whole course."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import chain, count, islice
from typing import IO, TYPE_CHECKING, Any, Literal

from questions.items.content import item_from_json
from questions.items.registry import item_type
from webapp.repositories import scores as rows_of
from webapp.repositories.scores import AttemptRow, CohortRow, LearnerRow, QuizRow
from webapp.services.counting import Score, Which, score_of
from webapp.services.overdue import settle_first
from webapp.services.score_files import WRITERS, Cell
from webapp.services.slot_grading import DROPPED

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from webapp.models.module import Module

Profile = Literal["wide", "long"]
PROFILES: tuple[Profile, ...] = ("wide", "long")
EVERYBODY = "everybody"
CHOSEN = "chosen"
PREVIEW_ROWS = 5
UNTITLED = "Introduction"
"""What a section without a heading is called."""
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


@dataclass(frozen=True, slots=True)
class Column:
    """A column that can be left out: how a form calls it, and its head in the file."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class ExportOffer:
    """What an export can be made of: people, and the columns of each shape."""

    learners: Sequence[tuple[int, str, str | None]]
    """(account, name, user name)."""
    cohorts: Sequence[CohortRow]
    wide_columns: Sequence[Column]
    long_columns: Sequence[Column]

    def learner_ids(self, who: str, chosen: Collection[int]) -> Collection[int] | None:
        """Whose scores are meant: None for everybody, those chosen, or the cohort of `cohort_key` `who`."""
        if who == EVERYBODY:
            return None
        if who == CHOSEN:
            return chosen
        return next(cohort.learner_ids for cohort in self.cohorts if cohort_key(cohort) == who)


def cohort_key(cohort: CohortRow) -> str:
    """How a form calls a cohort."""
    return f"cohort-{cohort.id}"


def learner_name(learner: LearnerRow) -> str:
    """What to call a person in lists: the name they chose, or what tells them apart."""
    if learner.is_guest:
        return f"Guest {learner.id}"
    return learner.display_name or learner.username or f"Learner {learner.id}"


def percent(points: Decimal, possible: Decimal) -> Decimal | None:
    """Points of possible points in percent, two decimals; None where nothing was possible."""
    return (100 * points / possible).quantize(PERCENT_STEP) if possible else None


def export_offer(session: Session, module: Module) -> ExportOffer:
    """What somebody who exports the scores of a module can choose from, in three queries."""
    return ExportOffer(
        learners=[
            (learner.id, learner_name(learner), learner.username)
            for learner in rows_of.list_score_learners(session, [module.id])
        ],
        cohorts=rows_of.list_cohorts(session, module.course_id),
        wide_columns=_wide_columns([module], rows_of.list_module_quizzes(session, [module.id])),
        long_columns=[Column(name, name) for name in LONG_COLUMNS],
    )


def score_table(
    session: Session,
    modules: Sequence[Module],
    profile: Profile,
    which: Which = "counted",
    *,
    learner_ids: Collection[int] | None = None,
    column_keys: Collection[str] | None = None,
) -> Table:
    """The table of an export; of these learners and columns, where they are named.

    Wide: per quiz the points of the chosen attempt and what was possible, then totals over the quizzes that
    were finished. Long: every saved answer of every attempt that was not reset, whatever `which` says;
    extra practice is no question of the quiz and left out.
    Quizzes that do not count at all are left out. What was earned in a section that was removed since stays,
    is called so, and is part of the totals. Raises Overdue where attempts must be closed first.
    """
    settle_first(session, [module.id for module in modules])
    if profile == "long":
        columns = [Column(name, name) for name in LONG_COLUMNS]
        rows: Iterable[list[Cell]] = _long_rows(session, [module.id for module in modules], learner_ids)
    else:
        quizzes = rows_of.list_module_quizzes(session, [module.id for module in modules])
        columns = _wide_columns(modules, quizzes)
        rows = _wide_rows(session, modules, quizzes, which, learner_ids)
    if column_keys is None:
        return Table([column.name for column in columns], rows)
    places = [place for place, column in enumerate(columns) if column.key in column_keys]
    return Table(
        [columns[place].name for place in places], ([row[place] for place in places] for row in rows)
    )


def preview(table: Table) -> Table:
    """The first rows of a table, to look at."""
    return Table(table.columns, list(islice(table.rows, PREVIEW_ROWS)))


def write_scores(table: Table, file_format: str, out: IO[bytes]) -> None:
    """Write a table in one of the formats of `score_files.WRITERS`. Raises KeyError for another."""
    WRITERS[file_format](table.columns, table.rows, out)


def _wide_columns(modules: Sequence[Module], quizzes: Sequence[QuizRow]) -> list[Column]:
    names = _quiz_names(modules, quizzes)
    return [
        *(Column(name, name) for name in LEARNER_COLUMNS),
        *(
            Column(f"quiz-{quiz.id}-{what}", f"{name} ({what})")
            for quiz, name in zip(quizzes, names, strict=True)
            for what in ("points", "possible")
        ),
        *(Column(name, name) for name in WIDE_END_COLUMNS),
    ]


def _quiz_names(modules: Sequence[Module], quizzes: Sequence[QuizRow]) -> list[str]:
    """One name for each quiz, no two alike: a file may be read by the names of its columns."""
    of_module = _module_names(modules) if len(modules) > 1 else {}
    names: list[str] = []
    taken: set[str] = set()
    for quiz in quizzes:
        own = f"{of_module[quiz.module_id]} - {_quiz_name(quiz)}" if of_module else _quiz_name(quiz)
        numbered = (f"{own} ({number})" for number in count(2))
        name = next(name for name in chain([own], numbered) if name.casefold() not in taken)
        taken.add(name.casefold())
        names.append(name)
    return names


def _module_names(modules: Sequence[Module]) -> dict[int, str]:
    """What to call each module: its title, with its slug where another has the same title."""
    title_counts = Counter(module.title.casefold() for module in modules)
    return {
        module.id: module.title
        if title_counts[module.title.casefold()] == 1
        else f"{module.title} ({module.slug})"
        for module in modules
    }


def _quiz_name(quiz: QuizRow) -> str:
    if quiz.section_id is None:
        return "Module quiz"
    place = "Removed section" if quiz.is_removed else f"Section {quiz.number}"
    return f"{place}: {quiz.heading or UNTITLED}"


def _wide_rows(
    session: Session,
    modules: Sequence[Module],
    quizzes: Sequence[QuizRow],
    which: Which,
    learner_ids: Collection[int] | None,
) -> Iterator[list[Cell]]:
    module_ids = [module.id for module in modules]
    attempts: dict[tuple[int, int], list[AttemptRow]] = {}
    for attempt in rows_of.list_attempts_of_modules(session, module_ids):
        attempts.setdefault((attempt.account_id, attempt.quiz_id), []).append(attempt)
    for learner in rows_of.list_score_learners(session, module_ids):
        if learner_ids is None or learner.id in learner_ids:
            yield _wide_row(learner, quizzes, attempts, which)


def _wide_row(
    learner: LearnerRow,
    quizzes: Sequence[QuizRow],
    attempts: Mapping[tuple[int, int], Sequence[AttemptRow]],
    which: Which,
) -> list[Cell]:
    cells: list[Cell] = [learner.id, learner_name(learner), learner.username, learner.email]
    counted: list[Score] = []
    finished = 0
    for quiz in quizzes:
        own = attempts.get((learner.id, quiz.id), ())
        finished += sum(attempt.is_finished for attempt in own)
        score = score_of(own, which)
        if score is None:
            cells += [None, None]
        else:
            counted.append(score)
            cells += [score.points, score.points_possible]
    if not counted:
        return [*cells, None, None, None, finished, None]
    points = sum((score.points for score in counted), Decimal(0))
    possible = sum((score.points_possible for score in counted), Decimal(0))
    last = max(score.finished_at for score in counted if score.finished_at is not None)
    return [*cells, points, possible, percent(points, possible), finished, last]


def _long_rows(
    session: Session, module_ids: Sequence[int], learner_ids: Collection[int] | None
) -> Iterator[list[Cell]]:
    contents = rows_of.list_asked_items(session, module_ids)
    headings = rows_of.list_section_headings(session, module_ids)

    @cache
    def asked(version_id: int) -> Any:  # noqa: ANN401 (an item and its type)
        item = item_from_json(contents[version_id])
        return item, item_type(item.type)

    before: Any = None
    for row in rows_of.stream_responses(session, module_ids, learner_ids):
        item, kind = asked(row.item_version_id)
        same_attempt = before is not None and before.attempt_id == row.attempt_id
        since = before.saved_at if same_attempt else row.started_at
        before = row
        if row.retry_of is not None:  # extra practice is no question of the quiz, and has no score there
            continue
        heading, is_removed = headings[row.section_id]
        section = f"{heading or UNTITLED} (removed)" if is_removed else heading or UNTITLED
        score = row.score if row.status is not None else None
        learner = LearnerRow(row.account_id, row.display_name, row.username, None, row.is_guest)
        yield [
            row.account_id, learner_name(learner), row.username, row.course, row.module,
            section, row.quiz_kind, row.item_id, row.item_version, item.stem,
            row.attempt_number, row.attempt_state, row.position,
            kind.response_text(item, row.response or {}), row.status, score,
            None if score is None else score * row.points_possible,
                Decimal(0) if row.status == DROPPED else row.points_possible, row.saved_at,
            max(0, round((row.saved_at - since).total_seconds())),
        ]  # fmt: skip
