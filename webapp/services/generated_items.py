"""What the generator made, as items of a module's bank."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from questions.items.content import item_to_json
from webapp.models.item import Item, ItemVersion
from webapp.repositories import items as item_rows
from webapp.services import clock

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from questions.generation.pipeline import GeneratedItem, Generation
    from webapp.models.module import Module, Section

Signature = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Provenance:
    """What every item of one run has in common."""

    seed: int
    generator_version: str
    by: int | None = None
    state: Literal["proposed", "accepted"] = "proposed"
    origin: Literal["generated", "bundled"] = "generated"


@dataclass(frozen=True, slots=True)
class MadeItem:
    """One generated item as plain data: the shape of `python -m questions generate --format json`."""

    id: str
    section: str
    recipe: str
    tier: str
    level: str
    content: dict[str, Any]
    checks: Sequence[Mapping[str, Any]]

    @classmethod
    def of(cls, made: GeneratedItem) -> MadeItem:
        """An item fresh from the generator."""
        checks = [
            {"check": check.check, "severity": check.severity, "field": check.field, "message": check.message}
            for check in made.checks
        ]
        content = item_to_json(made.item)
        return cls(made.id, made.section, made.recipe, made.tier, made.level, content, checks)


def add_generated_items(
    session: Session,
    module: Module,
    places: Mapping[str, Section],
    made: Iterable[MadeItem],
    provenance: Provenance,
) -> list[Item]:
    """Add items to the bank; `places` says which stored section each of the generator's section ids is."""
    positions: dict[int, int] = {}
    added = []
    for one in made:
        section = places[one.section]
        if section.id not in positions:
            positions[section.id] = item_rows.last_position(session, section.id)
        positions[section.id] += 1
        item = Item(
            module_id=module.id,
            section_id=section.id,
            position=positions[section.id],
            state=provenance.state,
            origin=provenance.origin,
            generated_id=one.id,
            recipe=one.recipe,
            level=one.level,
            tier=one.tier,
            seed=provenance.seed,
            generator_version=provenance.generator_version,
            warnings=[dict(check) for check in one.checks],
            created_by_id=provenance.by,
            created_at=clock.now(),
        )
        version = wording(section, at_home(one.content, places), provenance.by)
        added.append(item_rows.add_item(session, item, version))
    return added


def wording(section: Section, content: dict[str, Any], by: int | None) -> ItemVersion:
    """A version of an item of this section, standing on its current text."""
    if section.current_version_id is None:
        raise AssertionError("a section is saved together with its first version")
    return ItemVersion(
        type=content["type"],
        content=content,
        section_version_id=section.current_version_id,
        created_by_id=by,
        created_at=clock.now(),
    )


def at_home(content: Mapping[str, Any], places: Mapping[str, Section]) -> dict[str, Any]:
    """The content with its evidence in the stored sections."""
    evidence = [span | {"section": str(places[span["section"]].id)} for span in content["evidence"]]
    return dict(content) | {"evidence": evidence}


def signature(content: Mapping[str, Any]) -> Signature:
    """What makes two items the same to a reviewer: type, question and answer."""
    options = content["options"]
    key = [_key_words(part, options) for part in content["key"]]
    return str(content["type"]), _folded(content["stem"]), " / ".join(_folded(part) for part in key)


def _key_words(part: object, options: list[dict[str, Any]]) -> str:
    if isinstance(part, list):
        return " \u2013 ".join(options[index]["text"] for index in part)
    return str(options[part]["text"]) if isinstance(part, int) else str(part)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def choose_new(
    session: Session,
    module_id: int,
    generation: Generation,
    places: Mapping[str, Section],
    unchanged: Collection[str],
) -> tuple[list[GeneratedItem], list[GeneratedItem]]:
    """What was chosen and is not in the bank; spares stand in for what was. And the spares that are left."""
    known_ids = set(item_rows.list_generated_ids(session, module_id))
    known: set[tuple[str, Signature]] = {
        (str(item.section_id), signature(item.current_version.content))
        for item in item_rows.list_items(session, module_id)
    }
    fresh: list[GeneratedItem] = []
    left: list[GeneratedItem] = []
    missing: Counter[str] = Counter()
    for one, is_spare in [
        *((one, False) for one in generation.items),
        *((one, True) for one in generation.spares),
    ]:
        if not {one.section, *(span.section for span in one.item.evidence)} <= set(unchanged):
            continue
        mark = (one.section, signature(at_home(item_to_json(one.item), places)))
        if (places[one.section].id, one.id) in known_ids or mark in known:
            missing[one.section] += not is_spare
            continue
        known.add(mark)
        if is_spare and not missing[one.section]:
            left.append(one)
            continue
        missing[one.section] -= is_spare
        fresh.append(one)
    return fresh, left
