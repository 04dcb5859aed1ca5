"""A long writer: somebody holds SQLite's write lock, or on PostgreSQL the rows of the attempts."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing

import pytest
from sqlalchemy import select

from tests.faults.school import School
from webapp.database import BUSY_TIMEOUT_MS, make_engine
from webapp.models.attempt import Attempt

TOO_LONG_S = BUSY_TIMEOUT_MS / 1000 + 1.5


def hold(school: School, seconds: float) -> None:
    if school.engine == "sqlite":
        hold_file(school, seconds)
    else:
        hold_rows(school, seconds)


def hold_file(school: School, seconds: float) -> None:
    """As a foreign program would: without a turn, by SQLite's own lock."""
    with closing(
        sqlite3.connect(school.site.settings.database_file, timeout=10, isolation_level=None)
    ) as raw:
        raw.execute("BEGIN IMMEDIATE")
        time.sleep(seconds)
        raw.execute("ROLLBACK")


def hold_rows(school: School, seconds: float) -> None:
    own = [learner.record.attempt_id for learner in school.learners]
    engine = make_engine(school.site.settings)
    with engine.connect() as connection:
        rows = select(Attempt.id).where(Attempt.id.in_(own)).order_by(Attempt.id).with_for_update()
        connection.execute(rows).all()
        time.sleep(seconds)
        connection.rollback()
    engine.dispose()


def test_a_lock_is_held_for_long(bench, engine):
    """In the long form every fifth is held for longer than anybody waits: then the page is told to try again."""

    def fault(school: School) -> None:
        too_long = bench.is_long and school.chance.random() < 0.2
        hold(school, TOO_LONG_S if too_long else school.chance.uniform(0.2, 0.8))

    bench.run("long writer", engine, fault, gives_up=True)


def test_a_lock_that_is_held_for_too_long_is_told(bench):
    """What the kind above rests on: the learner is told that nothing was saved, and nothing was."""
    if not bench.is_long:
        pytest.skip("waits for longer than patience lasts: with --long")
    told = []

    def fault(school: School) -> None:
        hold_file(school, TOO_LONG_S)
        told.extend(status for learner in school.learners for status in learner.record.refused.values())

    bench.run("writer beyond patience", "sqlite", fault, gives_up=True, injections=1)
    assert set(told) <= {503}
