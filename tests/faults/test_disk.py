"""Disks that fail: power cut, full, an error on the n-th operation; under SQLite, by the shim of shim.c."""

from __future__ import annotations

import contextlib
import fcntl
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace

import pytest
from sqlalchemy import select

from tests.faults import commands
from tests.faults.postgres import Postgres
from tests.faults.school import School
from tests.faults.shim import BROKEN_ONCE, FULL, Disk, mix
from tests.faults.test_processes import wait_until
from tests.live import Site, family, is_alive
from webapp.config import SECRET_FILE
from webapp.models.account import Account

pytestmark = pytest.mark.needs("compiler")
REACHED_WITHIN_S = 20


@pytest.fixture(scope="module")
def kept_disk(bench, tmp_path_factory):
    """A site on a disk that fails when told to, and the disk: for all tests here."""
    site = bench.make_site("sqlite")
    site.settings.make_folder()
    disk = Disk(site.settings.data, tmp_path_factory.mktemp("disk") / "shadow")
    disk.sync()
    site.environment |= disk.environment
    yield site, disk
    stop(site)


@pytest.fixture
def site_and_disk(kept_disk):
    site, disk = kept_disk
    disk.mend()
    return start(site), disk


def start(site: Site) -> Site:
    """The site, running: a test before may have failed."""
    return site if site.process is not None and site.process.poll() is None else site.start()


def stop(site: Site) -> None:
    if site.process is not None and site.process.poll() is None:
        site.stop()


def die(site: Site) -> None:
    """Every process of it at once."""
    dying = [site.process.pid, *family(site.process.pid)]
    for process in dying:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    site.process.wait()
    wait_until(lambda: not any(is_alive(process) for process in dying))


def cut_power(school: School, disk: Disk, chance: random.Random | None) -> float:
    """Everything dies at once, and what was not synced is gone (with `chance`: gone in part)."""
    die(school.site)
    assert disk.cut_power(chance) > 0, "the shim kept nothing apart"
    verdict = school.judge_in_flight()
    assert verdict.is_clean, verdict
    disk.sync()  # the judge's own connection has written too
    moment = time.monotonic()
    school.site.start()
    return moment


def test_the_power_fails(bench, site_and_disk):
    site, disk = site_and_disk
    bench.run(
        "power loss", "sqlite", lambda school: cut_power(school, disk, None), site, injections=bench.few
    )


def test_the_power_fails_while_sectors_are_on_their_way(bench, site_and_disk):
    site, disk = site_and_disk
    bench.run(
        "power loss, sectors by chance",
        "sqlite",
        lambda school: cut_power(school, disk, school.chance),
        site,
        injections=bench.few,
    )


def test_the_power_fails_right_after_the_first_start(bench, tmp_path):
    """The secret that signs cookies and receipts is made then, and must be the same ever after."""
    site = bench.make_site("sqlite")
    site.environment["READCHECK_SECRET"] = ""  # as usual: made and kept by the site itself
    site.settings.make_folder()
    disk = Disk(site.settings.data, tmp_path / "shadow")
    disk.sync()
    site.environment |= disk.environment
    secret = site.settings.data / SECRET_FILE
    try:
        site.start()
        before = secret.read_text("ascii")
        die(site)
        assert disk.cut_power() > 0
        site.start()
        assert secret.read_text("ascii") == before != ""
    finally:
        stop(site)


def test_the_power_fails_right_after_a_backup_and_a_restore(bench, tmp_path):
    """What the command says is done is done."""
    site = bench.make_site("sqlite")
    commands.run(site, "users", "add", "anna")
    disk = Disk(site.settings.data, tmp_path / "shadow")
    disk.sync()
    backup = site.settings.data / "readcheck.tar.gz"
    commands.run(site, "backup", backup, **disk.environment)
    assert disk.cut_power() > 0
    commands.run(site, "users", "add", "berta")
    disk.sync()
    commands.run(site, "restore", "--force", backup, **disk.environment)
    disk.cut_power()
    with site.session() as session:
        assert set(session.scalars(select(Account.username))) == {"anna"}
    assert site.settings.database_file.stat().st_size > 0


