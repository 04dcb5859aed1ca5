"""Every page there is and how to get to it: with something on it, and with nothing.

A rule of the application that answers GET and stands neither here nor in NOT_PAGES fails the build.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from questions.items.registry import ITEM_TYPES
from tests.factories.showcase import Showcase

Values = Callable[[Showcase], Mapping[str, Any]]


def _nothing(_show: Showcase) -> Mapping[str, Any]:
    return {}


def _in_section(show: Showcase) -> dict[str, Any]:
    return {"module_id": show.module, "section_id": show.section}


def _item(show: Showcase, kind: str) -> dict[str, Any]:
    return {"module_id": show.module, "item_id": show.item_of_type[kind]}


@dataclass(frozen=True)
class Place:
    """One page as one person meets it. `who` is a field of Showcase, or "stranger"."""

    endpoint: str
    who: str
    values: Values = _nothing
    state: str = ""
    """What is special about it; empty: the usual page, with something on it."""

    @property
    def id(self) -> str:
        """Its name in reports."""
        return "-".join(part for part in (self.endpoint, self.who, self.state) if part)


PLACES: tuple[Place, ...] = (
    # learners
    Place("reading.catalogue", "learner"),
    Place("reading.catalogue", "stranger", state="stranger"),
    Place("reading.catalogue", "learner", lambda _show: {"page": 9}, "past the end"),
    Place("reading.module", "learner", lambda show: {"slug": show.slug}),
    Place("reading.module", "stranger", lambda show: {"slug": show.slug}, "stranger"),
    Place("reading.section", "reader", lambda show: {"slug": show.slug, "number": 2}, "under way"),
    Place("reading.section", "learner", lambda show: {"slug": show.slug, "number": 1}, "open"),
    Place("reading.section", "learner", lambda show: {"slug": show.slug, "number": 2}, "finished"),
    Place("reading.section", "learner", lambda show: {"slug": show.slug, "number": 3}, "no questions"),
    Place("reading.section", "idle_learner", lambda show: {"slug": show.slug, "number": 2}, "not begun"),
    Place("attempts.show", "learner", lambda show: {"attempt_id": show.open_quiz}),
    Place("attempts.confirm", "learner", lambda show: {"attempt_id": show.open_quiz}),
    Place("attempts.result", "learner", lambda show: {"attempt_id": show.finished_quiz}, "quiz"),
    Place("attempts.result", "learner", lambda show: {"attempt_id": show.finished_check}, "check"),
    Place("reports.show", "learner", lambda show: {"attempt_id": show.finished_check, "position": 2}),
    Place("reports.show", "learner", lambda show: {"attempt_id": show.finished_check, "position": 1}, "sent"),
    Place("progress.mine", "learner"),
    Place("progress.mine", "idle_learner", state="empty"),
    # accounts
    Place("accounts.sign_in", "stranger"),
    Place("accounts.sign_up", "stranger"),
    Place("accounts.sign_up", "guest", state="claims progress"),
    Place("accounts.account", "learner"),
    Place("accounts.password", "learner"),
    Place("accounts.delete", "learner"),
    Place("links.show", "stranger", lambda show: {"secret": show.link}),
    Place("links.forgotten", "stranger"),
    Place("admin.accounts", "administrator"),
    Place("admin.accounts", "administrator", lambda _show: {"search": "nobody has this name"}, "no hits"),
    Place("admin.account", "administrator", lambda show: {"account_id": show.learner}),
    # instructors
    Place("modules.index", "instructor"),
    Place("modules.index", "idle_instructor", state="empty"),
    Place("modules.new", "instructor"),
    Place("modules.draft", "instructor", lambda show: {"draft_id": show.import_draft}),
    Place("modules.show", "instructor", lambda show: {"module_id": show.module}),
    Place("modules.show", "instructor", lambda show: {"module_id": show.empty_module}, "empty"),
    Place("modules.show", "instructor", lambda show: {"module_id": show.draft_module}, "draft"),
    Place("modules.copy", "instructor", lambda show: {"module_id": show.module}),
    Place("modules.edit_details", "instructor", lambda show: {"module_id": show.module}),
    Place("sections.edit", "instructor", _in_section),
    Place("coverage.show", "instructor", _in_section),
    Place(
        "coverage.show",
        "instructor",
        lambda show: {"module_id": show.module, "section_id": show.bare_section},
        "no questions",
    ),
    Place("sections.new", "instructor", lambda show: {"module_id": show.module}),
    Place("generation.show", "instructor", lambda show: {"job_id": show.running_job}, "running"),
    Place("generation.show", "instructor", lambda show: {"job_id": show.done_job}, "done"),
    Place("generation.show", "instructor", lambda show: {"job_id": show.failed_job}, "failed"),
    Place("generation.show", "instructor", lambda show: {"job_id": show.running_search}, "searching"),
    Place("generation.show", "instructor", lambda show: {"job_id": show.done_search}, "searched"),
    Place("review.queue", "instructor", lambda show: {"module_id": show.module}),
    Place(
        "review.queue",
        "instructor",
        lambda show: {"module_id": show.module, "edit": show.proposal},
        "card in its form",
    ),
    Place("review.queue", "colleague", lambda show: {"module_id": show.module}, "reported"),
    Place("review.queue", "instructor", lambda show: {"module_id": show.draft_module}, "no card taken"),
    Place(
        "review.queue",
        "administrator",
        lambda show: {"module_id": show.module, "edit": show.proposal},
        "taken",
    ),
    Place("review.queue", "instructor", lambda show: {"module_id": show.empty_module}, "empty"),
    Place("items.index", "instructor", lambda show: {"module_id": show.module}),
    Place("items.index", "instructor", lambda show: {"module_id": show.empty_module}, "empty"),
    *(
        Place("items.new", "instructor", lambda show, kind=kind: _in_section(show) | {"type": kind}, kind)
        for kind in ITEM_TYPES
    ),
    *(
        Place(endpoint, "instructor", lambda show, kind=kind: _item(show, kind), kind)
        for endpoint in ("items.edit", "items.preview", "regrade.show")
        for kind in ITEM_TYPES
    ),
    Place("learners.index", "instructor", lambda show: {"module_id": show.module}),
    Place("learners.index", "instructor", lambda show: {"module_id": show.empty_module}, "empty"),
    Place("learners.show", "instructor", lambda show: {"module_id": show.module, "account_id": show.learner}),
    Place("handing_in.show", "instructor", lambda show: {"module_id": show.module}),
    Place(
        "handing_in.history",
        "instructor",
        lambda show: {"module_id": show.module, "attempt_id": show.handed_in},
    ),
    Place(
        "handing_in.history",
        "instructor",
        lambda show: {"module_id": show.module, "attempt_id": show.open_quiz},
        "nothing",
    ),
    Place("attempts.result", "offline", lambda show: {"attempt_id": show.handed_in}, "handed in"),
    Place("quizzes.index", "instructor", lambda show: {"module_id": show.module}),
    Place("quizzes.index", "instructor", lambda show: {"module_id": show.draft_module}, "one has rules"),
    Place("quizzes.index", "instructor", lambda show: {"module_id": show.empty_module}, "not made yet"),
    Place(
        "quizzes.edit",
        "instructor",
        lambda show: {"module_id": show.draft_module, "quiz_id": show.ruled_quiz},
    ),
    Place(
        "quizzes.edit",
        "instructor",
        lambda show: {"module_id": show.module, "quiz_id": show.module_quiz},
        "of the module",
    ),
    Place(
        "grants.index",
        "instructor",
        lambda show: {"module_id": show.draft_module, "quiz_id": show.ruled_quiz},
    ),
    Place(
        "grants.index",
        "instructor",
        lambda show: {"module_id": show.draft_module, "quiz_id": show.ruled_quiz, "grant": show.grant},
        "one to change",
    ),
    Place(
        "grants.index",
        "instructor",
        lambda show: {"module_id": show.module, "quiz_id": show.module_quiz},
        "nothing granted",
    ),
    Place("scores.export", "instructor", lambda show: {"module_id": show.module}),
    Place("scores.export", "instructor", lambda show: {"module_id": show.empty_module}, "empty"),
)
NOT_PAGES: Mapping[str, str] = {
    "attempts.clock_of": "JSON for the countdown",
    "attempts.receipt": "a text file",
    "health.healthz": "JSON for machines",
    "health.readyz": "JSON for machines",
}
"""Endpoints that answer GET with no page, and why."""
