"""What the load bench prints, and which of its gates were missed."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import Any

from tests.bench.load.client import Tally
from tests.bench.load.modes import Cost, Rush

SAVE_P95_MS = 150
START_P95_MS = 2_000
SAVE_RATIO = 2.0
WINDOW_S = 10
ORDER = (
    "page",
    "start",
    "start (POST)",
    "quiz page",
    "save",
    "look over (POST)",
    "answers page",
    "hand in",
    "result",
)
Missed = list[str]


def percentile(values: Sequence[float], share: float) -> float:
    """The value that so many do not exceed; 0 where there is none."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0


def milliseconds(tally: Tally, kind: str, share: float) -> float:
    """A percentile of one kind of request."""
    return percentile([took for _when, took in tally.times.get(kind, ())], share) * 1000


def sustained(tally: Tally) -> tuple[float, float]:
    """Saves a second over the middle four fifths of them, and in the best ten seconds."""
    moments = sorted(when for when, _took in tally.times.get("save", ()))
    if len(moments) < WINDOW_S:
        return 0.0, 0.0
    low, high = len(moments) // 10, len(moments) * 9 // 10
    best, first = 0, 0
    for last, moment in enumerate(moments):
        while moment - moments[first] > WINDOW_S:
            first += 1
        best = max(best, last - first + 1)
    span = min(WINDOW_S, moments[-1] - moments[0])
    return (high - low) / (moments[high] - moments[low]), best / span


def tell_rush(title: str, came: Rush) -> dict[str, Any]:
    """Print what came of everybody's journey; the same as data."""
    tally = came.tally
    print(f"\n{title}: {came.finished} of {came.learners} learners finished, {came.seconds:.0f} s")
    print(f"{'':18}{'requests':>10}{'p50 ms':>10}{'p95 ms':>10}{'p99 ms':>10}{'longest':>10}")
    kinds = {}
    for kind in ORDER:
        times = tally.times.get(kind)
        if times:
            shown = [milliseconds(tally, kind, share) for share in (0.5, 0.95, 0.99, 1)]
            print(f"{kind:18}{len(times):10}" + "".join(f"{value:10.1f}" for value in shown))
            kinds[kind] = {
                "requests": len(times),
                **dict(zip(("p50", "p95", "p99", "longest"), shown, strict=True)),
            }
    steady, best = sustained(tally)
    if steady:
        print(f"saves a second: {steady:.0f} sustained, {best:.0f} in the best {WINDOW_S} s")
    requests = sum(len(times) for kind, times in tally.times.items() if kind != "start")
    lag = percentile(tally.lags, 0.99) * 1000
    print(
        f"CPU: web {came.web_cpu:.1f} s, database {came.database_cpu:.1f} s "
        f"({(came.web_cpu + came.database_cpu) * 1000 / max(requests, 1):.2f} ms a request), "
        f"client {came.client_cpu:.1f} s (p99 of waking up late {lag:.1f} ms); {tally.reconnected} reconnected"
    )
    print(
        f"errors: {sum(tally.errors.values())}"
        + "".join(f"\n  {n} x {what}" for what, n in tally.errors.items())
    )
    for example in tally.examples[:5]:
        print(f"    {example[:300]}")
    return {
        "learners": came.learners,
        "finished": came.finished,
        "seconds": came.seconds,
        "kinds": kinds,
        "saves_a_second": {"sustained": steady, "best": best},
        "cpu_seconds": {"web": came.web_cpu, "database": came.database_cpu, "client": came.client_cpu},
        "lag_p99_ms": lag,
        "reconnected": tally.reconnected,
        "errors": dict(tally.errors),
        "examples": tally.examples,
    }


def judge_rush(title: str, came: Rush, *, start_counts: bool) -> Missed:
    """The gates of a journey that were missed."""
    missed: Missed = []
    errors = sum(came.tally.errors.values())
    if errors or came.finished < came.learners:
        missed.append(f"{title}: {errors} errors, {came.learners - came.finished} learners did not finish")
    save = milliseconds(came.tally, "save", 0.95)
    if save > SAVE_P95_MS:
        missed.append(f"{title}: p95 of a save is {save:.0f} ms, over {SAVE_P95_MS}")
    start = milliseconds(came.tally, "start", 0.95)
    if start_counts and start > START_P95_MS:
        missed.append(f"{title}: p95 of a start is {start:.0f} ms, over {START_P95_MS}")
    return missed


def tell_costs(title: str, costs: dict[str, Cost]) -> dict[str, Any]:
    """Print what single kinds of request cost; the same as data."""
    print(f"\n{title}")
    print(
        f"{'':26}{'requests/s':>12}{'p95 ms':>10}{'CPU web':>10}{'with DB':>10}{'client':>9}   (ms a request)"
    )
    told = {}
    for name, cost in costs.items():
        p95 = percentile(cost.latencies, 0.95) * 1000
        client = cost.client_cpu * 1000 / max(cost.requests, 1)
        print(f"{name:26}{cost.rate:12.0f}{p95:10.1f}{cost.web_ms:10.2f}{cost.all_ms:10.2f}{client:9.2f}")
        told[name] = {
            "requests": cost.requests,
            "requests_a_second": cost.rate,
            "p95_ms": p95,
            "cpu_ms": {"web": cost.web_ms, "with_database": cost.all_ms, "client": client},
        }
    return told


def tell_ratios(
    title: str, names: tuple[str, str], rounds: dict[str, tuple[list[Cost], list[Cost]]]
) -> dict[str, Any]:
    """Print two servers side by side: medians of the rounds, and of the ratios inside each round."""
    print(f"\n{title}")
    print(
        f"{'':16}{'server':16}{'requests/s':>12}{'p95 ms':>10}{'CPU web':>10}{'with DB':>10}{'ratio':>8}{'with DB':>9}"
    )
    told = {}
    for kind, both in rounds.items():
        web = statistics.median(one.web_ms / other.web_ms for one, other in zip(*both, strict=True))
        full = statistics.median(one.all_ms / other.all_ms for one, other in zip(*both, strict=True))
        told[kind] = {"ratio_web": web, "ratio_with_database": full}
        for name, costs in zip(names, both, strict=True):
            rate = statistics.median(cost.rate for cost in costs)
            p95 = statistics.median(percentile(cost.latencies, 0.95) for cost in costs) * 1000
            cpu = [
                statistics.median(values)
                for values in zip(*((one.web_ms, one.all_ms) for one in costs), strict=True)
            ]
            last = f"{web:8.2f}{full:9.2f}" if name == names[0] else ""
            print(f"{kind:16}{name:16}{rate:12.0f}{p95:10.1f}{cpu[0]:10.2f}{cpu[1]:10.2f}{last}")
            told[kind][name] = {
                "requests_a_second": rate,
                "p95_ms": p95,
                "web_ms": cpu[0],
                "with_database_ms": cpu[1],
            }
    return told


def verdict(missed: Missed) -> int:
    """Say which gates were missed; the exit code."""
    print("\n" + ("every gate is kept" if not missed else "gates missed:\n  " + "\n  ".join(missed)))
    return 1 if missed else 0
