"""Background jobs as rows. A state only ever changes where it still is what the caller believes it to be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import CursorResult, Update, select, update
from sqlalchemy.orm import Session

from webapp.models.operation import Job

ENDED_STATES = ("done", "failed", "cancelled")


def add_job(session: Session, job: Job) -> Job:
    """Add a job's row and give it its number."""
    session.add(job)
    session.flush()
    return job


def get_job(session: Session, job_id: int) -> Job | None:
    """The job as it is now, whatever this session saw of it before."""
    return session.get(Job, job_id, populate_existing=True)


def get_unfinished_job(session: Session, module_id: int, kind: str) -> Job | None:
    """The module's job of this kind that is queued or running, the newest if there are several."""
    found = (
        select(Job)
        .where(Job.module_id == module_id, Job.kind == kind, Job.state.in_(("queued", "running")))
        .order_by(Job.id.desc())
        .limit(1)
    )
    return session.scalars(found).one_or_none()


def list_module_jobs(session: Session, module_id: int, kind: str, limit: int = 10) -> Sequence[Job]:
    """The module's latest jobs of this kind, newest first."""
    of_kind = select(Job).where(Job.module_id == module_id, Job.kind == kind)
    return session.scalars(of_kind.order_by(Job.id.desc()).limit(limit)).all()


class WaitingJob(NamedTuple):
    """What tells when a queued job is to be tried."""

    id: int
    created_at: datetime
    started_at: datetime | None
    """When it was last tried, if it was put back since."""


def list_waiting_jobs(session: Session) -> list[WaitingJob]:
    """Every job that waits for a worker, oldest first."""
    columns = select(Job.id, Job.created_at, Job.started_at)
    return [
        WaitingJob(*row) for row in session.execute(columns.where(Job.state == "queued").order_by(Job.id))
    ]


def list_queued_job_ids(session: Session) -> Sequence[int]:
    """The numbers of these."""
    return [job.id for job in list_waiting_jobs(session)]


def claim_job(session: Session, job_id: int, now: datetime) -> bool:
    """Make a queued job this worker's own; False where it is no longer queued."""
    return _changed(
        session,
        update(Job)
        .where(Job.id == job_id, Job.state == "queued")
        .values(state="running", started_at=now, attempts=Job.attempts + 1),
    )


def set_progress(session: Session, job_id: int, done: int, total: int, text: str) -> bool:
    """Write how far a running job is; False where it has been cancelled."""
    return _changed(
        session,
        update(Job)
        .where(Job.id == job_id, Job.state == "running")
        .values(progress_done=done, progress_total=total, progress_text=text[:300]),
    )


def finish_job(
    session: Session,
    job_id: int,
    state: str,
    now: datetime,
    *,
    outcome: dict[str, Any] | None = None,
    error: str = "",
) -> bool:
    """End a running job; False where something else has ended it."""
    return _changed(
        session,
        update(Job)
        .where(Job.id == job_id, Job.state == "running")
        .values(state=state, finished_at=now, outcome=outcome, error=error),
    )


def put_job_back(session: Session, job_id: int) -> bool:
    """Queue a running job again that could not be done just now; False where something else has ended it.

    It took no worker down, so this beginning does not count.
    """
    running = update(Job).where(Job.id == job_id, Job.state == "running")
    return _changed(session, running.values(state="queued", attempts=Job.attempts - 1))


def cancel_job(session: Session, job_id: int, now: datetime) -> bool:
    """Cancel a job that is queued or running; False where it has ended."""
    return _changed(
        session,
        update(Job)
        .where(Job.id == job_id, Job.state.not_in(ENDED_STATES))
        .values(state="cancelled", finished_at=now),
    )


def requeue_running_jobs(session: Session, most_attempts: int, now: datetime, error: str) -> int:
    """Queue again what a dead worker left running (how many); what was begun too often has failed."""
    session.execute(
        update(Job)
        .where(Job.state == "running", Job.attempts >= most_attempts)
        .values(state="failed", finished_at=now, error=error)
    )
    again = update(Job).where(Job.state == "running").values(state="queued", started_at=None)
    return _count(session, again)


def _changed(session: Session, statement: Update) -> bool:
    return _count(session, statement) == 1


def _count(session: Session, statement: Update) -> int:
    done = session.execute(statement.execution_options(synchronize_session=False))
    if not isinstance(done, CursorResult):
        raise TypeError("an UPDATE without RETURNING tells how many rows it changed")
    return done.rowcount
