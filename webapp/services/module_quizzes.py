"""The quizzes of a module on one page: in what order, how many they ask, what waits for release."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from webapp.repositories import courses, module_quizzes
from webapp.repositories import quizzes as quiz_rows
from webapp.services.errors import Conflict
from webapp.services.grading import release_attempt
from webapp.services.local_times import zone_of
from webapp.services.overdue import settle_first
from webapp.services.quiz_settings import Rules, get_quiz, rules_of
from webapp.services.quizzes import ensure_quizzes

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from sqlalchemy.orm import Session

    from webapp.models.module import Module
    from webapp.models.quiz import Quiz


@dataclass(frozen=True, slots=True)
class QuizLine:
    """One quiz of a module."""

    number: int | None
    """The place of its section; None: the module's quiz."""
    heading: str
    available: int
    """How many accepted items it can ask."""
    quiz_id: int | None
    """None: it has not been made yet."""
    rules: Rules | None
    waiting: int = 0
    """Attempts whose result waits for release."""

    @property
    def question_count(self) -> int:
        """How many questions an attempt asks."""
        return min(self.available, self.rules.item_limit) if self.rules else self.available


def time_zone(session: Session, module: Module) -> ZoneInfo:
    """The time zone of the module's course."""
    course = courses.get_course(session, module.course_id)
    return zone_of(course.time_zone if course else "")


def list_quizzes(session: Session, module: Module) -> list[QuizLine]:
    """The checks of the sections in their order, then the module's quiz.

    Raises Overdue where attempts must be closed first.
    """
    settle_first(session, [module.id])
    counts = quiz_rows.count_items_by_section(session, module.id)
    waiting = module_quizzes.count_waiting(session, module.id)
    rows = module_quizzes.list_section_quizzes(session, module.id)
    lines = [
        _line(row.quiz, number, row.heading, counts.get(row.section_id, 0), waiting)
        for number, row in enumerate(rows, 1)
    ]
    quiz = module_quizzes.get_module_quiz(session, module.id)
    return [*lines, _line(quiz, None, "", sum(counts.values()), waiting)]


def _line(
    quiz: Quiz | None, number: int | None, heading: str, available: int, waiting: Mapping[int, int]
) -> QuizLine:
    if quiz is None:
        return QuizLine(number, heading, available, None, None)
    return QuizLine(number, heading, available, quiz.id, rules_of(quiz), waiting.get(quiz.id, 0))


def quiz_line(session: Session, module: Module, quiz_id: int) -> QuizLine:
    """One of them. Raises NotFound."""
    quiz = get_quiz(session, module, quiz_id)
    return next(line for line in list_quizzes(session, module) if line.quiz_id == quiz.id)


def prepare_quizzes(session: Session, module: Module) -> None:
    """Make the quizzes that are not there yet, so that their rules can be set before publishing."""
    ensure_quizzes(session, module)


def release_results(session: Session, module: Module, quiz_id: int) -> int:
    """Let learners see the results of all attempts that are graded and wait; how many there were.

    Raises NotFound, and Conflict where nothing waits.
    """
    quiz = get_quiz(session, module, quiz_id)
    released = sum(release_attempt(session, one) for one in module_quizzes.list_waiting(session, quiz.id))
    if not released:
        raise Conflict("No result waits for release: somebody was here first, or nothing is graded yet.")
    return released
