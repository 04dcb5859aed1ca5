"""What an instructor does with the sections of a module, also of a published one.

What was answered is never touched: attempts keep the wording that was pinned when they began. An edit makes
a new version of the section; questions whose evidence still stands move along with it, the others leave the
quiz and wait for a person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from webapp.models.item import Item, ItemVersion
from webapp.models.module import Section
from webapp.repositories import items as item_rows
from webapp.repositories import modules as module_rows
from webapp.repositories import sections as section_rows
from webapp.services import clock, modules, quizzes
from webapp.services.errors import Conflict, NotFound, Refused
from webapp.services.evidence_anchor import lost_quotes, moved_content
from webapp.services.section_text import editable_text, known_kinds, read_section

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from questions.reading.article import Section as ArticleSection
    from webapp.models.module import Module, SectionVersion

STATES_THAT_STAND_ON_TEXT = ("accepted", "proposed")
Direction = Literal["up", "down"]


class EditedMeanwhileError(Conflict):
    """Somebody saved another wording of the section first. Carries theirs, so that nothing is lost."""

    def __init__(self, current: SectionVersion) -> None:
        super().__init__("Somebody else changed this section while you were editing it.")
        self.current = current


@dataclass(frozen=True, slots=True)
class LostItem:
    """A question that the edit would take out of the quiz, and the words it misses."""

    item: Item
    quotes: Sequence[str]


@dataclass(frozen=True, slots=True)
class EditConsequences:
    """What saving an edit does to the questions."""

    changes_text: bool
    kept: int
    lost: Sequence[LostItem]

    @property
    def in_use(self) -> Sequence[LostItem]:
        """Those of the lost that learners are asked today."""
        return [lost for lost in self.lost if lost.item.state == "accepted"]


def get_section(session: Session, module: Module, section_id: int) -> Section:
    """A section of the module, removed or not. Raises NotFound."""
    section = section_rows.get_section(session, module.id, section_id)
    if section is None:
        raise NotFound
    return section


def weigh_edit(session: Session, section: Section, heading: str, text: str) -> EditConsequences:
    """What would happen to the questions if this were saved. Changes nothing."""
    new = _as_read(section, heading, text)
    old = section.current_version
    items = _items_standing_on(session, section)
    lost = []
    for item in items:
        quotes = _missing(item, section, new)
        if quotes:
            lost.append(LostItem(item, quotes))
    changed = (new.heading, new.text) != (old.heading, old.text)
    return EditConsequences(changed, len(items) - len(lost), lost)


def edit_section(
    session: Session,
    module: Module,
    section_id: int,
    *,
    based_on: int,
    heading: str,
    text: str,
    by: int | None,
) -> EditConsequences:
    """Save a new wording. Raises EditedMeanwhileError where `based_on` is no longer the current version."""
    section = section_rows.get_section_for_update(session, module.id, section_id)
    if section is None:
        raise NotFound
    if section.current_version_id != based_on:
        raise EditedMeanwhileError(section.current_version)
    if not text.strip():
        raise Refused("text", "A section needs text. To take it out of the module, remove it.")
    consequences = weigh_edit(session, section, heading, text)
    if not consequences.changes_text:
        return consequences
    new = _as_read(section, heading, text)
    items = _items_standing_on(session, section)
    old_text = section.current_version.text
    version = modules.add_version(session, section, new, by)
    lost_ids = {lost.item.id: lost for lost in consequences.lost}
    for item in items:
        if item.id in lost_ids:
            _set_aside(item, lost_ids[item.id].quotes)
        else:
            _move_along(session, item, section, old_text, version, by)
    modules.touch(module)
    session.flush()
    return consequences


def add_section(
    session: Session, module: Module, *, heading: str, text: str, after_id: int | None, by: int | None
) -> Section:
    """A new section behind `after_id` (None: at the end)."""
    if not text.strip():
        raise Refused("text", "A section needs text.")
    section = section_rows.add_section(
        session,
        Section(module_id=module.id, position=section_rows.last_position(session, module.id) + 1),
    )
    modules.add_version(session, section, read_section(str(section.id), heading, text), by)
    rows = [row for row in _all_in_order(session, module) if row.id != section.id]
    places = [row.id for row in rows]
    at = places.index(after_id) + 1 if after_id in places else len(rows)
    _number([*rows[:at], section, *rows[at:]])
    _structure_changed(session, module)
    return section


def move_section(session: Session, module: Module, section_id: int, direction: Direction) -> bool:
    """Swap a section with the one before or behind it; False where there is none."""
    rows = _all_in_order(session, module)
    present = [row for row in rows if row.removed_at is None]
    at = next((place for place, row in enumerate(present) if row.id == section_id), None)
    if at is None:
        raise NotFound
    to = at - 1 if direction == "up" else at + 1
    if not 0 <= to < len(present):
        return False
    one, other = rows.index(present[at]), rows.index(present[to])
    rows[one], rows[other] = rows[other], rows[one]
    _number(rows)
    _structure_changed(session, module)
    return True


def remove_section(session: Session, module: Module, section_id: int) -> Section:
    """Take a section out of the module. Its text, questions and answers are kept."""
    section = get_section(session, module, section_id)
    rows = module_rows.list_sections(session, module.id)
    if section.removed_at is None:
        if module.state == "published" and len(rows) == 1:
            raise Conflict("This is the module's only section. Unpublish or delete the module instead.")
        section.removed_at = clock.now()
        _structure_changed(session, module)
    return section


def restore_section(session: Session, module: Module, section_id: int) -> Section:
    """Put a removed section back where it was."""
    section = get_section(session, module, section_id)
    if section.removed_at is not None:
        section.removed_at = None
        _structure_changed(session, module)
    return section


def section_in_editor(section: Section, version: SectionVersion | None = None) -> str:
    """The current wording of a section, or another version of it, as it stands in the editor."""
    return editable_text(modules.section_of(section, version))


def _as_read(section: Section, heading: str, text: str) -> ArticleSection:
    """What the editor's text means, paragraphs that were not edited kept exactly."""
    return read_section(str(section.id), heading, text, known_kinds([modules.section_of(section)]))


