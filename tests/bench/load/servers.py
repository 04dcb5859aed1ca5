"""The servers that the load bench asks, and the CPU they use.

PostgreSQL is the bench's own, with fsync on, reached by a socket in its temporary folder. Everything that was
started is ended by its id when the block around it is left, whatever happened.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.client import SECRET
from tests.live import Site, family, free_port
from tests.postgres import PostgresServer, dies_with_us
from tests.requirements import postgres_programs
from webapp.cli.body_first import THREADS
from webapp.config import Settings

ROOT = Path(__file__).parents[3]
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
WITHIN_S = 30
DURABLE = (
    "fsync=on",
    "synchronous_commit=on",
    "full_page_writes=on",
    "max_connections=100",
)


@dataclass
class Running:
    """One server that answers: where, and the ids of what it consists of."""

    port: int
    process: int
    database: int | None = None
    """PostgreSQL's first process."""

    def cpu(self) -> tuple[float, float]:
        """CPU seconds so far: of the web server, of the database server."""
        return cpu_seconds(self.process), cpu_seconds(self.database) if self.database else 0.0


def cpu_seconds(first: int) -> float:
    """CPU used by a process, by those it started, and by those of them that have ended."""
    ticks = 0
    for pid in (first, *family(first)):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(int(value) for value in fields[11:15])
    return ticks / TICKS_A_SECOND


@dataclass
class Engine:
    """A database for sites: a folder for SQLite, or a PostgreSQL server of our own."""

    name: str
    folder: Path
    server: PostgresServer | None = None
    made: int = 0

    @property
    def process(self) -> int | None:
        """PostgreSQL's first process."""
        return self.server.process.pid if self.server and self.server.process else None

    def settings(self) -> Settings:
        """Settings of a site with a database of its own."""
        self.made += 1
        data = self.folder / f"site{self.made}" / "data"
        data.mkdir(parents=True)
        url = self.server.add_database() if self.server else ""
        return Settings(data=data, secret=SECRET, database_url=url)


@contextmanager
def engine_of(name: str) -> Iterator[Engine]:
    """The engine for as long as the block lasts."""
    with TemporaryDirectory(prefix="rc-load-") as folder:
        if name == "sqlite":
            yield Engine(name, Path(folder))
            return
        if postgres_programs() is None:
            raise SystemExit("PostgreSQL's programs are not here; try --engine sqlite.")
        server = PostgresServer(DURABLE)
        try:
            server.start()
            yield Engine(name, Path(folder), server)
        finally:
            server.close()


@contextmanager
def application(engine: Engine, settings: Settings, workers: int) -> Iterator[Running]:
    """`readcheck serve` on this database."""
    environment = {"READCHECK_DATABASE_URL": settings.database_url} if settings.database_url else {}
    site = Site(settings, free_port(), ("--workers", str(workers), "--no-worker"), environment)
    try:
        site.start()
        if site.process is None:
            raise RuntimeError("the site has no process")
        yield Running(site.port, site.process.pid, engine.process)
    finally:
        site.stop()


@contextmanager
def lean(engine: Engine, settings: Settings, workers: int) -> Iterator[Running]:
    """The lean view of lean_save.py on the same database."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("READCHECK_")}
    environment |= {"READCHECK_DATA": str(settings.data), "READCHECK_SECRET": SECRET, "PYTHONPATH": str(ROOT)}
    if settings.database_url:
        environment["READCHECK_DATABASE_URL"] = settings.database_url
    command = [*dies_with_us(), sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--no-log"]
    command += ["--blocking-threads", str(THREADS), "--workers", str(workers), "--port", str(port)]
    with (settings.data.parent / "lean.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "tests.bench.lean_save:served"], env=environment, cwd=ROOT, stdout=log, stderr=log
        )
    try:
        _wait_until_ready(port, process)
        yield Running(port, process.pid, engine.process)
    finally:
        process.terminate()
        process.wait(WITHIN_S)


def _wait_until_ready(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + WITHIN_S
    while process.poll() is None and time.monotonic() < until:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/empty")
            if connection.getresponse().status == http.HTTPStatus.OK:
                return
        except OSError:
            time.sleep(0.05)
        finally:
            connection.close()
    raise RuntimeError("the lean server does not answer")
