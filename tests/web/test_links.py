"""Links that work once: the first administrator, invitations, new passwords, and letters with them."""

from __future__ import annotations

import smtplib
import socketserver
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.client import Client
from tests.factories.people import make_account, open_course
from webapp import identity, jobs
from webapp.config import Settings
from webapp.models.account import AccessLink, Account
from webapp.models.course import Enrolment
from webapp.models.operation import Job
from webapp.services import access_links, clock, password_mail

PASSWORD = "three blue bicycles"
NEW_PASSWORD = "nine quiet herons"
SITE = "https://localhost"
SIGN_UP = {"username": "anna", "display_name": "Anna", "password": PASSWORD, "password_again": PASSWORD}
RESET = {"password": NEW_PASSWORD, "password_again": NEW_PASSWORD}


def path_of(link: str | None) -> str:
    assert link is not None
    assert link.startswith(SITE + "/link/")
    return link.removeprefix(SITE)


def roles(account: Account) -> list[str]:
    return [role.name for role in account.roles]


def sign_in(client: Client, name: str, password: str):
    return client.csrf_post("/sign-in", {"name": name, "password": password})


# ---------------------------------------------------------------- the first administrator


def test_the_first_administrator(client: Client, app: Flask, session: Session) -> None:
    path = path_of(access_links.first_administrator_link(session, SITE + "/"))
    page = client.get(path)
    assert page.status_code == 200
    assert "Become the administrator" in page.text
    assert client.csrf_post(path, SIGN_UP).status_code == 303
    account = session.scalars(select(Account)).one()
    assert roles(account) == ["administrator"]
    assert client.get("/admin/accounts").status_code == 200
    assert client.get(path).status_code == 404
    assert app.test_client().csrf_post(path, SIGN_UP | {"username": "bo"}).status_code == 404
    assert access_links.first_administrator_link(session, SITE) is None


def test_each_start_prints_a_new_one_and_ends_the_former(client: Client, session: Session) -> None:
    first = path_of(access_links.first_administrator_link(session, SITE))
    second = path_of(access_links.first_administrator_link(session, SITE))
    assert first != second
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200


def test_it_dies_when_somebody_became_administrator_otherwise(client: Client, session: Session) -> None:
    path = path_of(access_links.first_administrator_link(session, SITE))
    make_account(session, "administrator")
    assert client.get(path).status_code == 404
    assert client.csrf_post(path, SIGN_UP).status_code == 404


def test_a_disabled_administrator_is_none(session: Session) -> None:
    make_account(session, "administrator").active = False
    session.commit()
    assert access_links.first_administrator_link(session, SITE) is not None


def test_whoever_is_signed_in_becomes_it_with_a_button(client: Client, client_for, session: Session) -> None:
    learner = make_account(session)
    path = path_of(access_links.first_administrator_link(session, SITE))
    own = client_for(learner)
    assert "That account is meant" in own.get(path).text
    assert own.csrf_post(path).status_code == 303
    session.refresh(learner)
    assert roles(learner) == ["administrator"]


def test_a_form_refused_uses_nothing_up(client: Client, session: Session) -> None:
    make_account(session, username="anna")
    path = path_of(access_links.first_administrator_link(session, SITE))
    assert client.csrf_post(path, SIGN_UP | {"password": "short"}).status_code == 422
    taken = client.csrf_post(path, SIGN_UP)
    assert taken.status_code == 422
    assert "This name is taken" in taken.text
    assert client.csrf_post(path, SIGN_UP | {"username": "bo"}).status_code == 303


# ---------------------------------------------------------------- invitations


def test_an_invitation_makes_an_instructor_of_the_open_course(client: Client, session: Session) -> None:
    path = path_of(access_links.invite_instructor(session, SITE, by=None, note="for Anna"))
    assert "invited to teach" in client.get(path).text
    response = client.csrf_post(path, SIGN_UP)
    assert response.headers["Location"] == "/teach"
    account = session.scalars(select(Account)).one()
    assert roles(account) == ["instructor"]
    enrolment = session.scalars(select(Enrolment)).one()
    assert (enrolment.course_id, enrolment.role) == (open_course(session).id, "instructor")
    assert client.get("/teach").status_code == 200
    assert client.get(path).status_code == 404


def test_an_invitation_takes_nothing_away(client_for, session: Session) -> None:
    administrator = make_account(session, "administrator")
    path = path_of(access_links.invite_instructor(session, SITE, by=None))
    client_for(administrator).csrf_post(path)
    session.refresh(administrator)
    assert roles(administrator) == ["administrator"]
    assert session.scalars(select(Enrolment.role)).all() == ["instructor"]


