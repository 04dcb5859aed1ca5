"""What stands beside the site goes away and comes back: PostgreSQL without a checkpoint, Redis by kill -9."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path
from tempfile import mkdtemp

import pytest

from tests.faults.school import School
from tests.postgres import START_WITHIN_S, dies_with_us, wait_for


@pytest.mark.needs("postgres")
def test_postgres_is_stopped_at_once(bench):
    """`-m immediate`: no farewell, no checkpoint; the next start replays its log."""
    server = bench.postgres()

    def fault(school: School) -> float:
        server.stop()
        time.sleep(school.chance.uniform(0, 0.3))
        server.start()
        return time.monotonic()

    bench.run("PostgreSQL -m immediate", "postgres", fault)


class Redis:
    """A Redis of the bench's own, on a socket in a temporary folder."""

    def __init__(self) -> None:
        self.folder = Path(mkdtemp(prefix="rc-redis-"))
        self.socket = self.folder / "redis.sock"
        self.start()

    def start(self) -> None:
        self.socket.unlink(missing_ok=True)
        command = [
            *dies_with_us(),
            "redis-server",
            "--port",
            "0",
            "--unixsocket",
            self.socket,
            "--save",
            "",
            "--dir",
            self.folder,
        ]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(self.socket, self.process)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(START_WITHIN_S)

    def close(self) -> None:
        self.kill()
        shutil.rmtree(self.folder)


@pytest.fixture
def redis():
    server = Redis()
    yield server
    server.close()


@pytest.mark.needs("redis")
def test_redis_is_stopped(bench, engine, redis):
    """Limits and the job queue are in Redis; answers need neither. The site with its job worker lives on."""
    site = bench.make_site(engine, "--workers", "2", READCHECK_REDIS_URL=f"unix://{redis.socket}").start()

    def fault(school: School) -> None:
        redis.kill()
        before = school.count
        school.wait_for_more(len(school.learners))
        assert school.count > before
        assert school.learners[0].browser.port == site.port
        time.sleep(school.chance.uniform(0, 0.3))
        redis.start()

    try:
        bench.run("Redis stopped", engine, fault, site)
    finally:
        if site.process is not None and site.process.poll() is None:
            site.stop()