def test_the_disk_is_full(bench, site_and_disk):
    site, disk = site_and_disk

    def fault(school: School) -> None:
        disk.fail(FULL, before=school.chance.randint(0, 20))
        wait_until(lambda: disk.failed > 0, within=REACHED_WITHIN_S)
        time.sleep(school.chance.uniform(0, 0.4))
        assert disk.mend() > 0

    bench.run("disk full", "sqlite", fault, site, gives_up=True)


def test_an_operation_of_the_disk_fails(bench, site_and_disk):
    site, disk = site_and_disk

    def fault(school: School) -> None:
        disk.fail(BROKEN_ONCE, before=school.chance.randint(0, 60), times=school.chance.choice((1, 1, 2, 5)))
        wait_until(lambda: disk.failed > 0, within=REACHED_WITHIN_S)
        time.sleep(0.05)
        assert disk.mend() > 0

    bench.run("I/O error on the n-th operation", "sqlite", fault, site, gives_up=True)


# ---------------------------------------------------------------- under PostgreSQL


@pytest.fixture(scope="module")
def kept_postgres(bench):
    """A site on a PostgreSQL of its own, whose data lie on a disk that fails when told to."""
    server = Postgres(failing_disk=True)
    address = server.add_database()
    site = bench.make_site("sqlite")
    site.settings = replace(site.settings, database_url=address)
    site.environment["READCHECK_DATABASE_URL"] = address
    yield site, server
    stop(site)
    server.close()


@pytest.fixture
def postgres_on_disk(kept_postgres):
    site, server = kept_postgres
    server.disk.mend()
    server.keep_running()
    yield start(site), server
    server.disk.mend()
    server.keep_running()


@pytest.mark.needs("postgres")
@pytest.mark.parametrize("by_chance", [False, True], ids=["all", "sectors"])
def test_the_power_of_postgres_fails(bench, postgres_on_disk, by_chance):
    site, server = postgres_on_disk

    def fault(school: School) -> float:
        server.kill()
        assert server.disk.cut_power(school.chance if by_chance else None) > 0
        server.start()
        return time.monotonic()

    kind = "power loss, sectors by chance" if by_chance else "power loss"
    bench.run(kind, "postgres", fault, site, injections=bench.few)


@pytest.mark.needs("postgres")
@pytest.mark.parametrize(
    ("kind", "how"), [("disk full", FULL), ("I/O error on the n-th operation", BROKEN_ONCE)]
)
def test_the_disk_of_postgres_fails(bench, postgres_on_disk, kind, how):
    site, server = postgres_on_disk

    def fault(school: School) -> float:
        server.disk.fail(how, before=school.chance.randint(0, 40))
        wait_until(lambda: server.disk.failed > 0, within=REACHED_WITHIN_S)
        time.sleep(school.chance.uniform(0, 0.2))
        assert server.disk.mend() > 0
        server.keep_running()
        return time.monotonic()

    bench.run(kind, "postgres", fault, site)


# ---------------------------------------------------------------- the shim itself

SAVES = (
    "import os, sqlite3, sys; db = sqlite3.connect(sys.argv[1], isolation_level=None);"
    "db.execute('PRAGMA journal_mode=WAL'); db.execute('PRAGMA synchronous=' + sys.argv[2]);"
    "db.execute('CREATE TABLE IF NOT EXISTS saved (id INTEGER)');"
    "[db.execute('INSERT INTO saved VALUES (?)', (number,)) for number in range(100)]; os._exit(9)"
)


