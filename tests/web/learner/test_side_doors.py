"""Ways around a quiz's rules that no page offers: requests made by hand, guests, what was tried while teaching."""

from __future__ import annotations

from io import BytesIO

import pytest
from sqlalchemy import select

from tests.factories.answers import fields_of, make_module_of_every_type, right_answer, wrong_answer
from tests.factories.people import make_account, make_guest
from tests.factories.rules import set_rules
from tests.factories.unsent import unsent_answer, unsent_file
from tests.web.learner.conftest import Browser
from webapp.extensions import limiter
from webapp.models.attempt import AnswerEvent, Attempt, SectionProgress
from webapp.models.course import Enrolment
from webapp.services.guests import merge_guest
from webapp.views import attempts as views

JSON = {"Accept": "application/json"}
QUESTIONS = 6


@pytest.fixture
def module(session):
    return make_module_of_every_type(session)


@pytest.fixture
def lena(client_for, session) -> Browser:
    """A learner's browser."""
    account = make_account(session)
    browser = Browser(client_for(account), session)
    browser.account_id = account.id
    return browser


@pytest.fixture
def start(lena, module, session):
    """`start(**rules)`: the id of Lena's attempt at the first section's check under these rules."""

    def go(**rules) -> int:
        set_rules(session, module.sections[0], **{"behaviour": "deferred"} | rules)
        lena.client.csrf_post(f"/m/{module.slug}/1/check")
        return lena.attempt().id

    return go


def save(browser, attempt_id, position, *, is_right=True, sequence=None, **more):
    item = browser.item(attempt_id, position)
    answer = right_answer(item) if is_right else wrong_answer(item)
    key = {"position": position, "client_id": "test-client", "client_sequence": sequence or position}
    address = f"/attempts/{attempt_id}/responses"
    return browser.client.csrf_post(address, key | fields_of(position, answer) | more, headers=JSON)


def finish(browser, attempt_id, *, right: int = QUESTIONS) -> None:
    for position in range(1, QUESTIONS + 1):
        assert save(browser, attempt_id, position, is_right=position <= right).status_code == 200
    assert browser.client.csrf_post(f"/attempts/{attempt_id}/submit").status_code == 303


# ---------------------------------------------------------------- gates


def test_the_quiz_of_a_module_waits_for_its_gates(lena, module, session, start):
    set_rules(session, module.id)
    attempt_id = start(is_gate=True, pass_percent=60)
    lena.get(f"/m/{module.slug}")
    assert "It opens when the check of section 1 is passed." in lena.text
    assert not lena.page.xpath("//form[contains(@action, '/quiz')]")
    assert lena.client.csrf_post(f"/m/{module.slug}/quiz").status_code == 409
    finish(lena, attempt_id)
    lena.get(f"/m/{module.slug}")
    lena.press("Start the module quiz")
    assert lena.attempt().is_preview is False


def test_who_teaches_tries_the_quiz_whatever_its_gates(client_for, module, session):
    set_rules(session, module.sections[0], is_gate=True, pass_percent=60)
    set_rules(session, module.id)
    desk = Browser(client_for(make_account(session, "instructor")), session)
    desk.get(f"/m/{module.slug}")
    desk.press("Start the module quiz")
    assert desk.attempt().is_preview


def test_what_is_behind_a_gate_is_neither_entered_nor_read(lena, module, session, start):
    start(is_gate=True, pass_percent=60)
    for path in ("2/open", "2/finish", "1/open"):
        response = lena.client.csrf_post(f"/m/{module.slug}/{path}", {"left": "2"})
        assert response.status_code == 303
    rows = session.scalars(select(SectionProgress).where(SectionProgress.account_id == lena.account_id)).all()
    assert [row.section_id for row in rows] == [module.sections[0].id]
    lena.get(f"/m/{module.slug}/2")
    assert "It opens when the check of section 1 is passed." in lena.text


def test_what_was_tried_while_teaching_opens_no_gate_later(client_for, module, session):
    set_rules(session, module.sections[0], behaviour="deferred", is_gate=True, pass_percent=60)
    person = make_account(session, "instructor")
    browser = Browser(client_for(person), session)
    browser.client.csrf_post(f"/m/{module.slug}/1/check")
    finish(browser, browser.attempt().id)
    session.scalars(select(Enrolment).where(Enrolment.account_id == person.id)).one().role = "learner"
    session.commit()
    browser.client.csrf_post(f"/m/{module.slug}/1/check")
    finish(browser, browser.attempt().id, right=0)
    browser.get(f"/m/{module.slug}/2")
    assert "It opens when the check of section 1 is passed." in browser.text
    browser.get("/progress")
    assert "6 of 6" not in browser.text


