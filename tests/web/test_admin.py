"""What administrators do to accounts."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.client import ORIGIN, Client
from tests.factories.people import make_account, make_course, make_guest, open_course
from webapp import identity
from webapp.models.account import AccessLink, Account, LoginSession
from webapp.models.course import Enrolment
from webapp.models.operation import AuditEntry

ClientFor = Callable[[Account], Client]


@pytest.fixture
def administrator(session: Session) -> Account:
    return make_account(session, "administrator", username="root", display_name="Ruth Root")


@pytest.fixture
def desk(client_for: ClientFor, administrator: Account) -> Client:
    """The administrator's browser."""
    return client_for(administrator)


def names_on(page: str) -> list[str]:
    return re.findall(r'<a href="/admin/accounts/\d+"[^>]*>([^<]*)</a>', page)


def audit_of(session: Session, action: str) -> AuditEntry:
    return session.scalars(select(AuditEntry).where(AuditEntry.action == action)).one()


# ---------------------------------------------------------------- the list


def test_the_list_shows_people_and_no_guests(desk: Client, session: Session) -> None:
    make_account(session, username="bo", display_name="Bo")
    make_account(session, username="ann", display_name="Ann")
    make_guest(session)
    page = desk.get("/admin/accounts").text
    assert names_on(page) == ["Ann", "Bo", "Ruth Root"]
    assert "3 people have an account" in page


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("nn", ["Ann"]),
        ("ANN@", ["Ann"]),
        ("%", ["100% Bo"]),
        ("_", []),
        ("!", []),
        ("zzz", []),
        ("  ann  ", ["Ann"]),
        ("a\0nn", ["Ann"]),
    ],
)
def test_search(desk: Client, session: Session, search: str, found: list[str]) -> None:
    make_account(session, username="anna", email="ann@example.org", display_name="Ann")
    make_account(session, username="bo", display_name="100% Bo")
    page = desk.get("/admin/accounts", query_string={"search": search}).text
    assert names_on(page) == found
    if not found:
        assert "Nobody has such a name" in page


def test_the_list_comes_in_pages_with_as_many_queries(desk: Client, session: Session, count_queries) -> None:
    with count_queries() as few:
        desk.get("/admin/accounts")
    for number in range(120):
        make_account(session, username=f"pupil {number:03}", display_name=f"P{number:03}")
    with count_queries() as many:
        first = desk.get("/admin/accounts").text
    assert len(many) == len(few)
    assert len(names_on(first)) == 50
    assert "Page 1 of 3" in first
    last = desk.get("/admin/accounts?page=3").text
    assert len(names_on(last)) == 21
    for strange in ("99", "0", "-1", "x"):
        assert desk.get(f"/admin/accounts?page={strange}").status_code == 200


# ---------------------------------------------------------------- roles


@pytest.mark.parametrize(
    ("before", "after", "teaches"),
    [
        ("learner", "instructor", True),
        ("learner", "administrator", False),
        ("instructor", "learner", False),
        ("instructor", "administrator", True),
    ],
)
def test_changing_a_role(
    desk: Client, client_for: ClientFor, session: Session, before: str, after: str, teaches: bool
) -> None:
    account = make_account(session, before)
    own = client_for(account)
    response = desk.csrf_post(f"/admin/accounts/{account.id}/role", {"role": after})
    assert response.headers["Location"] == f"/admin/accounts/{account.id}"
    session.refresh(account)
    assert [role.name for role in account.roles] == [after]
    taught = session.scalars(
        select(Enrolment.course_id).where(Enrolment.account_id == account.id, Enrolment.role == "instructor")
    ).all()
    assert taught == ([open_course(session).id] if teaches else [])
    assert own.get("/teach").status_code == (403 if after == "learner" else 200), (
        "at once, without a new sign-in"
    )
    assert audit_of(session, "account.role").detail == {"from": [before], "to": after}


def test_a_learner_again_teaches_in_no_course(desk: Client, session: Session) -> None:
    course = make_course(session)
    account = make_account(session, "instructor", course=course)
    desk.csrf_post(f"/admin/accounts/{account.id}/role", {"role": "learner"})
    assert session.scalars(select(Enrolment.role).where(Enrolment.account_id == account.id)).all() == [
        "learner"
    ]


@pytest.mark.parametrize("role", ["", "root", "assistant"])
def test_roles_that_there_are_not(desk: Client, session: Session, role: str) -> None:
    account = make_account(session)
    assert desk.csrf_post(f"/admin/accounts/{account.id}/role", {"role": role}).status_code == 422
    session.refresh(account)
    assert [held.name for held in account.roles] == ["learner"]


def test_a_form_cannot_name_another_account_or_more(desk: Client, session: Session) -> None:
    account, other = make_account(session), make_account(session)
    fields = {"role": "instructor", "account_id": str(other.id), "active": "", "password": "x"}
    desk.csrf_post(f"/admin/accounts/{account.id}/role", fields)
    session.refresh(other)
    session.refresh(account)
    assert [held.name for held in other.roles] == ["learner"]
    assert account.active


