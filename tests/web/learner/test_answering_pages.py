"""Answering with plain forms: checks, the module's quiz, handing in, results; and everything that can go wrong."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from questions.items.registry import ITEM_TYPES
from tests.factories.answers import fields_of, make_module_of_every_type, right_answer, wrong_answer
from tests.factories.modules import make_item, make_module
from tests.factories.people import make_account
from tests.web.learner.conftest import Browser
from webapp.extensions import db
from webapp.models.attempt import AnswerEvent, Attempt, AttemptSlot
from webapp.services import clock
from webapp.services.receipts import is_genuine

TYPES = range(1, len(ITEM_TYPES) + 1)
KEY = {"client_id": "test-client", "client_sequence": "1"}
JSON = {"Accept": "application/json"}


@pytest.fixture
def module(session):
    return make_module_of_every_type(session)


@pytest.fixture
def checking(reader, module) -> Browser:
    """A guest who has started the check of the first section."""
    reader.get(f"/m/{module.slug}/1")
    reader.press("Start the check")
    return reader


@pytest.fixture
def quizzing(reader, module, monkeypatch) -> Browser:
    """A guest who has started the quiz of the module, which asks all that there is."""
    monkeypatch.setattr("webapp.services.quizzes.MODULE_ITEM_LIMIT", 2 * len(ITEM_TYPES))
    reader.get(f"/m/{module.slug}")
    reader.press("Start the module quiz")
    return reader


@pytest.mark.parametrize("position", TYPES)
@pytest.mark.parametrize("is_right", [True, False])
def test_each_type_is_answered_and_its_evidence_marked(checking, position, is_right):
    attempt_id = checking.attempt_id()
    item = checking.item(attempt_id, position)
    checking.check(position, (right_answer if is_right else wrong_answer)(item))
    feedback = " ".join(checking.page.xpath(f"string(//*[@id='q{position}-feedback'])").split())
    assert feedback.startswith("✓ Correct." if is_right else "✗ Not quite. The answer is")
    if not is_right:
        assert ITEM_TYPES[item.type].key_text(item).split("; ")[0].removeprefix("1. ") in feedback
    assert item.explanation in feedback
    (link,) = checking.page.xpath(f"//*[@id='q{position}-feedback']//a[@class='show-evidence']/@href")
    assert link == f"#evidence-{position}"
    assert checking.page.xpath(f"//*[@id='{link[1:]}']")
    (mark,) = checking.page.xpath("//section[@id='passage']//mark")
    assert mark.text_content() == f"Evidence for question {position}: {item.evidence[0].quote}"


def test_a_right_answer_of_several_lines_is_a_list_and_half_an_order_says_what_counted(checking):
    attempt_id = checking.attempt_id()
    order, pairs = checking.item(attempt_id, 5), checking.item(attempt_id, 6)
    checking.check(5, {"order": [*order.key[1:], order.key[0]]})
    checking.check(6, wrong_answer(pairs))
    rows = {
        5: [order.options[place].text for place in order.key],
        6: [f"{pairs.options[line].text} – {pairs.options[answer].text}" for line, answer in pairs.key],
    }
    for position, expected in rows.items():
        lines = checking.page.xpath(f"//*[@id='q{position}-feedback']//li")
        assert [" ".join(line.text_content().split()) for line in lines] == expected
        (verdict,) = checking.page.xpath(f"//*[@id='q{position}-feedback']/p[@class='verdict']")
        assert expected[0] not in verdict.text_content()
    assert "Partly right: 50 %. The answer is this order:" in checking.text
    assert "Lines that follow one another as in the right order count" in checking.text


def test_the_tempting_option_is_explained_and_the_right_one_named_by_its_letter(checking):
    attempt_id = checking.attempt_id()
    item = checking.item(attempt_id, 1)
    letters = checking.page.xpath("//fieldset[@id='q1']//input[@type='radio']/@value")
    checking.check(1, {"choice": 1})
    key_letter = "ABC"[letters.index("0")]
    assert f"The answer is {key_letter}: {item.options[0].text}" in checking.text
    assert item.options[1].feedback in checking.text


def test_nothing_of_the_answer_is_on_the_page_before_the_check(checking, quizzing, session):
    for reader, path in (
        (checking, checking.response.request.path),
        (quizzing, f"/attempts/{quizzing.attempt().id}"),
    ):
        reader.get(path)
        page = reader.response.text
        for kind in ITEM_TYPES.values():
            item = kind.examples().item
            assert item.explanation not in page
            for option in item.options:
                assert not option.feedback or option.feedback not in page
        assert "<mark" not in page
        assert not reader.page.xpath("//form[@id='answers']//input[@type='radio'][@checked]")
        assert not re.search(
            r"is-right|is-wrong|data-key=|correct", reader.page.xpath("string(//form[@id='answers'])")
        )


def test_a_whole_check_from_start_to_try_again(checking, module):
    attempt_id = checking.attempt_id()
    for position in TYPES:
        item = checking.item(attempt_id, position)
        checking.check(position, right_answer(item) if position < 4 else wrong_answer(item))
    assert "You have checked this section" in checking.text
    assert "Your score: 3 of 6." in checking.text
    assert checking.page.xpath(
        "//button[contains(@class, 'primary')][starts-with(., 'Continue to section 2')]"
    )
    checking.press("Try this section again")
    assert "0 of 6 checked" in checking.text
    second = checking.attempt_id()
    assert second != attempt_id
    for position in TYPES:
        checking.check(position, right_answer(checking.item(second, position)))
    assert "Your score: 6 of 6. Your best: 6 of 6." in checking.text
    checking.get("/progress")
    assert "Introduction Completed 3 6 of 6 2" in checking.text
    checking.get(f"/attempts/{attempt_id}/result")
    assert "Your result: 3 of 6" in checking.text


def test_answers_to_other_questions_in_the_form_are_saved_along(checking, session):
    attempt_id = checking.attempt_id()
    (button,) = checking.page.xpath("//fieldset[@id='q1']//button[@formaction]")
    filled = fields_of(1, {"choice": 0}) | fields_of(3, {"text": "a word in passing"})
    checking.press_button(button, filled)
    assert checking.page.xpath("//input[@name='s3-text']/@value") == ["a word in passing"]
    assert "1 of 6 checked" in checking.text
    checking.press("Save answers", fields_of(4, {"choice": 1}))
    assert checking.page.xpath("//input[@name='s4-choice'][@checked]/@value") == ["1"]
    checking.press("Clear my answer")
    slot = session.scalars(
        select(AttemptSlot).where(AttemptSlot.attempt_id == attempt_id, AttemptSlot.position == 2)
    ).one()
    assert not slot.response


def test_clearing_takes_the_answer_back(checking):
    checking.press("Save answers", fields_of(1, {"choice": 2}) | fields_of(3, {"text": "kept"}))
    assert checking.page.xpath("//input[@name='s1-choice'][@checked]/@value") == ["2"]
    (clear,) = checking.page.xpath("//fieldset[@id='q1']//button[@name='clear']")
    checking.press_button(clear)
    assert not checking.page.xpath("//input[@name='s1-choice'][@checked]")
    assert checking.page.xpath("//input[@name='s3-text']/@value") == ["kept"]


def test_an_unanswered_question_is_not_checked_and_what_was_typed_stays(checking):
    (button,) = checking.page.xpath("//fieldset[@id='q1']//button[@formaction]")
    checking.press_button(button, fields_of(3, {"text": "typed & kept"}), status=422)
    assert "Answer the question first" in checking.text
    assert checking.page.xpath("string(//title)").startswith("Error:")
    assert checking.page.xpath("//div[contains(@class, 'error-summary')]//a/@href") == ["#q1"]
    assert checking.page.xpath("//input[@name='s3-text']/@value") == ["typed & kept"]
    assert checking.page.xpath("//*[@id='q1'][@aria-describedby='q1-error']")


def test_an_order_half_given_is_refused_with_every_place_kept(checking):
    filled = {"s5-place-0": "2", "s5-place-1": "2", "s5-place-2": ""}
    checking.press("Save answers", filled | fields_of(1, {"choice": 2}), status=422)
    assert "Question 5:" in checking.text
    kept = {
        name: checking.page.xpath(f"string(//select[@name='{name}']/option[@selected]/@value)")
        for name in filled
    }
    assert kept == filled
    assert checking.page.xpath("//input[@name='s1-choice'][@checked]/@value") == ["2"]


def test_pressing_twice_is_harmless(checking, session):
    attempt_id = checking.attempt_id()
    fields = {**KEY, "position": "1", "s1-choice": "0"}
    for _ in range(2):
        answer = checking.client.csrf_post(f"/attempts/{attempt_id}/1/check", fields)
        assert (answer.status_code, answer.location.rpartition("#")[2]) == (303, "q1")
    assert session.scalar(select(func.count()).select_from(AnswerEvent)) == 1


def test_an_older_page_cannot_change_a_checked_answer(checking):
    attempt_id = checking.attempt_id()
    checking.check(1, {"choice": 0})
    late = checking.client.csrf_post(
        f"/attempts/{attempt_id}/responses", {**KEY, "position": "1", "s1-choice": "1"}
    )
    assert late.status_code == 409
    assert "Question 1 has been checked" in late.text
    form = {**KEY, "position": ["1", "2"], "s1-choice": "1", "s2-choice": "1"}
    both = checking.client.csrf_post(f"/attempts/{attempt_id}/responses", form)
    assert both.status_code == 303
    checking.get(both.location)
    assert "The answer that is saved stays, for it was checked or changed since: question 1." in checking.text
    assert checking.page.xpath("//input[@name='s2-choice'][@checked]/@value") == ["1"]


def test_a_quiz_from_start_to_result(quizzing, session, module):
    attempt_id = quizzing.attempt_id()
    filled = {}
    for position in range(1, 13):
        item = quizzing.item(attempt_id, position)
        if position != 4:
            filled |= fields_of(position, right_answer(item) if position < 8 else wrong_answer(item))
    quizzing.press("Look over my answers", filled)
    assert "1 question is not answered" in quizzing.text
    assert quizzing.page.xpath(f"//a[@href='/attempts/{attempt_id}#q4']")
    assert "Not answered" in quizzing.text
    assert "✓" not in quizzing.text
    quizzing.press("Hand in")
    assert "Your result: 6 of 12" in quizzing.text
    assert "Worth reading again" in quizzing.text
    assert quizzing.page.xpath("//ul[@class='reread']//a/@href") == [
        f"/m/{module.slug}/2",
        f"/m/{module.slug}/1",
    ]
    assert "Finding what the text says" in quizzing.text
    assert "Not answered. The answer is" in quizzing.text
    quotes = quizzing.page.xpath("//blockquote[@class='evidence-quote']")
    assert len(quotes) == 12
    (link,) = quizzing.page.xpath("//*[@id='q1-feedback']//a/@href")
    quizzing.get(link.partition("#")[0])
    (mark,) = quizzing.page.xpath("//mark")
    assert "Evidence for question 1" in mark.text_content()
    quizzing.get(f"/m/{module.slug}")
    assert "Last time: 6 of 12." in quizzing.text
    quizzing.press("Try the quiz again")
    assert quizzing.attempt_id() != attempt_id


def test_an_open_quiz_is_where_one_left_it(quizzing, module):
    attempt_id = quizzing.attempt_id()
    quizzing.press("Save answers", fields_of(1, {"choice": 1}))
    quizzing.get(f"/m/{module.slug}")
    (link,) = quizzing.page.xpath("//a[starts-with(., 'Continue the quiz')]")
    assert "1 of 12 answered" in link.text_content()
    quizzing.get(link.get("href"))
    assert quizzing.page.xpath("//input[@name='s1-choice'][@checked]/@value") == ["1"]
    assert quizzing.attempt_id() == attempt_id


def test_handing_in_twice_is_harmless_and_late_pages_lead_to_the_result(quizzing):
    attempt_id = quizzing.attempt_id()
    quizzing.press("Look over my answers")
    quizzing.press("Hand in")
    again = quizzing.client.csrf_post(f"/attempts/{attempt_id}/submit")
    assert (again.status_code, again.location) == (303, f"/attempts/{attempt_id}/result")
    for path in (f"/attempts/{attempt_id}", f"/attempts/{attempt_id}/answers"):
        quizzing.get(path)
        assert "Your result" in quizzing.text
    late = quizzing.client.csrf_post(
        f"/attempts/{attempt_id}/responses", {**KEY, "position": "1", "s1-choice": "1"}
    )
    assert late.status_code == 409
    assert "handed in" in late.text


def test_a_refused_quiz_form_keeps_everything(quizzing):
    filled = {"s5-place-0": "1"} | fields_of(3, {"text": "typed"})
    quizzing.press("Look over my answers", filled, status=422)
    assert quizzing.page.xpath("//input[@name='s3-text']/@value") == ["typed"]
    assert "Question 5:" in quizzing.text


def test_no_result_and_no_receipt_before_handing_in(quizzing):
    attempt_id = quizzing.attempt_id()
    for name in ("result", "receipt"):
        quizzing.get(f"/attempts/{attempt_id}/{name}", 409)
        assert "not been handed in" in quizzing.text


def test_the_receipt_is_a_signed_file(quizzing, app):
    attempt_id = quizzing.attempt_id()
    quizzing.press("Look over my answers", fields_of(1, {"choice": 0}))
    quizzing.press("Hand in")
    answer = quizzing.client.get(f"/attempts/{attempt_id}/receipt")
    assert (
        answer.headers["Content-Disposition"] == f'attachment; filename="readcheck-receipt-{attempt_id}.json"'
    )
    receipt = json.loads(answer.text)
    assert is_genuine(receipt, app.secret_key)
    assert not is_genuine({**receipt, "points": "10"}, app.secret_key)


@pytest.mark.parametrize("method", ["get", "post"])
def test_what_is_not_ones_own_looks_as_if_it_were_not(checking, session, client_for, method):
    attempt_id = checking.attempt_id()
    other = client_for(make_account(session))
    paths = {
        "get": ["", "/answers", "/result", "/receipt"],
        "post": ["/responses", "/1/check", "/submit"],
    }[method]
    fields = {**KEY, "position": "1", "s1-choice": "0"}
    for path in paths:
        answers = [
            other.get(f"/attempts/{number}{path}")
            if method == "get"
            else other.csrf_post(f"/attempts/{number}{path}", fields)
            for number in (attempt_id, attempt_id + 999, 2**31 + 5, 10**30)
        ]
        assert [answer.status_code for answer in answers] == [404] * 4, path
    assert session.scalar(select(func.count()).select_from(AnswerEvent)) == 0


def test_a_question_that_is_not_there(checking):
    attempt_id = checking.attempt_id()
    fields = {**KEY, "position": "1", "s1-choice": "0"}
    assert checking.client.csrf_post(f"/attempts/{attempt_id}/99/check", fields).status_code == 404
    fields = {**KEY, "position": "99", "s99-choice": "0"}
    assert checking.client.csrf_post(f"/attempts/{attempt_id}/responses", fields).status_code == 404


def test_strangers_are_asked_to_sign_in(checking, app):
    attempt_id = checking.attempt_id()
    stranger = app.test_client()
    for path in ("", "/answers", "/result", "/receipt"):
        answer = stranger.get(f"/attempts/{attempt_id}{path}")
        assert answer.status_code == 303
        assert "/sign-in" in answer.location
    answer = stranger.csrf_post(f"/attempts/{attempt_id}/responses", {**KEY, "position": "1"}, headers=JSON)
    assert answer.status_code in {303, 401}


# ---------------------------------------------------------------- the protocol that scripts speak


def save(reader, attempt_id, position, response, sequence, **more):
    fields = {"position": str(position), "client_id": "test-client", "client_sequence": str(sequence)}
    return reader.client.csrf_post(
        f"/attempts/{attempt_id}/responses", fields | fields_of(position, response) | more, headers=JSON
    )


def test_a_save_is_acknowledged_with_what_is_stored(checking, session):
    attempt_id = checking.attempt_id()
    before = clock.now()
    reply = save(checking, attempt_id, 1, {"choice": 1}, 1)
    assert reply.status_code == 200
    assert reply.json["position"] == 1
    assert reply.json["sequence"] == 1
    assert reply.json["stored"] == {"choice": 1}
    stored = session.scalars(select(AnswerEvent)).one()
    assert reply.json["saved_at"] == stored.saved_at.isoformat()
    assert before <= stored.saved_at <= clock.now() + timedelta(seconds=1)
    assert save(checking, attempt_id, 1, {"choice": 1}, 1).json == reply.json
    assert save(checking, attempt_id, 1, {"choice": 1}, 2).json == reply.json
    assert save(checking, attempt_id, 1, {}, 3).json["stored"] == {}
    checking.get(checking.response.request.path)
    assert checking.page.xpath("//*[@id='save-state']/time/@datetime")


def test_refusals_are_json_that_says_what_to_do(checking):
    attempt_id = checking.attempt_id()
    save(checking, attempt_id, 1, {"choice": 1}, 1)
    conflict = save(checking, attempt_id, 1, {"choice": 0}, 1)
    assert (conflict.status_code, conflict.content_type) == (409, "application/json")
    assert "Load the page again" in conflict.json["message"]
    odd = save(checking, attempt_id, 1, {"choice": 7}, 2)
    assert odd.status_code == 422
    assert "Choose one of those shown" in odd.json["message"]
    assert save(checking, attempt_id + 999, 1, {"choice": 0}, 3).status_code == 404
    assert save(checking, attempt_id, 1, {"choice": 0}, "x").status_code == 400
    assert save(checking, attempt_id, 1, {"choice": 0}, 4, client_id="<b>").status_code == 400


def test_a_failed_commit_is_never_acknowledged(checking, session):
    attempt_id = checking.attempt_id()
    session.commit()

    def fail(_connection):
        raise OSError("the disk is full")

    app = checking.client.application
    app.config.update(PROPAGATE_EXCEPTIONS=False)
    with app.app_context():
        event.listen(db.engine, "commit", fail)
        reply = save(checking, attempt_id, 1, {"choice": 1}, 1)
        event.remove(db.engine, "commit", fail)
    assert reply.status_code == 500
    assert session.scalar(select(func.count()).select_from(AnswerEvent)) == 0
    assert save(checking, attempt_id, 1, {"choice": 1}, 1).json["sequence"] == 1


# ---------------------------------------------------------------- own progress


def test_own_progress_of_a_stranger_says_what_it_is_for(reader):
    reader.get("/progress")
    assert "Nothing here yet" in reader.text


def test_own_progress_offers_guests_to_keep_it(checking, module, client_for, session):
    checking.get("/progress")
    assert "Keep your progress: sign up" in checking.text
    assert "0 of 2 sections completed" in checking.text
    checking.press("Continue: Section 1")
    assert "Section 1 of 2" in checking.text
    member = Browser(client_for(make_account(session)), session)
    member.get("/progress")
    assert "Keep your progress" not in member.text
    assert "Nothing here yet" in member.text


def test_own_progress_has_the_quiz_and_forgets_what_cannot_be_read(quizzing, session, module):
    quizzing.press("Look over my answers")
    quizzing.press("Hand in")
    quizzing.get("/progress")
    assert "Module quiz Completed 0 0 of 12 1" in quizzing.text
    module.state = "draft"
    session.commit()
    quizzing.get("/progress")
    assert "Nothing here yet" in quizzing.text
    quizzing.get(f"/attempts/{session.scalars(select(Attempt.id)).one()}/result")
    assert "Your result" in quizzing.text


def test_own_progress_has_pages(client_for, session):
    member = Browser(client_for(make_account(session)), session)
    for number in range(11):
        module = make_module(session, title=f"Text {number}", sections=[("", "A fact stands here.")])
        make_item(session, module.sections[0])
        member.get(f"/m/{module.slug}/1")
        member.press("Start the check")
    member.get("/progress")
    assert [link.text_content() for link in member.page.xpath("//main//h2/a")] == [
        f"Text {n}" for n in range(10, 0, -1)
    ]
    member.get(member.page.xpath("//a[@rel='next']/@href")[0])
    assert [link.text_content() for link in member.page.xpath("//main//h2/a")] == ["Text 0"]
