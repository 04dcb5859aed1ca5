"""`readcheck` commands on a site's data, run to their end or killed on the way."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.faults.bench import environment_of
from tests.live import Site

ROOT = Path(__file__).parents[2]
WITHIN_S = 60
TURNS = "-turns"
"""How the name of the file ends that SQLite's writers queue on (webapp/database.py)."""


def start(site: Site, *arguments: str | Path, **environment: str) -> subprocess.Popen[str]:
    """Start a command on the data of this site."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("READCHECK_")}
    return subprocess.Popen(
        [sys.executable, "-m", "webapp.cli", *(str(one) for one in arguments)],
        env=own | environment_of(site) | environment,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def run(site: Site, *arguments: str | Path, **environment: str) -> str:
    """Run a command to its good end; what it printed."""
    code, said = finish(start(site, *arguments, **environment))
    assert code == 0, said
    return said


def finish(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Exit code and everything printed."""
    try:
        said, _none = process.communicate(timeout=WITHIN_S)
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()
    return process.returncode, said


def kill_after(process: subprocess.Popen[str], seconds: float) -> bool:
    """kill -9 after so long; False where it had ended by itself before."""
    time.sleep(seconds)
    return _kill(process)


def kill_while_it_writes(process: subprocess.Popen[str], chance: random.Random, within_s: float) -> bool:
    """kill -9 up to so long after it took its turn to write to SQLite; False where it ended before."""
    until = time.monotonic() + WITHIN_S
    while process.poll() is None and not _has_turn(process.pid):
        assert time.monotonic() < until, "it never writes"
        time.sleep(0.0005)
    time.sleep(chance.uniform(0, within_s))
    return _kill(process)


def _kill(process: subprocess.Popen[str]) -> bool:
    is_in_time = process.poll() is None
    if is_in_time:
        process.send_signal(signal.SIGKILL)
    process.communicate()
    return is_in_time


def _has_turn(process: int) -> bool:
    try:
        return any(file.readlink().name.endswith(TURNS) for file in Path(f"/proc/{process}/fd").iterdir())
    except OSError:
        return False
