"""What is not shown yet is nowhere to be found: on no page, in no receipt, in no copy of one's own data."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

from tests.factories.answers import fields_of, make_module_of_every_type, right_answer, wrong_answer
from tests.factories.people import make_account
from tests.factories.rules import set_rules
from tests.web.learner.conftest import Browser
from webapp.models.quiz import AFTER_CLOSE, ALWAYS, LATER
from webapp.services import clock
from webapp.services.grading import release_attempt
from webapp.services.visibility import JUST_AFTER_FOR

JSON = {"Accept": "application/json"}
RIGHT, QUESTIONS = 2, 6
SCORE = re.compile(rf"(?<!Question ){RIGHT} of {QUESTIONS}")


@pytest.fixture
def settings(each_settings):
    """On both databases: which points are told is decided in a query."""
    return each_settings


@pytest.fixture
def module(session):
    return make_module_of_every_type(session)


@pytest.fixture
def lena(client_for, session) -> Browser:
    """A learner's browser."""
    return Browser(client_for(make_account(session)), session)


@pytest.fixture
def finish(lena, module, session):
    """`finish(**rules)`: an attempt at the first section's check with two right answers, handed in; its id."""

    def go(place=None, **rules) -> int:
        set_rules(session, place or module.sections[0], **{"behaviour": "deferred"} | rules)
        path = f"/m/{module.slug}/quiz" if place else f"/m/{module.slug}/1/check"
        assert lena.client.csrf_post(path).status_code == 303
        attempt_id = lena.attempt().id
        for position in range(1, QUESTIONS + 1):
            save(lena, attempt_id, position, is_right=position <= RIGHT)
        assert lena.client.csrf_post(f"/attempts/{attempt_id}/submit").status_code == 303
        return attempt_id

    return go


def save(browser: Browser, attempt_id: int, position: int, *, is_right: bool) -> None:
    item = browser.item(attempt_id, position)
    answer = right_answer(item) if is_right else wrong_answer(item)
    key = {"position": position, "client_id": "test-client", "client_sequence": position}
    address = f"/attempts/{attempt_id}/responses"
    assert (
        browser.client.csrf_post(address, key | fields_of(position, answer), headers=JSON).status_code == 200
    )


def own_data(browser: Browser) -> dict:
    response = browser.client.csrf_post("/account/data")
    assert response.status_code == 200
    return json.loads(response.text)


def receipt(browser: Browser, attempt_id: int) -> dict:
    return json.loads(browser.client.get(f"/attempts/{attempt_id}/receipt").text)


def pages_with_points(browser: Browser, module, attempt_id: int) -> list[str]:
    paths = (f"/m/{module.slug}", f"/m/{module.slug}/1", "/progress", f"/attempts/{attempt_id}/result")
    return [path for path in paths if SCORE.search((browser.get(path), browser.text)[1])]


def test_points_that_are_not_shown_are_on_no_page(lena, finish, module, later):
    """Two minutes after handing in nothing yet, then everywhere."""
    attempt_id = finish(show_points=LATER)
    assert pages_with_points(lena, module, attempt_id) == []
    later(JUST_AFTER_FOR)
    assert len(pages_with_points(lena, module, attempt_id)) == 4


def test_points_are_held_back_until_the_learners_own_end(lena, finish, module, later):
    attempt_id = finish(show_points=AFTER_CLOSE, closes_at=clock.now() + timedelta(days=1))
    later(timedelta(hours=23))
    assert pages_with_points(lena, module, attempt_id) == []
    later(timedelta(hours=2))
    assert len(pages_with_points(lena, module, attempt_id)) == 4


def test_the_sections_worth_reading_again_do_not_give_the_points_away(lena, finish, module, session):
    attempt_id = finish(place=module.id, show_points=0, show_key=0)
    lena.get(f"/attempts/{attempt_id}/result")
    reread = lena.page.xpath("string(//*[@class='reread'])")
    assert "Introduction" in reread or "Part" in reread
    assert " of " not in reread
    lena.get("/progress")
    assert not SCORE.search(lena.text)
    set_rules(session, module.id, show_points=ALWAYS)
    lena.get(f"/attempts/{attempt_id}/result")
    assert " of " in lena.page.xpath("string(//*[@class='reread'])")


def test_the_quiz_of_a_module_tells_its_points_on_the_progress_page_when_they_are_shown(
    lena, finish, module, session
):
    attempt_id = finish(place=module.id, show_points=0)
    lena.get("/progress")
    row = "string(//tr[th/a[contains(@href, '/result')]])"
    assert lena.page.xpath(row).split() == ["Module", "quiz", "Completed", "–", "–", "1"]
    set_rules(session, module.id, show_points=ALWAYS)
    lena.get("/progress")
    points = lena.attempt().points
    assert f"{points:.0f} of {lena.attempt().slot_count}" in " ".join(lena.page.xpath(row).split())
    assert attempt_id == lena.attempt().id


