"""backup, restore, check and db upgrade, drilled."""

from __future__ import annotations

import io
import json
import shutil
import tarfile
import threading
from contextlib import closing
from dataclasses import replace
from sqlite3 import connect

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tests.factories.attempts import make_attempt
from tests.factories.modules import make_item, make_module
from tests.factories.people import make_account
from webapp.database import WRITES, make_engine
from webapp.models.account import Account
from webapp.repositories import schema, storage
from webapp.services import backup as backups
from webapp.services import storage as use_cases
from webapp.services.storage import StorageError, in_use


@pytest.fixture
def site(command):
    """A data folder with people, a module and an attempt in it."""
    assert command("db", "upgrade").exit_code == 0
    with writing(command) as session:
        section = make_module(session).sections[0]
        make_item(session, section)
        make_attempt(session, make_account(session, "instructor", username="anna"), section)
    return command


def writing(command):
    return Session(make_engine(command.settings).execution_options(**{WRITES: True}))


def names(command):
    with writing(command) as session:
        return set(session.scalars(select(Account.username)))


def test_what_was_backed_up_comes_back(site, tmp_path):
    file = tmp_path / "readcheck.tar.gz"
    result = site("backup", file)
    assert result.exit_code == 0, result.stderr
    assert file.stat().st_mode & 0o777 == 0o600
    with writing(site) as session:
        make_account(session, username="later")
        counts = storage.count_rows(session)
    assert site("restore", file, "--force").exit_code == 0
    assert names(site) == {"anna"}
    with writing(site) as session:
        assert storage.count_rows(session) == counts | {"account": 1, "account_role": 1}
    assert site("check").stdout == "Everything is as it should be.\n"


def test_a_backup_restores_into_an_empty_folder_with_its_secret(site, tmp_path):
    file = tmp_path / "readcheck.tar.gz"
    secret = {"READCHECK_SECRET": ""}
    (site.data / "uploads").mkdir()
    (site.data / "uploads" / "picture.png").write_bytes(b"png")
    site("backup", file, **secret)
    kept = (site.data / "secret").read_text()
    shutil.rmtree(site.data)
    result = site("restore", file, **secret)
    assert result.exit_code == 0, result.stderr
    assert (site.data / "secret").read_text() == kept
    assert (site.data / "secret").stat().st_mode & 0o777 == 0o600
    assert (site.data / "uploads" / "picture.png").read_bytes() == b"png"
    assert names(site) == {"anna"}


def test_a_present_database_is_only_replaced_on_demand_and_then_kept(site, tmp_path):
    file = tmp_path / "readcheck.tar.gz"
    site("backup", file)
    refused = site("restore", file)
    assert refused.exit_code == 1
    assert "--force" in refused.stderr
    site("restore", file, "--force")
    (aside,) = (site.data / "backups").glob("*-replaced.sqlite3")
    assert storage.file_findings(aside) == []


def test_an_existing_backup_is_only_replaced_on_demand(site, tmp_path):
    file = tmp_path / "readcheck.tar.gz"
    site("backup", file)
    assert site("backup", file).exit_code == 1
    assert site("backup", file, "--force").exit_code == 0


def test_nothing_is_restored_under_a_running_server(site, tmp_path):
    file = tmp_path / "readcheck.tar.gz"
    site("backup", file)
    with in_use(site.settings):
        result = site("restore", file, "--force")
    assert result.exit_code == 1
    assert "in use" in result.stderr


def test_a_backup_under_load_is_consistent(site, tmp_path):
    """Two rows are always written together; every backup holds both or neither."""
    stop = threading.Event()
    engine = make_engine(site.settings)
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        connection.execute(text("CREATE TABLE pair (n INTEGER, filler TEXT)"))

    def write():
        number = 0
        while not stop.is_set():
            number += 1
            with engine.execution_options(**{WRITES: True}).begin() as connection:
                for _ in range(2):
                    connection.execute(
                        text("INSERT INTO pair VALUES (:n, hex(randomblob(2000)))"), {"n": number}
                    )

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for round_ in range(3):
            file = tmp_path / f"{round_}.sqlite3"
            storage.copy_database(engine, file)
            with closing(connect(file)) as copy:
                assert copy.execute("SELECT n FROM pair GROUP BY n HAVING count(*) <> 2").fetchall() == []
            assert storage.file_findings(file) == []
    finally:
        stop.set()
        writer.join()
        engine.dispose()


