"""Section page, saving an answer and result page at 20 connections: requests a second, p95, CPU a request.

Two servers of the same kind answer the same learners in turns, one worker each: the real application as
`readcheck serve` runs it, and the lean reference (lean_reference.py) behind the same front; each with its
emptiest view beside it. The machine may be shared and noisy, so the ratio of CPU per request inside one run is
what counts: at most 2.5.

    python tests/bench/bench_learner.py [--seconds 3] [--connections 20] [--rounds 3]
"""

from __future__ import annotations

import argparse
import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from itsdangerous import URLSafeTimedSerializer  # noqa: E402 (the repository is on the path only now)
from sqlalchemy.orm import Session  # noqa: E402 (as above)

from tests.client import SECRET  # noqa: E402 (as above)
from tests.factories.answers import add_item_of_every_type  # noqa: E402 (as above)
from tests.factories.modules import make_module  # noqa: E402 (as above)
from tests.factories.people import make_account  # noqa: E402 (as above)
from tests.live import free_port  # noqa: E402 (as above)
from webapp.app import create_app  # noqa: E402 (as above)
from webapp.cli.body_first import THREADS  # noqa: E402 (as above)
from webapp.config import Settings  # noqa: E402 (as above)
from webapp.database import WRITES, make_engine  # noqa: E402 (as above)
from webapp.extensions import mask  # noqa: E402 (as above)
from webapp.identity import LOGIN_KEY  # noqa: E402 (as above)
from webapp.models.account import LoginSession  # noqa: E402 (as above)
from webapp.repositories import schema  # noqa: E402 (as above)
from webapp.services import clock  # noqa: E402 (as above)
from webapp.services.attempts import start_module_quiz, start_section_check  # noqa: E402 (as above)
from webapp.services.grading import submit_attempt  # noqa: E402 (as above)

MOST = 2.5
"""How many times the reference's CPU a request may cost."""
APPLICATION = ["-c", "from webapp.cli.main import main; main()", "serve", "--no-worker"]
LEAN = ["-m", "granian", "--interface", "wsgi", "--blocking-threads", str(THREADS), "--no-ws", "--no-log"]
LEAN += ["tests.bench.lean_reference:served"]
CASES = ("empty view", "section page", "save", "result page")
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
RAW_TOKEN = "a" * 40
SENTENCE = "The harbour was dug by hand in a winter that nobody had expected to last so long."


@dataclass
class Learner:
    """One person with an open check and a finished quiz, and what their browser sends."""

    account_id: int
    check: int
    quiz: int
    cookies: str = ""
    token: str = ""
    sequence: int = 0


@dataclass
class Measured:
    """What one server did in one case in one round."""

    requests: int
    seconds: float
    cpu_seconds: float
    latencies: list[float] = field(repr=False, default_factory=list)

    @property
    def cpu_ms(self) -> float:
        """CPU milliseconds a request, of the whole server."""
        return self.cpu_seconds * 1000 / self.requests

    @property
    def p95_ms(self) -> float:
        """The latency that one in twenty exceeds."""
        return sorted(self.latencies)[int(len(self.latencies) * 0.95)] * 1000


def fill(settings: Settings, learners: int) -> tuple[str, list[Learner]]:
    """A module of six sections of 400 words with five questions each, and people who have answered."""
    engine = make_engine(settings)
    schema.migrate(engine)
    app = create_app(settings)
    signer = app.session_interface.get_signing_serializer(app)
    token = URLSafeTimedSerializer(str(app.secret_key), salt="wtf-csrf-token").dumps(RAW_TOKEN)
    made = []
    with Session(engine.execution_options(**{WRITES: True}), expire_on_commit=False) as session:
        paragraph = " ".join(f"Sentence {number}. {SENTENCE}" for number in range(6))
        module = make_module(
            session, sections=[(f"Part {number}", "\n\n".join([paragraph] * 4)) for number in range(6)]
        )
        for section in module.sections:
            add_item_of_every_type(session, section)
        for number in range(learners):
            account = make_account(session)
            check = start_section_check(session, account.id, module, 1)
            quiz = start_module_quiz(session, account.id, module)
            submit_attempt(session, account.id, quiz)
            login = f"login-{number:040d}"
            session.add(
                LoginSession(token=login, account_id=account.id, created_at=clock.now(), user_agent="bench")
            )
            signed = signer.dumps({LOGIN_KEY: login, "csrf_token": RAW_TOKEN, "_permanent": True})
            cookies = f"{app.config['SESSION_COOKIE_NAME']}={signed}; learner={account.id}"
            made.append(Learner(account.id, check, quiz, cookies, mask(str(token))))
        session.commit()
        slug = module.slug
    engine.dispose()
    return slug, made


