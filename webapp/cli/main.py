"""All commands together. Exit codes: 0 done, 1 refused (stderr says why), 2 wrong use."""

from __future__ import annotations

import os

import click

from webapp.cli import content, data, people, scores, serve
from webapp.config import SettingsError
from webapp.services.errors import ServiceError
from webapp.services.storage import StorageError
from webapp.sqlite_turns import DatabaseBusy

OWNER_ONLY = 0o077
"""Whatever a command writes, the database above all, no other user of the machine may read."""


class Commands(click.Group):
    """A group of commands whose refusals are a message and exit code 1, never a stack trace."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except (SettingsError, StorageError, ServiceError) as error:
            raise click.ClickException(str(error)) from error
        except DatabaseBusy as error:
            raise click.ClickException(f"The database is busy: {error}. Try again.") from error
        except OSError as error:
            if error.filename is None:
                raise
            raise click.ClickException(f"{error.filename}: {error.strerror}") from error


@click.group(cls=Commands)
@click.version_option(package_name="readcheck")
def cli() -> None:
    """Readcheck: an article becomes a learning module."""
    os.umask(OWNER_ONLY)


for command in (
    serve.serve,
    serve.worker,
    content.import_files,
    content.generate,
    scores.scores_group,
    people.users,
    data.backup,
    data.restore,
    data.check,
    data.db_group,
):
    cli.add_command(command)


def main() -> None:
    """Run the command line."""
    cli()
