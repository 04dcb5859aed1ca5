"""Every walkthrough, through the services and through the pages, with the same scores after every step."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from tests.browser.browser_driver import BrowserDriver
from tests.client import Client
from tests.integration.walkthroughs.page_driver import PageDriver
from tests.integration.walkthroughs.service_driver import ServiceDriver
from tests.integration.walkthroughs.stage import Told
from tests.integration.walkthroughs.walkthrough import FILES, STEPS, Row, done_by, needs, play, read_rows
from webapp.models.account import Account
from webapp.models.quiz import BEHAVIOURS, CONFIDENCES, COUNTED, OVERDUE, RELEASES, RULINGS, Quiz
from webapp.services import clock
from webapp.services.grants import FIELDS as GRANTED
from webapp.services.quiz_settings import NAMES as RULES

SAYS_NOTHING = {"mode", "note", "offers_similar"}
"""A rule that only names the others, what is only kept beside a grant, and questions that never earn anything."""


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    """The time, as the walkthrough goes on."""
    told = Told()
    monkeypatch.setattr(clock, "now", told.now)
    return told


@pytest.mark.parametrize("path", done_by(ServiceDriver.abilities), ids=lambda path: path.stem)
def test_through_the_services(path: Path, session: Session, told: Told):
    assert play(read_rows(path), session, told, ServiceDriver) > 3


@pytest.mark.parametrize("path", done_by(PageDriver.abilities), ids=lambda path: path.stem)
def test_through_the_pages(path: Path, session: Session, told: Told, client_for: Callable[[Account], Client]):
    assert play(read_rows(path), session, told, lambda stage: PageDriver(stage, client_for)) > 3


def all_rows() -> list[Row]:
    return [row for path in FILES for row in read_rows(path)]


@pytest.mark.parametrize("driver", [ServiceDriver, PageDriver, BrowserDriver])
def test_every_driver_does_every_walkthrough(driver: type):
    assert len(FILES) >= 79
    assert done_by(driver.abilities) == FILES, "nothing drops out silently"
    assert driver.abilities == set().union(*(needs(read_rows(path)) for path in FILES)), "each is called for"


def test_every_step_is_taken():
    assert {row["step"] for row in all_rows()} == set(STEPS)


def test_every_rule_is_walked_through():
    set_to: dict[str, set[str]] = {}
    for row in all_rows():
        if row["step"] == "set":
            set_to.setdefault(row["what"], set()).add(row["value"])
    assert {"late_credit" if name == "late" else name for name in RULES} - set(set_to) == SAYS_NOTHING & set(
        RULES
    )
    for name, values in {
        "behaviour": BEHAVIOURS,
        "confidence": CONFIDENCES,
        "counted": COUNTED,
        "overdue": OVERDUE,
        "release": RELEASES,
    }.items():
        usual = str(Quiz.__table__.c[name].server_default.arg)
        assert {usual, *set_to[name]} == set(values), name


def test_every_grant_and_every_decision_is_walked_through():
    rows = all_rows()
    granted = {one.split("=")[0] for row in rows if row["step"] == "grant" for one in row["value"].split()}
    assert granted == set(GRANTED) - SAYS_NOTHING
    assert {row["what"] for row in rows if row["step"] == "grant"} == {
        *("learner", "learner course", "cohort", "cohort course")
    }
    assert {row["value"].split()[0] for row in rows if row["step"] == "regrade"} == {*RULINGS, "accept"}
    assert {row["what"] for row in rows if row["step"] == "count"} == {*COUNTED, "counted"}
