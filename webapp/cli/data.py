"""Commands about the data as a whole: backup, restore, check, db upgrade, db copy."""

from __future__ import annotations

from pathlib import Path

import click

from webapp.cli.application import prepare, require, settings_of
from webapp.cli.database_copy import copy
from webapp.config import Settings
from webapp.extensions import db
from webapp.services import backup as backups
from webapp.services import checks

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=FILE)
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
def backup(file: Path, *, force: bool) -> None:
    """Write database, uploads and secret into one FILE, while the site runs."""
    app = require()
    with app.app_context():
        names = backups.write_backup(db.engine, settings_of(app), file, overwrite=force)
    click.echo(f"{file}: {', '.join(names)}. Keep it safe: it holds the secret and everybody's answers.")


@click.command()
@click.argument("file", type=FILE)
@click.option("--force", is_flag=True, help="Replace the present database; it is kept aside.")
def restore(file: Path, *, force: bool) -> None:
    """Put back what a backup FILE holds. Stop the site first."""
    for line in backups.restore_backup(Settings.from_environment(), file, force=force):
        click.echo(line)


@click.command()
def check() -> None:
    """Examine the data: the file, the schema, what points where, and every stored score."""
    app = require()
    with app.app_context():
        findings = checks.examine(db.session, settings_of(app))
    for finding in findings:
        click.echo(finding, err=True)
    if findings:
        raise click.ClickException(f"{len(findings)} things are wrong")
    click.echo("Everything is as it should be.")


@click.group()
def db_group() -> None:
    """The database: its schema, and its place."""


@db_group.command()
def upgrade() -> None:
    """Make the database, or raise it to this version (after a copy of the file)."""
    prepare()
    click.echo("The database is up to date.")


db_group.add_command(copy)
db_group.name = "db"