@pytest.mark.parametrize("rules", [{"release": "by_hand"}, {"show_points": 0, "show_correctness": 0}])
def test_what_is_held_back_is_in_no_copy_of_ones_own_data(lena, finish, rules):
    finish(**rules)
    data = own_data(lena)
    (attempt,) = data["attempts"]
    assert attempt["points"] is None
    assert {answer["status"] for answer in attempt["answers"]} == {None}
    assert {answer["score"] for answer in attempt["answers"]} == {None}
    assert all(answer["response"] for answer in attempt["answers"]), "what they answered is theirs"
    assert [row["best_points"] for row in data["progress"]] == [None]


def test_what_is_shown_is_in_the_copy(lena, finish):
    finish()
    data = own_data(lena)
    (attempt,) = data["attempts"]
    assert float(attempt["points"]) == RIGHT
    assert [answer["status"] for answer in attempt["answers"]].count("correct") == RIGHT
    assert [float(row["best_points"]) for row in data["progress"]] == [RIGHT]


def test_a_question_that_was_checked_tells_nothing_in_the_copy_either(lena, module, session):
    set_rules(
        session,
        module.sections[0],
        behaviour="immediate",
        show_correctness=AFTER_CLOSE,
        show_points=AFTER_CLOSE,
    )
    lena.client.csrf_post(f"/m/{module.slug}/1/check")
    attempt_id = lena.attempt().id
    save(lena, attempt_id, 1, is_right=True)
    lena.client.csrf_post(f"/attempts/{attempt_id}/1/check")
    (attempt,) = own_data(lena)["attempts"]
    assert (attempt["state"], attempt["points"]) == ("open", None)
    assert {(answer["status"], answer["score"]) for answer in attempt["answers"]} == {(None, None)}


def test_a_receipt_tells_points_when_they_are_shown(lena, finish, session):
    attempt_id = finish(release="by_hand")
    before = receipt(lena, attempt_id)
    assert "points" not in before
    assert release_attempt(session, attempt_id)
    session.commit()
    after = receipt(lena, attempt_id)
    assert float(after["points"]) == RIGHT
    hashes = [[question["sha256"] for question in one["questions"]] for one in (before, after)]
    assert hashes[0] != hashes[1], "the score is in the hash once it may be seen, and not before"


def test_no_link_to_the_proof_before_the_key_is_shown(lena, finish, module, session):
    """Where the answer stands in the text tells which answer is right."""
    attempt_id = finish(show_key=0)
    item = lena.item(attempt_id, QUESTIONS)
    lena.get(f"/attempts/{attempt_id}/result")
    assert "mark=" not in lena.response.text
    assert f"“{item.evidence[0].quote}”" not in lena.text
    lena.get(f"/m/{module.slug}/1")
    assert "evidence" not in lena.response.text.split('id="check-foot"')[0] or not lena.page.xpath("//mark")
    set_rules(session, module.sections[0], show_key=ALWAYS)
    lena.get(f"/attempts/{attempt_id}/result")
    assert "mark=" in lena.response.text


def test_partly_right_without_its_points(lena, module, session):
    set_rules(session, module.sections[0], behaviour="deferred", show_points=0)
    lena.client.csrf_post(f"/m/{module.slug}/1/check")
    attempt_id = lena.attempt().id
    places = range(1, QUESTIONS + 1)
    position = next(one for one in places if lena.item(attempt_id, one).type == "matching")
    match = list(right_answer(lena.item(attempt_id, position))["match"])
    match[0], match[1] = match[1], match[0]
    key = {"position": position, "client_id": "test-client", "client_sequence": 1}
    fields = key | fields_of(position, {"match": match})
    lena.client.csrf_post(f"/attempts/{attempt_id}/responses", fields, headers=JSON)
    lena.client.csrf_post(f"/attempts/{attempt_id}/submit")
    lena.get(f"/attempts/{attempt_id}/result")
    verdict = " ".join(
        lena.page.xpath(f"string(//*[@id='q{position}-feedback']//p[@class='verdict'])").split()
    )
    assert verdict.startswith("◐ Partly right. The answer is")
    assert "%" not in verdict


def test_a_stale_page_sends_wrong_fields_and_what_was_checked_shows_no_error(lena, module, session):
    """A page opened before a question was checked sends every question; one of its fields makes no sense."""
    set_rules(session, module.sections[0], behaviour="immediate")
    lena.client.csrf_post(f"/m/{module.slug}/1/check")
    attempt_id = lena.attempt().id
    item = lena.item(attempt_id, 1)
    key = {"client_id": "tab-one-aa", "client_sequence": 1}
    lena.client.csrf_post(
        f"/attempts/{attempt_id}/1/check", {"position": 1, **key, **fields_of(1, right_answer(item))}
    )
    places = range(1, QUESTIONS + 1)
    ordering = next(one for one in places if lena.item(attempt_id, one).type == "ordering")
    stale = {
        "position": [str(position) for position in places],
        "client_id": "old-page-tab",
        "client_sequence": 1,
        **fields_of(1, wrong_answer(item)),
        f"s{ordering}-place-0": "1",
    }
    response = lena.client.csrf_post(f"/attempts/{attempt_id}/responses", stale)
    assert response.status_code < 500