@contextmanager
def serving(name: str, command: list[str], settings: Settings) -> Iterator[tuple[int, int]]:
    """One of the two on a server of its own: (port, process id)."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("READCHECK_")}
    environment |= {"READCHECK_DATA": str(settings.data), "READCHECK_SECRET": SECRET, "PYTHONPATH": str(ROOT)}
    with (settings.data / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, *command, "--port", str(port), "--workers", "1"],
            env=environment,
            cwd=ROOT,
            stdout=log,
            stderr=log,
        )
    try:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                connection.request("GET", "/empty")
                connection.getresponse().read()
                break
            except OSError:
                time.sleep(0.05)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(15)


def cpu_seconds(parent: int) -> float:
    """CPU used so far by a process and its children."""
    pids = [parent, *children_of(parent)]
    fields = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in pids]
    return sum(int(one[11]) + int(one[12]) for one in fields) / TICKS_A_SECOND


def children_of(parent: int) -> list[int]:
    """The processes that a process started."""
    tasks = Path(f"/proc/{parent}/task")
    return [int(pid) for task in tasks.iterdir() for pid in (task / "children").read_text().split()]


Ask = Callable[[http.client.HTTPConnection, Learner], None]


def askers(slug: str, empty: str) -> dict[str, Ask]:
    """What a client does once in each case; anything but 200 ends the run."""

    def ask(
        connection: http.client.HTTPConnection, learner: Learner, path: str, body: str | None = None
    ) -> None:
        headers = {"Cookie": learner.cookies, "Accept": "text/html", "Accept-Encoding": "br, gzip"}
        if body is not None:
            headers |= {
                "Accept": "application/json",
                "Content-Type": "application/x-www-form-urlencoded",
                "Referer": f"http://{connection.host}:{connection.port}/",
            }
        connection.request("POST" if body else "GET", path, body, headers)
        response = connection.getresponse()
        content = response.read()
        if response.status != 200:
            raise RuntimeError(f"{path}: {response.status} {content[:300]!r}")

    def save(connection: http.client.HTTPConnection, learner: Learner) -> None:
        learner.sequence += 1
        fields = {
            "csrf_token": learner.token,
            "position": 1,
            "client_id": "bench-client",
            "client_sequence": learner.sequence,
            "s1-choice": learner.sequence % 3,
        }
        ask(connection, learner, f"/attempts/{learner.check}/responses", urlencode(fields))

    return {
        "empty view": lambda connection, learner: ask(connection, learner, empty),
        "section page": lambda connection, learner: ask(connection, learner, f"/m/{slug}/1"),
        "save": save,
        "result page": lambda connection, learner: ask(
            connection, learner, f"/attempts/{learner.quiz}/result"
        ),
    }


def load(port: int, pid: int, ask: Ask, learners: list[Learner], seconds: float) -> Measured:
    """Every learner asks without a pause on a connection of their own."""
    latencies: list[float] = []
    failures: list[BaseException] = []
    end = time.monotonic() + seconds

    def client(learner: Learner) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            while time.monotonic() < end:
                started = time.monotonic()
                ask(connection, learner)
                latencies.append(time.monotonic() - started)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    started, cpu = time.monotonic(), cpu_seconds(pid)
    threads = [threading.Thread(target=client, args=(learner,)) for learner in learners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return Measured(len(latencies), time.monotonic() - started, cpu_seconds(pid) - cpu, latencies)


def run(connections: int, seconds: float, rounds: int) -> dict[str, dict[str, list[Measured]]]:
    """Case -> server -> what it did in each round."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        settings = Settings(data=Path(folder), secret=SECRET)
        slug, learners = fill(settings, connections)
        servers: dict[str, Any] = {
            "application": (
                stack.enter_context(serving("application", APPLICATION, settings)),
                askers(slug, "/healthz"),
            ),
            "lean": (
                stack.enter_context(serving("lean", LEAN, settings)),
                askers(slug, "/empty"),
            ),
        }
        measured: dict[str, dict[str, list[Measured]]] = {
            case: {name: [] for name in servers} for case in CASES
        }
        for turn in range(rounds + 1):  # the first warms caches and is thrown away
            for case in CASES:
                for name, ((port, pid), asks) in servers.items():
                    result = load(port, pid, asks[case], learners, seconds if turn else 1)
                    if turn:
                        measured[case][name].append(result)
        return measured


def report(measured: dict[str, dict[str, list[Measured]]]) -> bool:
    """Print the figures; whether every ratio that counts is within bounds."""
    fine = True
    print(f"{'':14}{'server':14}{'requests/s':>12}{'p95 ms':>10}{'CPU ms':>10}{'ratio':>8}")
    for case, servers in measured.items():
        ratio = statistics.median(
            real.cpu_ms / lean.cpu_ms
            for real, lean in zip(servers["application"], servers["lean"], strict=True)
        )
        fine = fine and (case == "empty view" or ratio <= MOST)
        for name, rounds in servers.items():
            rate = statistics.median(one.requests / one.seconds for one in rounds)
            p95 = statistics.median(one.p95_ms for one in rounds)
            cpu = statistics.median(one.cpu_ms for one in rounds)
            shown = f"{ratio:8.2f}" if name == "application" else ""
            print(f"{case:14}{name:14}{rate:12.0f}{p95:10.1f}{cpu:10.2f}{shown}")
    return fine


def main() -> int:
    """Run and report; 1 where a ratio is over the bound."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--connections", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    return 0 if report(run(options.connections, options.seconds, options.rounds)) else 1


if __name__ == "__main__":
    sys.exit(main())
