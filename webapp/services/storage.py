"""Where everything is kept: made ready before a server starts, raised to today's schema, examined.

`engine` stands where other use cases take a session: the database may not have a table yet.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from webapp.config import Settings
from webapp.repositories import copying_progress, schema, storage
from webapp.services import clock

if TYPE_CHECKING:
    from sqlalchemy import Engine

BACKUPS = "backups"
LAST_BACKUP = "last-backup"
KEPT_BACKUPS = 10
"""Copies made before upgrades; older ones are deleted."""
SERVING = "serve.lock"
BELONGS_TO_SQLITE = ("", "-wal", "-shm")


class StorageError(Exception):
    """The data cannot be used as they are; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Raised:
    """What raising the schema did. `before` is None where there was no database yet."""

    before: str | None
    after: str
    backup: Path | None


def raise_schema(engine: Engine, settings: Settings) -> Raised:
    """Bring the schema to today's version, after a copy of the file. Raises StorageError."""
    require_whole(settings)
    _require_reachable(engine, settings)
    _require_no_half_copy(engine, settings)
    before, after = schema.get_version(engine), schema.get_newest_version()
    backup = None
    if before == after:
        return Raised(before, after, None)
    if before is not None:
        if before not in schema.list_versions(schema.find_migrations()):
            raise StorageError(
                f"The database was made by a newer version of Readcheck ({before}). "
                "Install that version, or restore a backup of this one."
            )
        backup = _copy_aside(engine, settings, f"before-{after}")
    schema.migrate(engine)
    return Raised(before, after, backup)


def require_whole(settings: Settings) -> None:
    """Refuse a broken database file and name the newest backup. Raises StorageError."""
    file = settings.database_file
    if file is None or not file.exists():
        return
    findings = storage.file_findings(file, quick=True)
    if findings:
        raise StorageError(_damage_report(file, findings[0], newest_backup(settings)))


def _damage_report(file: Path, finding: str, backup: Path | None) -> str:
    way_out = (
        f"The newest backup is {backup}: readcheck restore --force {backup}"
        if backup
        else "There is no backup that Readcheck knows of; restore one with readcheck restore --force FILE"
    )
    return f"The database {file} is damaged ({finding}). Nothing was started or changed. {way_out}"


def require_current(engine: Engine, settings: Settings) -> None:
    """Refuse to run on another schema than this code's. Raises StorageError that names the command."""
    _require_reachable(engine, settings)
    _require_no_half_copy(engine, settings)
    current = schema.get_version(engine)
    if current != schema.get_newest_version():
        was = f"is at version {current}" if current else "has no tables yet"
        raise StorageError(f"The database {was}. Run this first, once: readcheck db upgrade")


def _require_reachable(engine: Engine, settings: Settings) -> None:
    try:
        storage.check_connection(engine)
    except storage.UnreachableDatabase as error:
        where = settings.database_file or "named in READCHECK_DATABASE_URL"
        raise StorageError(f"The database {where} cannot be opened: {str(error).strip()}") from error
    except storage.DamagedDatabase as error:
        file = settings.database_file or Path("on the server")
        raise StorageError(_damage_report(file, str(error), newest_backup(settings))) from error


def _require_no_half_copy(engine: Engine, settings: Settings) -> None:
    if not settings.is_sqlite and copying_progress.is_under_way(engine):
        raise StorageError(
            "The database named in READCHECK_DATABASE_URL holds an unfinished copy. Unset that, let "
            "readcheck db copy --to end, and set it again."
        )


def _copy_aside(engine: Engine, settings: Settings, reason: str) -> Path | None:
    """A copy of the SQLite file in the data folder; on a database server that is the operator's work."""
    if not settings.is_sqlite:
        return None
    folder = settings.data / BACKUPS
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{clock.now():%Y-%m-%dT%H%M%SZ}-{reason}.sqlite3"
    scratch = target.with_suffix(".part")
    storage.copy_database(engine, scratch)
    scratch.chmod(0o600)
    scratch.rename(target)
    for old in sorted(folder.glob("*.sqlite3"))[:-KEPT_BACKUPS]:
        old.unlink()
    return target


def move_database_aside(settings: Settings) -> Path | None:
    """Rename the present SQLite file, damaged or not, so that another can take its place."""
    file = settings.database_file
    if file is None or not file.exists():
        return None
    folder = settings.data / BACKUPS
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{clock.now():%Y-%m-%dT%H%M%SZ}-replaced.sqlite3"
    for ending in BELONGS_TO_SQLITE:
        part = file.with_name(file.name + ending)
        if part.exists():
            shutil.move(part, target.with_name(target.name + ending))
    return target


def newest_backup(settings: Settings) -> Path | None:
    """The latest copy that is still where it was put: of `readcheck backup`, or made before an upgrade."""
    found = [path for path in (settings.data / BACKUPS).glob("*-before-*.sqlite3") if path.is_file()]
    note = settings.data / LAST_BACKUP
    if note.is_file():
        path = Path(note.read_text(encoding="utf-8").strip())
        if path.is_file():
            found.append(path)
    return max(found, key=lambda path: path.stat().st_mtime, default=None)


def remember_backup(settings: Settings, path: Path) -> None:
    """Note where the operator put the latest backup, to name it when it is needed."""
    settings.make_folder()
    (settings.data / LAST_BACKUP).write_text(os.fspath(path.absolute()) + "\n", encoding="utf-8")


@contextmanager
def in_use(settings: Settings) -> Iterator[None]:
    """Keep the data folder to ourselves while serving or restoring. Raises StorageError."""
    settings.make_folder()
    file = os.open(settings.data / SERVING, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StorageError(
                f"The data folder {settings.data} is in use by another readcheck serve or restore. "
                "Stop that first."
            ) from None
        yield
    finally:
        os.close(file)
