"""Similar questions after those that were missed: which one, once, and no score the other for it. On both databases."""

from __future__ import annotations

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from questions.assembly.shuffle import option_order
from tests.factories.answers import right_answer, wrong_answer
from tests.factories.modules import add_section
from tests.factories.people import make_account
from tests.factories.practice import Bridge, add_question, make_bridge
from tests.factories.rules import set_rules
from tests.integration.learner.conftest import Check
from tests.integration.replay.second_calculator import expect
from webapp.database import WRITES
from webapp.extensions import db
from webapp.models.attempt import AttemptSlot
from webapp.models.item import ItemVersion
from webapp.models.quiz import AFTER_CLOSE, JUST_AFTER, LATER, Quiz, Ruling
from webapp.repositories import attempts as rows
from webapp.services import clock
from webapp.services.errors import Conflict, NotFound
from webapp.services.graded_attempts import recompute
from webapp.services.grading import check_slot, close_overdue, regrade_attempt, submit_attempt
from webapp.services.handed_in import NewAnswer, store
from webapp.services.personal_data import export_person
from webapp.services.reading import finish_reading, open_section, read_section
from webapp.services.receipts import is_genuine, make_receipt
from webapp.services.results import get_own_attempt, list_answers, show_result
from webapp.services.scores import score_table
from webapp.services.sections import Wording, edit_section
from webapp.services.similar_asking import NONE_OFFERED, ask_similar

AFTERWARDS = JUST_AFTER | LATER | AFTER_CLOSE
MINUTE = timedelta(minutes=1)


class Practice(Check):
    """A learner who practises: three questions are asked, "builder", "opening" and "boats"."""

    def check(self, position: int, *, is_right: bool) -> None:
        """Answer and have it checked."""
        answer = (right_answer if is_right else wrong_answer)(self.item(position))
        sent = [self.sent(position, answer)]
        check_slot(self.session, self.account.id, self.attempt_id, position, sent)
        self.session.commit()

    def similar(self, position: int) -> int:
        """Ask for a similar question; where it stands."""
        _attempt, new = ask_similar(self.session, self.account.id, self.attempt_id, position, [])
        self.session.commit()
        return new

    def views(self):
        """The questions as the section's page shows them."""
        return read_section(self.session, self.module, 1, self.account.id).slots

    def said(self) -> list[tuple[int, str, str]]:
        """Position, relation and offer of each question, in the order of the page."""
        return [(view.position, *view.similar) for view in self.views()]

    def agrees(self) -> None:
        """Stored grades and counters are those that the history gives, by our code and by the second calculator."""
        attempt = self.attempt()
        assert recompute(self.session, attempt) == []
        slots = self.session.scalars(select(AttemptSlot).filter_by(attempt_id=attempt.id)).all()
        graded = {slot.position for slot in slots if slot.checked_at is not None}
        expected = expect(self.session, attempt, attempt.credit_percent, graded)
        assert (attempt.points, attempt.points_possible) == (expected.points, expected.possible)


@pytest.fixture
def begin(session):
    """`begin(*asked, names=(), **rules)`: a learner with an open check of the bridge."""

    def begin_one(*asked: str, names: tuple[str, ...] = (), values=None, **rules) -> Practice:
        bridge = make_bridge(session, *names, **rules)
        account = make_account(session)
        attempt = bridge.start(session, account, *asked, **(values or {}))
        practice = Practice(session, account, bridge.module, attempt.id)
        practice.bridge = bridge
        return practice

    return begin_one


def bridge_of(practice: Practice) -> Bridge:
    return practice.bridge


# ---------------------------------------------------------------- which one, and where


def test_the_same_words_come_first_then_the_same_kind_else_there_is_none(begin):
    practice = begin()
    practice.check(1, is_right=False)
    practice.check(2, is_right=False)
    assert practice.said() == [(1, "", "evidence"), (2, "", "kind"), (3, "", "")]
    new = practice.similar(1)
    assert (new, practice.item(new).stem) == (4, "What is the bridge made of?")
    assert practice.item(practice.similar(2)).stem == "When did a storm break a pier?"
    assert practice.said() == [(1, "", ""), (4, "evidence", ""), (2, "", ""), (5, "kind", ""), (3, "", "")]
    practice.check(3, is_right=False)
    with pytest.raises(Conflict, match=NONE_OFFERED):
        practice.similar(3)


