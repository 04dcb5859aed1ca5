"""The application as commands need it: on a database that is there and of today's schema."""

from __future__ import annotations

import click
from flask import Flask

from webapp import database
from webapp.app import create_app
from webapp.config import Settings
from webapp.extensions import db
from webapp.services import library, storage


def settings_of(app: Flask) -> Settings:
    """The settings the application was made with."""
    settings: Settings = app.extensions["readcheck_settings"]
    return settings


def prepare(settings: Settings | None = None) -> Flask:
    """The application after first run and migrations, each told on stderr. Raises StorageError."""
    settings = settings or Settings.from_environment()
    settings.make_folder()
    storage.require_whole(settings)
    app = _make(settings)
    with app.app_context():
        raised = storage.raise_schema(db.engine, settings)
    if raised.before is None:
        click.echo(f"Made a new database ({settings.database_file or 'on the server'}).", err=True)
    elif raised.before != raised.after:
        kept = f"; the database as it was: {raised.backup}" if raised.backup else ""
        click.echo(f"Raised the schema from {raised.before} to {raised.after}{kept}", err=True)
    with database.write_session(app) as session:
        for module in library.install_library(session):
            click.echo(f"Added the module {module.title}", err=True)
    return app


def require() -> Flask:
    """The application for a command: made on a first run, refused on an older schema. Raises StorageError."""
    settings = Settings.from_environment()
    if settings.database_file is not None and not settings.database_file.exists():
        return prepare(settings)
    app = _make(settings)
    with app.app_context():
        storage.require_current(db.engine, settings)
    return app


def _make(settings: Settings) -> Flask:
    """The application, whose connections are closed when the command ends."""
    app = create_app(settings)

    def close() -> None:
        with app.app_context():
            db.engine.dispose()

    click.get_current_context().call_on_close(close)
    return app
