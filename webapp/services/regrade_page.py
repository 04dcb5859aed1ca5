"""What there is to decide about a question that was asked already: difference, choices, history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from questions.grading.text_match import comparable, texts_agree
from questions.items.base import Item
from questions.items.content import item_from_json
from questions.items.gap_text import GapText
from questions.items.wording import OPTION_LIMIT
from webapp.repositories import rulings as rows
from webapp.services import items
from webapp.services.regrade_history import PastRuling, list_past_rulings
from webapp.services.wording_difference import Part, changes_worth, differences, has_same_options

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from webapp.models.item import Item as ItemRow
    from webapp.models.module import Module
    from webapp.repositories.rulings import AskedRow

Kind = Literal["key", "either", "full", "drop"]
Reach = Literal["earlier", "all"]
BY_KEY = frozenset({"key", "either"})


@dataclass(frozen=True, slots=True)
class RegradePage:
    """What there is to decide about one item."""

    row: ItemRow
    present: Item
    asked: Item | None
    """The newest wording that was asked before the present one; None where only the present one was asked."""
    graded_by: Item | None
    """The wording by which its answers are graded now: that one, or the one that a ruling made decide."""
    earlier_number: int | None
    """The number of that wording."""
    earlier: int
    """How many attempts asked it or one before it."""
    now: int
    """How many attempts asked the present wording."""
    parts: Sequence[Part]
    kinds: Sequence[Kind]
    typed: Sequence[tuple[str, int]]
    """Typed answers that are not accepted, with how many gave each."""
    history: Sequence[PastRuling] = ()

    @property
    def attempts(self) -> int:
        """How many attempts asked the item in any wording."""
        return self.earlier + self.now

    @property
    def is_typo_only(self) -> bool:
        """Whether the present key and options grade these answers already: none is worth anything else."""
        return self.graded_by is None or not changes_worth(self.graded_by, self.present)

    @property
    def has_reach(self) -> bool:
        """Whether a decision can hold for the earlier wordings alone, or for the present one too."""
        return bool(self.earlier and self.now)

    @property
    def reach(self) -> Reach:
        """What is offered first: where nothing of weight was edited, every wording."""
        return "all" if self.is_typo_only else "earlier"

    def up_to(self, kind: Kind, reach: Reach) -> int:
        """The newest wording that a decision holds for."""
        present = self.row.current_version.number
        if self.earlier_number is None:
            return present
        return present if kind not in BY_KEY and reach == "all" and self.now else self.earlier_number


def open_page(session: Session, module: Module, item_id: int, *, with_history: bool = False) -> RegradePage:
    """The difference, the choices, what learners typed, and what was ruled before. Raises NotFound."""
    row = items.find_item(session, module, item_id)
    present, number = items.item_content(row), row.current_version.number
    versions = rows.list_asked_versions(session, item_id)
    earlier = [one for one in versions if one.number < number]
    asked = item_from_json(earlier[0].content) if earlier else None
    return RegradePage(
        row=row,
        present=present,
        asked=asked,
        graded_by=_graded_by(session, item_id, earlier[0]) if earlier else None,
        earlier_number=earlier[0].number if earlier else None,
        earlier=sum(one.attempts for one in earlier),
        now=sum(one.attempts for one in versions if one.number == number),
        parts=differences(asked, present) if asked else (),
        kinds=_kinds(earlier, present),
        typed=_typed(session, item_id, present),
        history=list_past_rulings(session, item_id) if with_history else (),
    )


def is_to_decide(session: Session, row: ItemRow, version_before: int | None) -> bool:
    """Whether an edit made another wording than attempts asked, so that somebody has to decide about them."""
    return row.current_version_id != version_before and any(
        one.number < row.current_version.number for one in rows.list_asked_versions(session, row.id)
    )


def _graded_by(session: Session, item_id: int, asked: AskedRow) -> Item:
    return item_from_json(rows.get_grading_content(session, item_id, asked.number) or asked.content)


def _kinds(earlier: Sequence[AskedRow], present: Item) -> list[Kind]:
    """What can be decided; a key counts places, so it holds only for wordings with the same options."""
    are_alike = all(has_same_options(item_from_json(one.content), present) for one in earlier)
    return ["key", "either", "full", "drop"] if earlier and are_alike else ["full", "drop"]


def _typed(session: Session, item_id: int, present: Item) -> list[tuple[str, int]]:
    """Each answer that earned nothing, in its most frequent spelling, with how many gave it in any."""
    if present.type != GapText.name:
        return []
    spelled = Counter(rows.list_typed_answers(session, item_id))
    accepted = list(map(str, present.key))
    counts: Counter[str] = Counter()
    spelling: dict[str, str] = {}
    for text, count in spelled.most_common():
        if len(text) <= OPTION_LIMIT and comparable(text) and not texts_agree(text, accepted):
            counts[spelling.setdefault(comparable(text), text)] += count
    return counts.most_common()


def widened(present: Item, text: str) -> Item:
    """The present wording, accepting one more typed answer."""
    return replace(present, key=(*present.key, text))
