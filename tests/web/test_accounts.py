"""One's own account: signing up, names, password, data; guests and what becomes of their work."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.client import ORIGIN, Client
from tests.factories.modules import make_item, make_module
from tests.factories.people import make_account
from webapp import identity
from webapp.config import Settings
from webapp.extensions import limiter
from webapp.models.account import Account, LoginSession
from webapp.models.attempt import Attempt, SectionProgress
from webapp.models.course import Enrolment
from webapp.models.module import Module
from webapp.models.operation import AuditEntry
from webapp.views import accounts as views

PASSWORD = "three blue bicycles"
NEW_PASSWORD = "nine quiet herons"
SIGN_UP = {"username": "Anna Krol", "display_name": "Anna", "password": PASSWORD, "password_again": PASSWORD}


@pytest.fixture
def module(session: Session) -> Module:
    module = make_module(session)
    for section in module.sections:
        make_item(session, section)
        make_item(session, section)
    return module


def sign_up(client: Client, **changed: str):
    return client.csrf_post("/sign-up", SIGN_UP | changed)


def sign_in(client: Client, name: str = "anna krol", password: str = PASSWORD):
    return client.csrf_post("/sign-in", {"name": name, "password": password})


def accounts_of(session: Session) -> list[Account]:
    return list(session.scalars(select(Account).order_by(Account.id)))


# ---------------------------------------------------------------- signing up


def test_signing_up_makes_a_learner_and_signs_in(client: Client, session: Session) -> None:
    response = sign_up(client, next="/progress")
    assert response.status_code == 303
    assert response.headers["Location"] == "/progress"
    [account] = accounts_of(session)
    assert (account.username, account.display_name, account.email, account.is_guest) == (
        "anna krol",
        "Anna",
        None,
        False,
    )
    assert [role.name for role in account.roles] == ["learner"]
    assert account.password is not None
    assert account.password.startswith("$argon2id$")
    assert "Anna" in client.get("/account").text


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"username": ""}, "Choose a name"),
        ({"username": "x"}, "2"),
        ({"username": "x" * 65}, "64"),
        ({"username": "anna@example.org"}, "letters, digits"),
        ({"username": "anna\x00krol"}, "letters, digits"),
        ({"username": "anna\u202ekrol"}, "letters, digits"),
        ({"username": "<b>anna</b>"}, "letters, digits"),
        ({"password": "", "password_again": ""}, "Choose a password"),
        ({"password": "short", "password_again": "short"}, "at least 12"),
        ({"password": "password1234", "password_again": "password1234"}, "among the first"),
        ({"password": "anna krol 1", "password_again": "anna krol 1"}, "at least 12"),
        ({"password": "anna krol anna", "password_again": "anna krol anna"}, "among the first"),
        ({"password": "x" * 257, "password_again": "x" * 257}, "at most 256"),
        ({"password_again": "another one that differs"}, "differ"),
        ({"display_name": "x" * 121}, "120"),
    ],
)
def test_what_will_not_do_is_said_at_its_field_and_the_rest_kept(
    client: Client, session: Session, changed: dict[str, str], message: str
) -> None:
    response = sign_up(client, **changed)
    assert response.status_code == 422
    assert message in response.text.replace("&#39;", "'")
    assert "<title>Error: " in response.text
    if "display_name" not in changed:
        assert 'value="Anna"' in response.text
    assert PASSWORD not in response.text
    assert accounts_of(session) == []


def test_a_form_names_no_rights(client: Client, session: Session) -> None:
    """Fields that the form does not have are nobody's to fill in."""
    forged = {
        "role": "administrator",
        "roles": "1",
        "is_guest": "y",
        "active": "",
        "id": "77",
        "email": "x@example.org",
    }
    sign_up(client, **forged)
    fields = {"display_name": "Anna", "username": "anna krol", "password": "x", **forged}
    client.csrf_post("/account", fields)
    [account] = accounts_of(session)
    assert [role.name for role in account.roles] == ["learner"]
    assert account.id != 77
    assert account.active
    assert not account.is_guest
    assert account.password is not None
    assert account.password.startswith("$argon2id$")


