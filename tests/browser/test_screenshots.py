"""Pictures of the main pages. `pytest --screenshots` renews those in the repository; two of them stand in the README."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.browser.places import PLACES

pytestmark = pytest.mark.needs("browser")

FOLDER = Path(__file__).parent / "screenshots"
LARGEST_BYTES = 200 * 1024
BY_ID = {place.id: place for place in PLACES}


@dataclass(frozen=True)
class Shot:
    """One picture: a page, its look, and what is brought into view first."""

    name: str
    place: str
    width: int = 1280
    height: int = 800
    theme: str = "light"
    show: str = ""


SHOTS = (
    Shot("catalogue", "reading.catalogue-learner"),
    Shot("module", "reading.module-learner"),
    Shot("section-with-feedback", "reading.section-reader-under way", height=860),
    Shot("section-on-a-phone", "reading.section-reader-under way", 390, 844, "cream"),
    Shot("feedback-on-a-phone", "reading.section-reader-under way", 390, 844, "dark", "#q1"),
    Shot("result", "attempts.result-learner-quiz"),
    Shot("progress", "progress.mine-learner", height=640),
    Shot("review-queue", "review.queue-instructor", height=900),
    Shot("module-for-its-instructor", "modules.show-instructor", height=1000),
    Shot("authoring", "items.edit-instructor-multiple_choice", height=1000),
)


def _size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def _prepare(page: Page, shot: Shot) -> None:
    page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", shot.theme)
    if shot.show:
        page.locator(shot.show).scroll_into_view_if_needed()
        page.evaluate("selector => document.querySelector(selector).scrollIntoView()", shot.show)
    page.evaluate("document.fonts.ready")


@pytest.mark.parametrize("shot", SHOTS, ids=lambda shot: shot.name)
def test_the_picture_shows_the_page(
    shot: Shot, open_page: OpenPage, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    page, watch = open_page(BY_ID[shot.place], shot.width, shot.height, reduced_motion="reduce")
    _prepare(page, shot)
    folder = FOLDER if request.config.getoption("--screenshots") else tmp_path
    path = folder / f"{shot.name}.png"
    page.screenshot(path=path, animations="disabled")
    png = path.read_bytes()
    assert _size(png) == (shot.width, shot.height)
    assert 10_000 < len(png) <= LARGEST_BYTES
    assert watch.take() == []


def test_the_repository_has_every_picture_and_no_other() -> None:
    assert {path.stem for path in FOLDER.glob("*.png")} == {shot.name for shot in SHOTS}