def _items_standing_on(session: Session, section: Section) -> list[Item]:
    """Questions of this section, and those of others whose evidence is here."""
    items = item_rows.list_items(session, section.module_id, states=STATES_THAT_STAND_ON_TEXT)
    name = str(section.id)
    return [
        item
        for item in items
        if item.section_id == section.id
        or any(span["section"] == name for span in item.current_version.content["evidence"])
    ]


def _missing(item: Item, section: Section, new: ArticleSection) -> list[str]:
    """What the item needs and the new wording of the section does not have."""
    old = section.current_version
    content = item.current_version.content
    missing = lost_quotes(content, str(section.id), old.text, new.text)
    if item.recipe == "heading" and item.section_id == section.id:
        keys = [content["options"][part]["text"] for part in content["key"] if isinstance(part, int)]
        was_heading = old.heading in keys or item.stale_note
        missing += [key for key in keys if key != new.heading and was_heading]
    return missing


def _move_along(
    session: Session,
    item: Item,
    section: Section,
    old_text: str,
    version: SectionVersion,
    by: int | None,
) -> None:
    content = moved_content(item.current_version.content, str(section.id), old_text, version.text)
    if content is None:
        raise AssertionError("weigh_edit said that this item keeps its evidence")
    item.stale_note = ""
    is_own = item.section_id == section.id
    item_rows.add_item_version(
        session,
        item,
        ItemVersion(
            type=item.current_version.type,
            content=content,
            section_version_id=version.id if is_own else item.current_version.section_version_id,
            created_by_id=by,
            created_at=clock.now(),
        ),
    )


def _set_aside(item: Item, quotes: Sequence[str]) -> None:
    item.state = "proposed"
    item.stale_note = "The text was edited and no longer has: " + " … ".join(f"“{quote}”" for quote in quotes)
    item.claimed_by_id = item.claimed_until = item.skipped_at = None


def _all_in_order(session: Session, module: Module) -> list[Section]:
    return list(module_rows.list_sections(session, module.id, with_removed=True))


def _number(rows: Sequence[Section]) -> None:
    for position, row in enumerate(rows, start=1):
        row.position = position


def _structure_changed(session: Session, module: Module) -> None:
    """Learners of a published module get a check for every section that is there now."""
    session.flush()
    modules.touch(module)
    if module.state == "published":
        quizzes.ensure_quizzes(session, module)
    session.flush()
