"""Commands about modules: import, generate, scores export and verify."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, get_args

import click

from questions.generation.providers.base import bill_in_words
from webapp import database
from webapp.cli.application import require, settings_of
from webapp.extensions import db
from webapp.repositories import courses
from webapp.repositories import modules as rows
from webapp.services import audit, generation, receipts, scores
from webapp.services.errors import NotFound, Refused
from webapp.services.generation_cache import FOLDER, Cache
from webapp.services.module_files import ImportReport, ReadFile, read_file, store_file
from webapp.services.score_files import WRITERS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flask import Flask
    from sqlalchemy.orm import Session

    from questions.generation.rank import Weights
    from webapp.models.course import Course
    from webapp.models.module import Module

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
NUMBER_DIGITS_MAX = 18
"""A longer number is no module's: databases count to 2^63."""
REASONS = {
    "not_english": "does not look like English",
    "not_prose": "not running text, or little of it",
    "not_sentences": "not plain sentences: verse, code, misread letters, no or only capitals",
    "no_model": "the language model is not installed",
    "too_short": "too short",
    "few_statements": "little that can be asked without doubt",
    "rules_of_the_set": "more would have repeated or given away other questions",
    generation.EDITED: "edited meanwhile; start again",
    generation.NOTHING_NEW: "everything that was found is there already",
}
"""Why a section has few questions or none; pages say the same in webapp/views/generation.py."""


@click.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=FILE)
@click.option("--publish", is_flag=True, help="Accept every question and publish the module, on your word.")
@click.option("--seed", default=0, show_default=True, help="Another seed, another choice of questions.")
def import_files(files: tuple[Path, ...], seed: int, *, publish: bool) -> None:
    """Make a module with generated questions of each .txt, .md, .html or .docx FILE."""
    app = require()
    weights = _weights(app)
    for path in files:
        try:
            read = read_file(
                path.read_bytes(),
                path.name,
                seed=seed,
                progress=_progress(path.name),
                weights=weights,
                language_model=settings_of(app).language_model,
            )
        except Refused as refusal:
            raise click.ClickException(f"{path}: {refusal.message}") from refusal
        if publish and not read.generation.items:
            raise click.ClickException(_nothing_to_ask(path, read))
        with database.write_session(app) as session:
            report = store_file(
                session, read, course=courses.get_open_course(session), by=None, publish=publish
            )
            lines = list(_told(report))
        click.echo("\n".join(lines))


def _weights(app: Flask) -> Weights | None:
    settings = settings_of(app)
    return generation.chosen_weights(settings.weights)


def _nothing_to_ask(path: Path, read: ReadFile) -> str:
    codes = {code: None for row in read.generation.report["sections"] for code in row["reasons"]}
    return (
        f"{path}: No question could be made of this text{_because(list(codes))}, so it was not published "
        "and nothing was stored. Without --publish it becomes a draft, to which you can write questions."
    )


def _because(codes: Sequence[str]) -> str:
    """Why there are few questions or none, in words; a code that has none stands for itself."""
    return f" ({'; '.join(REASONS.get(code, code) for code in codes)})" if codes else ""


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def _progress(name: str) -> generation.Progress | None:
    """Progress on a terminal; nothing in a pipe."""
    if not sys.stderr.isatty():
        return None

    def tell(done: int, total: int, text: str) -> None:
        click.echo(f"\r\x1b[K{name}: {done}/{total} {text}", nl=done >= total, err=True)

    return tell


def _told(report: ImportReport) -> list[str]:
    tiers = ", ".join(f"{count} of tier {tier}" for tier, count in sorted(report.items_by_tier.items()))
    tiers = f" ({tiers})" if tiers else ""
    state = (
        "published, every question accepted" if report.is_published else "a draft, its questions await review"
    )
    lines = [
        f"Module {report.module.slug}: {report.module.title}",
        f"  {state}: {_count(report.item_count, 'question')}{tiers}",
        f"  address: /m/{report.module.slug}",
    ]
    for section in report.sections:
        counts = f"{_count(section.words, 'word')}, {_count(section.items, 'question')}"
        lines.append(f"  {section.label}: {counts}{_because(section.reasons)}")
    return [*lines, *(f"  note: {note}" for note in report.notes), *_bill(report.provider)]


