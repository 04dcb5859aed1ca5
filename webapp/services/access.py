"""Who may do what: levels of pages, rights in courses, modules as one person may see them.

A thing that is not this person's answers as if it did not exist (NotFound); a thing that is theirs to see but
not to do this with answers Forbidden.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, Literal, get_args

from webapp.models.module import Module
from webapp.repositories import courses
from webapp.repositories.courses import ReadableModule
from webapp.services import audit
from webapp.services.errors import NotFound

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

AnyModule = Module | ReadableModule
"""A module as a whole row or as readers see it: either has `id`, `slug`, `title`, `language`, `state`."""
Level = Literal["everyone", "person", "account", "instructor", "administrator"]
LEVELS: frozenset[str] = frozenset(get_args(Level))


@dataclass(frozen=True, slots=True)
class Person:
    """Who is behind a request: an account, or a guest's browser. Read once a request, never written."""

    id: int
    username: str | None = None
    email: str | None = None
    display_name: str = ""
    is_guest: bool = False
    role_names: frozenset[str] = frozenset()
    teaches: bool = False
    """Whether they are an instructor in at least one course."""
    preferences: dict[str, Any] = field(default_factory=dict)
    login_id: int | None = None
    """The `login_session` row of this sign-in."""

    @property
    def is_administrator(self) -> bool:
        """Administrators may do everything an instructor may, in every course."""
        return "administrator" in self.role_names

    @property
    def is_instructor(self) -> bool:
        """Whether the instructor's pages are for them."""
        return self.teaches or self.is_administrator

    @property
    def name(self) -> str:
        """What to call them on a page; empty for a guest."""
        return self.display_name or self.username or self.email or ""


class Verdict(Enum):
    """What a page's level says to one person."""

    ALLOWED = "allowed"
    SIGN_IN = "sign in"
    """Signing in may help: nobody is known behind this browser, or only a guest."""
    FORBIDDEN = "forbidden"


def judge(level: Level, person: Person | None) -> Verdict:
    """Whether a page of this level is for this person (None: a stranger)."""
    if level == "everyone":
        return Verdict.ALLOWED
    if person is None or (person.is_guest and level != "person"):
        return Verdict.SIGN_IN
    allowed = {
        "person": True,
        "account": True,
        "instructor": person.is_instructor,
        "administrator": person.is_administrator,
    }[level]
    return Verdict.ALLOWED if allowed else Verdict.FORBIDDEN


def get_module_to_read(session: Session, person: Person | None, slug: str) -> ReadableModule:
    """The module of that address, if this person may read it. Raises NotFound.

    Published modules of open courses are for everybody, those of other courses for the people in them;
    who may teach a module may also read it before it is published.
    """
    if not slug.isprintable():  # no slug of ours, and PostgreSQL refuses to look for NUL
        raise NotFound
    found = courses.get_readable_module(session, person.id if person else None, slug)
    if found is None or found.deleted_at is not None:
        raise NotFound
    if _teaches(person, found.enrolment_role):
        return found
    if found.state != "published" or not (found.is_open or found.enrolment_role):
        raise _denied(person, found.id)
    return found


def get_module_to_teach(
    session: Session, person: Person | None, module_id: int, *, include_deleted: bool = False
) -> Module:
    """The module, if this person may edit it and see its learners. Raises NotFound."""
    found = courses.get_module_with_rights(session, person.id if person else None, module_id)
    if found is None:
        raise NotFound
    if not _teaches(person, found.enrolment_role):
        raise _denied(person, found.module.id)
    if found.module.deleted_at is not None and not include_deleted:
        raise NotFound
    return found.module


def teaches(person: Person | None, module: AnyModule) -> bool:
    """Whether this person looks after the module: what they try in it is a preview."""
    if person is None:
        return False
    return person.is_administrator or getattr(module, "enrolment_role", None) == "instructor"


def list_taught_course_ids(session: Session, person: Person) -> list[int] | None:
    """The courses in which this person may teach; None: all of them."""
    return None if person.is_administrator else courses.list_taught_course_ids(session, person.id)


def _denied(person: Person | None, module_id: int) -> NotFound:
    """What looks like a missing thing from outside is a denial to those who look after the place."""
    if person is not None:
        audit.record("denied", f"module:{module_id}", is_refusal=True)
    return NotFound()


def _teaches(person: Person | None, enrolment_role: str | None) -> bool:
    return person is not None and (person.is_administrator or enrolment_role == "instructor")
