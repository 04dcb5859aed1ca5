"""`readcheck db copy`: the site moves from SQLite to PostgreSQL."""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import click

from webapp.config import Settings
from webapp.repositories.copying import shown_address
from webapp.services import maintenance
from webapp.services.copy_comparison import Copy, Progress, TableCounts
from webapp.services.database_copy import copy_database

STOPPED = (
    "Stopped. The site is open again, and its SQLite file is as it was. The same command goes on where this "
    "one stopped, or begins anew if the site was used meanwhile."
)


@click.command()
@click.option(
    "--to",
    "address",
    metavar="URL",
    help="An empty database: postgresql://user@host/name. Other users of this machine can read what stands "
    "here, so the password is better set as PGPASSWORD.",
)
@click.option("--stay-closed", is_flag=True, help="Keep the maintenance page after success.")
@click.option("--abandon", is_flag=True, help="Open a site that a killed copy has left closed.")
def copy(address: str | None, *, stay_closed: bool, abandon: bool) -> None:
    """Copy the site from SQLite to PostgreSQL and compare both, under a maintenance page."""
    if abandon == (address is not None) or (abandon and stay_closed):
        raise click.UsageError("Name where to copy with --to URL, or say --abandon and nothing else.")
    if address is None:
        _abandon(Settings.from_environment())
        return
    logging.getLogger("psycopg").setLevel(logging.ERROR)  # it warns of what our own message says better
    settings, shown = Settings.from_environment(), _shown(address)
    if maintenance.is_closed(settings):
        click.echo("An earlier copy has left the site closed.", err=True)
    try:
        with _stoppable():
            done = copy_database(settings, address, _progress(), stays_closed=stay_closed)
    except KeyboardInterrupt:
        raise click.ClickException(STOPPED) from None
    _print_counts(done.tables)
    if done.differences:
        for difference in done.differences:
            click.echo(difference, err=True)
        raise click.ClickException(
            f"{len(done.differences)} things are not the same on both sides, so do not use the copy. The "
            "SQLite file is as it was. Once the reason is found, the same command copies everything anew."
        )
    for finding in done.old_findings:
        click.echo(f"On both sides alike: {finding}", err=True)
    _tell_what_next(settings, shown, done, stay_closed=stay_closed)


def _shown(address: str) -> str:
    """The address without its password; refused where it is none of a PostgreSQL server."""
    wants = "an address such as postgresql://user@host/name"
    if not address.startswith(("postgresql://", "postgresql+psycopg://")):
        raise click.BadParameter(wants, param_hint="--to")
    try:
        shown = shown_address(address)
    except ValueError as error:
        raise click.BadParameter(wants, param_hint="--to") from error
    Settings.from_environment({"READCHECK_DATABASE_URL": address})  # says what is missing to use it
    return shown


def _abandon(settings: Settings) -> None:
    with maintenance.only_copy(settings):
        was_closed = maintenance.open_again(settings)
    if was_closed:
        click.echo("The site is open again, on SQLite. Do not use what was copied before: it grows old.")
    else:
        click.echo("The site was not closed.")


@contextmanager
def _stoppable() -> Iterator[None]:
    """Let SIGTERM, or a terminal that is closed, stop it as tidily as Ctrl-C does; nohup still counts."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    orders = [order for order in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(order) == signal.SIG_DFL]
    for order in orders:
        signal.signal(order, stop)
    try:
        yield
    finally:
        for order in orders:
            signal.signal(order, signal.SIG_DFL)


def _progress() -> Progress:
    """Progress on a terminal; nothing in a pipe."""
    is_terminal = sys.stderr.isatty()

    def tell(done: int, total: int, text: str) -> None:
        if is_terminal:
            click.echo(f"\r\x1b[K{text}: {done}/{total}", nl=done >= total, err=True)

    return tell


def _print_counts(tables: list[TableCounts]) -> None:
    width = max(len(one.table) for one in tables)
    click.echo(f"{'table':<{width}} {'SQLite':>10} {'PostgreSQL':>10}")
    for one in tables:
        click.echo(f"{one.table:<{width}} {one.here:>10} {one.there:>10}")


def _tell_what_next(settings: Settings, shown: str, done: Copy, *, stay_closed: bool) -> None:
    but = " but those named above" if done.old_findings else ""
    meanwhile = (
        "The site stays closed until it is started with that."
        if stay_closed
        else "Until then it runs on SQLite, and what is written there from now on is not in the copy."
    )
    click.echo(
        f"Every row is the same on both sides, and every score{but} is what its answers earn.\n"
        "Stop the site, set\n"
        f"  READCHECK_DATABASE_URL={shown}\n"
        f"and start it. {meanwhile}\n"
        f"Keep the data folder {settings.data}: its secret is what keeps people signed in. "
        "The SQLite file in it is untouched."
    )
