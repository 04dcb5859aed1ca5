"""Browsers of the load bench: kept HTTP/1.1 connections in one asyncio process, cookies, and what was measured.

Plain sockets and not a load tool: tools spend more of the two cores on a request than the server does (a library
client takes 0.5 ms and more, this one a tenth of that), and they are one more thing to install. What a browser
does is here: it keeps its connection and its cookies, follows redirects by hand, sends the page's token, takes
compressed pages. Anything but a good answer is an error: a status from 400 on, a connection that ends in the
middle of an answer, one that says nothing for half a minute.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import re
import resource
import time
import zlib
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from urllib.parse import urlencode

import brotli

PATIENCE_S = 30
LOOK_EVERY_S = 0.05
KEPT_ERRORS = 20
HEAD_END = b"\r\n\r\n"
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
ENCODING = re.compile(rb"\r\ncontent-encoding: *(\S+)", re.IGNORECASE)
LOCATION = re.compile(rb"\r\nlocation: *(\S+)", re.IGNORECASE)
SET_COOKIE = re.compile(rb"\r\nset-cookie: *([^=;\s]+)=([^;\r]*)", re.IGNORECASE)
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
Fields = list[tuple[str, object]]


class Trouble(Exception):  # noqa: N818 (it ends one learner's journey, and is counted)
    """A request that was not answered as it should have been."""


@dataclass
class Tally:
    """Every answer's time by kind, and every error."""

    times: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    """Kind -> (when it was answered, seconds it took)."""
    errors: Counter[str] = field(default_factory=Counter)
    """Kind and what was wrong -> how often."""
    examples: list[str] = field(default_factory=list)
    reconnected: int = 0
    lags: list[float] = field(default_factory=list)
    """How late this process itself woke up: where that is much, the figures are the client's own."""

    def add(self, kind: str, began: float, ended: float) -> None:
        """Keep what one answer took."""
        self.times.setdefault(kind, []).append((ended, ended - began))

    def err(self, kind: str, what: str, detail: str = "") -> None:
        """Count an error, and keep the first few in full."""
        self.errors[f"{kind}: {what}"] += 1
        if len(self.examples) < KEPT_ERRORS:
            self.examples.append(f"{kind}: {what} {detail}".strip())


@dataclass(slots=True)
class Reply:
    """One answer of the server."""

    status: int
    head: bytes
    body: bytes
    ended: float

    @property
    def text(self) -> str:
        """The body, unpacked."""
        found = ENCODING.search(self.head)
        if found is None:
            return self.body.decode()
        if found.group(1) == b"br":
            unpacked: bytes = brotli.decompress(self.body)
            return unpacked.decode()
        return zlib.decompress(self.body, wbits=47).decode()

    @property
    def location(self) -> str:
        """Where a redirect leads on this site."""
        found = LOCATION.search(self.head)
        if found is None:
            raise Trouble("no redirect")
        return found.group(1).decode().partition("#")[0]

    @property
    def token(self) -> str:
        """The token in the page's first form."""
        found = TOKEN.search(self.text)
        if found is None:
            raise Trouble("a page without a form")
        return found.group(1)


class Wire(asyncio.Protocol):
    """One kept connection, one request at a time."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.waiter: asyncio.Future[Reply] | None = None
        self.since = 0.0
        self._buffer = bytearray()
        self._head_ends = -1
        self._length = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection is open."""
        if not isinstance(transport, asyncio.Transport):
            raise TypeError("this is no stream")
        self.transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """The server ended the connection: between two requests it may."""
        self.transport = None
        self.fail(f"the connection ended {exc or ''}".strip())

    def data_received(self, data: bytes) -> None:
        """A piece of an answer; the last one wakes whoever asked."""
        self._buffer += data
        if self._head_ends < 0:
            self._head_ends = self._buffer.find(HEAD_END)
            if self._head_ends < 0:
                return
            found = LENGTH.search(self._buffer, 0, self._head_ends)
            if found is None:
                self.fail("an answer without its length")
                return
            self._length = int(found.group(1))
        start = self._head_ends + len(HEAD_END)
        if len(self._buffer) - start < self._length:
            return
        head, body = bytes(self._buffer[: self._head_ends]), bytes(self._buffer[start : start + self._length])
        self._buffer.clear()
        self._head_ends = -1
        if self.waiter is not None and not self.waiter.done():
            self.waiter.set_result(Reply(int(head[9:12]), head, body, time.perf_counter()))

    def fail(self, why: str) -> None:
        """End the wait for an answer that does not come."""
        if self.waiter is not None and not self.waiter.done():
            self.waiter.set_exception(Trouble(why))

    async def ask(self, request: bytes) -> Reply:
        """Send one request and wait for its answer."""
        if self.transport is None:
            raise Trouble("not connected")
        if self.waiter is not None:
            raise RuntimeError("a connection carries one request at a time")
        self.waiter = asyncio.get_running_loop().create_future()
        self.since = time.perf_counter()
        self.transport.write(request)
        try:
            return await self.waiter
        finally:
            self.waiter = None


