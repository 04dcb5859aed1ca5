"""Who may do what: every level for every person, every kind of module for every relation to its course."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests.factories.modules import make_module
from tests.factories.people import enrol, make_account, make_course, open_course
from webapp.services import access, clock
from webapp.services.access import Person, Verdict
from webapp.services.errors import NotFound

GUEST = Person(1, is_guest=True)
LEARNER = Person(2, role_names=frozenset({"learner"}))
TEACHER = Person(3, role_names=frozenset({"instructor"}), teaches=True)
RETIRED = Person(4, role_names=frozenset({"instructor"}))
"""Has the role and teaches nowhere."""
ADMINISTRATOR = Person(5, role_names=frozenset({"administrator"}))

A, S, F = Verdict.ALLOWED, Verdict.SIGN_IN, Verdict.FORBIDDEN


@pytest.mark.parametrize(
    ("level", "stranger", "guest", "learner", "retired", "teacher", "administrator"),
    [
        ("everyone", A, A, A, A, A, A),
        ("person", S, A, A, A, A, A),
        ("account", S, S, A, A, A, A),
        ("instructor", S, S, F, F, A, A),
        ("administrator", S, S, F, F, F, A),
    ],
)
def test_levels(level, stranger, guest, learner, retired, teacher, administrator) -> None:
    people = (None, GUEST, LEARNER, RETIRED, TEACHER, ADMINISTRATOR)
    assert [access.judge(level, person) for person in people] == [
        stranger,
        guest,
        learner,
        retired,
        teacher,
        administrator,
    ]


@pytest.mark.parametrize(
    ("person", "name"),
    [
        (Person(1, display_name="Anna", username="a", email="a@b.c"), "Anna"),
        (Person(1, username="a", email="a@b.c"), "a"),
        (Person(1, email="a@b.c"), "a@b.c"),
        (GUEST, ""),
    ],
)
def test_what_people_are_called(person: Person, name: str) -> None:
    assert person.name == name


def someone(session: Session, relation: str, course) -> Person | None:
    """A person who stands to the course as said."""
    if relation == "stranger":
        return None
    if relation == "administrator":
        account = make_account(session, "administrator")
        return Person(account.id, role_names=frozenset({"administrator"}))
    account = make_account(session)
    if relation != "outside":
        enrol(session, account, course, role=relation)
    return Person(account.id)


READS = {  # (course is open, module) -> who reads it
    (True, "published"): {"stranger", "outside", "learner", "assistant", "instructor", "administrator"},
    (True, "draft"): {"instructor", "administrator"},
    (True, "deleted"): set(),
    (False, "published"): {"learner", "assistant", "instructor", "administrator"},
    (False, "draft"): {"instructor", "administrator"},
    (False, "deleted"): set(),
}
RELATIONS = ("stranger", "outside", "learner", "assistant", "instructor", "administrator")


@pytest.mark.parametrize("relation", RELATIONS)
@pytest.mark.parametrize(("is_open", "state"), READS)
def test_reading_and_teaching(session: Session, is_open: bool, state: str, relation: str) -> None:
    course = make_course(session, is_open=is_open)
    deleted_at = clock.now() if state == "deleted" else None
    module = make_module(
        session, course, state="published" if state == "deleted" else state, deleted_at=deleted_at
    )
    person = someone(session, relation, course)
    if relation in READS[is_open, state]:
        assert access.get_module_to_read(session, person, module.slug).id == module.id
    else:
        with pytest.raises(NotFound):
            access.get_module_to_read(session, person, module.slug)
    teaches = relation in {"instructor", "administrator"}
    for include_deleted in (False, True):
        if teaches and (state != "deleted" or include_deleted):
            found = access.get_module_to_teach(session, person, module.id, include_deleted=include_deleted)
            assert found.id == module.id
        else:
            with pytest.raises(NotFound):
                access.get_module_to_teach(session, person, module.id, include_deleted=include_deleted)


def test_what_does_not_exist_is_not_found(session: Session) -> None:
    for slug in ("nothing", "", "a\0b"):
        with pytest.raises(NotFound):
            access.get_module_to_read(session, ADMINISTRATOR, slug)
    with pytest.raises(NotFound):
        access.get_module_to_teach(session, ADMINISTRATOR, 4711)


def test_the_courses_one_teaches(session: Session) -> None:
    teacher = make_account(session, "instructor")
    second = make_course(session)
    enrol(session, teacher, second, role="instructor")
    enrol(session, teacher, make_course(session), role="learner")
    person = Person(teacher.id, teaches=True)
    assert access.list_taught_course_ids(session, person) == [open_course(session).id, second.id]
    assert access.list_taught_course_ids(session, ADMINISTRATOR) is None, "all of them"
