"""The parts of a load run: everybody's journey, what each kind of request costs, the ceilings, two servers in turns."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from tests.bench.load.client import (
    PATIENCE_S,
    Browser,
    Tally,
    by_turns,
    own_cpu_seconds,
    watched,
    without_pause,
)
from tests.bench.load.journey import STEPS, TIMES, Learner, Plan, learners_of
from tests.bench.load.school import School
from tests.bench.load.servers import Running

AT_ONCE = 16
"""Connections where one kind of request is measured alone."""
Ask = Callable[[], Awaitable[object]]


@dataclass
class Cost:
    """What one kind of request cost while nothing else was asked."""

    requests: int
    seconds: float
    web_cpu: float
    database_cpu: float
    client_cpu: float
    latencies: list[float] = field(repr=False, default_factory=list)

    @property
    def web_ms(self) -> float:
        """CPU milliseconds a request, of the web server's processes."""
        return self.web_cpu * 1000 / max(self.requests, 1)

    @property
    def all_ms(self) -> float:
        """The same with the database server's."""
        return (self.web_cpu + self.database_cpu) * 1000 / max(self.requests, 1)

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds


@dataclass
class Rush:
    """What came of everybody's journey."""

    tally: Tally
    learners: int
    finished: int
    seconds: float
    web_cpu: float
    database_cpu: float
    client_cpu: float


def browser_at(running: Running, tally: Tally) -> Callable[[dict[str, str]], Browser]:
    """Browsers for this server."""
    return lambda cookies: Browser(running.port, cookies, tally)


async def metered(running: Running, tally: Tally, kind: str, work: Awaitable[None]) -> Cost:
    """Do the work and count what it took."""
    before = len(tally.times.get(kind, ()))
    web, database = running.cpu()
    began, own = time.perf_counter(), own_cpu_seconds()
    await work
    ended, web_after, own_after = time.perf_counter(), running.cpu(), own_cpu_seconds()
    taken = [took for _when, took in tally.times.get(kind, ())[before:]]
    return Cost(
        len(taken), ended - began, web_after[0] - web, web_after[1] - database, own_after - own, taken
    )


async def rush(running: Running, school: School, count: int, plan: Plan, *, only_start: bool = False) -> Rush:
    """Everybody at once, from the first page to the score (or to question 1)."""
    tally = Tally()
    learners = learners_of(school, 0, count, browser_at(running, tally))
    web, database = running.cpu()
    began, own = time.perf_counter(), own_cpu_seconds()
    finished = 0

    async def one(learner: Learner) -> None:
        nonlocal finished
        if only_start:
            await asyncio.sleep(bell - loop.time() + learner.chance.uniform(0, plan.starts_within_s))
            await learner.start()
        else:
            await learner.journey(plan, bell)
        finished += 1

    async with watched([learner.browser for learner in learners], tally):
        if only_start:
            await by_turns([learner.open_page for learner in learners], AT_ONCE)
        loop = asyncio.get_running_loop()
        bell = loop.time() + (0.5 if only_start else plan.opens_within_s + 1)
        try:
            async with asyncio.timeout(plan.longest_s + 2 * PATIENCE_S):
                await by_turns([_job(one, learner) for learner in learners], count)
        except TimeoutError:
            tally.err("journey", "not finished in time")
    after = running.cpu()
    seconds = time.perf_counter() - began
    own = own_cpu_seconds() - own
    return Rush(tally, count, finished, seconds, after[0] - web, after[1] - database, own)


def _job(step: Callable[[Learner], Awaitable[object]], learner: Learner, times: int = 1) -> Ask:
    async def work() -> None:  # one after the other: a connection carries one request at a time
        for _ in range(times):
            await step(learner)

    return work


async def cost_by_kind(
    running: Running, school: School, first: int, count: int
) -> tuple[dict[str, Cost], Tally]:
    """Everybody takes the same step before anybody takes the next: CPU of each kind by itself."""
    tally = Tally()
    learners = learners_of(school, first, count, browser_at(running, tally))
    costs = {}
    async with watched([learner.browser for learner in learners], tally):
        for name, step in STEPS.items():
            kind = "look over (POST)" if name == "look over" else name
            jobs = [_job(step, learner, TIMES.get(name, 1)) for learner in learners]
            costs[name] = await metered(running, tally, kind, by_turns(jobs, AT_ONCE))
    return costs, tally


async def prepare(
    running: Running, school: School, first: int, count: int, *, until_result: bool = False
) -> list[Learner]:
    """Learners with an open attempt (or one that was handed in), on connections that are then closed."""
    tally = Tally()
    learners = learners_of(school, first, count, browser_at(running, tally))

    async def one(learner: Learner) -> None:
        await learner.open_page()
        await learner.start()
        for position in learner.asked:
            await learner.save(position)
        if until_result:
            await learner.hand_in()

    async with watched([learner.browser for learner in learners], tally):
        await by_turns([_job(one, learner) for learner in learners], AT_ONCE)
    if tally.errors:
        raise RuntimeError("; ".join(tally.examples))
    return learners


async def keep_asking(
    running: Running,
    learners: Sequence[Learner],
    kind: str,
    step: Callable[[Learner], Awaitable[object]],
    seconds: float,
    *,
    is_lean: bool = False,
) -> Cost:
    """One kind of request without a pause, by all of these learners, each on a new connection."""
    tally = Tally()
    tokens = [learner.token for learner in learners]
    for learner in learners:
        learner.browser = Browser(running.port, learner.browser.cookies, tally)
    async with watched([learner.browser for learner in learners], tally):
        try:
            for learner in learners if is_lean else ():
                learner.token = (await learner.browser.ask("token", "/token")).token
            asks = [_job(step, learner) for learner in learners]
            return await metered(running, tally, kind, without_pause(asks, seconds, tally))
        finally:
            for learner, token in zip(learners, tokens, strict=True):
                learner.token = token


def asking_for(path: str) -> Callable[[Learner], Awaitable[object]]:
    """A step that asks for a page and makes nothing of it."""

    async def ask(learner: Learner) -> None:
        await learner.browser.ask(path, path)

    return ask
