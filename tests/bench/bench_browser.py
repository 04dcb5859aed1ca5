"""How soon a page is there, how soon it answers, how little it jumps: LCP, INP and CLS in a real Chromium.

Over a line of 1.6 Mbit/s with 150 ms to the server, on a processor four times slower than this machine's, every
visit with an empty cache. Prints the 75th percentile of the visits beside the budget of each kind of page:

    python tests/bench/bench_browser.py [--visits 20]
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402 (the repository is on the path only now)

from tests.client import SECRET  # noqa: E402 (as above)
from tests.factories.showcase import Showcase, make_showcase  # noqa: E402 (as above)
from tests.live import CHROMIUM_FLAGS, Site, free_port  # noqa: E402 (as above)
from tests.requirements import CHROMIUM  # noqa: E402 (as above)
from webapp.config import Settings  # noqa: E402 (as above)
from webapp.models.account import Account  # noqa: E402 (as above)

LINE = {
    "offline": False,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
    "latency": 150,
}
SLOWER = 4
BUDGETS = {"learner": (1000, 100, 0.02), "instructor": (1500, 150, 0.05)}
"""LCP and INP in milliseconds, CLS: experience.md."""
SETTLED_MS = 400
PERCENTILE = 75
WATCH = """
window.vitals = { lcp: 0, inp: 0, cls: 0 };
new PerformanceObserver((list) => list.getEntries().forEach((entry) => (vitals.lcp = entry.startTime)))
  .observe({ type: "largest-contentful-paint", buffered: true });
new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
  if (entry.interactionId) vitals.inp = Math.max(vitals.inp, entry.duration);
})).observe({ type: "event", durationThreshold: 16, buffered: true });
new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
  if (!entry.hadRecentInput) vitals.cls += entry.value;
})).observe({ type: "layout-shift", buffered: true });
"""


def _choose_an_answer(page: Page) -> None:
    page.locator("#answers [type=radio]").first.check()


def _open_the_panel(page: Page) -> None:
    page.locator("details.panel summary").first.click()


def _press_a_key(page: Page) -> None:
    page.keyboard.press("Tab")


@dataclass(frozen=True)
class Visit:
    """A page, who opens it, and what they do there."""

    name: str
    kind: str
    who: str
    path: Callable[[Showcase], str]
    act: Callable[[Page], None] = _press_a_key


VISITS = (
    Visit("catalogue", "learner", "learner", lambda _show: "/", _open_the_panel),
    Visit("module", "learner", "learner", lambda show: f"/m/{show.slug}", _open_the_panel),
    Visit("section", "learner", "reader", lambda show: f"/m/{show.slug}/2", _choose_an_answer),
    Visit("result", "learner", "learner", lambda show: f"/attempts/{show.finished_quiz}/result"),
    Visit("progress", "learner", "learner", lambda _show: "/progress"),
    Visit("module", "instructor", "instructor", lambda show: f"/teach/modules/{show.module}"),
    Visit("review", "instructor", "instructor", lambda show: f"/teach/modules/{show.module}/review"),
    Visit("bank", "instructor", "instructor", lambda show: f"/teach/modules/{show.module}/items"),
    Visit("scores", "instructor", "instructor", lambda show: f"/teach/modules/{show.module}/scores"),
)


def measure(browser: Browser, site: Site, visit: Visit, account: Account, path: str) -> dict[str, float]:
    """One visit with an empty cache: LCP and INP in milliseconds, CLS."""
    context = browser.new_context(viewport={"width": 412, "height": 823}, device_scale_factor=2)
    try:
        site.sign_in(context, account)
        context.add_init_script(WATCH)
        page = context.new_page()
        wire = context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.send("Network.emulateNetworkConditions", LINE)
        wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        response = page.goto(site.url + path, wait_until="load")
        if response is None or response.status != 200:
            raise RuntimeError(f"{path}: {response.status if response else 'no answer'}")
        page.wait_for_timeout(SETTLED_MS)
        visit.act(page)
        page.wait_for_timeout(SETTLED_MS)
        vitals: dict[str, Any] = page.evaluate("vitals")
        return {name: float(value) for name, value in vitals.items()}
    finally:
        context.close()


def p75(values: list[float]) -> float:
    """The 75th percentile."""
    return statistics.quantiles(values, n=100, method="inclusive")[PERCENTILE - 1]


def main() -> int:
    """Visit and report; 1 where a page is over its budget."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--visits", type=int, default=20)
    options = parser.parse_args()
    fine = True
    print(f"{'page':26}{'LCP ms':>10}{'INP ms':>10}{'CLS':>10}   75th percentile of {options.visits} visits")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = Site(Settings(data=Path(folder) / "data", secret=SECRET), free_port()).start()
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_FLAGS))
        try:
            with site.session() as session:
                show = make_showcase(session)
                people = {one.who: session.get_one(Account, getattr(show, one.who)) for one in VISITS}
            for visit in VISITS:
                seen = [
                    measure(browser, site, visit, people[visit.who], visit.path(show))
                    for _ in range(options.visits)
                ]
                lcp, inp, cls = (p75([one[name] for one in seen]) for name in ("lcp", "inp", "cls"))
                good = all(
                    value <= most for value, most in zip((lcp, inp, cls), BUDGETS[visit.kind], strict=True)
                )
                fine = fine and good
                name = f"{visit.name} ({visit.kind})"
                print(f"{name:26}{lcp:10.0f}{inp:10.0f}{cls:10.3f}{'' if good else '   over its budget'}")
        finally:
            browser.close()
            site.stop()
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
