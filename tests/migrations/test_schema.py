"""The migrations make exactly the tables of the models, run down and up with data, and survive being killed."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, select, text
from sqlalchemy.orm import Session

from tests.factories.attempts import make_attempt, make_quiz
from tests.factories.modules import make_item, make_module
from tests.factories.people import make_account
from tests.factories.practice import make_bridge
from webapp.config import Settings
from webapp.database import WRITES, engine_options, make_engine, prepare_engine
from webapp.models.account import Account
from webapp.models.attempt import AnswerEvent, AttemptSlot, SlotCheck
from webapp.models.quiz import Quiz
from webapp.models.registry import metadata
from webapp.repositories import schema, storage
from webapp.services import clock

ROOT = Path(__file__).parents[2]
NEWEST = "2026_11_25_similar_questions"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.needs("postgres"))])
def engine(request, tmp_path):
    """An engine on a database without any table."""
    if request.param == "sqlite":
        settings = Settings(data=tmp_path)
    else:
        settings = Settings(data=tmp_path, database_url=request.getfixturevalue("empty_postgres"))
    engine = make_engine(settings)
    yield engine
    engine.dispose()


def tables(engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def test_upgrade_makes_the_tables_of_the_models(engine):
    schema.migrate(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    assert schema.get_version(engine) == schema.get_newest_version()


def parts_of(statement: str) -> list[str]:
    """The columns and constraints of a CREATE statement, wherever a later ALTER put them."""
    head, _, body = statement.replace('"', "").partition("(")
    parts, depth = [""], 0
    for sign in body.strip().removesuffix(")"):
        depth += (sign == "(") - (sign == ")")
        if sign == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += sign
    return [head.strip(), *sorted(" ".join(part.split()) for part in parts)]


def test_every_constraint_is_word_for_word_the_models(tmp_path):
    """What Alembic does not compare: checks, partial indexes, keys, what happens on delete."""
    migrated, made = (
        prepare_engine(create_engine(**engine_options(Settings(data=tmp_path / name)))) for name in ("a", "b")
    )
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    schema.migrate(migrated)
    with made.execution_options(**{WRITES: True}).begin() as connection:
        metadata.create_all(connection)

    def statements(engine) -> dict[str, list[str]]:
        with engine.connect() as connection:
            rows = connection.execute(
                text("SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'alembic%' AND sql IS NOT NULL")
            ).all()
        return {row.name: parts_of(row.sql) for row in rows}

    assert statements(migrated) == statements(made)
    migrated.dispose()
    made.dispose()


def test_down_and_up_again(engine):
    schema.migrate(engine)
    assert tables(engine) == set(metadata.tables)
    schema.migrate(engine, "base")
    assert tables(engine) == set()
    assert schema.get_version(engine) is None
    schema.migrate(engine)
    assert tables(engine) == set(metadata.tables)


@pytest.mark.parametrize("version", schema.list_versions(schema.find_migrations()))
def test_each_version_up_and_down_with_data(engine, version):
    schema.migrate(engine)
    with Session(engine.execution_options(**{WRITES: True})) as session:
        section = make_module(session).sections[0]
        make_item(session, section)
        make_attempt(session, make_account(session, "instructor"), section)
        before = storage.count_rows(session)
        session.commit()
    assert before["attempt_slot"] == before["item_version"] == 1
    schema.migrate(engine, version)
    schema.migrate(engine)
    with Session(engine) as session:
        assert storage.count_rows(session) == before
        assert storage.list_orphans(session) == []


def test_similar_questions_go_back_to_the_quiz_without_them(engine):
    """Practice offers them afterwards; what was asked before that version has no place in the one before."""
    schema.migrate(engine)
    writing = engine.execution_options(**{WRITES: True})
    with Session(writing) as session:
        bridge, account = make_bridge(session, offers_similar=False), make_account(session)
        attempt = bridge.start(session, account, "builder", "boats")
        extra = {"item_version_id": bridge.items["stone"].current_version_id, "option_order": [0, 1, 2]}
        session.add(AttemptSlot(attempt_id=attempt.id, position=3, retry_of=1, points_possible=0, **extra))
        for position in (2, 3):
            answer = {"attempt_id": attempt.id, "position": position, "response": {"choice": 1}}
            key = {"client_id": "a-browser", "client_sequence": position, "sequence": position}
            session.add(AnswerEvent(saved_at=clock.now(), **answer, **key))
            session.add(SlotCheck(number=1, checked_at=clock.now(), **answer))
        make_quiz(session, bridge.module.id).mode = "practice"
        make_quiz(session, make_module(session).sections[0])
        session.commit()
    schema.migrate(engine, "2026_11_24_rules_of_quizzes")
    schema.migrate(engine)
    with Session(engine) as session:
        for table in (AttemptSlot, AnswerEvent, SlotCheck):
            assert max(session.scalars(select(table.position))) == 2
        offers = session.execute(select(Quiz.mode, Quiz.behaviour, Quiz.offers_similar).order_by(Quiz.id))
        assert [tuple(row) for row in offers] == [
            ("practice", "immediate", True),
            ("practice", "deferred", False),
            ("check", "immediate", False),
        ]


def test_a_new_database_has_the_roles_and_the_open_course(engine):
    schema.migrate(engine)
    with engine.connect() as connection:
        roles = set(connection.execute(text("SELECT name FROM role")).scalars())
        course = connection.execute(text("SELECT title, slug FROM course")).one()
    assert roles == {"administrator", "instructor", "learner"}
    assert tuple(course) == ("Open reading", "open-reading")


def test_a_failing_migration_leaves_everything_as_it_was(engine, tmp_path):
    schema.migrate(engine)
    with Session(engine.execution_options(**{WRITES: True})) as session:
        make_account(session)
    scripts = scripts_with(tmp_path, "raise RuntimeError('half way')")
    with pytest.raises(RuntimeError, match="half way"):
        schema.migrate(engine, scripts=scripts)
    assert schema.get_version(engine) == NEWEST
    assert "half_made" not in tables(engine)
    with Session(engine) as session:
        assert session.query(Account).count() == 1


def test_a_killed_migration_leaves_everything_as_it_was(tmp_path):
    engine = make_engine(Settings(data=tmp_path))
    schema.migrate(engine)
    scripts = scripts_with(tmp_path, "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    program = (
        "import sys; from pathlib import Path; from webapp.config import Settings;"
        "from webapp.database import make_engine; from webapp.repositories import schema;"
        "schema.migrate(make_engine(Settings(data=Path(sys.argv[1]))), scripts=Path(sys.argv[2]))"
    )
    done = subprocess.run([sys.executable, "-c", program, tmp_path, scripts], cwd=ROOT, capture_output=True)
    assert done.returncode == -9
    assert schema.get_version(engine) == NEWEST
    assert "half_made" not in tables(engine)
    assert storage.file_findings(tmp_path / "readcheck.sqlite3") == []
    engine.dispose()


def test_a_migration_that_leaves_orphans_is_refused(tmp_path):
    engine = make_engine(Settings(data=tmp_path))
    schema.migrate(engine)
    with Session(engine.execution_options(**{WRITES: True})) as session:
        make_account(session)
    scripts = scripts_with(tmp_path, "op.execute('DELETE FROM role')")
    with pytest.raises(RuntimeError, match="point at nothing"):
        schema.migrate(engine, scripts=scripts)
    assert schema.get_version(engine) == NEWEST
    engine.dispose()


def scripts_with(folder: Path, line: str) -> Path:
    """A copy of the migrations with one more, which makes a table and then does `line`."""
    scripts = folder / "scripts"
    shutil.copytree(schema.find_migrations(), scripts, ignore=shutil.ignore_patterns("__pycache__"))
    (scripts / "versions" / "next_one.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        f"revision = 'next_one'\ndown_revision = '{NEWEST}'\n\n"
        "def upgrade():\n    op.create_table('half_made', sa.Column('id', sa.Integer, primary_key=True))\n"
        f"    {line}\n\ndef downgrade():\n    op.drop_table('half_made')\n"
    )
    return scripts


def test_scripts_are_found_in_the_installed_package_first(tmp_path):
    package = tmp_path / "webapp"
    for folder in (package / "_migrations", tmp_path / "migrations"):
        folder.mkdir(parents=True)
        (folder / "env.py").touch()
    assert schema.find_migrations(package) == package / "_migrations"


def test_scripts_are_found_beside_the_package_in_a_clone(tmp_path):
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations" / "env.py").touch()
    assert schema.find_migrations(tmp_path / "webapp") == tmp_path / "migrations"
    assert schema.find_migrations() == ROOT / "migrations"


def test_no_scripts_are_an_error_that_names_both_places(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"_migrations or .*migrations"):
        schema.find_migrations(tmp_path / "webapp")


def test_versions_are_read_as_alembic_reads_them(tmp_path):
    scripts = scripts_with(tmp_path, "pass")
    config = Config()
    config.set_main_option("script_location", str(scripts))
    walked = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    assert schema.list_versions(scripts) == tuple(walked)
    assert walked[0] == "next_one"


def test_versions_import_none_of_our_models():
    for version in (ROOT / "migrations" / "versions").glob("*.py"):
        assert not re.search(r"^\s*(from|import) (webapp|questions)", version.read_text(), re.MULTILINE), (
            version
        )
