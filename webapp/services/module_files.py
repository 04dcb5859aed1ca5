"""A file becomes a module with generated questions in one step: what `readcheck import` does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from webapp.repositories import modules as module_rows
from webapp.services import modules, spares
from webapp.services.generated_items import MadeItem, Provenance, add_generated_items
from webapp.services.generation import provider_of
from webapp.services.import_drafts import read_upload
from webapp.services.languages import guess_language

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from questions.generation.pipeline import Generation
    from questions.generation.providers.connection import Connection
    from questions.generation.rank import Weights
    from questions.reading.article import Article
    from webapp.models.course import Course
    from webapp.models.module import Module

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class SectionReport:
    """What one section of the file gave."""

    label: str
    words: int
    items: int
    reasons: Sequence[str]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import brought."""

    module: Module
    is_published: bool
    sections: Sequence[SectionReport]
    items_by_tier: Mapping[str, int]
    notes: Sequence[str]
    provider: Mapping[str, Any] | None = None
    """What a language model was asked and cost; None where none was asked."""

    @property
    def item_count(self) -> int:
        """All questions together."""
        return sum(self.items_by_tier.values())


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file that was read and whose questions are made, and of which nothing is stored yet."""

    article: Article
    generation: Generation
    seed: int


def read_file(
    data: bytes,
    filename: str,
    *,
    seed: int = 0,
    progress: Progress | None = None,
    weights: Weights | None = None,
    language_model: Connection | None = None,
) -> ReadFile:
    """Read a file and generate its questions; needs no database. Raises Refused, naming the line."""
    article = read_upload(data, filename)
    from questions.generation.pipeline import generate

    options: dict[str, Any] = {"weights": weights} if weights else {}
    provider = provider_of(language_model)
    made = generate(article, seed=seed, progress=progress, provider=provider, **options)
    return ReadFile(article, made, seed)


def store_file(
    session: Session, read: ReadFile, *, course: Course, by: int | None, publish: bool
) -> ImportReport:
    """Store what was read: the module, its sections, its questions. All of it or, raising, nothing.

    With `publish` everything that was selected, of both tiers, is accepted on the operator's word.
    """
    article, generation = read.article, read.generation
    language = guess_language("\n".join(section.text for section in article.sections))
    module = modules.create_module(session, article, course_id=course.id, by=by, language=language)
    rows = module_rows.list_sections(session, module.id)
    places = {section.id: row for section, row in zip(article.sections, rows, strict=True)}
    provenance = Provenance(
        read.seed,
        generation.report["versions"]["generator"],
        by,
        "accepted" if publish else "proposed",
    )
    add_generated_items(session, module, places, map(MadeItem.of, generation.items), provenance)
    spares.keep_spares(session, places, map(MadeItem.of, generation.spares), provenance, used=())
    if publish:
        modules.publish_module(session, module)
    return ImportReport(
        module=module,
        is_published=publish,
        sections=[
            SectionReport(article.section(row["id"]).label, row["words"], row["items"], row["reasons"])
            for row in generation.report["sections"]
        ],
        items_by_tier=Counter(item.tier for item in generation.items),
        notes=generation.report["notes"],
        provider=generation.report.get("provider"),
    )
