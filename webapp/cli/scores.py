"""Commands about scores: export and verify."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, get_args

import click

from webapp.cli.application import require
from webapp.cli.finding import find_course, find_module
from webapp.database import write_session
from webapp.extensions import db
from webapp.repositories import modules as rows
from webapp.services import audit, receipts, scores
from webapp.services.counting import WHICH, Which
from webapp.services.errors import Refused
from webapp.services.grading import close_overdue
from webapp.services.overdue import Overdue
from webapp.services.score_files import WRITERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Flask
    from sqlalchemy.orm import Session

    from webapp.models.module import Module


@click.group("scores")
def scores_group() -> None:
    """What learners earned."""


@scores_group.command()
@click.option("--course", help="All modules of a course (its short name, or its number).")
@click.option("--module", "names", multiple=True, help="A module; may be given several times.")
@click.option("--profile", type=click.Choice(get_args(scores.Profile)), default="wide", show_default=True)
@click.option("--which", type=click.Choice(WHICH), default="counted", show_default=True)
@click.option("--format", "file_format", type=click.Choice(tuple(WRITERS)), default="csv", show_default=True)
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Default: the terminal."
)
def export(
    course: str | None,
    names: tuple[str, ...],
    profile: scores.Profile,
    which: Which,
    file_format: str,
    output: Path | None,
) -> None:
    """Write the scores of a course or of modules as a table."""
    if (course is None) == (not names):
        raise click.UsageError("Name what to export: either --course or --module.")
    app = require()
    with app.app_context():
        found, subjects = _what(db.session, course, names)
        try:
            table = scores.score_table(db.session, found, profile, which)
        except Overdue as late:
            _close(app, late)
            found, _ = _what(db.session, course, names)
            table = scores.score_table(db.session, found, profile, which)
        if output is None:
            _write(table, file_format, sys.stdout.buffer)
        else:
            scratch = output.with_name(output.name + ".part")
            with scratch.open("wb") as file:
                _write(table, file_format, file)
            scratch.replace(output)
        for subject in subjects:
            audit.record("scores.export", subject, {"profile": profile, "format": file_format})


def _close(app: Flask, late: Overdue) -> None:
    """Hand in what nobody has handed in since its time was up."""
    db.session.rollback()
    for attempt_id in late.attempt_ids:
        with write_session(app) as session:
            close_overdue(session, attempt_id)


@scores_group.command()
@click.argument("receipt", type=click.File("rb"))
def verify(receipt: IO[bytes]) -> None:
    """Say whether a learner's receipt was made by this site, and not changed since."""
    app = require()
    try:
        facts = json.load(receipt)
    except ValueError as error:
        raise Refused("receipt", f"{receipt.name} is not a receipt: it holds no JSON.") from error
    if not isinstance(facts, dict) or not receipts.is_genuine(facts, str(app.secret_key)):
        raise Refused("receipt", f"{receipt.name} was not made by this site, or was changed since.")
    click.echo(
        f"Genuine: attempt {facts['attempt']} of “{facts['module']}”, handed in {facts['handed_in_at']}, "
        f"{facts['points']} of {facts['points_possible']} points."
    )


def _what(session: Session, course: str | None, names: Sequence[str]) -> tuple[list[Module], list[str]]:
    """The modules to export, and what the audit trail calls them."""
    if course is None:
        named = list(dict.fromkeys(find_module(session, name) for name in names))
        return named, [f"module:{module.id}" for module in named]
    found = find_course(session, course)
    modules = [module for module in rows.list_modules(session, [found.id]) if module.deleted_at is None]
    if not modules:
        raise Refused("course", f"The course {found.slug} has no modules.")
    return modules, [f"course:{found.id}"]


def _write(table: scores.Table, file_format: str, out: IO[bytes]) -> None:
    scores.write_scores(table, file_format, out)
    out.flush()
