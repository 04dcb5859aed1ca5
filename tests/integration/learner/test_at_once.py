"""Twenty requests of one learner in the same instant: one thing happens, once, and everybody is told the same."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.factories.answers import right_answer, wrong_answer
from tests.factories.people import make_account
from tests.factories.rules import set_rules
from tests.factories.unsent import unsent_answer, unsent_file
from tests.integration.learner.conftest import Check
from webapp.database import WRITES
from webapp.extensions import db
from webapp.forms.unsent_file import read_file
from webapp.models.attempt import Attempt, AttemptSlot, SlotCheck
from webapp.models.module import Module
from webapp.services import clock, handing_in
from webapp.services.attempts import start_module_quiz, start_section_check
from webapp.services.errors import Conflict
from webapp.services.graded_attempts import recompute
from webapp.services.grading import check_slot, submit_attempt
from webapp.services.results import get_own_attempt
from webapp.services.turning import turn_page

TWENTY = 20


@pytest.fixture
def twenty(check, app) -> Callable[[Callable[[Session, int], object]], list[object]]:
    """Do it twenty times in the same instant, each in a transaction of its own; what each got, or why not."""
    with app.app_context():
        engine = db.engine.execution_options(**{WRITES: True})

    def run(work: Callable[[Session, int], object]) -> list[object]:
        check.session.commit()
        given: list[object] = []
        at_once = threading.Barrier(TWENTY, timeout=30)

        def one(number: int) -> None:
            at_once.wait()
            try:
                with Session(engine) as own:
                    result = work(own, number)
                    own.commit()
            except Exception as error:
                result = error
            given.append(result)

        threads = [threading.Thread(target=one, args=(number,)) for number in range(TWENTY)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        check.session.expire_all()
        return given

    return run


def begun(check: Check, **rules: object) -> Check:
    """A new learner's open check under these rules."""
    set_rules(check.session, check.module.sections[0], **rules)
    check.account = make_account(check.session)
    check.attempt_id = start_section_check(check.session, check.account.id, check.module, 1)
    check.session.commit()
    return check


def test_twenty_starts_are_one_attempt(check, twenty):
    account_id, module_id = make_account(check.session).id, check.module.id
    given = twenty(lambda own, _: start_section_check(own, account_id, own.get_one(Module, module_id), 1))
    assert len(set(given)) == 1, given
    assert check.session.scalar(select(func.count()).where(Attempt.account_id == account_id)) == 1


def test_twenty_starts_in_a_row_of_hand_ins_keep_to_what_is_allowed(check, twenty):
    """Each starts and hands in at once: two attempts are allowed, and two there are."""
    set_rules(check.session, check.module.id, attempts_allowed=2)
    account_id, module_id = make_account(check.session).id, check.module.id

    def work(own: Session, _: int) -> object:
        attempt_id = start_module_quiz(own, account_id, own.get_one(Module, module_id))
        own.commit()
        return submit_attempt(own, account_id, attempt_id).id

    given = twenty(work)
    refused = [str(one) for one in given if isinstance(one, Conflict)]
    attempts = check.session.scalars(
        select(Attempt).where(Attempt.account_id == account_id).order_by(Attempt.number)
    ).all()
    assert [(one.number, one.state) for one in attempts] == [(1, "released"), (2, "released")]
    assert {one.id for one in attempts} == {one for one in given if isinstance(one, int)}
    assert len(refused) + len([one for one in given if isinstance(one, int)]) == TWENTY, given


def test_with_a_pause_twenty_starts_are_one_attempt(check, twenty):
    set_rules(check.session, check.module.id, attempt_delay_s=3600)
    account_id, module_id = make_account(check.session).id, check.module.id

    def work(own: Session, _: int) -> object:
        attempt_id = start_module_quiz(own, account_id, own.get_one(Module, module_id))
        own.commit()
        return submit_attempt(own, account_id, attempt_id).id

    twenty(work)
    assert check.session.scalar(select(func.count()).where(Attempt.account_id == account_id)) == 1


