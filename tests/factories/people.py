"""Accounts, courses, who is in them, and signing in. Everything is committed at once."""

from __future__ import annotations

import itertools
import secrets
import time

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.canaries import plant
from webapp.identity import LOGIN_KEY
from webapp.models.account import Account, LoginSession, Role
from webapp.models.course import OPEN_COURSE_SLUG, Cohort, Course, Enrolment
from webapp.services import clock

_numbers = itertools.count(1)


def make_account(
    session: Session,
    role: str = "learner",
    *,
    username: str | None = None,
    password: str | None = None,
    course: Course | None = None,
    **values: object,
) -> Account:
    """Somebody with an account; an instructor also teaches `course` (by default the open one).

    `password` is a hash, as stored; None: nobody can sign in with a password.
    """
    number = next(_numbers)
    name = username or f"{role}{number}"
    account = Account(
        username=name,
        display_name=str(values.pop("display_name", f"{role.capitalize()} {number}")),
        password=password,
        is_guest=False,
        active=True,
        fs_uniquifier=plant("secret"),
        preferences={},
        created_at=clock.now(),
        **values,
    )
    account.roles = list(session.scalars(select(Role).where(Role.name == role)))
    session.add(account)
    session.flush()
    if role == "instructor" or course is not None:
        enrol(
            session,
            account,
            course or open_course(session),
            role="instructor" if role == "instructor" else "learner",
        )
    session.commit()
    return account


def make_guest(session: Session) -> Account:
    """A browser that has begun to read without an account."""
    account = Account(
        is_guest=True,
        active=True,
        fs_uniquifier=secrets.token_hex(32),
        preferences={},
        created_at=clock.now(),
    )
    session.add(account)
    session.commit()
    return account


def open_course(session: Session) -> Course:
    """The course in which everybody may read."""
    return session.scalars(select(Course).where(Course.slug == OPEN_COURSE_SLUG)).one()


def make_course(
    session: Session, title: str = "", *, time_zone: str = "UTC", is_open: bool = False
) -> Course:
    """A further course, closed unless said otherwise."""
    number = next(_numbers)
    course = Course(
        slug=f"course-{number}",
        title=title or f"Course {number}",
        time_zone=time_zone,
        is_open=is_open,
        created_at=clock.now(),
    )
    session.add(course)
    session.commit()
    return course


def make_cohort(session: Session, course: Course, name: str) -> Cohort:
    """A group inside a course."""
    cohort = Cohort(course_id=course.id, name=name, created_at=clock.now())
    session.add(cohort)
    session.commit()
    return cohort


def enrol(
    session: Session, account: Account, course: Course, role: str = "learner", cohort: Cohort | None = None
) -> Enrolment:
    """Put somebody into a course, and into a group inside it."""
    enrolment = Enrolment(course_id=course.id, account_id=account.id, role=role, created_at=clock.now())
    enrolment.cohort_id = None if cohort is None else cohort.id
    session.add(enrolment)
    session.commit()
    return enrolment


def sign_in(client: FlaskClient, session: Session, account: Account) -> None:
    """Sign the account in on this client, without the sign-in page (and without hashing)."""
    token = plant("secret")
    session.add(LoginSession(token=token, account_id=account.id, created_at=clock.now(), user_agent="test"))
    session.commit()
    with client.session_transaction(base_url="https://localhost") as cookie:
        cookie[LOGIN_KEY] = token
        cookie["fs_paa"] = time.time()  # as of a sign-in just now
