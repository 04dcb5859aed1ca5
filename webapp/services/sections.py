"""What an instructor does with the sections of a module, also of a published one.

What was answered is never touched: attempts keep the wording that was pinned when they began. An edit makes
a new version of the section; questions whose evidence still stands move along with it, the others leave the
quiz and wait for a person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, NoReturn

from webapp.models.item import Item, ItemVersion
from webapp.models.module import Section
from webapp.repositories import items as item_rows
from webapp.repositories import modules as module_rows
from webapp.repositories import regrade_turns
from webapp.repositories import sections as section_rows
from webapp.services import clock, modules, quizzes
from webapp.services.edit_doubts import find_doubts, note_of_doubt
from webapp.services.errors import Conflict, NotFound, Refused
from webapp.services.evidence_anchor import lost_quotes, moved_content, note_of_loss
from webapp.services.section_text import editable_text, known_kinds, read_section

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from questions.reading.article import Section as ArticleSection
    from webapp.models.module import Module, SectionVersion

Direction = Literal["up", "down"]


class EditedMeanwhileError(Conflict):
    """Somebody saved another wording of the section first. Carries theirs, so that nothing is lost."""

    def __init__(self, current: SectionVersion) -> None:
        super().__init__("Somebody else changed this section while you were editing it.")
        self.current = current


@dataclass(frozen=True, slots=True)
class LostItem:
    """A question that misses words in the new text or is made doubtful by it, and the state it was in."""

    item: Item
    quotes: Sequence[str]
    doubts: Sequence[str]
    state: str


@dataclass(frozen=True, slots=True)
class EditConsequences:
    """What saving an edit does to the questions, or would do where it was not saved."""

    changes_text: bool
    kept: int
    back: int
    """Questions that had lost their sentence and have it again: they still wait for a person."""
    lost: Sequence[LostItem]
    is_saved: bool = False

    @property
    def in_use(self) -> Sequence[LostItem]:
        """Those that miss words and that learners are asked today."""
        return [lost for lost in self.lost if lost.state == "accepted" and lost.quotes]

    @property
    def doubtful(self) -> Sequence[LostItem]:
        """Those that have all their words, may be wrong now, and that learners are asked today."""
        return [lost for lost in self.lost if lost.state == "accepted" and not lost.quotes]

    @property
    def waiting(self) -> Sequence[LostItem]:
        """Those that wait for a person already."""
        return [lost for lost in self.lost if lost.state == "proposed"]


@dataclass(frozen=True, slots=True)
class Wording:
    """What stands in the editor, and which version of the section it began from."""

    heading: str
    text: str
    based_on: int


@dataclass(frozen=True, slots=True)
class EditPage:
    """A section for its editor: which wording is shown, as editable text, and those there were before."""

    section: Section
    shown: SectionVersion
    text: str
    versions: Sequence[SectionVersion]


def get_edit_page(
    session: Session, module: Module, section_id: int, version_id: int | None = None
) -> EditPage:
    """The current wording, or an earlier one that is to be used again. Raises NotFound."""
    section = _get(session, module, section_id)
    versions = section_rows.list_versions(session, section.id)
    shown = section.current_version
    if version_id is not None:
        shown = next((version for version in versions if version.id == version_id), None) or _not_found()
    return EditPage(section, shown, editable_text(modules.section_of(section, shown)), versions)


def edit_section(
    session: Session, module: Module, section_id: int, wording: Wording, *, by: int | None, is_confirmed: bool
) -> EditConsequences:
    """Save a new wording; where learners would lose a question, only once that is confirmed.

    Raises EditedMeanwhileError where the section has another wording by now than the edit began from.
    """
    regrade_turns.take_turn(session, module.id)
    section = section_rows.get_section_for_update(session, module.id, section_id) or _not_found()
    new = read_section(
        str(section.id), wording.heading, wording.text, known_kinds([modules.section_of(section)])
    )
    is_the_same = _words(new) == _words(section.current_version)  # a form that was sent twice
    if section.current_version_id != wording.based_on and not is_the_same:
        raise EditedMeanwhileError(section.current_version)
    if not new.text:
        raise Refused("text", "A section needs text. To take it out of the module, remove it.")
    everything = item_rows.list_items_to_change(session, section.module_id)
    items = [item for item in everything if _stands_on(item, section)]
    others = [item for item in everything if not _stands_on(item, section)]
    doubts = _doubts(session, module, new, [*items, *others])
    consequences = _weigh(section, new, items, [item for item in others if item.id in doubts], doubts)
    if (consequences.in_use or consequences.doubtful) and not is_confirmed:
        return consequences
    if consequences.changes_text:
        _save(session, section, new, items, consequences, by)
        modules.touch(module)
        session.flush()
    return replace(consequences, is_saved=True)


def add_section(
    session: Session, module: Module, *, heading: str, text: str, after_id: int, by: int | None
) -> Section:
    """A new section behind `after_id` (0: at the start; no section of this module: at the end)."""
    read = read_section("", heading, text)
    if not read.text:
        raise Refused("text", "A section needs text.")
    position = section_rows.last_position(session, module.id) + 1
    section = section_rows.add_section(session, Section(module_id=module.id, position=position))
    modules.add_version(session, section, read, by)
    rows = [row for row in _all_in_order(session, module) if row.id != section.id]
    places = [0, *(row.id for row in rows)]
    at = places.index(after_id) if after_id in places else len(rows)
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
    section = _get(session, module, section_id)
    rows = module_rows.list_sections(session, module.id)
    if section.removed_at is None:
        if module.state == "published" and len(rows) == 1:
            raise Conflict("This is the module's only section. Unpublish or delete the module instead.")
        section.removed_at = clock.now()
        _structure_changed(session, module)
    return section


def restore_section(session: Session, module: Module, section_id: int) -> Section:
    """Put a removed section back where it was."""
    section = _get(session, module, section_id)
    if section.removed_at is not None:
        section.removed_at = None
        _structure_changed(session, module)
    return section


def _get(session: Session, module: Module, section_id: int) -> Section:
    return section_rows.get_section(session, module.id, section_id) or _not_found()


def _not_found() -> NoReturn:
    raise NotFound


def _stands_on(item: Item, section: Section) -> bool:
    """Whether it is a question of this section, or one of another whose evidence is here.

    Those that were taken out move along too: when they are brought back they must stand on today's text.
    """
    name = str(section.id)
    evidence = item.current_version.content["evidence"]
    return item.section_id == section.id or any(span["section"] == name for span in evidence)


def _doubts(
    session: Session, module: Module, new: ArticleSection, items: Sequence[Item]
) -> dict[int, list[str]]:
    """What the new wording makes doubtful about questions that learners are asked or may be asked."""
    asked = [item for item in items if item.state in {"accepted", "proposed"}]
    return find_doubts(modules.article_of(session, module), new, asked)


def _weigh(
    section: Section,
    new: ArticleSection,
    items: Sequence[Item],
    elsewhere: Sequence[Item],
    doubts: Mapping[int, Sequence[str]],
) -> EditConsequences:
    missing = {item.id: _missing(item, section, new) for item in items}
    touched = [item for item in items if missing[item.id] or item.id in doubts]
    sound = [item for item in items if not missing[item.id] and item.id not in doubts]
    return EditConsequences(
        changes_text=_words(new) != _words(section.current_version),
        kept=sum(item.state == "accepted" for item in sound),
        back=sum(item.state == "proposed" and bool(item.stale_note) for item in sound),
        lost=[
            *(LostItem(item, missing[item.id], doubts.get(item.id, ()), item.state) for item in touched),
            *(LostItem(item, (), doubts[item.id], item.state) for item in elsewhere),
        ],
    )


def _words(wording: ArticleSection | SectionVersion) -> tuple[str, str]:
    return wording.heading, wording.text


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


def _save(
    session: Session,
    section: Section,
    new: ArticleSection,
    items: Sequence[Item],
    consequences: EditConsequences,
    by: int | None,
) -> None:
    old_text = section.current_version.text
    version = modules.add_version(session, section, new, by)
    lost = {lost.item.id: lost for lost in consequences.lost}
    for item in items:
        trouble = lost.get(item.id)
        if trouble is not None and trouble.quotes:
            _set_aside(item, note_of_loss(trouble.quotes))
            continue
        _move_along(session, item, section, old_text, version, by)
    for trouble in lost.values():
        if not trouble.quotes:
            _set_aside(trouble.item, note_of_doubt(trouble.doubts))


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
        raise AssertionError("it was weighed to keep its evidence")
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


def _set_aside(item: Item, note: str) -> None:
    if item.state == "accepted":
        item.state = "proposed"
    item.stale_note = note
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