def test_it_is_pinned_like_any_other_and_worth_nothing(begin):
    practice = begin(values={"seed": 7})
    practice.check(1, is_right=False)
    slot = practice.slot(practice.similar(1))
    bank = bridge_of(practice).items
    assert slot.item_version_id == bank["stone"].current_version_id
    assert slot.option_order == option_order(practice.item(4), 7)
    assert (slot.retry_of, slot.points_possible, slot.response) == (1, 0, None)


def test_options_that_are_not_mixed_stay_as_authored(begin):
    practice = begin(shuffles_options=False)
    practice.check(1, is_right=False)
    assert practice.slot(practice.similar(1)).option_order == [0, 1, 2]


def test_the_seed_of_the_attempt_decides_among_equals(begin):
    practice = begin("boats", names=("boats",))
    for position, stem in enumerate("abcdefgh"):
        item = add_question(practice.session, practice.module, "boats")
        version = practice.session.get_one(ItemVersion, item.current_version_id)
        version.content = version.content | {"stem": f"Question {position} about boats: {stem}?"}
    practice.session.commit()
    practice.check(1, is_right=False)
    stems = set()
    for seed in range(12):
        practice.attempt().seed = seed
        practice.session.commit()
        slot = practice.slot(practice.similar(1))
        stem = practice.item(2).stem
        practice.session.delete(slot)
        practice.session.commit()
        assert practice.item(practice.similar(1)).stem == stem, "the same seed, the same question"
        practice.session.delete(practice.slot(2))
        practice.session.commit()
        stems.add(stem)
    assert len(stems) > 2


def test_one_that_was_missed_too_offers_the_next(begin):
    practice = begin("builder", "boats")
    practice.check(1, is_right=False)
    assert practice.similar(1) == 3
    practice.check(3, is_right=False)
    assert practice.said() == [(1, "", ""), (3, "evidence", "kind"), (2, "", "")]
    assert practice.similar(3) == 4
    assert practice.item(4).stem == "When did the bridge open?", "of the level of the one before"
    practice.check(4, is_right=False)
    assert practice.similar(4) == 5
    assert [view.position for view in practice.views()] == [1, 3, 4, 5, 2]
    assert practice.slot(5).retry_of == 4
    practice.agrees()


def test_what_was_edited_or_retired_meanwhile_is_not_asked(begin):
    practice = begin()
    practice.check(1, is_right=False)
    bank = bridge_of(practice).items
    bank["stone"].state = "retired"
    practice.session.commit()
    assert practice.said()[0] == (1, "", "")
    bank["stone"].state = "accepted"
    practice.session.commit()
    assert practice.said()[0] == (1, "", "evidence")
    section = practice.module.sections[0]
    new = Wording("The bridge", section.current_version.text + " It is lit.", section.current_version_id)
    edit_section(practice.session, practice.module, section.id, new, by=None, is_confirmed=True)
    practice.session.commit()
    assert practice.said()[0] == (1, "", ""), "it is about a text that is not on the page"


@pytest.mark.parametrize(
    "rules",
    [
        {"offers_similar": False},
        {"behaviour": "deferred"},
        {"show_correctness": AFTERWARDS},
    ],
    ids=str,
)
def test_none_is_offered_where_the_quiz_does_not_say_so_or_not_what_was_right(begin, rules):
    practice = begin("builder", **rules)
    if "behaviour" in rules:
        practice.save(1, wrong_answer(practice.item(1)))
    else:
        practice.check(1, is_right=False)
        assert practice.attempt().state == "released", "nothing is left to do"
    with pytest.raises(Conflict, match=NONE_OFFERED):
        practice.similar(1)


