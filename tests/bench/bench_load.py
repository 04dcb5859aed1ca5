"""A whole school at once: 2,000 learners from a module's page to the shown score, on SQLite and on PostgreSQL.

Every learner is a session of their own with cookie, token against forgery and kept connection, against
`readcheck serve --workers 2 --no-worker`: open the module's page, start its quiz of 16 questions, answer two,
think 30 to 90 s, answer the next two; look over the answers, hand in, and compare the shown score with what the
answers sent are worth. In the same run, alone and without pauses: what each kind of request costs, and the
ceilings (an empty view; a bare save in a lean Flask view with session and CSRF check, lean_save.py).

    python tests/bench/bench_load.py                       both engines, 2,000 learners, in people's pace: 2 x 12 min
    python tests/bench/bench_load.py --pace 6 --engine sqlite --json FILE
    python tests/bench/bench_load.py --start-only 500      so many start within one second
    python tests/bench/bench_load.py --saves               a save against the lean one, in turns
    python tests/bench/bench_load.py --history 1000000     pages with and without so many stored responses of others

Traffic to this machine only, bounded in count and time. Ends with 1 where a gate is missed (load/report.py): p95 of
a save 150 ms, of a start within one second 2 s, no error at all, a save's CPU twice the lean one's.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import signal
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.bench.load import report  # noqa: E402 (the repository is on the path only now)
from tests.bench.load.client import get_ready  # noqa: E402 (as above)
from tests.bench.load.history import add_history  # noqa: E402 (as above)
from tests.bench.load.journey import Learner, Plan  # noqa: E402 (as above)
from tests.bench.load.modes import Cost, asking_for, cost_by_kind, keep_asking, prepare, rush  # noqa: E402 (as above)
from tests.bench.load.school import School, open_school  # noqa: E402 (as above)
from tests.bench.load.servers import Engine, Running, application, engine_of, lean  # noqa: E402 (as above)

ENGINES = ("sqlite", "postgres")
CONNECTIONS = 20
PROBES = 100
"""Learners by whom the cost of each kind is measured."""
OPENING_S = 20
"""Everybody opens the module's page within this time."""
ROUNDS = 3
WORKERS = 2


async def ceilings(
    running: Running, bare: Running, school: School, first: int, seconds: float
) -> dict[str, Cost]:
    """The empty views and the two saves, as fast as they go."""
    learners = await prepare(running, school, first, CONNECTIONS)
    save = Learner.save_other
    return {
        "empty view": await keep_asking(running, learners, "/healthz", asking_for("/healthz"), seconds),
        "empty view, lean": await keep_asking(bare, learners, "/empty", asking_for("/empty"), seconds),
        "save": await keep_asking(running, learners, "save", save, seconds),
        "bare save, lean": await keep_asking(bare, learners, "save", save, seconds, is_lean=True),
    }


def whole(engine: Engine, options: argparse.Namespace) -> tuple[dict[str, Any], report.Missed]:
    """Everybody's journey; costs by kind and ceilings of the same run."""
    settings = engine.settings()
    school = open_school(settings, options.learners + PROBES + CONNECTIONS)
    plan = Plan(options.pace, OPENING_S, options.within)
    with application(engine, settings, WORKERS) as running:
        costs, tally = asyncio.run(cost_by_kind(running, school, options.learners, PROBES))
        kinds = report.tell_costs(f"{engine.name}: each kind alone", costs)
        with lean(engine, settings, WORKERS) as bare:
            limits = asyncio.run(ceilings(running, bare, school, options.learners + PROBES, options.seconds))
        tops = report.tell_costs(f"{engine.name}: ceilings, {CONNECTIONS} connections", limits)
        get_ready()
        came = asyncio.run(rush(running, school, options.learners, plan))
    title = f"{engine.name}, {options.learners} learners, {options.pace:g} x people's pace"
    told = report.tell_rush(f"{title}, all start within {options.within:g} s", came)
    missed = report.judge_rush(title, came, start_counts=False)
    missed += [f"{engine.name}, each kind alone: {what}" for what in tally.examples]
    return {"journey": told, "kinds": kinds, "ceilings": tops}, missed


def start_only(engine: Engine, options: argparse.Namespace) -> tuple[dict[str, Any], report.Missed]:
    """So many start within one second."""
    settings = engine.settings()
    school = open_school(settings, options.start_only)
    with application(engine, settings, WORKERS) as running:
        get_ready()
        came = asyncio.run(rush(running, school, options.start_only, Plan(1, 0, 1), only_start=True))
    title = f"{engine.name}, {options.start_only} start within 1 s"
    return report.tell_rush(title, came), report.judge_rush(title, came, start_counts=True)


