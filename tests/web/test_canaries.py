"""The canary engine itself: every secret column holds a canary, and a view that leaks one is caught."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, Response
from sqlalchemy import JSON, String, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests import canaries
from tests.canaries import CANARY, LeakError, plant
from tests.client import Client
from tests.factories.attempts import make_quiz
from tests.factories.modules import choice_item, make_item, make_module
from tests.factories.people import make_account, make_course
from tests.factories.secrets_everywhere import OPEN, PLANTED, plant_everywhere
from tests.factories.two_courses import World, make_world
from webapp import identity
from webapp.models.account import Account
from webapp.models.attempt import Attempt
from webapp.models.item import ItemVersion
from webapp.models.registry import metadata

ClientFor = Callable[[Account], Client]


@pytest.fixture
def world(session: Session) -> World:
    """Two courses with canaries everywhere."""
    world = make_world(session)
    plant_everywhere(session, world)
    return world


# ---------------------------------------------------------------- where they are


def test_every_column_of_words_is_planted_or_says_why_not() -> None:
    columns = {
        (table.name, column.name)
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, String | JSON)
    }
    planted = {(table, column) for table, names in PLANTED.items() for column in names}
    left_open = {(table, column) for table, names in OPEN.items() for column in names}
    assert not planted & left_open
    assert sorted(columns - planted - left_open) == [], (
        "plant a canary there, or say in OPEN why it needs none"
    )
    assert sorted((planted | left_open) - columns) == [], "there are no such columns"


def test_every_planted_column_holds_one(session: Session, world: World) -> None:
    for table in metadata.sorted_tables:
        for column in PLANTED.get(table.name, ()):
            values = session.execute(select(table.c[column])).scalars().all()
            assert any(CANARY.search(json.dumps(value, default=str)) for value in values), (
                f"{table.name}.{column}"
            )


def test_an_unknown_kind_cannot_be_planted() -> None:
    with pytest.raises(ValueError, match="no rule"):
        plant("unheardof")


# ---------------------------------------------------------------- leaks are caught


@pytest.fixture
def app(app: Flask) -> Flask:
    """The application with GET /leak: a view that shows what it should not."""
    shown: list[Callable[[], Any]] = []
    app.extensions["leak"] = shown

    def view() -> Any:
        return shown[-1]()

    app.add_url_rule("/leak", "leak", identity.allow("everyone")(view))
    return app


def leak(app: Flask, words: Callable[[], Any]) -> None:
    """Let GET /leak show this."""
    app.extensions["leak"].append(words)


def of_column(session: Session, table: str, column: str) -> str:
    values = session.execute(select(metadata.tables[table].c[column])).scalars().all()
    return json.dumps(values, default=str)


def test_a_view_that_shows_a_secret_column_to_a_stranger(
    app: Flask, client: Client, session: Session, world: World
) -> None:
    for table, columns in PLANTED.items():
        for column in columns:
            words = of_column(session, table, column)
            leak(app, lambda words=words: words)
            with pytest.raises(LeakError):
                client.get("/leak")


@pytest.mark.parametrize("actor", ["guest", "learner_b", "outsider", "instructor_2"])
def test_or_to_somebody_else(
    app: Flask, client_for: ClientFor, session: Session, world: World, actor: str
) -> None:
    own = client_for(session.get_one(Account, world.people[actor]))
    for table, column in (
        ("item_version", "content"),
        ("attempt_slot", "response"),
        ("section_version", "text"),
        ("account", "email"),
        ("import_draft", "sections"),
        ("review_decision", "reason"),
    ):
        words = of_column(session, table, column)
        leak(app, lambda words=words: words)
        with pytest.raises(LeakError):
            own.get("/leak")


@pytest.mark.parametrize(
    "respond",
    [
        lambda word: Response("x", headers={"X-Key": word}),
        lambda word: Response(status=302, headers={"Location": f"/?key={word}"}),
        lambda word: Response(f"<!-- {word} -->"),
        lambda word: Response(json.dumps({"key": [word]}), mimetype="application/json"),
        lambda word: Response(iter([word[:5], word[5:]])),
        lambda word: (f'<input type="hidden" data-key="{word}">', 404),
    ],
    ids=["header", "redirect", "comment", "json", "streamed", "error page"],
)
def test_wherever_in_the_response_it_stands(
    app: Flask, client: Client, respond: Callable[[str], Any]
) -> None:
    leak(app, lambda: respond(plant("secret")))
    with pytest.raises(LeakError):
        client.get("/leak")


def test_in_a_spreadsheet_too(app: Flask, client: Client) -> None:
    import io

    from openpyxl import Workbook

    def sheet() -> bytes:
        book = Workbook()
        book.active.append([plant("name")])
        file = io.BytesIO()
        book.save(file)
        return file.getvalue()

    leak(app, sheet)
    with pytest.raises(LeakError):
        client.get("/leak")


def test_what_somebody_sent_may_come_back_to_them(app: Flask, client: Client) -> None:
    from flask import request

    leak(app, lambda: request.args["q"])
    assert client.get("/leak", query_string={"q": plant("answer")}).status_code == 200


# ---------------------------------------------------------------- and what is released is not


def secrets_of(session: Session, attempt: Attempt) -> str:
    versions = session.scalars(select(ItemVersion)).all()
    return json.dumps([version.content for version in versions])


def test_explanations_are_secret_until_the_answer_is_checked(
    app: Flask, client_for: ClientFor, session: Session
) -> None:
    module = make_module(session)
    make_item(session, module.sections[0])
    make_quiz(session, module.sections[0])
    learner = client_for(make_account(session))
    other = client_for(make_account(session))
    for browser in (learner, other):
        browser.csrf_post(f"/m/{module.slug}/1/check")
    first, _second = session.scalars(select(Attempt).order_by(Attempt.id))
    words = secrets_of(session, first)
    leak(app, lambda: words)
    with pytest.raises(LeakError):
        learner.get("/leak")
    fields = {"position": "1", "client_id": "test-client", "client_sequence": "1", "s1-choice": "0"}
    assert learner.csrf_post(f"/attempts/{first.id}/1/check", fields).status_code == 303
    assert learner.get("/leak").status_code == 200
    assert "The first sentence says it." in learner.get(f"/m/{module.slug}/1").text
    with pytest.raises(LeakError):
        other.get("/leak")


def test_teachers_see_their_own_courses_questions_only(
    app: Flask, client_for: ClientFor, session: Session
) -> None:
    course = make_course(session)
    module = make_module(session, course)
    make_item(session, module.sections[0], state="proposed")
    words = json.dumps([version.content for version in session.scalars(select(ItemVersion))])
    leak(app, lambda: words)
    assert client_for(make_account(session, "instructor", course=course)).get("/leak").status_code == 200
    assert client_for(make_account(session, "administrator")).get("/leak").status_code == 200
    with pytest.raises(LeakError):
        client_for(make_account(session, "instructor")).get("/leak")


# ---------------------------------------------------------------- keys that are no words


def test_a_question_looks_the_same_whichever_option_is_right(client_for: ClientFor, session: Session) -> None:
    """The key of a choice is a number: nothing in the page may depend on it before the answer is checked."""
    pages = []
    module = make_module(session, sections=[("", "The harbour opened in 1911. It was deep. It was cold.")])
    item = make_item(session, module.sections[0], choice_item("The harbour opened in 1911. It was deep."))
    browser = client_for(make_account(session))
    browser.csrf_post(f"/m/{module.slug}/1/check")
    attempt = session.scalars(select(Attempt)).one()
    for key in (0, 1, 2):
        version = session.get_one(ItemVersion, item.current_version_id)
        options = [
            {**option, "role": "key" if number == key else "unsupported"}
            for number, option in enumerate(version.content["options"])
        ]
        version.content = {**version.content, "key": [key], "options": options}
        session.commit()
        pages.append(
            [
                comparable(browser.get(path))
                for path in (f"/m/{module.slug}/1", f"/attempts/{attempt.id}/answers")
            ]
        )
    assert pages[0] == pages[1] == pages[2]


def comparable(response: TestResponse) -> str:
    from tests.web.test_authorization_matrix import comparable as mask

    status, _headers, body = mask(response)
    return f"{status} {canaries.CANARY.sub('', body)}"
