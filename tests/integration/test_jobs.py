"""A job's row is the truth: whatever happens to the queue or the worker, it ends in exactly one state."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.factories.modules import make_module
from webapp import database, jobs
from webapp.models.operation import Job
from webapp.repositories import jobs as rows
from webapp.services import clock, maintenance
from webapp.services.errors import Refused


@pytest.fixture
def settings(each_settings):
    return each_settings


@pytest.fixture
def kinds(monkeypatch):
    """A register of our own, so that tests do not meet the application's kinds."""
    monkeypatch.setattr(jobs, "_work", {})


@pytest.fixture
def ask(app, kinds):
    def ask(kind="count", **payload):
        with database.write_session(app) as session:
            return jobs.enqueue(session, kind, payload).id

    return ask


def row(session, job_id) -> Job:
    session.rollback()
    job = rows.get_job(session, job_id)
    session.expunge(job)  # what is read off it later must not open a transaction that the worker waits for
    session.rollback()
    return job


def test_a_job_is_queued_run_and_done(app, session, ask):
    @jobs.register("count")
    def work(job_id, payload, report):
        for number in range(payload["to"]):
            report(number + 1, payload["to"], f"{number + 1} counted")
        return {"counted": payload["to"]}

    job_id = ask(to=3)
    assert row(session, job_id).state == "queued"
    assert jobs.run_queued(app) == 1
    job = row(session, job_id)
    assert (job.state, job.outcome, job.attempts) == ("done", {"counted": 3}, 1)
    assert (job.progress_done, job.progress_total, job.progress_text) == (3, 3, "3 counted")
    assert job.created_at <= job.started_at <= job.finished_at


def test_the_queue_hears_of_a_job_only_after_the_commit(app, kinds, monkeypatch):
    heard = []
    monkeypatch.setattr(jobs.Queue, "send", lambda self, job_id: heard.append(job_id))
    jobs.register("count")(lambda job_id, payload, report: None)

    def fail():
        with database.write_session(app) as session:
            jobs.enqueue(session, "count", {})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert heard == []
    with database.write_session(app) as session:
        job = jobs.enqueue(session, "count", {})
        assert heard == []
    assert heard == [job.id]


def test_a_queue_that_is_away_loses_nothing(app, session, ask, monkeypatch):
    jobs.register("count")(lambda job_id, payload, report: None)

    def fail(*_args, **_options):
        raise ConnectionError("redis is away")

    monkeypatch.setattr("huey.SqliteHuey", fail)
    job_id = ask()
    assert jobs.run_queued(app) == 1
    assert row(session, job_id).state == "done"


def test_a_number_that_arrives_twice_is_done_once(app, session, ask):
    done = []
    jobs.register("count")(lambda job_id, payload, report: done.append(job_id))
    job_id = ask()
    jobs.run(app, job_id)
    jobs.run(app, job_id)
    jobs.run(app, 987654)
    assert done == [job_id]


def test_a_refusal_is_told_in_its_own_words_and_a_failure_is_not(app, session, ask):
    @jobs.register("refuse")
    def refuse(job_id, payload, report):
        raise Refused("text", "The text is in French.")

    @jobs.register("break")
    def fail(job_id, payload, report):
        raise ZeroDivisionError("internal detail")

    refused, broken = ask("refuse"), ask("break")
    jobs.run_queued(app)
    assert (row(session, refused).state, row(session, refused).error) == ("failed", "The text is in French.")
    assert row(session, broken).state == "failed"
    assert "internal detail" not in row(session, broken).error
    assert str(broken) in row(session, broken).error


def test_cancelled_before_it_begins(app, session, ask):
    done = []
    jobs.register("count")(lambda job_id, payload, report: done.append(job_id))
    job_id = ask()
    assert jobs.cancel(session, job_id)
    session.commit()
    jobs.run_queued(app)
    assert done == []
    assert row(session, job_id).state == "cancelled"
    assert not jobs.cancel(session, job_id)
    session.rollback()


