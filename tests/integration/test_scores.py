"""Score exports against the tables they come from."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import event
from sqlalchemy.orm import Session

from tests.factories.attempts import make_attempt
from tests.factories.finished import make_finished_attempt
from tests.factories.modules import make_item, make_module
from tests.factories.people import enrol, make_account, make_cohort, make_course, make_guest
from tests.factories.rules import set_rules
from webapp.extensions import db
from webapp.models.course import Course
from webapp.models.module import Module
from webapp.services import clock
from webapp.services.errors import Conflict, NotFound
from webapp.services.learners import learner_page, list_learners, reset_attempt, restore_attempt
from webapp.services.overdue import Overdue
from webapp.services.personal_data import export_person
from webapp.services.score_files import WRITERS
from webapp.services.scores import Table, export_offer, preview, score_table, write_scores
from webapp.services.sections import remove_section


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


@pytest.fixture
def copies(session: Session, module: Module) -> list[Module]:
    """Two modules of one title, as copying makes them, both answered by one learner."""
    course = _course(module, session)
    made = [
        make_module(session, course, title=title, slug=slug)
        for title, slug in (("Harbours", "harbours"), ("HARBOURS", "harbours-2"))
    ]
    ada = make_account(session, display_name="Ada")
    for number, copy in enumerate(made):
        make_item(session, copy.sections[0])
        make_finished_attempt(session, ada, copy.sections[0], [bool(number)])
    return made


COPIES = [
    "learner_id",
    "learner",
    "username",
    "email",
    "Harbours (harbours) - Section 1: Introduction (points)",
    "Harbours (harbours) - Section 1: Introduction (possible)",
    "HARBOURS (harbours-2) - Section 1: Introduction (points)",
    "HARBOURS (harbours-2) - Section 1: Introduction (possible)",
    "total_points",
    "total_possible",
    "percent",
    "attempts_finished",
    "last_finished_at",
]


@pytest.mark.parametrize("file_format", WRITERS)
def test_two_modules_of_one_title_have_columns_of_their_own(
    session: Session, copies: list[Module], file_format: str
) -> None:
    out = io.BytesIO()
    write_scores(score_table(session, copies, "wide"), file_format, out)
    if file_format == "xlsx":
        columns, row = load_workbook(out).active.iter_rows(values_only=True)
    elif file_format == "csv":
        columns, row = csv.reader(io.StringIO(out.getvalue().decode("utf-8-sig"), newline=""))
    else:
        (record,) = json.loads(out.getvalue())
        columns, row = record.keys(), record.values()
    assert list(columns) == COPIES
    assert [str(cell) for cell in row][4:10] == ["0", "1", "1", "1", "1", "2"]


def test_two_removed_sections_of_one_heading_have_columns_of_their_own(session: Session) -> None:
    module = make_module(session, sections=(("Notes", "One. Two."), ("Notes", "Three. Four."), ("", "Last.")))
    ada = make_account(session)
    for section, right in zip(module.sections[:2], (True, False), strict=True):
        make_item(session, section)
        make_finished_attempt(session, ada, section, [right])
        section.removed_at = clock.now()
    session.commit()
    (row,) = records(score_table(session, [module], "wide"))
    assert row["Removed section: Notes (points)"] == 1
    assert row["Removed section: Notes (2) (points)"] == 0


def test_what_was_earned_in_a_section_stays_when_the_section_is_removed(
    session: Session, module: Module
) -> None:
    ada, bo = (make_account(session, display_name=name) for name in ("Ada", "Bo"))
    first, second = module.sections
    for person in (ada, bo):
        make_finished_attempt(session, person, second, [True, True, person is ada])
    kept = make_finished_attempt(session, ada, first, [True, True, False])
    remove_section(session, module, first.id)
    session.commit()

    rows = records(score_table(session, [module], "wide"))
    assert [name for name in rows[0] if name.endswith("(points)")] == [
        "Section 1: The storm (points)",
        "Removed section: Introduction (points)",
        "Module quiz (points)",
    ]
    assert [row["Removed section: Introduction (points)"] for row in rows] == [2, None]
    assert [(row["total_points"], row["total_possible"]) for row in rows] == [(5, 6), (2, 3)]
    assert [row["attempts_finished"] for row in rows] == [2, 1]
    sections = {row["section"] for row in records(score_table(session, [module], "long"))}
    assert sections == {"The storm", "Introduction (removed)"}

    lines = learner_page(session, module, ada.id).quizzes
    assert [(line.quiz.number, line.quiz.is_removed) for line in lines] == [
        (1, False),
        (None, True),
        (None, False),
    ]
    assert len(learner_page(session, module, bo.id).quizzes) == 2, "where somebody was never is not shown"
    assert [line.points for line in list_learners(session, module)] == [5, 2]

    reset_attempt(session, module, kept.id)
    lines = learner_page(session, module, ada.id).quizzes
    assert [attempt.id for attempt in lines[1].attempts] == [kept.id], "a reset can be taken back"
    restore_attempt(session, module, kept.id)
    assert records(score_table(session, [module], "wide"))[0]["total_points"] == 5


def test_a_removed_section_that_nobody_finished_is_not_in_the_way(session: Session, module: Module) -> None:
    make_attempt(session, make_account(session), module.sections[1])
    remove_section(session, module, module.sections[1].id)
    session.commit()
    assert not any("Removed" in name for name in score_table(session, [module], "wide").columns)


def test_sections_are_numbered_and_counted_as_readers_see_them(session: Session, module: Module) -> None:
    ada = make_account(session)
    make_finished_attempt(session, ada, module.sections[1], [True, True, True])
    assert "Section 2: The storm (points)" in score_table(session, [module], "wide").columns
    (line,) = learner_page(session, module, ada.id).quizzes
    assert line.quiz.number == 2
    assert list_learners(session, module)[0].section_count == 2


def test_an_export_of_some_learners_and_columns(session: Session, module: Module) -> None:
    course = _course(module, session)
    north, empty = (make_cohort(session, course, name) for name in ("North", "Empty"))
    people = [make_account(session, display_name=name) for name in ("Ada", "Bo", "Cy")]
    for person, cohort in zip(people, (north, None, north), strict=True):
        enrol(session, person, course, cohort=cohort)
        make_finished_attempt(session, person, module.sections[0], [True, False, False])
    offer = export_offer(session, module)
    assert [name for _, name, _ in offer.learners] == ["Ada", "Bo", "Cy"]
    assert [cohort.name for cohort in offer.cohorts] == ["North"], f"{empty.name} has nobody"
    chosen = [people[1].id]
    for who, names in (
        ("everybody", ["Ada", "Bo", "Cy"]),
        (f"cohort-{north.id}", ["Ada", "Cy"]),
        ("chosen", ["Bo"]),
    ):
        for profile, rows_each in (("wide", 1), ("long", 3)):
            table = score_table(
                session,
                [module],
                profile,
                learner_ids=offer.learner_ids(who, chosen),
                column_keys={"learner", "percent", "position"},
            )
            assert list(table.columns) == ["learner", "percent" if profile == "wide" else "position"]
            assert [row[0] for row in table.rows] == [name for name in names for _ in range(rows_each)]


def test_a_preview_has_five_rows(session: Session, module: Module) -> None:
    for _ in range(7):
        make_finished_attempt(session, make_account(session), module.sections[0], [True, True, True])
    assert len(list(preview(score_table(session, [module], "wide")).rows)) == 5


def test_learners_page_and_its_refusals(session: Session, module: Module) -> None:
    ada = make_account(session, display_name="Ada")
    attempt = make_finished_attempt(session, ada, module.sections[0], [True, False, True])
    page = learner_page(session, module, ada.id)
    assert page.name == "Ada"
    assert [line.score.points if line.score else None for line in page.quizzes] == [2]
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


def test_resetting_an_open_attempt_hands_it_in(session: Session, module: Module) -> None:
    ada = make_account(session)
    attempt = make_attempt(session, ada, module.sections[0])
    reset_attempt(session, module, attempt.id)
    session.refresh(attempt)
    assert attempt.state == "released"
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


def test_each_quiz_says_which_attempt_counts(session: Session, module: Module) -> None:
    ada = make_account(session)
    for right in ([True, False, False], [True, True, False], [False, False, False]):
        make_finished_attempt(session, ada, module.sections[0], right)
    set_rules(session, module.sections[0], counted="average")
    (row,) = records(score_table(session, [module], "wide"))
    assert row["total_points"] == Decimal("1.00000")
    (line,) = list_learners(session, module)
    assert line.points == 1
    page = learner_page(session, module, ada.id)
    assert [entry.score.attempt_id for entry in page.quizzes if entry.score] == [None]
    set_rules(session, module.sections[0], counted="last")
    (row,) = records(score_table(session, [module], "wide"))
    assert row["total_points"] == 0


def test_what_does_not_count_is_nowhere(session: Session, module: Module) -> None:
    ada, teacher = make_account(session), make_account(session, "instructor")
    practice = make_finished_attempt(session, ada, module.sections[0], [True, True, True])
    tried = make_finished_attempt(session, teacher, module.sections[1], [True, True, True])
    tried.is_preview = True
    set_rules(session, module.sections[0], is_counted=False)
    (row,) = records(score_table(session, [module], "wide"))
    assert row["learner_id"] == ada.id, "who practised is listed, who looked as an instructor is not"
    assert row["attempts_finished"] == 0
    assert not any("Section 1" in name for name in row)
    assert records(score_table(session, [module], "long")) == []
    assert [(line.account_id, line.points) for line in list_learners(session, module)] == [(ada.id, None)]
    assert practice.quiz_id not in {line.quiz.id for line in learner_page(session, module, ada.id).quizzes}
    with pytest.raises(NotFound):
        learner_page(session, module, teacher.id)
    own = [export_person(session, who.id)["attempts"] for who in (ada, teacher)]
    assert [[attempt["counts"] for attempt in attempts] for attempts in own] == [[False], [False]]


def test_overdue_attempts_are_closed_before_scores_are_read(session: Session, module: Module) -> None:
    ada = make_account(session)
    late = clock.now() - timedelta(minutes=5)
    attempt = make_attempt(session, ada, module.sections[0], deadline_at=late)
    for read in (
        lambda: score_table(session, [module], "wide"),
        lambda: list_learners(session, module),
        lambda: learner_page(session, module, ada.id),
    ):
        with pytest.raises(Overdue) as met:
            read()
        assert met.value.attempt_ids == (attempt.id,)
