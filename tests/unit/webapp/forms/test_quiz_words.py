"""A quiz in one line, and what somebody is granted in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from webapp.forms import quiz_words as words
from webapp.models.quiz import BEHAVIOURS, CONFIDENCES, COUNTED, MODES, OVERDUE, RELEASES
from webapp.services.grants import Granted
from webapp.services.quiz_presets import OWN, SHOWINGS, SHOWN_THINGS
from webapp.services.quiz_rules import LateStep
from webapp.services.quiz_settings import NAMES, Rules

VIENNA = ZoneInfo("Europe/Vienna")
PLAIN = Rules(item_limit=8)
HALF_AN_HOUR = replace(PLAIN, time_limit_s=1800)


@pytest.fixture(autouse=True)
def request_context(app):
    with app.test_request_context():
        yield


def on(day: int, month: int = 12) -> datetime:
    return datetime(2026, month, day, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rules", "count", "said"),
    [
        ({}, 8, "Section check · 8 questions · any number of attempts"),
        ({"attempts_allowed": 1}, 1, "Section check · 1 question · 1 attempt"),
        (
            {"opens_at": on(1), "time_limit_s": 1800},
            8,
            "Section check · 8 questions · any number of attempts · opens 1 Dec 2026, 08:00 · 30 min",
        ),
        (
            {"mode": "practice", "is_counted": False, "time_limit_s": 61},
            8,
            "Practice · 8 questions · any number of attempts · 2 min · does not count",
        ),
        (
            {
                "mode": "graded",
                "attempts_allowed": 2,
                "due_at": on(1, 7),
                "late": (LateStep(on(2, 7), 80), LateStep(on(3, 7), 50)),
                "closes_at": on(4, 7),
                "access_code": "secret",
                "pass_percent": 60,
                "is_gate": True,
                "release": "by_hand",
            },
            8,
            (
                "Graded quiz · 8 questions · 2 attempts · due 1 Jul 2026, 09:00 · late until 3 Jul 2026, 09:00"
                " · closes 4 Jul 2026, 09:00 · with an access code · passed with 60 % · opens the next section"
                " · results released by hand"
            ),
        ),
    ],
)
def test_a_quiz_in_one_line(rules, count, said):
    assert words.summary(replace(PLAIN, **rules), count, VIENNA) == said


@pytest.mark.parametrize(
    ("granted", "rules", "said"),
    [
        ({"time_percent": 200}, HALF_AN_HOUR, "60 min (30 x 2)"),
        ({"time_percent": 125}, HALF_AN_HOUR, "38 min (30 x 1.25)"),
        ({"time_percent": 1000}, HALF_AN_HOUR, "300 min (30 x 10)"),
        ({"extra_s": 900}, HALF_AN_HOUR, "45 min (30 + 15)"),
        ({"time_percent": 150, "extra_s": 300}, HALF_AN_HOUR, "50 min (30 x 1.5 + 5)"),
        ({"time_percent": 200, "time_limit_s": 600}, HALF_AN_HOUR, "20 min (10 x 2)"),
        ({"time_limit_s": 600}, HALF_AN_HOUR, "10 min"),
        ({"time_percent": 100}, HALF_AN_HOUR, ""),
        ({"time_percent": 200}, PLAIN, "time x 2"),
        ({"extra_s": 900}, PLAIN, "15 min more"),
        ({"attempts_allowed": 3}, PLAIN, "3 attempts"),
        (
            {"opens_at": on(1), "due_at": on(2), "closes_at": on(3), "time_percent": 200},
            HALF_AN_HOUR,
            "60 min (30 x 2), opens 1 Dec 2026, 08:00, due 2 Dec 2026, 08:00, closes 3 Dec 2026, 08:00",
        ),
    ],
)
def test_what_is_granted_in_words(granted, rules, said):
    assert words.granted(Granted(**granted), rules, VIENNA) == said


def test_every_choice_has_its_words():
    assert tuple(words.MODES) == tuple(words.MODE_NAMES) == MODES
    assert tuple(words.BEHAVIOURS) == BEHAVIOURS
    assert tuple(words.CONFIDENCES) == CONFIDENCES
    assert tuple(words.COUNTED) == COUNTED
    assert tuple(words.OVERDUE) == OVERDUE
    assert tuple(words.RELEASES) == RELEASES
    assert tuple(words.SHOWINGS) == (*SHOWINGS, OWN)
    assert tuple(words.SHOWN) == SHOWN_THINGS
    assert set(words.RULE_NAMES) == set(NAMES)
