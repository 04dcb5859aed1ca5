"""A learner's file of unsent answers, as the page makes it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from tests.factories.answers import fields_of
from webapp.forms.unsent_file import FORMAT, VERSION

LONG_AGO = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)


def unsent_answer(
    position: int,
    response: Mapping[str, Any],
    *,
    at: datetime = LONG_AGO,
    key: tuple[str, int] = ("offline-page", 0),
    sure: int | None = None,
    **changed: Any,
) -> dict[str, Any]:
    """One answer in the file; under a key of its own unless one is given."""
    fields = [[name, value] for name, value in fields_of(position, response).items()]
    if sure is not None:
        fields.append([f"s{position}-confidence", str(sure)])
    answer = {
        "position": position,
        "client_id": key[0],
        "client_sequence": key[1] or position,
        "at": at.isoformat(),
        "fields": fields,
    }
    return answer | changed


def unsent_file(attempt_id: int, slug: str, *answers: dict[str, Any], **changed: Any) -> bytes:
    """The file's bytes."""
    content = {
        "format": FORMAT,
        "version": VERSION,
        "attempt": attempt_id,
        "module": slug,
        "made_at": LONG_AGO.isoformat(),
        "answers": list(answers),
    }
    return json.dumps(content | changed, indent=2).encode()
