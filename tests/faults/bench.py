"""The bench: sites for faults to happen to, rounds of injections, and the totals of all of them.

    pytest tests/faults                     the short form: a fault or two of every kind
    pytest tests/faults --long              at least LONG.target of every kind; goes on where it was stopped
    python -m tests.faults.totals FILE      what all runs of the long form came to

Real processes, files and sockets; traffic to this machine only. Promise and kinds: the docstrings of the test files.
"""

from __future__ import annotations

import contextlib
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.client import SECRET
from tests.faults.postgres import Postgres
from tests.faults.school import School, open_school
from tests.faults.totals import Round, Totals
from tests.live import Site, free_port
from webapp.config import Settings

ENGINES = ("sqlite", pytest.param("postgres", marks=pytest.mark.needs("postgres")))
OPTIONS = ("--workers", "2", "--no-worker")
Fault = Callable[[School], "float | None"]
"""Injects one fault and takes it away. Gives the moment from which recovery counts, by default that of its end."""


@dataclass(frozen=True)
class Form:
    """How much is done. The short form belongs to every run of the tests, the long one proves the promise."""

    injections: int
    """In one round, on one class."""
    target: int
    """In all rounds of one kind on one engine; 0: one round."""
    clients: tuple[int, ...]
    between: int
    """So many saves are acknowledged before each fault."""
    pause_s: float


SHORT = Form(injections=2, target=0, clients=(6,), between=12, pause_s=0.01)
LONG = Form(injections=10, target=28, clients=(6, 12, 30), between=90, pause_s=0.002)


@dataclass
class Bench:
    """What tests of faults ask for: `bench.run(kind, engine, fault)`."""

    form: Form
    folder: Callable[[str], Path]
    totals: Totals | None
    rounds: list[Round] = field(default_factory=list)
    _sites: dict[tuple[str, ...], Site] = field(default_factory=dict)
    _postgres: Postgres | None = None

    @property
    def is_long(self) -> bool:
        return self.form.target > 0

    @property
    def few(self) -> int | None:
        """How many injections of what takes long: one in the short form."""
        return None if self.is_long else 1

    def postgres(self) -> Postgres:
        """The server of all sites of this run that are on PostgreSQL."""
        if self._postgres is None:
            self._postgres = Postgres()
        return self._postgres

    def make_site(self, engine: str, *options: str, **environment: str) -> Site:
        """A site of its own, not yet started."""
        folder = self.folder("site")
        database_url = self.postgres().add_database() if engine == "postgres" else ""
        if database_url:
            environment["READCHECK_DATABASE_URL"] = database_url
        settings = Settings(data=folder / "data", secret=SECRET, testing=False, database_url=database_url)
        return Site(settings, free_port(), options or OPTIONS, environment)

    def site(self, engine: str, kind: str) -> Site:
        """A running site: in the short form one for all kinds that ask here, in the long one a kind each."""
        key = (engine, kind if self.is_long else "")
        if key not in self._sites:
            self._close_sites()
            self._sites[key] = self.make_site(engine).start()
        return self._sites[key]

    def _close_sites(self) -> None:
        while self.is_long and self._sites:
            self._sites.popitem()[1].stop()

    def run(
        self,
        kind: str,
        engine: str,
        fault: Fault,
        site: Site | None = None,
        *,
        gives_up: bool = False,
        port: int | None = None,
        injections: int | None = None,
    ) -> None:
        """Rounds of this fault on a site, each judged at its end, until there are enough."""
        where = site or self.site(engine, kind)
        for number, count in enumerate(self._plan(kind, engine, injections)):
            clients = self.form.clients[number % len(self.form.clients)]
            chance = random.Random(f"{kind} {engine} {number} {time.time_ns() if self.is_long else 0}")
            school = open_school(where, engine, clients, chance, pause_s=self.form.pause_s, gives_up=gives_up)
            for learner in school.learners:
                learner.browser.port = port or where.port
            with self._working(school):
                waits = [self._inject(school, fault) for _ in range(count)]
            self.note(kind, school, waits)

    def _plan(self, kind: str, engine: str, injections: int | None) -> Iterator[int]:
        """How many injections each further round has."""
        if self.totals is None or not self.is_long:
            yield injections or self.form.injections
            return
        while (missing := self.form.target - self.totals.count(kind, engine)[0]) > 0:
            yield min(missing, injections or self.form.injections)

    def _inject(self, school: School, fault: Fault) -> tuple[float, float]:
        school.wait_for_more(self.form.between)
        time.sleep(school.chance.uniform(0, 0.1))
        moment = fault(school)
        return school.wait_for_all(time.monotonic() if moment is None else moment)

    @contextlib.contextmanager
    def _working(self, school: School) -> Iterator[None]:
        """Everybody works meanwhile; a site on which something failed is not used again."""
        try:
            school.begin()
            yield
            school.end()
        except BaseException:
            school.stop.set()
            self._discard(school.site)
            raise

    def _discard(self, site: Site) -> None:
        for key in [key for key, one in self._sites.items() if one is site]:
            del self._sites[key]
        if site.process is not None and site.process.poll() is None:
            site.process.kill()
            site.process.wait()

    def note(self, kind: str, school: School, waits: list[tuple[float, float]]) -> None:
        """Judge, keep what it came to, and fail where the promise was broken."""
        verdict = school.judge()
        self.add(
            Round(
                kind,
                school.engine,
                len(waits),
                verdict.acknowledged,
                *(len(found) for found in (verdict.lost, verdict.ghost, verdict.doubled, verdict.torn)),
                first_s=tuple(round(first, 3) for first, _everybody in waits),
                all_s=tuple(round(everybody, 3) for _first, everybody in waits),
            )
        )
        if not verdict.is_clean:
            self._discard(school.site)
        assert verdict.is_clean, verdict

    def add(self, one: Round) -> None:
        """Keep a round."""
        self.rounds.append(one)
        if self.totals is not None:
            self.totals.add(one)

    def close(self) -> None:
        """Stop everything this bench started."""
        for site in self._sites.values():
            site.stop()
        if self._postgres is not None:
            self._postgres.close()


def environment_of(site: Site) -> dict[str, Any]:
    """What a command needs to work on this site's data."""
    return {"READCHECK_DATA": str(site.settings.data), "READCHECK_SECRET": SECRET} | {
        name: value for name, value in site.environment.items() if name == "READCHECK_DATABASE_URL"
    }
