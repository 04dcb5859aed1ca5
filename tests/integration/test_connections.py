"""A connection to PostgreSQL that broke while nobody used it is replaced before anybody notices."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from webapp import database
from webapp.app import create_app
from webapp.database import make_engine
from webapp.extensions import db

pytestmark = pytest.mark.needs("postgres")


@pytest.fixture
def settings(settings, postgres_database):
    return replace(settings, database_url=postgres_database)


@pytest.fixture
def engine(settings):
    engine = make_engine(settings)
    yield engine
    engine.dispose()


def use(engine: Engine) -> int:
    """Which of the server's processes answered."""
    with engine.connect() as connection:
        number: int = connection.scalar(text("SELECT pg_backend_pid()"))
    return number


def end(settings, number: int) -> None:
    other = make_engine(settings)
    with other.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:number, 5000)"), {"number": number})
    other.dispose()


def test_one_that_was_idle_is_tried_first(settings, engine, monkeypatch):
    former = use(engine)
    assert use(engine) == former, "kept"
    end(settings, former)
    monkeypatch.setattr(database, "IDLE_S", 0.0)
    assert use(engine) != former


def test_one_that_was_just_used_is_not_asked_and_fails_once(settings, engine):
    former = use(engine)
    end(settings, former)
    with pytest.raises(OperationalError):
        use(engine)
    assert use(engine) != former


def test_a_single_read_is_no_transaction(settings):
    app = create_app(settings)
    with app.app_context():
        with database.one_read() as reading:
            first, second = (reading.scalar(text("SELECT now()")) for _ in range(2))
        db.engine.dispose()
    assert second > first, "in a transaction the clock stands still"
