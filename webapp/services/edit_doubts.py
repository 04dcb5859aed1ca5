"""Questions that keep their sentence in an edited text, and may be wrong now all the same: pure, no rows.

A new sentence may say what a wrong answer says, or take back what the right one says. What the checks of
truth find with the new text, and did not find with the old one, is such a doubt.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
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
        if found and (fresh := [message for message in found if message not in _truths(content, before)]):
            doubts[item.id] = fresh
    return doubts


def note_of_doubt(messages: Iterable[str]) -> str:
    """What an item says of itself once an edit has made it doubtful."""
    return "The text was edited, and the question may be wrong now: " + " ".join(messages)


def _truths(content: dict[str, Any], reference: Reference) -> list[str]:
    findings = verify(item_from_json(content), Context(reference), with_parse=False)
    return list(dict.fromkeys(finding.message for finding in findings if finding.check in TRUTH))