# ---------------------------------------------------------------- one way


@pytest.fixture
def one_way(start):
    """`one_way(**rules)`: a check of one question a page with no way back."""
    return lambda **rules: start(one_per_page=True, allows_back=False, **rules)


def test_questions_to_come_take_no_answer_and_are_not_told(lena, one_way):
    attempt_id = one_way()
    ahead = save(lena, attempt_id, 4)
    assert ahead.status_code == 409
    assert "comes later" in ahead.json["message"]
    assert save(lena, attempt_id, 1).status_code == 200
    lena.get(f"/attempts/{attempt_id}/answers")
    told = [place for place in range(1, QUESTIONS + 1) if lena.item(attempt_id, place).stem in lena.text]
    assert told == [1]


def test_questions_that_were_passed_take_no_answer(lena, one_way, session):
    attempt_id = one_way()
    save(lena, attempt_id, 1)
    lena.client.csrf_post(f"/attempts/{attempt_id}/responses", {"then": "next"})
    behind = save(lena, attempt_id, 1, is_right=False, sequence=9)
    assert behind.status_code == 409
    assert save(lena, attempt_id, 1).status_code == 200, "what was acknowledged stays so"
    assert len(session.scalars(select(AnswerEvent)).all()) == 1


@pytest.mark.parametrize(("position", "words"), [(1, "no way back"), (3, "one question after the other")])
def test_only_the_question_at_hand_is_checked(lena, one_way, session, position, words):
    attempt_id = one_way(behaviour="tries", tries_allowed=3)
    save(lena, attempt_id, 1, is_right=False)
    lena.client.csrf_post(f"/attempts/{attempt_id}/responses", {"then": "next"})
    at_hand = {"position": 2, "client_id": "test-client", "client_sequence": 2}
    fields = at_hand | fields_of(2, wrong_answer(lena.item(attempt_id, 2)))
    response = lena.client.csrf_post(f"/attempts/{attempt_id}/{position}/check", fields, headers=JSON)
    assert response.status_code == 409
    assert words in response.json["message"]


# ---------------------------------------------------------------- keys


def test_a_key_that_was_used_says_how_sure_one_was_too(lena, start):
    attempt_id = start(confidence="marked")
    assert save(lena, attempt_id, 1, sequence=5, **{"s1-confidence": "1"}).status_code == 200
    assert save(lena, attempt_id, 1, sequence=5, **{"s1-confidence": "1"}).status_code == 200
    surer = save(lena, attempt_id, 1, sequence=5, **{"s1-confidence": "3"})
    assert surer.status_code == 409
    assert "another answer was saved from it" in surer.json["message"]


def test_a_file_in_which_two_answers_have_one_key_is_refused(lena, start, client_for, module, session):
    attempt_id = start()
    answers = [
        unsent_answer(place, right_answer(lena.item(attempt_id, place)), key=("offline-page", 7))
        for place in (1, 2)
    ]
    desk = client_for(make_account(session, "instructor"))
    response = desk.csrf_post(
        f"/teach/modules/{module.id}/hand-in",
        {"file": (BytesIO(unsent_file(attempt_id, module.slug, *answers)), "a.json")},
        content_type="multipart/form-data",
    )
    assert response.status_code == 422
    assert "two answers have the same “client_sequence” 7" in response.text
    assert session.scalars(select(AnswerEvent)).all() == []


# ---------------------------------------------------------------- guests


def merged(session, guest, account_id) -> list[tuple[int, str, float]]:
    """The attempts of the account after the guest signed in to it."""
    merge_guest(session, guest.id, account_id)
    session.commit()
    session.expire_all()
    query = select(Attempt).where(Attempt.account_id == account_id).order_by(Attempt.number)
    return [(one.number, one.state, float(one.points)) for one in session.scalars(query)]


def test_signing_out_and_in_is_not_one_more_attempt(lena, start, client_for, module, session):
    finish(lena, start(attempts_allowed=1), right=2)
    guest = make_guest(session)
    other = Browser(client_for(guest), session)
    other.client.csrf_post(f"/m/{module.slug}/1/check")
    kept = other.attempt().id
    finish(other, kept)
    assert merged(session, guest, lena.account_id) == [(1, "released", 2)]
    assert session.get_one(Attempt, kept).account_id == guest.id, "nothing is thrown away"
    mine = SectionProgress.account_id == lena.account_id
    assert session.scalars(select(SectionProgress).where(mine)).one().best_points == 2