def test_a_name_is_given_once_in_any_spelling(client: Client, app: Flask, session: Session) -> None:
    make_account(session, username="anna krol")
    response = sign_up(client, username="ＡＮＮＡ  Krol")
    assert response.status_code == 422
    assert "This name is taken" in response.text
    assert len(accounts_of(session)) == 1


@pytest.mark.parametrize(
    "password",
    [
        "мой дядя самых честных правил",
        "🐈🐕🐎🐖🐄🐑🐐🦌🐅🐆🦓🐘",
        "  leading and trailing  ",
        "tab\tand \u200b zero width",
    ],
)
def test_passwords_of_any_characters(client: Client, app: Flask, password: str) -> None:
    assert sign_up(client, password=password, password_again=password).status_code == 303
    other = app.test_client()
    assert isinstance(other, Client)
    assert sign_in(other, password=password).status_code == 303


def test_the_same_password_from_another_keyboard(client: Client, app: Flask) -> None:
    """Composed and decomposed letters are one password."""
    composed, decomposed = (
        "caf\u00e9 r\u00e9sum\u00e9 na\u00efve",
        "cafe\u0301 re\u0301sume\u0301 nai\u0308ve",
    )
    sign_up(client, password=composed, password_again=composed)
    assert sign_in(app.test_client(), password=decomposed).status_code == 303


def test_the_parameters_of_argon2id(tmp_path) -> None:
    """OWASP's: 19 MiB, two passes, one lane."""
    from webapp.app import create_app

    app = create_app(Settings(data=tmp_path, secret="x" * 40))
    with app.app_context():
        assert identity.hash_password("anything at all").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_an_old_hash_is_renewed_at_sign_in(client: Client, app: Flask, session: Session) -> None:
    with app.app_context():
        weak = identity.security.pwd_context.using(argon2__time_cost=3).hash(PASSWORD)
    account = make_account(session, username="anna krol", password=weak)
    assert sign_in(client).status_code == 303
    assert account.password != weak
    assert sign_in(client).status_code == 303


def test_sign_up_is_limited_by_address(client: Client, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "SIGN_UPS_AN_HOUR", "2 per hour")
    limiter.reset()
    answers = [sign_up(app.test_client(), username=f"script {number}").status_code for number in range(4)]
    assert answers == [303, 303, 429, 429]
    elsewhere = app.test_client().csrf_post("/sign-up", SIGN_UP, environ_base={"REMOTE_ADDR": "203.0.113.9"})
    assert elsewhere.status_code == 303
    limiter.reset()


# ---------------------------------------------------------------- guests


def start(client: Client, module: Module) -> None:
    assert client.csrf_post(f"/m/{module.slug}/1/check").status_code == 303


def answer(client: Client, session: Session, attempt: Attempt, position: int = 1, choice: int = 0) -> None:
    fields = {
        "position": str(position),
        "client_id": "test-client",
        "client_sequence": str(position),
        f"s{position}-choice": str(choice),
    }
    assert client.csrf_post(f"/attempts/{attempt.id}/responses", fields).status_code == 303


def attempts_of(session: Session) -> list[Attempt]:
    return list(session.scalars(select(Attempt).order_by(Attempt.id)))


def test_reading_makes_no_guest_and_answering_makes_one(
    client: Client, session: Session, module: Module
) -> None:
    assert client.get(f"/m/{module.slug}/1").status_code == 200
    assert accounts_of(session) == []
    start(client, module)
    start(client, module)
    [guest] = accounts_of(session)
    assert guest.is_guest
    assert [attempt.account_id for attempt in attempts_of(session)] == [guest.id]


def test_a_guests_forms_in_other_tabs_stay_valid(client: Client, module: Module) -> None:
    token = client.csrf_token()
    start(client, module)
    response = client.post(
        f"/m/{module.slug}/2/check", data={"csrf_token": token}, headers={"Referer": ORIGIN}
    )
    assert response.status_code == 303


