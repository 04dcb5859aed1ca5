"""What every test can ask for: an application on an empty database, a browser's client, a session, people.

One template database is migrated per run and copied per test. Where a whole server is needed, see tests/live.py.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import create_engine, event
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from tests.client import SECRET, Client
from tests.factories.people import sign_in
from tests.requirements import require
from webapp.app import create_app
from webapp.config import DATABASE_FILE, Settings
from webapp.database import WRITES, engine_options, prepare_engine
from webapp.extensions import db
from webapp.models.account import Account
from webapp.repositories import schema
from webapp.services import clock

pytest_plugins = ["tests.live", "tests.servers"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="the long form of browser and fault tests")
    parser.addoption("--long", action="store_true", help="tests/faults: faults by the thousand, resumable")
    parser.addoption(
        "--fault-totals", help="where --long keeps its totals (default .fault-totals/long.jsonl)"
    )
    parser.addoption("--screenshots", action="store_true", help="renew tests/browser/screenshots")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "needs(name): skipped where the machine lacks it, failed where promised"
    )
    _compile_routes_once()


def _compile_routes_once() -> None:
    """Nearly every test makes an application; compiling the same routes each time is most of what that costs."""
    compile_builder = Rule._compile_builder
    known: dict[object, Callable[..., tuple[str, str]]] = {}

    def compile_once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        converters = tuple((name, type(one)) for name, one in rule._converters.items())
        key = (rule.rule, tuple(rule._trace), converters, repr(rule.defaults), append_unknown)
        if key not in known:
            known[key] = compile_builder(rule, append_unknown)
        return known[key]

    Rule._compile_builder = compile_once


def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark in item.iter_markers("needs"):
        for name in mark.args:
            require(name)


@pytest.fixture(autouse=True)
def _push_request_context() -> None:
    """Replaces pytest-flask's fixture, whose outer context would make all requests of a test share one session."""


@pytest.fixture(scope="session")
def base_url() -> None:
    """Replaces pytest-playwright's, about which pytest 9 warns: a test names the site it visits."""


@pytest.fixture(scope="session")
def full(request: pytest.FixtureRequest) -> bool:
    """Whether the long form was asked for."""
    return bool(request.config.getoption("--full"))


@pytest.fixture(scope="session")
def template_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file: to be copied, never opened."""
    settings = Settings(data=tmp_path_factory.mktemp("template"))
    engine = prepare_engine(create_engine(**engine_options(settings)))
    schema.migrate(engine)
    engine.dispose()
    return settings.data / DATABASE_FILE


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates are compiled once a run, not once an application."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def settings(settings_on_file: Settings) -> Settings:
    """The settings of this test's application. Override to change some."""
    return settings_on_file


@pytest.fixture
def settings_on_file(tmp_path: Path, template_database: Path) -> Settings:
    """Settings of this test's own data folder, with an empty database in it."""
    data = tmp_path / "data"
    data.mkdir()
    shutil.copyfile(template_database, data / DATABASE_FILE)
    (template_database.parent / "static").mkdir(exist_ok=True)
    (data / "static").symlink_to(template_database.parent / "static")  # compressed once a run
    return Settings(data=data, secret=SECRET, testing=True)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.needs("postgres"))])
def each_settings(request: pytest.FixtureRequest) -> Settings:
    """Settings on each database: a test file whose tests should run on both returns this from its `settings`."""
    own: Settings = request.getfixturevalue("settings_on_file")
    if request.param == "sqlite":
        return own
    return replace(own, database_url=request.getfixturevalue("postgres_database"))


@pytest.fixture
def app(settings: Settings, compiled_templates: FileSystemBytecodeCache) -> Iterator[Flask]:
    """The application on this test's own database."""
    application = create_app(settings)
    application.test_client_class = Client
    application.jinja_env.bytecode_cache = compiled_templates
    yield application
    with application.app_context():
        db.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session that writes. Every request of `client` commits it first, so that neither waits for the other."""
    with app.app_context():
        engine = db.engine.execution_options(**{WRITES: True})
    with Session(engine, expire_on_commit=True) as own:
        app.extensions["test_session"] = own
        yield own


@pytest.fixture
def client(app: Flask, session: Session) -> Client:
    """A stranger's browser."""
    client = app.test_client()
    assert isinstance(client, Client)
    return client


@pytest.fixture
def client_for(app: Flask, session: Session) -> Callable[[Account], Client]:
    """`client_for(account)`: a browser in which this account is signed in."""

    def make(account: Account) -> Client:
        client = app.test_client()
        assert isinstance(client, Client)
        sign_in(client, session, account)
        return client

    return make


@pytest.fixture
def count_queries(app: Flask) -> Callable[[], AbstractContextManager[list[str]]]:
    """`with count_queries() as statements:` collects what the application asks of its database meanwhile."""

    @contextmanager
    def collect() -> Iterator[list[str]]:
        statements: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            statements.append(statement)

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        yield statements
        event.remove(engine, "before_cursor_execute", note)

    return collect


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """`later(span)`: the server's clock goes on by so much."""
    real, ahead = clock.now, [timedelta()]
    monkeypatch.setattr(clock, "now", lambda: real() + ahead[0])

    def go_on(span: timedelta) -> None:
        ahead[0] += span

    return go_on
