"""Every address of the application, asked for by everybody, against a checked-in table.

The table (tests/data/authorization_matrix.csv) has a row for each rule and method and a column for each actor;
a cell is the status that actor gets for a thing of course 1. A rule that is missing from it fails the build.
"""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.client import ORIGIN, SECRET, Client
from tests.factories.people import sign_in
from tests.factories.secrets_everywhere import plant_everywhere
from tests.factories.two_courses import ACTORS, World, make_world
from webapp import identity
from webapp.app import create_app
from webapp.config import DATABASE_FILE, Settings
from webapp.database import WRITES
from webapp.extensions import db, limiter
from webapp.models.account import Account
from webapp.services.access import LEVELS

TABLE = Path(__file__).parents[1] / "data" / "authorization_matrix.csv"
SAFE = {"GET", "HEAD", "OPTIONS"}
MISSING = {"slug": "no-such-module", "secret": "no-such-link"}
MISSING_NUMBER = 987_654
REFUSALS = {"303 sign in", "403", "404"}

Row = Mapping[str, str]


def read_table() -> list[Row]:
    with TABLE.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


ROWS = read_table()


# ---------------------------------------------------------------- what is asked for


def _values(endpoint: str, world: World) -> dict[str, Any]:
    """What stands for the variable parts of an address: things of course 1, all of them there."""
    values: dict[str, Any] = {
        "slug": world.slug,
        "number": 1,
        "position": 1,
        "secret": world.secret,
        "module_id": world.module,
        "section_id": world.second_section,
        "item_id": world.item,
        "attempt_id": world.open_quiz,
        "draft_id": world.draft,
        "job_id": world.job,
        "link_id": world.invitation,
        "ruling_id": world.ruling,
        "account_id": world.people["learner_a"],
        "quiz_id": world.quiz,
        "grant_id": world.grant,
    }
    special = {
        "modules.restore": {"module_id": world.deleted_module},
        "sections.restore": {"section_id": world.removed_section},
        "items.restore": {"item_id": world.retired_item},
        "review.decide": {"item_id": world.proposal},
        "review.edit": {"item_id": world.proposal},
        "attempts.result": {"attempt_id": world.finished_check},
        "attempts.receipt": {"attempt_id": world.finished_check},
        "reports.show": {"attempt_id": world.finished_check},
        "reports.send": {"attempt_id": world.finished_check},
        "reports.withdraw": {"attempt_id": world.finished_check},
        "learners.reset": {"attempt_id": world.finished_check},
        "learners.restore": {"attempt_id": world.reset_check},
        "handing_in.history": {"attempt_id": world.handed_in},
        "handing_in.undo": {"attempt_id": world.handed_in},
    }
    return values | special.get(endpoint, {})


_ANSWER = {"position": "1", "client_id": "matrix-client", "client_sequence": "1", "s1-choice": "0"}
FORMS: dict[str, dict[str, str]] = {
    "preferences.save": {"theme": "cream"},
    "attempts.save": _ANSWER,
    "attempts.check": _ANSWER,
    "modules.edit_details_submit": {"title": "Another title", "language": "en"},
    "modules.copy_submit": {"title": "A copy"},
    "sections.new_submit": {"heading": "New", "text": "This section is new. It says little.", "after": "0"},
    "sections.move": {"direction": "up"},
    "review.decide": {"decision": "skip"},
    "admin.role": {"role": "instructor"},
    "handing_in.undo": {"sequence": "1"},
    "scores.export_submit": {
        "who": "everybody",
        "profile": "wide",
        "which": "best",
        "wide_columns": "learner",
        "file_format": "csv",
    },
}
"""Forms that a view accepts, where that takes little; others are refused with 422 to those who may send them."""
QUERIES = {"items.check": {"type": "multiple_choice"}, "items.new": {"type": "multiple_choice"}}


# ---------------------------------------------------------------- the place, restored before every write