def test_signing_up_keeps_a_guests_progress(client: Client, session: Session, module: Module) -> None:
    start(client, module)
    [guest] = accounts_of(session)
    kept = client.get_cookie("__Host-readcheck", domain="localhost")
    assert sign_up(client).status_code == 303
    [account] = accounts_of(session)
    assert account.id == guest.id
    assert not account.is_guest
    assert [attempt.account_id for attempt in attempts_of(session)] == [account.id]
    assert kept is not None
    client.set_cookie("__Host-readcheck", kept.value, domain="localhost", secure=True)
    assert client.get("/account").status_code == 303, "the guest's own cookie is no key to the account"


def signed_up_elsewhere(app: Flask) -> Client:
    other = app.test_client()
    assert isinstance(other, Client)
    sign_up(other)
    return other


def test_signing_in_takes_a_guests_work_along(
    client: Client, app: Flask, session: Session, module: Module
) -> None:
    signed_up_elsewhere(app)
    start(client, module)
    [attempt] = attempts_of(session)
    answer(client, session, attempt)
    client.csrf_post(f"/m/{module.slug}/1/open")
    guest_id = attempt.account_id
    assert sign_in(client).status_code == 303
    account = session.scalars(select(Account).where(Account.username == "anna krol")).one()
    session.refresh(attempt)
    assert attempt.account_id == account.id
    assert attempt.answered_count == 1
    assert session.scalars(select(SectionProgress.account_id)).all() == [account.id]
    guest = session.get_one(Account, guest_id)
    assert not guest.active
    assert (
        session.scalars(
            select(LoginSession).where(LoginSession.account_id == guest_id, LoginSession.ended_at.is_(None))
        ).all()
        == []
    )
    claim = session.scalars(select(AuditEntry).where(AuditEntry.action == "account.claim")).one()
    assert claim.account_id == account.id


@pytest.mark.parametrize("guest_is_later", [True, False])
def test_of_two_open_attempts_the_later_stays_open(
    client: Client, app: Flask, session: Session, module: Module, guest_is_later: bool
) -> None:
    own = signed_up_elsewhere(app)
    for browser in (own, client) if guest_is_later else (client, own):
        start(browser, module)
        answer(browser, session, attempts_of(session)[-1])
    account = session.scalars(select(Account).where(Account.username == "anna krol")).one()
    theirs, guests = sorted(attempts_of(session), key=lambda attempt: attempt.account_id != account.id)
    assert sign_in(client).status_code == 303
    session.expire_all()
    assert {theirs.account_id, guests.account_id} == {account.id}
    assert (theirs.number, guests.number) == (1, 2)
    stays, ends = (guests, theirs) if guest_is_later else (theirs, guests)
    assert (stays.state, ends.state) == ("open", "expired")
    assert ends.submitted_at is not None
    assert ends.answered_count == 1, "nothing answered is lost"


def test_finished_work_of_both_is_counted_together(
    client: Client, app: Flask, session: Session, module: Module
) -> None:
    own = signed_up_elsewhere(app)
    scores = {}
    for browser, choices in ((own, (1, 1)), (client, (0, 0))):
        browser.csrf_post(f"/m/{module.slug}/1/open")
        start(browser, module)
        attempt = attempts_of(session)[-1]
        for position, choice in enumerate(choices, 1):
            answer(browser, session, attempt, position, choice)
        assert browser.csrf_post(f"/attempts/{attempt.id}/submit").status_code == 303
        session.refresh(attempt)
        scores[browser] = attempt.points
    sign_in(client)
    session.expire_all()
    [progress] = session.scalars(select(SectionProgress))
    account = session.scalars(select(Account).where(Account.username == "anna krol")).one()
    assert progress.account_id == account.id
    assert progress.attempts_finished == 2
    assert progress.first_points == scores[own], "the account's own first result stays its first"
    assert progress.best_points == max(scores.values())
    assert progress.completed_at is not None


def test_signing_in_again_merges_nothing(
    client: Client, app: Flask, session: Session, module: Module
) -> None:
    sign_up(client)
    start(client, module)
    sign_in(client)
    sign_in(client)
    [attempt] = attempts_of(session)
    assert attempt.state == "open"


# ---------------------------------------------------------------- names and password