def _bill(figures: Mapping[str, Any] | None) -> list[str]:
    """What a language model was asked and cost, in a line; nothing where none was."""
    return [f"  {bill_in_words(figures)}"] if figures else []


@click.command()
@click.argument("module")
@click.option("--section", "number", type=click.IntRange(min=1), help="Only the section of this number.")
@click.option("--seed", type=click.IntRange(min=0), help="By default one that this module has not had.")
def generate(module: str, number: int | None, seed: int | None) -> None:
    """Propose new questions for a MODULE (its address's last part, or its number)."""
    app = require()
    with app.app_context():
        found = _find(db.session, module)
        section_ids = None if number is None else [_section_id(found, number)]
        task = generation.prepare(db.session, found, section_ids, seed)
        title = found.title
    settings = settings_of(app)
    cache = Cache(settings.data / FOLDER)
    made = generation.compute(task, _progress(title), cache, _weights(app), settings.language_model)
    with database.write_session(app) as session:
        summary = generation.store(session, task, made, by=None)
    click.echo(f"{title}: {_count(summary.proposed, 'new question')} to review (seed {task.seed})")
    for row in summary.sections:
        click.echo(f"  {row['heading'] or 'Introduction'}: {row['proposed']}{_because(row['reasons'])}")
    click.echo("".join(f"  note: {note}\n" for note in summary.notes), nl=False)
    click.echo("".join(f"{line}\n" for line in _bill(summary.provider)), nl=False)


def _find(session: Session, name: str) -> Module:
    module = (
        rows.get_module(session, int(name)) if _is_number(name) else rows.get_module_by_slug(session, name)
    )
    if module is None or module.deleted_at is not None:
        raise NotFound(f"There is no module {name}.")
    return module


def _find_course(session: Session, name: str) -> Course:
    course = courses.get_course(session, int(name)) if _is_number(name) else None
    course = course or courses.get_course_by_slug(session, name)
    if course is None:
        raise NotFound(f"There is no course {name}.")
    return course


def _is_number(name: str) -> bool:
    return name.isdecimal() and len(name) <= NUMBER_DIGITS_MAX


def _section_id(module: Module, number: int) -> int:
    if number > len(module.sections):
        raise Refused("section", f"{module.slug} has {_count(len(module.sections), 'section')}.")
    return module.sections[number - 1].id


@click.group("scores")
def scores_group() -> None:
    """What learners earned."""


@scores_group.command()
@click.option("--course", help="All modules of a course (its short name, or its number).")
@click.option("--module", "names", multiple=True, help="A module; may be given several times.")
@click.option("--profile", type=click.Choice(get_args(scores.Profile)), default="wide", show_default=True)
@click.option("--which", type=click.Choice(get_args(scores.Which)), default="best", show_default=True)
@click.option("--format", "file_format", type=click.Choice(tuple(WRITERS)), default="csv", show_default=True)
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Default: the terminal."
)
def export(
    course: str | None,
    names: tuple[str, ...],
    profile: scores.Profile,
    which: scores.Which,
    file_format: str,
    output: Path | None,
) -> None:
    """Write the scores of a course or of modules as a table."""
    if (course is None) == (not names):
        raise click.UsageError("Name what to export: either --course or --module.")
    app = require()
    with app.app_context():
        found, subjects = _what(db.session, course, names)
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
        named = list(dict.fromkeys(_find(session, name) for name in names))
        return named, [f"module:{module.id}" for module in named]
    found = _find_course(session, course)
    modules = [module for module in rows.list_modules(session, [found.id]) if module.deleted_at is None]
    if not modules:
        raise Refused("course", f"The course {found.slug} has no modules.")
    return modules, [f"course:{found.id}"]


def _write(table: scores.Table, file_format: str, out: IO[bytes]) -> None:
    scores.write_scores(table, file_format, out)
    out.flush()
