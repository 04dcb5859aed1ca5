"""A whole running site for tests that need one: `readcheck serve` in its own process, on its own data folder."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.client import SECRET
from tests.requirements import CHROMIUM, require
from webapp.app import create_app
from webapp.config import Settings
from webapp.database import WRITES, make_engine
from webapp.identity import LOGIN_KEY
from webapp.models.account import Account, LoginSession
from webapp.services import clock

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

ROOT = Path(__file__).parents[1]
SERVE = (
    "import sys; from webapp.cli.lifeline import die_with; die_with(int(sys.argv.pop(1)));"
    "from webapp.cli.main import main; main()"
)
"""`readcheck`, but a run of tests that is killed leaves no server behind."""
READY_WITHIN_S = 60
STOP_WITHIN_S = 15
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def free_port() -> int:
    """A port that nobody has at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def family(parent: int) -> list[int]:
    """The processes started by this one, and theirs."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[1]) == parent and fields[0] != "Z":
                found += [int(entry.name), *family(int(entry.name))]
    return found


def is_alive(process: int) -> bool:
    try:
        return (Path("/proc") / str(process) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@dataclass
class Site:
    """A running site. `session()` writes into its database; everything it prints is in `log`."""

    settings: Settings
    port: int
    options: tuple[str, ...] = ("--workers", "1", "--no-worker")
    environment: dict[str, str] = field(default_factory=dict)
    program: str = SERVE
    process: subprocess.Popen[bytes] | None = None
    root: Path = ROOT
    """The folder of the programme that it runs: another one is another version."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        return (self.settings.data.parent / "serve.log").read_text(encoding="utf-8")

    def start(self) -> Site:
        """Start the server and wait until it is ready."""
        own = {name: value for name, value in os.environ.items() if not name.startswith("READCHECK_")}
        own |= {"READCHECK_DATA": str(self.settings.data), "READCHECK_SECRET": SECRET} | self.environment
        self.settings.data.parent.mkdir(parents=True, exist_ok=True)
        with (self.settings.data.parent / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(
                [
                    sys.executable,
                    "-c",
                    self.program,
                    str(os.getpid()),
                    "serve",
                    "--port",
                    str(self.port),
                    *self.options,
                ],
                env=own,
                cwd=self.root,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.wait_until_ready()
        return self

    def wait_until_ready(self) -> None:
        until = time.monotonic() + READY_WITHIN_S
        while self.process is not None and self.process.poll() is None and time.monotonic() < until:
            with contextlib.suppress(OSError, http.client.HTTPException):
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=READY_WITHIN_S)
                try:
                    connection.request("GET", "/readyz")
                    if connection.getresponse().status == 200:
                        return
                finally:
                    connection.close()
            time.sleep(0.02)
        pytest.fail(f"the site did not get ready:\n{self.log}")

    def stop(self) -> int:
        """Stop it as an operator does; the exit code."""
        if self.process is None:
            return 0
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        finally:
            self.process = None

    @contextlib.contextmanager
    def session(self) -> Iterator[Session]:
        """A session that writes into the running site's database. Keep it short: the site's writers wait."""
        engine = make_engine(self.settings)
        with Session(engine.execution_options(**{WRITES: True}), expire_on_commit=False) as own:
            yield own
            own.commit()
        engine.dispose()

    @cached_property
    def _app(self) -> Flask:
        """An application with this site's secret, made once: it only signs cookies."""
        return create_app(self.settings)

    def cookie_for(self, account: Account) -> tuple[str, str]:
        """Name and value of the cookie of a browser in which this account is signed in."""
        app = self._app
        with self.session() as session:
            login = LoginSession(
                token=os.urandom(24).hex(), account_id=account.id, created_at=clock.now(), user_agent="test"
            )
            session.add(login)
        serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        return str(app.config["SESSION_COOKIE_NAME"]), str(
            serializer.dumps({LOGIN_KEY: login.token, "fs_paa": time.time(), "_permanent": True})
        )

    def sign_in(self, context: BrowserContext, account: Account) -> None:
        """Sign the account in, in this browser."""
        name, value = self.cookie_for(account)
        # Chromium takes and sends Secure cookies on 127.0.0.1 without TLS; only this way of setting asks for https.
        context.add_cookies(
            [{"name": name, "value": value, "url": self.url.replace("http:", "https:"), "secure": True}]
        )


def _settings(folder: Path) -> Settings:
    return Settings(data=folder / "data", secret=SECRET, testing=False)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One running site for the whole run: give your modules and people names of their own."""
    running = Site(_settings(tmp_path_factory.mktemp("site")), free_port()).start()
    yield running
    assert running.stop() == 0, running.log


@pytest.fixture
def make_site(tmp_path: Path) -> Iterator[Callable[..., Site]]:
    """`make_site(*options, **environment)`: a running site of this test's own."""
    made: list[Site] = []

    def make(*options: str, start: bool = True, **environment: str) -> Site:
        own = Site(_settings(tmp_path / f"site{len(made)}"), free_port(), environment=environment)
        if options:
            own.options = options
        made.append(own)
        return own.start() if start else own

    yield make
    for own in made:
        if own.process is not None and own.process.poll() is None:
            own.stop()


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's Chromium instead of Playwright's own download."""
    require("browser")
    return {"executable_path": CHROMIUM, "args": list(CHROMIUM_FLAGS)}
