"""Two closed courses with everything in them, and one person of every kind: where rights are tested."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.canaries import plant
from tests.factories.attempts import make_attempt, make_quiz
from tests.factories.finished import make_finished_attempt
from tests.factories.modules import gap_item, make_item, make_module
from tests.factories.people import enrol, make_account, make_course, make_guest
from tests.factories.rules import grant
from webapp.models.account import AccessLink, Account
from webapp.models.attempt import AnswerEvent, AttemptSlot
from webapp.models.course import Course
from webapp.models.module import ImportDraft, Module, Section, SectionVersion
from webapp.models.operation import Job
from webapp.models.quiz import Ruling
from webapp.services import clock

INVITATION_SECRET = plant("secret")
ACTORS = (
    "stranger",
    "guest",
    "learner_a",
    "learner_b",
    "outsider",
    "instructor_1",
    "instructor_2",
    "administrator",
    "suspended",
)
"""Learners A and B are in course 1, the outsider in course 2; the suspended learner was in course 1."""


@dataclass(frozen=True)
class World:
    """What there is in course 1, by id: everything is learner A's or instructor 1's."""

    people: dict[str, int]
    module: int
    slug: str
    deleted_module: int
    section: int
    second_section: int
    removed_section: int
    item: int
    proposal: int
    retired_item: int
    open_quiz: int
    finished_check: int
    reset_check: int
    handed_in: int
    """An attempt for which the instructor handed in an answer, as the event of this sequence: 1."""
    draft: int
    job: int
    invitation: int
    ruling: int
    quiz: int
    """The check of the second section, which nobody has started."""
    grant: int
    elsewhere: dict[str, int]
    """A section, an item, an attempt, a learner, a quiz and a grant of course 2, by their names in addresses."""
    secret: str = INVITATION_SECRET


def make_world(session: Session) -> World:
    """Fill an empty database."""
    course_1, course_2 = make_course(session, "Course 1"), make_course(session, "Course 2")
    people = {
        "guest": make_guest(session),
        "learner_a": make_account(session, course=course_1, username="learner a"),
        "learner_b": make_account(session, course=course_1, username="learner b"),
        "outsider": make_account(session, course=course_2, username="outsider"),
        "instructor_1": make_account(session, "instructor", course=course_1, username="instructor 1"),
        "instructor_2": make_account(session, "instructor", course=course_2, username="instructor 2"),
        "administrator": make_account(session, "administrator", username="administrator"),
        "suspended": make_account(session, course=course_1, username="suspended"),
    }
    enrol(session, people["learner_b"], course_2)
    module = make_module(session, course_1, title="Module 1")
    first, second = _sections(session, module)
    text = session.get_one(SectionVersion, second.current_version_id).text
    gap = gap_item(text, "1934", section=str(second.id))
    accepted = [make_item(session, first), make_item(session, second), make_item(session, second, gap)]
    a, teacher = people["learner_a"], people["instructor_1"]
    reset = make_finished_attempt(session, a, first, [False])
    reset.reset_at = clock.now()
    removed = _remove_third_section(session, module)
    return World(
        people={name: account.id for name, account in people.items()},
        module=module.id,
        slug=module.slug,
        deleted_module=make_module(session, course_1, title="Deleted", deleted_at=clock.now()).id,
        section=first.id,
        second_section=second.id,
        removed_section=removed,
        item=accepted[0].id,
        proposal=make_item(session, first, state="proposed", origin="generated").id,
        retired_item=make_item(session, first, state="retired").id,
        open_quiz=make_attempt(session, a, module.id, items=accepted).id,
        finished_check=make_finished_attempt(session, a, first, [True]).id,
        reset_check=reset.id,
        handed_in=_handed_in(session, people["learner_b"], first, teacher),
        draft=_draft(session, teacher),
        job=_job(session, module, teacher),
        invitation=_invitation(session, people["administrator"]),
        ruling=_ruling(session, accepted[0].id, teacher),
        quiz=make_quiz(session, second).id,
        grant=grant(session, module, a, make_quiz(session, second), time_percent=200).id,
        elsewhere=_elsewhere(session, course_2, people["outsider"]),
    )


def _handed_in(session: Session, learner: Account, section: Section, teacher: Account) -> int:
    """Learner B's, from a file."""
    attempt = make_finished_attempt(session, learner, section, [True])
    slot = session.scalars(select(AttemptSlot).where(AttemptSlot.attempt_id == attempt.id)).one()
    session.add(
        AnswerEvent(
            attempt_id=attempt.id,
            position=1,
            client_id="an-offline-page",
            client_sequence=1,
            sequence=1,
            response={"choice": 0},
            saved_at=clock.now(),
            handed_in_by_id=teacher.id,
        )
    )
    slot.sequence = attempt.sequence = 1
    session.commit()
    return attempt.id


def _elsewhere(session: Session, course: Course, learner: Account) -> dict[str, int]:
    module = make_module(session, course, title="Module 2")
    section = _sections(session, module)[0]
    item = make_item(session, section)
    attempt = make_finished_attempt(session, learner, section, [True])
    return {
        "section_id": section.id,
        "item_id": item.id,
        "attempt_id": attempt.id,
        "account_id": learner.id,
        "ruling_id": _ruling(session, item.id, learner),
        "quiz_id": attempt.quiz_id,
        "grant_id": grant(session, module, learner, time_percent=150).id,
    }


def _sections(session: Session, module: Module) -> Sequence[Section]:
    query = select(Section).where(Section.module_id == module.id).order_by(Section.position)
    return session.scalars(query).all()


def _remove_third_section(session: Session, module: Module) -> int:
    other = make_module(session, sections=[("Gone", "This was removed. It said little.")])
    [section] = _sections(session, other)
    section.module_id, section.position, section.removed_at = module.id, 3, clock.now()
    session.delete(other)
    session.commit()
    return section.id


def _draft(session: Session, teacher: Account) -> int:
    now = clock.now()
    draft = ImportDraft(
        account_id=teacher.id,
        title="A draft",
        sections=[{"heading": "", "text": "It is a text. It is short."}],
        notes=[],
        created_at=now,
        updated_at=now,
    )
    session.add(draft)
    session.commit()
    return draft.id


def _job(session: Session, module: Module, teacher: Account) -> int:
    job = Job(
        kind="generate",
        payload={"module_id": module.id},
        module_id=module.id,
        created_by_id=teacher.id,
        created_at=clock.now(),
    )
    session.add(job)
    session.commit()
    return job.id


def _ruling(session: Session, item_id: int, teacher: Account) -> int:
    ruling = Ruling(
        item_id=item_id,
        kind="full",
        up_to_version=1,
        never_lowers=True,
        changes=[],
        made_by_id=teacher.id,
        made_at=clock.now(),
    )
    session.add(ruling)
    session.commit()
    return ruling.id


def _invitation(session: Session, administrator: Account) -> int:
    now = clock.now()
    link = AccessLink(
        purpose="invitation",
        role_name="instructor",
        secret_hash=hashlib.sha256(INVITATION_SECRET.encode()).hexdigest(),
        created_by_id=administrator.id,
        note="",
        created_at=now,
        expires_at=now.replace(year=now.year + 1),
    )
    session.add(link)
    session.commit()
    return link.id