def test_twenty_hand_ins_are_one(check, twenty):
    for position in (1, 2):
        check.save(position, right_answer(check.item(position)))
    account_id, attempt_id = check.account.id, check.attempt_id
    given = twenty(lambda own, _: submit_attempt(own, account_id, attempt_id).points)
    assert set(given) == {2}, given
    row = check.progress()
    assert (row.attempts_finished, row.best_points, row.completed_at) == (1, 2, check.attempt().submitted_at)
    assert recompute(check.session, check.attempt()) == []


def test_twenty_checks_of_one_answer_are_one_try(check, twenty):
    begun(check, behaviour="tries", tries_allowed=3, try_penalty=25)
    account_id, attempt_id = check.account.id, check.attempt_id
    sent = check.sent(1, wrong_answer(check.item(1)))
    given = twenty(lambda own, _: check_slot(own, account_id, attempt_id, 1, [sent]).state)
    assert set(given) == {"open"}, given
    assert check.slot(1).tries == 1
    assert check.session.scalar(select(func.count()).where(SlotCheck.attempt_id == attempt_id)) == 1
    assert len(check.events()) == 1


def test_twenty_different_answers_have_no_more_tries_than_there_are(check, twenty):
    begun(check, behaviour="tries", tries_allowed=3)
    position = next(place for place in range(1, 7) if check.item(place).type == "gap_text")
    account_id, attempt_id = check.account.id, check.attempt_id
    sent = [
        check.sent(position, {"text": f"guess {number}"}, (f"window-{number}", 1)) for number in range(TWENTY)
    ]
    given = twenty(
        lambda own, number: check_slot(own, account_id, attempt_id, position, [sent[number]]).state
    )
    told = Counter("checked" if one == "open" else type(one).__name__ for one in given)
    assert told["checked"] >= 3
    assert told["checked"] + told["Conflict"] == TWENTY, given
    slot = check.slot(position)
    assert (slot.tries, slot.status) == (3, "incorrect")
    assert recompute(check.session, check.attempt()) == []


def test_twenty_forms_of_the_page_turn_one_page_each_or_none(check, twenty):
    """Where nothing goes back and nothing is skipped, twenty presses of "next" end at the last question."""
    begun(check, one_per_page=True, allows_back=False)
    account_id, attempt_id = check.account.id, check.attempt_id

    def turn(own: Session, _: int) -> object:
        turn_page(own, get_own_attempt(own, account_id, attempt_id), 1)
        return "turned"

    given = twenty(turn)
    turned = given.count("turned")
    assert all(one == "turned" or isinstance(one, Conflict) for one in given), given
    assert 1 < check.attempt().at_position <= min(1 + turned, 6)


def test_one_file_handed_in_twenty_times_is_stored_once(check, twenty):
    submit_attempt(check.session, check.account.id, check.attempt_id)
    check.session.commit()
    teacher, module_id, attempt_id = (
        make_account(check.session, "instructor").id,
        check.module.id,
        check.attempt_id,
    )
    answers = [unsent_answer(place, right_answer(check.item(place))) for place in (1, 2, 3)]
    file = read_file(unsent_file(attempt_id, check.module.slug, *answers))
    seen = handing_in.look(check.session, check.module, file).token
    check.session.commit()

    def work(own: Session, _: int) -> object:
        stored = handing_in.hand_in(own, own.get_one(Module, module_id), file, [1, 2, 3], seen, teacher)
        return len(stored.positions)

    given = twenty(work)
    assert [one for one in given if one == 3] == [3], given
    assert len(check.events()) == 3
    assert check.attempt().points == 3
    assert recompute(check.session, check.attempt()) == []


def test_twenty_learners_start_at_once_and_each_has_their_own(check, twenty):
    people = [make_account(check.session).id for _ in range(TWENTY)]
    module_id = check.module.id
    given = twenty(
        lambda own, number: start_section_check(own, people[number], own.get_one(Module, module_id), 1)
    )
    assert len(set(given)) == TWENTY, given
    of_them = select(func.count()).select_from(AttemptSlot).where(AttemptSlot.attempt_id.in_(given))
    assert check.session.scalar(of_them) == TWENTY * 6
    assert clock.now() >= check.session.scalar(select(func.max(Attempt.started_at)))
