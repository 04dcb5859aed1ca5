"""Questions that keep their sentence in an edited text, and may be wrong now all the same: pure, no rows.

A new sentence may say what a wrong answer says, or take back what the right one says. What the checks of
truth find with the new text, and did not find with the old one, is such a doubt; and so is another order of
the sentences that a question stands on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from questions.generation.checks.base import Context
from questions.generation.checks.reference import Reference
from questions.generation.checks.verify import verify
from questions.items.content import item_from_json
from webapp.services.evidence_anchor import moved_content

if TYPE_CHECKING:
    from questions.reading.article import Article, Section
    from webapp.models.item import Item

TRUTH = frozenset({2, 3, 4, 5, 6})
"""The checks that say whether the key is right and the other answers are wrong."""
NEIGHBOURS = "next_sentence"
"""The recipe that asks which of two sentences follows the other."""
MOST_ITEMS = 500
"""More are not looked at in one edit: it must not keep other writers waiting."""


def find_doubts(article: Article, new: Section, items: Iterable[Item]) -> dict[int, list[str]]:
    """Item id -> what the edit of this section makes doubtful about it; items without doubts are left out."""
    old = next((section for section in article.sections if section.id == new.id), None)
    if old is None or not new.text:
        return {}  # a removed section is no part of what is read
    changed = tuple(new if section.id == new.id else section for section in article.sections)
    before, after = Reference(article), Reference(replace(article, sections=changed))
    doubts: dict[int, list[str]] = {}
    for item, _place in zip(items, range(MOST_ITEMS), strict=False):
        content = item.current_version.content
        moved = moved_content(content, new.id, old.text, new.text)
        if moved is None:
            continue  # its sentence is gone, which is said in other words
        found = _truths(moved, after)
        known = _truths(content, before) if found else []
        fresh = [message for message in found if message not in known]
        fresh += _out_of_place(item, moved, old, new)
        if fresh:
            doubts[item.id] = fresh
    return doubts


def _out_of_place(item: Item, moved: dict[str, Any], old: Section, new: Section) -> list[str]:
    """Whether sentences that a question stands on have changed places, or are neighbours no more."""
    before, after = _spans(item.current_version.content, new.id), _spans(moved, new.id)
    order = sorted(range(len(before)), key=lambda at: before[at])
    before, after = [before[at] for at in order], [after[at] for at in order]
    if after != sorted(after):
        return ["Its sentences stand in another order now."]
    if item.recipe == NEIGHBOURS and _has_gap(after, new.text) and not _has_gap(before, old.text):
        return ["Its sentences no longer follow each other."]
    return []


def _spans(content: dict[str, Any], section: str) -> list[tuple[int, int]]:
    return [(span["start"], span["end"]) for span in content["evidence"] if span["section"] == section]


def _has_gap(spans: Sequence[tuple[int, int]], text: str) -> bool:
    return any(text[one[1] : other[0]].strip() for one, other in pairwise(spans))


def note_of_doubt(messages: Iterable[str]) -> str:
    """What an item says of itself once an edit has made it doubtful."""
    return "The text was edited, and the question may be wrong now: " + " ".join(messages)


def _truths(content: dict[str, Any], reference: Reference) -> list[str]:
    findings = verify(item_from_json(content), Context(reference), with_parse=False)
    return list(dict.fromkeys(finding.message for finding in findings if finding.check in TRUTH))
