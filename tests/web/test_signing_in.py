"""Signing in, up and out, as a browser does it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.client import ORIGIN, Client
from tests.factories.people import make_account
from webapp import identity
from webapp.extensions import db
from webapp.models.account import Account, LoginSession, SignInFailure
from webapp.models.operation import AuditEntry
from webapp.services import accounts, clock, sign_in_limits

PASSWORD = "three blue bicycles"
WRONG = "four green scooters"


@pytest.fixture
def anna(app: Flask, session: Session) -> Account:
    """A learner who signs in with a password."""
    with app.app_context():
        password = identity.hash_password(PASSWORD)
    return make_account(session, username="anna krol", email="anna@example.org", password=password)


def sign_in(client: Client, name: str = "anna krol", password: str = PASSWORD, **fields: str):
    return client.csrf_post("/sign-in", {"name": name, "password": password, **fields})


def who(client: Client) -> int | None:
    """The account that this browser's cookie opens."""
    response = client.get("/account")
    if response.status_code == 303:
        return None
    with client.session_transaction(base_url=ORIGIN) as cookie:
        token = cookie[identity.LOGIN_KEY]
    with client.application.app_context():
        return db.session.scalar(select(LoginSession.account_id).where(LoginSession.token == token))


@pytest.mark.parametrize(
    "name",
    ["anna krol", "ANNA KROL", "  Anna  Krol ", "anna@example.org", "Anna@Example.ORG", "Ａｎｎａ krol"],
)
def test_signs_in_by_name_or_address_in_any_spelling(client: Client, anna: Account, name: str) -> None:
    assert sign_in(client, name).status_code == 303
    assert who(client) == anna.id


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("anna krol", WRONG),
        ("nobody", PASSWORD),
        ("nobody@example.org", PASSWORD),
        ("anna krol", "x" * 5000),
        ("x\x00", PASSWORD),
    ],
)
def test_a_wrong_sign_in_says_the_same_whatever_is_wrong(
    client: Client, anna: Account, name: str, password: str
) -> None:
    response = sign_in(client, name, password)
    assert response.status_code == 422
    assert "do not belong together" in response.text
    assert who(client) is None


def test_a_disabled_account_looks_like_a_wrong_password(
    client: Client, session: Session, anna: Account
) -> None:
    anna.active = False
    session.commit()
    response = sign_in(client)
    assert response.status_code == 422
    assert "do not belong together" in response.text


def test_a_guest_or_an_account_without_password_cannot_sign_in(client: Client, session: Session) -> None:
    make_account(session, username="linked", password=None)
    assert sign_in(client, "linked", "").status_code == 422
    assert sign_in(client, "linked", PASSWORD).status_code == 422


def test_a_new_sign_in_gets_a_new_session(client: Client, anna: Account) -> None:
    with client.session_transaction(base_url=ORIGIN) as cookie:
        cookie["planted"] = "by an attacker"
    before = client.csrf_token()
    sign_in(client)
    with client.session_transaction(base_url=ORIGIN) as cookie:
        assert "planted" not in cookie
        assert cookie.get("csrf_token") is None
        assert cookie.permanent
    assert (
        client.post("/sign-out", data={"csrf_token": before}, headers={"Referer": ORIGIN}).status_code == 400
    )


def test_on_a_shared_computer_the_cookie_ends_with_the_browser(client: Client, anna: Account) -> None:
    response = sign_in(client, is_shared="y")
    [cookie] = [value for value in response.headers.getlist("Set-Cookie") if "readcheck=" in value]
    assert "Expires" not in cookie
    assert "Max-Age" not in cookie
    with client.application.test_request_context("/", headers={"Cookie": cookie.split(";")[0]}):
        assert identity.is_shared_computer()
    [cookie] = [value for value in sign_in(client).headers.getlist("Set-Cookie") if "readcheck=" in value]
    assert "Expires" in cookie


