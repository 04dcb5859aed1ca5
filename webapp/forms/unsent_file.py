"""Reading a learner's file of unsent answers, which a page made: only its shape, nothing is looked up.

Whoever has the file can have changed it, so nothing in it is believed: neither its size nor its depth, types,
numbers or times. Each problem names the field it is in, and of an answer its question.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from webapp.forms.attempts import (
    CLIENT_ID,
    CLIENT_SEQUENCE,
    MAX_POSITION,
    MAX_SEQUENCE,
    POSITION,
    read_answers,
)
from webapp.forms.numbers import LARGEST_ID
from webapp.services.attempt_views import field_prefix
from webapp.services.unsent_files import RefusedFile, UnsentAnswer, UnsentFile

FORMAT, VERSION = "readcheck-unsent-answers", 1
HEAD = ("format", "version", "attempt", "module", "made_at", "answers")
ANSWER = (POSITION, CLIENT_ID, CLIENT_SEQUENCE, "at", "fields")
MAX_KB = 256
MAX_BYTES = MAX_KB * 1024
MAX_SLUG = 200
MAX_FIELDS = 100
SHOWN_PROBLEMS = 20
PAIR = 2


def read_file(raw: bytes) -> UnsentFile:
    """The file's content. Raises RefusedFile with everything that is wrong with it."""
    if len(raw) > MAX_BYTES:
        raise RefusedFile(
            [_("This file is larger than %(limit)d KB, and no page makes such a one.", limit=MAX_KB)]
        )
    data, text = _load(raw)
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise RefusedFile(
            [_("“format”: this is not a file of unsent answers. It says “%(name)s” there.", name=FORMAT)]
        )
    if type(data.get("version")) is not int or data["version"] != VERSION:
        raise RefusedFile(
            [_("“version”: only version %(number)d of such files is known here.", number=VERSION)]
        )
    reader = _Reader()
    reader.known(data, HEAD, "")
    attempt_id = reader.number(data, "attempt", "", LARGEST_ID)
    slug = reader.text(data, "module", "", MAX_SLUG)
    made_at = reader.moment(data, "made_at", "")
    answers = reader.answers(data.get("answers"))
    if reader.problems:
        raise RefusedFile(reader.problems[:SHOWN_PROBLEMS])
    return UnsentFile(attempt_id, slug, made_at, answers, text)


def _load(raw: bytes) -> tuple[object, str]:
    """The JSON in the file, and the same written in one way. Raises RefusedFile."""
    try:
        data = json.loads(raw.decode("utf-8-sig"), parse_constant=_no_number, object_pairs_hook=_once)
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        text.encode()  # fails for halves of characters, which no page can show
    except (ValueError, RecursionError) as error:
        place = (
            _(" (line %(number)d)", number=error.lineno) if isinstance(error, json.JSONDecodeError) else ""
        )
        problem = _("This file cannot be read as JSON%(place)s: it is not as the page made it.", place=place)
        raise RefusedFile([problem]) from None
    return data, text


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is there twice")
    return found


class _Reader:
    """Reads one field after the other and remembers what was wrong; stands in for what cannot be read."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def wrong(self, where: str, name: str, what: str) -> None:
        """Note a problem: “answer 2, position: …”."""
        self.problems.append(f"{where}“{name}”: {what}")

    def known(self, holder: Mapping[str, Any], names: Sequence[str], where: str) -> None:
        """Nothing may be there that no page writes."""
        for name in sorted(set(holder) - set(names)):
            self.wrong(where, name[:40], _("no page writes this field."))

    def number(self, holder: Mapping[str, Any], name: str, where: str, at_most: int) -> int:
        """A whole number from 1."""
        value = holder.get(name)
        if type(value) is int and 1 <= value <= at_most:
            return value
        self.wrong(where, name, _("a whole number from 1 to %(limit)d is needed.", limit=at_most))
        return 1

    def text(self, holder: Mapping[str, Any], name: str, where: str, at_most: int) -> str:
        """A text that is not empty."""
        value = holder.get(name)
        if isinstance(value, str) and 0 < len(value) <= at_most:
            return value
        self.wrong(where, name, _("a text of 1 to %(limit)d characters is needed.", limit=at_most))
        return ""

    def moment(self, holder: Mapping[str, Any], name: str, where: str) -> datetime:
        """A time with its zone."""
        value = holder.get(name)
        try:
            found = datetime.fromisoformat(value if isinstance(value, str) else "")
            if found.tzinfo is not None:
                return found.astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        self.wrong(where, name, _("a time such as 2026-03-02T08:15:00Z is needed."))
        return datetime.min.replace(tzinfo=UTC)

    def answers(self, value: object) -> list[UnsentAnswer]:
        """Every answer, each question at most once."""
        if not isinstance(value, list) or not 1 <= len(value) <= MAX_POSITION:
            self.wrong("", "answers", _("a list of at least one answer is needed."))
            return []
        found = [self._answer(one, _("answer %(number)d, ", number=at)) for at, one in enumerate(value, 1)]
        positions = [one.sent.position for one in found if one is not None]
        for position in sorted({one for one in positions if positions.count(one) > 1}):
            self.wrong("", "answers", _("question %(number)d is there more than once.", number=position))
        keys = [(one.sent.client_id, one.sent.client_sequence) for one in found if one is not None]
        for key in sorted({one for one in keys if keys.count(one) > 1}):
            words = _("two answers have the same “client_sequence” %(number)d.", number=key[1])
            self.wrong("", "answers", words)
        return [one for one in found if one is not None]

    def _answer(self, value: object, where: str) -> UnsentAnswer | None:
        if not isinstance(value, dict):
            self.wrong(where, "answers", _("an object with the fields of an answer is needed."))
            return None
        problems = len(self.problems)
        position = self.number(value, POSITION, where, MAX_POSITION)
        if len(self.problems) == problems:
            where = _("question %(number)d, ", number=position)
        self.known(value, ANSWER, where)
        client_id = self.text(value, CLIENT_ID, where, MAX_SLUG)
        sequence = self.number(value, CLIENT_SEQUENCE, where, MAX_SEQUENCE)
        reported_at = self.moment(value, "at", where)
        fields = self._fields(value.get("fields"), field_prefix(position), where)
        if len(self.problems) > problems:
            return None
        key = [(POSITION, str(position)), (CLIENT_ID, client_id), (CLIENT_SEQUENCE, str(sequence))]
        try:
            (sent,) = read_answers(MultiDict([*key, *fields]))
        except BadRequest:
            self.wrong(
                where, CLIENT_ID, _("this, or how sure the learner says they are, is not as a page sends it.")
            )
            return None
        return UnsentAnswer(sent, reported_at)

    def _fields(self, value: object, prefix: str, where: str) -> list[tuple[str, str]]:
        """What would have been sent: pairs of a field's name and what was typed."""
        if not isinstance(value, list) or len(value) > MAX_FIELDS:
            self.wrong(where, "fields", _("a list of at most %(limit)d pairs is needed.", limit=MAX_FIELDS))
            return []
        for pair in value:
            is_pair = (
                isinstance(pair, list) and len(pair) == PAIR and all(isinstance(one, str) for one in pair)
            )
            if not is_pair or not pair[0].startswith(prefix):
                words = _(
                    "each must be a pair of texts, the first beginning with “%(prefix)s”.", prefix=prefix
                )
                self.wrong(where, "fields", words)
                return []
        return [(name, typed) for name, typed in value]
