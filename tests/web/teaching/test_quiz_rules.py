"""The pages of quizzes and their rules: what is said, what is refused, what is kept of what was typed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories.attempts import make_attempt, make_quiz
from tests.factories.finished import make_finished_attempt
from tests.factories.modules import make_item, make_module
from tests.factories.people import make_account, open_course
from tests.factories.rules import set_rules
from tests.pages import Browser, values_of
from webapp.models.attempt import Attempt
from webapp.models.module import Module
from webapp.models.operation import AuditEntry
from webapp.models.quiz import Quiz
from webapp.services import clock


@pytest.fixture
def module(session: Session) -> Module:
    """In a course that lives by the clock of Vienna."""
    open_course(session).time_zone = "Europe/Vienna"
    module = make_module(session)
    for section in module.sections:
        make_item(session, section)
    return module


@pytest.fixture
def quiz(session: Session, module: Module) -> Quiz:
    return set_rules(session, module.sections[0], behaviour="deferred", item_limit=8)


@pytest.fixture
def rules_page(desk: Browser, module: Module, quiz: Quiz) -> Browser:
    desk.get(f"/teach/modules/{module.id}/quizzes/{quiz.id}")
    return desk


def shown(desk: Browser) -> dict[str, list[str]]:
    """What the fields of the open form hold."""
    (form,) = desk.page.xpath("//form[contains(@class, 'rules')]")
    return values_of(form)


def errors(desk: Browser) -> dict[str, str]:
    """Field -> what the summary says about it."""
    links = desk.page.xpath("//div[contains(@class, 'error-summary')]//a")
    return {link.get("href").removeprefix("#"): link.text_content() for link in links}


def audited(session: Session, action: str) -> list[AuditEntry]:
    query = select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id)
    return list(session.scalars(query))


# ---------------------------------------------------------------- the list


def test_the_list_says_each_quiz_in_a_line(session: Session, desk: Browser, module: Module) -> None:
    set_rules(
        session,
        module.sections[0],
        opens_at=datetime(2026, 12, 1, 7, tzinfo=UTC),
        time_limit_s=1800,
    )
    set_rules(
        session, module.sections[1], mode="graded", attempts_allowed=1, release="by_hand", pass_percent=60
    )
    make_quiz(session, module.id)
    desk.get(f"/teach/modules/{module.id}")
    desk.follow("Quizzes and their rules")
    assert "Section 1: Introduction" in desk.text
    assert (
        "Section check · 1 question · any number of attempts · opens 1 Dec 2026, 08:00 · 30 min" in desk.text
    )
    assert "Graded quiz · 1 question · 1 attempt · passed with 60 % · results released by hand" in desk.text
    assert "Module quiz Check of the module · " in desk.text
    assert "Europe/Vienna" in desk.text
    assert "Make them now" not in desk.text


def test_quizzes_that_are_not_there_are_made(session: Session, desk: Browser, module: Module) -> None:
    desk.get(f"/teach/modules/{module.id}/quizzes")
    desk.press("Make them now")
    assert session.query(Quiz).filter_by(module_id=module.id).count() == 3
    desk.follow("Rules")
    assert shown(desk)["mode"] == ["check"]


# ---------------------------------------------------------------- saving


def test_a_preset_fills_the_fields_and_saves_nothing(
    session: Session, rules_page: Browser, quiz: Quiz
) -> None:
    filled = {"preset": "graded", "time_limit_min": "30", "opens_at": "no time", "item_limit": "many"}
    rules_page.press("Use these rules", filled)
    fields = shown(rules_page)
    assert fields["mode"] == fields["preset"] == ["graded"]
    assert fields["release"] == ["by_hand"]
    assert fields["attempts_allowed"] == ["1"]
    assert "shuffles_questions" in fields
    assert fields["time_limit_min"] == ["30"]
    assert fields["opens_at"] == ["no time"]
    assert fields["item_limit"] == ["many"]
    assert "Nothing is saved yet" in rules_page.text
    assert errors(rules_page) == {}
    session.refresh(quiz)
    assert (quiz.mode, quiz.release) == ("check", "at_once")

    rules_page.press("Use these rules", {"preset": "practice"})
    fields = shown(rules_page)
    assert fields["behaviour"] == ["immediate"]
    assert fields["attempts_allowed"] == [""]
    assert "is_counted" not in fields
    assert "offers_similar" in fields
    rules_page.press("Save", {"opens_at": "", "item_limit": "4"})
    session.refresh(quiz)
    assert (quiz.mode, quiz.behaviour, quiz.is_counted, quiz.time_limit_s) == (
        "practice",
        "immediate",
        False,
        1800,
    )
    assert quiz.offers_similar


@pytest.mark.parametrize(("behaviour", "offers"), [("deferred", False), ("immediate", True), ("tries", True)])
def test_similar_questions_are_for_quizzes_that_tell_question_by_question(
    session: Session, rules_page: Browser, quiz: Quiz, behaviour: str, offers: bool
) -> None:
    rules_page.press("Save", {"behaviour": behaviour, "tries_allowed": "2", "offers_similar": "y"})
    session.refresh(quiz)
    assert quiz.offers_similar is offers
    rules_page.get(f"/teach/modules/{quiz.module_id}/quizzes/{quiz.id}")
    assert ("offers_similar" in shown(rules_page)) is offers


def test_a_preset_that_was_not_used_is_asked_about(rules_page: Browser) -> None:
    rules_page.press("Save", {"preset": "graded"}, 422)
    assert "Use these rules" in errors(rules_page)["preset"]
    rules_page.press("Use these rules", {"preset": "nonsense"}, 422)
    assert "preset" in errors(rules_page)


def test_everything_is_saved_by_the_clock_of_the_course_and_shown_again(
    session: Session, rules_page: Browser, quiz: Quiz
) -> None:
    filled = {
        "item_limit": "5",
        "behaviour": "tries",
        "tries_allowed": "3",
        "try_penalty": "20",
        "confidence": "asked",
        "counted": "average",
        "attempts_allowed": "2",
        "pause_min": "60",
        "one_per_page": "y",
        "no_going_back": "y",
        "access_code": " harbour ",
        "pass_percent": "60",
        "is_gate": "y",
        "opens_at": "2026-10-24T08:00",
        "due_at": "2026-10-26T08:00",
        "late_1_until": "2026-10-27T08:00",
        "late_1_percent": "80",
        "late_2_until": "2026-10-28T08:00",
        "late_2_percent": "50",
        "closes_at": "2026-10-28T08:00",
        "time_limit_min": "30",
        "overdue": "expire",
        "release": "by_hand",
        "showing": "everything",
    }
    rules_page.press("Save", filled)
    assert "Saved." in rules_page.text
    session.refresh(quiz)
    assert quiz.opens_at == datetime(2026, 10, 24, 6, tzinfo=UTC)
    assert quiz.due_at == datetime(2026, 10, 26, 7, tzinfo=UTC), "clocks were turned back in between"
    assert quiz.late_credit == [
        {"until": "2026-10-27T07:00:00+00:00", "percent": 80},
        {"until": "2026-10-28T07:00:00+00:00", "percent": 50},
    ]
    assert (quiz.tries_allowed, quiz.try_penalty, quiz.attempt_delay_s, quiz.time_limit_s) == (
        3,
        20,
        3600,
        1800,
    )
    assert (quiz.allows_back, quiz.one_per_page, quiz.is_gate, quiz.access_code) == (
        False,
        True,
        True,
        "harbour",
    )
    fields = shown(rules_page)
    again = {name: fields[name] for name in filled if name != "access_code"}
    assert again == {name: [value] for name, value in filled.items() if name != "access_code"}
    (entry,) = audited(session, "quiz.rules")
    assert entry.subject == f"quiz:{quiz.id}"
    assert entry.detail["attempts_allowed"] == [None, 2]
    assert entry.detail["access_code"] == "changed"
    rules_page.press("Save")
    assert "Nothing had changed." in rules_page.text
    assert len(audited(session, "quiz.rules")) == 1


@pytest.mark.parametrize(
    ("showing", "bits"),
    [("everything", (15, 15)), ("afterwards", (14, 14)), ("points", (14, 8)), ("closed", (8, 8))],
)
def test_each_way_of_showing_has_a_name(
    session: Session, rules_page: Browser, quiz: Quiz, showing: str, bits: tuple[int, int]
) -> None:
    rules_page.press("Save", {"showing": showing, "closes_at": "2026-10-28T08:00"})
    session.refresh(quiz)
    assert (quiz.show_points, quiz.show_key) == bits
    assert shown(rules_page)["showing"] == [showing]


def test_what_is_shown_when_can_be_set_box_by_box(session: Session, rules_page: Browser, quiz: Quiz) -> None:
    form = shown(rules_page)
    data = {
        **form,
        "showing": "own",
        "show_key": ["8"],
        "show_points": ["1", "2", "4"],
        "show_explanation": [],
    }
    response = rules_page.client.csrf_post(f"/teach/modules/{quiz.module_id}/quizzes/{quiz.id}", data)
    assert response.status_code == 303
    session.refresh(quiz)
    assert (quiz.show_key, quiz.show_points, quiz.show_explanation, quiz.show_response) == (8, 7, 0, 15)
    rules_page.get(response.location)
    assert shown(rules_page)["showing"] == ["own"]


def test_the_module_quiz_has_no_gate_and_no_text_beside_it(
    session: Session, desk: Browser, module: Module
) -> None:
    quiz = make_quiz(session, module.id)
    desk.get(f"/teach/modules/{module.id}/quizzes/{quiz.id}")
    assert not {"is_gate", "shows_text"} & set(desk.page.xpath("//form//input/@name"))
    desk.press("Save", {"item_limit": "3", "is_gate": "y", "pass_percent": "50"})
    session.refresh(quiz)
    assert (quiz.item_limit, quiz.is_gate, quiz.shows_text) == (3, False, True)
    assert "Use for every section" not in desk.text


# ---------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("filled", "refused"),
    [
        ({"item_limit": ""}, {"item_limit": "from 1 to 100"}),
        ({"item_limit": "0"}, {"item_limit": "from 1 to 100"}),
        ({"item_limit": "eight"}, {"item_limit": "whole number"}),
        ({"item_limit": "9" * 5000}, {"item_limit": "whole number"}),
        ({"behaviour": "guess"}, {"behaviour": "valid choice"}),
        ({"behaviour": "tries"}, {"tries_allowed": "from 2 to 5"}),
        ({"behaviour": "tries", "tries_allowed": "6"}, {"tries_allowed": "from 2 to 5"}),
        (
            {"behaviour": "tries", "tries_allowed": "2", "try_penalty": "101"},
            {"try_penalty": "from 0 to 100"},
        ),
        ({"behaviour": "tries", "tries_allowed": "2", "confidence": "marked"}, {"confidence": "one try"}),
        ({"counted": ""}, {"counted": "Choose"}),
        ({"attempts_allowed": "0"}, {"attempts_allowed": "from 1 to 99"}),
        ({"pause_min": "-1"}, {"pause_min": "from 0"}),
        ({"no_going_back": "y"}, {"no_going_back": "one question a page"}),
        ({"access_code": "x" * 81}, {"access_code": "80 characters"}),
        ({"pass_percent": "101"}, {"pass_percent": "from 1 to 100"}),
        ({"is_gate": "y"}, {"pass_percent": "next section"}),
        ({"opens_at": "tomorrow"}, {"opens_at": "day and a time"}),
        ({"opens_at": "2026-03-29T02:30"}, {"opens_at": "skip this hour"}),
        ({"opens_at": "0001-01-01T00:00"}, {"opens_at": "between 2000 and 2199"}),
        (
            {"opens_at": "2026-12-02T08:00", "due_at": "2026-12-01T08:00"},
            {"due_at": "later than the opening"},
        ),
        (
            {"due_at": "2026-12-02T08:00", "closes_at": "2026-12-01T08:00"},
            {"closes_at": "later than the due time"},
        ),
        ({"late_1_until": "2026-12-02T08:00", "late_1_percent": "80"}, {"due_at": "Say when it is due"}),
        ({"late_1_until": "2026-12-02T08:00"}, {"late_1_percent": "how many percent"}),
        ({"late_2_percent": "50"}, {"late_2_until": "until when"}),
        (
            {"due_at": "2026-12-01T08:00", "late_2_until": "2026-12-02T08:00", "late_2_percent": "80"},
            {"late_2_until": "before this one"},
        ),
        (
            {
                "due_at": "2026-12-01T08:00",
                "late_1_until": "2026-12-03T08:00",
                "late_1_percent": "50",
                "late_2_until": "2026-12-02T08:00",
                "late_2_percent": "80",
            },
            {"late_2_until": "later than the step before", "late_2_percent": "cannot earn more"},
        ),
        ({"time_limit_min": "0"}, {"time_limit_min": "from 1"}),
        ({"showing": "closed"}, {"closes_at": "held back"}),
        (
            {"behaviour": "tries", "tries_allowed": "2", "showing": "afterwards"},
            {"showing": "Show that while answering"},
        ),
        ({"mode": "exam"}, {"preset": "Use these rules"}),
        (
            {"item_limit": "x", "opens_at": "y", "pass_percent": "z"},
            {"item_limit": "whole", "opens_at": "day", "pass_percent": "whole"},
        ),
    ],
)
def test_what_will_not_do_is_said_at_its_field_and_everything_is_kept(
    session: Session, rules_page: Browser, quiz: Quiz, filled: dict[str, str], refused: dict[str, str]
) -> None:
    rules_page.press("Save", {"access_code": "kept", **filled}, 422)
    found = errors(rules_page)
    assert set(refused) <= set(found), found
    for name, words in refused.items():
        assert words in found[name]
    fields = shown(rules_page)
    typed = {
        name: value
        for name, value in filled.items()
        if name not in {"behaviour", "counted", "mode"} or value == "tries"
    }
    assert {name: fields[name] for name in typed} == {name: [value] for name, value in typed.items()}
    if "access_code" not in filled:
        assert fields["access_code"] == ["kept"]
    assert rules_page.page.findtext(".//title").startswith("Error:")
    session.refresh(quiz)
    assert quiz.access_code == ""
    assert audited(session, "quiz.rules") == []


def test_fields_with_something_wrong_are_never_folded_away(rules_page: Browser) -> None:
    filled = {"no_going_back": "y", "behaviour": "tries", "tries_allowed": "9", "late_1_percent": "50"}
    rules_page.press("Save", filled, 422)
    folded = rules_page.page.xpath("//details[not(@open)]//*[contains(@class, 'has-error')]")
    assert folded == []


# ---------------------------------------------------------------- running attempts, scores, results


def test_running_attempts_get_the_new_end(session: Session, rules_page: Browser, module: Module) -> None:
    ada = make_account(session)
    attempt = make_attempt(session, ada, module.sections[0])
    rules_page.press("Save", {"time_limit_min": "20"})
    assert "1 attempt that is running ends at another time now." in rules_page.text
    session.refresh(attempt)
    assert attempt.deadline_at == attempt.started_at + timedelta(minutes=20)


def test_rules_that_somebody_else_changed_meanwhile_are_not_overwritten(
    session: Session, rules_page: Browser, module: Module, quiz: Quiz
) -> None:
    set_rules(session, module.sections[0], time_limit_s=600, one_per_page=True)
    rules_page.press("Save", {"item_limit": "7", "access_code": "kept"}, 409)
    assert "Somebody else changed these rules meanwhile" in rules_page.text
    assert "questions at most, one question a page, access code, time limit." in rules_page.text
    assert shown(rules_page)["access_code"] == ["kept"]
    session.refresh(quiz)
    assert (quiz.time_limit_s, quiz.access_code) == (600, "")
    rules_page.press("Save")
    session.refresh(quiz)
    assert (quiz.time_limit_s, quiz.item_limit, quiz.access_code) == (None, 7, "kept")


def test_the_same_rules_saved_twice_are_no_conflict(
    session: Session, rules_page: Browser, module: Module
) -> None:
    set_rules(session, module.sections[0], access_code="both")
    rules_page.press("Save", {"access_code": "both"})
    assert "Nothing had changed." in rules_page.text


def test_scores_that_would_change_are_asked_about_first(
    session: Session, rules_page: Browser, module: Module, quiz: Quiz
) -> None:
    ada = make_account(session, display_name="Ada")
    for right in (False, True):
        make_finished_attempt(session, ada, module.sections[0], [right])
    rules_page.press("Save", {"counted": "first", "access_code": "kept"}, 422)
    assert "1 score would change" in rules_page.text
    assert "Ada 1 of 1 0 of 1" in rules_page.text
    session.refresh(quiz)
    assert quiz.counted == "highest"
    assert shown(rules_page)["access_code"] == ["kept"]
    rules_page.press("Save and change these scores")
    session.refresh(quiz)
    assert (quiz.counted, quiz.access_code) == ("first", "kept")


def test_results_are_released_after_a_question(
    session: Session, desk: Browser, module: Module, quiz: Quiz
) -> None:
    quiz.release = "by_hand"
    for _ in range(2):
        attempt = make_finished_attempt(session, make_account(session), module.sections[0], [True])
        attempt.state = "graded"
    session.commit()
    desk.get(f"/teach/modules/{module.id}/quizzes")
    assert "2 results wait for release" in desk.text
    desk.press("Release results")
    assert set(session.scalars(select(Attempt.state))) == {"graded"}
    desk.press("Release results")
    assert "2 results are released." in desk.text
    assert set(session.scalars(select(Attempt.state))) == {"released"}
    (entry,) = audited(session, "quiz.release")
    assert entry.detail == {"attempts": 2}
    response = desk.client.csrf_post(f"/teach/modules/{module.id}/quizzes/{quiz.id}/release")
    assert response.status_code == 409


def test_rules_are_used_for_every_section_after_a_question(
    session: Session, rules_page: Browser, module: Module, quiz: Quiz
) -> None:
    other = make_quiz(session, module.sections[1])
    rules_page.press("Save", {"time_limit_min": "15"})
    rules_page.press("Use for every section")
    assert "1 section gets other rules" in rules_page.text
    assert "time limit" in rules_page.text
    session.refresh(other)
    assert other.time_limit_s is None
    rules_page.press("Use them for every section")
    assert "1 section has these rules now." in rules_page.text
    session.refresh(other)
    assert other.time_limit_s == 900
    assert [entry.detail.get("copied_from") for entry in audited(session, "quiz.rules")] == [None, quiz.id]
    rules_page.get(f"/teach/modules/{module.id}/quizzes/{quiz.id}")
    rules_page.press("Use for every section")
    assert "has these rules already" in rules_page.text


def test_overdue_attempts_are_closed_on_the_way_in(
    session: Session, desk: Browser, module: Module, quiz: Quiz
) -> None:
    late = make_attempt(
        session, make_account(session), module.sections[0], deadline_at=clock.now() - timedelta(hours=1)
    )
    desk.get(f"/teach/modules/{module.id}/quizzes")
    session.refresh(late)
    assert late.state == "released"


def test_a_quiz_of_another_module_is_not_there(session: Session, desk: Browser, quiz: Quiz) -> None:
    other = make_module(session)
    desk.get(f"/teach/modules/{other.id}/quizzes/{quiz.id}", 404)


def test_a_form_that_does_not_say_what_it_saw_overwrites_nothing(
    session: Session, rules_page: Browser, quiz: Quiz
) -> None:
    form = shown(rules_page)
    quiz.access_code = "theirs"
    session.commit()
    address = f"/teach/modules/{quiz.module_id}/quizzes/{quiz.id}"
    without = {name: value for name, value in form.items() if name != "seen"}
    assert rules_page.client.csrf_post(address, without).status_code == 409
    session.refresh(quiz)
    assert quiz.access_code == "theirs"


def test_rules_are_copied_as_they_were_confirmed_or_not_at_all(
    session: Session, rules_page: Browser, quiz: Quiz, module: Module
) -> None:
    other = set_rules(session, module.sections[1], item_limit=3)
    rules_page.get(f"/teach/modules/{module.id}/quizzes/{quiz.id}")
    rules_page.press("Use for every section")
    other.access_code = "theirs"
    session.commit()
    rules_page.press("Use them for every section", status=409)
    assert "Look again at what would change." in rules_page.text
    session.refresh(other)
    assert (other.access_code, other.item_limit) == ("theirs", 3)
