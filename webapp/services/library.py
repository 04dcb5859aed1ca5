"""The learning modules that come with the program: a text of our own, and its reviewed items.

A text is `<name>.md` in `webapp/library`, with `<name>.provenance.json` (where it comes from) and
`<name>.items.json`: what `python -m questions generate --format json` made of it, each item with its seed,
the generator's version and a `review` (`verdict` accept, edit or reject; `reason`; `edited_item`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from questions.reading.article import Article
from questions.reading.documents import read_document
from webapp.models.item import ReviewDecision
from webapp.repositories import courses
from webapp.repositories import decisions as decision_rows
from webapp.repositories import items as item_rows
from webapp.repositories import modules as module_rows
from webapp.services import clock, modules
from webapp.services.generated_items import MadeItem, Provenance, add_generated_items, at_home, wording

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from webapp.models.item import Item
    from webapp.models.module import Module, Section

FOLDER = Path(__file__).parents[1] / "library"
STATES = {"accept": "accepted", "edit": "accepted", "reject": "rejected"}
CONTENT_KEYS = ("type", "stem", "options", "key", "evidence", "explanation")


@dataclass(frozen=True, slots=True)
class LibraryText:
    """One text of the library with everything that is known of it."""

    name: str
    article: Article
    provenance: Mapping[str, Any]
    items: Sequence[Mapping[str, Any]]
    """As in the file; empty where there is none yet."""

    @property
    def source_note(self) -> str:
        """What stands at the foot of the module's page."""
        return "\n\n".join(
            [
                f"Source: {self.provenance['source_title']}",
                self.provenance["statement"],
                self.provenance["licence"],
            ]
        )


def read_library() -> list[LibraryText]:
    """Every text of the library, by name."""
    return [_read_text(path) for path in sorted(FOLDER.glob("*.md"))]


def install_library(session: Session) -> list[Module]:
    """Make the modules of the library that were never here, published and open to everyone.

    A module that is here in any state, edited or deleted, is left as it is.
    """
    return [
        _install(session, text)
        for text in read_library()
        if module_rows.get_module_by_slug(session, text.name) is None
    ]


def made_item(raw: Mapping[str, Any]) -> MadeItem:
    """An item of the file as the generator made it."""
    return MadeItem(
        id=raw["id"],
        section=raw["section"],
        recipe=raw["recipe"],
        tier=raw["tier"],
        level=raw["level"],
        content={key: raw[key] for key in CONTENT_KEYS},
        checks=raw["checks"],
    )


def _read_text(path: Path) -> LibraryText:
    items = path.with_suffix(".items.json")
    return LibraryText(
        name=path.stem,
        article=read_document(path.read_bytes(), path.name),
        provenance=json.loads(path.with_suffix(".provenance.json").read_text("utf-8")),
        items=json.loads(items.read_text("utf-8"))["items"] if items.exists() else [],
    )


def _install(session: Session, text: LibraryText) -> Module:
    module = modules.create_module(
        session,
        text.article,
        course_id=courses.get_open_course(session).id,
        by=None,
        language=text.provenance["language"],
        source_note=text.source_note,
        slug=text.name,
    )
    rows = module_rows.list_sections(session, module.id)
    places = {section.id: row for section, row in zip(text.article.sections, rows, strict=True)}
    for raw in text.items:
        provenance = Provenance(raw["seed"], raw["generator_version"], origin="bundled")
        (item,) = add_generated_items(session, module, places, [made_item(raw)], provenance)
        if raw.get("review"):
            _decide(session, item, raw["review"], places[raw["section"]], places)
    modules.publish_module(session, module)
    return module


def _decide(
    session: Session,
    item: Item,
    review: Mapping[str, Any],
    section: Section,
    places: Mapping[str, Section],
) -> None:
    """What the reviewer of the library decided, with the history that a decision in the browser leaves."""
    before = item.current_version.id
    if review["verdict"] == "edit":
        content = at_home(review["edited_item"], places)
        item_rows.add_item_version(session, item, wording(section, content, None))
    decision = ReviewDecision(
        item_id=item.id,
        decision=review["verdict"],
        reason=review.get("reason", ""),
        state_before=item.state,
        version_before_id=before,
        version_after_id=item.current_version.id,
        decided_at=clock.now(),
    )
    item.state = STATES[review["verdict"]]
    decision_rows.add_decision(session, decision)
