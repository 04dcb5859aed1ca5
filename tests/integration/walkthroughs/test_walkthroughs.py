"""Every walkthrough, through the services and through the pages, with the same scores after every step."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from tests.client import Client
from tests.integration.walkthroughs.drivers import PageDriver, ServiceDriver
from tests.integration.walkthroughs.walkthrough import FOLDER, Told, needs, play, read_rows
from webapp.models.account import Account
from webapp.services import clock

FILES = sorted(FOLDER.glob("*.csv"))
THROUGH_PAGES = [path for path in FILES if needs(read_rows(path)) <= PageDriver.abilities]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    """The time, as the walkthrough goes on."""
    told = Told()
    monkeypatch.setattr(clock, "now", told.now)
    return told


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_through_the_services(path: Path, session: Session, told: Told):
    assert play(read_rows(path), session, told, ServiceDriver) > 5


@pytest.mark.parametrize("path", THROUGH_PAGES, ids=lambda path: path.stem)
def test_through_the_pages(path: Path, session: Session, told: Told, client_for: Callable[[Account], Client]):
    rows = read_rows(path)
    assert play(rows, session, told, lambda stage: PageDriver(stage, client_for(stage.account))) > 5


def test_the_walkthroughs_cover_the_rules():
    rules = {(row["what"], row["value"]) for path in FILES for row in read_rows(path) if row["step"] == "set"}
    wanted = {("behaviour", name) for name in ("deferred", "immediate", "tries")}
    wanted |= {
        ("confidence", "asked"),
        ("confidence", "marked"),
        ("overdue", "expire"),
        ("release", "by_hand"),
    }
    assert wanted <= rules
    names = {name for name, _ in rules}
    assert {"try_penalty", "late_credit", "time_limit_s", "attempts_allowed", "closes_at"} <= names
    counts = {row["what"] for path in FILES for row in read_rows(path) if row["step"] == "count"}
    assert counts == {"highest", "first", "last"}
