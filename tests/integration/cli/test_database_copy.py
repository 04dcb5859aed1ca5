"""`readcheck db copy`: a whole site moves to a real PostgreSQL; what is refused, and differences that are planted."""

from __future__ import annotations

import shutil
from contextlib import closing, contextmanager
from dataclasses import replace
from sqlite3 import connect

import pytest
from sqlalchemy import func, inspect, select, text
from sqlalchemy.orm import Session

from tests.factories.every_table import ODD_JSON, fill_every_table
from tests.factories.people import make_account
from webapp.config import Settings
from webapp.database import WRITES, make_engine
from webapp.models.account import Account
from webapp.models.item import Item
from webapp.models.operation import AuditEntry
from webapp.models.registry import metadata
from webapp.repositories import copying, copying_progress, schema, storage
from webapp.services import maintenance
from webapp.services.database_copy import copy_database

pytestmark = pytest.mark.needs("postgres")


def before_insert(table, body):
    """A trigger of the target that tampers with what is copied into a table."""
    function = f"CREATE FUNCTION tamper() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"
    return function, f"CREATE TRIGGER tamper BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION tamper()"


CHANGES_NAMES = before_insert(
    "account", "IF NEW.id = 2 THEN NEW.display_name := 'Somebody'; END IF; RETURN NEW;"
)
LOSES_ROWS = before_insert("job", "IF NEW.id = 2 THEN RETURN NULL; END IF; RETURN NEW;")
EARNS_MORE = before_insert("attempt", "NEW.points := NEW.points + 100000; RETURN NEW;")
FAILS = before_insert("quiz", "RAISE EXCEPTION 'out of paper';")
FAILS_AT_ACCOUNTS = before_insert("account", "RAISE EXCEPTION 'copied twice';")
UNDO = "DROP FUNCTION tamper CASCADE"


@pytest.fixture(scope="module")
def filled(tmp_path_factory, template_database):
    """The SQLite file of a site with all kinds of rows: to be copied, never opened."""
    folder = tmp_path_factory.mktemp("filled")
    file = folder / "readcheck.sqlite3"
    shutil.copyfile(template_database, file)
    engine = make_engine(Settings(data=folder))
    with Session(engine.execution_options(**{WRITES: True})) as session:
        fill_every_table(session)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return file


@pytest.fixture
def site(command, filled):
    command.data.mkdir()
    shutil.copyfile(filled, command.data / "readcheck.sqlite3")
    return command


@contextmanager
def opened(settings):
    engine = make_engine(settings)
    try:
        with Session(engine.execution_options(**{WRITES: True})) as session:
            yield session
            session.commit()
    finally:
        engine.dispose()


def target(site, address):
    return opened(replace(site.settings, database_url=address))


def run_on(site, address, *statements):
    with target(site, address) as session:
        for statement in statements:
            session.execute(text(statement))


def change(site, statement, *values):
    with closing(connect(site.data / "readcheck.sqlite3")) as raw:
        raw.execute(statement, values)
        raw.commit()


def counts_of(site, address=""):
    with target(site, address) as session:
        return storage.count_rows(session)


def is_open(site):
    return not maintenance.is_closed(site.settings)


def test_a_whole_site_moves(site, empty_postgres):
    counts = counts_of(site)
    result = site("db", "copy", "--to", empty_postgres)
    assert result.exit_code == 0, result.stderr
    assert result.stderr == ""  # silent in a pipe
    assert {
        line.split()[0]: line.split()[1:] for line in result.stdout.splitlines()[1 : len(counts) + 1]
    } == {name: [str(rows)] * 2 for name, rows in counts.items()}
    assert "READCHECK_DATABASE_URL=postgresql://readcheck@" in result.stdout
    assert "untouched" in result.stdout
    assert is_open(site)
    assert counts_of(site) == counts
    assert counts_of(site, empty_postgres) == counts | {"audit_entry": counts["audit_entry"] + 1}
    check = site("check", READCHECK_DATABASE_URL=empty_postgres)
    assert check.stdout == "Everything is as it should be.\n", check.stderr


