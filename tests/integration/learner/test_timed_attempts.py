"""Windows, time limits, extra time: by the server's clock, on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from tests.factories.answers import make_module_of_every_type, right_answer
from tests.factories.people import make_account
from tests.factories.rules import grant, set_rules
from tests.integration.learner.conftest import Check
from webapp import jobs
from webapp.services import clock
from webapp.services.attempts import start_section_check
from webapp.services.errors import Conflict, Refused
from webapp.services.graded_attempts import recompute
from webapp.services.grading import check_slot, close_overdue, submit_attempt
from webapp.services.overdue import Overdue
from webapp.services.quiz_rules import GRACE
from webapp.services.windows import refresh_ends

MINUTE = timedelta(minutes=1)


class Watch:
    """The server's clock, set by the test."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = datetime.fromisoformat("2026-11-23T09:00:00+00:00")
        monkeypatch.setattr(clock, "now", lambda: self.now)

    def on(self, span: timedelta) -> None:
        self.now += span


@pytest.fixture
def watch(monkeypatch) -> Watch:
    return Watch(monkeypatch)


@pytest.fixture
def begin(session, watch):
    """`begin(grants, **rules)`: a learner with an open check under these rules, and the time stands still."""

    def begin_one(grants=None, **rules) -> Check:
        module = make_module_of_every_type(session)
        account = make_account(session)
        set_rules(session, module.sections[0], **rules)
        if grants:
            grant(session, module, account, **grants)
        attempt_id = start_section_check(session, account.id, module, 1)
        session.commit()
        return Check(session, account, module, attempt_id)

    return begin_one


def submit(check):
    return submit_attempt(check.session, check.account.id, check.attempt_id)


def test_what_arrives_within_the_grace_counts_and_what_comes_later_does_not(begin, watch):
    check = begin(time_limit_s=600)
    watch.on(10 * MINUTE + GRACE)
    check.save(1, right_answer(check.item(1)))
    watch.on(timedelta(seconds=1))
    with pytest.raises(Overdue):
        check.save(2, right_answer(check.item(2)))
    with pytest.raises(Overdue):
        check_slot(check.session, check.account.id, check.attempt_id, 2, [])
    with pytest.raises(Overdue):
        submit(check)
    assert [event.position for event in check.events()] == [1]


def test_it_is_closed_at_its_own_deadline_whenever_somebody_comes(begin, watch):
    check = begin(time_limit_s=600)
    check.save(1, right_answer(check.item(1)))
    watch.on(timedelta(days=3))
    assert close_overdue(check.session, check.attempt_id)
    attempt = check.attempt()
    assert attempt.submitted_at == attempt.started_at + 10 * MINUTE
    assert (attempt.state, attempt.ended_by, attempt.points) == ("released", "deadline", 1)
    assert check.slot(2).status == "unanswered"
    assert check.progress().attempts_finished == 1
    assert not close_overdue(check.session, check.attempt_id), "once"
    assert recompute(check.session, attempt) == []


def test_nobody_is_closed_early(begin, watch):
    check = begin(time_limit_s=600)
    watch.on(10 * MINUTE + GRACE)
    assert not close_overdue(check.session, check.attempt_id)
    assert check.attempt().state == "open"


def test_handing_in_within_the_grace_counts_as_in_time(begin, watch):
    check = begin(time_limit_s=600)
    watch.on(10 * MINUTE + GRACE)
    assert submit(check).submitted_at == check.attempt().started_at + 10 * MINUTE


def test_where_the_quiz_says_so_an_overdue_attempt_ends_without_a_score(begin, watch):
    check = begin(time_limit_s=600, overdue="expire")
    check.save(1, right_answer(check.item(1)))
    watch.on(11 * MINUTE)
    assert close_overdue(check.session, check.attempt_id)
    attempt = check.attempt()
    assert (attempt.state, attempt.points) == ("expired", 0)
    assert check.slot(1).response, "the answers are kept"
    with pytest.raises(Conflict, match="closed before"):
        submit(check)
    assert recompute(check.session, attempt) == []


def test_the_end_of_the_window_ends_the_attempt(begin, watch):
    check = begin(time_limit_s=3600, closes_at=watch.now + 20 * MINUTE)
    assert check.attempt().deadline_at == watch.now + 20 * MINUTE


@pytest.mark.parametrize(
    ("grants", "limit", "window"),
    [
        ({"time_percent": 200}, 60, 30),
        ({"extra_s": 900}, 45, 15),
        ({"time_percent": 150, "extra_s": 300}, 50, 20),
        ({"time_limit_s": 2400}, 40, 0),
    ],
)
def test_extra_time_lengthens_the_limit_and_the_window(begin, watch, grants, limit, window):
    check = begin(grants, time_limit_s=1800, closes_at=watch.now + 30 * MINUTE)
    attempt = check.attempt()
    assert attempt.closes_at == watch.now + (30 + window) * MINUTE
    assert attempt.deadline_at == watch.now + min(limit, 30 + window) * MINUTE


