"""kill -9 of the server and of single workers under saving clients: nothing acknowledged is lost or doubled.

Real processes, no mocks. The short form runs always, the long one with --full.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import re
import signal
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories.attempts import make_attempt
from tests.factories.modules import gap_item, make_item, make_module
from tests.factories.people import make_account
from tests.live import Site, family, is_alive
from webapp.database import make_engine
from webapp.models.attempt import AnswerEvent, AttemptSlot
from webapp.services.checks import examine

CLIENTS = 10
QUESTIONS = 3
START_WITHIN_S = 5
BUSY_START_WITHIN_S = 20
"""The short form runs beside other tests, whose work is no part of the promise."""
DIES_WITHIN_S = 5
SEED = 20


@dataclass
class Learner:
    """One browser that saves answers one by one, and sends each again until it is acknowledged."""

    site: Site
    number: int
    attempt_id: int
    slug: str
    cookie: str
    token: str = ""
    sequence: int = 0
    sent: dict[int, tuple[int, str]] = field(default_factory=dict)
    acknowledged: list[int] = field(default_factory=list)
    refused: list[tuple[int, int]] = field(default_factory=list)
    last_at: float = 0.0

    @property
    def client_id(self) -> str:
        return f"learner-{self.number:02}"

    def request(self, method: str, path: str, fields: dict[str, object] | None = None) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=10)
        headers = {"Cookie": self.cookie, "Accept": "application/json" if fields else "text/html"}
        if fields:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, urlencode(fields) if fields else None, headers)
            response = connection.getresponse()
            fresh = response.getheader("Set-Cookie")
            if fresh:
                self.cookie = fresh.split(";")[0]
            return response.status, response.read().decode()
        finally:
            connection.close()

    def open_page(self) -> None:
        status, page = self.request("GET", f"/m/{self.slug}/1")
        assert status == 200, page
        self.token = re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)

    def save(self, stop: threading.Event) -> None:
        """Until told to stop: a new answer, sent again and again until it is acknowledged or refused."""
        while not stop.is_set():
            self.sequence += 1
            position, text = self.sequence % QUESTIONS + 1, f"answer {self.number} {self.sequence}"
            self.sent[self.sequence] = (position, text)
            fields = {
                "csrf_token": self.token,
                "position": position,
                "client_id": self.client_id,
                "client_sequence": self.sequence,
                f"s{position}-text": text,
            }
            while not self.deliver(fields) and not stop.is_set():
                time.sleep(0.05)
            time.sleep(0.01)

    def deliver(self, fields: dict[str, object]) -> bool:
        try:
            status, body = self.request("POST", f"/attempts/{self.attempt_id}/responses", fields)
        except (OSError, http.client.HTTPException):
            return False
        if status >= 500:
            return False
        if status != 200:
            self.refused.append((self.sequence, status))
            return True
        assert json.loads(body)["stored"], body
        self.acknowledged.append(self.sequence)
        self.last_at = time.monotonic()
        return True


@dataclass
class Class:
    """All learners at work."""

    learners: list[Learner]
    stop: threading.Event = field(default_factory=threading.Event)
    threads: list[threading.Thread] = field(default_factory=list)

    def begin(self) -> None:
        for learner in self.learners:
            learner.open_page()
        self.threads = [
            threading.Thread(target=learner.save, args=(self.stop,), daemon=True) for learner in self.learners
        ]
        for thread in self.threads:
            thread.start()

    def end(self) -> None:
        self.stop.set()
        for thread in self.threads:
            thread.join(20)

    @property
    def count(self) -> int:
        return sum(len(learner.acknowledged) for learner in self.learners)

    def wait_for_more(self, more: int = CLIENTS) -> None:
        """Until so many further answers are acknowledged."""
        goal, until = self.count + more, time.monotonic() + 20
        while self.count < goal:
            assert time.monotonic() < until, "nothing is acknowledged any more"
            time.sleep(0.01)


@pytest.fixture
def site(make_site):
    return make_site("--workers", "2")


@pytest.fixture
def learners(site):
    made = []
    with site.session() as session:
        module = make_module(
            session, sections=[("", " ".join(f"The town of N{n} was built in 19{n:02}." for n in range(9)))]
        )
        section = module.sections[0]
        for _ in range(QUESTIONS):
            make_item(session, section, gap_item(section.current_version.text, "built"))
        for number in range(CLIENTS):
            account = make_account(session)
            attempt = make_attempt(session, account, section)
            made.append((number, attempt.id, module.slug, account))
    school = Class(
        [
            Learner(site, number, attempt, slug, "=".join(site.cookie_for(account)))
            for number, attempt, slug, account in made
        ]
    )
    school.begin()
    yield school
    school.end()


def wait_until(condition, within=DIES_WITHIN_S) -> None:
    until = time.monotonic() + within
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.01)


def verify(site: Site, school: Class) -> None:
    """Compare what was acknowledged with what is stored, and say how much that was."""
    school.end()
    engine = make_engine(site.settings)
    with Session(engine) as session:
        assert examine(session, site.settings) == []
        for learner in school.learners:
            events = session.scalars(
                select(AnswerEvent)
                .where(AnswerEvent.attempt_id == learner.attempt_id)
                .order_by(AnswerEvent.sequence)
            ).all()
            stored = {event.client_sequence: (event.position, event.response["text"]) for event in events}
            assert len(stored) == len(events), "doubled"
            lost = [number for number in learner.acknowledged if stored.get(number) != learner.sent[number]]
            assert lost == [], "lost"
            assert len(learner.acknowledged) == len(set(learner.acknowledged))
            assert set(stored) <= set(learner.sent), "from nowhere"
            assert learner.refused == [], "refused"
            last = {event.position: event.response for event in events}
            slots = session.scalars(
                select(AttemptSlot).where(AttemptSlot.attempt_id == learner.attempt_id)
            ).all()
            assert {slot.position: slot.response for slot in slots if slot.response} == last, "torn"
    engine.dispose()
    assert school.count >= CLIENTS
    print(f"{CLIENTS} clients: {school.count} answers acknowledged, 0 lost, 0 doubled")


def test_the_server_killed_again_and_again(site, learners, full):
    chance, starts = random.Random(SEED), []
    for _ in range(20 if full else 3):
        learners.wait_for_more()
        time.sleep(chance.uniform(0, 0.3))
        children = family(site.process.pid)
        assert children
        os.kill(site.process.pid, signal.SIGKILL)
        site.process.wait()
        wait_until(lambda children=children: not any(is_alive(child) for child in children))
        began = time.monotonic()
        site.start()
        took = time.monotonic() - began
        assert took < (START_WITHIN_S if full else BUSY_START_WITHIN_S), f"the next start took {took:.1f} s"
        starts.append(took)
    print(f"{len(starts)} kills of the parent, slowest start after it {max(starts):.1f} s")
    learners.wait_for_more()
    verify(site, learners)


def test_workers_killed_again_and_again(site, learners, full):
    chance, kills = random.Random(SEED), 20 if full else 3
    for _ in range(kills):
        learners.wait_for_more()
        time.sleep(chance.uniform(0, 0.3))
        before = family(site.process.pid)
        os.kill(chance.choice(before), signal.SIGKILL)  # web workers and the job worker alike
        wait_until(lambda before=before: len(set(family(site.process.pid)) - set(before)) >= 1)
        wait_until(lambda before=before: len(family(site.process.pid)) == len(before))
    learners.wait_for_more()
    assert site.process.poll() is None
    print(f"{kills} kills of workers, the parent lives")
    verify(site, learners)
    assert site.stop() == 0


def test_a_job_whose_worker_is_killed_is_done_again(site):
    """The row of a job that was running when its worker died is queued again, and ends as done."""
    from tests.factories.modules import SECTIONS
    from webapp import jobs
    from webapp.app import create_app
    from webapp.database import write_session
    from webapp.models.item import Item
    from webapp.models.operation import Job
    from webapp.services import generation

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