def test_contents_circles_and_numbers_are_right_in_the_target(site, empty_postgres):
    assert site("db", "copy", "--to", empty_postgres).exit_code == 0
    with target(site, empty_postgres) as session, opened(site.settings) as source:
        assert (
            session.scalars(select(AuditEntry.detail).where(AuditEntry.action == "sign_in")).one() == ODD_JSON
        )
        pairs = select(Item.id, Item.current_version_id).order_by(Item.id)
        assert session.execute(pairs).all() == source.execute(pairs).all()
        assert session.scalar(select(func.count()).where(Item.current_version_id.is_not(None)))
        last = session.scalar(select(func.max(Account.id)))
        assert make_account(session, username="next").id == last + 1
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "database.copy")).one()
        assert entry.detail["tables"] == len(metadata.tables)
    with target(site, empty_postgres) as session:
        assert copying_progress.NAME not in inspect(session.connection()).get_table_names()


def test_a_finished_copy_is_not_copied_over(site, empty_postgres):
    assert site("db", "copy", "--to", empty_postgres).exit_code == 0
    counts = counts_of(site, empty_postgres)
    again = site("db", "copy", "--to", empty_postgres)
    assert again.exit_code == 1
    assert "a finished copy" in again.stderr
    assert counts_of(site, empty_postgres) == counts
    assert is_open(site)


def test_a_migrated_but_unused_target_will_do(site, postgres_database):
    assert site("db", "copy", "--to", postgres_database).exit_code == 0


def test_a_site_without_anything_moves_too(command, empty_postgres):
    assert command("db", "upgrade").exit_code == 0
    assert command("db", "copy", "--to", empty_postgres).exit_code == 0


@pytest.mark.parametrize(
    ("planted", "named"),
    [
        (CHANGES_NAMES, "account, row 2: differs"),
        (LOSES_ROWS, "job, row 2: is missing on one side"),
        (EARNS_MORE, "points, but"),
    ],
    ids=["a changed name", "a lost row", "more points"],
)
def test_a_planted_difference_is_found_and_the_next_try_begins_anew(site, postgres_database, planted, named):
    run_on(site, postgres_database, *planted)
    result = site("db", "copy", "--to", postgres_database)
    assert result.exit_code == 1
    assert named in result.stderr
    assert "READCHECK_DATABASE_URL" not in result.stdout
    assert "PostgreSQL" in result.stdout  # the table of counts
    assert is_open(site)
    refused = site("check", READCHECK_DATABASE_URL=postgres_database)
    assert refused.exit_code == 1
    assert "unfinished copy" in refused.stderr
    run_on(site, postgres_database, UNDO)
    assert site("db", "copy", "--to", postgres_database).exit_code == 0


def test_a_wrong_score_that_was_there_before_is_told_and_copied(site, empty_postgres):
    change(site, "UPDATE attempt SET points = points + 100000 WHERE id = 2")
    result = site("db", "copy", "--to", empty_postgres)
    assert result.exit_code == 0
    assert "On both sides alike: attempt 2" in result.stderr
    assert "but those named above" in result.stdout


def test_a_failure_opens_the_site_and_the_next_try_goes_on(site, postgres_database):
    run_on(site, postgres_database, *FAILS)
    result = site("db", "copy", "--to", postgres_database)
    assert result.exit_code == 1
    assert "out of paper" in result.stderr
    assert is_open(site)
    run_on(site, postgres_database, UNDO, FAILS[0], FAILS[1].replace("quiz", "account"))
    assert site("db", "copy", "--to", postgres_database).exit_code == 0


def test_a_site_that_was_used_since_is_copied_anew(site, postgres_database):
    run_on(site, postgres_database, *FAILS)
    assert site("db", "copy", "--to", postgres_database).exit_code == 1
    change(site, "UPDATE account SET display_name = 'Lena the Second' WHERE id = 4")
    run_on(site, postgres_database, UNDO)
    assert site("db", "copy", "--to", postgres_database).exit_code == 0
    with target(site, postgres_database) as session:
        assert session.get_one(Account, 4).display_name == "Lena the Second"


