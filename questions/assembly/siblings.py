"""Which other question is asked after one that went wrong: about the same words, else of the same kind.

Never one with a stem that was asked already, so that nobody is asked what the feedback has just answered.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal

from questions.grading.text_match import fold

Relation = Literal["evidence", "kind"]
"""About words of the text that the first question is about, or of its recipe or level and elsewhere."""
Place = tuple[str, int, int]
"""Section, start, end."""


@dataclass(frozen=True, slots=True)
class Question:
    """What makes questions similar. `wording` names the text of its section that its places count in."""

    id: int
    section: Hashable
    wording: Hashable
    stem: str
    key: str = ""
    places: tuple[Place, ...] = ()
    recipe: str | None = None
    level: str | None = None


@dataclass(frozen=True, slots=True)
class Sibling:
    """A question, and what it has in common with the one that went wrong."""

    id: int
    relation: Relation


def relation(one: Question, other: Question) -> Relation | None:
    """What two questions have in common; None where they are not similar."""
    if (one.section, one.wording) != (other.section, other.wording):
        return None
    if _shared(one, other):
        return "evidence"
    is_of_kind = (one.recipe or "") == other.recipe or (one.level or "") == other.level
    return "kind" if is_of_kind else None


def choose_sibling(
    missed: Question, asked: Collection[Question], candidates: Sequence[Question], seed: int
) -> Sibling | None:
    """The question to ask after `missed`, of those that were not asked; None where there is none.

    About the same words before of the same kind only; with another answer before with the same; the more of
    its words it shares the better; of the same recipe before of the same level. What is still equal the seed
    decides, the same for the same `missed`, whatever the order of the candidates.
    """
    ids, stems = {one.id for one in asked}, {fold(one.stem) for one in asked}
    chance = Random(f"{seed}\x00similar\x00{missed.id}")
    ranked = []
    for one in sorted(candidates, key=lambda one: one.id):
        found, luck = relation(missed, one), chance.random()
        if found is None or one.id in ids or fold(one.stem) in stems:
            continue
        has_same_key = fold(one.key) == fold(missed.key)
        is_of_recipe = (missed.recipe or "") == one.recipe
        rank = (found != "evidence", has_same_key, -_likeness(missed, one), not is_of_recipe, luck)
        ranked.append((rank, Sibling(one.id, found)))
    return min(ranked, key=lambda pair: pair[0])[1] if ranked else None


def _shared(one: Question, other: Question) -> int:
    """How many code points of evidence two questions share."""
    return sum(
        max(0, min(a[2], b[2]) - max(a[1], b[1])) for a in one.places for b in other.places if a[0] == b[0]
    )


def _likeness(one: Question, other: Question) -> int:
    """What they share, in percent of all the words that either stands on."""
    shared = _shared(one, other)
    total = sum(place[2] - place[1] for place in (*one.places, *other.places)) - shared
    return 100 * shared // total if total > 0 else 0
