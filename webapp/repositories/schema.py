"""The version of the schema: where its migrations lie, which one the database is at, and how it is raised."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from webapp.database import WRITES

INSTALLED_SCRIPTS = "_migrations"


def find_migrations(package: Path | None = None) -> Path:
    """The folder of the migrations: inside the installed package, else beside it (in a clone)."""
    package = package or Path(__file__).resolve().parents[1]
    candidates = (package / INSTALLED_SCRIPTS, package.parent / "migrations")
    for folder in candidates:
        if (folder / "env.py").is_file():
            return folder
    raise FileNotFoundError(f"no migrations in {' or '.join(str(folder) for folder in candidates)}")


def _config(scripts: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    return config


def get_newest_version(scripts: Path | None = None) -> str:
    """The version that this code was written for."""
    head = ScriptDirectory.from_config(_config(scripts or find_migrations())).get_current_head()
    if head is None:
        raise FileNotFoundError("the migrations folder holds no version")
    return head


def list_versions(scripts: Path | None = None) -> list[str]:
    """Every version this code knows, the newest first."""
    folder = ScriptDirectory.from_config(_config(scripts or find_migrations()))
    return [script.revision for script in folder.walk_revisions()]


def get_version(engine: Engine) -> str | None:
    """The version of the database; None where it has no tables of ours yet."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def migrate(engine: Engine, to: str = "head", scripts: Path | None = None) -> None:
    """Bring the schema to a version, up or down, in one transaction."""
    scripts = scripts or find_migrations()
    config = _config(scripts)
    known, current = list_versions(scripts), get_version(engine)
    down = to == "base" or (to in known and current in known and known.index(to) > known.index(current))
    with engine.execution_options(**{WRITES: True}).connect() as connection:
        config.attributes["connection"] = connection
        (command.downgrade if down else command.upgrade)(config, to)