# ---------------------------------------------------------------- what PostgreSQL would not take


@pytest.mark.parametrize(
    ("statement", "value", "named"),
    [
        ("UPDATE account SET display_name = ? WHERE id = 3", "a\x00b", "account, row 3, column display_name: holds a NUL"),
        ("UPDATE audit_entry SET detail = ? WHERE id = 1", '{"a": ["\\u0000"]}', "audit_entry, row 1, column detail"),
        ("UPDATE audit_entry SET detail = ? WHERE id = 1", '{"\\u0000": 1}', "audit_entry, row 1, column detail"),
        ("UPDATE audit_entry SET detail = ? WHERE id = 1", '{"a": "\\ud800"}', "lone surrogate"),
        ("UPDATE audit_entry SET detail = ? WHERE id = 1", '{"a": NaN}', "does not know"),
        ("UPDATE audit_entry SET detail = ? WHERE id = 1", "{broken", "audit_entry, row 1, column detail: cannot be read"),
        ("UPDATE attempt SET seed = ? WHERE id = 2", 2**40, "attempt, row 2, column seed: is a number beyond"),
        ("UPDATE attempt SET seed = ? WHERE id = 2", "many", "attempt, row 2, column seed: is not a whole number"),
        ("UPDATE account SET display_name = ? WHERE id = 3", "x" * 121, "is longer than 120 characters"),
        ("UPDATE account SET display_name = ? WHERE id = 3", b"bytes", "is not text"),
        ("UPDATE account_role SET role_id = ? WHERE account_id = 3", 99, "points at no role"),
    ],
    ids=["NUL", "NUL in JSON", "NUL in a name", "half a letter", "NaN", "no JSON", "large", "no number", "long", "bytes", "orphan"],
)  # fmt: skip
def test_what_postgres_would_not_take_is_named_and_nothing_is_copied(
    site, empty_postgres, statement, value, named
):
    change(site, statement, value)
    result = site("db", "copy", "--to", empty_postgres)
    assert result.exit_code == 1
    assert named in result.stderr
    assert str(value) not in result.stderr or value == 99
    assert is_open(site)
    with target(site, empty_postgres) as session:
        assert inspect(session.connection()).get_table_names() == []


# ---------------------------------------------------------------- refusals


def test_a_target_that_is_away_closes_nothing_and_hides_the_password(site):
    result = site(
        "db", "copy", "--to", "postgresql://reader:hidden-word@127.0.0.1:1/read?sslpassword=hidden-word"
    )
    assert result.exit_code == 1
    assert "cannot be reached" in result.stderr
    assert "hidden-word" not in result.output + result.stderr


def test_the_address_to_set_hides_its_passwords(site):
    shown = copying.shown_address(
        "postgresql://me:p%40ss@db.example:5433/read?password=other&sslmode=require"
    )
    assert shown == "postgresql://me:***@db.example:5433/read?password=***&sslmode=require"


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--abandon", "--to", "postgresql://localhost/x"),
        ("--abandon", "--stay-closed"),
        ("--to", "sqlite:////tmp/other.sqlite3"),
        ("--to", "nonsense"),
        ("--to", "postgresql://me:hidden@word:port/x"),
    ],
)
def test_wrong_use_has_its_own_exit_code(site, arguments):
    result = site("db", "copy", *arguments)
    assert result.exit_code == 2
    assert "hidden" not in result.stderr


def test_a_source_on_postgres_is_refused(command, postgres_database, empty_postgres):
    result = command("db", "copy", "--to", empty_postgres, READCHECK_DATABASE_URL=postgres_database)
    assert result.exit_code == 1
    assert "not on SQLite" in result.stderr


def test_a_source_that_is_not_there_is_refused(command, empty_postgres):
    result = command("db", "copy", "--to", empty_postgres)
    assert result.exit_code == 1
    assert "nothing to copy" in result.stderr
    assert not command.data.exists()


