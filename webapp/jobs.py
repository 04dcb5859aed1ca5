"""Work that outlives a request: the queue, the worker, and the rows that tell how far it is.

Huey carries a job's number at most once and knows nothing else: the row is the truth. A number that got
lost is sent again by the worker's sweep; one that arrives twice is claimed once.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from flask import Flask, current_app
from sqlalchemy.orm import Session

from webapp import database
from webapp.config import Settings
from webapp.extensions import db
from webapp.models.operation import Job
from webapp.repositories import jobs as rows
from webapp.services import clock, grading, maintenance, overdue
from webapp.services.errors import ServiceError

if TYPE_CHECKING:
    from huey import Huey

MOST_ATTEMPTS = 3
"""A job that took its worker down this often is not begun again."""
REPORT_EVERY_S = 0.25
SWEEP_EVERY_S = 5.0
CLOSE_OVERDUE_EVERY_S = 15.0
INTERRUPTED = (
    "The work was interrupted several times. Start it again; if it happens again, tell the operator."
)
BROKEN = "Something went wrong on our side. Start it again; if it happens again, tell the operator: job {id}."

TRY_AGAIN_AFTER = timedelta(seconds=5)
TRY_AGAIN_WITHIN = timedelta(minutes=10)
TRY_FOR = timedelta(days=1)
"""Where the other end is away, a job is tried again: soon, then ever less often, and not for ever."""

Report = Callable[[int, int, str], None]
Work = Callable[[int, dict[str, Any], Report], dict[str, Any] | None]

_away_until: dict[str, float] = {}
"""Kinds of jobs whose other end was just found away, and until when (time.monotonic) nobody asks it again:
many letters to a mail server that hangs must not keep other work for a time-out each."""

_log = logging.getLogger("readcheck.jobs")
_work: dict[str, Work] = {}


class Cancelled(Exception):  # noqa: N818 (it is an order, not a mistake)
    """Raised by `report` when somebody cancelled the job: let it pass, what was committed stays."""


class TryLater(Exception):  # noqa: N818 (nothing is wrong on our side)
    """Raised by a job that needs somebody who is away, such as a mail server: it is tried again."""


def register(kind: str) -> Callable[[Work], Work]:
    """Say which function does the jobs of this kind. What it returns becomes the job's outcome."""

    def mark(function: Work) -> Work:
        if _work.setdefault(kind, function) is not function:
            raise ValueError(f"two functions want to do the jobs of kind {kind!r}")
        return function

    return mark


def enqueue(
    session: Session,
    kind: str,
    payload: dict[str, Any],
    module_id: int | None = None,
    by: int | None = None,
) -> Job:
    """Ask for work: the row is part of the caller's transaction, the worker hears of it after the commit."""
    if kind not in _work:
        raise ValueError(f"nobody does jobs of kind {kind!r}")
    job = rows.add_job(
        session,
        Job(kind=kind, payload=payload, module_id=module_id, created_by_id=by, created_at=clock.now()),
    )
    queue: Queue = current_app.extensions["readcheck_queue"]
    database.after_commit(lambda: queue.send(job.id))
    return job


def cancel(session: Session, job_id: int) -> bool:
    """Stop a job before it begins, or at its next report; False where it has ended already."""
    return rows.cancel_job(session, job_id, clock.now())


