"""A PostgreSQL server of a test's own: in a temporary folder, reached by a socket there only, to be ended as one likes.

It runs without privileges, as PostgreSQL wants it, and dies with the process that started it.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import mkdtemp

from sqlalchemy import create_engine, make_url, text

from tests.requirements import postgres_programs

START_WITHIN_S = 30
SOCKET = ".s.PGSQL.5432"


def unprivileged() -> dict[str, object]:
    """How to start a process that may not run as root."""
    return {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}


def dies_with_us() -> list[str]:
    """What to put before a command so that a run of tests that is killed leaves no server behind."""
    found = shutil.which("setpriv")
    return [found, "--pdeathsig", "KILL"] if found else []


def wait_for(path: Path, process: subprocess.Popen[bytes]) -> None:
    """Wait until a process that was just started has made a file."""
    until = time.monotonic() + START_WITHIN_S
    while not path.exists():
        assert process.poll() is None, f"{process.args} ended at once"
        assert time.monotonic() < until, f"{process.args} did not start"
        time.sleep(0.02)


def until_it_answers(address: str) -> None:
    """Wait until the server at that address takes statements."""
    until = time.monotonic() + START_WITHIN_S
    while True:
        try:
            administer(address, "SELECT 1")
        except Exception:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return


def administer(address: str, statement: str) -> None:
    """Run one statement outside of a transaction."""
    url = make_url(address.replace("postgresql://", "postgresql+psycopg://", 1))
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def database_address(address: str, name: str) -> str:
    """The address of that database on the server at an address."""
    return make_url(address).set(database=name).render_as_string(hide_password=False)


class PostgresServer:
    """One server. `settings`: those of postgresql.conf, as `name=value`; `made_with`: options of initdb."""

    def __init__(self, settings: Sequence[str], made_with: Sequence[str] = ()) -> None:
        found = postgres_programs()
        if found is None:
            raise RuntimeError("PostgreSQL's own programs are not here")
        self.programs = found
        self.settings = ("listen_addresses=", *settings)
        self.folder = Path(mkdtemp(prefix="rc-pg-"))  # short: a socket's path has at most 107 characters
        self.process: subprocess.Popen[bytes] | None = None
        self.who = unprivileged()
        self._made = 0
        if self.who:
            shutil.chown(self.folder, "nobody", "nogroup")
        command = [found / "initdb", "-D", self.data, "-U", "readcheck", "-A", "trust", "-E", "UTF8"]
        options = ["--locale=C", *made_with]
        subprocess.run([*command, *options], check=True, capture_output=True, cwd=self.folder, **self.who)

    @property
    def data(self) -> Path:
        """The folder of its databases."""
        return self.folder / "data"

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"postgresql://readcheck@/postgres?host={self.folder}"

    @property
    def environment(self) -> Mapping[str, str]:
        """What its process sees."""
        return os.environ

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = [part for setting in self.settings for part in ("-c", setting)]
        self.process = subprocess.Popen(
            [*dies_with_us(), self.programs / "postgres", "-D", self.data, "-k", self.folder, *options],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
            env=self.environment,
            **self.who,
        )
        wait_for(self.folder / SOCKET, self.process)
        until_it_answers(self.address)

    def stop(self, how: signal.Signals = signal.SIGQUIT) -> None:
        """End it: SIGQUIT is `-m immediate`, without a checkpoint; SIGINT is `-m fast`."""
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(START_WITHIN_S)
            self.process = None

    def add_database(self) -> str:
        """The address of a new, empty database."""
        self._made += 1
        name = f"bench_{self._made}"
        administer(self.address, f"CREATE DATABASE {name}")
        return database_address(self.address, name)

    def close(self) -> None:
        """End it and take its folder away."""
        self.stop(signal.SIGINT)
        shutil.rmtree(self.folder, ignore_errors=True)
