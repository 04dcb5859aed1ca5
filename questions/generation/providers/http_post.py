"""One POST of JSON to one address, with an end to everything: time, size, and where it may lead.

The standard library is enough here and does more than the well-known clients: none of them limits the time
of a whole answer (a byte every few seconds resets theirs), or its size, and all of them follow redirects,
read proxies and passwords from the environment and unpack what is compressed unless told not to.
"""

from __future__ import annotations

import http.client
import os
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from questions.generation.providers.connection import Connection

LARGEST_ANSWER = 1_000_000
"""Bytes; a dozen questions have a few thousand."""
PIECE = 65_536


class NoAnswer(Exception):  # noqa: N818 (it is what happened, not a mistake of ours)
    """The server gave no answer that can be used; the message says why, in words of ours alone.

    `is_passing` where another attempt may have better luck.
    """

    def __init__(self, reason: str, *, is_passing: bool = False) -> None:
        super().__init__(reason)
        self.is_passing = is_passing


class TooLarge(Exception):  # noqa: N818 (as above)
    """The answer did not end where any honest one does."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back."""

    status: int
    retry_after: str
    body: bytes


def post(connection: Connection, body: bytes, limit_s: float) -> Reply:
    """Send, and read the whole answer within `limit_s`. Raises NoAnswer or TooLarge."""
    until = time.monotonic() + limit_s
    fired = threading.Event()
    try:
        with _connected(connection, until, fired) as wire:
            headers = {"Content-Type": "application/json", "Accept": "application/json"}
            headers["Accept-Encoding"] = "identity"
            if connection.key:
                headers["Authorization"] = f"Bearer {connection.key}"
            wire.request("POST", urlsplit(connection.url).path, body, headers)
            response = wire.getresponse()
            reply = Reply(response.status, response.headers.get("Retry-After", ""), _read(response))
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise _no_answer(error, is_late=fired.is_set() or time.monotonic() >= until) from None
    if fired.is_set():  # what was cut off by us may look like an end
        raise NoAnswer("it took too long to answer")
    return reply


def _no_answer(error: Exception, *, is_late: bool) -> NoAnswer:
    """In our own words: what the exception says may hold what the server sent."""
    if is_late or isinstance(error, TimeoutError):
        return NoAnswer("it took too long to answer")
    if isinstance(error, ssl.SSLError):
        return NoAnswer("its certificate or encryption was not accepted")
    return NoAnswer("there was no connection, or it broke off", is_passing=True)


@contextmanager
def _connected(
    connection: Connection, until: float, fired: threading.Event
) -> Iterator[http.client.HTTPConnection]:
    """A connection that is torn down when its time is over, whatever it is doing then."""
    parts = urlsplit(connection.url)
    host, is_tls = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if is_tls else 80)
    wait_s = min(connection.connect_s, max(until - time.monotonic(), 0.001))
    plain = socket.create_connection((host, port), timeout=wait_s)
    handle = socket.socket(fileno=os.dup(plain.fileno()))  # ends both directions, whoever holds the other one

    def tear_down() -> None:
        fired.set()
        with suppress(OSError):  # it is down already
            handle.shutdown(socket.SHUT_RDWR)

    watch = threading.Timer(max(until - time.monotonic(), 0.001), tear_down)
    watch.daemon = True
    watch.start()
    encryption = ssl.create_default_context()
    wire = http.client.HTTPSConnection(host, port) if is_tls else http.client.HTTPConnection(host, port)
    try:
        wire.sock = encryption.wrap_socket(plain, server_hostname=host) if is_tls else plain
        wire.sock.settimeout(max(until - time.monotonic(), 0.001))
        yield wire
    finally:
        watch.cancel()
        wire.close()
        plain.close()
        handle.close()


def _read(response: http.client.HTTPResponse) -> bytes:
    pieces, size = [], 0
    while piece := response.read1(PIECE):
        size += len(piece)
        if size > LARGEST_ANSWER:
            raise TooLarge
        pieces.append(piece)
    if response.length:  # read1 does not mind an answer that ends before it said
        raise http.client.IncompleteRead(b"")
    return b"".join(pieces)