class Queue:
    """The queue of one application: its own SQLite file, or Redis."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self._app = app
        self._settings = settings

    @cached_property
    def _connected(self) -> tuple[Huey, Callable[[int], object]]:
        """Made on first use: most requests ask for no work."""
        from huey import RedisHuey, SqliteHuey

        if self._settings.redis_url:
            huey: Huey = RedisHuey("readcheck", url=self._settings.redis_url, results=False)
        else:
            file = str(self._settings.queue_file)
            huey = SqliteHuey("readcheck", filename=file, results=False, strict_fifo=True)
        return huey, huey.task(name="run")(lambda job_id: run(self._app, job_id))

    @property
    def huey(self) -> Huey:
        """What the worker takes its numbers from."""
        return self._connected[0]

    def send(self, job_id: int) -> None:
        """Tell the worker. A queue that cannot be reached is no harm: the worker looks for forgotten rows."""
        try:
            self._connected[1](job_id)
        except Exception:  # noqa: BLE001 (Redis and SQLite fail in many ways; the row is safe in all of them)
            _log.warning("the queue did not take job %d; the worker will find its row", job_id, exc_info=True)


def run(app: Flask, job_id: int) -> None:
    """Do one job, if it is still to be done, and write down how it ended."""
    _wait_until_open(app)
    with database.write_session(app) as session:
        if not rows.claim_job(session, job_id, clock.now()):
            return
        job = rows.get_job(session, job_id)
    if job is None:
        return
    state, outcome, error = _do(app, job)
    _wait_until_open(app)
    with database.write_session(app) as session:
        if state == "queued":
            rows.put_job_back(session, job_id)
            return
        rows.finish_job(session, job_id, state, clock.now(), outcome=outcome, error=error)


def _do(app: Flask, job: Job) -> tuple[str, dict[str, Any] | None, str]:
    if time.monotonic() < _away_until.get(job.kind, 0):
        return "queued", None, ""
    try:
        with app.app_context():
            outcome = _work[job.kind](job.id, job.payload, _reporter(app, job.id))
    except Cancelled:
        return "cancelled", None, ""
    except ServiceError as error:
        return "failed", None, error.message
    except TryLater as error:
        _away_until[job.kind] = time.monotonic() + TRY_AGAIN_AFTER.total_seconds()
        goes_on = clock.now() - job.created_at < TRY_FOR
        what_now = "is tried again" if goes_on else "is given up"
        _log.warning("job %d (%s) %s: %s", job.id, job.kind, what_now, type(error.__cause__).__name__)
        return ("queued", None, "") if goes_on else ("failed", None, BROKEN.format(id=job.id))
    except Exception:  # noqa: BLE001 (whatever went wrong in a job must end in its row, not in the worker)
        _log.exception("job %d (%s) failed", job.id, job.kind)
        return "failed", None, BROKEN.format(id=job.id)
    return "done", outcome, ""


def _wait_until_open(app: Flask) -> None:
    """While the database is copied nobody may write to it."""
    while maintenance.is_closed(app.extensions["readcheck_settings"]):
        time.sleep(maintenance.LOOK_EVERY_S)


def _reporter(app: Flask, job_id: int) -> Report:
    last = -REPORT_EVERY_S

    def report(done: int, total: int, text: str) -> None:
        nonlocal last
        if done < total and time.monotonic() - last < REPORT_EVERY_S:
            return
        last = time.monotonic()
        _wait_until_open(app)
        with database.write_session(app) as session:
            goes_on = rows.set_progress(session, job_id, done, total, text)
        if not goes_on:
            raise Cancelled

    return report


def run_queued(app: Flask) -> int:
    """Do everything that is queued, here and now: for commands and tests. How many jobs there were."""
    with app.app_context():
        waiting = rows.list_queued_job_ids(db.session)
    for job_id in waiting:
        run(app, job_id)
    return len(waiting)


def work(app: Flask) -> None:
    """Be the worker, until told to stop."""
    queue: Queue = app.extensions["readcheck_queue"]
    settings: Settings = app.extensions["readcheck_settings"]
    with _alone(settings) as first:
        if first:
            with database.write_session(app) as session:
                rows.requeue_running_jobs(session, MOST_ATTEMPTS, clock.now(), INTERRUPTED)
        threading.Thread(target=_sweep, args=(app, queue), daemon=True).start()
        threading.Thread(target=_close_overdue_for_ever, args=(app,), daemon=True).start()
        queue.huey.create_consumer(workers=1, periodic=False, initial_delay=0.05, max_delay=0.5).run()


def _sweep(app: Flask, queue: Queue) -> None:
    """Send again what is queued as a row and not in the queue."""
    while True:
        try:
            if queue.huey.pending_count() == 0:
                with app.app_context():
                    waiting = rows.list_waiting_jobs(db.session)
                for one in waiting:
                    if _is_due(one, clock.now()):
                        queue.send(one.id)
        except Exception:  # noqa: BLE001 (the worker outlives a database that is away for a while)
            _log.exception("looking for forgotten jobs failed")
        time.sleep(SWEEP_EVERY_S)


def _is_due(job: rows.WaitingJob, now: datetime) -> bool:
    """Whether a job is to be tried now: one that was put back waits as long again as it has waited so far."""
    if job.started_at is None or now < job.started_at:  # a clock that was set back keeps nobody
        return True
    pause = min(max(job.started_at - job.created_at, TRY_AGAIN_AFTER), TRY_AGAIN_WITHIN)
    return now - job.started_at >= pause


def close_all_overdue(app: Flask) -> int:
    """Close every attempt whose time is up, each in a transaction of its own; how many there were."""
    with app.app_context():
        late = overdue.list_all(db.session)
    closed = 0
    for attempt_id in late:
        with database.write_session(app) as session:
            closed += grading.close_overdue(session, attempt_id)
    return closed


def _close_overdue_for_ever(app: Flask) -> None:
    """So that results are there soon; whoever reads an attempt first does the same (services.overdue)."""
    settings: Settings = app.extensions["readcheck_settings"]
    while True:
        try:
            if not maintenance.is_closed(settings):
                close_all_overdue(app)
        except Exception:  # noqa: BLE001 (the worker outlives a database that is away for a while)
            _log.exception("closing attempts whose time is up failed")
        time.sleep(CLOSE_OVERDUE_EVERY_S)


@contextlib.contextmanager
def _alone(settings: Settings) -> Iterator[bool]:
    """Whether this is the machine's only worker: only then is a running row a dead worker's."""
    settings.make_folder()
    file = os.open(settings.data / "worker.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield False
    else:
        yield True
    finally:
        os.close(file)


def init_app(app: Flask, settings: Settings) -> None:
    """Give the application its queue."""
    app.extensions["readcheck_queue"] = Queue(app, settings)
