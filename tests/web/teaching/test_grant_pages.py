"""The page of extra time and exceptions."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories.attempts import make_attempt
from tests.factories.modules import make_item, make_module
from tests.factories.people import enrol, make_account, make_cohort, open_course
from tests.factories.rules import grant, set_rules
from tests.pages import Browser
from webapp.models.account import Account
from webapp.models.attempt import Attempt
from webapp.models.module import Module
from webapp.models.operation import AuditEntry
from webapp.models.quiz import Quiz, QuizOverride

MINUTE = timedelta(minutes=1)


@pytest.fixture
def ada(session: Session) -> Account:
    return make_account(session, display_name="Ada <b>L.</b>", username="ada")


@pytest.fixture
def quiz(session: Session, module: Module, ada: Account) -> Quiz:
    """Half an hour, and Ada at work."""
    make_item(session, module.sections[0])
    quiz = set_rules(session, module.sections[0], time_limit_s=1800)
    attempt = make_attempt(session, ada, module.sections[0])
    attempt.deadline_at = attempt.started_at + 30 * MINUTE
    session.commit()
    return quiz


@pytest.fixture
def page(desk: Browser, module: Module, quiz: Quiz) -> Browser:
    desk.get(f"/teach/modules/{module.id}/quizzes")
    desk.follow("Extra time and exceptions")
    return desk


def minutes(session: Session) -> float:
    attempt = session.scalars(select(Attempt).execution_options(populate_existing=True)).one()
    assert attempt.deadline_at is not None
    return (attempt.deadline_at - attempt.started_at) / MINUTE


def errors(desk: Browser) -> dict[str, str]:
    links = desk.page.xpath("//div[contains(@class, 'error-summary')]//a")
    return {link.get("href").removeprefix("#"): link.text_content() for link in links}


def test_time_is_granted_changed_and_taken_back_while_an_attempt_runs(
    session: Session, page: Browser, ada: Account, quiz: Quiz
) -> None:
    assert "Nothing is granted yet" in page.text
    assert "comes before what their cohort is" in page.text
    page.press(
        "Grant", {"who": f"account-{ada.id}", "scope": "quiz", "time_percent": "200", "note": "as agreed"}
    )
    assert "Granted. 1 attempt that is running ends at another time now." in page.text
    assert "60 min (30 x 2)" in page.text
    assert "as agreed" in page.text
    assert minutes(session) == 60
    page.follow("Change")
    assert "Change what is granted to Ada <b>L.</b>" in page.text
    page.press("Save", {"time_percent": "", "extra_min": "15", "attempts_allowed": "3"})
    assert "45 min (30 + 15), 3 attempts" in page.text
    assert minutes(session) == 45
    page.press("Remove")
    assert "Ada <b>L.</b>: 45 min (30 + 15), 3 attempts" in page.text
    assert minutes(session) == 45, "not before it is confirmed"
    page.press("Take it back")
    assert "Nothing is granted yet" in page.text
    assert minutes(session) == 30
    trail = session.scalars(
        select(AuditEntry).where(AuditEntry.action.like("grant.%")).order_by(AuditEntry.id)
    ).all()
    assert [entry.action for entry in trail] == ["grant.add", "grant.change", "grant.remove"]
    assert {entry.subject for entry in trail} == {f"quiz:{quiz.id}"}
    assert "as agreed" not in str([entry.detail for entry in trail])


def test_a_cohort_in_the_whole_course(
    session: Session, desk: Browser, module: Module, ada: Account, quiz: Quiz
) -> None:
    evening = make_cohort(session, open_course(session), "Evening")
    enrol(session, ada, open_course(session), cohort=evening)
    desk.get(f"/teach/modules/{module.id}/quizzes/{quiz.id}/grants")
    desk.press("Grant", {"who": f"cohort-{evening.id}", "scope": "course", "time_percent": "150"})
    assert "Evening (cohort) every quiz of the course 45 min (30 x 1.5)" in desk.text
    assert minutes(session) == 45
    desk.press("Remove")
    assert "It holds in every quiz of the course." in desk.text
    desk.press("Take it back")
    assert desk.response is not None
    assert desk.response.request.path.endswith(f"/quizzes/{quiz.id}/grants"), "back where it came from"


def test_removing_without_saying_from_where(
    session: Session, desk: Browser, module: Module, ada: Account, quiz: Quiz
) -> None:
    here = grant(session, module, ada, quiz, time_percent=200)
    response = desk.client.csrf_post(f"/teach/modules/{module.id}/grants/{here.id}/remove")
    assert response.location.endswith(f"/quizzes/{quiz.id}/grants")
    everywhere = grant(session, module, ada, time_percent=200)
    response = desk.client.csrf_post(f"/teach/modules/{module.id}/grants/{everywhere.id}/remove")
    assert response.location.endswith("/quizzes")
    assert session.query(QuizOverride).count() == 0


@pytest.mark.parametrize(
    ("filled", "refused"),
    [
        ({}, {"time_percent": "Say what is granted"}),
        ({"who": ""}, {"who": "Choose"}),
        ({"who": "account-999999", "time_percent": "200"}, {"who": "valid choice"}),
        ({"scope": "world", "time_percent": "200"}, {"scope": "valid choice"}),
        ({"time_percent": "99"}, {"time_percent": "from 100 to 400"}),
        ({"time_percent": "twice"}, {"time_percent": "whole number"}),
        ({"time_percent": "200", "extra_min": "5"}, {"extra_min": "not both"}),
        ({"extra_min": "0"}, {"extra_min": "from 1"}),
        ({"attempts_allowed": "100"}, {"attempts_allowed": "from 1 to 99"}),
        ({"opens_at": "soon"}, {"opens_at": "day and a time"}),
        ({"opens_at": "2026-12-02T08:00", "closes_at": "2026-12-01T08:00"}, {"closes_at": "later than"}),
        ({"time_percent": "200", "note": "x" * 501}, {"note": "500 characters"}),
    ],
)
def test_what_cannot_be_granted_is_said_at_its_field_and_everything_is_kept(
    session: Session, page: Browser, ada: Account, filled: dict[str, str], refused: dict[str, str]
) -> None:
    sent = {"who": f"account-{ada.id}", "scope": "quiz", "note": "kept", **filled}
    page.press("Grant", sent, 422)
    found = errors(page)
    for name, words in refused.items():
        assert words in found[name], found
    for name, value in sent.items():
        if name in {"who", "scope"}:
            continue
        [element] = page.page.xpath(f"//*[@id='{name}']")
        assert (
            (element.text or "").strip() == value
            if element.tag == "textarea"
            else element.get("value") == value
        )
    assert page.page.xpath("//details[not(@open)]//*[contains(@class, 'has-error')]") == []
    assert session.query(QuizOverride).count() == 0


def test_the_same_place_is_not_granted_twice(session: Session, page: Browser, ada: Account) -> None:
    filled = {"who": f"account-{ada.id}", "scope": "quiz", "time_percent": "200"}
    page.press("Grant", filled)
    page.press("Grant", filled, 422)
    assert "already" in errors(page)["who"]


def test_a_grant_of_another_quiz_is_not_changed_here(
    session: Session, desk: Browser, module: Module, ada: Account, quiz: Quiz
) -> None:
    other = set_rules(session, module.sections[1])
    elsewhere = grant(session, module, ada, other, time_percent=200)
    address = f"/teach/modules/{module.id}/quizzes/{quiz.id}/grants?grant={elsewhere.id}"
    desk.get(address, 404)
    assert desk.client.csrf_post(address, {"time_percent": "300"}).status_code == 404
    foreign = make_module(session)
    desk.get(f"/teach/modules/{foreign.id}/quizzes/{quiz.id}/grants", 404)


def test_what_somebody_else_granted_meanwhile_is_not_overwritten(
    session: Session, desk: Browser, module: Module, ada: Account, quiz: Quiz
) -> None:
    """Two have the form open; the later one is told, keeps what was typed, and may save it after all."""
    mine = grant(session, module, ada, quiz, extra_s=600)
    desk.get(f"/teach/modules/{module.id}/quizzes/{quiz.id}/grants?grant={mine.id}")
    mine.extra_s = 3600
    session.commit()
    desk.press("Save", {"note": "Doctor's letter", "extra_min": "20"}, 409)
    assert "Somebody else changed this meanwhile" in desk.text
    assert desk.page.xpath("//input[@name='extra_min']/@value") == ["20"]
    assert "Doctor's letter" in desk.page.xpath("string(//textarea[@name='note'])")
    session.refresh(mine)
    assert (mine.extra_s, mine.note) == (3600, "")
    desk.press("Save")
    session.refresh(mine)
    assert (mine.extra_s, mine.note) == (1200, "Doctor's letter")


def test_a_form_that_does_not_say_what_it_saw_changes_nothing(
    session: Session, desk: Browser, module: Module, ada: Account, quiz: Quiz
) -> None:
    mine = grant(session, module, ada, quiz, extra_s=600)
    address = f"/teach/modules/{module.id}/quizzes/{quiz.id}/grants?grant={mine.id}"
    assert desk.client.csrf_post(address, {"extra_min": "20"}).status_code == 409
    session.refresh(mine)
    assert mine.extra_s == 600