@dataclass
class Place:
    """The application on a database that can be put back as it was."""

    app: Flask
    data: Path
    world: World
    cookies: dict[str, dict[str, Any]]
    snapshot: Path = field(init=False)

    def __post_init__(self) -> None:
        self.snapshot = self.data / "as-it-was"
        self._close()
        shutil.copyfile(self.data / DATABASE_FILE, self.snapshot)

    def _close(self) -> None:
        with self.app.app_context():
            with db.engine.execution_options(**{WRITES: True}).connect() as connection:
                connection.commit()
                connection.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            db.engine.dispose()

    def restore(self) -> None:
        """Put everything back."""
        with self.app.app_context():
            db.engine.dispose()
        for suffix in ("-wal", "-shm"):
            (self.data / (DATABASE_FILE + suffix)).unlink(missing_ok=True)
        shutil.copyfile(self.snapshot, self.data / DATABASE_FILE)

    def browser(self, actor: str) -> Client:
        """A browser in which the actor is signed in."""
        client = self.app.test_client()
        assert isinstance(client, Client)
        with client.session_transaction(base_url=ORIGIN) as cookie:
            cookie.update(self.cookies[actor])
        return client

    def ask(self, actor: str, method: str, rule: Rule, values: Mapping[str, Any]) -> TestResponse:
        """What the actor gets."""
        path = self.app.url_map.bind("localhost").build(
            rule.endpoint, {key: values[key] for key in rule.arguments}, method=method
        )
        client = self.browser(actor)
        more = {"query_string": QUERIES.get(rule.endpoint), "buffered": True}
        if method in SAFE:
            return client.open(path, method=method, **more)
        self.restore()
        return client.csrf_post(path, FORMS.get(rule.endpoint), **more)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, template_database: Path) -> Iterator[Place]:
    data = tmp_path_factory.mktemp("matrix")
    shutil.copyfile(template_database, data / DATABASE_FILE)
    app = create_app(Settings(data=data, secret=SECRET, testing=True))
    app.test_client_class = Client
    limiter.enabled = False
    with app.app_context(), Session(db.engine.execution_options(**{WRITES: True})) as session:
        world = make_world(session)
        cookies: dict[str, dict[str, Any]] = {"stranger": {}}
        for actor, account_id in world.people.items():
            client = app.test_client()
            sign_in(client, session, session.get_one(Account, account_id))
            with client.session_transaction(base_url=ORIGIN) as cookie:
                cookies[actor] = dict(cookie)
        plant_everywhere(session, world)
        session.get_one(Account, world.people["suspended"]).active = False
        session.commit()
    yield Place(app, data, world, cookies)
    limiter.enabled = True
    with app.app_context():
        db.engine.dispose()


def rules_of(app: Flask) -> dict[tuple[str, str], Rule]:
    """Every (method, rule) that a view answers; HEAD and OPTIONS follow GET."""
    return {
        (method, rule.rule): rule
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


# ---------------------------------------------------------------- the tests


def outcome(response: TestResponse) -> str:
    """The status, and of redirects to the sign-in page that they are that."""
    if response.status_code == 303 and response.headers["Location"].startswith("/sign-in"):
        return "303 sign in"
    return str(response.status_code)


def test_every_rule_stands_in_the_table_once(place: Place) -> None:
    listed = [(row["method"], row["rule"]) for row in ROWS]
    assert len(listed) == len(set(listed))
    assert sorted(set(rules_of(place.app)) - set(listed)) == [], "these rules are missing from the table"
    assert sorted(set(listed) - set(rules_of(place.app))) == [], "these are in the table and nowhere else"


def test_the_table_has_a_column_for_every_actor() -> None:
    assert set(ROWS[0]) == {"method", "rule", *ACTORS}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['method']} {row['rule']}")
def test_everybody_gets_what_the_table_says(place: Place, row: Row) -> None:
    rule = rules_of(place.app)[row["method"], row["rule"]]
    place.restore()
    values = _values(rule.endpoint, place.world)
    got = {actor: outcome(place.ask(actor, row["method"], rule, values)) for actor in ACTORS}
    assert got == {actor: row[actor] for actor in ACTORS}


