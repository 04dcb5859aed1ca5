"""users: accounts from the command line."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.database import make_engine
from webapp.models.account import Account
from webapp.models.course import Enrolment
from webapp.models.operation import AuditEntry


def look(command, question):
    engine = make_engine(command.settings)
    with Session(engine) as session:
        answer = question(session)
    engine.dispose()
    return answer


def test_an_instructor_is_added_with_a_link_and_no_password(command):
    result = command("users", "add", "Anna", "--role", "instructor", "--email", "anna@example.org")
    assert result.exit_code == 0, result.stderr
    assert "http://127.0.0.1:8000/link/" in result.stdout

    def facts(session):
        account = session.scalars(select(Account).where(Account.username == "anna")).one()
        roles = [enrolment.role for enrolment in session.scalars(select(Enrolment))]
        return account.email, account.password, [role.name for role in account.roles], roles

    assert look(command, facts) == ("anna@example.org", None, ["instructor"], ["instructor"])
    actions = look(command, lambda session: list(session.scalars(select(AuditEntry.action))))
    assert "account.create" in actions


def test_links_lead_to_the_public_address(command):
    result = command("users", "add", "anna", READCHECK_URL="https://read.example.org")
    assert "https://read.example.org/link/" in result.stdout
    assert "READCHECK_URL" not in result.stderr


def test_a_link_to_a_guessed_address_says_so(command):
    command("users", "add", "anna")
    assert "READCHECK_URL is not set" in command("users", "reset-link", "anna").stderr


def test_a_taken_name_is_refused(command):
    command("users", "add", "anna")
    result = command("users", "add", "ANNA")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")


def test_a_new_link_for_an_account(command):
    command("users", "add", "anna")
    result = command("users", "reset-link", "anna")
    assert result.exit_code == 0
    assert "/link/" in result.stdout
    assert command("users", "reset-link", "bert").exit_code == 1


def test_disabled_and_enabled(command):
    def active(session):
        return session.scalars(select(Account.active).where(Account.username == "anna")).one()

    command("users", "add", "anna")
    assert command("users", "disable", "anna").exit_code == 0
    assert look(command, active) is False
    assert command("users", "enable", "anna").exit_code == 0
    assert look(command, active) is True


def test_the_only_administrator_cannot_be_disabled(command):
    command("users", "add", "root", "--role", "administrator")
    result = command("users", "disable", "root")
    assert result.exit_code == 1
    assert "only administrator" in result.stderr