@pytest.mark.parametrize(("synchronous", "survive"), [("FULL", range(100, 101)), ("NORMAL", range(100))])
def test_the_shim_loses_what_was_not_synced(tmp_path, synchronous, survive):
    """A program that does not sync loses saves on this disk: the bench can fail."""
    (tmp_path / "data").mkdir()
    disk = Disk(tmp_path / "data", tmp_path / "shadow")
    disk.sync()
    file = tmp_path / "data" / "some.sqlite3"
    command = [sys.executable, "-c", SAVES, file, synchronous]
    assert subprocess.run(command, env=os.environ | disk.environment).returncode == 9
    assert disk.cut_power() > 0
    with closing(sqlite3.connect(file)) as left:
        has_table = left.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        count = left.execute("SELECT count(*) FROM saved").fetchone()[0] if has_table else 0
    assert count in survive


def test_names_that_were_not_synced_are_gone_and_unlinked_ones_are_back(tmp_path):
    root = tmp_path / "data"
    root.mkdir()
    (root / "old").write_text("old")
    disk = Disk(root, tmp_path / "shadow")
    disk.sync()
    program = (
        "import os, sys; os.chdir(sys.argv[1]);"
        "new = open('new', 'w'); new.write('new'); new.flush(); os.fsync(new.fileno());"
        "os.unlink('old'); open('other', 'w').write('other'); os.rename('other', 'third')"
    )
    subprocess.run([sys.executable, "-c", program, root], env=os.environ | disk.environment, check=True)
    assert {path.name for path in root.iterdir()} == {"new", "third"}
    disk.cut_power()
    assert {path.name: path.read_text() for path in root.iterdir()} == {"old": "old"}
    program += "; os.fsync(os.open('.', os.O_RDONLY))"
    subprocess.run([sys.executable, "-c", program, root], env=os.environ | disk.environment, check=True)
    disk.cut_power()
    assert {path.name: path.read_text() for path in root.iterdir()} == {"new": "new", "third": ""}


def test_the_shim_leaves_the_programs_locks_alone(tmp_path):
    """POSIX takes every lock of a program off a file as soon as it closes any of its descriptors of it."""
    root = tmp_path / "data"
    root.mkdir()
    disk = Disk(root, tmp_path / "shadow")
    program = (
        "import fcntl, os, sys; file = open(sys.argv[1] + '/file', 'w+b'); fcntl.lockf(file, fcntl.LOCK_EX);"
        "file.write(b'x'); file.flush(); os.fsync(file.fileno()); print('synced', flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, root],
        env=os.environ | disk.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout.readline() == b"synced\n"
        with (root / "file").open("r+b") as file, pytest.raises(BlockingIOError):
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        process.communicate(b"\n")
    assert [path.read_bytes() for path in (disk.shadow / "objects").iterdir()] == [b"x"]


def test_a_full_and_a_broken_disk_say_so(tmp_path):
    root = tmp_path / "data"
    root.mkdir()
    disk = Disk(root, tmp_path / "shadow")
    program = (
        "import os, sys; file = os.open(sys.argv[1] + '/file', os.O_RDWR | os.O_CREAT)\n"
        "for _ in range(5):\n"
        "    try: print(os.write(file, b'x'))\n"
        "    except OSError as error: print(error.errno)\n"
    )

    def said() -> list[int]:
        done = subprocess.run(
            [sys.executable, "-c", program, root],
            env=os.environ | disk.environment,
            check=True,
            capture_output=True,
        )
        return [int(word) for word in done.stdout.split()]

    assert said() == [1, 1, 1, 1, 1]
    disk.fail(FULL, before=3)
    assert said() == [1, 1, 1, 28, 28]
    assert disk.mend() == 2
    disk.fail(BROKEN_ONCE, before=1, times=2)
    assert said() == [1, 5, 5, 1, 1]
    assert disk.mend() == 2


def test_mixed_sectors_are_old_or_new():
    chance = random.Random(1)
    mixed = mix(b"a" * 2048, b"b" * 4096, chance)
    sectors = {mixed[start : start + 512][:1] for start in range(0, 2048, 512)}
    assert sectors <= {b"a", b"b"}
    assert len(mixed) in {2048, 4096}
