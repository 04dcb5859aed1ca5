"""What no page of ours sends: each is refused with words or harmless, and nothing of the attempt changes."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories.answers import fields_of, make_module_of_every_type, right_answer, wrong_answer
from tests.factories.people import make_account
from tests.factories.rules import set_rules
from tests.web.learner.conftest import Browser
from webapp.models.attempt import AnswerEvent, Attempt, AttemptSlot
from webapp.services import clock

JSON = {"Accept": "application/json"}
KEY = {"client_id": "test-client", "client_sequence": 1}
LONGEST = 10_000


@pytest.fixture
def module(session):
    return make_module_of_every_type(session)


@pytest.fixture
def lena(client_for, session) -> Browser:
    return Browser(client_for(make_account(session)), session)


@pytest.fixture
def begin(lena, module, session):
    """`begin(**rules)`: the id of Lena's open check under these rules."""

    def go(**rules) -> int:
        set_rules(session, module.sections[0], **{"behaviour": "deferred"} | rules)
        assert lena.client.csrf_post(f"/m/{module.slug}/1/check").status_code == 303
        return lena.attempt().id

    return go


def stored(session: Session) -> list[object]:
    """Everything that saving, checking or handing in could change."""
    session.expire_all()
    attempts = session.scalars(select(Attempt).order_by(Attempt.id)).all()
    slots = session.scalars(select(AttemptSlot).order_by(AttemptSlot.attempt_id, AttemptSlot.position)).all()
    return [
        [(a.state, a.sequence, a.points, a.deadline_at, a.started_at, a.at_position) for a in attempts],
        [(s.response, s.score, s.status, s.tries, s.confidence) for s in slots],
        len(session.scalars(select(AnswerEvent)).all()),
    ]


def post(browser: Browser, path: str, fields: dict, status: int) -> str:
    response = browser.client.csrf_post(path, fields, headers=JSON)
    assert response.status_code == status, response.text
    return response.json["message"] if status >= 400 else ""


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"position": "7"}, 404),
        ({"position": "0"}, 400),
        ({"position": "-1"}, 400),
        ({"position": "1.5"}, 400),
        ({"position": "9" * 5000}, 400),
        ({"position": "²"}, 400),
        ({"position": ""}, 400),
        ({"position": ["1", "1"]}, 400),
        ({"client_id": ""}, 400),
        ({"client_id": "short"}, 400),
        ({"client_id": "x" * 41}, 400),
        ({"client_id": "a\x00bcdefgh"}, 400),
        ({"client_sequence": ""}, 400),
        ({"client_sequence": "-1"}, 400),
        ({"client_sequence": "2000000001"}, 400),
        ({"client_sequence": "one"}, 400),
        ({"s1-choice": "9"}, 422),
        ({"s1-choice": "-1"}, 422),
        ({"s1-choice": "None"}, 422),
        ({"s1-choice": "1" * 5000}, 422),
        ({"s1-choice": ["0", "1"]}, 422),
        ({"s1-confidence": "9"}, 400),
    ],
)
def test_fields_that_no_page_sends_change_nothing(lena, begin, session, changed, status):
    attempt_id = begin(confidence="asked")
    before = stored(session)
    fields = {"position": "1", **KEY, "s1-choice": "0", **changed}
    assert post(lena, f"/attempts/{attempt_id}/responses", fields, status)
    assert stored(session) == before


@pytest.mark.parametrize("missing", ["client_id", "client_sequence"])
def test_a_missing_key_is_named_missing(lena, begin, session, missing):
    attempt_id = begin()
    before = stored(session)
    fields = {
        name: value for name, value in {"position": 1, **KEY, "s1-choice": 0}.items() if name != missing
    }
    assert post(lena, f"/attempts/{attempt_id}/responses", fields, 400)
    assert stored(session) == before


def test_ten_thousand_characters_are_kept_and_one_more_is_refused(lena, begin, session):
    attempt_id = begin()
    position = next(place for place in range(1, 7) if lena.item(attempt_id, place).type == "gap_text")
    address = f"/attempts/{attempt_id}/responses"
    longest = "ß" * LONGEST
    fields = {"position": position, **KEY, **fields_of(position, {"text": longest})}
    post(lena, address, fields, 200)
    after = stored(session)
    assert {"text": longest} in [slot[0] for slot in after[1]]
    more = {"position": position, "client_id": "test-client", "client_sequence": 2}
    words = post(lena, address, more | fields_of(position, {"text": longest + "s"}), 422)
    assert "10,001 characters" in words
    assert stored(session) == after
    page = lena.client.csrf_post(address, more | fields_of(position, {"text": longest + "s"}))
    assert page.status_code == 422
    assert longest + "s" in page.text, "what was typed is kept"


def test_a_form_far_beyond_any_answer_is_refused_whole(lena, begin, session):
    attempt_id = begin()
    before = stored(session)
    fields = {"position": "1", **KEY, "s1-choice": "1" * 3_000_000}
    assert post(lena, f"/attempts/{attempt_id}/responses", fields, 422)
    assert stored(session) == before


