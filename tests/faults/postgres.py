"""A PostgreSQL server of the bench's own, that really syncs, to be stopped and started as one likes."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from tempfile import mkdtemp

import pytest
from sqlalchemy.exc import OperationalError

from tests.faults.shim import Disk
from tests.live import family, is_alive
from tests.requirements import postgres_programs, require
from tests.servers import START_WITHIN_S, _administer, _database, _unprivileged, _until_it_answers, _wait_for

SOCKET = ".s.PGSQL.5432"
SETTINGS = (
    "-c",
    "listen_addresses=",
    "-c",
    "fsync=on",
    "-c",
    "synchronous_commit=on",
    "-c",
    "max_connections=60",
)


def dies_with_us() -> list[str]:
    """What to put before a command so that a run of tests that is killed leaves no server behind."""
    found = shutil.which("setpriv")
    return [found, "--pdeathsig", "KILL"] if found else []


QUICK_RECOVERY = ("-c", "recovery_init_sync_method=syncfs")
"""After a crash, one call in place of a thousand; on our failing disk everything that is left counts as synced."""


class Postgres:
    """One server in a temporary folder, reached by a socket there only."""

    def __init__(self, *, failing_disk: bool = False) -> None:
        require("postgres")
        programs = postgres_programs()
        if programs is None:
            pytest.skip("PostgreSQL's own programs are not here")
        self.programs = programs
        self.folder = Path(mkdtemp(prefix="rc-pg-"))  # short: a socket's path has at most 107 characters
        self.process: subprocess.Popen[bytes] | None = None
        self._who = _unprivileged()
        self._made = 0
        if self._who:
            shutil.chown(self.folder, "nobody", "nogroup")
        command = [programs / "initdb", "-D", self.data, "-U", "readcheck", "-A", "trust", "-E", "UTF8"]
        subprocess.run(
            [*command, "--locale=C", "--no-sync", "--wal-segsize=1"],
            check=True,
            capture_output=True,
            cwd=self.folder,
            **self._who,
        )
        self.disk = self._make_disk() if failing_disk else None
        self.start()

    def _make_disk(self) -> Disk:
        """Put the data on a disk that fails when told to."""
        disk = Disk(self.data, self.folder / "shadow")
        disk.sync()
        for path in [disk.shadow, *disk.shadow.rglob("*")] if self._who else []:
            shutil.chown(path, "nobody", "nogroup")
        return disk

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def address(self) -> str:
        return f"postgresql://readcheck@/postgres?host={self.folder}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        settings = (*SETTINGS, *QUICK_RECOVERY) if self.disk else SETTINGS
        self.process = subprocess.Popen(
            [*dies_with_us(), self.programs / "postgres", "-D", self.data, "-k", self.folder, *settings],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
            env=os.environ | (self.disk.environment if self.disk else {}),
            **self._who,
        )
        _wait_for(self.folder / SOCKET, self.process)
        _until_it_answers(self.address)

    def stop(self, how: signal.Signals = signal.SIGQUIT) -> None:
        """End it: SIGQUIT is `-m immediate`, without a checkpoint; SIGINT is `-m fast`."""
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(START_WITHIN_S)
            self.process = None

    def kill(self) -> None:
        """Everything of it dies at once."""
        if self.process is not None:
            dying = [self.process.pid, *family(self.process.pid)]
            for one in dying:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(one, signal.SIGKILL)
            self.process.wait(START_WITHIN_S)
            while any(is_alive(one) for one in dying):
                time.sleep(0.01)
            self.process = None
            (self.folder / SOCKET).unlink(missing_ok=True)

    def keep_running(self) -> None:
        """Wait until it answers; start it again if it gives up, which may be now or in a moment."""
        until = time.monotonic() + START_WITHIN_S
        while True:
            if self.process is None or self.process.poll() is not None:
                (self.folder / SOCKET).unlink(missing_ok=True)
                self.start()
            try:
                _administer(self.address, "SELECT 1")
            except OperationalError:
                assert time.monotonic() < until, "PostgreSQL does not come back"
                time.sleep(0.05)
            else:
                return

    def add_database(self) -> str:
        """The address of a new, empty database."""
        self._made += 1
        name = f"bench_{self._made}"
        _administer(self.address, f"CREATE DATABASE {name}")
        return _database(self.address, name)

    def close(self) -> None:
        self.stop(signal.SIGINT)
        shutil.rmtree(self.folder)