def test_invisible_letters_are_left_out_of_names(client: Client, session: Session) -> None:
    sign_up(client, display_name="\tAnna\x00\x1b K.\n")
    assert [account.display_name for account in accounts_of(session)] == ["Anna K."]


def test_changing_names(client: Client, app: Flask, session: Session) -> None:
    sign_up(client)
    fields = {"display_name": " Anna  K. ", "username": "AK", "email": "Anna@Example.org"}
    assert client.csrf_post("/account", fields).status_code == 303
    [account] = accounts_of(session)
    assert (account.display_name, account.username, account.email) == ("Anna K.", "ak", "anna@example.org")
    assert sign_in(app.test_client(), "anna@example.org").status_code == 303
    assert client.csrf_post("/account", fields | {"username": ""}).status_code == 303, "the address is enough"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"username": "", "email": ""}, "Give a name or an e-mail address"),
        ({"username": "bo", "email": ""}, "This name is taken"),
        ({"username": "anna", "email": "BO@example.org"}, "This address cannot be used"),
        ({"username": "anna", "email": "no address"}, "like name@example.org"),
        ({"username": "a@b", "email": ""}, "letters, digits"),
    ],
)
def test_names_that_will_not_do(
    client: Client, session: Session, fields: dict[str, str], message: str
) -> None:
    make_account(session, username="bo", email="bo@example.org")
    sign_up(client)
    response = client.csrf_post("/account", {"display_name": "Somebody else", **fields})
    assert response.status_code == 422
    assert message in response.text
    assert "Somebody else" in response.text, "what was typed is kept"
    assert (
        session.scalars(select(Account.display_name).where(Account.username == "anna krol")).one() == "Anna"
    )


def test_hard_to_undo_needs_a_fresh_sign_in(client: Client, session: Session) -> None:
    sign_up(client)
    with client.session_transaction(base_url=ORIGIN) as cookie:
        cookie["fs_paa"] -= identity.FRESH_FOR.total_seconds() + 1
    fields = {"display_name": "Thief", "username": "thief", "email": "thief@example.org"}
    response = client.csrf_post("/account", fields, headers={"Referer": ORIGIN + "/account"})
    assert response.status_code == 303
    assert response.headers["Location"] == "/sign-in?next=/account"
    assert "password once more" in client.get("/sign-in").text
    assert accounts_of(session)[0].username == "anna krol"
    sign_in(client)
    assert client.csrf_post("/account", fields).headers["Location"] == "/account"


def test_changing_the_password(client: Client, app: Flask, session: Session) -> None:
    sign_up(client)
    fields = {"current_password": PASSWORD, "password": NEW_PASSWORD, "password_again": NEW_PASSWORD}
    wrong = client.csrf_post("/account/password", fields | {"current_password": "not this one, no"})
    assert wrong.status_code == 422
    assert "This is not your password" in wrong.text
    assert client.csrf_post("/account/password", fields | {"password": "short"}).status_code == 422
    assert client.csrf_post("/account/password", fields).status_code == 303
    assert client.get("/account").status_code == 200, "this browser stays signed in"
    assert sign_in(app.test_client(), password=PASSWORD).status_code == 422
    assert sign_in(app.test_client(), password=NEW_PASSWORD).status_code == 303


# ---------------------------------------------------------------- one's data


def test_downloading_ones_data(client: Client, session: Session, module: Module) -> None:
    start(client, module)
    [attempt] = attempts_of(session)
    answer(client, session, attempt, choice=1)
    client.csrf_post(f"/m/{module.slug}/1/open")
    sign_up(client)
    response = client.csrf_post("/account/data")
    assert response.headers["Content-Disposition"] == 'attachment; filename="readcheck-my-data.json"'
    data = json.loads(response.text)
    assert data["account"]["username"] == "anna krol"
    [shown] = data["attempts"]
    assert shown["module"] == module.title
    assert len(shown["answers"]) == attempt.slot_count
    assert shown["answers"][0]["response"] == {"choice": 1}
    assert shown["answers"][0]["stem"]
    assert [row["section"] for row in data["progress"]] == [""]
    assert data["sign_ins"]
    assert not {"key", "explanation", "options", "password"} & set(response.text.replace('"', " ").split())
    assert session.scalars(select(AuditEntry).where(AuditEntry.action == "person.export")).one()


