"""The one list of blueprints."""

from __future__ import annotations

from flask import Blueprint

from webapp.views import (
    accounts,
    admin,
    attempts,
    coverage,
    decisions,
    generation,
    grants,
    handing_in,
    health,
    items,
    learners,
    links,
    modules,
    more_items,
    preferences,
    progress,
    quizzes,
    reading,
    regrade,
    reports,
    review,
    scores,
    sections,
)

BLUEPRINTS: tuple[Blueprint, ...] = tuple(
    view.blueprint
    for view in (
        accounts,
        admin,
        attempts,
        coverage,
        decisions,
        generation,
        grants,
        handing_in,
        health,
        items,
        learners,
        links,
        modules,
        more_items,
        preferences,
        progress,
        quizzes,
        reading,
        regrade,
        reports,
        review,
        scores,
        sections,
    )
)
