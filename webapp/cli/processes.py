"""Processes that belong together: web workers and the job worker end when their server does."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

from granian.server import MPServer

RESTART_AFTER_S = 1.0
START_WITHIN_S = 30
STOP_WITHIN_S = 10
LOOK_AGAIN_S = 0.05
CRASHES_WITHIN_S = 60.0
MOST_CRASHES = 30
RUN = (
    "import sys; sys.path.insert(0, sys.argv.pop(1));"
    "from webapp.cli.lifeline import die_with; die_with(int(sys.argv.pop(1)));"
    "from webapp.cli.main import main; main()"
)
"""Runs this very code, whatever stands in the folder that the server was started in."""


class WebServer(MPServer):
    """Granian, which gives up when one worker dies twice within seconds; ours only when they keep dying."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 (granian's own)
        super().__init__(*args, **kwargs)
        self._deaths: list[float] = []

    def serve(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 (as above)
        """Serve until stopped."""
        logging.getLogger("_granian").addFilter(_is_news)
        super().serve(*args, **kwargs)

    def _respawn_workers(self, workers: list[int], *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 (as above)
        super()._respawn_workers(workers, *args, **kwargs)
        now = time.monotonic()
        recent = [death for death in self._deaths if now - death < CRASHES_WITHIN_S]
        self._deaths = recent + [now] * len(workers)
        if len(self._deaths) < MOST_CRASHES:
            self.respawned_wrks.clear()


def _is_news(record: logging.LogRecord) -> bool:
    """Granian warns of many threads at every start; ours are many on purpose (webapp/cli/body_first.py)."""
    return not record.getMessage().startswith("Configuration allows spawning up to")


class JobWorker:
    """The one process for background work beside the web workers, started again when it dies."""

    def __init__(self) -> None:
        self.may_start = threading.Event()
        """Set when pages are served: until then they have the machine to themselves."""
        self._process: int | None = None
        self._stopping = threading.Event()
        # The thread lives as long as its process: the kernel's parent is the thread that started it.
        self._thread = threading.Thread(target=self._keep_running, name="job-worker", daemon=True)

    def start(self) -> None:
        """Start the process and watch it."""
        self._thread.start()

    def _keep_running(self) -> None:
        self.may_start.wait(START_WITHIN_S)
        own_place = str(Path(__file__).resolve().parents[2])
        command = [sys.executable, "-c", RUN, own_place, str(os.getpid()), "worker", "--beside-server"]
        while not self._stopping.is_set():
            # Not `subprocess`: it waits for a pipe to close, and a web worker that is forked at that moment
            # keeps it open for ever.
            self._process = os.posix_spawn(sys.executable, command, os.environ)
            os.waitpid(self._process, 0)
            self._process = None
            self._stopping.wait(RESTART_AFTER_S)

    def stop(self) -> None:
        """End the process; what it was doing is queued again at the next start."""
        self._stopping.set()
        self.may_start.set()
        for order in (signal.SIGTERM, signal.SIGKILL):
            told, until = None, time.monotonic() + STOP_WITHIN_S
            while self._thread.is_alive() and time.monotonic() < until:
                process = self._process  # one that was just being started is known a moment later
                if process is not None and process != told:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(process, order)
                    told = process
                self._thread.join(LOOK_AGAIN_S)
