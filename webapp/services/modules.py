"""What an instructor does with a whole module: make, name, publish, copy, delete, bring back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from questions.reading.article import Article, section_from_json, section_to_json
from questions.reading.article import Section as ArticleSection
from webapp.models.module import Module, Section, SectionVersion
from webapp.repositories import items as item_rows
from webapp.repositories import modules as module_rows
from webapp.repositories import sections as section_rows
from webapp.services import clock, quizzes, section_html
from webapp.services.errors import Conflict, NotFound, Refused
from webapp.services.slugs import slug_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


MAX_TITLE_LENGTH = 300
MAX_STANDFIRST_LENGTH = 5000


@dataclass(frozen=True, slots=True)
class Publication:
    """What a published module offers: an instructor may want to know that it has no questions yet."""

    sections: int
    questions: int
    sections_without_questions: int


def get_module(session: Session, module_id: int) -> Module:
    """The module of that id, if it was not deleted. Raises NotFound. Asks for nobody's rights."""
    module = module_rows.get_module(session, module_id)
    if module is None or module.deleted_at is not None:
        raise NotFound
    return module


def create_module(
    session: Session,
    article: Article,
    *,
    course_id: int,
    by: int | None,
    language: str = "en",
    source_note: str = "",
    slug: str = "",
) -> Module:
    """A new module, as a draft, of an article's sections in their order; `by` is the author's account id."""
    if not article.sections:
        raise Refused("sections", "A module needs at least one section with text.")
    now = clock.now()
    title = article.title.strip()[:MAX_TITLE_LENGTH] or article.sections[0].label[:MAX_TITLE_LENGTH]
    module = Module(
        course_id=course_id,
        title=title,
        standfirst=article.standfirst,
        source_note=source_note,
        language=language,
        state="draft",
        created_by_id=by,
        created_at=now,
        updated_at=now,
    )
    module_rows.add_module(session, module, slug or slug_of(title))
    for position, section in enumerate(article.sections, start=1):
        row = section_rows.add_section(session, Section(module_id=module.id, position=position))
        add_version(session, row, section, by)
    return module


def add_version(session: Session, row: Section, section: ArticleSection, by: int | None) -> SectionVersion:
    """A new wording of a section, rendered now so that no reader waits for it."""
    version = SectionVersion(
        number=section_rows.last_version_number(session, row.id) + 1,
        heading=section.heading[:MAX_TITLE_LENGTH],
        text=section.text,
        blocks=section_to_json(section)["blocks"],
        html=section_html.render(section),
        word_count=section.word_count,
        content_hash=section.content_hash,
        created_by_id=by,
        created_at=clock.now(),
    )
    return section_rows.add_section_version(session, row, version)


def section_of(row: Section, version: SectionVersion | None = None) -> ArticleSection:
    """A stored section as the question engine knows it; its id is the row's, as text."""
    version = version or row.current_version
    return section_from_json(
        {"id": str(row.id), "heading": version.heading, "text": version.text, "blocks": version.blocks}
    )


def article_of(session: Session, module: Module) -> Article:
    """The module's present sections as the question engine knows them."""
    rows = module_rows.list_sections(session, module.id)
    return Article(module.title, module.standfirst, tuple(section_of(row) for row in rows))


def rename_module(
    session: Session, module: Module, *, title: str, standfirst: str, source_note: str, language: str
) -> None:
    """Change what the module is called. Its address follows only until it was first published."""
    if not title.strip():
        raise Refused("title", "Give the module a title.")
    module.title = title.strip()
    module.standfirst = standfirst.strip()
    module.source_note = source_note.strip()
    module.language = language
    wanted = slug_of(title)
    is_settled = module.published_at is not None or module.slug.startswith(wanted)
    if not is_settled and module_rows.is_slug_free(session, wanted):
        module.slug = wanted
    touch(module)
    session.flush()


def publish_module(session: Session, module: Module) -> Publication:
    """Open the module to its readers, with a check after each section that has questions."""
    if module.deleted_at is not None:
        raise Conflict("This module was deleted. Restore it before you publish it.")
    rows = module_rows.list_sections(session, module.id)
    if not any(row.current_version.text.strip() for row in rows):
        raise Refused("sections", "There is nothing to read yet: add a section with text first.")
    quizzes.ensure_quizzes(session, module)
    if module.state != "published":
        module.state = "published"
        module.published_at = clock.now()
        touch(module)
    session.flush()
    counts = item_rows.count_by_section_and_state(session, module.id)
    accepted = [counts.get(row.id, {}).get("accepted", 0) for row in rows]
    return Publication(len(rows), sum(accepted), accepted.count(0))


def unpublish_module(session: Session, module: Module) -> None:
    """Close the module to readers. What they answered stays, and is there when it opens again."""
    if module.state == "published":
        module.state = "draft"
        touch(module)
        session.flush()


def delete_module(session: Session, module: Module) -> None:
    """Hide the module from everybody. Nothing is erased: it can be restored."""
    if module.deleted_at is None:
        module.deleted_at = clock.now()
        session.flush()


def restore_module(session: Session, module: Module) -> None:
    """Bring a deleted module back, as it was."""
    if module.deleted_at is not None:
        module.deleted_at = None
        touch(module)
        session.flush()


def touch(module: Module) -> None:
    """Note that the module changed now."""
    module.updated_at = clock.now()
