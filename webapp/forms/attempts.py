"""What a browser may send of answers: which questions, under which idempotency key, which fields.

Shape only: whether an answer fits its question is for the item's type to say. Read from the form by hand and
not by WTForms, because the fields differ with every attempt and each saved answer comes this way.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence

from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from webapp.services.answers import SentAnswer
from webapp.services.attempt_views import field_prefix

POSITION, CLIENT_ID, CLIENT_SEQUENCE, CLEAR = "position", "client_id", "client_sequence", "clear"
"""The fields of every save. `clear` names a question whose answer is to be taken back."""
THEN = "then"
"""Where the reader goes on to after saving: the buttons below the questions."""
CONFIDENCE = "confidence"
"""The part of a question's fields that says how sure the learner is."""
MAX_POSITION = 1_000
MAX_SEQUENCE = 2_000_000_000

_CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{8,40}")
_NUMBER = re.compile(r"[0-9]{1,10}")


def new_client_id() -> str:
    """The key under which one copy of a page saves its answers where no script makes one."""
    return secrets.token_urlsafe(12)


def read_answers(form: MultiDict[str, str]) -> list[SentAnswer]:
    """The answers in a form, one for each `position` it names. Raises BadRequest for what no page sends.

    A form with several questions saves each under the form's number plus the question's: one key each. A page
    whose questions are all checked has nothing to save: it only leads on.
    """
    positions = [_number(value, MAX_POSITION) for value in form.getlist(POSITION)]
    if not positions and form.get(THEN):
        return []
    client_id = form.get(CLIENT_ID, "")
    if not positions or len(set(positions)) != len(positions) or not _CLIENT_ID.fullmatch(client_id):
        raise BadRequest
    first = _number(form.get(CLIENT_SEQUENCE, ""), MAX_SEQUENCE)
    cleared = form.get(CLEAR)
    return [
        SentAnswer(
            position=position,
            client_id=client_id,
            client_sequence=first if len(positions) == 1 else first + position,
            fields={} if cleared == str(position) else _fields(form, field_prefix(position)),
            confidence=_confidence(form, field_prefix(position)),
        )
        for position in positions
    ]


def typed_fields(sent: Sequence[SentAnswer]) -> dict[int, Mapping[str, str]]:
    """What was typed, to be shown again where it was refused."""
    return {
        answer.position: {name: values[0] for name, values in answer.fields.items() if values}
        for answer in sent
    }


def _fields(form: MultiDict[str, str], prefix: str) -> dict[str, list[str]]:
    return {
        name.removeprefix(prefix): form.getlist(name)
        for name in form
        if name.startswith(prefix) and name != prefix + CONFIDENCE
    }


def _confidence(form: MultiDict[str, str], prefix: str) -> int | None:
    """How sure the learner says they are; nothing where a page did not ask or nothing was chosen."""
    value = form.get(prefix + CONFIDENCE, "")
    if value not in {"", "1", "2", "3"}:
        raise BadRequest
    return int(value) if value else None


def _number(text: str, at_most: int) -> int:
    if not _NUMBER.fullmatch(text) or not 1 <= int(text) <= at_most:
        raise BadRequest
    return int(text)
