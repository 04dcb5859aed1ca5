"""What the rules of a quiz do to its pages: time, codes, gates, what is shown when."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories.answers import fields_of, make_module_of_every_type, right_answer, wrong_answer
from tests.factories.people import make_account, sign_in
from tests.factories.rules import grant, set_rules
from tests.web.learner.conftest import Browser
from webapp.models.quiz import AFTER_CLOSE, LATER
from webapp.services import clock
from webapp.services.grading import release_attempt
from webapp.services.quiz_rules import GRACE
from webapp.services.visibility import JUST_AFTER_FOR

JSON = {"Accept": "application/json"}
MINUTE = timedelta(minutes=1)


@pytest.fixture
def module(session):
    return make_module_of_every_type(session)


@pytest.fixture
def start(reader, module, session):
    """`start(**rules)`: a guest with an open check of the first section under these rules."""

    def start_one(**rules) -> Browser:
        set_rules(session, module.sections[0], **rules)
        reader.get(f"/m/{module.slug}/1")
        reader.press("Start the check")
        return reader

    return start_one


def saved(reader, position, response, sequence=1):
    fields = fields_of(position, response)
    key = {"position": position, "client_id": "test-client", "client_sequence": sequence}
    address = f"/attempts/{reader.attempt().id}/responses"
    return reader.client.csrf_post(address, {**key, **fields}, headers=JSON)


def hand_in(reader):
    """With the page as it is now: it holds what was saved."""
    reader.get(reader.response.request.path)
    reader.press("Look over my answers")
    reader.press("Hand in")


def test_a_check_that_is_handed_in_as_a_whole(start):
    reader = start(behaviour="deferred")
    assert not reader.page.xpath("//button[@formaction]")
    item = reader.item(reader.attempt().id, 1)
    assert saved(reader, 1, right_answer(item)).status_code == 200
    reader.get(reader.response.request.path)
    reader.press("Look over my answers")
    assert "5 questions are not answered" in reader.text
    reader.press("Hand in")
    assert reader.response.request.path.endswith("/1")
    assert "Your score: 1 of 6." in reader.text
    assert item.explanation in reader.response.text
    assert reader.page.xpath("//section[@id='passage']//mark")


def test_the_time_left_is_on_the_page_and_asked_for(start, later):
    reader = start(time_limit_s=600)
    (line,) = reader.page.xpath("//*[@id='time-left']")
    assert line.get("data-deadline") == reader.attempt().deadline_at.isoformat()
    (address,) = reader.page.xpath("//form[@id='answers']/@data-clock")
    answer = reader.client.get(address, headers=JSON)
    assert answer.json["is_open"]
    assert answer.json["deadline_at"] == line.get("data-deadline")
    assert answer.headers["Cache-Control"] == "no-store"
    later(10 * MINUTE + GRACE + timedelta(seconds=1))
    closed = reader.client.get(address, headers=JSON, follow_redirects=True)
    assert not closed.json["is_open"]


@pytest.mark.parametrize("path", ["/m/{slug}/1", "/attempts/{id}/result", "/attempts/{id}"])
def test_any_page_that_meets_an_overdue_attempt_closes_it(start, later, module, path):
    reader = start(time_limit_s=600)
    attempt_id = reader.attempt().id
    assert saved(reader, 1, right_answer(reader.item(attempt_id, 1))).status_code == 200
    later(timedelta(hours=1))
    reader.get(path.format(id=attempt_id, slug=module.slug))
    attempt = reader.attempt()
    reader.session.refresh(attempt)
    assert (attempt.state, attempt.ended_by, attempt.points) == ("released", "deadline", 1)
    assert attempt.submitted_at == attempt.deadline_at
    assert "The time was up" in reader.text


def test_an_answer_that_comes_too_late_is_told_so_and_not_stored(start, later):
    reader = start(time_limit_s=600)
    item = reader.item(reader.attempt().id, 1)
    later(timedelta(hours=1))
    answer = saved(reader, 1, right_answer(item))
    assert answer.status_code == 409
    assert "The time is up" in answer.json["message"]
    attempt = reader.attempt()
    reader.session.refresh(attempt)
    assert (attempt.state, attempt.answered_count, attempt.points) == ("released", 0, 0)


def test_times_and_scores_sent_by_a_browser_are_not_listened_to(start):
    reader = start(time_limit_s=600)
    attempt = reader.attempt()
    item = reader.item(attempt.id, 1)
    more = {
        "deadline_at": "2099-01-01",
        "points": "99",
        "started_at": "2000-01-01",
        "state": "open",
        "score": "1",
    }
    fields = {
        "position": 1,
        "client_id": "test-client",
        "client_sequence": 1,
        **fields_of(1, wrong_answer(item)),
        **more,
    }
    answer = reader.client.csrf_post(f"/attempts/{attempt.id}/responses", fields, headers=JSON)
    before = attempt.deadline_at
    reader.session.refresh(attempt)
    assert (answer.status_code, attempt.deadline_at, attempt.points) == (200, before, 0)


def test_extra_time_is_said_as_it_came_about(client, session, module):
    account = make_account(session)
    set_rules(session, module.sections[0], time_limit_s=1800)
    grant(session, module, account, time_percent=200)
    sign_in(client, session, account)
    reader = Browser(client, session)
    reader.get(f"/m/{module.slug}/1")
    assert "Time: 60 min (30 x 2)" in reader.text


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ({"opens_at": MINUTE}, "It has not opened yet."),
        ({"closes_at": -MINUTE}, "It is closed"),
        ({"attempts_allowed": 0}, "You have used every attempt"),
    ],
)
def test_what_cannot_be_started_says_why_and_has_no_button(reader, module, session, rules, words):
    now = clock.now()
    rules = {name: now + value if isinstance(value, timedelta) else value for name, value in rules.items()}
    set_rules(session, module.sections[0], **rules)
    reader.get(f"/m/{module.slug}/1")
    assert words in reader.text
    assert not reader.page.xpath("//form[contains(@action, '/check')]")
    answer = reader.client.csrf_post(f"/m/{module.slug}/1/check")
    assert answer.status_code == 409


def test_the_access_code_is_asked_for(reader, module, session):
    set_rules(session, module.id, access_code="apple")
    reader.get(f"/m/{module.slug}")
    reader.press("Start the module quiz", {"access_code": "pear"})
    assert "That is not the access code" in reader.text
    assert "apple" not in reader.response.text
    reader.press("Start the module quiz", {"access_code": "apple"})
    assert reader.page.xpath("//form[@id='answers']")


def test_a_text_behind_a_gate_is_not_sent(reader, module, session):
    set_rules(session, module.sections[0], is_gate=True, pass_percent=60)
    words = module.sections[1].current_version.text.split(".")[0]
    reader.get(f"/m/{module.slug}/2")
    assert "It opens when the check of section 1 is passed." in reader.text
    assert words not in reader.response.text
    assert reader.client.csrf_post(f"/m/{module.slug}/2/check").status_code == 409


def test_a_hidden_text_is_not_sent(start, module):
    words = module.sections[0].current_version.text.split(".")[0]
    reader = start(behaviour="deferred", shows_text=False)
    assert words not in reader.response.text
    hand_in(reader)
    assert words in reader.page.xpath("string(//section[@id='passage'])")


def test_a_result_that_is_not_released_shows_nothing(start, session):
    reader = start(behaviour="deferred", release="by_hand")
    item = reader.item(reader.attempt().id, 1)
    saved(reader, 1, wrong_answer(item))
    hand_in(reader)
    attempt = reader.attempt()
    assert attempt.state == "graded"
    for path in (reader.response.request.path, f"/attempts/{attempt.id}/result"):
        reader.get(path)
        assert "You see the result here when it is released." in reader.text
        assert item.explanation not in reader.response.text
        assert "mark" not in [element.tag for element in reader.page.iter()]
    assert release_attempt(session, attempt.id)
    session.commit()
    reader.get(f"/attempts/{attempt.id}/result")
    assert item.explanation in reader.response.text


def test_what_is_shown_follows_the_four_moments(start, later):
    """Points from the beginning, what was right two minutes later, why only after the quiz is closed."""
    rules = {
        "show_correctness": LATER | AFTER_CLOSE,
        "show_key": AFTER_CLOSE,
        "show_explanation": AFTER_CLOSE,
    }
    reader = start(behaviour="deferred", closes_at=clock.now() + timedelta(days=1), **rules)
    attempt_id = reader.attempt().id
    item = reader.item(attempt_id, 1)
    saved(reader, 1, wrong_answer(item))
    hand_in(reader)
    path = f"/attempts/{attempt_id}/result"
    reader.get(path)
    first = reader.page.xpath("string(//section[@id='q1'])")
    assert "What was right is shown later." in first
    assert "Not quite" not in first
    assert item.options[1].text in first, "their own answer"
    later(JUST_AFTER_FOR)
    reader.get(path)
    second = reader.page.xpath("string(//section[@id='q1'])")
    assert "Not quite." in second
    assert item.options[0].text not in second
    assert item.explanation not in reader.response.text
    later(timedelta(days=1))
    reader.get(path)
    assert item.explanation in reader.response.text
    assert item.options[0].text in reader.page.xpath("string(//section[@id='q1'])")


def test_a_try_that_was_not_right_points_at_the_paragraph_then_at_the_sentence(start):
    reader = start(behaviour="tries", tries_allowed=3, try_penalty=33)
    item = reader.item(reader.attempt().id, 3)
    reader.check(3, {"text": "one"})
    assert "Not quite. 2 tries left." in reader.text
    assert "Look again at this paragraph" in reader.text
    assert reader.page.xpath("//fieldset[@id='q3']")
    reader.check(3, {"text": "two"})
    assert "Not quite. 1 try left." in reader.text
    assert "This sentence decides it" in reader.text
    assert item.explanation not in reader.page.xpath("string(//*[@id='q3'])")
    reader.check(3, right_answer(item))
    assert "Correct. It earned 34 %." in reader.text


def test_one_question_a_page_by_plain_forms(start):
    reader = start(behaviour="deferred", one_per_page=True, allows_back=False)
    items = [reader.item(reader.attempt().id, position) for position in range(1, 7)]
    for position, item in enumerate(items, start=1):
        assert [one.get("id") for one in reader.page.xpath("//fieldset[contains(@class, 'question')]")] == [
            f"q{position}"
        ]
        assert "Previous question" not in reader.text
        name = "Next question" if position < 6 else "Look over my answers"
        reader.press(name, fields_of(position, right_answer(item)))
    reader.press("Hand in")
    assert "Your score: 6 of 6." in reader.text


def test_a_question_that_is_checked_on_a_page_of_its_own_leads_on(start):
    reader = start(behaviour="immediate", one_per_page=True)
    for position in range(1, 7):
        item = reader.item(reader.attempt().id, position)
        reader.check(position, right_answer(item))
        if position == 3:
            reader.press("Previous question")
            assert reader.page.xpath("//*[@id='q2']")
            reader.press("Next question")
        if position < 6:
            reader.press("Next question")
    assert "Your score: 6 of 6." in reader.text


def test_only_the_learner_is_led_on(start, client_for, session):
    reader = start(behaviour="immediate", one_per_page=True)
    address = f"/attempts/{reader.attempt().id}/responses"
    for then in ("next", "confirm"):
        other = client_for(make_account(session)).csrf_post(address, {"then": then})
        assert other.status_code == 404
    nothing = reader.client.csrf_post(address, {"then": "next"}, headers=JSON)
    assert (nothing.status_code, reader.attempt().at_position) == (303, 2)


def test_who_teaches_can_try_a_check_and_a_quiz_whatever_their_rules(module, session, client_for):
    soon = clock.now() + MINUTE
    for place in (module.sections[0], module.id):
        set_rules(session, place, opens_at=soon, access_code="apple", attempts_allowed=1)
    for who, may in (("learner", False), ("instructor", True)):
        client = client_for(make_account(session, who))
        for place, start in ((f"/m/{module.slug}/1", "check"), (f"/m/{module.slug}", "quiz")):
            page = client.get(place).text
            assert (
                f'action="/m/{module.slug}/1/check"' in page or f'action="/m/{module.slug}/quiz"' in page
            ) == may
            assert ("attempt left" in page) != may, start
            assert 'name="access_code"' not in page


def test_how_sure_one_is_is_asked_and_kept(start):
    reader = start(behaviour="deferred", confidence="asked")
    assert "How sure are you?" in reader.text
    item = reader.item(reader.attempt().id, 1)
    reader.press("Save answers", {**fields_of(1, right_answer(item)), "s1-confidence": "3"})
    assert reader.page.xpath("//input[@name='s1-confidence'][@value='3'][@checked]")


@pytest.mark.parametrize("level", ["0", "4", "x"])
def test_a_level_that_there_is_not_is_refused(start, level):
    reader = start(behaviour="deferred", confidence="asked")
    fields = {
        "position": 1,
        "client_id": "test-client",
        "client_sequence": 1,
        "s1-choice": 0,
        "s1-confidence": level,
    }
    answer = reader.client.csrf_post(f"/attempts/{reader.attempt().id}/responses", fields, headers=JSON)
    assert answer.status_code == 400


def test_who_looks_after_the_module_only_tries_it(client, session, module):
    sign_in(client, session, make_account(session, "administrator"))
    reader = Browser(client, session)
    reader.get(f"/m/{module.slug}/1")
    reader.press("Start the check")
    assert "It counts nowhere." in reader.text
    assert reader.attempt().is_preview
