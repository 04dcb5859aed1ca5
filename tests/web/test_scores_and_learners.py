"""The instructor's pages of learners and scores."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.client import Client
from tests.factories.finished import make_finished_attempt
from tests.factories.modules import make_item, make_module
from tests.factories.people import enrol, make_account, make_cohort, make_course
from webapp.models.account import Account
from webapp.models.module import Module
from webapp.models.operation import AuditEntry
from webapp.services.sections import remove_section

ClientFor = Callable[[Account], Client]


@pytest.fixture
def module(session: Session) -> Module:
    module = make_module(session)
    for section in module.sections:
        make_item(session, section)
    return module


@pytest.fixture
def teacher(session: Session, client_for: ClientFor) -> Client:
    return client_for(make_account(session, "instructor"))


def choices(**changed: object) -> dict[str, object]:
    """What the form sends, with these changes."""
    return {
        "who": "everybody",
        "profile": "wide",
        "which": "best",
        "wide_columns": ["learner"],
        "long_columns": ["learner", "position", "status"],
        "file_format": "csv",
        **changed,
    }


def preview_of(page: str) -> list[list[str]]:
    """The table of the first rows, head and cells, as text."""
    rows = re.findall(r"<tr>(.*?)</tr>", page[page.index("<table") :], re.DOTALL)
    return [
        [
            re.sub(r"<[^>]+>", "", cell).strip()
            for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
        ]
        for row in rows
    ]


def test_an_empty_list_says_what_it_is_for(teacher: Client, module: Module) -> None:
    page = teacher.get(f"/teach/modules/{module.id}/learners").text
    assert "Nobody has been here yet" in page


def test_learners_are_listed_and_an_attempt_is_reset_and_restored(
    session: Session, teacher: Client, module: Module
) -> None:
    ada = make_account(session, display_name="Ada <b>L.</b>")
    attempt = make_finished_attempt(session, ada, module.sections[0], [True])
    page = teacher.get(f"/teach/modules/{module.id}/learners").text
    assert "Ada &lt;b&gt;L.&lt;/b&gt;" in page
    assert "1 of 1" in page

    address = f"/teach/modules/{module.id}/learners/{ada.id}"
    assert "Best" in teacher.get(address).text
    answer = teacher.csrf_post(f"/teach/modules/{module.id}/attempts/{attempt.id}/reset")
    assert (answer.status_code, answer.location) == (303, address)
    assert "Does not count" in teacher.get(address).text
    again = teacher.csrf_post(f"/teach/modules/{module.id}/attempts/{attempt.id}/reset")
    assert again.status_code == 409
    assert "reset already" in again.text
    teacher.csrf_post(f"/teach/modules/{module.id}/attempts/{attempt.id}/restore")
    assert "Does not count" not in teacher.get(address).text


def test_a_stranger_to_the_module_is_not_found(session: Session, teacher: Client, module: Module) -> None:
    nobody = make_account(session)
    assert teacher.get(f"/teach/modules/{module.id}/learners/{nobody.id}").status_code == 404


def test_the_preview_and_the_download_hold_the_same_rows(
    session: Session, teacher: Client, module: Module
) -> None:
    ada = make_account(session, display_name="=Ada()")
    make_finished_attempt(session, ada, module.sections[0], [True])
    address = f"/teach/modules/{module.id}/scores"
    assert "=Ada()" in teacher.get(address).text

    answer = teacher.csrf_post(address, choices(wide_columns=["learner", "total_points"]), buffered=True)
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    assert re.search(
        r'filename="?scores-[\w-]+-wide-\d{4}-\d\d-\d\d\.csv', answer.headers["Content-Disposition"]
    )
    (row,) = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""))
    assert row == {"learner": "'=Ada()", "total_points": "1"}

    answer = teacher.csrf_post(address, choices(profile="long", file_format="xlsx"), buffered=True)
    sheet = load_workbook(io.BytesIO(answer.data)).active
    header, row = sheet.iter_rows(values_only=True)
    assert dict(zip(header, row, strict=True))["learner"] == "=Ada()"

    entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "scores.export")).all()
    assert [entry.subject for entry in entries] == [f"module:{module.id}"] * 2


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"which": "worst"}, "which"),
        ({"profile": "tall"}, "profile"),
        ({"who": "cohort-99"}, "who"),
        ({"who": "chosen"}, "learners"),
        ({"who": "chosen", "learners": ["99"]}, "learners"),
        ({"who": "chosen", "learners": ["everybody"]}, "learners"),
        ({"wide_columns": []}, "wide_columns"),
        ({"wide_columns": ["password"]}, "wide_columns"),
        ({"profile": "long", "long_columns": []}, "long_columns"),
    ],
)
def test_wrong_choices_are_refused_at_their_field(
    session: Session, teacher: Client, module: Module, wrong: dict[str, object], field: str
) -> None:
    make_finished_attempt(session, make_account(session), module.sections[0], [True])
    address = f"/teach/modules/{module.id}/scores"
    for button in ({}, {"preview": "1"}):
        answer = teacher.csrf_post(address, choices(**wrong) | button)
        assert answer.status_code == 422
        assert f'href="#{field}"' in answer.text
        assert f'<fieldset id="{field}"' in answer.text
    fragment = teacher.csrf_post(address, choices(**wrong), headers={"X-Requested-With": "fetch"})
    assert fragment.status_code == 200, (
        "a script's question is answered; a 4xx would be an error in the console"
    )
    assert "error-text" in fragment.text
    assert "<h1" not in fragment.text


def test_the_preview_keeps_the_choices_and_leaves_no_audit_entry(
    session: Session, teacher: Client, module: Module
) -> None:
    ada, bo = (make_account(session, display_name=name) for name in ("Ada", "Bo"))
    for person in (ada, bo):
        make_finished_attempt(session, person, module.sections[0], [True])
    address = f"/teach/modules/{module.id}/scores"
    wanted = choices(
        who="chosen",
        learners=[str(bo.id)],
        wide_columns=["learner", "percent"],
        file_format="xlsx",
        preview="1",
    )
    page = teacher.csrf_post(address, wanted).text
    assert preview_of(page) == [["learner", "percent"], ["Bo", "100"]]
    ticked = {
        (name, value)
        for tag in re.findall(r"<input[^>]* checked[^>]*>", page)
        for name, value in [(re.search(r'name="(\w+)"', tag)[1], re.search(r'value="([^"]+)"', tag)[1])]
    }
    assert ticked >= {
        ("who", "chosen"),
        ("learners", str(bo.id)),
        ("wide_columns", "learner"),
        ("wide_columns", "percent"),
        ("file_format", "xlsx"),
    }
    assert ("wide_columns", "email") not in ticked
    assert ("learners", str(ada.id)) not in ticked

    fragment = teacher.csrf_post(address, wanted, headers={"X-Requested-With": "fetch"}).text
    assert preview_of(fragment) == [["learner", "percent"], ["Bo", "100"]]
    assert "<h1" not in fragment
    assert not session.scalars(select(AuditEntry).where(AuditEntry.action == "scores.export")).all()


def test_a_cohort_is_exported_by_its_name(session: Session, client_for: ClientFor) -> None:
    course = make_course(session)
    module = make_module(session, course)
    north = make_cohort(session, course, "North")
    enrol(session, make_account(session, display_name="Ada"), course, cohort=north)
    enrol(session, make_account(session, display_name="Bo"), course)
    teacher = client_for(make_account(session, "instructor", course=course))
    address = f"/teach/modules/{module.id}/scores"
    assert "the cohort North" in teacher.get(address).text
    answer = teacher.csrf_post(
        address,
        choices(who=f"cohort-{north.id}", wide_columns=["learner"], file_format="json"),
        buffered=True,
    )
    assert answer.json == [{"learner": "Ada"}]
    (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "scores.export"))
    assert entry.detail == {"profile": "wide", "format": "json", "who": f"cohort-{north.id}"}


def test_a_removed_section_is_called_so(session: Session, teacher: Client, module: Module) -> None:
    ada = make_account(session)
    make_finished_attempt(session, ada, module.sections[1], [True])
    remove_section(session, module, module.sections[1].id)
    page = teacher.get(f"/teach/modules/{module.id}/learners/{ada.id}").text
    assert "Removed section: The storm" in page
    assert "no longer in the module" in page


@pytest.mark.parametrize("profile", ["wide", "long"])
def test_the_page_asks_as_often_for_many_learners(
    session: Session, teacher: Client, module: Module, count_queries: Callable[..., object], profile: str
) -> None:
    def statements() -> int:
        with count_queries() as seen:
            page = teacher.csrf_post(
                f"/teach/modules/{module.id}/scores", choices(profile=profile, preview="1")
            )
        assert page.status_code == 200
        return len(seen)

    make_finished_attempt(session, make_account(session), module.sections[0], [True])
    few = statements()
    for _ in range(12):
        make_finished_attempt(session, make_account(session), module.sections[0], [True])
    assert statements() <= few


def test_nothing_to_export_is_said(teacher: Client, module: Module) -> None:
    assert "nothing to export yet" in teacher.get(f"/teach/modules/{module.id}/scores").text


def test_another_courses_instructor_finds_nothing(
    session: Session, client_for: ClientFor, module: Module
) -> None:
    other = client_for(make_account(session, "instructor", course=make_course(session)))
    for path in ("learners", "learners/1", "scores"):
        assert other.get(f"/teach/modules/{module.id}/{path}").status_code == 404
    assert other.csrf_post(f"/teach/modules/{module.id}/scores").status_code == 404
