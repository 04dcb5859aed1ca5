"""A PostgreSQL server of the bench's own, that really syncs, to be killed and started as one likes."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import time
from collections.abc import Mapping

import pytest
from sqlalchemy.exc import OperationalError

from tests.faults.shim import Disk
from tests.live import family, is_alive
from tests.postgres import SOCKET, START_WITHIN_S, PostgresServer, administer
from tests.requirements import postgres_programs, require

SETTINGS = ("fsync=on", "synchronous_commit=on", "max_connections=60")
QUICK_RECOVERY = ("recovery_init_sync_method=syncfs",)
"""After a crash, one call in place of a thousand; on our failing disk everything that is left counts as synced."""


class Postgres(PostgresServer):
    """One that was started, on a disk that fails when told to where that is asked for."""

    def __init__(self, *, failing_disk: bool = False) -> None:
        require("postgres")
        if postgres_programs() is None:
            pytest.skip("PostgreSQL's own programs are not here")
        settings = (*SETTINGS, *QUICK_RECOVERY) if failing_disk else SETTINGS
        super().__init__(settings, ["--no-sync", "--wal-segsize=1"])
        self.disk = self._make_disk() if failing_disk else None
        self.start()

    def _make_disk(self) -> Disk:
        """Put the data on a disk that fails when told to."""
        disk = Disk(self.data, self.folder / "shadow")
        disk.sync()
        for path in [disk.shadow, *disk.shadow.rglob("*")] if self.who else []:
            shutil.chown(path, "nobody", "nogroup")
        return disk

    @property
    def environment(self) -> Mapping[str, str]:
        """The failing disk comes into a process by its environment."""
        return os.environ | (self.disk.environment if self.disk else {})

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
                administer(self.address, "SELECT 1")
            except OperationalError:
                assert time.monotonic() < until, "PostgreSQL does not come back"
                time.sleep(0.05)
            else:
                return