def test_cancelled_while_it_runs(app, session, ask):
    steps = []

    @jobs.register("count")
    def work(job_id, payload, report):
        for number in range(5):
            steps.append(number)
            if number == 2:
                jobs.cancel(session, job_id)
                session.commit()
            report(5, 5, "")

    job_id = ask()
    jobs.run_queued(app)
    assert steps == [0, 1, 2]
    job = row(session, job_id)
    assert (job.state, job.outcome) == ("cancelled", None)
    assert job.finished_at


def test_progress_is_not_written_more_often_than_anybody_looks(app, session, ask, monkeypatch):
    written = []
    real = rows.set_progress
    monkeypatch.setattr(rows, "set_progress", lambda *values: written.append(values[2]) or real(*values))

    @jobs.register("count")
    def work(job_id, payload, report):
        for number in range(1, 101):
            report(number, 100, "")

    ask()
    jobs.run_queued(app)
    assert written[0] == 1
    assert written[-1] == 100
    assert len(written) < 20


def test_what_a_dead_worker_left_running_is_queued_again(app, session, ask):
    done = []
    jobs.register("count")(lambda job_id, payload, report: done.append(job_id))
    job_id = ask()
    assert rows.claim_job(session, job_id, clock.now())
    assert rows.requeue_running_jobs(session, jobs.MOST_ATTEMPTS, clock.now(), "") == 1
    session.commit()
    jobs.run_queued(app)
    assert done == [job_id]
    assert row(session, job_id).attempts == 2


def test_a_job_that_kills_its_worker_again_and_again_is_given_up(app, session, ask):
    jobs.register("count")(lambda job_id, payload, report: None)
    job_id = ask()
    for _ in range(jobs.MOST_ATTEMPTS):
        assert rows.claim_job(session, job_id, clock.now())
        rows.requeue_running_jobs(session, jobs.MOST_ATTEMPTS, clock.now(), jobs.INTERRUPTED)
    session.commit()
    job = row(session, job_id)
    assert (job.state, job.error) == ("failed", jobs.INTERRUPTED)


def test_only_one_worker_of_a_machine_takes_over_what_runs(settings):
    with jobs._alone(settings) as first, jobs._alone(settings) as second:
        assert (first, second) == (True, False)
    with jobs._alone(settings) as third:
        assert third


def test_jobs_of_a_module(app, session, kinds):
    jobs.register("count")(lambda job_id, payload, report: None)
    module_id = make_module(session).id
    session.rollback()
    with database.write_session(app) as own:
        first = jobs.enqueue(own, "count", {}, module_id=module_id).id
        second = jobs.enqueue(own, "count", {}, module_id=module_id).id
    assert [job.id for job in rows.list_module_jobs(session, module_id, "count")] == [second, first]
    assert rows.get_unfinished_job(session, module_id, "count").id == second
    session.rollback()
    jobs.run_queued(app)
    assert rows.get_unfinished_job(session, module_id, "count") is None
    session.rollback()


def test_an_unknown_kind_is_refused_where_it_is_asked_for(app, session, kinds):
    with pytest.raises(ValueError, match="nobody does"), app.app_context():
        jobs.enqueue(session, "unheard-of", {})


def test_two_functions_cannot_do_the_same_kind(kinds):
    jobs.register("count")(lambda job_id, payload, report: None)
    with pytest.raises(ValueError, match="two functions"):
        jobs.register("count")(lambda job_id, payload, report: None)


