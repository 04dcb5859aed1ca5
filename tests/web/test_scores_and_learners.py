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
from tests.factories.people import make_account, make_course
from webapp.models.account import Account
from webapp.models.module import Module
from webapp.models.operation import AuditEntry

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

    answer = teacher.csrf_post(
        address, {"profile": "wide", "which": "best", "file_format": "csv"}, buffered=True
    )
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    assert re.search(
        r'filename="?scores-[\w-]+-wide-\d{4}-\d\d-\d\d\.csv', answer.headers["Content-Disposition"]
    )
    (row,) = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""))
    assert row["learner"] == "'=Ada()"
    assert row["total_points"] == "1"

    answer = teacher.csrf_post(
        address, {"profile": "long", "which": "best", "file_format": "xlsx"}, buffered=True
    )
    sheet = load_workbook(io.BytesIO(answer.data)).active
    header, row = sheet.iter_rows(values_only=True)
    assert dict(zip(header, row, strict=True))["learner"] == "=Ada()"

    entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "scores.export")).all()
    assert [entry.subject for entry in entries] == [f"module:{module.id}"] * 2


def test_wrong_choices_are_refused_at_their_field(teacher: Client, module: Module) -> None:
    address = f"/teach/modules/{module.id}/scores"
    answer = teacher.csrf_post(address, {"profile": "wide", "which": "worst", "file_format": "csv"})
    assert answer.status_code == 422
    assert 'href="#which"' in answer.text
    assert teacher.get(address + "?profile=tall&which=best&file_format=csv").status_code == 422


def test_nothing_to_export_is_said(teacher: Client, module: Module) -> None:
    assert "nothing to export yet" in teacher.get(f"/teach/modules/{module.id}/scores").text


def test_another_courses_instructor_finds_nothing(
    session: Session, client_for: ClientFor, module: Module
) -> None:
    other = client_for(make_account(session, "instructor", course=make_course(session)))
    for path in ("learners", "learners/1", "scores"):
        assert other.get(f"/teach/modules/{module.id}/{path}").status_code == 404
    assert other.csrf_post(f"/teach/modules/{module.id}/scores").status_code == 404
