"""Canaries: random words planted where secrets are kept, and looked for in every response of the whole suite.

A canary names its kind (`gradedcnry` + 16 letters); the kind's rule says who may see it, judged by the database
at the moment of the response. The test client looks into every response it gets, so each test that shows
somebody what is not theirs, or not theirs yet, fails there and then.
"""

from __future__ import annotations

import io
import re
import secrets
import string
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import ColumnElement, String, and_, cast, exists, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session
from werkzeug.test import TestResponse

from webapp.extensions import db
from webapp.identity import LOGIN_KEY
from webapp.models.account import AccessLink, Account, LoginSession, Role, account_role
from webapp.models.attempt import AnswerEvent, Attempt, AttemptSlot, SlotCheck
from webapp.models.course import Course, Enrolment
from webapp.models.item import Item, ItemReport, ItemVersion, ReviewDecision
from webapp.models.module import ImportDraft, Module, Section, SectionVersion
from webapp.models.operation import Job
from webapp.models.quiz import Quiz, QuizOverride, Ruling

LETTERS = string.ascii_lowercase + string.digits
LENGTH = 16
CANARY = re.compile(rf"([a-z]+)cnry[a-z0-9]{{{LENGTH}}}")


class LeakError(AssertionError):
    """Somebody was shown what they may not see."""


def plant(kind: str) -> str:
    """A canary of this kind, to be put where a secret is kept."""
    if kind not in RULES:
        raise ValueError(f"no rule says who may see {kind!r}")
    return f"{kind}cnry" + "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


# ---------------------------------------------------------------- who may see what


@dataclass(frozen=True)
class Viewer:
    """Whoever got a response."""

    account_id: int | None
    is_administrator: bool
    taught_courses: frozenset[int]

    def teaches(self, course_ids: Iterable[int]) -> bool:
        """Whether they teach one of these courses, or are administrator."""
        return self.is_administrator or bool(self.taught_courses & set(course_ids))


Rule = Callable[[Session, str, Viewer], bool]


