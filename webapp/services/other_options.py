"""Other wrong answers for a question that waits for review, as a job: read, look for them, store.

They become a new wording of the question, which its reviewer can take back like any decision. Nobody is asked
it before somebody has accepted it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from questions.items.content import item_from_json, item_to_json
from webapp.models.item import EXCHANGED, ItemVersion
from webapp.repositories import items as item_rows
from webapp.repositories import jobs as job_rows
from webapp.services import clock, items, modules
from webapp.services.errors import Conflict
from webapp.services.item_fields import CHOICE_TYPES

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from questions.generation.other_options import Options, Place
    from questions.generation.proposal import Finding
    from questions.items.base import Item
    from questions.reading.article import Article
    from webapp.models.item import Item as ItemRow
    from webapp.models.module import Module
    from webapp.models.operation import Job

JOB_KIND = "other_options"
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Task:
    """What one search reads."""

    article: Article
    place: Place
    seen: frozenset[Options]
    """Every set of options that the question ever had."""
    item_id: int
    version_id: int


def can_be_asked_for(row: ItemRow) -> bool:
    """Whether this question waits and has wrong answers that could be others."""
    has_wrong_answers = row.current_version.type in CHOICE_TYPES
    return row.state == "proposed" and row.recipe is not None and has_wrong_answers


def payload(row: ItemRow) -> dict[str, Any]:
    """What the job of a search carries. Raises Conflict where there is nothing to look for."""
    if not can_be_asked_for(row):
        raise Conflict("This question has been decided already, or has no wrong answers to exchange.")
    return {"module_id": row.module_id, "item_id": row.id, "version_id": row.current_version_id}


def find_running(session: Session, row: ItemRow) -> Job | None:
    """The unfinished search for this question: a second press of the button starts no second one."""
    job = job_rows.get_unfinished_job(session, row.module_id, JOB_KIND)
    return job if job is not None and job.payload["item_id"] == row.id else None


def prepare(session: Session, module: Module, asked: dict[str, Any]) -> Task:
    """Read what a search needs. Raises NotFound."""
    from questions.generation.other_options import Place, options_of

    row = items.find_item(session, module, asked["item_id"])
    seen = {options_of(item_from_json(content)) for content in item_rows.list_wordings(session, row.id)}
    place = Place(str(row.section_id), row.recipe or "", items.item_content(row))
    return Task(modules.article_of(session, module), place, frozenset(seen), row.id, asked["version_id"])


def compute(task: Task, progress: Progress | None = None) -> tuple[Item, tuple[Finding, ...]] | None:
    """Look. Takes seconds; touches no database. The seeds are others each time, for more has been seen."""
    from questions.generation.other_options import find_other_options

    return find_other_options(task.article, task.place, task.seen, seed=len(task.seen), progress=progress)


def finish(
    session: Session, job_id: int, task: Task, found: tuple[Item, tuple[Finding, ...]] | None
) -> dict[str, Any] | None:
    """Store what was found, once, in the transaction that notes the outcome."""
    job = job_rows.get_job(session, job_id)
    if job is None or job.state != "running":
        return None  # cancelled
    job.outcome = {"item_id": task.item_id, "result": _store(session, task, found, job.created_by_id)}
    session.flush()
    return job.outcome


def _store(
    session: Session, task: Task, found: tuple[Item, tuple[Finding, ...]] | None, by: int | None
) -> str:
    """One of "found", "none", "changed"."""
    row = item_rows.get_item_to_change(session, task.item_id)
    if row is None or row.state != "proposed" or row.current_version_id != task.version_id:
        return "changed"
    if found is None:
        return "none"
    item, findings = found
    before = row.current_version
    item_rows.add_item_version(
        session,
        row,
        ItemVersion(
            type=item.type,
            content=item_to_json(item),
            section_version_id=before.section_version_id,
            created_by_id=by,
            created_at=clock.now(),
        ),
    )
    row.warnings = items.as_warnings(findings)
    if by is not None:
        items.decide(
            session, row, by, "edit", reason=EXCHANGED, version_before=task.version_id, answers_reports=False
        )
    return "found"
