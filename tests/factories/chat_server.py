"""A language model's server on this machine: it speaks the chat-completions protocol, honestly or as a test says.

It serves over a real socket, in a thread. Whatever keeps a caller waiting ends as soon as the server is closed.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from questions.generation.providers import prompts
from questions.generation.providers.connection import Connection

KEY = "sk-very-secret-0123456789"
LET_GO_S = 20.0
KINDS = {prompts.WRITE: "write", prompts.SOLVE: "solve", prompts.GUESS: "guess"}
USAGE = {"prompt_tokens": 100, "completion_tokens": 20}


@dataclass(frozen=True)
class Call:
    """One request, as the server saw it."""

    path: str
    headers: dict[str, str]
    content: dict[str, Any]

    @property
    def system(self) -> str:
        return self.content["messages"][0]["content"]

    @property
    def user(self) -> str:
        return self.content["messages"][1]["content"]

    @property
    def kind(self) -> str:
        return KINDS[self.system]

    @property
    def question(self) -> str:
        return self.user.partition("The question:\n")[2].split("\n")[1]

    @property
    def options(self) -> list[str]:
        return re.findall(r"^\d+\. (.*)$", self.user.partition("The question:\n")[2], re.MULTILINE)


@dataclass(frozen=True)
class Answer:
    """What the server sends. `write` takes over after the headers, to be slow or endless."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    write: Callable[[ChatServer, Any], None] | None = None


def said(words: object, *, usage: object = USAGE, finish_reason: str = "stop") -> Answer:
    """An answer of the protocol; what is no text is sent as JSON."""
    text = words if isinstance(words, str) else json.dumps(words)
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": finish_reason}
    return Answer(json.dumps({"choices": [choice], "usage": usage}).encode())


def written(question: str, key: str, *wrong: str, quotes: Sequence[str]) -> dict[str, Any]:
    """An item in the form that is asked for."""
    options = [{"text": key, "role": "key"}, *({"text": text, "role": "misreading"} for text in wrong)]
    return {"question": question, "options": options, "quotes": list(quotes)}


class ChatServer(ThreadingHTTPServer):
    """`answers` decides what is said; it may be exchanged at any time."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.calls: list[Call] = []
        self.closing = threading.Event()
        self.answers: Callable[[Call], Answer] = Honest([])

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def connection(self, **values: Any) -> Connection:
        """How to reach it, with waits fit for tests."""
        quick = {"connect_s": 5.0, "answer_s": 5.0, "article_s": 20.0, "backoff_s": 0.01}
        return Connection(f"{self.address}/chat/completions", "tiny", KEY, **(quick | values))

    def kinds(self) -> list[str]:
        return [call.kind for call in self.calls]

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller that went away is what some tests want."""


class _Handler(BaseHTTPRequestHandler):
    server: ChatServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        call = Call(self.path, dict(self.headers), json.loads(body))
        self.server.calls.append(call)
        answer = self.server.answers(call)
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.write is None:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if answer.write is None:
            self.wfile.write(answer.body)
        else:
            answer.write(self.server, self.wfile)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name it has there)
        """Tests read `calls`."""


class Honest:
    """Writes what it was given, knows its keys, and guesses wrong without the text."""

    def __init__(self, items: Sequence[Any]) -> None:
        self.items = list(items)
        self.keys = {one["question"]: one["options"][0]["text"] for one in items if isinstance(one, dict)}

    def __call__(self, call: Call) -> Answer:
        return said(getattr(self, call.kind)(call))

    def write(self, call: Call) -> object:
        """Every item whose first quote stands in the text that was sent; those that are no items anywhere."""
        text = " ".join(call.user.split())
        return {"items": [one for one in self.items if " ".join(one["quotes"][0].split()) in text]}

    def solve(self, call: Call) -> object:
        return {"right": [call.options.index(self.keys[call.question]) + 1]}

    def guess(self, call: Call) -> object:
        wrong = [number for number, text in enumerate(call.options, 1) if text != self.keys[call.question]]
        return {"choice": wrong[0]}


def slow(server: ChatServer, _: object) -> None:
    """Says nothing more until the server is closed."""
    server.closing.wait(LET_GO_S)


def drip(server: ChatServer, out: Any) -> None:
    """A space now and then, for ever: each resets the clock of whoever only waits for the next byte."""
    while not server.closing.wait(0.02):
        out.write(b" ")


def flood(server: ChatServer, out: Any) -> None:
    """As much as anybody takes."""
    while not server.closing.is_set():
        out.write(b" " * 65_536)


@contextmanager
def chat_server() -> Iterator[ChatServer]:
    """A server that runs as long as the block does."""
    server = ChatServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()
