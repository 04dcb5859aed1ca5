"""Score exports against the tables they come from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from tests.factories.attempts import make_attempt
from tests.factories.finished import make_finished_attempt
from tests.factories.modules import make_item, make_module
from tests.factories.people import enrol, make_account, make_course, make_guest
from webapp.extensions import db
from webapp.models.course import Course
from webapp.models.module import Module
from webapp.services.errors import Conflict, NotFound
from webapp.services.learners import learner_page, list_learners, reset_attempt, restore_attempt
from webapp.services.scores import Table, preview, score_table


@pytest.fixture
def module(session: Session) -> Module:
    module = make_module(session, make_course(session, "Harbours"))
    for section in module.sections:
        for _ in range(3):
            make_item(session, section)
    return module


def records(table: Table) -> list[dict[str, object]]:
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def test_wide_has_a_row_for_everybody_enrolled_and_for_guests_who_tried(
    session: Session, module: Module
) -> None:
    ada = make_account(session, display_name="Ada", username="ada")
    make_account(session, display_name="Stranger")
    bo = make_account(session, display_name="Bo")
    for person in (ada, bo):
        enrol(session, person, session.merge(_course(module, session)))
    guest = make_guest(session)
    first, second = module.sections
    make_finished_attempt(session, ada, first, [True, False, False])
    make_finished_attempt(session, ada, first, [True, True, False])
    make_finished_attempt(session, ada, second, [True, True, True])
    make_finished_attempt(session, guest, first, [False, False, False])

    rows = records(score_table(session, [module], "wide"))

    assert [row["learner"] for row in rows] == ["Ada", "Bo", f"Guest {guest.id}"]
    assert rows[0] | {"last_finished_at": None} == {
        "learner_id": ada.id,
        "learner": "Ada",
        "username": "ada",
        "email": None,
        "Section 1: Introduction (points)": Decimal(2),
        "Section 1: Introduction (possible)": Decimal(3),
        "Section 2: The storm (points)": Decimal(3),
        "Section 2: The storm (possible)": Decimal(3),
        "total_points": Decimal(5),
        "total_possible": Decimal(6),
        "percent": Decimal("83.33"),
        "attempts_finished": 3,
        "last_finished_at": None,
    }
    assert rows[1]["total_points"] is None, "who did nothing has no score, which is not nought"
    assert rows[2]["total_points"] == 0


@pytest.mark.parametrize(("which", "points"), [("best", 2), ("first", 1), ("last", 0)])
def test_which_attempt_counts(session: Session, module: Module, which: str, points: int) -> None:
    ada = make_account(session)
    for right in ([True, False, False], [True, True, False], [False, False, False]):
        make_finished_attempt(session, ada, module.sections[0], right)
    (row,) = records(score_table(session, [module], "wide", which))
    assert row["total_points"] == points


def test_an_open_attempt_and_a_reset_one_do_not_count(session: Session, module: Module) -> None:
    ada = make_account(session)
    done = make_finished_attempt(session, ada, module.sections[0], [True, True, True])
    make_attempt(session, ada, module.sections[1])
    reset_attempt(session, module, done.id)
    (row,) = records(score_table(session, [module], "wide"))
    assert row["total_points"] is None
    assert row["attempts_finished"] == 0
    assert records(score_table(session, [module], "long")) == []
    restore_attempt(session, module, done.id)
    (row,) = records(score_table(session, [module], "wide"))
    assert row["total_points"] == 3


def test_long_has_a_row_for_every_answer(session: Session, module: Module) -> None:
    ada = make_account(session, display_name="Ada")
    attempt = make_finished_attempt(session, ada, module.sections[1], [True, False, True])
    rows = records(score_table(session, [module], "long"))
    assert [row["position"] for row in rows] == [1, 2, 3]
    assert [row["status"] for row in rows] == ["correct", "incorrect", "correct"]
    assert [row["points"] for row in rows] == [1, 0, 1]
    assert {row["seconds"] for row in rows} == {10}
    assert rows[1]["response"] == "Nobody ever came to the place."
    assert {row["section"] for row in rows} == {"The storm"}
    assert {row["course"] for row in rows} == {"Harbours"}
    assert rows[0]["answered_at"] == attempt.started_at + timedelta(seconds=10)


def test_a_course_export_names_each_module(session: Session, module: Module) -> None:
    other = make_module(session, _course(module, session), title="Lighthouses")
    make_item(session, other.sections[0])
    ada = make_account(session)
    make_finished_attempt(session, ada, module.sections[0], [True, True, True])
    make_finished_attempt(session, ada, other.sections[0], [True])
    (row,) = records(score_table(session, [module, other], "wide"))
    assert row["Lighthouses - Section 1: Introduction (points)"] == 1
    assert row["total_points"] == 4


def test_a_preview_has_five_rows(session: Session, module: Module) -> None:
    for _ in range(7):
        make_finished_attempt(session, make_account(session), module.sections[0], [True, True, True])
    assert len(list(preview(score_table(session, [module], "wide")).rows)) == 5


def test_learners_page_and_its_refusals(session: Session, module: Module) -> None:
    ada = make_account(session, display_name="Ada")
    attempt = make_finished_attempt(session, ada, module.sections[0], [True, False, True])
    page = learner_page(session, module, ada.id)
    assert page.name == "Ada"
    assert [line.best.points if line.best else None for line in page.quizzes] == [2]
    with pytest.raises(NotFound):
        learner_page(session, module, make_account(session).id)
    other = make_module(session)
    with pytest.raises(NotFound):
        reset_attempt(session, other, attempt.id)
    with pytest.raises(Conflict):
        restore_attempt(session, module, attempt.id)
    reset_attempt(session, module, attempt.id)
    with pytest.raises(Conflict):
        reset_attempt(session, module, attempt.id)


def test_resetting_an_open_attempt_closes_it(session: Session, module: Module) -> None:
    ada = make_account(session)
    attempt = make_attempt(session, ada, module.sections[0])
    reset_attempt(session, module, attempt.id)
    session.refresh(attempt)
    assert attempt.state == "expired"
    assert make_attempt(session, ada, module.sections[0]).number == 2


def test_lists_take_the_same_queries_for_many_learners(app: Flask, session: Session, module: Module) -> None:
    def statements(work: Callable[[], object]) -> int:
        seen: list[str] = []
        with app.app_context():
            event.listen(db.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
            work()
        return len(seen)

    make_finished_attempt(session, make_account(session), module.sections[0], [True, True, True])
    few = statements(lambda: list_learners(session, module))
    for _ in range(12):
        make_finished_attempt(session, make_account(session), module.sections[0], [True, True, True])
    many = statements(lambda: list_learners(session, module))
    assert len(list_learners(session, module)) == 13
    assert many <= few + 1 <= 7


def _course(module: Module, session: Session) -> Course:
    return session.get_one(Course, module.course_id)
