"""Writers queue and never fail, readers never wait, and what was not committed is not there."""

from __future__ import annotations

import fcntl
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from flask import Blueprint
from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from tests.factories.people import make_account
from webapp import database
from webapp.config import Settings
from webapp.database import WRITES, make_engine
from webapp.extensions import db
from webapp.identity import allow
from webapp.models.course import Course
from webapp.services import clock
from webapp.sqlite_turns import BUSY_TIMEOUT_MS, DatabaseBusy

WRITERS = 8
TRANSACTIONS = 60


def course(slug: str) -> Course:
    return Course(slug=slug, title=slug, time_zone="UTC", created_at=clock.now())


def count(engine) -> int:
    with engine.connect() as connection:
        return connection.execute(text("SELECT count(*) FROM course")).scalar_one()


@pytest.fixture
def engine(settings):
    engine = make_engine(settings)
    yield engine
    engine.dispose()


def test_writers_that_read_first_never_fail(engine):
    failures = []

    def write(writer: int) -> None:
        for number in range(TRANSACTIONS):
            try:
                with engine.execution_options(**{WRITES: True}).begin() as connection:
                    connection.execute(text("SELECT count(*) FROM course")).scalar_one()
                    values = {
                        "slug": f"c{writer}-{number}",
                        "title": "t",
                        "zone": "UTC",
                        "now": "2026-01-01 00:00:00",
                    }
                    connection.execute(
                        text(
                            "INSERT INTO course (slug, title, time_zone, is_open, created_at)"
                            " VALUES (:slug, :title, :zone, 0, :now)"
                        ),
                        values,
                    )
            except Exception as error:
                failures.append(error)

    before = count(engine)
    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert count(engine) == before + WRITERS * TRANSACTIONS


def test_without_our_begin_such_writers_do_fail(engine, settings):
    """The reason for all this: SQLite never waits when a reader wants to become a writer."""
    path = settings.database_file
    first, second = (sqlite3.connect(path, isolation_level=None, timeout=5) for _ in range(2))
    for connection in (first, second):
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM course").fetchone()
    first.execute("UPDATE course SET title = 'a'")
    first.execute("COMMIT")
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        second.execute("UPDATE course SET title = 'b'")
    first.close()
    second.close()


def test_a_reading_page_does_not_wait_behind_a_writer(app, client, engine):
    with engine.execution_options(**{WRITES: True}).begin() as writer:
        writer.execute(text("UPDATE course SET title = 'being written'"))
        began = time.monotonic()
        assert client.get("/readyz").status_code == 200
        assert time.monotonic() - began < BUSY_TIMEOUT_MS / 1000 / 2


def test_a_page_that_reads_takes_no_write_lock(app, client, engine):
    """Any statement of a GET's transaction, seen from another connection."""
    begun = []
    page = Blueprint("page", __name__)

    @page.get("/page")
    @allow("everyone")
    def show():
        db.session.scalars(select(Course)).all()
        with engine.execution_options(
            **{WRITES: True}
        ).begin() as other:  # would wait, and fail, behind a writer
            begun.append(other.execute(text("SELECT 1")).scalar_one())
        return ""

    app.register_blueprint(page)
    assert client.get("/page").status_code == 200
    assert begun == [1]


def test_what_a_get_adds_is_refused_and_not_kept(app, client, engine):
    page = Blueprint("page", __name__)

    @page.get("/page")
    @allow("everyone")
    def show():
        db.session.add(course("from-a-get"))
        db.session.flush()
        return ""

    app.register_blueprint(page)
    before = count(engine)
    with pytest.raises(TypeError, match="wanted to write"):
        client.get("/page")
    assert count(engine) == before


@pytest.mark.parametrize(("status", "kept"), [(200, 1), (303, 1), (409, 0), (422, 0), (500, 0)])
def test_a_post_is_kept_exactly_when_it_succeeded(app, client, engine, status, kept):
    page = Blueprint("page", __name__)

    @page.post("/page")
    @allow("everyone")
    def submit():
        db.session.add(course("from-a-post"))
        db.session.flush()
        return "", status

    app.register_blueprint(page)
    before = count(engine)
    assert client.csrf_post("/page").status_code == status
    assert count(engine) == before + kept


def test_a_request_commits_once(app, client):
    commits = []
    page = Blueprint("page", __name__)

    @page.post("/page")
    @allow("everyone")
    def submit():
        for number in range(3):
            db.session.add(course(f"c{number}"))
            db.session.flush()
        return ""

    app.register_blueprint(page)
    with app.app_context():
        event.listen(db.engine, "commit", commits.append)
    client.csrf_post("/page")
    assert len(commits) == 1


