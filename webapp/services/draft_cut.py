"""The cut of a text that is being imported, as a person changes it: pure steps on plain lists.

A draft's sections are `{"heading": str, "text": str, "removed": bool}`. Nothing typed is ever dropped: a
removed section stays in the list, marked, and can be put back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

DraftSection = dict[str, Any]
Step = Callable[[list[DraftSection], int, int], list[DraftSection]]

_PARAGRAPH_BREAK = re.compile(r"\n[^\S\n]*\n\s*")


def section(heading: str, text: str, *, removed: bool = False) -> DraftSection:
    """One section of a draft."""
    return {"heading": heading, "text": text, "removed": removed}


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, as blank lines part them."""
    return [part for part in _PARAGRAPH_BREAK.split(text.strip()) if part]


def change(
    sections: Sequence[Mapping[str, Any]], action: str, place: int, detail: int = 0
) -> list[DraftSection]:
    """The sections after one step at `place`. A step that cannot be done leaves them as they were.

    `detail` is the number of the paragraph (from 1 for the second) before which "split" cuts.
    """
    copied = [dict(one) for one in sections]
    step = _STEPS.get(action)
    if action == "add" and not copied:
        return [section("", "")]
    if step is None or not 0 <= place < len(copied):
        return copied
    return step(copied, place, detail)


def _join(sections: list[DraftSection], place: int, _detail: int) -> list[DraftSection]:
    """Text and heading go to the end of the section before; a heading becomes a paragraph of its own."""
    earlier = _neighbour(sections, place, -1)
    if earlier is None:
        return sections
    joined, into = sections[place], sections[earlier]
    into["text"] = "\n\n".join(
        part
        for part in (into["text"].rstrip(), joined["heading"].strip(), joined["text"].strip("\n"))
        if part
    )
    return sections[:place] + sections[place + 1 :]


def _split(sections: list[DraftSection], place: int, detail: int) -> list[DraftSection]:
    parts = paragraphs(sections[place]["text"])
    if not 0 < detail < len(parts):
        return sections
    first = sections[place] | {"text": "\n\n".join(parts[:detail])}
    second = section("", "\n\n".join(parts[detail:]))
    return [*sections[:place], first, second, *sections[place + 1 :]]


def _swap(step: int) -> Step:
    def swap(sections: list[DraftSection], place: int, _detail: int) -> list[DraftSection]:
        other = _neighbour(sections, place, step)
        if other is not None:
            sections[place], sections[other] = sections[other], sections[place]
        return sections

    return swap


def _mark_removed(removed: bool) -> Step:  # noqa: FBT001 (makes the two steps of the table below)
    def mark(sections: list[DraftSection], place: int, _detail: int) -> list[DraftSection]:
        sections[place]["removed"] = removed
        return sections

    return mark


def _add(sections: list[DraftSection], place: int, _detail: int) -> list[DraftSection]:
    return [*sections[: place + 1], section("", ""), *sections[place + 1 :]]


def _neighbour(sections: list[DraftSection], place: int, step: int) -> int | None:
    """The nearest section in that direction that was not removed."""
    at = place + step
    while 0 <= at < len(sections):
        if not sections[at]["removed"]:
            return at
        at += step
    return None


_STEPS: Mapping[str, Step] = {
    "join": _join,
    "split": _split,
    "up": _swap(-1),
    "down": _swap(1),
    "remove": _mark_removed(removed=True),
    "restore": _mark_removed(removed=False),
    "add": _add,
}
