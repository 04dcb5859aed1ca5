"""`readcheck db copy` beside a running server, killed in the middle, stopped, and watched on a terminal.

A trigger in the target makes the copy wait where the test wants it to.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import pty
import re
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace

import pytest
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.orm import Session

from tests.client import SECRET
from tests.factories.every_table import fill_every_table
from tests.live import ROOT
from webapp import database
from webapp.database import make_engine
from webapp.models.course import Course
from webapp.models.operation import AuditEntry
from webapp.repositories import copying_progress, storage
from webapp.services import clock, maintenance
from webapp.sqlite_turns import DatabaseBusy

pytestmark = pytest.mark.needs("postgres")
WITHIN_S = 60
KEY = 7
ENTRIES = 450
"""Of the audit trail: three batches."""


class Target:
    """The database to copy to, with a connection of our own that can make the copy wait."""

    def __init__(self, address):
        self.address = address
        self.engine = create_engine(
            address.replace("postgresql://", "postgresql+psycopg://", 1), isolation_level="AUTOCOMMIT"
        )
        self.connection = self.engine.connect()

    def run(self, *statements):
        for statement in statements:
            self.connection.execute(text(statement))

    def value(self, statement):
        return self.connection.scalar(text(statement))

    def tamper(self, table, body):
        name = f"tamper_{table}"
        self.run(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {body} RETURN NEW; END $$",
            f"CREATE OR REPLACE TRIGGER tamper BEFORE INSERT ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {name}()",
        )

    def hold(self, table, condition="true"):
        """Let the copy wait at the first such row until `let_go`."""
        self.run(f"SELECT pg_advisory_lock({KEY})")
        self.tamper(table, f"IF {condition} THEN PERFORM pg_advisory_xact_lock({KEY}); END IF;")

    def wait_until_held(self, copy):
        waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        until = time.monotonic() + WITHIN_S
        while not self.value(waiting):
            assert copy.poll() is None, copy.communicate()
            assert time.monotonic() < until, "the copy did not come so far"
            time.sleep(0.02)

    def let_go(self):
        self.run(f"SELECT pg_advisory_unlock({KEY})")


@pytest.fixture
def target(postgres_database):
    made = Target(postgres_database)
    yield made
    made.connection.close()
    made.engine.dispose()


def _mind_every_signal() -> None:
    """As in a terminal: whoever runs the tests in the background has them inherit ignored signals."""
    for order in (signal.SIGINT, signal.SIGHUP):
        signal.signal(order, signal.SIG_DFL)


@pytest.fixture
def start_copy(start_command):
    """`start_copy(site, "--to", address)`: the command in a process of its own."""
    return lambda site, *arguments, **options: start_command(site, "db", "copy", *arguments, **options)


@pytest.fixture
def start_command():
    started = []

    def start(site, *arguments, **options):
        own = {name: value for name, value in os.environ.items() if not name.startswith("READCHECK_")}
        own |= {"READCHECK_DATA": str(site.settings.data), "READCHECK_SECRET": SECRET}
        command = [sys.executable, "-m", "webapp.cli", *arguments]
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
        process = subprocess.Popen(
            command,
            env=own,
            cwd=ROOT,
            text=True,
            preexec_fn=_mind_every_signal,  # noqa: PLW1509 (it only sets signals)
            **options,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.fixture
def site(make_site):
    running = make_site("--workers", "2", "--no-worker")
    with running.session() as session:
        fill_every_table(session)
        now = clock.now()
        session.add_all(AuditEntry(at=now, action="sign_in", subject=str(n)) for n in range(ENTRIES))
    return running


def ask(site, path, method="GET", accept="text/html"):
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)
    try:
        connection.request(method, path, headers={"Accept": accept})
        response = connection.getresponse()
        return response.status, response.headers, response.read().decode(errors="replace")
    finally:
        connection.close()


def finish(copy):
    said, complaints = copy.communicate(timeout=WITHIN_S)
    assert copy.returncode == 0, complaints
    return said


def counts_of(settings):
    engine = make_engine(settings)
    try:
        with engine.connect() as connection:
            return storage.count_rows(Session(connection))
    finally:
        engine.dispose()


def test_a_running_site_is_closed_until_the_copy_has_ended(site, target, start_copy):
    sheet = re.search(r"/static/css/[^\"]+", ask(site, "/")[2]).group()
    target.hold("item_version")
    copy = start_copy(site, "--to", target.address)
    target.wait_until_held(copy)
    for _ in range(20):  # both workers
        status, headers, page = ask(site, "/")
        assert (status, headers["Retry-After"]) == (503, "10")
        assert "moving to another database" in page
    status, headers, _ = ask(site, "/attempts/1/responses", "POST", "application/json")
    assert (status, headers["Content-Type"]) == (503, "application/json")
    assert ask(site, "/healthz")[0] == 200
    assert ask(site, "/readyz")[0] == 503
    assert ask(site, sheet)[0] == 200
    target.let_go()
    finish(copy)
    time.sleep(maintenance.NOTICED_AFTER_S)
    assert ask(site, "/")[0] == 200


def test_no_write_falls_between_the_two_databases(site, target, start_copy, monkeypatch):
    """Somebody writes all the time, without heeding the marker: what was kept is copied, or refused meanwhile."""
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 200)
    stop, kept, refused = threading.Event(), [], []

    def write():
        number = 0
        while not stop.is_set():
            number += 1
            try:
                with site.session() as session:
                    session.add(Course(slug=f"w{number}", title="", time_zone="UTC", created_at=clock.now()))
            except DatabaseBusy:
                refused.append(number)
            else:
                kept.append(number)

    target.hold("item_version")
    writer = threading.Thread(target=write)
    writer.start()
    try:
        copy = start_copy(site, "--to", target.address)
        target.wait_until_held(copy)
        before = list(kept)
        until = time.monotonic() + WITHIN_S
        while len(refused) < 3 and time.monotonic() < until:
            time.sleep(0.05)
        assert before == kept
    finally:
        stop.set()
        writer.join()
    target.let_go()
    finish(copy)
    found = set(target.connection.scalars(text("SELECT slug FROM course WHERE slug LIKE 'w%'")))
    assert found == {f"w{number}" for number in kept}
    assert before


def test_a_killed_copy_leaves_the_site_closed_and_goes_on_where_it_was(site, target, start_copy):
    counts = counts_of(site.settings)
    target.hold("audit_entry", "NEW.id > 300")
    copy = start_copy(site, "--to", target.address)
    target.wait_until_held(copy)
    copy.kill()
    copy.communicate()
    target.let_go()
    assert target.value("SELECT rows FROM readcheck_copy WHERE step = 'audit_entry'") == 200
    assert target.value("SELECT count(*) FROM audit_entry") == 200
    assert ask(site, "/")[0] == 503
    target.tamper("account", "RAISE EXCEPTION 'copied twice';")
    target.tamper("audit_entry", "IF NEW.id <= 200 THEN RAISE EXCEPTION 'copied twice'; END IF;")
    again = start_copy(site, "--to", target.address)
    finish(again)
    assert counts_of(replace(site.settings, database_url=target.address)) == counts | {
        "audit_entry": counts["audit_entry"] + 1
    }
    time.sleep(maintenance.NOTICED_AFTER_S)
    assert ask(site, "/")[0] == 200


def test_a_server_that_starts_closed_says_how_to_open_it(site, start_command, start_copy):
    maintenance.close(site.settings)
    site.stop()
    begun = start_command(site, "serve", "--port", str(site.port), "--workers", "1", "--no-worker")
    line = begun.stderr.readline()
    while "The site is closed" not in line:
        assert line, "the server did not say it"
        line = begun.stderr.readline()
    assert "readcheck db copy --abandon" in line
    begun.terminate()
    begun.communicate(timeout=WITHIN_S)
    copy = start_copy(site, "--abandon")
    assert "open again" in finish(copy)
    assert not maintenance.is_closed(site.settings)


@pytest.mark.parametrize("order", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stopped_copy_opens_the_site(site, target, start_copy, order):
    target.hold("item_version")
    copy = start_copy(site, "--to", target.address)
    target.wait_until_held(copy)
    copy.send_signal(order)
    _said, complaints = copy.communicate(timeout=WITHIN_S)
    assert copy.returncode == 1
    assert "open again" in complaints
    assert "Traceback" not in complaints
    assert not maintenance.is_closed(site.settings)
    target.let_go()
    finish(start_copy(site, "--to", target.address))


def test_a_terminal_shows_how_far_it_is(site, target, start_copy):
    ours, theirs = pty.openpty()
    copy = start_copy(site, "--to", target.address, stderr=theirs)
    os.close(theirs)
    shown = b""
    with contextlib.suppress(OSError):  # what a closed terminal answers
        while part := os.read(ours, 4096):
            shown += part
    os.close(ours)
    finish(copy)
    assert b"Reading" in shown
    assert f"Copying audit_entry: {ENTRIES + 1}/{ENTRIES + 1}".encode() in shown
    assert b"Comparing" in shown


def test_a_half_copied_database_serves_nobody(site, target, start_copy):
    target.tamper("quiz", "RAISE EXCEPTION 'out of paper';")
    copy = start_copy(site, "--to", target.address)
    assert copy.wait(WITHIN_S) == 1
    with target.engine.connect() as connection:
        assert copying_progress.get_reached(connection)
        assert connection.scalar(select(func.count()).select_from(Course))
    done = subprocess.run(
        [sys.executable, "-c", "import webapp.wsgi"],
        env=os.environ
        | {"READCHECK_DATA": str(site.settings.data), "READCHECK_DATABASE_URL": target.address},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "unfinished copy" in done.stderr
