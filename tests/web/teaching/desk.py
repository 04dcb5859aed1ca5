"""What the tests of the instructor's review and writing share."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from tests.factories.modules import make_item
from webapp.models.item import Item as ItemRow
from webapp.models.module import Module

QUOTE = "The town paid for them with a tax on salt."


def propose(
    session: Session, module: Module, count: int = 1, section: int = 0, **values: Any
) -> list[ItemRow]:
    """Items of a section that wait for review."""
    about = {"state": "proposed", "origin": "generated", "recipe": "cloze_date", "level": "retrieve"}
    return [make_item(session, module.sections[section], **{**about, **values}) for _ in range(count)]


def review(module: Module) -> str:
    """Where the queue is."""
    return f"/teach/modules/{module.id}/review"


def written(**fields: object) -> dict[str, Any]:
    """A sound question about the second section, as its author types it."""
    return {
        "stem": "What did the town tax to pay for the repairs?",
        "option_0": "Ships",
        "option_1": "Salt",
        "feedback_0": "Ships were not taxed.",
        "option_2": "Land",
        "key": "1",
        "evidence": QUOTE,
        "explanation": "The last sentence says it.",
    } | fields