def test_none_is_offered_after_a_right_answer_before_a_check_or_while_tries_are_left(begin):
    practice = begin(behaviour="tries", tries_allowed=2)
    practice.check(1, is_right=True)
    practice.check(2, is_right=False)
    assert practice.said() == [(1, "", ""), (2, "", ""), (3, "", "")]
    wrong = {"choice": 2}
    check_slot(practice.session, practice.account.id, practice.attempt_id, 2, [practice.sent(2, wrong)])
    assert practice.said() == [(1, "", ""), (2, "", "kind"), (3, "", "")]
    assert practice.similar(2) == 4
    practice.check(4, is_right=False)
    practice.check(4, is_right=True)
    assert (practice.slot(4).tries, practice.slot(4).status) == (2, "correct")
    practice.agrees()


def test_somebody_elses_and_unknown_questions_are_not_found(begin):
    practice = begin()
    practice.check(1, is_right=False)
    with pytest.raises(NotFound):
        practice.similar(9)
    stranger = make_account(practice.session)
    with pytest.raises(NotFound):
        ask_similar(practice.session, stranger.id, practice.attempt_id, 1, [])


def test_what_the_form_holds_is_saved_with_it(begin):
    practice = begin()
    practice.check(1, is_right=False)
    sent = [practice.sent(3, right_answer(practice.item(3)))]
    ask_similar(practice.session, practice.account.id, practice.attempt_id, 1, sent)
    assert practice.slot(3).response == right_answer(practice.item(3))


# ---------------------------------------------------------------- once


def test_asking_twice_gives_the_one_that_is_there_also_when_it_is_over(begin):
    practice = begin()
    practice.check(1, is_right=False)
    assert [practice.similar(1) for _ in range(3)] == [4, 4, 4]
    submit_attempt(practice.session, practice.account.id, practice.attempt_id)
    assert practice.similar(1) == 4
    assert len(rows.list_slots(practice.session, practice.attempt_id)) == 4


def test_two_tabs_in_the_same_instant_add_one(begin, app):
    practice = begin()
    practice.check(1, is_right=False)
    with app.app_context():
        engine = db.engine.execution_options(**{WRITES: True})
    ready, given = threading.Barrier(4), []

    def press() -> None:
        with Session(engine) as own:
            ready.wait()
            given.append(ask_similar(own, account_id, attempt_id, 1, [])[1])
            own.commit()

    account_id, attempt_id = practice.account.id, practice.attempt_id
    practice.session.commit()
    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert given == [4, 4, 4, 4]
    assert len(rows.list_slots(practice.session, attempt_id)) == 4


@pytest.mark.parametrize(("retry_of", "worth"), [(1, 0), (2, 1), (9, 0)])
def test_the_database_keeps_it_to_one_that_is_worth_nothing_and_comes_after(begin, retry_of, worth):
    practice = begin()
    practice.check(1, is_right=False)
    practice.similar(1)
    values = {"item_version_id": practice.slot(3).item_version_id, "option_order": [0]}
    extra = AttemptSlot(
        attempt_id=practice.attempt_id,
        position=5,
        retry_of=retry_of,
        points_possible=Decimal(worth),
        **values,
    )
    practice.session.add(extra)
    with pytest.raises(IntegrityError):
        practice.session.flush()


# ---------------------------------------------------------------- counted nowhere


def test_scores_and_counters_are_those_of_the_questions_of_the_quiz(begin):
    practice = begin()
    practice.check(1, is_right=False)
    practice.check(2, is_right=True)
    practice.similar(1)
    practice.save(4, wrong_answer(practice.item(4)))
    attempt = practice.attempt()
    assert (attempt.slot_count, attempt.answered_count, attempt.checked_count) == (3, 2, 2)
    practice.agrees()
    practice.check(4, is_right=True)
    attempt = practice.attempt()
    assert (attempt.answered_count, attempt.checked_count) == (2, 2)
    assert (attempt.points, attempt.points_possible, attempt.state) == (1, 3, "open")
    practice.agrees()
    practice.check(3, is_right=True)
    attempt = practice.attempt()
    assert (attempt.points, attempt.points_possible, attempt.state) == (2, 3, "released")
    assert (attempt.slot_count, attempt.answered_count, attempt.checked_count) == (3, 3, 3)
    practice.agrees()
    page = show_result(practice.session, practice.account.id, practice.attempt_id)
    (section,) = page.sections
    assert [one.view.position for one in section.questions] == [1, 4, 2, 3]
    assert (section.part.points, section.part.points_possible) == (2, 3)
    assert dict(page.levels)["infer"].points_possible == 1, "and not the one of the similar question too"


