"""Fixing scores by plain forms: the difference, the preview, applying, taking back."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.factories.finished import make_finished_attempt
from tests.factories.modules import make_item, make_module
from tests.factories.people import make_account, sign_in
from tests.pages import Browser
from webapp.models.attempt import Attempt
from webapp.models.operation import AuditEntry
from webapp.models.quiz import Ruling


@pytest.fixture
def module(session):
    module = make_module(session)
    for _ in range(2):
        make_item(session, module.sections[0])
    return module


@pytest.fixture
def desk(client, session, module) -> Browser:
    """An instructor's browser on the page of an item that one learner got wrong and one right."""
    for right in ([False, True], [True, True]):
        make_finished_attempt(session, make_account(session), module.sections[0], right)
    sign_in(client, session, make_account(session, "instructor"))
    desk = Browser(client)
    desk.get(f"/teach/modules/{module.id}/items/1/preview")
    desk.follow("Fix scores")
    return desk


def points(session):
    session.expire_all()
    return [attempt.points for attempt in session.scalars(select(Attempt).order_by(Attempt.id))]


def test_full_credit_with_preview_and_back(desk, session):
    desk.press("See what would change", {"kind": "full", "reason": "Two answers were right."})
    assert "2 attempts, 1 changes. Mean 75.00 to 100.00 %. 1 goes up, nobody goes down." in desk.text
    assert points(session) == [1, 2]
    assert session.scalars(select(Ruling)).all() == []
    desk.press("Change the scores")
    assert "1 attempt has another score." in desk.text
    assert "Two answers were right." in desk.text
    assert points(session) == [2, 2]
    desk.press("Take it back")
    assert "taken back" in desk.text
    assert points(session) == [1, 2]
    actions = [entry.action for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert [one for one in actions if one.startswith("item.regrade")] == ["item.regrade", "item.regrade.undo"]


def test_what_was_not_looked_at_is_not_applied(desk, session, module):
    desk.press("See what would change", {"kind": "full"})
    make_finished_attempt(session, make_account(session), module.sections[0], [False, False])
    desk.press("Change the scores", status=409)
    assert "Look at the preview once more" in desk.text
    assert points(session) == [1, 2, 0]
    desk.press("Change the scores")
    assert points(session) == [2, 2, 1]


def test_a_choice_has_to_be_made_and_what_was_typed_stays(desk):
    desk.press("See what would change", {"reason": "Because."}, status=422)
    assert "Choose what should happen to the answers." in desk.text
    assert desk.page.xpath("//input[@name='reason']/@value") == ["Because."]


def test_an_edit_that_changes_the_key_leads_to_the_scores(desk, session, module):
    desk.get(f"/teach/modules/{module.id}/items/1")
    desk.press("Save", {"key": "1"})
    assert desk.response.request.path.endswith("/regrade")
    assert "What changed in the question" in desk.text
    desk.press("See what would change", {"kind": "key"})
    desk.press("Change the scores")
    assert points(session) == [2, 2], "nobody goes down"


def test_an_item_that_nobody_was_asked(client, session, module):
    sign_in(client, session, make_account(session, "instructor"))
    desk = Browser(client)
    desk.get(f"/teach/modules/{module.id}/items/1/regrade")
    assert "Nobody has been asked this question yet" in desk.text
