"""The audit trail: written once, for what was done and what was refused, whatever becomes of the request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask, abort
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from tests.client import Client
from tests.factories.modules import gap_item, make_item, make_module
from tests.factories.people import make_account, make_course
from webapp import database, identity
from webapp.extensions import db
from webapp.models.account import Account
from webapp.models.operation import AuditEntry
from webapp.services import audit, items
from webapp.services.errors import Conflict


def entries(session: Session) -> list[AuditEntry]:
    session.expire_all()
    return list(session.scalars(select(AuditEntry).order_by(AuditEntry.id)))


@pytest.fixture
def acting(app: Flask) -> Callable[[Callable[[], str]], None]:
    """`acting(view)`: POST /act does this."""

    def add(view: Callable[[], str]) -> None:
        app.add_url_rule("/act", "act", identity.allow("everyone")(view), methods=["GET", "POST"])

    app.config["PROPAGATE_EXCEPTIONS"] = False
    return add


def done() -> str:
    audit.record("thing.do", "thing:1", {"how": "well"})
    return "done"


def refused() -> str:
    audit.record("thing.do", "thing:1")
    raise Conflict("Too late.")


def broken() -> str:
    audit.record("thing.do", "thing:1")
    raise RuntimeError("a mistake of ours")


def denied() -> str:
    audit.record("thing.denied", "thing:1", is_refusal=True)
    abort(403)


def test_what_was_done(client: Client, session: Session, acting: Callable) -> None:
    acting(done)
    response = client.csrf_post("/act", environ_base={"REMOTE_ADDR": "203.0.113.9"})
    [entry] = entries(session)
    assert (entry.action, entry.subject, entry.detail) == ("thing.do", "thing:1", {"how": "well"})
    assert (entry.account_id, entry.address, entry.request_id) == (
        None,
        "203.0.113.9",
        response.headers["X-Request-Id"],
    )


def test_a_get_may_be_on_record_too(client: Client, session: Session, acting: Callable) -> None:
    acting(done)
    client.get("/act")
    assert len(entries(session)) == 1


@pytest.mark.parametrize("view", [refused, broken])
def test_what_failed_is_on_record_as_not_done(
    client: Client, session: Session, acting: Callable, view: Callable
) -> None:
    acting(view)
    client.csrf_post("/act")
    [entry] = entries(session)
    assert entry.detail == {"not_done": True}


def test_what_the_commit_refused_is_not_done(client: Client, session: Session, acting: Callable) -> None:
    def view() -> str:
        identity.person_for_write()
        return done()

    def fail(_session: Session) -> None:
        raise OSError("the disk is full")

    acting(view)
    with client.application.app_context():
        event.listen(db.sessionmaker, "before_commit", fail, once=True)
    assert client.csrf_post("/act").status_code == 500
    [entry] = entries(session)
    assert entry.detail == {"how": "well", "not_done": True}
    assert session.scalars(select(Account)).all() == []


def test_denials(client: Client, client_for: Callable, session: Session, acting: Callable) -> None:
    acting(denied)
    client.csrf_post("/act")
    learner = make_account(session)
    own = client_for(learner)
    own.get("/teach")
    own.get("/admin/accounts/12")
    assert [(entry.action, entry.subject, entry.account_id, entry.detail) for entry in entries(session)] == [
        ("thing.denied", "thing:1", None, {}),
        ("denied", "act", None, {}),
        ("denied", "modules.index", learner.id, {}),
        ("denied", "admin.account", learner.id, {"account_id": 12}),
    ]


def test_what_looks_missing_from_outside_is_a_denial_on_record(
    client_for: Callable, session: Session
) -> None:
    module = make_module(session, make_course(session))
    teacher = make_account(session, "instructor")
    own = client_for(teacher)
    assert own.get(f"/teach/modules/{module.id}").status_code == 404
    assert own.get(f"/m/{module.slug}").status_code == 404
    assert own.get("/teach/modules/4711").status_code == 404
    assert [(entry.action, entry.subject, entry.account_id) for entry in entries(session)] == [
        ("denied", f"module:{module.id}", teacher.id)
    ] * 2


def test_an_audit_trail_that_cannot_be_written_does_not_take_the_answer_away(
    client: Client,
    session: Session,
    acting: Callable,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    acting(done)
    monkeypatch.setattr(audit, "write", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    assert client.csrf_post("/act").text == "done"
    assert "1 audit entries could not be written" in caplog.text


def test_what_commands_and_jobs_do(app: Flask, session: Session) -> None:
    with database.write_session(app):
        audit.record("command.outer", "thing:1")
        session.rollback()
    with app.app_context():
        audit.record("job.begin")
        with app.app_context():
            audit.record("job.step")
        audit.record("job.end")
    assert [entry.action for entry in entries(session)] == [
        "command.outer",
        "job.step",
        "job.begin",
        "job.end",
    ]


def test_a_failed_command_did_not_do_it(app: Flask, session: Session) -> None:
    def fail() -> None:
        with database.write_session(app) as writing:
            make_nothing = Account(
                is_guest=True, fs_uniquifier="x", preferences={}, active=True, display_name=""
            )
            writing.add(make_nothing)
            audit.record("command.outer")
            raise Conflict("Not today.")

    with pytest.raises(Conflict):
        fail()
    [entry] = entries(session)
    assert entry.detail == {"not_done": True}


def test_nothing_of_one_request_is_taken_for_anothers(
    client: Client, session: Session, acting: Callable
) -> None:
    audit.record("left.behind")
    acting(done)
    client.csrf_post("/act")
    assert [entry.action for entry in entries(session)] == ["thing.do"]


@pytest.mark.parametrize(("key", "recorded"), [(("1911", "in 1911"), ["item.key"]), (("1911",), [])])
def test_another_key_is_on_record(
    app: Flask, session: Session, key: tuple[str, ...], recorded: list[str]
) -> None:
    module = make_module(session)
    section = module.sections[0]
    teacher = make_account(session, "instructor")
    item = gap_item(section.current_version.text, "1911", section=str(section.id))
    row = make_item(session, section, item)
    changed = replace(item, key=key, explanation="The first sentence tells the year.")
    with app.app_context():
        items.reword_item(session, module, row, section, changed, teacher.id)
        session.commit()
    assert [(entry.action, entry.subject) for entry in entries(session)] == [
        (action, f"item:{row.id}") for action in recorded
    ]