@pytest.mark.parametrize(
    "row", [row for row in ROWS if "<" in row["rule"]], ids=lambda row: f"{row['method']} {row['rule']}"
)
def test_a_foreign_thing_looks_like_a_missing_one(place: Place, row: Row) -> None:
    rule = rules_of(place.app)[row["method"], row["rule"]]
    place.restore()
    values = _values(rule.endpoint, place.world)
    for actor in ACTORS:
        if row[actor] not in {"404", "403"}:
            continue
        foreign = place.ask(actor, row["method"], rule, values)
        for name in rule.arguments:
            missing = place.ask(
                actor, row["method"], rule, values | {name: MISSING.get(name, MISSING_NUMBER)}
            )
            assert comparable(missing) == comparable(foreign), f"{actor}: {name} tells"


@pytest.mark.parametrize(
    "row",
    [row for row in ROWS if "<int:module_id>" in row["rule"] and row["rule"].count("<") > 1],
    ids=lambda row: f"{row['method']} {row['rule']}",
)
def test_things_of_another_course_are_not_reached_through_ones_own(place: Place, row: Row) -> None:
    """Not even by the administrator, who may go to them by their own address."""
    rule = rules_of(place.app)[row["method"], row["rule"]]
    values = _values(rule.endpoint, place.world)
    for name in sorted(rule.arguments - {"module_id"}):
        for actor in ("instructor_1", "administrator"):
            foreign = place.ask(actor, row["method"], rule, values | {name: place.world.elsewhere[name]})
            missing = place.ask(actor, row["method"], rule, values | {name: MISSING_NUMBER})
            assert foreign.status_code == 404
            assert comparable(foreign) == comparable(missing)


def comparable(response: TestResponse) -> tuple[int, list[tuple[str, str]], str]:
    """Status, headers and body, without what differs between any two responses."""
    nonce = re.compile(r"nonce(-|=\")[\w-]+")
    number = response.headers["X-Request-Id"]
    varying = {"Date", "X-Request-Id", "Set-Cookie", "Content-Length"}
    headers = sorted(
        (name, nonce.sub("nonce", value)) for name, value in response.headers.items() if name not in varying
    )
    body = nonce.sub("nonce", response.text.replace(number, "NUMBER"))
    body = re.sub(r'(name="csrf_token" value=")[^"]+', r"\1", body)
    body = re.sub(r'(name="client_id" value=")[^"]+', r"\1", body)
    # Which page it was the browser knows; the address it asked for stands in the page's own forms.
    body = re.sub(r'(name="next" value=")[^"]*', r"\1", body)
    return response.status_code, headers, body


def test_unsafe_requests_without_a_token_change_nothing(place: Place) -> None:
    """A form of another site is refused before any view runs, whoever's browser sends it."""
    for (method, _), rule in rules_of(place.app).items():
        if method in SAFE:
            continue
        values = _values(rule.endpoint, place.world)
        path = place.app.url_map.bind("localhost").build(
            rule.endpoint, {key: values[key] for key in rule.arguments}, method=method
        )
        response = place.browser("administrator").post(
            path, data=FORMS.get(rule.endpoint), headers={"Referer": ORIGIN}
        )
        assert response.status_code == 400, path


def test_every_view_says_for_whom_it_is(place: Place) -> None:
    for endpoint, view in place.app.view_functions.items():
        assert getattr(view, "access_level", None) in LEVELS, f"{endpoint} lacks identity.allow(...)"


def test_a_view_that_does_not_say_so_is_refused(app: Flask) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "secrets")
    app.config["PROPAGATE_EXCEPTIONS"] = False
    assert app.test_client().get("/forgotten", base_url=ORIGIN).status_code == 500


def test_a_level_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="no access level"):
        identity.allow("nobody")  # type: ignore[arg-type]


def test_what_the_world_is_made_of(place: Place) -> None:
    """The matrix means something only while its people are who they are said to be."""
    with place.app.app_context():
        inactive = db.session.scalars(select(Account.id).where(Account.active.is_(False))).all()
    assert inactive == [place.world.people["suspended"]]
    assert set(place.world.people) | {"stranger"} == set(ACTORS)
