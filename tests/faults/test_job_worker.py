"""kill -9 of the job worker: what it was doing is queued again, and ends as done."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.factories.modules import SECTIONS, make_module
from tests.faults.test_processes import wait_until
from tests.live import family
from webapp import jobs
from webapp.app import create_app
from webapp.database import write_session
from webapp.models.item import Item
from webapp.models.operation import Job
from webapp.services import generation


@pytest.fixture
def site(make_site):
    return make_site("--workers", "2")


def test_a_job_whose_worker_is_killed_is_done_again(site):
    """The row of a job that was running when its worker died is queued again, and ends as done."""
    app = create_app(site.settings)
    with site.session() as session:
        module_id = make_module(session, sections=SECTIONS * 3).id
    with write_session(app) as session:
        payload = {"module_id": module_id, "section_ids": None, "seed": 0}
        job_id = jobs.enqueue(session, generation.JOB_KIND, payload, module_id).id

    def job() -> Job:
        with site.session() as session:
            return session.get_one(Job, job_id)

    wait_until(lambda: job().state != "queued", within=15)
    worker = next(
        pid
        for pid in family(site.process.pid)
        if b"--beside-server" in Path(f"/proc/{pid}/cmdline").read_bytes()
    )
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: job().state == "done", within=60)
    assert job().attempts in {1, 2}
    assert job().outcome is not None
    with site.session() as session:
        stored = list(session.scalars(select(Item).where(Item.module_id == module_id)))
    assert len({item.generated_id for item in stored}) == len(stored) == job().outcome["proposed"] > 0
    processes = [Path("/proc") / str(pid) for pid in family(site.process.pid)]
    with_model = [one for one in processes if b"/spacy/" in (one / "maps").read_bytes()]
    workers = [one for one in processes if b"--beside-server" in (one / "cmdline").read_bytes()]
    assert with_model == workers, "the model is in memory where questions are made, and nowhere else"
    assert len(processes) > len(workers) == 1