@pytest.mark.parametrize("path", ["responses", "1/check", "1/similar", "submit", "1/visit"])
@pytest.mark.parametrize("whose", ["theirs", "nobody's", "beyond any number"])
def test_an_attempt_that_is_not_ones_own_is_not_there(lena, begin, session, client_for, path, whose):
    theirs = begin()
    other = Browser(client_for(make_account(session)), session)
    number = {"theirs": theirs, "nobody's": theirs + 1000, "beyond any number": 10**30}[whose]
    before = stored(session)
    post(other, f"/attempts/{number}/{path}", {"position": 1, **KEY, "s1-choice": 0}, 404)
    for page in ("", "/answers", "/result", "/receipt", "/clock"):
        assert other.client.get(f"/attempts/{number}{page}").status_code == 404
    assert stored(session) == before


def test_nothing_is_answered_before_the_start(lena, module, session):
    """Neither in an attempt that will be the next one nor before the quiz opens."""
    set_rules(session, module.sections[0], opens_at=clock.now() + timedelta(hours=1))
    post(lena, "/attempts/1/responses", {"position": 1, **KEY, "s1-choice": 0}, 404)
    post(lena, f"/m/{module.slug}/1/check", {}, 409)
    assert stored(session) == [[], [], 0]


@pytest.mark.parametrize("path", ["responses", "1/check", "submit"])
@pytest.mark.parametrize("overdue", ["submit", "expire"])
def test_after_the_end_nothing_is_taken(lena, begin, session, later, path, overdue):
    attempt_id = begin(behaviour="immediate", time_limit_s=600, overdue=overdue)
    item = lena.item(attempt_id, 1)
    first = {"position": 1, **KEY, **fields_of(1, right_answer(item))}
    post(lena, f"/attempts/{attempt_id}/responses", first, 200)
    later(timedelta(hours=1))
    wrong = {
        "position": 1,
        "client_id": "test-client",
        "client_sequence": 2,
        **fields_of(1, wrong_answer(item)),
    }
    post(lena, f"/attempts/{attempt_id}/{path}", wrong, 409)
    after = stored(session)
    assert after[0][0][0] == ("released" if overdue == "submit" else "expired")
    assert after[1][0][0] == right_answer(item)
    post(lena, f"/attempts/{attempt_id}/responses", wrong, 409)
    post(lena, f"/attempts/{attempt_id}/responses", first, 200)  # what was acknowledged is acknowledged again
    assert stored(session) == after


def test_in_a_submitted_attempt_nothing_is_taken(lena, begin, session):
    attempt_id = begin()
    assert lena.client.csrf_post(f"/attempts/{attempt_id}/submit").status_code == 303
    before = stored(session)
    fields = {"position": 1, **KEY, **fields_of(1, right_answer(lena.item(attempt_id, 1)))}
    assert "handed in" in post(lena, f"/attempts/{attempt_id}/responses", fields, 409)
    post(lena, f"/attempts/{attempt_id}/1/check", fields, 409)
    assert lena.client.csrf_post(f"/attempts/{attempt_id}/submit").status_code == 303, (
        "handed in already: the same"
    )
    assert stored(session) == before


def test_a_start_takes_nothing_from_the_browser_but_the_code(lena, module, session):
    """Times, scores, numbers and a mode that only who teaches has."""
    set_rules(session, module.sections[0], time_limit_s=600)
    sent = {
        "deadline_at": "2099-01-01T00:00",
        "time_limit_s": "999999",
        "started_at": "2000-01-01T00:00",
        "seed": "1",
        "number": "7",
        "points": "6",
        "state": "released",
        "is_preview": "1",
        "account_id": "1",
        "quiz_id": "2",
        "behaviour": "tries",
    }
    assert lena.client.csrf_post(f"/m/{module.slug}/1/check", sent).status_code == 303
    attempt = lena.attempt()
    assert (attempt.state, attempt.number, attempt.points, attempt.is_preview) == ("open", 1, 0, False)
    assert attempt.deadline_at - attempt.started_at == timedelta(minutes=10)
    assert abs(attempt.started_at - clock.now()) < timedelta(minutes=1)


def test_a_timed_attempt_needs_no_parameter_of_its_timer(lena, begin, session, later):
    """Who leaves out whatever the page's clock sends is held to the same end."""
    attempt_id = begin(time_limit_s=600)
    later(timedelta(minutes=11))
    answer = lena.client.get(f"/attempts/{attempt_id}/clock", follow_redirects=True)
    assert answer.json["is_open"] is False
    assert stored(session)[0][0][0] == "released"


def test_fields_out_of_order_are_the_same_answers(lena, begin, session):
    """Several questions in one form, backwards, each field before its position."""
    attempt_id = begin()
    fields: list[tuple[str, str]] = []
    for position in (6, 5, 4, 3, 2, 1):
        fields += fields_of(position, right_answer(lena.item(attempt_id, position))).items()
        fields.append(("position", str(position)))
    fields += [(name, str(value)) for name, value in KEY.items()]
    from_order = {name: [value for key, value in fields if key == name] for name, _ in fields}
    assert lena.client.csrf_post(f"/attempts/{attempt_id}/responses", from_order).status_code == 303
    assert lena.client.csrf_post(f"/attempts/{attempt_id}/submit").status_code == 303
    assert stored(session)[0][0][2] == 6


def test_a_file_in_place_of_an_answer_is_no_answer(lena, begin, session):
    attempt_id = begin()
    before = stored(session)
    response = lena.client.csrf_post(
        f"/attempts/{attempt_id}/responses",
        {"position": "1", **KEY, "s1-choice": (BytesIO(b"0"), "choice.txt")},
        content_type="multipart/form-data",
        headers=JSON,
    )
    assert response.status_code < 500
    assert stored(session) == before