def test_the_last_question_missed_keeps_it_open_until_the_practice_is_over(begin):
    practice = begin("boats", "builder")
    practice.check(1, is_right=True)
    practice.check(2, is_right=False)
    attempt = practice.attempt()
    assert (attempt.state, attempt.checked_count, attempt.slot_count) == ("open", 2, 2)
    assert practice.similar(2) == 3
    practice.check(3, is_right=True)
    attempt = practice.attempt()
    assert (attempt.state, attempt.points, attempt.ended_by) == ("released", 1, "learner")
    practice.agrees()


def test_the_last_question_checked_while_practice_is_under_way_does_not_end_it(begin):
    practice = begin("builder", "boats")
    practice.check(1, is_right=False)
    practice.similar(1)
    practice.check(2, is_right=True)
    assert practice.attempt().state == "open"
    submit_attempt(practice.session, practice.account.id, practice.attempt_id)
    attempt = practice.attempt()
    assert (attempt.state, attempt.points, attempt.checked_count) == ("released", 1, 2)
    assert practice.slot(3).status == "unanswered", "nothing more was asked of the learner"
    practice.agrees()


def test_the_list_before_handing_in_asks_nothing_of_the_extra_ones(begin):
    practice = begin()
    practice.check(1, is_right=False)
    practice.similar(1)
    page = list_answers(practice.session, practice.account.id, practice.attempt_id)
    assert ([line.position for line in page.lines], page.unanswered) == ([1, 2, 3], [2, 3])


@pytest.mark.parametrize("leave", [open_section, finish_reading], ids=["next section", "contents"])
@pytest.mark.parametrize("is_all", [True, False], ids=["all checked", "some checked"])
def test_who_reads_on_has_handed_in_what_was_all_checked(begin, leave, is_all):
    practice = begin("builder", "boats")
    open_section(practice.session, practice.account.id, practice.module, 1)
    practice.check(1, is_right=False)
    if is_all:
        practice.check(2, is_right=True)
    else:
        practice.save(2, right_answer(practice.item(2)))
    if leave is open_section:
        add_section(practice.session, practice.module, "Next", "It goes on here.")
        leave(practice.session, practice.account.id, practice.module, 2, left=1)
    else:
        leave(practice.session, practice.account.id, practice.module, 1)
    assert practice.attempt().state == ("released" if is_all else "open")
    if is_all:
        assert practice.progress().completed_at is not None


def test_extra_practice_makes_nobody_late(begin, later):
    now = clock.now()
    late = [{"until": (now + 60 * MINUTE).isoformat(), "percent": 50}]
    practice = begin("builder", due_at=now + 10 * MINUTE, late_credit=late)
    practice.check(1, is_right=False)
    later(20 * MINUTE)
    practice.similar(1)
    practice.check(2, is_right=True)
    attempt = practice.attempt()
    assert (attempt.state, attempt.credit_percent) == ("released", 100)
    assert attempt.submitted_at > now + 10 * MINUTE


@pytest.mark.parametrize(
    ("overdue", "is_all", "state"),
    [("submit", False, "released"), ("expire", False, "expired"), ("expire", True, "released")],
)
def test_the_deadline_closes_it_and_expires_nothing_that_was_all_checked(
    begin, later, overdue, is_all, state
):
    deadline = clock.now() + 10 * MINUTE
    practice = begin("builder", "boats", overdue=overdue, values={"deadline_at": deadline})
    practice.check(1, is_right=False)
    practice.similar(1)
    if is_all:
        practice.check(2, is_right=True)
    later(20 * MINUTE)
    assert close_overdue(practice.session, practice.attempt_id)
    attempt = practice.attempt()
    assert (attempt.state, attempt.points, attempt.ended_by) == (state, int(is_all), "deadline")
    practice.agrees()


