"""What every page must be, looked at in a real browser: each check answers with a list of what is wrong."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AXE_OPTIONS = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"], "preload": False}

CSP_WATCH = """
addEventListener("securitypolicyviolation", (event) => {
  console.error(`CSP: ${event.violatedDirective} refused ${event.blockedURI}`);
});
"""

WIDE_THINGS = """() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  const inside = (element) => {
    for (let at = element.parentElement; at; at = at.parentElement) {
      if (getComputedStyle(at).overflowX !== "visible" && at !== root && at !== document.body) return true;
    }
    return false;
  };
  const wide = [...document.querySelectorAll("body *")].filter((element) => {
    const box = element.getBoundingClientRect();
    return box.width && (box.right > root.clientWidth + 0.5 || box.left < -0.5) && !inside(element);
  });
  return [`${root.scrollWidth} px in ${root.clientWidth}`, ...wide.map((element) => element.outerHTML.slice(0, 120))];
}"""

CUT_TEXT = """() => {
  const shown = (element) => element.checkVisibility({ visibilityProperty: true }) &&
    !element.closest(".visually-hidden") && element.textContent.trim();
  return [...document.querySelectorAll("main *, header *, footer *")].filter((element) => {
    if (!shown(element) || element.matches("textarea, select, input, svg *, progress")) return false;
    const style = getComputedStyle(element);
    const cuts = (value) => value === "hidden" || value === "clip";
    return (cuts(style.overflowX) && element.scrollWidth > element.clientWidth + 1) ||
      (cuts(style.overflowY) && element.scrollHeight > element.clientHeight + 1);
  }).map((element) => element.outerHTML.slice(0, 160));
}"""

FORM_OF_A_PAGE = """() => {
  const found = [];
  const count = (selector) => document.querySelectorAll(selector).length;
  if (count("h1") !== 1) found.push(`${count("h1")} h1`);
  if (count("main") !== 1) found.push(`${count("main")} main`);
  if (count(".button-primary") > 1) found.push(`${count(".button-primary")} primary buttons`);
  if (count("[style]")) found.push(`inline style: ${document.querySelector("[style]").outerHTML.slice(0, 120)}`);
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  const twice = ids.filter((id, at) => ids.indexOf(id) !== at);
  if (twice.length) found.push(`ids used twice: ${[...new Set(twice)].join(", ")}`);
  if (!/^\\S.* – Readcheck$/.test(document.title)) found.push(`title ${document.title}`);
  for (const link of document.querySelectorAll('a[href^="#"]')) {
    if (!document.getElementById(decodeURIComponent(link.hash.slice(1)))) found.push(`nowhere: ${link.outerHTML.slice(0, 120)}`);
  }
  let level = 0;
  for (const heading of document.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
    const own = Number(heading.tagName[1]);
    if (own > level + 1) found.push(`${heading.tagName} after h${level}: ${heading.textContent.trim().slice(0, 60)}`);
    level = own;
  }
  return found;
}"""

SMALL_TARGETS = """() => [...document.querySelectorAll(".choice, .button:not(.button-quiet)")].filter((element) => {
  const box = element.getBoundingClientRect();
  return box.height && box.height < 43.5;
}).map((element) => element.outerHTML.slice(0, 120))"""


@dataclass
class Watch:
    """Keeps what a browser complained about: console errors, exceptions, CSP violations, foreign requests."""

    origin: str
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def on(self, context: BrowserContext) -> None:
        """Watch every page of the context."""
        context.add_init_script(CSP_WATCH)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.complaints.append(f"exception: {error.error}"))
        context.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"console: {message.text} ({message.location.get('url')})")

    def _request(self, request: Request) -> None:
        self.requests.append(request.url)
        if f"{urlsplit(request.url).scheme}://{urlsplit(request.url).netloc}" != self.origin:
            self.complaints.append(f"foreign request: {request.url}")

    def take(self) -> list[str]:
        """The complaints since the last time."""
        taken, self.complaints = self.complaints, []
        return taken


def axe_violations(page: Page) -> list[str]:
    """Each violation of WCAG 2.2 A and AA that axe finds, with its first element."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(f"{AXE_SCRIPT}; undefined")
    # Only what is wrong: to send all that is right from the browser takes longer than to find it.
    found: list[dict[str, Any]] = page.evaluate(
        f"axe.run(document, {json.dumps(AXE_OPTIONS)}).then(result => result.violations)"
    )
    return [
        f"{violation['id']}: {violation['help']} ({len(violation['nodes'])}) "
        f"{violation['nodes'][0]['html'][:160]} {violation['nodes'][0].get('failureSummary', '')[:200]}"
        for violation in found
    ]


def sideways(page: Page) -> list[str]:
    """What makes the page scroll sideways."""
    found: list[str] = page.evaluate(WIDE_THINGS)
    return [f"scrolls sideways: {thing}" for thing in found]


def cut_text(page: Page) -> list[str]:
    """Elements that show only a part of their text."""
    found: list[str] = page.evaluate(CUT_TEXT)
    return [f"text is cut: {thing}" for thing in found]


def form_of_a_page(page: Page) -> list[str]:
    """One h1, one main, at most one primary button, headings in order, ids once, links that lead somewhere."""
    found: list[str] = page.evaluate(FORM_OF_A_PAGE)
    return found


def small_targets(page: Page) -> list[str]:
    """Choices and buttons lower than 44 px."""
    found: list[str] = page.evaluate(SMALL_TARGETS)
    return [f"lower than 44 px: {thing}" for thing in found]


def focus_is_lost(page: Page) -> bool:
    """Whether the keyboard stands on nothing."""
    lost: bool = page.evaluate("!document.activeElement || document.activeElement === document.body")
    return lost