@pytest.mark.parametrize("way", ["sign out", "everywhere", "password", "disable", "age"])
def test_a_kept_cookie_opens_nothing_after(
    way: str, app: Flask, session: Session, anna: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    victim, thief = app.test_client(), app.test_client()
    sign_in(victim)
    stolen = victim.get_cookie("__Host-readcheck", domain="localhost")
    assert stolen is not None
    thief.set_cookie("__Host-readcheck", stolen.value, domain="localhost", secure=True)
    assert who(thief) == anna.id
    match way:
        case "sign out":
            assert victim.csrf_post("/sign-out").status_code == 303
        case "everywhere":
            other = app.test_client()
            sign_in(other)
            assert other.csrf_post("/account/sign-out-everywhere").status_code == 303
            assert who(other) == anna.id
        case "password":
            new = {
                "current_password": PASSWORD,
                "password": "nine quiet herons",
                "password_again": "nine quiet herons",
            }
            assert victim.csrf_post("/account/password", new).status_code == 303
            assert who(victim) == anna.id
        case "disable":
            make_account(session, "administrator")
            accounts.disable(session, anna.id)
            session.commit()
        case "age":
            later = clock.now() + accounts.SIGN_IN_LASTS + timedelta(minutes=1)
            monkeypatch.setattr(clock, "now", lambda: later)
    assert who(thief) is None


def test_sign_out_empties_the_cookie_of_rights(client: Client, anna: Account) -> None:
    sign_in(client)
    assert client.csrf_post("/sign-out").status_code == 303
    with client.session_transaction(base_url=ORIGIN) as cookie:
        assert identity.LOGIN_KEY not in cookie
    again = client.csrf_post("/sign-out")
    assert again.status_code == 303, "twice does no harm"
    assert again.headers["Clear-Site-Data"] == '"storage"'


@pytest.mark.parametrize(
    ("target", "leads_to"),
    [
        ("/progress", "/progress"),
        ("/progress?page=2", "/progress?page=2"),
        ("https://evil.example", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("\\\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_next_leads_only_to_pages_of_ours(client: Client, anna: Account, target: str, leads_to: str) -> None:
    assert sign_in(client, next=target).headers["Location"] == leads_to
    form = client.get("/sign-in", query_string={"next": target}).text.split("<main", 1)[1]
    assert "evil" not in form


def test_a_stranger_is_sent_to_sign_in_and_back(client: Client, anna: Account) -> None:
    response = client.get("/account?x=1")
    assert response.status_code == 303
    assert response.headers["Location"] == "/sign-in?next=/account?x%3D1"
    assert sign_in(client, next="/account?x=1").headers["Location"] == "/account?x=1"


def test_a_program_that_wants_json_is_told_in_json(client: Client) -> None:
    response = client.get("/account", headers={"Accept": "application/json"})
    assert response.status_code == 401
    assert response.json is not None
    assert response.json["error"] == "sign_in"


# ---------------------------------------------------------------- limits


def count_failures(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(SignInFailure)) or 0


def test_failures_are_kept_although_the_request_is_refused(
    client: Client, session: Session, anna: Account
) -> None:
    sign_in(client, password=WRONG)
    assert count_failures(session) == 1
    failure = session.scalars(select(SignInFailure)).one()
    assert "anna" not in failure.identity


def test_guessing_slows_down_and_waiting_helps(
    client: Client, anna: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(sign_in_limits.NAME_AND_ADDRESS.free):
        assert sign_in(client, password=WRONG).status_code == 422
    blocked = sign_in(client)
    assert blocked.status_code == 429, "even the right password waits"
    wait = int(blocked.headers["Retry-After"])
    assert 0 < wait <= 60
    assert f"Wait {wait} seconds" in blocked.text
    later = clock.now() + timedelta(seconds=wait)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert sign_in(client).status_code == 303


def test_a_right_sign_in_clears_the_slips_before_it(client: Client, session: Session, anna: Account) -> None:
    for _ in range(3):
        sign_in(client, password=WRONG)
    sign_in(client)
    assert count_failures(session) == 0


def test_others_cannot_lock_somebody_out(app: Flask, session: Session, anna: Account) -> None:
    """Failures from many addresses slow a name down; a browser where its owner was before still gets in."""
    own = app.test_client()
    sign_in(own)
    own.csrf_post("/sign-out")
    for number in range(sign_in_limits.NAME.free + 5):
        accounts_attempt = sign_in_limits.Attempted.by(
            str(app.secret_key), "anna krol", f"203.0.113.{number}"
        )
        sign_in_limits.record_failure(session, accounts_attempt)
    session.commit()
    assert sign_in(app.test_client()).status_code == 429
    assert sign_in(own).status_code == 303


def test_somebody_in_the_same_room_cannot_lock_a_pupil_out(app: Flask, anna: Account) -> None:
    own, neighbour = app.test_client(), app.test_client()
    sign_in(own)
    own.csrf_post("/sign-out")
    for _ in range(sign_in_limits.NAME_AND_ADDRESS.free):
        assert sign_in(neighbour, password=WRONG).status_code == 422
    assert sign_in(neighbour).status_code == 429
    assert sign_in(own).status_code == 303


def test_a_browser_that_is_known_is_no_place_to_guess_from(client: Client, anna: Account) -> None:
    sign_in(client)
    client.csrf_post("/sign-out")
    for _ in range(sign_in_limits.NAME_AND_ADDRESS.free):
        assert sign_in(client, password=WRONG).status_code == 422
    assert sign_in(client).status_code == 429


@pytest.mark.parametrize("path", ["/account/password", "/account/delete"])
def test_the_present_password_is_guessed_no_faster_in_a_browser_signed_in(
    app: Flask, client: Client, anna: Account, path: str
) -> None:
    sign_in(client)
    new = {"password": "nine quiet herons", "password_again": "nine quiet herons", "is_sure": "y"}
    for _ in range(sign_in_limits.NAME_AND_ADDRESS.free):
        assert client.csrf_post(path, new | {"current_password": WRONG}).status_code == 422
    blocked = client.csrf_post(path, new | {"current_password": PASSWORD})
    assert blocked.status_code == 429
    assert f"Wait {blocked.headers['Retry-After']} seconds" in blocked.text
    assert sign_in(app.test_client()).status_code == 303, "signing in is counted apart"


def test_a_whole_school_signs_in_from_one_address(app: Flask, session: Session) -> None:
    """Five hundred pupils: most have failed so far and are still looking for their passwords."""
    with app.app_context():
        password = identity.hash_password(PASSWORD)
    names = [f"pupil {number}" for number in range(100)]
    for number in range(400):
        lost = sign_in_limits.Attempted.by(str(app.secret_key), f"lost pupil {number}", "127.0.0.1")
        sign_in_limits.record_failure(session, lost)
    for name in names:
        make_account(session, username=name, password=password)
    session.commit()
    for number, name in enumerate(names):
        client = app.test_client()
        if number % 10 == 0:  # slips happen
            assert sign_in(client, name, WRONG).status_code == 422
        assert sign_in(client, name).status_code == 303
    assert {row.address for row in session.scalars(select(SignInFailure))} == {"127.0.0.1"}
    assert count_failures(session) == 400


# ---------------------------------------------------------------- audit


def actions(session: Session) -> list[tuple[str, int | None]]:
    return [
        (row.action, row.account_id) for row in session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    ]


def test_sign_ins_failures_and_sign_outs_are_on_record(
    client: Client, session: Session, anna: Account
) -> None:
    sign_in(client, password=WRONG)
    sign_in(client, "nobody", WRONG)
    sign_in(client)
    client.csrf_post("/sign-out")
    assert actions(session) == [
        ("sign_in.failed", anna.id),
        ("sign_in.failed", None),
        ("sign_in", anna.id),
        ("sign_out", anna.id),
    ]
    entry = session.scalars(select(AuditEntry)).first()
    assert entry is not None
    assert entry.address == "127.0.0.1"
    assert entry.request_id


def test_the_page_asks_nothing_of_the_database_for_a_stranger(
    client: Client, count_queries: Callable
) -> None:
    with count_queries() as statements:
        assert client.get("/sign-in").status_code == 200
    assert statements == []
