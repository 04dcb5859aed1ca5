"""Similar questions on pages, by plain forms."""

from __future__ import annotations

import pytest

from tests.factories.answers import fields_of, make_module_of_every_type, right_answer, wrong_answer
from tests.factories.people import make_account
from tests.factories.practice import Bridge, make_bridge
from tests.factories.rules import set_rules
from tests.web.learner.conftest import Browser
from webapp.services.attempts import start_module_quiz
from webapp.services.graded_attempts import recompute

OFFER = "Try a similar question"


class Learner(Browser):
    """Practises."""

    def answer(self, position: int, *, is_right: bool) -> None:
        """Answer a question and press its button."""
        item = self.item(self.attempt_id(), position)
        self.check(position, (right_answer if is_right else wrong_answer)(item))

    def numbers(self) -> list[int]:
        """The questions of the page, in order."""
        return [int(one.get("data-question")) for one in self.page.xpath("//*[@data-question]")]

    def words(self, position: int) -> str:
        """What the page says of a question."""
        return " ".join(self.page.xpath(f"string(//*[@id='q{position}'])").split())


@pytest.fixture
def begin(session, client_for):
    """`begin(*asked, **rules)`: a learner with an open check of the bridge, on its page."""

    def begin_one(*asked: str, **rules) -> Learner:
        bridge: Bridge = make_bridge(session, **rules)
        account = make_account(session)
        bridge.start(session, account, *asked)
        learner = Learner(client_for(account), session)
        learner.get(f"/m/{bridge.module.slug}/1")
        return learner

    return begin_one


def test_a_missed_question_offers_one_beside_its_feedback_and_says_which(begin):
    learner = begin()
    assert OFFER not in learner.text
    learner.answer(1, is_right=False)
    assert (
        "Try a similar question: after question 1 About the same place in the text. No points."
        in learner.words(1)
    )
    learner.answer(2, is_right=False)
    assert "Of the same kind, about another place. No points." in learner.words(2)
    learner.press(OFFER)
    assert learner.response.request.path.endswith("/1")
    assert learner.numbers() == [1, 4, 2, 3]
    assert learner.words(4).startswith(
        "Question 4: extra practice, no points. Like question 1, it is about the same place in the text."
    )
    assert learner.words(2).startswith("Question 2 of 3")
    assert OFFER not in learner.words(1)
    learner.press(OFFER)
    assert "of the same kind as question 2, about another place" in learner.words(5)
    assert learner.numbers() == [1, 4, 2, 5, 3]


def test_the_answer_leads_to_the_new_question(begin):
    learner = begin()
    learner.answer(1, is_right=False)
    attempt_id = learner.attempt_id()
    answer = learner.client.csrf_post(f"/attempts/{attempt_id}/1/similar", {})
    assert answer.status_code == 303
    assert answer.location.endswith("/1#q4")
    again = learner.client.csrf_post(f"/attempts/{attempt_id}/1/similar", {})
    assert again.location == answer.location
    assert learner.client.csrf_post(f"/attempts/{attempt_id}/2/similar", {}).status_code == 409
    assert learner.client.csrf_post(f"/attempts/{attempt_id}/9/similar", {}).status_code == 404


def test_a_press_saves_what_the_form_holds(begin):
    learner = begin()
    learner.answer(1, is_right=False)
    learner.press(OFFER, fields_of(3, {"choice": 2}))
    assert learner.page.xpath("//*[@id='q3']//input[@value='2'][@checked]")
    wrong = {"s2-choice": "99"}
    learner.answer(2, is_right=False)
    learner.press(OFFER, {**wrong, "s3-choice": "99"}, status=422)
    assert "Question 3:" in learner.text


def test_practice_goes_on_after_the_last_question_until_it_is_finished(begin):
    learner = begin("builder", "boats")
    learner.answer(2, is_right=True)
    assert "Every question is checked" not in learner.text
    learner.answer(1, is_right=False)
    assert "2 of 2 checked" in learner.text
    assert "Every question is checked" in learner.text
    learner.press(OFFER)
    learner.press("Finish the check")
    assert "Your score: 1 of 2." in learner.text
    assert learner.numbers() == [1, 3, 2]
    assert "Not answered." in learner.words(3)
    learner.follow("Result and receipt")
    assert learner.numbers() == [1, 3, 2]
    assert "Your result: 1 of 2" in learner.text
    assert OFFER not in learner.text
    assert recompute(learner.session, learner.attempt()) == []


def test_who_reads_on_has_finished(begin):
    learner = begin("builder")
    learner.answer(1, is_right=False)
    learner.press("Finish and see the contents")
    assert "Completed" in learner.text
    assert learner.attempt().state == "released"


def test_a_whole_practice_by_forms(begin):
    learner = begin("builder", "boats")
    learner.answer(1, is_right=False)
    learner.press(OFFER)
    learner.answer(3, is_right=True)
    assert "Correct." in learner.words(3)
    assert "1 of 2 checked" in learner.text
    learner.answer(2, is_right=True)
    assert "Your score: 1 of 2." in learner.text


def test_marks_for_certainty_are_not_told_of_extra_practice(begin):
    learner = begin("builder", "boats", confidence="marked")
    attempt_id = learner.attempt_id()
    sure = {"s1-confidence": "3"}
    (button,) = learner.page.xpath("//fieldset[@id='q1']//button[@formaction]")
    learner.press_button(button, fields_of(1, {"choice": 1}) | sure)
    assert "Being that sure cost" in learner.words(1)
    learner.press(OFFER)
    (button,) = learner.page.xpath("//fieldset[@id='q3']//button[@formaction]")
    learner.press_button(
        button, fields_of(3, wrong_answer(learner.item(attempt_id, 3))) | {"s3-confidence": "3"}
    )
    assert "Not quite." in learner.words(3)
    assert "cost" not in learner.words(3)


def test_the_quiz_of_a_module_offers_them_too(session, client_for):
    module = make_bridge(session).module
    rules = {"behaviour": "immediate", "offers_similar": True, "item_limit": 3}
    set_rules(session, module.id, **rules)
    account = make_account(session)
    attempt_id = start_module_quiz(session, account.id, module)
    session.commit()
    learner = Learner(client_for(account), session)
    learner.get(f"/attempts/{attempt_id}")
    for position in (1, 2, 3):
        learner.answer(position, is_right=False)
    learner.press(OFFER)
    assert 4 in learner.numbers()
    assert learner.response.request.path == f"/attempts/{attempt_id}"
    learner.press("Look over my answers and hand in")
    assert "Question 4" not in learner.text
    learner.press("Hand in")
    assert "Your result: 0 of 3" in learner.text
    assert 4 in learner.numbers()


def test_a_problem_with_it_can_be_reported(begin):
    learner = begin()
    learner.answer(1, is_right=False)
    learner.press(OFFER)
    learner.answer(4, is_right=True)
    (link,) = learner.page.xpath("//*[@id='q4']//a[contains(@href, '/report')]/@href")
    learner.get(link)
    assert "Question 4" in learner.text
    learner.press("Send the report")
    assert learner.response.request.path.endswith("/1")


def test_nothing_is_offered_on_other_quizzes(session, client_for):
    module = make_module_of_every_type(session)
    account = make_account(session)
    learner = Learner(client_for(account), session)
    learner.get(f"/m/{module.slug}/1")
    learner.press("Start the check")
    learner.answer(1, is_right=False)
    assert OFFER not in learner.text