@pytest.mark.parametrize("kind", ["full", "drop"])
@pytest.mark.parametrize("never_lowers", [True, False])
def test_a_ruling_about_a_similar_question_changes_its_grade_and_no_points(begin, kind, never_lowers):
    practice = begin("builder", "boats", "storm")
    practice.check(1, is_right=False)
    practice.similar(1)
    practice.check(4, is_right=False)
    practice.check(2, is_right=True)
    practice.check(3, is_right=True)
    submit_attempt(practice.session, practice.account.id, practice.attempt_id)
    before = (practice.attempt().points, practice.attempt().points_possible)
    practice.session.add(
        Ruling(
            item_id=bridge_of(practice).items["stone"].id,
            kind=kind,
            up_to_version=1,
            never_lowers=never_lowers,
            made_at=clock.now(),
        )
    )
    practice.session.flush()
    assert regrade_attempt(practice.session, practice.attempt_id)
    assert practice.slot(4).status == {"full": "correct", "drop": "dropped"}[kind]
    assert (practice.attempt().points, practice.attempt().points_possible) == before == (2, 3)
    practice.agrees()


def test_certainty_marks_cost_nothing_there(begin):
    practice = begin("builder", "boats", confidence="marked")
    practice.check(1, is_right=False)
    points = practice.attempt().points
    practice.similar(1)
    practice.check(3, is_right=False)
    assert practice.attempt().points == points
    practice.agrees()


def test_an_answer_handed_in_from_a_file_is_not_counted_there(begin):
    practice = begin()
    practice.check(1, is_right=False)
    practice.similar(1)
    slots = {slot.position: slot for slot in rows.list_slots(practice.session, practice.attempt_id)}
    teacher = make_account(practice.session, "instructor")
    new = [NewAnswer(slots[at], "offline-page", at, right_answer(practice.item(at)), None) for at in (3, 4)]
    attempt = get_own_attempt(practice.session, practice.account.id, practice.attempt_id)
    store(practice.session, attempt, new, teacher.id)
    assert practice.attempt().answered_count == 2
    practice.agrees()


def test_receipt_and_own_data_have_it_and_say_what_it_is(begin):
    practice = begin()
    practice.check(1, is_right=False)
    practice.similar(1)
    practice.check(4, is_right=True)
    submit_attempt(practice.session, practice.account.id, practice.attempt_id)
    receipt = make_receipt(practice.session, practice.account.id, practice.attempt_id, "secret")
    assert is_genuine(receipt, "secret")
    assert [one.get("extra_practice_after") for one in receipt["questions"]] == [None, None, None, 1]
    (attempt,) = export_person(practice.session, practice.account.id)["attempts"]
    assert [one["extra_practice_after"] for one in attempt["answers"]] == [None, None, None, 1]
    assert attempt["points_possible"] == 3


def test_score_exports_leave_it_out_and_its_time_is_not_the_next_questions(begin, later):
    practice = begin("builder", "boats", is_counted=True)
    practice.check(1, is_right=False)
    later(5 * MINUTE)
    practice.similar(1)
    practice.check(3, is_right=True)
    later(MINUTE)
    practice.check(2, is_right=True)
    assert practice.attempt().state == "released"
    table = score_table(practice.session, [practice.module], "long")
    long = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    assert [row["position"] for row in long] == [1, 2]
    assert 59 <= long[1]["seconds"] <= 62
    table = score_table(practice.session, [practice.module], "wide")
    (row,) = table.rows
    points = row[
        [name.startswith("Section 1") or "The bridge" in name for name in table.columns].index(True) :
    ]
    assert points[:2] == [1, 2], table.columns


def test_one_question_a_page_shows_it_with_its_own(begin):
    practice = begin(one_per_page=True)
    practice.check(1, is_right=False)
    practice.similar(1)
    assert [view.position for view in practice.views()] == [1, 4]
    practice.attempt().at_position = 2
    practice.session.commit()
    assert [view.position for view in practice.views()] == [2]


def test_rules_of_the_quiz_switched_off_meanwhile_offer_nothing_more(begin):
    practice = begin("builder", "boats")
    practice.check(1, is_right=False)
    set_rules(practice.session, practice.module.sections[0], offers_similar=False)
    practice.check(2, is_right=True)
    assert practice.attempt().state == "released"
    assert practice.session.scalars(select(Quiz.offers_similar)).all() == [False]
