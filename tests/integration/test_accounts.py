"""Accounts as use cases: what only commands, races and odd states reach."""

from __future__ import annotations

import smtplib
from email.message import EmailMessage
from typing import Any, ClassVar, Self

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories.people import enrol, make_account, make_course, make_guest, open_course
from webapp.models.account import Account
from webapp.models.course import Enrolment
from webapp.repositories import accounts as rows
from webapp.services import access_links, accounts, guests, password_mail, personal_data
from webapp.services.accounts import Credentials
from webapp.services.errors import Conflict, NotFound, Refused


def roles_in_courses(session: Session, account: Account) -> dict[int, str]:
    query = select(Enrolment.course_id, Enrolment.role).where(Enrolment.account_id == account.id)
    return {row[0]: row[1] for row in session.execute(query)}


# ---------------------------------------------------------------- signing up by command


def test_an_instructor_by_command_teaches_the_open_course(session: Session) -> None:
    account = accounts.sign_up(session, username="Ines", role="instructor")
    assert roles_in_courses(session, account) == {open_course(session).id: "instructor"}
    assert accounts.find_credentials(session, "ines") == Credentials(account.id, None, account.fs_uniquifier)


def test_with_an_address_alone(session: Session) -> None:
    account = accounts.sign_up(session, email="Ines@Example.org")
    assert (account.username, account.email) == (None, "ines@example.org")
    assert accounts.find_account(session, " INES@example.org ") is account


@pytest.mark.parametrize(
    ("names", "field"),
    [
        ({"email": "no address"}, "email"),
        ({}, "username"),
        ({"username": " "}, "username"),
        ({"username": "a@b"}, "username"),
    ],
)
def test_names_nobody_could_sign_in_with(session: Session, names: dict[str, str], field: str) -> None:
    with pytest.raises(Refused) as refused:
        accounts.sign_up(session, **names)
    assert refused.value.field == field


@pytest.mark.parametrize("name", ["", "   ", "nobody", "nobody@example.org", "@"])
def test_nobody_is_found_under_no_name(session: Session, name: str) -> None:
    make_guest(session)
    assert accounts.find_account(session, name) is None


@pytest.mark.parametrize("field", ["username", "email"])
def test_a_name_taken_in_the_same_instant(
    session: Session, monkeypatch: pytest.MonkeyPatch, field: str
) -> None:
    """The check found it free; the database knows better."""
    make_account(session, username="anna", email="anna@example.org")
    looked: list[str] = []
    find = rows.find_taken_name

    def find_free_first(*arguments: Any) -> str | None:
        looked.append("once")
        return None if len(looked) == 1 else find(*arguments)

    monkeypatch.setattr(rows, "find_taken_name", find_free_first)
    names = {"username": "bo", "email": "bo@example.org"} | {
        field: f"anna{'@example.org' if field == 'email' else ''}"
    }
    with pytest.raises(Refused) as refused:
        accounts.sign_up(session, **names)
    assert refused.value.field == field
    assert len(session.scalars(select(Account)).all()) == 1


def test_another_constraint_is_no_taken_name(session: Session) -> None:
    account = make_account(session)
    session.refresh(account)  # an id that is to be read anew would be asked for, and all written, too early
    account.username = account.email = None
    with pytest.raises(Exception, match="nameable"):
        rows.try_add_account(session, account)


def test_a_password_changed_while_it_was_verified(session: Session) -> None:
    account = make_account(session, password="new hash")
    verified = Credentials(account.id, "old hash", account.fs_uniquifier)
    with pytest.raises(Refused):
        accounts.confirm_credentials(session, verified, None)
    account.active = False
    with pytest.raises(Refused):
        accounts.confirm_credentials(session, Credentials(account.id, "new hash", ""), None)


def test_what_is_not_there(session: Session) -> None:
    for use in (
        accounts.disable,
        accounts.enable,
        accounts.get_account,
        personal_data.erase_person,
        personal_data.export_person,
    ):
        with pytest.raises(NotFound):
            use(session, 4711)


def test_roles_that_there_are_not(session: Session) -> None:
    with pytest.raises(Refused):
        accounts.set_role(session, make_account(session).id, "root")


