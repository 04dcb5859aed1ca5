"""Everything in one file, and back: the database, the uploads and the secret.

The file is a tar archive with a list of what is in it. On PostgreSQL its database part is pg_dump's.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from webapp.config import DATABASE_FILE, SECRET_FILE, Settings, sync_path
from webapp.repositories import schema, storage
from webapp.services import clock
from webapp.services.storage import StorageError, in_use, move_database_aside, remember_backup

if TYPE_CHECKING:
    from sqlalchemy import Engine

FORMAT = "readcheck-backup-1"
MANIFEST = "manifest.json"
POSTGRES_DUMP = "database.dump"
UPLOADS = "uploads"
SQLITE_MAGIC = b"SQLite format 3\x00"


def write_backup(engine: Engine, settings: Settings, target: Path, *, overwrite: bool = False) -> list[str]:
    """Write one file that holds everything, while the server runs. Returns what is in it."""
    if target.exists() and not overwrite:
        raise StorageError(f"{target} exists. Choose another name, or say --force to replace it.")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        scratch = Path(folder)
        database = _dump(engine, settings, scratch)
        manifest = {
            "format": FORMAT,
            "made_at": clock.now().isoformat(),
            "schema": schema.get_version(engine),
            "database": database.name,
        }
        archive = scratch / "archive"
        descriptor = os.open(archive, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)  # it holds the secret
        with os.fdopen(descriptor, "wb") as file, tarfile.open(fileobj=file, mode="w:gz") as tar:
            _add_bytes(tar, MANIFEST, json.dumps(manifest, indent=1).encode())
            tar.add(database, database.name)
            _add_bytes(tar, SECRET_FILE, settings.secret_key().encode())
            if (settings.data / UPLOADS).is_dir():
                tar.add(settings.data / UPLOADS, UPLOADS)
        with tarfile.open(archive) as tar:
            names = tar.getnames()
        sync_path(archive)  # what is called a backup survives a power cut
        archive.replace(target)
        sync_path(target.parent)
    remember_backup(settings, target)
    return names


def _add_bytes(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), 0o600
    tar.addfile(member, io.BytesIO(content))


def _dump(engine: Engine, settings: Settings, folder: Path) -> Path:
    if settings.is_sqlite:
        target = folder / DATABASE_FILE
        storage.copy_database(engine, target)
        findings = storage.file_findings(target, quick=True)
        if findings:
            raise StorageError(f"The database is damaged, so no backup was made of it: {findings[0]}")
        return target
    target = folder / POSTGRES_DUMP
    _run_postgres(
        "pg_dump", ["--format=custom", "--no-owner", "--no-privileges", f"--file={target}"], settings
    )
    return target


def _run_postgres(program: str, arguments: Sequence[str], settings: Settings) -> None:
    path = shutil.which(program)
    if path is None:
        raise StorageError(f"On PostgreSQL this needs the program {program} (Debian: postgresql-client).")
    where = _postgres_environment(settings.effective_database_url)
    done = subprocess.run(  # noqa: S603 (our own arguments; no shell)
        [path, *arguments, f"--dbname={where['PGDATABASE']}"],
        env=os.environ | where,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise StorageError(f"{program} failed: {done.stderr.strip()}")


def _postgres_environment(address: str) -> dict[str, str]:
    """The database's address as libpq's variables: as an argument, every user could read its password."""
    parts = urlsplit(address)
    query = dict(parse_qsl(parts.query))
    values = {
        "PGHOST": query.get("host") or parts.hostname,
        "PGPORT": query.get("port") or parts.port,
        "PGUSER": unquote(parts.username or query.get("user", "")),
        "PGPASSWORD": unquote(parts.password or query.get("password", "")),
        "PGDATABASE": unquote(parts.path.strip("/")),
        "PGSSLMODE": query.get("sslmode"),
    }
    return {name: str(value) for name, value in values.items() if value}


def restore_backup(settings: Settings, source: Path, *, force: bool = False) -> list[str]:
    """Put back what a backup holds; the present database is kept aside. Returns what was done."""
    if not source.is_file():
        raise StorageError(f"There is no file {source}.")
    with in_use(settings), tempfile.TemporaryDirectory(dir=settings.data) as folder:
        scratch = Path(folder)
        database = _unpack(source, scratch)
        if settings.is_sqlite:
            done = _restore_sqlite(settings, database, force=force)
        else:
            done = _restore_postgres(settings, database, force=force)
        return done + _restore_files(settings, scratch)


def _unpack(source: Path, folder: Path) -> Path:
    """Unpack a backup (or take a bare SQLite file as one); the path of its database part."""
    with source.open("rb") as file:
        is_bare = file.read(len(SQLITE_MAGIC)) == SQLITE_MAGIC
    if is_bare:
        return Path(shutil.copyfile(source, folder / DATABASE_FILE))
    try:
        with tarfile.open(source) as tar:
            tar.extractall(folder, filter="data")  # refuses paths that lead out, links, devices
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (tarfile.TarError, OSError, EOFError, ValueError, zlib.error) as error:
        raise StorageError(f"{source} is no backup of Readcheck, or not a whole one: {error}") from error
    known = schema.list_versions(schema.find_migrations())
    if manifest.get("format") != FORMAT or manifest.get("schema") not in known:
        raise StorageError(f"{source} was made by another version of Readcheck than this one.")
    return folder / (DATABASE_FILE if manifest.get("database") == DATABASE_FILE else POSTGRES_DUMP)


def _restore_sqlite(settings: Settings, database: Path, *, force: bool) -> list[str]:
    target = settings.database_file or Path(DATABASE_FILE)
    if database.name != DATABASE_FILE:
        raise StorageError("This backup was made on PostgreSQL; set READCHECK_DATABASE_URL to restore it.")
    findings = storage.file_findings(database)
    if findings:
        raise StorageError(f"The database in this backup is damaged: {findings[0]}. Nothing was changed.")
    if target.exists() and not force:
        raise StorageError(
            f"There is a database already: {target}. To replace it (it will be kept aside), say --force."
        )
    aside = move_database_aside(settings)
    database.chmod(0o600)
    target.parent.mkdir(parents=True, exist_ok=True)
    sync_path(database)
    database.replace(target)
    sync_path(target.parent)
    return ([f"moved the present database to {aside}"] if aside else []) + [f"restored {target}"]


def _restore_postgres(settings: Settings, database: Path, *, force: bool) -> list[str]:
    if database.name != POSTGRES_DUMP:
        raise StorageError("This backup was made on SQLite; unset READCHECK_DATABASE_URL to restore it.")
    if not force:
        raise StorageError("This replaces the tables on the database server. If you are sure, say --force.")
    options = ["--clean", "--if-exists", "--no-owner", "--single-transaction"]
    _run_postgres("pg_restore", [*options, str(database)], settings)
    return ["restored the tables on the database server"]


def _restore_files(settings: Settings, folder: Path) -> list[str]:
    done = []
    secret, uploads = folder / SECRET_FILE, folder / UPLOADS
    if secret.is_file() and not settings.secret:
        secret.chmod(0o600)
        sync_path(secret)
        secret.replace(settings.data / SECRET_FILE)
        sync_path(settings.data)
        done.append("restored the secret")
    if uploads.is_dir():
        shutil.rmtree(settings.data / UPLOADS, ignore_errors=True)
        uploads.rename(settings.data / UPLOADS)
        done.append("restored the uploads")
    return done