@pytest.mark.parametrize(
    "content",
    [b"", b"not a tar", b"SQLite format 3\x00 and then nothing", None],
    ids=["empty", "text", "a broken database", "a foreign archive"],
)
def test_what_is_no_backup_is_refused_and_changes_nothing(site, tmp_path, content):
    file = tmp_path / "wrong"
    if content is None:
        with tarfile.open(file, "w:gz") as tar:
            member = tarfile.TarInfo("manifest.json")
            body = json.dumps({"format": "readcheck-backup-1", "schema": "of the future"}).encode()
            member.size = len(body)
            tar.addfile(member, io.BytesIO(body))
    else:
        file.write_bytes(content)
    result = site("restore", file, "--force")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert names(site) == {"anna"}


def test_an_archive_that_reaches_out_of_its_folder_is_refused(site, tmp_path):
    file = tmp_path / "evil.tar"
    with tarfile.open(file, "w") as tar:
        member = tarfile.TarInfo("../outside")
        member.size = 1
        tar.addfile(member, io.BytesIO(b"x"))
    assert site("restore", file, "--force").exit_code == 1
    assert not (site.data / "outside").exists()
    assert not (site.data.parent / "outside").exists()


def test_a_damaged_database_is_refused_and_the_newest_backup_named(site, tmp_path):
    file = tmp_path / "readcheck.tar.gz"
    site("backup", file)
    damage(site)
    for command in (("db", "upgrade"), ("serve", "--port", "0"), ("users", "add", "x")):
        result = site(*command)
        assert result.exit_code == 1
        assert "damaged" in result.stderr
        assert str(file) in result.stderr
    assert site("restore", file, "--force").exit_code == 0
    assert names(site) == {"anna"}


def test_no_backup_is_made_of_a_damaged_database(site, tmp_path):
    damage(site)
    result = site("backup", tmp_path / "readcheck.tar.gz")
    assert result.exit_code == 1
    assert not (tmp_path / "readcheck.tar.gz").exists()


def damage(command):
    engine = make_engine(command.settings)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    with (command.data / "readcheck.sqlite3").open("r+b") as file:
        file.write(b"\x00" * 64)


def test_check_names_a_wrong_score(site):
    with writing(site) as session:
        session.execute(text("UPDATE attempt SET points = 300000"))
        session.commit()
    result = site("check")
    assert result.exit_code == 1
    assert "attempt 1" in result.stderr
    assert "points" in result.stderr


def test_check_names_rows_that_point_at_nothing(site):
    with closing(connect(site.data / "readcheck.sqlite3")) as raw:
        raw.execute("DELETE FROM role")
        raw.commit()
    result = site("check")
    assert result.exit_code == 1
    assert "account_role" in result.stderr


def test_an_upgrade_copies_the_file_first(site, monkeypatch, tmp_path):
    scripts = tmp_path / "scripts"
    shutil.copytree(schema.find_migrations(), scripts)
    (scripts / "versions" / "next_one.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        f"revision = 'next_one'\ndown_revision = '{schema.get_newest_version()}'\n"
        "def upgrade():\n    op.create_table('added', sa.Column('id', sa.Integer, primary_key=True))\n"
        "def downgrade():\n    op.drop_table('added')\n"
    )
    monkeypatch.setattr(schema, "find_migrations", lambda package=None: scripts)
    refused = site("users", "reset-link", "anna")
    assert refused.exit_code == 1
    assert "readcheck db upgrade" in refused.stderr
    result = site("db", "upgrade")
    assert result.exit_code == 0, result.stderr
    (copy,) = (site.data / "backups").glob("*-before-next_one.sqlite3")
    assert str(copy) in result.stderr
    assert use_cases.newest_backup(site.settings) == copy
    with closing(connect(copy)) as old:
        assert old.execute("SELECT version_num FROM alembic_version").fetchone() != ("next_one",)
    monkeypatch.undo()
    newer = site("db", "upgrade", READCHECK_SECRET=site.settings.secret, READCHECK_DATA=str(site.data))
    assert newer.exit_code == 1
    assert "newer version" in newer.stderr
    assert site("restore", copy, "--force").exit_code == 0
    assert site("db", "upgrade").exit_code == 0


