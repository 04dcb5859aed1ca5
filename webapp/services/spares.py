"""Spares: what the generator made and did not need, kept for who asks for another question of a kind.

A spare counts only while the wording of its section is the one it was made of: what was edited since may have
made it wrong, and nobody has looked at it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from questions.items.content import item_from_json
from webapp.models.item import Item
from webapp.repositories import items as item_rows
from webapp.repositories import modules as module_rows
from webapp.repositories import spares as rows
from webapp.services import clock, items
from webapp.services.generated_items import MadeItem, Provenance, at_home, signature, wording

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from webapp.models.item import SpareItem
    from webapp.models.module import Module, Section


def keep_spares(
    session: Session,
    places: Mapping[str, Section],
    spares: Iterable[MadeItem],
    provenance: Provenance,
    used: Collection[str],
) -> None:
    """Keep what a run did not need; `places` are the sections it read, `used` the ids of what it added."""
    for section in places.values():
        rows.delete_spares(session, section.id, section.current_version_id or 0, used)
    rows.add_spares(
        session,
        [
            {
                "section_id": places[one.section].id,
                "section_version_id": places[one.section].current_version_id,
                "generated_id": one.id,
                "recipe": one.recipe,
                "level": one.level,
                "tier": one.tier,
                "seed": provenance.seed,
                "generator_version": provenance.generator_version,
                "warnings": [dict(check) for check in one.checks],
                "content": at_home(one.content, places),
                "created_at": clock.now(),
            }
            for one in spares
        ],
    )


def take_another(session: Session, module: Module, row: Item, by: int, count: int = 1) -> list[Item]:
    """Propose other questions of the same kind about other sentences, at most so many.

    The section of `row` comes first, then the others in order. The list is empty where no spare is left.
    """
    if row.recipe is None:
        return []
    known = {
        (item.section_id, signature(item.current_version.content))
        for item in item_rows.list_items(session, module.id)
    }
    texts = {
        str(section.id): section.current_version.text
        for section in module_rows.list_sections(session, module.id)
    }
    offered = rows.list_spares(session, module.id, row.recipe)
    taken: list[Item] = []
    for spare, section in sorted(offered, key=lambda pair: pair[1].id != row.section_id):
        if len(taken) == count:
            break
        if _touches(spare.content, row.current_version.content):
            continue
        mark = (section.id, signature(spare.content))
        if mark not in known and _is_sound(session, module, spare, texts):
            known.add(mark)
            taken.append(_propose(session, module, spare, section, by))
        rows.delete_spare(session, spare)
    session.flush()
    return taken


def _touches(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two questions stand on the same words of the text."""
    return any(
        a["section"] == b["section"] and a["start"] < b["end"] and b["start"] < a["end"]
        for a in one["evidence"]
        for b in other["evidence"]
    )


def _is_sound(session: Session, module: Module, spare: SpareItem, texts: Mapping[str, str]) -> bool:
    """Whether it could be accepted as it is: other sections that it leans on may have been edited."""
    stands = all(
        texts.get(span["section"], "")[span["start"] : span["end"]] == span["quote"]
        for span in spare.content["evidence"]
    )
    if not stands:
        return False
    findings = items.find_problems(session, module, item_from_json(spare.content))
    return not any(finding.severity == "hard" for finding in findings)


def _propose(session: Session, module: Module, spare: SpareItem, section: Section, by: int) -> Item:
    item = Item(
        module_id=module.id,
        section_id=section.id,
        position=item_rows.last_position(session, section.id) + 1,
        state="proposed",
        origin="generated",
        generated_id=spare.generated_id,
        recipe=spare.recipe,
        level=spare.level,
        tier=spare.tier,
        seed=spare.seed,
        generator_version=spare.generator_version,
        warnings=spare.warnings,
        created_by_id=by,
        created_at=clock.now(),
    )
    return item_rows.add_item(session, item, wording(section, spare.content, by))


def list_kinds_in_hand(session: Session, module: Module) -> Sequence[str]:
    """The recipes of which another question is in hand."""
    return sorted(rows.list_spare_recipes(session, module.id))
