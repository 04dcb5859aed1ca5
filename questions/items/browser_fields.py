"""What a browser sent for one item: one value a field, no foreign field, nothing that cannot be kept."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from questions.items.base import ResponseError

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
"""NUL, which PostgreSQL cannot keep, and halves of characters, which UTF-8 cannot say."""


def refuse_other_fields(fields: Mapping[str, Sequence[str]], known: Collection[str]) -> None:
    """Raise ResponseError when a field is there that the type never asked for."""
    if foreign := sorted(set(fields) - set(known)):
        raise ResponseError(f"This answer holds a field the question does not have: {foreign[0][:40]!r}.")


def one_value(fields: Mapping[str, Sequence[str]], name: str) -> str:
    """The single value of a field, "" when it was not sent. Raises ResponseError for several values."""
    values = fields.get(name, ())
    if len(values) > 1:
        raise ResponseError("This question was answered twice at once. Give one answer.")
    return values[0] if values else ""


def refuse_unstorable(text: str) -> None:
    """Raise ResponseError for text that no page can have typed and no database can keep."""
    if _UNSTORABLE.search(text):
        raise ResponseError("This answer holds a character that cannot be kept. Type it again.")
