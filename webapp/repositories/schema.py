"""The version of the schema: where its migrations lie, which one the database is at, and how it is raised.

Alembic is imported where it is used: a web worker never needs it.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Column, Engine, MetaData, String, Table, inspect, select

from webapp.database import WRITES

if TYPE_CHECKING:
    from alembic.config import Config

INSTALLED_SCRIPTS = "_migrations"
_REVISION = re.compile(r"""^(revision|down_revision)\b[^=\n]*= *(?:None|["']([^"']+)["'])""", re.MULTILINE)
_version = Table("alembic_version", MetaData(), Column("version_num", String(32)))


def find_migrations(package: Path | None = None) -> Path:
    """The folder of the migrations: inside the installed package, else beside it (in a clone)."""
    package = package or Path(__file__).resolve().parents[1]
    candidates = (package / INSTALLED_SCRIPTS, package.parent / "migrations")
    for folder in candidates:
        if (folder / "env.py").is_file():
            return folder
    raise FileNotFoundError(f"no migrations in {' or '.join(str(folder) for folder in candidates)}")


def _config(scripts: Path) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    return config


def get_newest_version() -> str:
    """The version that this code was written for."""
    return list_versions(find_migrations())[0]


@cache
def list_versions(scripts: Path) -> tuple[str, ...]:
    """Every version these scripts know, the newest first; read without running them."""
    before: dict[str, str | None] = {}
    for path in (scripts / "versions").glob("*.py"):
        facts = dict(_REVISION.findall(path.read_text(encoding="utf-8")))
        before[facts["revision"]] = facts["down_revision"] or None
    (newest,) = before.keys() - set(before.values())
    chain = [newest]
    while (older := before[chain[-1]]) is not None:
        chain.append(older)
    return tuple(chain)


def get_version(engine: Engine) -> str | None:
    """The version of the database; None where it has no tables of ours yet."""
    with engine.connect() as connection:
        if not inspect(connection).has_table(_version.name):
            return None
        return connection.execute(select(_version.c.version_num)).scalar()


def migrate(engine: Engine, to: str = "head", scripts: Path | None = None) -> None:
    """Bring the schema to a version, up or down, in one transaction."""
    from alembic import command

    scripts = scripts or find_migrations()
    config = _config(scripts)
    known, current = list_versions(scripts), get_version(engine)
    down = to == "base" or (to in known and current in known and known.index(to) > known.index(current))
    with engine.execution_options(**{WRITES: True}).connect() as connection:
        config.attributes["connection"] = connection
        (command.downgrade if down else command.upgrade)(config, to)