def test_links_grow_old(client: Client, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    path = path_of(access_links.invite_instructor(session, SITE, by=None))
    session.commit()
    later = clock.now() + timedelta(days=14, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert client.get(path).status_code == 404
    assert client.csrf_post(path, SIGN_UP).status_code == 404


def test_unknown_used_and_old_links_look_alike(client: Client, session: Session) -> None:
    path = path_of(access_links.invite_instructor(session, SITE, by=None))
    client.csrf_post(path, SIGN_UP)
    used, unknown = client.get(path), client.get("/link/never-existed")
    assert used.status_code == unknown.status_code == 404
    assert "works once" in used.text
    strange = client.get("/link/%ED%A0%80%00")
    assert strange.status_code == 404


def test_only_hashes_are_kept(session: Session) -> None:
    secret = path_of(access_links.invite_instructor(session, SITE, by=None)).rsplit("/", 1)[1]
    link = session.scalars(select(AccessLink)).one()
    assert secret not in {str(value) for value in vars(link).values()}


# ---------------------------------------------------------------- a new password


@pytest.fixture
def anna(app: Flask, session: Session) -> Account:
    with app.app_context():
        password = identity.hash_password(PASSWORD)
    return make_account(session, username="anna", email="anna@example.org", password=password)


def test_a_new_password_by_link(client: Client, app: Flask, session: Session, anna: Account) -> None:
    elsewhere = app.test_client()
    sign_in(elsewhere, "anna", PASSWORD)
    path = path_of(access_links.reset_password_link(session, SITE, anna))
    assert "Set a new password" in client.get(path).text
    assert client.csrf_post(path, {"password": "short", "password_again": "short"}).status_code == 422
    assert client.csrf_post(path, RESET).status_code == 303
    assert client.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 303, "every other browser is signed out"
    assert sign_in(app.test_client(), "anna", PASSWORD).status_code == 422
    assert sign_in(app.test_client(), "anna", NEW_PASSWORD).status_code == 303
    assert client.get(path).status_code == 404


def test_a_newer_link_ends_the_older(client: Client, session: Session, anna: Account) -> None:
    first = path_of(access_links.reset_password_link(session, SITE, anna))
    second = path_of(access_links.reset_password_link(session, SITE, anna))
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200


def test_a_link_does_not_let_a_disabled_account_in(client: Client, session: Session, anna: Account) -> None:
    path = path_of(access_links.reset_password_link(session, SITE, anna))
    anna.active = False
    session.commit()
    assert client.get(path).status_code == 404
    assert client.csrf_post(path, RESET).status_code == 404
    assert client.get("/account").status_code == 303
    anna.active = True
    session.commit()
    assert sign_in(client, "anna", PASSWORD).status_code == 303, "the password is the old one"


def test_who_changes_the_password_ends_links_for_another(
    client: Client, session: Session, anna: Account
) -> None:
    sign_in(client, "anna", PASSWORD)
    path = path_of(access_links.reset_password_link(session, SITE, anna))
    session.commit()
    assert client.csrf_post("/account/password", RESET | {"current_password": PASSWORD}).status_code == 303
    assert client.get(path).status_code == 404


def test_without_mail_the_page_says_who_can_help(client: Client) -> None:
    page = client.get("/forgotten-password")
    assert "readcheck users reset-link" in page.text
    assert "<button" not in page.text.split("<main", 1)[1].split("</main>", 1)[0]
    assert client.csrf_post("/forgotten-password", {"name": "anna"}).status_code == 422


# ---------------------------------------------------------------- letters


class MailServer(socketserver.ThreadingTCPServer):
    """An SMTP server that keeps what it is sent."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Smtp)
        self.letters: list[str] = []


class _Smtp(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.wfile.write(b"220 test\r\n")
        while line := self.rfile.readline():
            command = line[:4].upper().strip()
            if command == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = iter(self.rfile.readline, b".\r\n")
                self.server.letters.append(b"".join(lines).decode())
                self.wfile.write(b"250 kept\r\n")
            elif command == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            else:
                self.wfile.write(b"250 fine\r\n")


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


class TestWithMail:
    """Where the operator has set a mail server and the site's address."""

    @pytest.fixture
    def settings(self, settings: Settings, mail_server: MailServer) -> Settings:
        host, port = mail_server.server_address
        return replace(settings, mail_server=f"{host}:{port}", mail_sender="site@example.org", url=SITE)

    def test_a_link_comes_by_mail(
        self, client: Client, app: Flask, session: Session, anna: Account, mail_server: MailServer
    ) -> None:
        assert "Send the link" in client.get("/forgotten-password").text
        for name in ("anna", "ANNA@example.org"):
            assert client.csrf_post("/forgotten-password", {"name": name}).status_code == 303
        session.commit()
        jobs.run_queued(app)
        assert len(mail_server.letters) == 2
        letter = mail_server.letters[-1]
        assert "To: anna@example.org" in letter
        assert "From: site@example.org" in letter
        [link] = [line.strip() for line in letter.splitlines() if "/link/" in line]
        assert client.csrf_post(path_of(link), RESET).status_code == 303
        session.expire_all()
        assert {job.state for job in session.scalars(select(Job))} == {"done"}
        assert "/link/" not in str([(job.payload, job.outcome) for job in session.scalars(select(Job))])

    @pytest.mark.parametrize("name", ["nobody", "nobody@example.org", "bo"])
    def test_the_answer_is_the_same_for_every_name(
        self, client: Client, app: Flask, session: Session, anna: Account, mail_server: MailServer, name: str
    ) -> None:
        make_account(session, username="bo")
        answers = [client.csrf_post("/forgotten-password", {"name": given}) for given in ("anna", name)]
        assert len({(answer.status_code, answer.text) for answer in answers}) == 1
        jobs.run_queued(app)
        assert len(mail_server.letters) == 1

    def test_an_empty_name_is_said(self, client: Client) -> None:
        response = client.csrf_post("/forgotten-password", {"name": ""})
        assert response.status_code == 422
        assert "Enter your name" in response.text

    @pytest.mark.parametrize(
        "error",
        [
            ConnectionRefusedError(),
            TimeoutError(),
            smtplib.SMTPServerDisconnected("gone"),
            smtplib.SMTPAuthenticationError(535, b"not you"),
            smtplib.SMTPRecipientsRefused({"anna@example.org": (450, b"come later")}),
            smtplib.SMTPDataError(451, b"come later"),
        ],
    )
    def test_a_letter_waits_for_a_mail_server_that_is_down(
        self,
        client: Client,
        app: Flask,
        session: Session,
        anna: Account,
        mail_server: MailServer,
        monkeypatch: pytest.MonkeyPatch,
        error: OSError,
    ) -> None:
        with monkeypatch.context() as away:
            away.setattr(jobs, "_away_until", {})
            away.setattr(password_mail.smtplib.SMTP, "send_message", _raising(error))
            assert client.csrf_post("/forgotten-password", {"name": "anna"}).status_code == 303
            jobs.run_queued(app)
            session.expire_all()
            assert [job.state for job in session.scalars(select(Job))] == ["queued"]
            session.rollback()
        jobs.run_queued(app)
        session.expire_all()
        assert [job.state for job in session.scalars(select(Job))] == ["done"]
        [letter] = mail_server.letters
        [link] = [line.strip() for line in letter.splitlines() if "/link/" in line]
        assert client.csrf_post(path_of(link), RESET).status_code == 303

    @pytest.mark.parametrize(
        "error",
        [
            smtplib.SMTPRecipientsRefused({"anna@example.org": (550, b"nobody of that name")}),
            smtplib.SMTPDataError(554, b"no such letters"),
        ],
    )
    def test_a_letter_that_is_never_taken_is_not_tried_again(
        self,
        client: Client,
        app: Flask,
        session: Session,
        anna: Account,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
        error: OSError,
    ) -> None:
        monkeypatch.setattr(password_mail.smtplib.SMTP, "send_message", _raising(error))
        assert client.csrf_post("/forgotten-password", {"name": "anna"}).status_code == 303
        jobs.run_queued(app)
        session.expire_all()
        assert [job.state for job in session.scalars(select(Job))] == ["failed"]
        assert "anna@example.org" not in caplog.text


def _raising(error: OSError) -> Callable[..., None]:
    def fail(*_values: object, **_options: object) -> None:
        raise error

    return fail


def test_without_an_address_of_the_site_no_mail_is_offered(settings: Settings) -> None:
    """A link in a letter must not carry the host name that some request claimed."""
    from webapp.app import create_app

    app = create_app(replace(settings, mail_server="localhost"))
    assert "sends no mail" in app.test_client().get("/forgotten-password", base_url=SITE).text