def test_extra_time_given_meanwhile_moves_the_end(begin, watch):
    check = begin(time_limit_s=600)
    watch.on(9 * MINUTE)
    grant(check.session, check.module, check.account, time_percent=200)
    quiz_id = check.attempt().quiz_id
    assert refresh_ends(check.session, [quiz_id], [check.account.id]) == 1
    assert refresh_ends(check.session, [quiz_id]) == 0, "it stands already"
    watch.on(9 * MINUTE)
    check.save(1, right_answer(check.item(1)))
    assert check.attempt().deadline_at == check.attempt().started_at + 20 * MINUTE


def test_an_attempt_that_is_over_keeps_its_end(begin, watch):
    check = begin(time_limit_s=600)
    before = check.attempt().deadline_at
    submit(check)
    grant(check.session, check.module, check.account, time_percent=200)
    refresh_ends(check.session, [check.attempt().quiz_id])
    assert check.attempt().deadline_at == before


@pytest.mark.parametrize(
    ("minutes", "percent"), [(0, 100), (10, 100), (11, 80), (20, 80), (21, 50), (30, 50), (31, 0)]
)
def test_late_credit_is_that_of_the_moment_of_handing_in(begin, watch, minutes, percent):
    start = watch.now
    steps = [
        {"until": (start + 20 * MINUTE).isoformat(), "percent": 80},
        {"until": (start + 30 * MINUTE).isoformat(), "percent": 50},
    ]
    check = begin(due_at=start + 10 * MINUTE, late_credit=steps)
    for position in (1, 2, 3):
        check.save(position, right_answer(check.item(position)))
    watch.on(minutes * MINUTE)
    attempt = submit(check)
    assert (attempt.credit_percent, attempt.points) == (percent, Decimal(3) * percent / 100)
    assert recompute(check.session, check.attempt()) == []


def again(check, **options):
    return start_section_check(check.session, check.account.id, check.module, 1, **options)


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ({"opens_at": timedelta(minutes=5)}, "opens on"),
        ({"closes_at": timedelta(0)}, "closed on"),
        ({"attempts_allowed": 0}, "used all"),
    ],
)
def test_what_is_not_open_cannot_be_started(session, watch, rules, words):
    module, account = make_module_of_every_type(session), make_account(session)
    rules = {
        name: watch.now + value if isinstance(value, timedelta) else value for name, value in rules.items()
    }
    set_rules(session, module.sections[0], **rules)
    with pytest.raises(Conflict, match=words):
        start_section_check(session, account.id, module, 1)


def test_between_two_attempts_there_is_a_pause(begin, watch):
    check = begin(attempt_delay_s=3600)
    submit(check)
    watch.on(59 * MINUTE)
    with pytest.raises(Conflict, match="next attempt"):
        again(check)
    watch.on(MINUTE)
    assert again(check) != check.attempt_id


def test_who_comes_back_to_an_overdue_attempt_must_have_it_closed_first(begin, watch):
    check = begin(time_limit_s=600)
    watch.on(timedelta(hours=1))
    with pytest.raises(Overdue):
        again(check)


def test_the_access_code_is_asked_for_at_the_start_only(session, watch):
    module, account = make_module_of_every_type(session), make_account(session)
    set_rules(session, module.sections[0], access_code="Äpfel 7")
    for code in ("", "apfel 7", "Äpfel 7x"):
        with pytest.raises(Refused, match="access code"):
            start_section_check(session, account.id, module, 1, access_code=code)
    first = start_section_check(session, account.id, module, 1, access_code=" Äpfel 7 ")
    assert start_section_check(session, account.id, module, 1) == first


def test_a_preview_counts_nowhere(session, watch):
    module, account = make_module_of_every_type(session), make_account(session)
    set_rules(session, module.sections[0], attempts_allowed=1, opens_at=watch.now + MINUTE)
    first = start_section_check(session, account.id, module, 1, is_preview=True)
    assert submit_attempt(session, account.id, first).is_preview
    watch.on(2 * MINUTE)
    assert start_section_check(session, account.id, module, 1) != first


def test_the_worker_closes_what_is_overdue(app, session, watch):
    module, account = make_module_of_every_type(session), make_account(session)
    set_rules(session, module.sections[0], time_limit_s=60)
    attempt_id = start_section_check(session, account.id, module, 1)
    session.commit()
    assert jobs.close_all_overdue(app) == 0
    watch.on(5 * MINUTE)
    assert jobs.close_all_overdue(app) == 1
    assert Check(session, account, module, attempt_id).attempt().ended_by == "deadline"