def test_the_erased_are_not_let_in_again(session: Session) -> None:
    account = make_account(session)
    personal_data.erase_person(session, account.id)
    with pytest.raises(Conflict):
        accounts.enable(session, account.id)


def test_an_invitation_raises_whoever_is_in_the_course_already(session: Session) -> None:
    account = make_account(session)
    enrol(session, account, open_course(session))
    accounts.raise_role(session, account, "instructor", open_course(session).id)
    accounts.raise_role(session, account, "instructor", None)
    assert [role.name for role in account.roles] == ["instructor"]
    assert roles_in_courses(session, account) == {open_course(session).id: "instructor"}


def test_demoting_leaves_the_person_in_the_course(session: Session) -> None:
    course = make_course(session)
    account = make_account(session, "instructor", course=course)
    accounts.set_role(session, account.id, "learner")
    session.expire_all()
    assert roles_in_courses(session, account) == {course.id: "learner"}


def test_a_guest_is_not_merged_with_itself(session: Session) -> None:
    guest = make_guest(session)
    guests.merge_guest(session, guest.id, guest.id)
    assert guest.active


# ---------------------------------------------------------------- letters


class FakeSmtp:
    """Keeps what a mail server was told."""

    told: ClassVar[list[Any]] = []

    def __init__(self, host: str, port: int, **options: Any) -> None:
        self.told.append((type(self).__name__, host, port, options["timeout"] > 0))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.told.append("bye")

    def has_extn(self, name: str) -> bool:
        return name == "starttls"

    def starttls(self, **options: Any) -> None:
        self.told.append(("starttls", options["context"].check_hostname))

    def login(self, user: str, password: str) -> None:
        self.told.append(("login", user, password))

    def send_message(self, letter: EmailMessage) -> None:
        self.told.append(("letter", letter["From"], letter["To"]))


class FakeSmtps(FakeSmtp):
    """The same, by TLS from the start."""


@pytest.mark.parametrize(
    ("server", "told"),
    [
        ("mail.example.org", [("FakeSmtp", "mail.example.org", 25, True), ("starttls", True), ("letter", "site@example.org", "anna@example.org"), "bye"]),
        ("smtp://us%40er:p%3Aw@mail.example.org:587", [("FakeSmtp", "mail.example.org", 587, True), ("starttls", True), ("login", "us@er", "p:w"), ("letter", "site@example.org", "anna@example.org"), "bye"]),
        ("smtps://user@mail.example.org", [("FakeSmtps", "mail.example.org", 465, True), ("login", "user", ""), ("letter", "site@example.org", "anna@example.org"), "bye"]),
    ],
)  # fmt: skip
def test_mail_servers(
    session: Session, monkeypatch: pytest.MonkeyPatch, server: str, told: list[Any]
) -> None:
    monkeypatch.setattr(smtplib, "SMTP", FakeSmtp)
    monkeypatch.setattr(smtplib, "SMTP_SSL", FakeSmtps)
    monkeypatch.setattr(FakeSmtp, "told", [])
    make_account(session, username="anna", email="anna@example.org")
    letter = password_mail.write_letter(session, "anna", "https://read.example.org")
    assert letter is not None
    password_mail.send(server, "site@example.org", letter)
    assert FakeSmtp.told == told


def test_a_letter_says_what_it_is_for(session: Session) -> None:
    make_account(session, username="anna", email="anna@example.org")
    letter = password_mail.write_letter(session, "anna", "https://read.example.org")
    assert letter is not None
    text = letter.get_content()
    [link] = [line for line in text.splitlines() if line.startswith("https://read.example.org/link/")]
    assert access_links.find_link(session, link.rsplit("/", 1)[1]).purpose == "reset"


@pytest.mark.parametrize("odd", ["guest", "no address", "disabled", "nobody"])
def test_no_letter(session: Session, odd: str) -> None:
    match odd:
        case "guest":
            make_guest(session)
        case "no address":
            make_account(session, username="anna")
        case "disabled":
            make_account(session, username="anna", email="anna@example.org").active = False
    session.flush()
    assert password_mail.write_letter(session, "anna", "https://read.example.org") is None
