"""Moving a site from SQLite to PostgreSQL: everything is copied, then both sides are compared.

The source is only read, and nobody writes to it meanwhile: the site is under its maintenance page, and the
copy's one transaction holds the lock that writers need. How far it is stands in the target, in the very
transactions that copy, so that a copy that was killed goes on where it was.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from webapp.config import Settings
from webapp.database import make_engine
from webapp.repositories import copying, copying_progress, copying_rows, schema
from webapp.repositories import storage as rows
from webapp.services import audit, maintenance, storage
from webapp.services.copy_comparison import Copy, Progress, Surveys, compare, require_fit, survey
from webapp.services.storage import StorageError
from webapp.sqlite_turns import DatabaseBusy

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

WRITERS_END_WITHIN_S = 60.0
NEEDS_EMPTY = "Make an empty database and name that."


def copy_database(settings: Settings, address: str, tell: Progress, *, stays_closed: bool = False) -> Copy:
    """Copy the site's SQLite database into the PostgreSQL database at this address. Raises StorageError.

    The maintenance page goes away at the end, however that comes; `stays_closed` keeps it after success.
    """
    _require_source(settings)
    target_settings = replace(settings, database_url=address)
    with maintenance.only_copy(settings), ExitStack() as stack:
        opens = True
        try:
            copy = _copy(settings, target_settings, tell, stack)
            opens = bool(copy.differences) or not stays_closed
        finally:
            if opens:
                maintenance.open_again(settings)
        return copy


def _require_source(settings: Settings) -> None:
    if not settings.is_sqlite:
        raise StorageError(
            "READCHECK_DATABASE_URL names a database server: this site is not on SQLite, and only such a one "
            "can be copied. Unset it to copy the SQLite file of the data folder."
        )
    file = settings.database_file
    if file is None or not file.exists():
        raise StorageError(f"There is no database {file}, so there is nothing to copy.")
    storage.require_whole(settings)


def _copy(settings: Settings, target_settings: Settings, tell: Progress, stack: ExitStack) -> Copy:
    with suppress(StorageError):  # else a running server has it, which keeps `restore` away just as well
        stack.enter_context(storage.in_use(settings))
    source, target = make_engine(settings), make_engine(target_settings)
    stack.callback(source.dispose)
    stack.callback(target.dispose)
    origin = hmac.new(settings.secret_key().encode(), b"readcheck db copy", hashlib.sha256).hexdigest()
    with _in_words():
        storage.require_current(source, settings)
        _require_usable(target, origin)
        maintenance.close(settings)
        here = _hold_still(source, stack)
        surveys = survey(here, tell, "Reading")
        require_fit(here, surveys)
        _begin(target, origin, surveys)
        _copy_rows(here, target, surveys, tell)
        with target.connect() as there:
            copy = compare(here, there, surveys, settings, target_settings, tell)
        _end(target, copy)
    return copy


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        with copying.in_words():
            yield
    except copying.CopyTrouble as error:
        raise StorageError(
            f"The copy did not end well: {error}. The SQLite file is as it was. Once the reason is mended, "
            "the same command goes on where this one stopped."
        ) from error


def _require_usable(target: Engine, origin: str) -> None:
    """Refuse a target that is away, of another version, or holds anything but an earlier try of this copy."""
    try:
        rows.check_connection(target)
    except (rows.UnreachableDatabase, rows.DamagedDatabase) as error:
        raise StorageError(f"The database to copy to cannot be reached: {str(error).strip()}") from error
    version = schema.get_version(target)
    if version is not None and version not in schema.list_versions(schema.find_migrations()):
        raise StorageError(f"The target's schema is another version's ({version}). {NEEDS_EMPTY}")
    with target.connect() as connection:
        reached = copying_progress.get_reached(connection)
        foreign = copying.list_foreign_tables(connection, is_ours=version is not None)
        if foreign - {copying_progress.NAME}:
            raise StorageError(f"The target holds tables of something else ({min(foreign)}). {NEEDS_EMPTY}")
        if any(step.origin != origin for step in reached.values()):
            raise StorageError(f"The target holds an unfinished copy of another site. {NEEDS_EMPTY}")
        if not reached and not copying.is_unused(connection):
            raise StorageError(f"The target is a site in use, or a finished copy of one. {NEEDS_EMPTY}")


def _hold_still(source: Engine, stack: ExitStack) -> Connection:
    """Wait for writers under way, then keep every other out until the stack is unwound."""
    until = time.monotonic() + WRITERS_END_WITHIN_S
    while True:
        try:
            return stack.enter_context(copying.hold_still(source))
        except DatabaseBusy as error:
            if time.monotonic() > until:
                raise StorageError(
                    "Something has been writing to the database for a minute; end it, then try again."
                ) from error


def _begin(target: Engine, origin: str, surveys: Surveys) -> None:
    """Make the target ready: as an earlier try left it where the source is still the same, else empty."""
    schema.migrate(target)
    digests = {step.name: surveys[step.table.name].digest for step in copying.list_steps()}
    with target.begin() as connection:
        reached = copying_progress.get_reached(connection)
        if {name: step.digest for name, step in reached.items()} != digests:
            copying.empty_tables(connection)
            copying_progress.begin(connection, origin, digests)


def _copy_rows(here: Connection, target: Engine, surveys: Surveys, tell: Progress) -> None:
    with target.connect() as connection:
        reached = copying_progress.get_reached(connection)
    for step in copying.list_steps():
        so_far, total = reached[step.name], surveys[step.table.name].rows
        done = so_far.rows
        if so_far.is_done:
            continue
        for batch in copying.each_batch(here, step.table, so_far.last):
            done += len(batch)
            with target.begin() as connection:
                copying.write_rows(connection, step, batch)
                last = copying_rows.key_of(step.table, batch[-1])
                copying_progress.advance(connection, step.name, rows=done, last=last)
            tell(done, total, f"Copying {step.table.name}")
        with target.begin() as connection:
            copying_progress.advance(connection, step.name, is_done=True)
    with target.begin() as connection:
        copying.set_sequences(connection)


def _end(target: Engine, copy: Copy) -> None:
    """Write the copy into its own audit trail and forget how it was made, or have the next try begin anew."""
    with copying.writing(target) as session:
        if copy.differences:
            copying_progress.distrust(session.connection())
            return
        detail = {"tables": len(copy.tables), "rows": sum(one.there for one in copy.tables)}
        audit.write(session, [audit.Entry("database.copy", "postgresql", detail)], audit.Origin())
        copying_progress.forget(session.connection())
