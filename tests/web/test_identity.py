"""Identity behind the pages: what Flask-Security may do, and what a request costs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

import flask_security
import pytest
from flask import Flask
from flask_login import current_user
from sqlalchemy.orm import Session

from tests.client import ORIGIN, Client
from tests.factories.people import make_account, make_guest
from webapp import identity, turns
from webapp.app import create_app
from webapp.config import Settings
from webapp.database import WRITES, write_in_this_context
from webapp.extensions import db, security
from webapp.models.account import Account
from webapp.services.errors import Forbidden

WAIT_S = 10


def test_flask_security_flushes_and_never_commits(app: Flask) -> None:
    """Its datastore stands on our session, which commits once, when the request ends."""
    with app.app_context():
        write_in_this_context()
        guest = Account(
            is_guest=True,
            active=True,
            display_name="",
            fs_uniquifier="x" * 64,
            preferences={},
            created_at=identity.accounts.clock.now(),
        )
        security.datastore.put(guest)
        security.datastore.commit()
        assert guest.id is not None
        db.session.rollback()
        assert db.session.get(Account, guest.id) is None


def test_its_own_pages_and_commands_are_not_there(app: Flask) -> None:
    assert not [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("security.")]
    assert not {"users", "roles"} & set(app.cli.commands)


@pytest.mark.parametrize("address", ["redis://127.0.0.1:1/0", "unix:///nowhere/redis.sock"])
def test_a_site_with_redis_needs_none_to_start(settings: Settings, address: str) -> None:
    """Whatever address the settings take, the rate limits take too."""
    assert create_app(replace(settings, redis_url=address)).test_client().get("/healthz").status_code == 200


def test_flask_logins_user_is_nobody(
    app: Flask, client_for: Callable[[Account], Client], session: Session
) -> None:
    """Pages ask current_account(): there are no two answers to who is signed in."""

    @app.get("/two-answers")
    @identity.allow("everyone")
    def two_answers() -> dict[str, object]:
        person = identity.current_account()
        return {"ours": person.id if person else None, "its": bool(current_user.is_authenticated)}

    account = make_account(session)
    assert client_for(account).get("/two-answers").json == {"ours": account.id, "its": False}


def test_extensions_keep_off_requests(app: Flask) -> None:
    """Flask-Login, Flask-Principal and Flask-Limiter would each run something on every request."""
    hooks = [
        *app.before_request_funcs[None],
        *app.after_request_funcs[None],
        *app.teardown_request_funcs[None],
    ]
    names = {getattr(hook, "__module__", "") or type(hook).__module__ for hook in hooks}
    assert not [
        name
        for name in names
        if name.startswith(("flask_login", "flask_principal", "flask_limiter", "flask_security"))
    ]


@pytest.mark.parametrize("make", [make_guest, make_account])
def test_knowing_who_asks_takes_one_query(
    app: Flask,
    client_for: Callable[[Account], Client],
    session: Session,
    count_queries: Callable,
    make: Callable,
) -> None:
    @app.get("/who")
    @identity.allow("person")
    def who() -> str:
        return f"{identity.require_person().id} {identity.current_account() is identity.current_account()}"

    account = make(session)
    browser = client_for(account)
    with count_queries() as statements:
        assert browser.get("/who").text == f"{account.id} True"
    assert len([statement for statement in statements if "login_session.token" in statement]) == 1


def test_who_asks_is_known_before_the_write_lock_is_taken(
    app: Flask, client_for: Callable[[Account], Client], session: Session
) -> None:
    """So nobody waits while a password is hashed or a document is read."""

    @app.post("/slow")
    @identity.allow("account")
    def slow() -> str:
        identity.require_person()
        with db.engine.execution_options(**{WRITES: True}).begin() as other_writer:
            other_writer.exec_driver_sql("UPDATE account SET last_seen_at = NULL")
        return "nobody waited"

    assert client_for(make_account(session)).csrf_post("/slow").text == "nobody waited"


def test_a_stranger_is_no_person(app: Flask) -> None:
    with app.test_request_context("/", base_url=ORIGIN), pytest.raises(Forbidden):
        identity.require_person()


def test_passwords_nobody_has_take_as_long(
    app: Flask, client: Client, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that nobody has, and one without a password, are verified against a hash too."""
    verified: list[str] = []
    verify = flask_security.verify_password

    def note(password: str, password_hash: str) -> bool:
        verified.append(password_hash)
        return bool(verify(password, password_hash))

    monkeypatch.setattr(flask_security, "verify_password", note)
    make_account(session, username="linked")
    for name in ("nobody", "nobody else", "linked"):
        assert (
            client.csrf_post("/sign-in", {"name": name, "password": "three blue bicycles"}).status_code == 422
        )
    assert len(verified) == 3
    assert len(set(verified)) == 1, "the same decoy each time"
    assert verified[0].startswith("$argon2id$")


@pytest.mark.parametrize(
    ("library", "ours"), [("hash_password", "hash_password"), ("verify_password", "_fits")]
)
def test_who_hashes_keeps_nobody_from_their_turn(
    app: Flask, monkeypatch: pytest.MonkeyPatch, library: str, ours: str
) -> None:
    is_hashing, may_end, began = threading.Event(), threading.Event(), threading.Event()

    def hashes(*_given: str) -> str:
        is_hashing.set()
        assert began.wait(WAIT_S), "the other request waited for the hash"
        return "hash"

    monkeypatch.setattr(flask_security, library, hashes)
    monkeypatch.setattr(turns, "PATIENCE_S", 2 * WAIT_S)
    gate = turns.Turns(2)

    def sign_in() -> None:
        given = ("a password", "its hash") if ours == "_fits" else ("a password",)
        with app.app_context(), gate.turn():
            getattr(identity, ours)(*given)
        may_end.set()

    thread = threading.Thread(target=sign_in)
    thread.start()
    assert is_hashing.wait(WAIT_S)
    with gate.turn():
        began.set()
    thread.join()
    assert may_end.is_set()
