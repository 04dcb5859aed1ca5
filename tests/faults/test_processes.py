"""Web workers and whole servers that are killed, stopped and reloaded while answers are being saved."""

from __future__ import annotations

import os
import signal
import time

from tests.faults.school import School
from tests.live import family, is_alive

WITHIN_S = 15
START_WITHIN_S = 20
"""Usually one or two; but tests run beside others."""


def wait_until(condition, within=WITHIN_S) -> None:
    until = time.monotonic() + within
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.01)


def kill_worker(school: School) -> float:
    """kill -9 of any process of the server but the first."""
    server = school.site.process
    before = family(server.pid)
    os.kill(school.chance.choice(before), signal.SIGKILL)
    moment = time.monotonic()
    wait_until(lambda: len(set(family(server.pid)) - set(before)) >= 1)
    assert server.poll() is None
    return moment


def kill_server(school: School) -> float:
    """kill -9 of the server, all of which dies with it, and the next start."""
    children = family(school.site.process.pid)
    assert children
    os.kill(school.site.process.pid, signal.SIGKILL)
    school.site.process.wait()
    wait_until(lambda: not any(is_alive(child) for child in children))
    moment = time.monotonic()
    school.site.start()
    assert time.monotonic() - moment < START_WITHIN_S
    return moment


def restart(school: School) -> float:
    """What an operator does: SIGTERM, and the next start."""
    assert school.site.stop() == 0
    moment = time.monotonic()
    school.site.start()
    return moment


def reload(school: School) -> float:
    """SIGHUP: every worker is replaced while the others serve."""
    server = school.site.process
    before = family(server.pid)
    moment = time.monotonic()
    server.send_signal(signal.SIGHUP)
    wait_until(lambda: not set(before) & set(family(server.pid)), within=60)
    assert server.poll() is None
    return moment


def test_a_worker_is_killed(bench, engine):
    bench.run("kill -9 of a worker", engine, kill_worker)


def test_the_server_is_killed(bench, engine):
    bench.run("kill -9 of the server", engine, kill_server, injections=bench.few)


def test_the_server_is_restarted(bench, engine):
    bench.run("restart (SIGTERM)", engine, restart, injections=bench.few)


def test_the_server_is_reloaded(bench, engine):
    bench.run("reload (SIGHUP)", engine, reload)
