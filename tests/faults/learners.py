"""Browsers that save answers one by one, and send each again until it is acknowledged or refused for good."""

from __future__ import annotations

import contextlib
import http.client
import json
import random
import re
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tests.faults.verdict import Record

PATIENCE_S = 15
RETRY_AFTER_S = 0.05
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
Fields = dict[str, object]


@dataclass
class Reply:
    """What came back: `kind` is how a page's script takes it (webapp/static/js/attempt.js)."""

    status: int
    body: str
    is_json: bool

    @property
    def kind(self) -> str:
        if self.is_json and self.status == 200 and "sequence" in self.facts:
            return "stored"
        if self.is_json and self.status == 400:
            return "renew"
        if self.status == 401:
            return "signed out"  # the page keeps the answer, and sends it once the person is back
        if self.is_json and 400 <= self.status < 500:
            return "refused"
        if self.is_json and self.status >= 500 and "reference" in self.facts:
            return "denied"  # the application itself says that nothing was saved
        return "unknown"  # somebody else answered: a proxy, a captive portal

    @property
    def facts(self) -> dict[str, object]:
        try:
            read = json.loads(self.body)
        except ValueError:
            return {}
        return read if isinstance(read, dict) else {}


@dataclass
class Browser:
    """One page of one person: a connection that is kept, a cookie, a token against forgery."""

    port: int
    cookie: str
    page: str
    token: str = ""
    connection: http.client.HTTPConnection | None = None

    def request(self, method: str, path: str, fields: Fields | None = None, *, as_json: bool = True) -> Reply:
        """One request over the kept connection, or a new one. Raises OSError or HTTPException."""
        connection = self.connection
        if connection is None or connection.port != self.port:
            self.close()
            connection = self.connection = http.client.HTTPConnection(
                "127.0.0.1", self.port, timeout=PATIENCE_S
            )
        headers = {"Cookie": self.cookie, "Accept": "application/json" if as_json else "text/html"}
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(
                method, path, None if fields is None else urlencode(fields, doseq=True), headers
            )
            response = connection.getresponse()
            body = response.read().decode()
        except BaseException:
            self.close()
            raise
        if response.getheader("Set-Cookie"):
            self.cookie = str(response.getheader("Set-Cookie")).split(";")[0]
        kind = response.getheader("Content-Type") or ""
        return Reply(response.status, body, kind.startswith("application/json"))

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def open_page(self) -> bool:
        """Load the page and take its token; whether that worked."""
        with contextlib.suppress(OSError, http.client.HTTPException):
            reply = self.request("GET", self.page, as_json=False)
            found = TOKEN.search(reply.body)
            if reply.status == 200 and found:
                self.token = found.group(1)
                return True
        return False

    def post(self, path: str, fields: Fields, *, as_json: bool = True) -> Reply:
        return self.request("POST", path, {"csrf_token": self.token, **fields}, as_json=as_json)


@dataclass
class Learner:
    """A person whose page saves answer after answer."""

    browser: Browser
    record: Record
    questions: int
    chance: random.Random
    pause_s: float
    gives_up: bool = False
    """Whether a save that the application denied is sometimes not sent again: then it must not be stored."""
    sequence: int = 0
    last_status: int = 0
    times: list[float] = field(default_factory=list)
    """When saves were acknowledged."""

    @property
    def path(self) -> str:
        return f"/attempts/{self.record.attempt_id}/responses"

    def work(self, stop: threading.Event) -> None:
        """Save until told to stop."""
        while not stop.is_set():
            self.save_next(stop)
            time.sleep(self.pause_s)
        self.browser.close()

    def next_fields(self) -> Fields:
        """A new answer with a key of its own."""
        self.sequence += 1
        position = self.sequence % self.questions + 1
        text = f"answer {self.record.client_id} {self.sequence}"
        self.record.sent[self.sequence] = (position, text)
        return self.fields(self.sequence, position, text)

    def fields(self, sequence: int, position: int, text: str) -> Fields:
        return {
            "position": position,
            "client_id": self.record.client_id,
            "client_sequence": sequence,
            f"s{position}-text": text,
        }

    def save_next(self, stop: threading.Event) -> None:
        fields, is_denied_only = self.next_fields(), True
        while not stop.is_set():
            reply = self.deliver(fields)
            kind = "unknown" if reply is None else reply.kind
            if reply is not None and kind in {"stored", "refused"}:
                return self.take(reply)
            is_denied_only = is_denied_only and kind == "denied"
            if reply and self.gives_up and is_denied_only and self.chance.random() < 0.5:
                self.record.refused[self.sequence] = reply.status
                return None
            time.sleep(RETRY_AFTER_S)
        return None

    def deliver(self, fields: Fields) -> Reply | None:
        """Send once, and once more with a new token where that is out of date."""
        with contextlib.suppress(OSError, http.client.HTTPException):
            reply = self.browser.post(self.path, fields)
            if reply.kind == "renew" and self.browser.open_page():
                reply = self.browser.post(self.path, fields)
            self.last_status = reply.status
            return reply
        return None

    def take(self, reply: Reply) -> None:
        """Note what the reply to the newest save says."""
        number = self.sequence
        if reply.kind == "refused":
            self.record.refused[number] = reply.status
            return
        facts, (position, text) = reply.facts, self.record.sent[number]
        if facts["position"] != position or facts["stored"] != {"text": text}:
            self.record.untrue.append(f"{self.record.client_id} sent {text!r} and was told {reply.body!r}")
        self.record.acknowledged[number] = int(str(facts["sequence"]))
        self.times.append(time.monotonic())