def test_a_source_of_another_schema_is_refused(site, empty_postgres):
    engine = make_engine(site.settings)
    schema.migrate(engine, to=schema.list_versions(schema.find_migrations())[1])
    engine.dispose()
    result = site("db", "copy", "--to", empty_postgres)
    assert result.exit_code == 1
    assert "readcheck db upgrade" in result.stderr


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("CREATE TABLE invoice (id integer)", "invoice"),
        ("CREATE TABLE account (id integer)", "account"),
        (
            "CREATE TABLE alembic_version (version_num varchar(32));INSERT INTO alembic_version VALUES ('of_the_future')",
            "of_the_future",
        ),
    ],
)
def test_a_target_of_somebody_else_is_refused(site, empty_postgres, statement, named):
    run_on(site, empty_postgres, *statement.split(";"))
    result = site("db", "copy", "--to", empty_postgres)
    assert result.exit_code == 1
    assert named in result.stderr
    assert "empty database" in result.stderr
    assert is_open(site)


def test_a_target_in_use_is_refused(site, postgres_database):
    with target(site, postgres_database) as session:
        make_account(session, username="anna")
    result = site("db", "copy", "--to", postgres_database)
    assert result.exit_code == 1
    assert "in use" in result.stderr
    with target(site, postgres_database) as session:
        assert session.scalars(select(Account.username)).all() == ["anna"]


def test_an_unfinished_copy_of_another_site_is_refused(site, postgres_database):
    run_on(site, postgres_database, *FAILS)
    assert site("db", "copy", "--to", postgres_database).exit_code == 1
    result = site(
        "db", "copy", "--to", postgres_database, READCHECK_SECRET="another-secret-of-another-site-" * 2
    )
    assert result.exit_code == 1
    assert "another site" in result.stderr


# ---------------------------------------------------------------- the marker


def test_two_copies_at_once_are_refused(site, empty_postgres):
    with maintenance.only_copy(site.settings):
        for arguments in (("--to", empty_postgres), ("--abandon",)):
            result = site("db", "copy", *arguments)
            assert result.exit_code == 1
            assert "at work" in result.stderr


def test_what_a_killed_copy_left_is_cleared_by_abandoning(site):
    maintenance.close(site.settings)
    result = site("db", "copy", "--abandon")
    assert result.exit_code == 0
    assert "open again" in result.stdout
    assert is_open(site)
    assert "was not closed" in site("db", "copy", "--abandon").stdout


def test_what_a_killed_copy_left_is_cleared_by_the_next(site, empty_postgres):
    maintenance.close(site.settings)
    result = site("db", "copy", "--to", empty_postgres)
    assert result.exit_code == 0
    assert "has left the site closed" in result.stderr
    assert is_open(site)


def test_the_site_stays_closed_on_demand(site, empty_postgres):
    result = site("db", "copy", "--stay-closed", "--to", empty_postgres)
    assert result.exit_code == 0
    assert "stays closed" in result.stdout
    assert not is_open(site)
    assert site("db", "copy", "--abandon").exit_code == 0
    refused = site("db", "copy", "--stay-closed", "--to", empty_postgres)
    assert refused.exit_code == 1
    assert is_open(site)


def test_an_interrupt_opens_the_site(site, empty_postgres):
    def interrupt(_done, _total, text):
        if text.startswith("Copying item"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        copy_database(site.settings, empty_postgres, interrupt)
    assert is_open(site)
    assert site("db", "copy", "--to", empty_postgres).exit_code == 0


def test_a_writer_that_does_not_end_stops_the_copy(site, empty_postgres, monkeypatch):
    monkeypatch.setattr("webapp.services.database_copy.WRITERS_END_WITHIN_S", 0)
    monkeypatch.setattr("webapp.sqlite_turns.BUSY_TIMEOUT_MS", 50)
    with opened(site.settings) as session:
        session.connection()
        result = site("db", "copy", "--to", empty_postgres)
    assert result.exit_code == 1
    assert "has been writing" in result.stderr
    assert is_open(site)
