"""PostgreSQL and Redis for tests that want them: those named in the environment, else our own for this run.

Own servers listen on sockets in a temporary folder only, run without privileges, and end with the run.
"""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

import pytest

from tests.postgres import START_WITHIN_S, PostgresServer, administer, database_address, wait_for
from tests.requirements import require
from webapp.config import Settings
from webapp.database import make_engine
from webapp.repositories import schema

TEMPLATE = "readcheck_template"
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL server on which we may create databases."""
    require("postgres")
    given = os.environ.get("READCHECK_TEST_POSTGRES")
    if given:
        yield given
        return
    server = PostgresServer(["fsync=off", "max_connections=60"], ["--no-sync"])
    try:
        server.start()
        yield server.address
    finally:
        server.close()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> Iterator[str]:
    """A migrated, empty database to be copied."""
    name = f"{TEMPLATE}_{os.getpid()}"
    administer(postgres_server, f"CREATE DATABASE {name}")
    engine = make_engine(Settings(database_url=database_address(postgres_server, name)))
    schema.migrate(engine)
    engine.dispose()
    yield name
    administer(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def empty_postgres(postgres_server: str) -> Iterator[str]:
    """The address of a database without any table."""
    name = f"readcheck_{os.getpid()}_{next(_numbers)}"
    administer(postgres_server, f"CREATE DATABASE {name}")
    yield database_address(postgres_server, name)
    administer(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def postgres_database(postgres_server: str, postgres_template: str) -> Iterator[str]:
    """The address of a migrated, empty database of this test's own."""
    with copied_database(postgres_server, postgres_template) as address:
        yield address


@contextmanager
def copied_database(server: str, template: str) -> Iterator[str]:
    """A copy of the template database, for as long as the block lasts."""
    name = f"readcheck_{os.getpid()}_{next(_numbers)}"
    administer(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield database_address(server, name)
    administer(server, f"DROP DATABASE {name} WITH (FORCE)")


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
        wait_for(socket, process)
        yield f"unix://{socket}"
    finally:
        process.terminate()
        process.wait(START_WITHIN_S)
        shutil.rmtree(folder)
