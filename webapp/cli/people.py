"""Commands about accounts: users add, reset-link, disable, enable."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from webapp import database
from webapp.cli.application import require, settings_of
from webapp.models.account import ROLE_NAMES
from webapp.services import access_links, accounts
from webapp.services.errors import NotFound

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from webapp.models.account import Account

OWN_ADDRESS = "http://127.0.0.1:8000"
"""Where `readcheck serve` answers when nothing was set."""


@click.group()
def users() -> None:
    """Accounts of people."""


@users.command()
@click.argument("name")
@click.option("--email", default="", help="To sign in with, too.")
@click.option("--display-name", default="", help="What others read.")
@click.option("--role", type=click.Choice(ROLE_NAMES), default="learner", show_default=True)
def add(name: str, email: str, display_name: str, role: str) -> None:
    """Add an account and print the link under which its password is set."""
    app = require()
    with database.write_session(app) as session:
        account = accounts.sign_up(session, username=name, email=email, display_name=display_name, role=role)
        link = access_links.reset_password_link(session, _address(app), account)
    click.echo(f"Added {role} {name}. Under this link the password is set, once:\n  {link}")


@users.command("reset-link")
@click.argument("name")
def reset_link(name: str) -> None:
    """Print a link under which the password of NAME (or an e-mail address) is set anew."""
    app = require()
    with database.write_session(app) as session:
        link = access_links.reset_password_link(session, _address(app), _find(session, name))
    click.echo(link)


@users.command()
@click.argument("name")
def disable(name: str) -> None:
    """Keep NAME from signing in, at once and everywhere. Their work stays."""
    with database.write_session(require()) as session:
        accounts.disable(session, _find(session, name).id)
    click.echo(f"Disabled {name}.")


@users.command()
@click.argument("name")
def enable(name: str) -> None:
    """Let a disabled NAME sign in again."""
    with database.write_session(require()) as session:
        accounts.enable(session, _find(session, name).id)
    click.echo(f"Enabled {name}.")


def _find(session: Session, name: str) -> Account:
    account = accounts.find_account(session, name)
    if account is None:
        raise NotFound(f"There is no account named {name}.")
    return account


def _address(app: Flask) -> str:
    """Where the site answers; said to be a guess where nothing was set."""
    if settings_of(app).url:
        return settings_of(app).url
    click.echo(f"READCHECK_URL is not set: the link takes the site to be at {OWN_ADDRESS}.", err=True)
    return OWN_ADDRESS
