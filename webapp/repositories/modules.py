"""Modules: found, listed, added, with the counts that their pages show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from webapp.models.course import Course
from webapp.models.item import Item
from webapp.models.module import Module, Section, SectionVersion

MAX_SLUGS_TRIED = 1000


def get_module(session: Session, module_id: int) -> Module | None:
    """The module of that id, deleted or not."""
    return session.get(Module, module_id)


def get_module_by_slug(session: Session, slug: str) -> Module | None:
    """The module of that slug, deleted or not."""
    return session.scalar(select(Module).where(Module.slug == slug))


def list_modules(session: Session, course_ids: Iterable[int] | None) -> Sequence[Module]:
    """The modules of these courses (None: of all), newest change first, deleted ones included."""
    query = select(Module).order_by(Module.updated_at.desc(), Module.id.desc())
    if course_ids is not None:
        query = query.where(Module.course_id.in_(list(course_ids)))
    return session.scalars(query).all()


def list_courses(session: Session, course_ids: Iterable[int] | None) -> Sequence[Course]:
    """These courses (None: all), by title."""
    query = select(Course).order_by(Course.title, Course.id)
    if course_ids is not None:
        query = query.where(Course.id.in_(list(course_ids)))
    return session.scalars(query).all()


def count_items_by_state(session: Session, module_ids: Iterable[int]) -> Mapping[int, Mapping[str, int]]:
    """For each module: item state -> how many, items of removed sections left out."""
    rows = session.execute(
        select(Item.module_id, Item.state, func.count())
        .join(Section, Section.id == Item.section_id)
        .where(Item.module_id.in_(list(module_ids)), Section.removed_at.is_(None))
        .group_by(Item.module_id, Item.state)
    )
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for module_id, state, count in rows:
        counts[module_id][state] = count
    return counts


def count_sections_and_words(session: Session, module_ids: Iterable[int]) -> Mapping[int, tuple[int, int]]:
    """For each module that has any: its present sections, and their words."""
    rows = session.execute(
        select(Section.module_id, func.count(), func.sum(SectionVersion.word_count))
        .join(SectionVersion, SectionVersion.id == Section.current_version_id)
        .where(Section.module_id.in_(list(module_ids)), Section.removed_at.is_(None))
        .group_by(Section.module_id)
    )
    return {module_id: (sections, int(words or 0)) for module_id, sections, words in rows}


def add_module(session: Session, module: Module, base_slug: str) -> Module:
    """Add the module under the first free slug of `base`, `base-2`, `base-3`, ..."""
    taken = set(
        session.scalars(select(Module.slug).where(Module.slug.startswith(base_slug, autoescape=True)))
    )
    for number in range(1, MAX_SLUGS_TRIED):
        slug = base_slug if number == 1 else f"{base_slug}-{number}"
        if slug in taken:
            continue
        module.slug = slug
        try:
            with session.begin_nested():
                session.add(module)
        except IntegrityError:  # somebody took it since we looked
            if get_module_by_slug(session, slug) is None:
                raise
        else:
            return module
    raise RuntimeError(f"no free slug for {base_slug!r}")


def is_slug_free(session: Session, slug: str) -> bool:
    """Whether no module, deleted ones included, has that slug."""
    return get_module_by_slug(session, slug) is None


def list_sections(session: Session, module_id: int, *, with_removed: bool = False) -> Sequence[Section]:
    """The module's sections in order, each with its current version; removed ones only on request."""
    query = (
        select(Section)
        .where(Section.module_id == module_id)
        .options(joinedload(Section.current_version))
        .order_by(Section.position, Section.id)
    )
    if not with_removed:
        query = query.where(Section.removed_at.is_(None))
    return session.scalars(query).all()
