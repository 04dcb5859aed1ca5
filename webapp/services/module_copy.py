"""A second module of the same text and questions, without anybody's answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from webapp.models.item import Item, ItemVersion
from webapp.models.module import Module
from webapp.repositories import items as item_rows
from webapp.repositories import modules as module_rows
from webapp.services import clock, modules

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


COPIED_STATES = ("proposed", "accepted")


def copy_module(session: Session, module: Module, *, title: str, by: int | None) -> Module:
    """A draft with the same sections and the questions in use or waiting, in the same course."""
    article = modules.article_of(session, module)
    copy = modules.create_module(
        session,
        type(article)(title, article.standfirst, article.sections),
        course_id=module.course_id,
        by=by,
        language=module.language,
        source_note=module.source_note,
    )
    old_rows = module_rows.list_sections(session, module.id)
    new_rows = module_rows.list_sections(session, copy.id)
    places = {old.id: new for old, new in zip(old_rows, new_rows, strict=True)}
    renamed = {str(old): str(new.id) for old, new in places.items()}
    standing = {old.current_version_id for old in old_rows}
    for item in item_rows.list_items(session, module.id, states=COPIED_STATES):
        if item.current_version.section_version_id not in standing:
            continue  # of a removed section, or waiting because its sentence is gone
        section = places[item.section_id]
        item_rows.add_item(
            session,
            _copied_item(item, copy.id, section.id, by),
            ItemVersion(
                type=item.current_version.type,
                content=_moved(item.current_version.content, renamed),
                section_version_id=section.current_version_id,
                created_by_id=by,
                created_at=clock.now(),
            ),
        )
    return copy


def _copied_item(item: Item, module_id: int, section_id: int, by: int | None) -> Item:
    return Item(
        module_id=module_id,
        section_id=section_id,
        position=item.position,
        state=item.state,
        origin=item.origin,
        generated_id=item.generated_id,
        recipe=item.recipe,
        level=item.level,
        tier=item.tier,
        seed=item.seed,
        generator_version=item.generator_version,
        warnings=list(item.warnings),
        stale_note=item.stale_note,
        created_by_id=by,
        created_at=clock.now(),
    )


def _moved(content: dict[str, Any], renamed: dict[str, str]) -> dict[str, Any]:
    evidence = [
        span | {"section": renamed.get(span["section"], span["section"])} for span in content["evidence"]
    ]
    return content | {"evidence": evidence}
