"""Pages and saves make a fixed number of queries, however many items, sections and attempts there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event, select

from tests.client import Client
from tests.factories.answers import add_item_of_every_type, fields_of, make_module_of_every_type
from tests.factories.modules import add_section, make_module
from tests.factories.people import make_account
from tests.factories.practice import add_question, make_bridge
from webapp.extensions import db
from webapp.models.attempt import Attempt
from webapp.services.attempts import start_module_quiz, start_section_check
from webapp.services.grading import submit_attempt

BUDGETS = {
    "catalogue": 2,
    "module": 5,
    "section, not begun": 6,
    "section, open": 5,
    "section, finished": 7,
    "quiz": 3,
    "confirm": 3,
    "result": 4,
    "progress": 4,
    "save": 6,
    "check": 11,
    "similar, offered": 6,
    "similar, asked": 8,
}
"""The person behind the request is one of them (a save asks in a session of its own)."""


@contextmanager
def counted(app) -> Iterator[list[str]]:
    """The statements that reach the database."""
    statements: list[str] = []

    def remember(_connection, _cursor, statement, *_more) -> None:
        statements.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", remember)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", remember)


@pytest.fixture
def measure(app, session, client_for) -> Callable[..., dict[str, int]]:
    def run(*, sections: int, more_items: int, attempts: int) -> dict[str, int]:
        module = make_module_of_every_type(session, sections=sections)
        for _ in range(more_items):
            add_item_of_every_type(session, module.sections[0])
        for number in range(attempts):
            make_module(session, title=f"Another {number}")
        account = make_account(session)
        for _ in range(attempts):
            submit_attempt(session, account.id, start_section_check(session, account.id, module, 1))
            submit_attempt(session, account.id, start_module_quiz(session, account.id, module))
        finished = start_section_check(session, account.id, module, 1)
        submit_attempt(session, account.id, finished)
        quiz = start_module_quiz(session, account.id, module)
        session.commit()
        client: Client = client_for(account)
        counts = {}

        def page(name: str, path: str) -> None:
            client.get(path)
            with counted(app) as statements:
                assert client.get(path).status_code == 200
            counts[name] = len(statements)

        page("catalogue", "/")
        page("module", f"/m/{module.slug}")
        page("section, not begun", f"/m/{module.slug}/2")
        page("section, finished", f"/m/{module.slug}/1")
        page("quiz", f"/attempts/{quiz}")
        page("confirm", f"/attempts/{quiz}/answers")
        page("result", f"/attempts/{finished}/result")
        page("progress", "/progress")
        client.csrf_post(f"/m/{module.slug}/1/check")
        page("section, open", f"/m/{module.slug}/1")
        open_id = session.scalars(
            select(Attempt.id).where(Attempt.state == "open", Attempt.id != quiz).order_by(Attempt.id.desc())
        ).first()
        for number, name in ((1, "save"), (2, "check")):
            key = {"position": "1", "client_id": "test-client", "client_sequence": str(number)}
            where = "responses" if name == "save" else "1/check"
            with counted(app) as statements:
                client.csrf_post(
                    f"/attempts/{open_id}/{where}",
                    key | fields_of(1, {"choice": 0}) if number == 1 else key | {"s1-choice": "0"},
                    headers={"Accept": "application/json" if name == "save" else "text/html"},
                )
            counts[name] = len(statements)
        counts |= practised(app, session, client_for, more_items)
        return counts

    return run


def practised(app, session, client_for, more_items: int) -> dict[str, int]:
    """The page of a check with missed questions, and asking a similar one; the more items, the more missed."""
    bridge, account = make_bridge(session), make_account(session)
    for _ in range(3 * more_items):
        add_question(session, bridge.module, "storm")
    attempt = bridge.start(
        session, account, *(("builder", "opening") if more_items else ("builder",)), "boats"
    )
    client = client_for(account)
    for position in (1, 2)[: 1 + bool(more_items)]:
        fields = fields_of(position, {"choice": 1}) | {
            "position": str(position),
            "client_sequence": str(position),
        }
        client.csrf_post(f"/attempts/{attempt.id}/{position}/check", fields | {"client_id": "test-client"})
    counts, path, attempt_id = {}, f"/m/{bridge.module.slug}/1", attempt.id
    client.get(path)
    with counted(app) as statements:
        page = client.get(path)
    assert page.text.count("Try a similar question") == 1 + bool(more_items)
    counts["similar, offered"] = len(statements)
    with counted(app) as statements:
        client.csrf_post(f"/attempts/{attempt_id}/1/similar")
    counts["similar, asked"] = len(statements)
    return counts


def test_no_page_asks_more_as_things_grow(measure, session):
    small = measure(sections=2, more_items=0, attempts=0)
    add = measure(sections=7, more_items=4, attempts=4)
    assert add == small
    over = {name: count for name, count in small.items() if count > BUDGETS[name]}
    assert not over, over
    assert small.keys() == BUDGETS.keys()


def test_a_page_writes_nothing(app, session, client_for):
    module = make_module_of_every_type(session)
    add_section(session, module, "Empty", "Nothing asked here.")
    account = make_account(session)
    attempt = start_section_check(session, account.id, module, 1)
    quiz = start_module_quiz(session, account.id, module)
    session.commit()
    client = client_for(account)
    with counted(app) as statements:
        for path in (
            "/",
            f"/m/{module.slug}",
            f"/m/{module.slug}/1",
            f"/m/{module.slug}/3",
            f"/attempts/{attempt}",
            f"/attempts/{quiz}",
            f"/attempts/{quiz}/answers",
            "/progress",
        ):
            assert client.get(path).status_code in {200, 303}
    assert statements
    assert not [one for one in statements if not one.lstrip().startswith(("SELECT", "BEGIN"))]