def test_only_the_latest_copies_are_kept(site):
    engine = make_engine(site.settings)
    folder = site.data / "backups"
    folder.mkdir()
    for number in range(use_cases.KEPT_BACKUPS + 3):
        (folder / f"2020-01-{number + 1:02}-before-x.sqlite3").touch()
    use_cases._copy_aside(engine, site.settings, "before-now")
    engine.dispose()
    left = sorted(path.name for path in folder.glob("*.sqlite3"))
    assert len(left) == use_cases.KEPT_BACKUPS
    assert left[-1].endswith("before-now.sqlite3")


def test_wrong_settings_are_named_and_nothing_is_done(command):
    result = command("db", "upgrade", READCHECK_URL="nonsense", READCHECK_COLOUR="red")
    assert result.exit_code == 1
    assert "READCHECK_URL" in result.stderr
    assert "READCHECK_COLOUR" in result.stderr
    assert not command.data.exists()


def test_a_database_server_that_is_away_is_named_without_a_password(command):
    url = "postgresql://reader:hidden-word@127.0.0.1:1/read"
    for arguments in (("db", "upgrade"), ("check",)):
        result = command(*arguments, READCHECK_DATABASE_URL=url)
        assert result.exit_code == 1
        assert "READCHECK_DATABASE_URL" in result.stderr
        assert "hidden-word" not in result.stderr


def test_a_folder_that_cannot_be_used_is_named(command):
    command.data.write_text("a file where the folder should be")
    result = command("db", "upgrade")
    assert result.exit_code == 1
    assert str(command.data) in result.stderr


@pytest.mark.needs("postgres")
def test_postgres_is_backed_up_and_restored(command, postgres_database, tmp_path):
    settings = replace(command.settings, database_url=postgres_database)
    engine = make_engine(settings)
    with Session(engine) as session:
        make_account(session, username="anna")
    file = tmp_path / "readcheck.tar.gz"
    assert "database.dump" in backups.write_backup(engine, settings, file)
    with Session(engine) as session:
        make_account(session, username="later")
    with pytest.raises(StorageError, match="--force"):
        backups.restore_backup(settings, file)
    engine.dispose()
    backups.restore_backup(settings, file, force=True)
    with Session(engine) as session:
        assert session.scalars(select(Account.username)).all() == ["anna"]
        assert session.scalar(select(func.count()).select_from(Account)) == 1
    engine.dispose()


@pytest.mark.needs("postgres")
def test_postgres_without_its_programs_says_what_is_missing(
    command, postgres_database, tmp_path, monkeypatch
):
    monkeypatch.setenv("PATH", str(tmp_path))
    settings = replace(command.settings, database_url=postgres_database)
    engine = make_engine(settings)
    with pytest.raises(StorageError, match="pg_dump"):
        backups.write_backup(engine, settings, tmp_path / "readcheck.tar.gz")
    engine.dispose()


@pytest.mark.needs("postgres")
def test_a_backup_of_the_other_kind_of_database_is_refused(site, postgres_database, tmp_path):
    file = tmp_path / "readcheck.tar.gz"
    site("backup", file)
    with pytest.raises(StorageError, match="SQLite"):
        backups.restore_backup(replace(site.settings, database_url=postgres_database), file, force=True)


def test_addresses_with_passwords_go_through_the_environment():
    where = backups._postgres_environment(
        "postgresql+psycopg://me:p%40ss@db.example:5433/read?sslmode=require"
    )
    assert where == {
        "PGHOST": "db.example",
        "PGPORT": "5433",
        "PGUSER": "me",
        "PGPASSWORD": "p@ss",
        "PGDATABASE": "read",
        "PGSSLMODE": "require",
    }
