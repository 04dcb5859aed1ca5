"""The bench of this run, short or long, and its table at the end."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.bench import ENGINES, LONG, SHORT, Bench
from tests.faults.totals import Totals, table

KEPT = pytest.StashKey[Bench]()


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """Each database in turn."""
    name: str = request.param
    return name


@pytest.fixture(scope="session")
def bench(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """Where faults are injected."""
    is_long = bool(request.config.getoption("--long"))
    made = Bench(
        LONG if is_long else SHORT, tmp_path_factory.mktemp, totals_file(request.config) if is_long else None
    )
    request.config.stash[KEPT] = made
    yield made
    made.close()


def totals_file(config: pytest.Config) -> Totals:
    """Where the long form keeps what it came to, to go on from there."""
    given = config.getoption("--fault-totals") or os.environ.get("FAULT_TOTALS")
    return Totals(Path(given) if given else config.rootpath / ".fault-totals" / "long.jsonl")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The table: of this run, or of everything the long form has done so far."""
    made = config.stash.get(KEPT, None)
    rounds = [] if made is None else made.rounds if made.totals is None else made.totals.rounds()
    if rounds:
        terminalreporter.section("faults")
        for line in table(rounds):
            terminalreporter.write_line(line)