def test_a_write_session_commits_at_its_end_and_rolls_back_on_errors(app, engine):
    heard = []
    with database.write_session(app) as session:
        session.add(course("kept"))
        database.after_commit(lambda: heard.append("kept"))

    def fail() -> None:
        with database.write_session(app) as session:
            session.add(course("lost"))
            session.flush()
            database.after_commit(lambda: heard.append("lost"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with engine.connect() as connection:
        slugs = set(connection.execute(text("SELECT slug FROM course")).scalars())
    assert "kept" in slugs
    assert "lost" not in slugs
    assert heard == ["kept"]


def test_a_writer_that_keeps_the_turn_makes_others_busy_not_lost(app, client, settings, engine, monkeypatch):
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 100)
    app.config.update(TESTING=False, PROPAGATE_EXCEPTIONS=False)
    page = Blueprint("page", __name__)

    @page.post("/page")
    @allow("everyone")
    def submit():
        db.session.add(course("late"))
        db.session.flush()
        return ""

    app.register_blueprint(page)
    before = count(engine)
    token = client.csrf_token()
    with Path(f"{settings.database_file}-turns").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        response = client.post("/page", data={"csrf_token": token}, headers={"Referer": "https://localhost/"})
        assert response.status_code == 503
        assert response.headers["Retry-After"]
    assert count(engine) == before
    assert client.csrf_post("/page").status_code == 200
    assert count(engine) == before + 1


def test_another_programs_lock_is_busy_too(settings, engine):
    """Somebody who does not queue, such as the sqlite3 shell."""
    other = sqlite3.connect(settings.database_file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    writer = engine.execution_options(**{WRITES: True})
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=50")
    with pytest.raises(DatabaseBusy), writer.begin():
        pass
    other.execute("ROLLBACK")
    other.close()
    with writer.begin() as connection:  # the turn was given back
        make_no_change(connection)


@pytest.mark.needs("postgres")
def test_of_two_that_wait_for_each_other_one_is_busy(postgres_database):
    """PostgreSQL ends one of them. Its request has changed nothing and may be sent again."""
    engine = make_engine(Settings(database_url=postgres_database))
    with Session(engine) as session, session.begin():
        session.add_all([course("one"), course("two")])
    both_hold_one, ended = threading.Barrier(2, timeout=20), []

    def rename(first: str, second: str) -> None:
        change = text("UPDATE course SET title = :by WHERE slug = :slug")
        try:
            with engine.begin() as connection:
                connection.execute(change, {"by": first, "slug": first})
                both_hold_one.wait()
                connection.execute(change, {"by": first, "slug": second})
            ended.append("done")
        except DatabaseBusy:
            ended.append("busy")

    threads = [threading.Thread(target=rename, args=order) for order in (("one", "two"), ("two", "one"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with engine.connect() as connection:
        titles = set(connection.scalars(text("SELECT title FROM course WHERE slug IN ('one', 'two')")))
    engine.dispose()
    assert sorted(ended) == ["busy", "done"]
    assert len(titles) == 1, "only what one of them wrote"


def make_no_change(connection) -> None:
    connection.execute(text("UPDATE course SET title = title"))


def test_a_killed_writer_gives_its_turn_back(settings, engine):
    program = (
        "import sys, time; from pathlib import Path; from webapp.config import Settings;"
        "from webapp.database import WRITES, make_engine; e = make_engine(Settings(data=Path(sys.argv[1])));"
        "c = e.execution_options(**{WRITES: True}).connect(); c.exec_driver_sql('UPDATE course SET title = 1');"
        "print('holding', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", program, settings.data], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
    )
    assert holder.stdout.readline() == b"holding\n"
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    holder.stdout.close()
    began = time.monotonic()
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        make_no_change(connection)
    assert time.monotonic() - began < 1


def test_every_connection_has_the_settings_of_the_promise(engine):
    with engine.connect() as connection:
        values = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert values == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}


def test_errors_do_not_repeat_what_was_written(session):
    make_account(session, username="only-once")
    with pytest.raises(Exception, match="UNIQUE") as caught:
        make_account(session, username="only-once", display_name="Private Name")
    session.rollback()
    assert "Private Name" not in str(caught.value)


def test_a_single_read_needs_no_transaction(app):
    with app.app_context():
        with database.one_read() as reading:
            raw = reading.connection.dbapi_connection
            assert reading.execute(select(Course.id)).all()
            assert not raw.in_transaction
        with db.engine.connect() as usual:
            usual.execute(select(Course.id))
            assert usual.connection.dbapi_connection.in_transaction
