"""A learner's file handed in by plain forms: upload, preview, confirmation, what was handed in, taking it back."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.factories.answers import make_module_of_every_type, right_answer, wrong_answer
from tests.factories.people import make_account, make_course, sign_in
from tests.factories.rules import set_rules
from tests.factories.unsent import LONG_AGO, unsent_answer, unsent_file
from tests.integration.learner.conftest import Check
from tests.pages import Browser
from webapp.forms.unsent_file import MAX_BYTES
from webapp.models.attempt import AnswerEvent, Attempt
from webapp.models.operation import AuditEntry
from webapp.services.attempts import start_section_check
from webapp.services.grading import submit_attempt


@pytest.fixture
def check(session) -> Check:
    """An attempt at a quiz that is graded as a whole; one question is answered wrongly."""
    module = make_module_of_every_type(session)
    set_rules(session, module.sections[0], behaviour="deferred")
    account = make_account(session, display_name="Lena <b>Learner</b>")
    attempt_id = start_section_check(session, account.id, module, 1)
    check = Check(session, account, module, attempt_id)
    check.save(1, wrong_answer(check.item(1)))
    return check


@pytest.fixture
def over(check, session) -> Check:
    submit_attempt(session, check.account.id, check.attempt_id)
    session.commit()
    return check


def right(check, position, **values):
    return unsent_answer(position, right_answer(check.item(position)), **values)


def upload(desk: Browser, check: Check, raw: bytes, status: int = 200):
    """Give the file on its page."""
    desk.get(f"/teach/modules/{check.module.id}/learners")
    desk.follow("Hand in a learner's file")
    desk.press("Look at it", {"file": (io.BytesIO(raw), "readcheck-unsent-answers-1.json")}, status)


def ticked(desk: Browser) -> list[str]:
    return desk.page.xpath("//input[@name='choose'][@checked]/@value")


def events(session) -> int:
    return session.scalar(select(func.count()).select_from(AnswerEvent))


def test_the_whole_way_and_back(desk, over, session, client_for):
    check = over
    raw = unsent_file(
        check.attempt_id,
        check.module.slug,
        right(check, 1, at=LONG_AGO),
        right(check, 2),
        unsent_answer(3, {"text": "\u202etyped <script>"}),
    )
    upload(desk, check, raw)
    assert "Lena <b>Learner</b>" in desk.text
    assert "0 of 6" in desk.text
    assert desk.text.count("reported by the learner, not checked by us") == 4
    assert "What is stored seems to be the later answer." in desk.text
    assert "The attempt is over, so what was right may have been seen" in desk.text
    assert ticked(desk) == ["2", "3"]
    assert events(session) == 1
    desk.press("Hand in the chosen answers")
    assert "2 answers were handed in. Points before: 0, now: 1." in desk.text
    assert "Handed in from the learner's file" in desk.text
    assert "Questions 2, 3" in desk.text
    learner = Browser(client_for(check.account))
    learner.get(f"/attempts/{check.attempt_id}/result")
    assert learner.text.count("Your instructor handed this answer in for you") == 2
    assert "Your result: 1 of 6" in learner.text
    desk.follow("Lena")
    assert "handed in" in desk.text
    desk.follow("handed in")
    desk.press("Take it back")
    assert "2 answers are as they were before. Points before: 1, now: 0." in desk.text
    assert "nothing of this is stored any more" in desk.text
    learner.get(f"/attempts/{check.attempt_id}/result")
    assert "handed this answer in" not in learner.text
    desk.press("Hand in once more")
    assert "Points before: 0, now: 1." in desk.text
    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(one.action, one.subject) for one in entries if "hand_in" in one.action] == [
        ("attempt.hand_in", f"attempt:{check.attempt_id}"),
        ("attempt.hand_in.undo", f"attempt:{check.attempt_id}"),
        ("attempt.hand_in.undo", f"attempt:{check.attempt_id}"),
    ]
    assert "typed" not in str([one.detail for one in entries])


def test_the_same_file_twice(desk, over, session):
    raw = unsent_file(over.attempt_id, over.module.slug, right(over, 2))
    upload(desk, over, raw)
    page = desk.response
    desk.press("Hand in the chosen answers")
    before = events(session)
    desk.response = page
    desk.press("Hand in the chosen answers")
    assert "All of that is stored already: nothing was changed." in desk.text
    upload(desk, over, raw)
    assert "This is stored already." in desk.text
    assert "There is nothing to hand in." in desk.text
    assert not desk.page.xpath("//main//form")
    assert events(session) == before


def test_what_changed_meanwhile_is_looked_at_again(desk, check, session):
    raw = unsent_file(check.attempt_id, check.module.slug, right(check, 1), right(check, 2))
    upload(desk, check, raw)
    assert "In progress" in desk.text
    check.save(2, wrong_answer(check.item(2)))
    before = events(session)
    desk.press("Hand in the chosen answers", {"choose": "2"}, 409)
    assert "Something changed in this attempt meanwhile." in desk.text
    assert ticked(desk) == ["2"]
    assert events(session) == before
    desk.press("Hand in the chosen answers")
    assert "1 answer was handed in. The score stays as it was." in desk.text
    assert events(session) == before + 1


def test_choosing_nothing_asks_to_choose(desk, over, session):
    upload(desk, over, unsent_file(over.attempt_id, over.module.slug, right(over, 2)))
    for chosen in ("", "two"):
        desk.press("Hand in the chosen answers", {"choose": chosen}, 422)
        assert desk.page.xpath("//*[contains(@class, 'error-summary')]//a[@href='#choose']")
        assert ticked(desk) == []
    assert events(session) == 1


def test_a_question_that_cannot_be_chosen_is_not_stored_by_a_forged_form(desk, over, session):
    upload(desk, over, unsent_file(over.attempt_id, over.module.slug, right(over, 2)))
    desk.press("Hand in the chosen answers", {"choose": "99"})
    assert "nothing was changed" in desk.text
    assert events(session) == 1


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"not json", "cannot be read as JSON (line 1)"),
        (b"[" * 5000, "cannot be read as JSON"),
        (b"{" + b" " * MAX_BYTES + b"}", "larger than 256 KB"),
        (b'{"format": "readcheck-unsent-answers", "version": 9}', "“version”"),
    ],
    ids=["words", "deep", "huge", "version"],
)
def test_a_hostile_file_is_refused_at_its_field(desk, over, session, raw, words):
    upload(desk, over, raw, 422)
    summary = desk.page.xpath("string(//*[contains(@class, 'error-summary')])")
    assert words in summary
    assert desk.page.xpath("//*[@id='file-error']")
    assert desk.response.text.count("<title>Error:") == 1
    assert events(session) == 1


def test_no_file_at_all(desk, over):
    desk.get(f"/teach/modules/{over.module.id}/hand-in")
    desk.press("Look at it", {}, 422)
    assert "Choose the file that the learner gave you." in desk.text


def test_everything_that_is_wrong_is_said_at_once(desk, over):
    bad = [unsent_answer(1, {"choice": 99}), unsent_answer(50, {"choice": 1})]
    upload(desk, over, unsent_file(over.attempt_id, over.module.slug, *bad), 422)
    assert "question 1, “fields”" in desk.text
    assert "question 50, “position”: this attempt asks no such question." in desk.text


def test_a_content_that_was_changed_on_its_way_is_refused(desk, over, session):
    upload(desk, over, unsent_file(over.attempt_id, over.module.slug, right(over, 2)))
    desk.press("Hand in the chosen answers", {"content": "{}"}, 422)
    assert "“format”" in desk.text
    assert events(session) == 1


def test_an_attempt_of_another_course_is_not_told_from_a_missing_one(client, session, over):
    other = make_course(session, "Elsewhere")
    stranger = make_account(session, "instructor", course=other)
    module = make_module_of_every_type(session, course=other)
    sign_in(client, session, stranger)
    desk = Browser(client)
    said = []
    for attempt in (over.attempt_id, 987_654):
        raw = unsent_file(attempt, module.slug, unsent_answer(1, {"choice": 0}))
        desk.get(f"/teach/modules/{module.id}/hand-in")
        desk.press("Look at it", {"file": (io.BytesIO(raw), "a.json")}, 422)
        said.append(desk.text.replace(f"has an attempt {attempt}.", "has no such attempt."))
    assert said[0] == said[1]


def test_whose_time_is_up_is_closed_before_anything_is_shown(desk, check, session):
    attempt = session.get_one(Attempt, check.attempt_id)
    attempt.deadline_at = attempt.started_at - timedelta(hours=1)
    session.commit()
    raw = unsent_file(check.attempt_id, check.module.slug, right(check, 2))
    path = f"/teach/modules/{check.module.id}/hand-in"
    response = desk.client.csrf_post(path, {"file": (io.BytesIO(raw), "a.json")})
    assert response.status_code == 307
    upload(desk, check, raw)
    assert "Finished" in desk.text
    assert "Deadline" in desk.text


def test_nothing_was_handed_in(desk, check):
    desk.get(f"/teach/modules/{check.module.id}/attempts/{check.attempt_id}/handed-in")
    assert "Nothing was handed in for this attempt" in desk.text


def test_the_learner_sees_it_while_the_attempt_is_under_way(desk, check, client_for):
    upload(desk, check, unsent_file(check.attempt_id, check.module.slug, right(check, 2)))
    desk.press("Hand in the chosen answers")
    learner = Browser(client_for(check.account))
    learner.get(f"/m/{check.module.slug}/1")
    [note] = learner.page.xpath("//*[@id='q2']//p[contains(., 'Your instructor handed this answer in')]")
    assert note is not None
    assert not learner.page.xpath("//*[@id='q1']//p[contains(., 'Your instructor handed this answer in')]")