def test_deleting_ones_data(client: Client, app: Flask, session: Session, module: Module) -> None:
    start(client, module)
    sign_up(client)
    [account] = accounts_of(session)
    session.add(
        Enrolment(
            account_id=account.id, course_id=module.course_id, role="learner", created_at=account.created_at
        )
    )
    session.commit()
    assert client.get("/account/delete").status_code == 200
    assert client.csrf_post("/account/delete", {"current_password": PASSWORD}).status_code == 422
    wrong = {"current_password": "not this one, no", "is_sure": "y"}
    assert client.csrf_post("/account/delete", wrong).status_code == 422
    response = client.csrf_post("/account/delete", {"current_password": PASSWORD, "is_sure": "y"})
    assert response.status_code == 303
    session.refresh(account)
    assert (account.username, account.email, account.password, account.display_name) == (None, None, None, "")
    assert not account.active
    assert account.erased_at is not None
    assert session.scalars(select(LoginSession)).all() == []
    assert session.scalars(select(Enrolment)).all() == []
    [attempt] = attempts_of(session)
    assert attempt.account_id == account.id, "the numbers stay, the person does not"
    assert sign_in(app.test_client()).status_code == 422
    assert sign_up(app.test_client()).status_code == 303, "the name is free again"


def test_the_only_administrator_cannot_vanish(client: Client, app: Flask, session: Session) -> None:
    with app.app_context():
        password = identity.hash_password(PASSWORD)
    account = make_account(session, "administrator", username="anna krol", password=password)
    sign_in(client)
    response = client.csrf_post("/account/delete", {"current_password": PASSWORD, "is_sure": "y"})
    assert response.status_code == 409
    assert "only administrator" in response.text
    session.refresh(account)
    assert account.active


# ---------------------------------------------------------------- how one likes to read


def test_preferences_of_a_stranger_in_a_cookie_and_the_first_html(client: Client, session: Session) -> None:
    assert 'data-theme="system"' in client.get("/").text
    response = client.csrf_post(
        "/preferences", {"theme": "cream", "size": "large", "lines": "sentence", "next": "/progress"}
    )
    assert response.status_code == 303
    assert response.headers["Location"] == "/progress"
    page = client.get("/").text
    assert 'data-theme="cream" data-size="large" data-face="serif" data-spacing="normal"' in page
    assert 'data-lines="sentence" data-pace="normal"' in page
    assert accounts_of(session) == [], "nobody is made a guest by choosing a colour"


def test_preferences_of_an_account_go_with_it(client: Client, app: Flask, session: Session) -> None:
    sign_up(client)
    assert (
        client.csrf_post("/preferences", {"face": "sans"}, headers={"Accept": "application/json"}).status_code
        == 204
    )
    other = app.test_client()
    assert isinstance(other, Client)
    sign_in(other)
    assert 'data-face="sans"' in other.get("/").text
    other.csrf_post("/preferences", {"spacing": "wide"})
    assert accounts_of(session)[0].preferences == {
        "theme": "system",
        "size": "normal",
        "face": "sans",
        "spacing": "wide",
        "lines": "off",
        "pace": "normal",
    }


@pytest.mark.parametrize(
    "cookie", ["x", "cream", "a.b.c.d", "cream.large.serif.wide.extra", '"><script>', "." * 500]
)
def test_a_cookie_from_anywhere_does_no_harm(client: Client, cookie: str) -> None:
    client.set_cookie("__Host-readcheck-preferences", cookie, domain="localhost", secure=True)
    page = client.get("/")
    assert page.status_code == 200
    assert "<script>" not in page.text


def test_preferences_lead_only_to_pages_of_ours(client: Client) -> None:
    response = client.csrf_post("/preferences", {"theme": "<script>", "next": "//evil.example"})
    assert response.headers["Location"] == "/"
    assert 'data-theme="system"' in client.get("/").text
