"""PostgreSQL and Redis for tests that want them: those named in the environment, else our own for this run.

Own servers listen on sockets in a temporary folder only, run without privileges, and end with the run.
"""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

import pytest
from sqlalchemy import create_engine, make_url, text

from tests.requirements import postgres_programs, require
from webapp.config import Settings
from webapp.database import make_engine
from webapp.repositories import schema

START_WITHIN_S = 30
TEMPLATE = "readcheck_template"
_numbers = itertools.count(1)


def _unprivileged() -> dict[str, object]:
    """PostgreSQL refuses to run as root."""
    return {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}


def _wait_for(path: Path, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_WITHIN_S
    while not path.exists():
        assert process.poll() is None, f"{process.args} ended at once"
        assert time.monotonic() < until, f"{process.args} did not start"
        time.sleep(0.02)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL server on which we may create databases."""
    require("postgres")
    given = os.environ.get("READCHECK_TEST_POSTGRES")
    if given:
        yield given
        return
    programs = postgres_programs()
    folder = Path(mkdtemp(prefix="rc-pg-"))  # short: a socket's path has at most 107 characters
    who = _unprivileged()
    if who:
        shutil.chown(folder, "nobody", "nogroup")
    data = folder / "data"
    subprocess.run(
        [
            programs / "initdb",
            "-D",
            data,
            "-U",
            "readcheck",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
        ],
        check=True,
        capture_output=True,
        cwd=folder,
        **who,
    )
    settings = ["-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=60"]
    process = subprocess.Popen(
        [programs / "postgres", "-D", data, "-k", folder, *settings],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        **who,
    )
    try:
        _wait_for(folder / ".s.PGSQL.5432", process)
        address = f"postgresql://readcheck@/postgres?host={folder}"
        _until_it_answers(address)
        yield address
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(START_WITHIN_S)
        shutil.rmtree(folder)


def _until_it_answers(address: str) -> None:
    until = time.monotonic() + START_WITHIN_S
    while True:
        try:
            _administer(address, "SELECT 1")
        except Exception:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return


def _administer(address: str, statement: str) -> None:
    url = make_url(address.replace("postgresql://", "postgresql+psycopg://", 1))
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _database(address: str, name: str) -> str:
    return make_url(address).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> Iterator[str]:
    """A migrated, empty database to be copied."""
    name = f"{TEMPLATE}_{os.getpid()}"
    _administer(postgres_server, f"CREATE DATABASE {name}")
    engine = make_engine(Settings(database_url=_database(postgres_server, name)))
    schema.migrate(engine)
    engine.dispose()
    yield name
    _administer(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def empty_postgres(postgres_server: str) -> Iterator[str]:
    """The address of a database without any table."""
    name = f"readcheck_{os.getpid()}_{next(_numbers)}"
    _administer(postgres_server, f"CREATE DATABASE {name}")
    yield _database(postgres_server, name)
    _administer(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def postgres_database(postgres_server: str, postgres_template: str) -> Iterator[str]:
    """The address of a migrated, empty database of this test's own."""
    with copied_database(postgres_server, postgres_template) as address:
        yield address


@contextmanager
def copied_database(server: str, template: str) -> Iterator[str]:
    """A copy of the template database, for as long as the block lasts."""
    name = f"readcheck_{os.getpid()}_{next(_numbers)}"
    _administer(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield _database(server, name)
    _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """The address of a Redis that holds nothing of value."""
    require("redis")
    given = os.environ.get("READCHECK_TEST_REDIS")
    if given:
        yield given
        return
    folder = Path(mkdtemp(prefix="rc-redis-"))
    socket = folder / "redis.sock"
    process = subprocess.Popen(
        ["redis-server", "--port", "0", "--unixsocket", socket, "--save", "", "--dir", folder],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(socket, process)
        yield f"unix://{socket}"
    finally:
        process.terminate()
        process.wait(START_WITHIN_S)
        shutil.rmtree(folder)
