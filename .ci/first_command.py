"""What the README's first command promises, with nothing installed but what `pip install .` brings.

Serves from an empty folder until the bundled module's first section was shown, then stops.
"""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import tempfile
import time
from http.client import HTTPConnection

READY_WITHIN_S = 60
MODULE = "/m/us-china-call"
PAGES = {"/": MODULE, MODULE: f"{MODULE}/1", f"{MODULE}/1": "Start the check"}
"""What each page must say."""


def main(command: str) -> None:
    """Run `readcheck serve` and read three pages; ends with the first thing that is not as promised."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen([command, "serve", "--port", str(port)], cwd=folder)  # noqa: S603 (our own)
        try:
            _wait(server, port)
            for path, words in PAGES.items():
                if words not in _page(port, path):
                    sys.exit(f"{path} does not say {words!r}")
        finally:
            server.send_signal(signal.SIGTERM)
            code = server.wait(30)
    if code:
        sys.exit(f"it ended with exit code {code}")


def _wait(server: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + READY_WITHIN_S
    while server.poll() is None and time.monotonic() < until:
        try:
            _page(port, "/readyz")
        except OSError:
            time.sleep(0.2)
        else:
            return
    sys.exit("the server did not start")


def _page(port: int, path: str) -> str:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().read().decode()
    finally:
        connection.close()


if __name__ == "__main__":
    main(sys.argv[1])
