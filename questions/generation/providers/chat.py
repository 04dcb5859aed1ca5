"""The chat-completions protocol: a question in, the words of an answer out; tokens counted, waits bounded."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from http import HTTPStatus

from questions.generation.providers.connection import Connection
from questions.generation.providers.http_post import NoAnswer, Reply, TooLarge, post

MOST_ATTEMPTS = 3
LONGEST_BACKOFF_S = 20.0
MOST_TOKENS_TOLD = 100_000_000
"""What a server says beyond this is no count."""
REFUSES_OPTIONS = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY})


class BadAnswer(ValueError):  # noqa: N818 (the answer is bad, not we)
    """An answer came, and is not what was asked for; the message says what is wrong, in words of ours."""


@dataclass
class Bill:
    """What a run cost so far."""

    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    untold: int = 0
    """Answers whose tokens the server did not tell."""

    def cost(self, connection: Connection) -> Decimal | None:
        """The tokens at the operator's prices; None where there are none."""
        if connection.price_in is None and connection.price_out is None:
            return None
        of_questions = self.tokens_in * (connection.price_in or Decimal(0))
        of_answers = self.tokens_out * (connection.price_out or Decimal(0))
        return (of_questions + of_answers) / 1_000


class Chat:
    """Asks one model about one article. Everything that lasts belongs to the run: the bill, the time left."""

    def __init__(self, connection: Connection, tick: Callable[[], None], seed: int) -> None:
        self.connection = connection
        self.bill = Bill()
        self._tick = tick
        self._options: dict[str, object] = {
            "temperature": 0,
            "seed": seed,
            "response_format": {"type": "json_object"},
        }
        self._until = time.monotonic() + connection.article_s

    def ask(self, system: str, user: str) -> str:
        """The answer's words. Raises NoAnswer or BadAnswer."""
        reply = self._send(system, user)
        if reply.status in REFUSES_OPTIONS and self._options:
            self._options = {}  # some servers know only the bare protocol
            reply = self._send(system, user)
        if reply.status != HTTPStatus.OK:
            raise NoAnswer(_told(reply.status))
        return self._words(reply.body)

    def _send(self, system: str, user: str) -> Reply:
        """One question, asked again a few times where that may help."""
        messages = [{"role": "system", "content": system}, {"role": "user", "content": user}]
        content = {"model": self.connection.model, "messages": messages, **self._options}
        body = json.dumps(content).encode()
        for attempt in range(1, MOST_ATTEMPTS + 1):
            try:
                reply = self._attempt(body)
            except NoAnswer as failure:
                if attempt == MOST_ATTEMPTS or not failure.is_passing:
                    raise
                self._wait(attempt, "")
                continue
            is_busy = (
                reply.status == HTTPStatus.TOO_MANY_REQUESTS
                or reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR
            )
            if attempt == MOST_ATTEMPTS or not is_busy:
                break
            self._wait(attempt, reply.retry_after)
        return reply

    def _attempt(self, body: bytes) -> Reply:
        self._tick()
        limit_s = min(self.connection.answer_s, self._left_s())
        self.bill.calls += 1
        try:
            return post(self.connection, body, limit_s)
        except TooLarge:
            self.bill.untold += 1
            raise BadAnswer("the answer was too large to be read") from None

    def _left_s(self) -> float:
        left_s = self._until - time.monotonic()
        if left_s <= 0:
            raise NoAnswer("the time for one text was over")
        return left_s

    def _wait(self, attempt: int, retry_after: str) -> None:
        """Wait as long as the server asks for, or twice as long each time; never beyond the time left."""
        asked_s = float(retry_after) if retry_after.isascii() and retry_after.isdecimal() else 0.0
        wait_s = max(asked_s, self.connection.backoff_s * 2 ** (attempt - 1))
        time.sleep(min(wait_s, LONGEST_BACKOFF_S, self._left_s()))

    def _words(self, body: bytes) -> str:
        """What the model said. The server's own words are never repeated: they may hold what we sent."""
        try:
            content = json.loads(body)
            choice = content["choices"][0]
            words = choice["message"]["content"]
            reason = choice.get("finish_reason")
        except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
            self.bill.untold += 1
            raise BadAnswer("the answer is not in the form of the protocol") from None
        self._count(content.get("usage"))
        if not isinstance(words, str):
            raise BadAnswer("the answer has no words")
        if reason == "length":
            raise BadAnswer("the answer was cut off at the model's limit")
        return words

    def _count(self, usage: object) -> None:
        told = usage if isinstance(usage, dict) else {}
        tokens_in, tokens_out = _tokens(told.get("prompt_tokens")), _tokens(told.get("completion_tokens"))
        self.bill.tokens_in += tokens_in or 0
        self.bill.tokens_out += tokens_out or 0
        self.bill.untold += tokens_in is None or tokens_out is None


def _tokens(raw: object) -> int | None:
    """A count as a server tells it; None where it is none."""
    if isinstance(raw, bool) or not isinstance(raw, int):
        return None
    return raw if 0 <= raw <= MOST_TOKENS_TOLD else None


def _told(status: int) -> str:
    """Why an answer with this status is none."""
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return f"it refused the key, status {status}"
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return f"it points to another address, status {status}, which is not followed"
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return f"it has too much to do, status {status}"
    return f"it answered with status {status}"
