"""A site with at least one row in every table, all of it as `readcheck check` wants it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.factories.showcase import Showcase, make_showcase
from webapp.models.account import LoginSession, SignInFailure
from webapp.models.attempt import AnswerEvent, AttemptSlot, SlotCheck
from webapp.models.course import Cohort, Course
from webapp.models.item import Item, SpareItem
from webapp.models.module import Section
from webapp.models.operation import AuditEntry
from webapp.models.quiz import QuizOverride, Ruling
from webapp.models.registry import metadata
from webapp.services import clock

ODD_JSON: dict[str, Any] = {"b": [1.5, 1e22, -0.0, 1e-7, 10**30, None, True], "a": "é 🪲 \\u0000 \t", "": {}}
"""Numbers that databases spell in their own ways, and letters that need care."""


def fill_every_table(session: Session) -> Showcase:
    """Fill an empty database."""
    show = make_showcase(session)
    now = clock.now()
    course = session.scalars(select(Course.id)).first()
    item, section = session.get_one(Item, show.proposal), session.get_one(Section, show.section)
    cohort = Cohort(course_id=course, name="Blue", created_at=now)
    session.add(cohort)
    session.flush()
    session.add_all(
        [
            LoginSession(token="t" * 20, account_id=show.learner, created_at=now, user_agent="Käfer/1 🪲"),
            SignInFailure(identity="somebody", address="192.0.2.1", failed_at=now),
            AuditEntry(at=now, action="sign_in", detail=ODD_JSON),
            QuizOverride(course_id=course, cohort_id=cohort.id, extra_s=60, created_at=now, updated_at=now),
            Ruling(
                item_id=item.id, kind="full", up_to_version=1, never_lowers=True, made_at=now, undone_at=now
            ),
            SpareItem(
                section_id=section.id,
                section_version_id=section.current_version_id,
                generated_id="0123456789abcdef",
                recipe="statement_choice",
                level="infer",
                tier="review",
                seed=0,
                generator_version="1.1",
                warnings=[],
                content=item.current_version.content,
                created_at=now,
            ),
        ]
    )
    _remember_answers(session)
    session.commit()
    for table in metadata.sorted_tables:
        assert session.scalar(select(func.count()).select_from(table)), f"{table.name} is empty"
    return show


def _remember_answers(session: Session) -> None:
    """The save that brought each answer."""
    assert session.scalars(select(SlotCheck)).first() is not None
    for slot in session.scalars(select(AttemptSlot).where(AttemptSlot.response.is_not(None))):
        session.add(
            AnswerEvent(
                attempt_id=slot.attempt_id,
                position=slot.position,
                client_id="a-page-of-then",
                client_sequence=slot.position,
                sequence=slot.position,
                response=slot.response,
                saved_at=clock.now() + timedelta(microseconds=17),
            )
        )
