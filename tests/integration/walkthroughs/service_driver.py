"""The steps of a walkthrough taken through the services."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from tests.factories.answers import fields_of
from tests.integration.walkthroughs.stage import Stage
from tests.integration.walkthroughs.walkthrough import Decision, Whom
from webapp.services import grants, items, learners, module_quizzes, regrade, turning
from webapp.services.answers import SentAnswer, save_responses
from webapp.services.attempts import start_module_quiz, start_section_check
from webapp.services.errors import Conflict, NotFound, Refused
from webapp.services.grading import check_slot, close_overdue, submit_attempt
from webapp.services.overdue import Overdue, settle_first
from webapp.services.quiz_settings import RefusedRules
from webapp.services.reading import Entered, list_questions, read_section
from webapp.services.regrade_page import open_page
from webapp.services.results import get_own_attempt, show_result

EVERYTHING = frozenset(
    {
        *("start", "answer", "check", "turn", "hand in", "look", "read", "count", "sure", "code", "hint"),
        *("grant", "take back", "release", "reset", "regrade", "undo", "preview"),
    }
)


class ServiceDriver:
    """Calls the use cases, and closes what is overdue as the application does."""

    abilities = EVERYTHING

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.sequence = 0

    # ------------------------------------------------------------ who answers

    def start(self, code: str) -> bool:
        """Start an attempt."""
        session, account_id, module = self.stage.session, self.stage.account.id, self.stage.module
        options = {"access_code": code, "is_preview": self.stage.is_preview}
        if self.stage.kind == "section":
            return self._do(lambda: start_section_check(session, account_id, module, 1, **options))
        return self._do(lambda: start_module_quiz(session, account_id, module, **options))

    def answer(self, position: int, response: Mapping[str, Any], sure: int | None) -> bool:
        """Save one answer."""
        sent = self._sent(position, response, sure)
        return self._do(lambda: save_responses(*self._own(), [sent]))

    def check(self, position: int, response: Mapping[str, Any] | None, sure: int | None) -> bool:
        """Check one question."""
        sent = [] if response is None else [self._sent(position, response, sure)]
        return self._do(lambda: check_slot(*self._own(), position, sent))

    def turn(self, step: int) -> bool:
        """Go to another question."""
        before = self.stage.attempt().at_position
        self._do(lambda: turning.turn_page(self.stage.session, get_own_attempt(*self._own()), step))
        return self.stage.attempt().at_position != before

    def hand_in(self) -> bool:
        """Hand in."""
        return self._do(lambda: submit_attempt(*self._own()))

    def look(self) -> None:
        """Read the attempt, as every page of it does."""
        self._do(lambda: get_own_attempt(*self._own()))

    def read(self, number: int) -> bool:
        """Read the text of a section."""
        page = read_section(
            self.stage.session,
            self.stage.module,
            number,
            self.stage.account.id,
            is_staff=self.stage.is_preview,
        )
        return bool(page.text.html)

    def seen_points(self) -> str:
        """What the result says."""
        page = show_result(*self._own())
        if not page.shown.points:
            return ""
        return _of(page.attempt.points, page.attempt.points_possible)

    def seen_hint(self, position: int) -> str:
        """What the question says after a try."""
        views = list_questions(self.stage.session, get_own_attempt(*self._own()), Entered())
        return next(view.hint for view in views if view.position == position)

    def seen_score(self) -> str:
        """What the learner has by the quiz's rule, as their instructor's page has it."""
        stage = self.stage
        try:
            page = learners.learner_page(stage.session, stage.module, stage.account.id)
        except NotFound:
            return ""
        own = next((line for line in page.quizzes if line.quiz.id == stage.quiz.id), None)
        return _of(own.score.points, own.score.points_possible) if own and own.score else ""

    # ------------------------------------------------------------ who teaches

    def grant(self, whom: Whom, granted: Mapping[str, Any]) -> bool:
        """Grant something."""
        stage = self.stage
        who = f"cohort-{stage.cohort_id}" if whom.is_cohort else f"account-{stage.account.id}"
        wish = grants.Wish(who, whom.is_course_wide, grants.Granted(**granted))
        by = stage.teacher.id
        return self._do(lambda: grants.add_grant(stage.session, stage.module, stage.quiz.id, wish, by=by))

    def take_back(self, whom: Whom) -> bool:
        """Remove a grant."""
        stage = self.stage
        lines = grants.grant_page(stage.session, stage.module, stage.quiz.id).lines
        wanted = (whom.is_cohort, whom.is_course_wide)
        grant_id = next(line.id for line in lines if (line.is_cohort, line.is_course_wide) == wanted)
        return self._do(lambda: grants.remove_grant(stage.session, stage.module, grant_id))

    def release(self) -> bool:
        """Release what waits."""
        stage = self.stage
        return self._do(lambda: module_quizzes.release_results(stage.session, stage.module, stage.quiz.id))

    def reset(self, number: int) -> bool:
        """Reset an attempt."""
        stage = self.stage
        page = learners.learner_page(stage.session, stage.module, stage.account.id)
        attempts = next(line.attempts for line in page.quizzes if line.quiz.id == stage.quiz.id)
        attempt_id = next(attempt.id for attempt in attempts if attempt.number == number)
        return self._do(lambda: learners.reset_attempt(stage.session, stage.module, attempt_id))

    def regrade(self, item_id: int, decision: Decision) -> bool:
        """Edit the question where its key is to be another, look at the effect, apply it."""
        stage = self.stage
        session, module, by = stage.session, stage.module, stage.teacher.id
        if decision.kind in {"key", "either"}:
            self._do(lambda: self._edit(item_id, decision.answer))
        accept = str(decision.answer["text"]) if decision.kind == "accept" else ""
        kind: Any = "either" if accept else decision.kind
        order = regrade.Order(kind, never_lowers=decision.never_lowers, accept=accept)

        def apply() -> None:
            settle_first(session, [module.id])
            seen = regrade.preview(session, module, item_id, order, by)
            regrade.apply(session, module, item_id, order, by, seen.token)

        return self._do(apply)

    def undo(self, item_id: int) -> bool:
        """Undo the newest ruling."""
        stage = self.stage
        page = open_page(stage.session, stage.module, item_id, with_history=True)
        ruling_id = max(past.ruling.id for past in page.history if past.ruling.undone_at is None)
        by = stage.teacher.id
        return self._do(lambda: regrade.undo(stage.session, stage.module, item_id, ruling_id, by))

    def _edit(self, item_id: int, answer: Mapping[str, Any]) -> None:
        session, module = self.stage.session, self.stage.module
        row = items.find_item(session, module, item_id)
        section = items.find_section(session, module, row.section_id)
        key = (answer["choice"],) if "choice" in answer else (answer["text"],)
        item = replace(items.item_content(row), key=key)
        items.edit_item(session, module, row, section, item, self.stage.teacher.id, row.current_version_id)

    # ------------------------------------------------------------ both

    def _own(self) -> tuple[Any, int, int]:
        return self.stage.session, self.stage.account.id, self.stage.attempt().id

    def _sent(self, position: int, response: Mapping[str, Any], sure: int | None) -> SentAnswer:
        self.sequence += 1
        prefix = f"s{position}-"
        fields = {
            name.removeprefix(prefix): [value] for name, value in fields_of(position, dict(response)).items()
        }
        return SentAnswer(position, "walkthrough", self.sequence, fields, sure)

    def _do(self, step: Callable[[], object]) -> bool:
        try:
            step()
        except Overdue as late:
            self.stage.session.rollback()
            for attempt_id in late.attempt_ids:
                assert close_overdue(self.stage.session, attempt_id)
            self.stage.session.commit()
            return self._do(step)
        except (Conflict, Refused, RefusedRules):
            self.stage.session.rollback()
            return False
        self.stage.session.commit()
        return True


def _of(points: Any, possible: Any) -> str:
    return f"{_plain(points)} of {_plain(possible)}"


def _plain(value: Any) -> str:
    return f"{value:.0f}" if value == int(value) else f"{value:.2f}"
