"""Sessions that end in the middle of an attempt: the same person signs in again, or somebody else does."""

from __future__ import annotations

import time

from sqlalchemy import delete

from tests.faults.school import School, cookies_for
from tests.faults.test_processes import wait_until
from webapp.models.account import Account, LoginSession
from webapp.models.attempt import Attempt


def end_session(school: School) -> None:
    """Signed out elsewhere, and in again a little later: what was entered meanwhile is sent then."""
    learner = school.chance.choice(school.learners)
    with school.site.session() as session:
        account_id = session.get_one(Attempt, learner.record.attempt_id).account_id
        session.execute(delete(LoginSession).where(LoginSession.account_id == account_id))
    wait_until(lambda: learner.last_status == 401)
    before = len(learner.record.acknowledged)
    time.sleep(school.chance.uniform(0.05, 0.3))
    assert len(learner.record.acknowledged) == before, "saved without a session"
    with school.site.session() as session:
        [cookie] = cookies_for(school.site, session, [session.get_one(Account, account_id)])
    learner.browser.cookie = cookie


def sit_down_at_anothers_page(school: School) -> None:
    """The page of one person, the session of another: nothing is stored, for nobody."""
    learner, other = school.chance.sample(school.learners, 2)
    page = school.page_beside(learner, f"left-open-{len(school.further):06}")
    own = page.browser.cookie
    page.browser.cookie = other.browser.cookie
    assert page.browser.open_page()
    fields = page.next_fields()
    reply = page.deliver(fields)
    assert reply is not None
    assert (reply.status, reply.kind) == (404, "refused"), reply
    page.take(reply)
    page.browser.cookie = own
    page.browser.close()


def test_a_session_ends(bench, engine):
    bench.run("session ended mid-attempt", engine, end_session)


def test_somebody_elses_session(bench, engine):
    bench.run("another person's session", engine, sit_down_at_anothers_page)
