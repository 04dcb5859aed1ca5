"""Items as plain data: the one form that the database, the files and the commands share."""

from __future__ import annotations

from typing import Any, cast

from questions.items.base import Evidence, Item, KeyPart, Option, Role


def item_to_json(item: Item) -> dict[str, Any]:
    """An item as JSON-ready data, keys in a fixed order."""
    return {
        "type": item.type,
        "stem": item.stem,
        "options": [
            {"text": option.text, "role": option.role}
            | ({"feedback": option.feedback} if option.feedback else {})
            for option in item.options
        ],
        "key": [list(part) if isinstance(part, tuple) else part for part in item.key],
        "evidence": [
            {"section": span.section, "start": span.start, "end": span.end, "quote": span.quote}
            for span in item.evidence
        ],
        "explanation": item.explanation,
    }


def item_from_json(data: dict[str, Any]) -> Item:
    """The inverse of `item_to_json`. Raises KeyError, TypeError or ValueError on anything else."""
    return Item(
        type=str(data["type"]),
        stem=str(data["stem"]),
        options=tuple(
            Option(str(raw["text"]), cast("Role", raw.get("role", "")), str(raw.get("feedback", "")))
            for raw in data["options"]
        ),
        key=tuple(_key_part(raw) for raw in data["key"]),
        explanation=str(data.get("explanation", "")),
        evidence=tuple(
            Evidence(str(raw["section"]), int(raw["start"]), int(raw["end"]), str(raw["quote"]))
            for raw in data.get("evidence", ())
        ),
    )


def _key_part(raw: object) -> KeyPart:
    if isinstance(raw, bool) or not isinstance(raw, int | str | list):
        raise TypeError(f"a key part is a number, a text or a pair, not {raw!r}")
    if isinstance(raw, list):
        left, right = raw
        return (int(left), int(right))
    return raw