class TestSomebodyIsAway:
    """A job that needs somebody who is away is tried again: soon, then ever less often, and not for ever."""

    @pytest.fixture
    def tried(self, ask, monkeypatch):
        monkeypatch.setattr(jobs, "_away_until", {})
        tried = []

        @jobs.register("count")
        def work(job_id, payload, report):
            tried.append(job_id)
            if len(tried) <= payload["fails"]:
                raise jobs.TryLater from ConnectionRefusedError("mail.example.org")

        return tried

    def goes_on(self, monkeypatch):
        monkeypatch.setattr(jobs, "_away_until", {})

    def test_it_is_put_back_and_done_later(self, app, session, ask, tried, monkeypatch, caplog):
        job_id = ask(fails=jobs.MOST_ATTEMPTS + 2)
        while len(tried) <= jobs.MOST_ATTEMPTS + 1:
            jobs.run_queued(app)
            job = row(session, job_id)
            assert (job.state, job.attempts, job.error) == ("queued", 0, ""), "it took no worker down"
            assert f"job {job_id} (count) is tried again: ConnectionRefusedError" in caplog.text
            self.goes_on(monkeypatch)
        jobs.run_queued(app)
        assert row(session, job_id).state == "done"
        assert "mail.example.org" not in caplog.text

    def test_others_of_its_kind_do_not_ask_in_vain(self, app, session, ask, tried, monkeypatch):
        done = []
        jobs.register("other")(lambda job_id, payload, report: done.append(job_id))
        first, second, other = ask(fails=1), ask(fails=1), ask("other")
        jobs.run_queued(app)
        assert (tried, done) == ([first], [other])
        assert row(session, second).state == "queued"
        self.goes_on(monkeypatch)
        jobs.run_queued(app)
        assert tried == [first, first, second]

    def test_it_is_given_up_after_a_day(self, app, session, ask, tried):
        job_id = ask(fails=1)
        session.get_one(Job, job_id).created_at -= jobs.TRY_FOR
        session.commit()
        jobs.run_queued(app)
        job = row(session, job_id)
        assert (job.state, job.error) == ("failed", jobs.BROKEN.format(id=job_id))

    def test_what_a_dead_worker_left_is_due_at_once(self, app, session, ask, tried):
        job_id = ask(fails=1)
        jobs.run_queued(app)
        [waiting] = rows.list_waiting_jobs(session)
        assert not jobs._is_due(waiting, clock.now())
        assert rows.claim_job(session, job_id, clock.now())
        assert rows.requeue_running_jobs(session, jobs.MOST_ATTEMPTS, clock.now(), "") == 1
        [waiting] = rows.list_waiting_jobs(session)
        assert jobs._is_due(waiting, clock.now())

    @pytest.mark.parametrize(
        ("waited_s", "since_s", "is_due"),
        [
            (0, 4, False),
            (0, 6, True),
            (60, 50, False),
            (60, 70, True),
            (7200, 590, False),
            (7200, 610, True),
            (60, -3600, True),
        ],
    )
    def test_it_waits_as_long_again(self, waited_s, since_s, is_due):
        now = clock.now()
        tried_at = now - timedelta(seconds=since_s)
        waiting = rows.WaitingJob(1, tried_at - timedelta(seconds=waited_s), tried_at)
        assert jobs._is_due(waiting, now) == is_due
        assert jobs._is_due(rows.WaitingJob(1, now, None), now)


@pytest.mark.needs("redis")
def test_numbers_travel_through_redis(app, settings, redis_url, kinds):
    queue = jobs.Queue(app, replace(settings, redis_url=redis_url))
    queue.send(17)
    assert queue.huey.pending_count() == 1
    assert queue.huey.dequeue().args == (17,)


def test_nothing_is_done_while_the_database_is_copied(app, settings, ask, monkeypatch):
    if not settings.is_sqlite:
        return  # a site on a server is never closed
    monkeypatch.setattr(maintenance, "LOOK_EVERY_S", 0.01)
    began = []
    jobs.register("count")(lambda job_id, payload, report: began.append(maintenance.is_closed(settings)))
    job_id = ask()
    maintenance.close(settings)
    worker = threading.Thread(target=jobs.run, args=(app, job_id))
    worker.start()
    worker.join(0.3)
    assert worker.is_alive()
    assert began == []
    maintenance.open_again(settings)
    worker.join(10)
    assert began == [False]
