"""Questions for a module that is there already: read its text, generate, store what is new.

Three steps, so that nobody waits for the generator: `prepare` reads, `compute` needs no database at all,
`store` writes in one short transaction and leaves out what has changed or exists by then.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from questions.reading.article import Article
from webapp.repositories import items as item_rows
from webapp.repositories import jobs as job_rows
from webapp.repositories import modules as module_rows
from webapp.services import modules, other_options, spares
from webapp.services.errors import Conflict, NotFound, Refused
from webapp.services.generated_items import MadeItem, Provenance, add_generated_items, choose_new
from webapp.services.generation_cache import Cache, cache_key

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from questions.generation.pipeline import Generation
    from questions.generation.providers.base import Provider
    from questions.generation.providers.connection import Connection
    from questions.generation.rank import Weights
    from webapp.models.module import Module, Section
    from webapp.models.operation import Job

JOB_KIND = "generate"
KINDS = frozenset({JOB_KIND, other_options.JOB_KIND})
"""The kinds of jobs that have a page."""
EDITED = "edited_meanwhile"
NOTHING_NEW = "nothing_new"

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Task:
    """What one run reads: the article, the sections that want questions, and which wording they had."""

    module_id: int
    article: Article
    wanted: frozenset[str]
    versions: Mapping[str, int]
    seed: int


@dataclass(frozen=True, slots=True)
class Summary:
    """What one run brought, by section in order, as plain data for the job's row."""

    proposed: int
    sections: Sequence[Mapping[str, Any]]
    notes: Sequence[str]
    provider: Mapping[str, Any] | None = None
    """What a language model was asked and cost (see ModelAtWork.figures); None where none was asked."""

    def to_json(self) -> dict[str, Any]:
        """The form in which it is kept."""
        kept = {"proposed": self.proposed, "sections": list(self.sections), "notes": list(self.notes)}
        return kept | ({"provider": dict(self.provider)} if self.provider else {})


def prepare(
    session: Session, module: Module, section_ids: Collection[int] | None = None, seed: int | None = None
) -> Task:
    """Read what a run needs. Without a seed, the next one that this module has not had."""
    rows = module_rows.list_sections(session, module.id)
    wanted = {row.id for row in rows} if section_ids is None else set(section_ids)
    if wanted - {row.id for row in rows}:
        raise NotFound
    if not wanted:
        raise Refused("sections", "This module has no section to make questions for.")
    return Task(
        module_id=module.id,
        article=modules.article_of(session, module),
        wanted=frozenset(str(section_id) for section_id in wanted),
        versions={str(row.id): row.current_version_id or 0 for row in rows},
        seed=next_seed(session, module.id) if seed is None else seed,
    )


def next_seed(session: Session, module_id: int) -> int:
    """One more than the largest seed of the module's items; 0 where nothing was generated."""
    newest = item_rows.largest_seed(session, module_id)
    return 0 if newest is None else newest + 1


def compute(
    task: Task,
    progress: Progress | None = None,
    cache: Cache | None = None,
    weights: Weights | None = None,
    language_model: Connection | None = None,
) -> Generation:
    """Generate, unless it was done before. Takes seconds, with a language model minutes; touches no database.

    What a language model made is not kept: asked again, it may say something else, and that is wanted.
    """
    from questions.generation.nlp import load_nlp
    from questions.generation.pipeline import generate

    cache = None if language_model else cache
    options: dict[str, Any] = {"weights": weights} if weights else {}
    key = cache_key(task.article, task.wanted, task.seed, load_nlp().name, **options) if cache else ""
    if cache and (made := cache.get(key, task.article)):
        if progress:
            progress(1, 1, task.article.title)
        return made
    if language_model:
        options["provider"] = provider_of(language_model)
    made = generate(task.article, seed=task.seed, sections=task.wanted, progress=progress, **options)
    if cache:
        cache.put(key, made)
    return made


def provider_of(language_model: Connection | None) -> Provider | None:
    """Who proposes questions: the language model of the settings beside the rules, or the rules alone."""
    if language_model is None:
        return None
    from questions.generation.providers.openai_compatible import OpenAiCompatible

    return OpenAiCompatible(language_model)


def store(session: Session, task: Task, generation: Generation, by: int | None) -> Summary:
    """Add what is new as proposals, in one short transaction."""
    module = module_rows.get_module(session, task.module_id)
    if module is None or module.deleted_at is not None:
        raise Conflict("The module was deleted while its questions were being made.")
    places = {str(row.id): row for row in module_rows.list_sections(session, module.id)}
    unchanged = {name for name, row in places.items() if task.versions.get(name) == row.current_version_id}
    fresh, left = choose_new(session, module.id, generation, places, unchanged)
    provenance = Provenance(task.seed, generation.report["versions"]["generator"], by)
    added = add_generated_items(session, module, places, map(MadeItem.of, fresh), provenance)
    wanted = {name: places[name] for name in task.wanted & unchanged}
    used = [one.id for one in fresh]
    spares.keep_spares(session, wanted, map(MadeItem.of, left), provenance, used)
    per_section = Counter(str(item.section_id) for item in added)
    rows = [
        _section_summary(row, places, per_section[row["id"]], is_edited=row["id"] not in unchanged)
        for row in generation.report["sections"]
    ]
    return Summary(len(added), rows, generation.report["notes"], generation.report.get("provider"))


def payload(
    session: Session, module: Module, section_id: int | None = None, seed: int | None = None
) -> dict[str, Any]:
    """What the job of a run carries. The seed is settled now, so that a run begun again makes the same."""
    present = [row.id for row in module_rows.list_sections(session, module.id)]
    if section_id is not None and section_id not in present:
        raise NotFound
    return {
        "module_id": module.id,
        "section_ids": None if section_id is None else [section_id],
        "seed": next_seed(session, module.id) if seed is None else seed,
    }


def find_running(session: Session, module_id: int) -> Job | None:
    """The module's unfinished run, if there is one: a second press of the button starts no second run."""
    return job_rows.get_unfinished_job(session, module_id, JOB_KIND)


def get_job(session: Session, job_id: int) -> Job:
    """A run, as it is now. Raises NotFound."""
    job = job_rows.get_job(session, job_id)
    if job is None or job.kind not in KINDS:
        raise NotFound
    return job


def finish(session: Session, job_id: int, task: Task, generation: Generation) -> dict[str, Any] | None:
    """Store what a job made, and note the outcome in the same transaction.

    So a job that is done again after its worker was killed stores nothing twice, and a cancelled one nothing.
    """
    job = get_job(session, job_id)
    if job.state == "running" and job.outcome is None:
        job.outcome = store(session, task, generation, job.created_by_id).to_json()
        session.flush()
    return job.outcome


def _section_summary(
    row: Mapping[str, Any], places: Mapping[str, Section], proposed: int, *, is_edited: bool
) -> dict[str, Any]:
    place = places.get(row["id"])
    reasons = list(row["reasons"])
    if is_edited:
        reasons = [EDITED]
    elif not proposed and row["items"]:
        reasons = [NOTHING_NEW]
    return {
        "id": row["id"],
        "heading": place.current_version.heading if place else "",
        "proposed": proposed,
        "reasons": reasons,
    }