# ---------------------------------------------------------------- disabling


def test_disabling_ends_every_sign_in_and_enabling_lets_in_again(
    desk: Client, client_for: ClientFor, session: Session
) -> None:
    account = make_account(session)
    own = client_for(account)
    assert own.get("/account").status_code == 200
    desk.csrf_post(f"/admin/accounts/{account.id}/disable")
    assert own.get("/account").status_code == 303
    session.expire_all()
    assert not account.active
    assert all(
        login.ended_at
        for login in session.scalars(select(LoginSession).where(LoginSession.account_id == account.id))
    )
    assert "Disabled" in desk.get("/admin/accounts").text
    desk.csrf_post(f"/admin/accounts/{account.id}/enable")
    session.refresh(account)
    assert account.active
    assert own.get("/account").status_code == 303, "an ended sign-in stays ended"
    assert audit_of(session, "account.disable").subject == f"account:{account.id}"


@pytest.mark.parametrize(
    ("what", "fields"), [("disable", {}), ("role", {"role": "learner"}), ("role", {"role": "instructor"})]
)
def test_one_administrator_is_always_left(
    desk: Client, session: Session, administrator: Account, what: str, fields: dict[str, str]
) -> None:
    disabled = make_account(session, "administrator")
    disabled.active = False
    session.commit()
    response = desk.csrf_post(f"/admin/accounts/{administrator.id}/{what}", fields)
    assert response.status_code == 409
    assert "only administrator" in response.text
    session.refresh(administrator)
    assert administrator.active
    assert [role.name for role in administrator.roles] == ["administrator"]
    entries = session.scalars(
        select(AuditEntry).where(AuditEntry.action.in_(["account.disable", "account.role"]))
    ).all()
    assert entries == [], "what did not happen is not on record as done"


def test_of_two_administrators_one_may_go(desk: Client, session: Session) -> None:
    other = make_account(session, "administrator")
    assert desk.csrf_post(f"/admin/accounts/{other.id}/disable").status_code == 303


def test_guests_and_the_erased_are_no_accounts_to_administer(desk: Client, session: Session) -> None:
    guest = make_guest(session)
    for what in ("disable", "enable", "role", "reset-link"):
        assert (
            desk.csrf_post(f"/admin/accounts/{guest.id}/{what}", {"role": "administrator"}).status_code == 404
        )
    assert desk.get(f"/admin/accounts/{guest.id}").status_code == 404
    session.refresh(guest)
    assert guest.roles == []


# ---------------------------------------------------------------- links


def link_on(page: str) -> str:
    found = re.search(r'value="(https://localhost/link/[\w-]+)"', page)
    assert found
    return found.group(1)


def test_a_reset_link_is_shown_once(desk: Client, client: Client, session: Session) -> None:
    account = make_account(session, username="bo", display_name="Bo")
    response = desk.csrf_post(f"/admin/accounts/{account.id}/reset-link")
    assert response.headers["Cache-Control"] == "no-store"
    link = link_on(response.text)
    assert link not in desk.get(f"/admin/accounts/{account.id}").text
    assert "Set a new password" in client.get(link.removeprefix(ORIGIN)).text


def test_inviting_and_withdrawing(
    desk: Client, client: Client, session: Session, administrator: Account
) -> None:
    link = link_on(desk.csrf_post("/admin/invitations", {"note": "for <b>Bo</b>"}).text)
    listed = desk.get("/admin/accounts").text
    assert "for &lt;b&gt;Bo&lt;/b&gt;" in listed
    assert link not in listed
    row = session.scalars(select(AccessLink)).one()
    assert row.created_by_id == administrator.id
    row_id = row.id
    assert desk.csrf_post(f"/admin/invitations/{row_id}/withdraw").status_code == 303
    assert client.get(link.removeprefix(ORIGIN)).status_code == 404
    assert desk.csrf_post(f"/admin/invitations/{row_id}/withdraw").status_code == 404


def test_a_note_too_long_is_refused(desk: Client, session: Session) -> None:
    assert desk.csrf_post("/admin/invitations", {"note": "x" * 201}).status_code == 422
    assert session.scalars(select(AccessLink)).all() == []


def test_a_link_carries_the_address_that_was_set(desk: Client, app, session: Session) -> None:
    from dataclasses import replace

    app.extensions["readcheck_settings"] = replace(
        app.extensions["readcheck_settings"], url="https://read.example.org"
    )
    assert "https://read.example.org/link/" in desk.csrf_post("/admin/invitations").text


def test_only_freshly_signed_in(desk: Client, session: Session) -> None:
    account = make_account(session)
    with desk.session_transaction(base_url=ORIGIN) as cookie:
        cookie["fs_paa"] -= identity.FRESH_FOR.total_seconds() + 1
    response = desk.csrf_post(
        f"/admin/accounts/{account.id}/disable", headers={"Referer": f"{ORIGIN}/admin/accounts/{account.id}"}
    )
    assert response.headers["Location"] == f"/sign-in?next=/admin/accounts/{account.id}"
    session.refresh(account)
    assert account.active
