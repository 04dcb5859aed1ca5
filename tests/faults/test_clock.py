"""The server's clock steps forward and back, by seconds and by hours, while answers are being saved."""

from __future__ import annotations

import mmap
import struct
import time
from datetime import datetime
from pathlib import Path

import pytest

from tests.faults.school import School
from tests.faults.shim import library

STEPS_S = (2, 40, 600, 3600, 3 * 3600, 25 * 3600)
"""A summer's hour, a wrong time zone, a wrong day among them."""


class Clock:
    """The clock of one site: its processes add the number in a file to whatever the time is (clock.c)."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.seconds = 0
        file.write_bytes(bytes(8))

    @property
    def environment(self) -> dict[str, str]:
        return {"LD_PRELOAD": str(library("clock.c")), "CLOCK_FILE": str(self.file)}

    def set(self, seconds: int) -> None:
        with self.file.open("r+b") as file, mmap.mmap(file.fileno(), 8) as number:
            number[:] = struct.pack("q", seconds)
        self.seconds = seconds


@pytest.fixture
def clock_and_site(bench, engine, tmp_path):
    clock = Clock(tmp_path / "clock")
    site = bench.make_site(engine)
    site.environment |= clock.environment
    yield clock, site.start()
    clock.set(0)
    if site.process is not None and site.process.poll() is None:
        site.stop()


@pytest.mark.needs("compiler")
def test_the_clock_steps(bench, engine, clock_and_site):
    """Forward from where it is, and back to there or before; nobody is signed out by it, nothing is refused."""
    clock, site = clock_and_site

    def fault(school: School) -> None:
        step = school.chance.choice(STEPS_S)
        target = -step if clock.seconds > 0 else school.chance.choice((0, step)) if clock.seconds else step
        clock.set(target)
        least, most = seconds_ahead(school)
        assert least - 1 <= target <= most + 1, "the site does not see the step"
        time.sleep(0.05)

    bench.run("clock step", engine, fault, site)


def seconds_ahead(school: School) -> tuple[float, float]:
    """How far the site's clock is ahead, by the time it gives of a save: between the two."""
    began = time.time()
    page = school.page_beside(school.learners[0], f"clock-{len(school.further):06}")
    reply = page.deliver(page.next_fields())
    page.browser.close()
    assert reply is not None
    assert reply.kind == "stored", reply
    page.take(reply)
    saved_at = datetime.fromisoformat(str(reply.facts["saved_at"])).timestamp()
    return saved_at - time.time(), saved_at - began