@dataclass(eq=False)
class Browser:
    """One person's browser."""

    port: int
    cookies: dict[str, str]
    tally: Tally
    wire: Wire | None = None
    wires: list[Wire] = field(default_factory=list)
    """Every browser's connection, for whoever looks after those that hang."""

    async def ask(
        self,
        kind: str,
        path: str,
        fields: Fields | None = None,
        *,
        accept: str = "text/html",
    ) -> Reply:
        """GET, or POST where there are fields. Raises Trouble, counted already, for anything bad."""
        request = self._request(path, fields, accept)
        began = time.perf_counter()
        try:
            wire = await self._connected()
            reply = await wire.ask(request)
        except (OSError, Trouble) as error:
            self.tally.err(kind, "connection", f"{path} {error}")
            raise Trouble(str(error)) from error
        for name, value in SET_COOKIE.findall(reply.head):
            self.cookies[name.decode()] = value.decode()
        if reply.status >= 400:
            self.tally.err(kind, str(reply.status), f"{path} {reply.text[:300]}")
            raise Trouble(f"{path}: {reply.status}")
        self.tally.add(kind, began, reply.ended)
        return reply

    def _request(self, path: str, fields: Fields | None, accept: str) -> bytes:
        body = b"" if fields is None else urlencode(fields).encode()
        lines = [
            f"{'GET' if fields is None else 'POST'} {path} HTTP/1.1",
            f"Host: 127.0.0.1:{self.port}",
            "User-Agent: Mozilla/5.0 (load bench)",
            f"Accept: {accept}",
            "Accept-Language: en",
            "Accept-Encoding: gzip, br",
            f"Cookie: {'; '.join(f'{name}={value}' for name, value in self.cookies.items())}",
        ]
        if fields is not None:
            lines += [
                f"Referer: http://127.0.0.1:{self.port}/",
                "Content-Type: application/x-www-form-urlencoded",
                f"Content-Length: {len(body)}",
            ]
        return "\r\n".join(lines).encode() + HEAD_END + body

    async def _connected(self) -> Wire:
        if self.wire is not None and self.wire.transport is not None:
            return self.wire
        if self.wire is not None:
            self.tally.reconnected += 1
            self.wires.remove(self.wire)
        loop = asyncio.get_running_loop()
        _transport, wire = await loop.create_connection(Wire, "127.0.0.1", self.port)
        self.wire = wire
        self.wires.append(wire)
        return wire

    def close(self) -> None:
        """Close the connection."""
        if self.wire is not None and self.wire.transport is not None:
            self.wire.transport.abort()


@contextlib.asynccontextmanager
async def watched(browsers: Iterable[Browser], tally: Tally) -> AsyncIterator[None]:
    """Ends what hangs, notes how late this process wakes up, and closes every connection at the end."""
    everybody = list(browsers)
    wires: list[Wire] = []
    for browser in everybody:
        browser.wires = wires

    async def look() -> None:
        while True:
            slept = time.perf_counter()
            await asyncio.sleep(LOOK_EVERY_S)
            now = time.perf_counter()
            tally.lags.append(now - slept - LOOK_EVERY_S)
            for wire in wires:
                if wire.waiter is not None and now - wire.since > PATIENCE_S:
                    wire.fail(f"no answer in {PATIENCE_S} s")

    watch = asyncio.create_task(look())
    try:
        yield
    finally:
        watch.cancel()
        for browser in everybody:
            browser.close()


async def by_turns(jobs: Iterable[Callable[[], Awaitable[object]]], at_once: int) -> None:
    """Do all the jobs, so many at once; one in trouble has been counted and ends alone."""
    waiting = iter(jobs)

    async def work() -> None:
        for job in waiting:
            with contextlib.suppress(Trouble):
                await job()

    await asyncio.gather(*(work() for _ in range(at_once)))


async def without_pause(
    asks: Iterable[Callable[[], Awaitable[object]]], seconds: float, tally: Tally
) -> None:
    """Each asks again as soon as it was answered, until the time is over or something goes wrong."""
    end = time.perf_counter() + seconds

    async def work(ask: Callable[[], Awaitable[object]]) -> None:
        with contextlib.suppress(Trouble):
            while time.perf_counter() < end:
                await ask()

    await asyncio.gather(*(work(ask) for ask in asks))
    if tally.errors:
        raise Trouble("; ".join(tally.examples))


def own_cpu_seconds() -> float:
    """CPU that this process has used so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def get_ready() -> None:
    """What is loaded by now stays: no pause of ours in the middle of somebody's answer."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000)