def test_what_is_left_comes_along_and_an_open_one_beyond_is_closed(lena, start, client_for, module, session):
    reset = start(attempts_allowed=1)
    finish(lena, reset, right=2)
    session.get_one(Attempt, reset).reset_at = session.get_one(Attempt, reset).submitted_at
    session.commit()
    guest = make_guest(session)
    other = Browser(client_for(guest), session)
    other.client.csrf_post(f"/m/{module.slug}/1/check")
    finish(other, other.attempt().id, right=3)
    set_rules(session, module.sections[0], attempts_allowed=2)
    other.client.csrf_post(f"/m/{module.slug}/1/check")
    still_open = other.attempt().id
    set_rules(session, module.sections[0], attempts_allowed=1)
    assert merged(session, guest, lena.account_id) == [(1, "released", 2), (2, "released", 3)]
    assert session.get_one(Attempt, still_open).state == "expired"


def test_where_nothing_is_limited_everything_comes_along(lena, start, client_for, module, session):
    finish(lena, start(), right=2)
    guest = make_guest(session)
    other = Browser(client_for(guest), session)
    other.client.csrf_post(f"/m/{module.slug}/1/check")
    finish(other, other.attempt().id, right=5)
    assert merged(session, guest, lena.account_id) == [(1, "released", 2), (2, "released", 5)]


# ---------------------------------------------------------------- access codes


@pytest.fixture
def few_codes(monkeypatch):
    monkeypatch.setattr(views, "CODES_AN_HOUR", "3 per hour")
    monkeypatch.setattr(views, "GUESTS_CODES_AN_HOUR", "3 per hour")
    limiter.reset()
    yield
    limiter.reset()


@pytest.mark.usefixtures("few_codes")
def test_an_access_code_is_not_guessed_for_ever(lena, module, session, client_for):
    set_rules(session, module.sections[0], behaviour="deferred", access_code="0137")
    set_rules(session, module.id, access_code="9999")
    check, quiz = f"/m/{module.slug}/1/check", f"/m/{module.slug}/quiz"
    assert [
        lena.client.csrf_post(path, {"access_code": "1"}).status_code for path in (check, quiz, check)
    ] == [
        303,
        303,
        303,
    ]
    assert lena.client.csrf_post(check, {"access_code": "0137"}).status_code == 429
    assert session.scalars(select(Attempt)).all() == []
    other = client_for(make_account(session))
    assert other.csrf_post(check, {"access_code": "0137"}).status_code == 303
    assert len(session.scalars(select(Attempt)).all()) == 1
    assert lena.client.csrf_post(f"/m/{module.slug}/2/check").status_code == 303, (
        "without a code nothing counts"
    )


@pytest.mark.usefixtures("few_codes")
def test_guests_guess_together(client, module, session, client_for):
    """Who is a guest can be another one at once: their address counts."""
    set_rules(session, module.sections[0], behaviour="deferred", access_code="0137")
    check = f"/m/{module.slug}/1/check"
    clients = [client, *(client_for(make_guest(session)) for _ in range(3))]
    assert [one.csrf_post(check, {"access_code": "1"}).status_code for one in clients] == [303, 303, 303, 429]


# ---------------------------------------------------------------- a hidden text


def test_a_hint_where_the_text_is_hidden_leads_nowhere_else(lena, start):
    attempt_id = start(behaviour="tries", tries_allowed=3, shows_text=False)
    position = next(p for p in range(1, QUESTIONS + 1) if lena.item(attempt_id, p).type == "gap_text")
    item = lena.item(attempt_id, position)
    for number, word in enumerate(("one", "two"), 1):
        key = {"position": position, "client_id": "test-client", "client_sequence": number}
        lena.client.csrf_post(
            f"/attempts/{attempt_id}/{position}/check", key | fields_of(position, {"text": word})
        )
    lena.get(f"/attempts/{attempt_id}")
    feedback = lena.page.xpath(f"//*[@id='q{position}-feedback']")[0]
    assert item.evidence[0].quote in feedback.text_content()
    assert not feedback.xpath(".//a[starts-with(@href, '#evidence')]")
