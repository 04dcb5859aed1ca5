"""Modules that ask every type of item, and the form fields that answer them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from questions.items.base import Evidence, Item
from questions.items.registry import ITEM_TYPES
from tests.factories.attempts import make_quiz
from tests.factories.modules import make_item, make_module
from webapp.models.module import Module, Section, SectionVersion
from webapp.services.quizzes import SECTION_ITEM_LIMIT


def make_module_of_every_type(session: Session, *, sections: int = 2, **values: Any) -> Module:
    """Sections of one sentence a type; the item of that type has the sentence as its evidence.

    Their checks give feedback question by question: most tests of answering are about that.
    """
    texts = [
        (
            f"Part {number}" if number > 1 else "",
            " ".join(
                f"Sentence {place} of part {number} proves it." for place in range(1, len(ITEM_TYPES) + 1)
            ),
        )
        for number in range(1, sections + 1)
    ]
    module = make_module(session, sections=texts, **values)
    for section in module.sections:
        add_item_of_every_type(session, section)
        make_quiz(session, section, item_limit=SECTION_ITEM_LIMIT)
    return module


def add_item_of_every_type(session: Session, section: Section) -> None:
    """One accepted item of each type, its evidence the sentence at its own place."""
    text = session.get_one(SectionVersion, section.current_version_id).text
    start = 0
    for place, kind in enumerate(ITEM_TYPES.values(), start=1):
        end = text.index(".", start) + 1
        evidence = Evidence(str(section.id), start, end, text[start:end])
        item = replace(kind.examples().item, evidence=(evidence,))
        make_item(session, section, item, level="retrieve" if place % 2 else "infer")
        start = end + 1


def fields_of(position: int, response: Mapping[str, Any]) -> dict[str, str]:
    """The fields a browser sends for this answer to the question at `position`."""
    if "order" in response:
        places = {f"place-{index}": str(place) for place, index in enumerate(response["order"], start=1)}
    elif "match" in response:
        places = {f"match-{index}": str(answer) for index, answer in enumerate(response["match"])}
    else:
        places = {name: str(value) for name, value in response.items()}
    return {f"s{position}-{name}": value for name, value in places.items()}


def right_answer(item: Item) -> Mapping[str, Any]:
    """The answer that earns full credit."""
    if item.type == "ordering":
        return {"order": list(item.key)}
    if item.type == "matching":
        return {"match": [part[1] for part in item.key if isinstance(part, tuple)]}
    if item.type == "gap_text":
        return {"text": str(item.key[0])}
    return {"choice": item.key[0]}


def wrong_answer(item: Item) -> Mapping[str, Any]:
    """An answer that earns nothing."""
    if item.type == "ordering":
        return {"order": list(reversed([part for part in item.key if isinstance(part, int)]))}
    if item.type == "matching":
        answers = [part[1] for part in item.key if isinstance(part, tuple)]
        return {"match": answers[1:] + answers[:1]}
    if item.type == "gap_text":
        return {"text": "something quite different"}
    return {"choice": next(index for index in range(len(item.options)) if index not in item.key)}
