"""A network that fails on purpose: a TCP proxy between browsers and site, with threads, that knows HTTP just enough.

One message at a time goes each way. What is cut is reset (RST), as when a network goes away.
"""

from __future__ import annotations

import contextlib
import re
import socket
import struct
import threading

MODES = ("open", "down", "cut request", "cut response", "lose response", "portal")
PORTAL = b"<!doctype html><title>Free wireless</title><p>Accept our conditions to go on."
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
PATIENCE_S = 20


class Proxy:
    """Listens on a port of its own. `arm(mode, hits)`: so many of the next messages meet this fate."""

    def __init__(self, target: int) -> None:
        self.target = target
        self._mode = "open"
        self._left = 0
        self._lock = threading.Lock()
        self._nothing_left = threading.Event()
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def arm(self, mode: str, hits: int) -> None:
        """Let the next messages meet this fate, then be open again."""
        assert mode in MODES
        with self._lock:
            self._nothing_left.clear()
            self._mode, self._left = mode, hits

    def wait_until_met(self, within_s: float = PATIENCE_S) -> bool:
        """Until all that was armed for has happened; whether it has."""
        return self._nothing_left.wait(within_s)

    def go_down(self) -> None:
        """Reset every connection, and every new one until `come_back`."""
        with self._lock:
            self._mode = "down"
            cut, self._open = list(self._open), set()
        for one in cut:
            _reset(one)

    def come_back(self) -> None:
        with self._lock:
            self._mode = "open"

    def close(self) -> None:
        self.go_down()
        self._listener.close()

    def _fate(self, wanted: tuple[str, ...]) -> str:
        """What happens to a message now, if it is one of these; uses up a hit."""
        with self._lock:
            if self._mode == "down":
                return "down"
            if self._mode not in wanted:
                return "open"
            fate, self._left = self._mode, self._left - 1
            if self._left <= 0:
                self._mode = "open"
                self._nothing_left.set()
            return fate

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _address = self._listener.accept()
                threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        """One browser's connection, message by message."""
        upstream = None
        try:
            with self._lock:
                if self._mode == "down":
                    return
                self._open.add(client)
            upstream = socket.create_connection(("127.0.0.1", self.target), timeout=PATIENCE_S)
            while self._carry_one(client, upstream):
                pass
        except OSError:
            pass
        finally:
            with self._lock:
                self._open.discard(client)
            for one in (client, upstream):
                if one is not None:
                    _reset(one)

    def _carry_one(self, client: socket.socket, upstream: socket.socket) -> bool:
        """A request and its response; False where the connection is to be cut."""
        request = _read_message(client)
        fate = self._fate(("cut request", "portal"))
        if not request or fate == "down":
            return False
        if fate == "portal":
            head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(PORTAL)
            client.sendall(head + PORTAL)
            return True
        if fate == "cut request":
            upstream.sendall(request[: len(request) * 2 // 3])
            return False
        upstream.sendall(request)
        response = _read_message(upstream)
        fate = (
            self._fate(("cut response", "lose response")) if request.startswith(b"POST") else self._fate(())
        )
        if not response or fate in {"down", "lose response"}:
            return False
        if fate == "cut response":
            client.sendall(response[: len(response) * 2 // 3])
            return False
        client.sendall(response)
        return True


def _read_message(source: socket.socket) -> bytes:
    """One request or response, whole; empty where the connection ended before."""
    read = b""
    while b"\r\n\r\n" not in read:
        if not (more := source.recv(65536)):
            return b""
        read += more
    head, _end, body = read.partition(b"\r\n\r\n")
    length, is_chunked = LENGTH.search(head), CHUNKED.search(head)
    while (is_chunked and not body.endswith(b"0\r\n\r\n")) or (length and len(body) < int(length.group(1))):
        if not (more := source.recv(65536)):
            return b""
        body += more
    return head + b"\r\n\r\n" + body


def _reset(one: socket.socket) -> None:
    """Close with RST instead of FIN, also under a thread that reads from it."""
    with contextlib.suppress(OSError):
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