def _holds(canary: str, *columns: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    return or_(*(cast(column, String).contains(canary) for column in columns))


def _versions(session: Session, canary: str) -> list[tuple[int, int]]:
    """(item version, course) of every wording that holds the canary."""
    query = (
        select(ItemVersion.id, Module.course_id)
        .join(Item, Item.id == ItemVersion.item_id)
        .join(Module, Module.id == Item.module_id)
        .where(_holds(canary, ItemVersion.content))
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def _of_question(session: Session, canary: str, viewer: Viewer, *, once_checked: bool) -> bool:
    versions = _versions(session, canary)
    if viewer.teaches(course for _, course in versions):
        return True
    rulings = select(Ruling.id).where(Ruling.graded_by_id.in_([pair[0] for pair in versions]))
    asked = (
        select(AttemptSlot.id)
        .join(Attempt, Attempt.id == AttemptSlot.attempt_id)
        .where(
            Attempt.account_id == viewer.account_id,
            or_(
                AttemptSlot.item_version_id.in_([pair[0] for pair in versions]),
                and_(literal(once_checked), AttemptSlot.ruling_id.in_(rulings)),
            ),
        )
    )
    if once_checked:
        asked = asked.where(AttemptSlot.checked_at.is_not(None))
    return session.scalar(asked.limit(1)) is not None


def graded(session: Session, canary: str, viewer: Viewer) -> bool:
    """Explanations, feedback and accepted answers: whoever teaches, and the learner whose answer they grade."""
    return _of_question(session, canary, viewer, once_checked=True)


def asked(session: Session, canary: str, viewer: Viewer) -> bool:
    """Stems and options: whoever teaches, and the learner who is asked."""
    return _of_question(session, canary, viewer, once_checked=False)


def answer(session: Session, canary: str, viewer: Viewer) -> bool:
    """What a learner typed: that learner, and whoever teaches the module."""
    query = (
        select(Attempt.account_id, Module.course_id)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .join(Module, Module.id == Quiz.module_id)
        .where(
            or_(
                exists().where(AttemptSlot.attempt_id == Attempt.id, _holds(canary, AttemptSlot.response)),
                exists().where(AnswerEvent.attempt_id == Attempt.id, _holds(canary, AnswerEvent.response)),
                exists().where(SlotCheck.attempt_id == Attempt.id, _holds(canary, SlotCheck.response)),
            )
        )
    )
    rows = session.execute(query).all()
    return any(viewer.account_id == row[0] or viewer.teaches([row[1]]) for row in rows)


def text(session: Session, canary: str, viewer: Viewer) -> bool:
    """Titles and texts: whoever may read the module; what was removed or replaced, whoever teaches it."""
    query = (
        select(Module, Course.is_open, SectionVersion.id, Section.current_version_id, Section.removed_at)
        .join(Course, Course.id == Module.course_id)
        .outerjoin(Section, Section.module_id == Module.id)
        .outerjoin(SectionVersion, SectionVersion.section_id == Section.id)
        .where(
            or_(
                _holds(canary, Module.title, Module.standfirst, Module.source_note),
                _holds(
                    canary,
                    SectionVersion.heading,
                    SectionVersion.text,
                    SectionVersion.blocks,
                    SectionVersion.html,
                ),
            )
        )
    )
    enrolled = set(
        session.scalars(select(Enrolment.course_id).where(Enrolment.account_id == viewer.account_id))
    )
    for module, is_open, version, current, removed_at in session.execute(query):
        if viewer.teaches([module.course_id]):
            return True
        is_shown = canary in f"{module.title} {module.standfirst} {module.source_note}" or (
            version == current and removed_at is None
        )
        may_read = module.state == "published" and module.deleted_at is None
        if may_read and is_shown and (is_open or module.course_id in enrolled):
            return True
    return False


def staff(session: Session, canary: str, viewer: Viewer) -> bool:
    """Warnings, notes, jobs, reasons and access codes: whoever teaches the module."""
    of_items = select(Item.module_id).where(_holds(canary, Item.warnings, Item.stale_note))
    of_jobs = select(Job.module_id).where(
        _holds(canary, Job.payload, Job.outcome, Job.error, Job.progress_text)
    )
    of_reasons = (
        select(Item.module_id)
        .join(ReviewDecision, ReviewDecision.item_id == Item.id)
        .where(_holds(canary, ReviewDecision.reason))
    )
    of_rulings = (
        select(Item.module_id).join(Ruling, Ruling.item_id == Item.id).where(_holds(canary, Ruling.reason))
    )
    of_codes = select(Quiz.module_id).where(_holds(canary, Quiz.access_code))
    queries = (of_items, of_jobs, of_reasons, of_rulings, of_codes)
    of_modules = select(Module.course_id).where(or_(*(Module.id.in_(query) for query in queries)))
    of_grants = select(QuizOverride.course_id).where(_holds(canary, QuizOverride.note))
    return viewer.teaches(session.scalars(of_modules.union(of_grants)))


def report(session: Session, canary: str, viewer: Viewer) -> bool:
    """What a learner reports about a question: that learner, and whoever teaches the module."""
    query = (
        select(ItemReport.account_id, Module.course_id)
        .join(Item, Item.id == ItemReport.item_id)
        .join(Module, Module.id == Item.module_id)
        .where(_holds(canary, ItemReport.comment))
    )
    return any(viewer.account_id == row[0] or viewer.teaches([row[1]]) for row in session.execute(query))


def name(session: Session, canary: str, viewer: Viewer) -> bool:
    """Names and addresses: their owner, administrators, and whoever teaches a course the owner is or reads in."""
    holder = session.scalars(
        select(Account.id).where(_holds(canary, Account.display_name, Account.username, Account.email))
    ).all()
    courses = session.scalars(
        select(Enrolment.course_id)
        .where(Enrolment.account_id.in_(holder))
        .union(
            select(Module.course_id)
            .join(Quiz, Quiz.module_id == Module.id)
            .join(Attempt, Attempt.quiz_id == Quiz.id)
            .where(Attempt.account_id.in_(holder))
        )
    )
    return viewer.account_id in holder or viewer.teaches(courses)


def browser(session: Session, canary: str, viewer: Viewer) -> bool:
    """Somebody's browser: they."""
    query = select(LoginSession.account_id).where(_holds(canary, LoginSession.user_agent))
    return viewer.account_id in session.scalars(query).all()


def draft(session: Session, canary: str, viewer: Viewer) -> bool:
    """A text on its way to become a module: whoever brought it."""
    columns = (
        ImportDraft.title,
        ImportDraft.standfirst,
        ImportDraft.sections,
        ImportDraft.notes,
        ImportDraft.filename,
    )
    query = select(ImportDraft.account_id).where(_holds(canary, *columns))
    return viewer.account_id in session.scalars(query).all()


def note(session: Session, canary: str, viewer: Viewer) -> bool:
    """For whom an invitation is: administrators."""
    return (
        viewer.is_administrator
        and session.scalar(select(AccessLink.id).where(_holds(canary, AccessLink.note))) is not None
    )


def secret(_session: Session, _canary: str, _viewer: Viewer) -> bool:
    """Hashes, tokens, what the audit trail knows: nobody."""
    return False


RULES: dict[str, Rule] = {
    rule.__name__: rule
    for rule in (graded, asked, answer, text, staff, report, name, browser, draft, note, secret)
}


# ---------------------------------------------------------------- looking


def look(app: Flask, response: TestResponse, sent: str, login_tokens: Iterable[str | None]) -> None:
    """Raises LeakError where the response holds a canary that its viewer did not send and may not see."""
    found = {match.group() for match in CANARY.finditer(_words(response))}
    found = {canary for canary in found if canary not in sent}
    if not found:
        return
    with app.app_context():
        engine = db.engine
    with Session(engine) as session:
        viewers = [_viewer(session, token) for token in login_tokens]
        for canary in sorted(found):
            kind = CANARY.fullmatch(canary)
            rule = RULES[kind.group(1)] if kind else secret
            if not any(rule(session, canary, viewer) for viewer in viewers):
                raise LeakError(f"{response.request.path} showed {canary} to {viewers[0]}")


def _words(response: TestResponse) -> str:
    """Everything readable in a response; the session cookie is the viewer's own and signed."""
    headers = " ".join(value for header, value in response.headers.items() if header != "Set-Cookie")
    body = response.get_data()
    if body.startswith(b"PK"):  # a spreadsheet
        with zipfile.ZipFile(io.BytesIO(body)) as parts:
            body = b" ".join(parts.read(part) for part in parts.namelist())
    return headers + " " + body.decode("utf-8", "replace")


def _viewer(session: Session, token: str | None) -> Viewer:
    account_id = session.scalar(select(LoginSession.account_id).where(LoginSession.token == token))
    roles = select(Role.name).join(account_role).where(account_role.c.account_id == account_id)
    taught = select(Enrolment.course_id).where(
        Enrolment.account_id == account_id, Enrolment.role == "instructor"
    )
    return Viewer(
        account_id, "administrator" in session.scalars(roles).all(), frozenset(session.scalars(taught))
    )


def login_token(app: Flask, cookie: str | None) -> str | None:
    """The token of the sign-in that a session cookie carries."""
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    if cookie is None or serializer is None:
        return None
    token: str | None = serializer.loads(cookie).get(LOGIN_KEY)
    return token
