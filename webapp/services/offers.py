"""What a page says before an attempt is started: how many questions, how long, until when, how often."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from webapp.repositories import attempts, quizzes
from webapp.services import clock
from webapp.services.quiz_rules import Window
from webapp.services.starting import attempts_left, next_start_at
from webapp.services.windows import window_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from webapp.repositories.quizzes import QuizRow

PLAIN = Window()
Obstacle = Literal["", "nothing", "not_open", "closed", "used_up", "pause"]


@dataclass(frozen=True, slots=True)
class Offer:
    """What starting an attempt would mean for one person, and what stands against it."""

    question_count: int
    window: Window = PLAIN
    attempts_left: int | None = None
    next_start_at: datetime | None = None
    needs_code: bool = False
    obstacle: Obstacle = ""
    mode: str = "check"
    behaviour: str = "immediate"
    release: str = "at_once"
    shows_text: bool = True
    tries_allowed: int = 1

    @property
    def can_start(self) -> bool:
        """Whether an attempt can be started now."""
        return not self.obstacle

    @property
    def limit_minutes(self) -> int | None:
        """The time limit in whole minutes, rounded up."""
        return None if self.window.limit_s is None else -(-self.window.limit_s // 60)

    @property
    def base_minutes(self) -> int | None:
        """Everybody's time limit in whole minutes, where this person has more."""
        if not self.window.has_extra_time or self.window.base_limit_s is None:
            return None
        return -(-self.window.base_limit_s // 60)


def make_offer(
    session: Session, quiz: QuizRow | None, account_id: int | None, available: int, *, is_staff: bool = False
) -> Offer:
    """The offer of a quiz with so many items to ask; a quiz that nobody touched yet has the plain rules.

    To `is_staff`, who only try it out, it is always open.
    """
    if quiz is None or not available:
        return Offer(available, obstacle="" if available else "nothing")
    own = window_of(session, quiz, account_id or 0)
    now = clock.now()
    left, wait = None if is_staff else own.attempts_allowed, None
    if not is_staff and account_id is not None and (own.attempts_allowed is not None or quiz.attempt_delay_s):
        earlier = attempts.count_attempts(session, quiz.id, account_id)
        left, wait = attempts_left(own, earlier), next_start_at(quiz, earlier)
    return Offer(
        question_count=min(available, quiz.item_limit),
        window=own,
        attempts_left=left,
        next_start_at=wait if wait is not None and wait > now else None,
        needs_code=bool(quiz.access_code) and not is_staff,
        obstacle="" if is_staff else _obstacle(own, left, wait, now),
        mode=quiz.mode,
        behaviour=quiz.behaviour,
        release=quiz.release,
        shows_text=quiz.shows_text,
        tries_allowed=quiz.tries_allowed,
    )


def _obstacle(own: Window, left: int | None, wait: datetime | None, now: datetime) -> Obstacle:
    if not own.has_opened(now):
        return "not_open"
    if own.has_closed(now):
        return "closed"
    if left == 0:
        return "used_up"
    return "pause" if wait is not None and wait > now else ""


def section_offer(
    session: Session, section_id: int, account_id: int | None, *, is_staff: bool = False
) -> Offer:
    """The offer of a section's check."""
    quiz, available = quizzes.get_section_quiz_and_count(session, section_id)
    return make_offer(session, quiz, account_id, available, is_staff=is_staff)


def module_offer(
    session: Session, module_id: int, account_id: int | None, available: int, *, is_staff: bool = False
) -> Offer:
    """The offer of a module's quiz."""
    quiz = quizzes.get_module_quiz(session, module_id) if available else None
    return make_offer(session, quiz, account_id, available, is_staff=is_staff)
