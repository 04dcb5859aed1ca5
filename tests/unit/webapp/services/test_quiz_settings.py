"""Presets, and which rules go together: tables of cases."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime

import pytest

from webapp.models.quiz import AFTER_CLOSE, ALWAYS, DURING, MODES, Quiz
from webapp.services.quiz_presets import PRESETS, SHOWINGS, Preset, Showing, showing_name
from webapp.services.quiz_rules import LateStep
from webapp.services.quiz_settings import NAMES, Rules, changes_between, give, refusals, rules_of

PLAIN = Rules(item_limit=8)


def on(day: int) -> datetime:
    return datetime(2026, 12, day, 8, tzinfo=UTC)


def step(day: int, percent: int) -> LateStep:
    return LateStep(on(day), percent)


def refused(kind: str = "section", **rules: object) -> list[str]:
    return [one.field for one in refusals(replace(PLAIN, **rules), kind)]


def test_every_mode_has_its_preset():
    assert tuple(PRESETS) == MODES
    assert [preset.mode for preset in PRESETS.values()] == list(MODES)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        (
            "practice",
            {
                "behaviour": "immediate",
                "is_counted": False,
                "release": "at_once",
                "attempts_allowed": None,
                "offers_similar": True,
            },
        ),
        (
            "check",
            {
                "behaviour": "deferred",
                "is_counted": True,
                "release": "at_once",
                "attempts_allowed": None,
                "offers_similar": False,
            },
        ),
        (
            "graded",
            {"behaviour": "deferred", "is_counted": True, "release": "by_hand", "shuffles_questions": True},
        ),
    ],
)
def test_what_a_preset_says(name, values):
    assert PRESETS[name].values().items() >= values.items()


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_a_preset_goes_together_and_leaves_times_alone(preset):
    rules = replace(PLAIN, **preset.values(), opens_at=on(1), time_limit_s=600)
    assert list(refusals(rules, "section")) == []
    assert {field.name for field in fields(Preset)} <= set(NAMES)
    assert not {"opens_at", "due_at", "closes_at", "late", "time_limit_s", "access_code", "item_limit"} & set(
        preset.values()
    )


@pytest.mark.parametrize("name", SHOWINGS)
def test_a_way_of_showing_is_known_by_what_it_shows(name):
    assert showing_name(SHOWINGS[name]) == name


def test_any_other_way_is_ones_own():
    assert showing_name(Showing(show_key=ALWAYS - DURING)) == "own"


@pytest.mark.parametrize(
    ("rules", "fields_refused"),
    [
        ({}, []),
        ({"behaviour": "tries", "tries_allowed": 1}, ["tries_allowed"]),
        ({"behaviour": "tries", "tries_allowed": 6}, ["tries_allowed"]),
        ({"behaviour": "tries", "tries_allowed": 2}, []),
        ({"behaviour": "tries", "tries_allowed": 5, "confidence": "asked"}, []),
        ({"behaviour": "tries", "tries_allowed": 2, "confidence": "marked"}, ["confidence"]),
        ({"behaviour": "deferred", "confidence": "marked"}, []),
        ({"behaviour": "immediate", "confidence": "marked"}, []),
        ({"allows_back": False}, ["no_going_back"]),
        ({"allows_back": False, "one_per_page": True}, []),
        ({"is_gate": True}, ["pass_percent"]),
        ({"is_gate": True, "pass_percent": 60}, []),
        ({"late": (step(3, 80),)}, ["due_at"]),
        ({"due_at": on(2), "late": (step(3, 80), step(4, 50), step(5, 0))}, []),
        ({"due_at": on(2), "late": (step(3, 50), step(4, 80))}, ["late_2_percent"]),
        ({"opens_at": on(2), "due_at": on(1)}, ["due_at"]),
        ({"opens_at": on(2), "closes_at": on(1)}, ["closes_at"]),
        ({"opens_at": on(2), "closes_at": on(2)}, ["closes_at"]),
        ({"due_at": on(2), "closes_at": on(2)}, []),
        ({"due_at": on(2), "closes_at": on(1)}, ["closes_at"]),
        ({"due_at": on(2), "late": (step(2, 50),)}, ["late_1_until"]),
        ({"due_at": on(2), "late": (step(4, 50), step(3, 20))}, ["late_2_until"]),
        ({"due_at": on(2), "late": (step(4, 50),), "closes_at": on(3)}, ["closes_at"]),
        ({"due_at": on(2), "late": (step(4, 50),), "closes_at": on(4)}, []),
        ({"show_key": AFTER_CLOSE}, []),
        (
            dict.fromkeys(
                ("show_response", "show_correctness", "show_points", "show_explanation", "show_key"), 8
            ),
            ["closes_at"],
        ),
        (
            {"is_gate": True, "allows_back": False, "opens_at": on(3), "closes_at": on(2)},
            ["no_going_back", "pass_percent", "closes_at"],
        ),
    ],
)
def test_what_goes_together(rules, fields_refused):
    assert refused(**rules) == fields_refused


def test_the_quiz_of_a_module_is_no_gate():
    assert refused("module", is_gate=True, pass_percent=50) == ["is_gate"]


def test_rules_go_into_a_quiz_and_come_back():
    rules = Rules(
        item_limit=3,
        due_at=on(2),
        late=(step(3, 80),),
        access_code="open sesame",
        counted="last",
        time_limit_s=600,
        show_key=AFTER_CLOSE,
    )
    quiz = Quiz(kind="section")
    give(quiz, rules)
    assert rules_of(quiz) == rules
    assert quiz.late_credit == [{"until": "2026-12-03T08:00:00+00:00", "percent": 80}]


def test_changes_are_told_without_the_code():
    new = replace(PLAIN, access_code="secret", due_at=on(2), late=(step(3, 80),), attempts_allowed=2)
    assert changes_between(PLAIN, new) == {
        "access_code": "changed",
        "due_at": [None, "2026-12-02T08:00:00+00:00"],
        "late": [[], [{"until": "2026-12-03T08:00:00+00:00", "percent": 80}]],
        "attempts_allowed": [None, 2],
    }
    assert changes_between(PLAIN, PLAIN) == {}
