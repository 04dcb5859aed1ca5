"""Commands about modules: import and generate."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from questions.generation.providers.base import bill_in_words
from webapp import database
from webapp.cli.application import require, settings_of
from webapp.cli.finding import find_module
from webapp.extensions import db
from webapp.repositories import courses
from webapp.services import generation
from webapp.services.errors import Refused
from webapp.services.generation_cache import FOLDER, Cache
from webapp.services.module_files import ImportReport, ReadFile, read_file, store_file
from webapp.services.ranking import chosen_weights

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flask import Flask

    from questions.generation.rank import Weights
    from webapp.models.module import Module

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
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
    return chosen_weights(settings.weights)


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
        found = find_module(db.session, module)
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


def _section_id(module: Module, number: int) -> int:
    if number > len(module.sections):
        raise Refused("section", f"{module.slug} has {_count(len(module.sections), 'section')}.")
    return module.sections[number - 1].id
