"""Rules that go together: three kinds of quiz to begin from, and ways of showing results. Pure values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from webapp.models.quiz import AFTER_CLOSE, ALWAYS, JUST_AFTER, LATER

SHOWN_THINGS = ("show_response", "show_correctness", "show_points", "show_explanation", "show_key")
"""What can be shown of an attempt, by the columns that say when."""
AFTERWARDS = JUST_AFTER | LATER | AFTER_CLOSE
OWN = "own"
"""None of the ways below: each thing at each moment by itself."""


@dataclass(frozen=True, slots=True)
class Showing:
    """When each of the five things is shown, as bits of the four moments."""

    show_response: int = ALWAYS
    show_correctness: int = ALWAYS
    show_points: int = ALWAYS
    show_explanation: int = ALWAYS
    show_key: int = ALWAYS


def _all(moments: int) -> Showing:
    return Showing(**dict.fromkeys(SHOWN_THINGS, moments))


SHOWINGS: Mapping[str, Showing] = {
    "everything": _all(ALWAYS),
    "afterwards": _all(AFTERWARDS),
    "points": Showing(
        show_response=AFTER_CLOSE,
        show_correctness=AFTER_CLOSE,
        show_points=AFTERWARDS,
        show_explanation=AFTER_CLOSE,
        show_key=AFTER_CLOSE,
    ),
    "closed": _all(AFTER_CLOSE),
}
"""Ways of showing that have a name, the most open one first."""
NEED_AN_END = frozenset({"points", "closed"})
"""Ways that hold something back until the quiz closes: without an end it would never be shown."""


def showing_name(showing: Showing) -> str:
    """What a way of showing is called; `own` where it has no name."""
    return next((name for name, one in SHOWINGS.items() if one == showing), OWN)


@dataclass(frozen=True, slots=True)
class Preset:
    """The rules that make a kind of quiz. Times, codes, passing and how many it asks stay as they are."""

    mode: str
    behaviour: str
    is_counted: bool
    attempts_allowed: int | None
    release: str
    shuffles_questions: bool
    tries_allowed: int = 1
    try_penalty: int = 0
    offers_similar: bool = False
    confidence: str = "off"
    counted: str = "highest"
    attempt_delay_s: int = 0
    shuffles_options: bool = True
    one_per_page: bool = False
    allows_back: bool = True
    show_response: int = ALWAYS
    show_correctness: int = ALWAYS
    show_points: int = ALWAYS
    show_explanation: int = ALWAYS
    show_key: int = ALWAYS

    def values(self) -> dict[str, object]:
        """Its rules by their names."""
        return asdict(self)


PRESETS: Mapping[str, Preset] = {
    "practice": Preset(
        mode="practice",
        behaviour="immediate",
        offers_similar=True,
        is_counted=False,
        attempts_allowed=None,
        release="at_once",
        shuffles_questions=False,
    ),
    "check": Preset(
        mode="check",
        behaviour="deferred",
        is_counted=True,
        attempts_allowed=None,
        release="at_once",
        shuffles_questions=False,
    ),
    "graded": Preset(
        mode="graded",
        behaviour="deferred",
        is_counted=True,
        attempts_allowed=1,
        release="by_hand",
        shuffles_questions=True,
    ),
}