async def in_turns(
    servers: list[tuple[Running, School]], seconds: float, *, saves: bool
) -> dict[str, tuple[list[Cost], list[Cost]]]:
    """The same requests to two servers, a round each in turns; the first round warms up and is thrown away."""
    answering = [await prepare(*server, 0, CONNECTIONS) for server in servers[: 1 if saves else 2]]
    finished = (
        []
        if saves
        else [await prepare(*server, CONNECTIONS, CONNECTIONS, until_result=True) for server in servers]
    )
    rounds: dict[str, tuple[list[Cost], list[Cost]]] = {}
    kinds = {"save": Learner.save_other}
    if not saves:
        kinds |= {
            "page": Learner.open_page,
            "quiz page": Learner.see_quiz_again,
            "result": Learner.see_result_again,
        }
    for turn in range(ROUNDS + 1):
        for kind, step in kinds.items():
            for place, (running, _school) in enumerate(servers):
                people = finished[place] if kind == "result" else answering[0 if saves else place]
                is_lean = saves and place == 1
                cost = await keep_asking(running, people, kind, step, seconds if turn else 1, is_lean=is_lean)
                if turn:
                    rounds.setdefault(kind, ([], []))[place].append(cost)
    return rounds


def saves(engine: Engine, options: argparse.Namespace) -> tuple[dict[str, Any], report.Missed]:
    """A save against the lean view's, one worker each, in turns on the same database."""
    settings = engine.settings()
    school = open_school(settings, CONNECTIONS)
    with application(engine, settings, 1) as running, lean(engine, settings, 1) as bare:
        rounds = asyncio.run(in_turns([(running, school), (bare, school)], options.seconds, saves=True))
    title = f"{engine.name}: saving an answer, {CONNECTIONS} connections"
    told = report.tell_ratios(title, ("application", "lean"), rounds)
    ratio = told["save"]["ratio_web"]
    missed = (
        [f"{title}: {ratio:.2f} times the lean view's CPU, over {report.SAVE_RATIO:g}"]
        if ratio > report.SAVE_RATIO
        else []
    )
    return told, missed


def history(engine: Engine, options: argparse.Namespace) -> tuple[dict[str, Any], report.Missed]:
    """Two sites side by side, one of them with a past."""
    fresh, old = engine.settings(), engine.settings()
    schools = [open_school(settings, 2 * CONNECTIONS) for settings in (fresh, old)]
    began = time.monotonic()
    made = add_history(old, schools[1], options.history)
    print(f"{engine.name}: {made} stored responses added in {time.monotonic() - began:.0f} s")
    with application(engine, old, 1) as aged, application(engine, fresh, 1) as young:
        servers = [(aged, schools[1]), (young, schools[0])]
        rounds = asyncio.run(in_turns(servers, options.seconds, saves=False))
    title = f"{engine.name}: CPU with {made} stored responses of others, and with none"
    return report.tell_ratios(title, ("with history", "without"), rounds), []


def read_options() -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--learners", type=int, default=2000)
    parser.add_argument("--engine", choices=(*ENGINES, "both"), default="both")
    parser.add_argument("--pace", type=float, default=1, help="so many times faster than people")
    parser.add_argument("--within", type=float, default=10, help="seconds within which all start")
    parser.add_argument("--seconds", type=float, default=3, help="of each measurement without pauses")
    parser.add_argument("--start-only", type=int, nargs="?", const=500, metavar="N")
    parser.add_argument("--history", type=int, nargs="?", const=1_000_000, metavar="N")
    parser.add_argument("--saves", action="store_true")
    parser.add_argument("--json", type=Path, metavar="FILE")
    return parser.parse_args()


def main() -> int:
    """Run what was asked for, on each engine in turn."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the blocks below end what they started
    options = read_options()
    modes = {"start_only": start_only, "history": history, "saves": saves}
    asked = [name for name in modes if getattr(options, name)] or ["whole"]
    told: dict[str, Any] = {"machine": {"cores": os.cpu_count(), "python": platform.python_version()}}
    missed: report.Missed = []
    for name in ENGINES if options.engine == "both" else (options.engine,):
        print(f"\nload before: {os.getloadavg()[0]:.1f}")
        told[name] = {"load_before": os.getloadavg()[0]}
        with engine_of(name) as engine:
            for mode in asked:
                told[name][mode], more = modes.get(mode, whole)(engine, options)
                missed += more
        if options.json:
            options.json.write_text(json.dumps(told | {"missed": missed}, indent=1), encoding="utf-8")
    return report.verdict(missed)


if __name__ == "__main__":
    sys.exit(main())
