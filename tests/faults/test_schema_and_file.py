"""A migration that is killed half-way, and a database file that is damaged."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from tests.faults import commands
from tests.faults.school import School
from webapp.database import make_engine
from webapp.repositories import schema

UPGRADE_TAKES_S = 1.0
PAGE = 4096


def test_a_migration_is_killed(bench, engine):
    """It leaves the old schema or the new one, with every answer; the next one ends well."""
    newest, *_between, oldest = schema.list_versions(schema.find_migrations())
    assert newest != oldest

    def fault(school: School) -> float:
        assert school.site.stop() == 0
        database = make_engine(school.site.settings)
        schema.migrate(database, oldest)
        process = commands.start(school.site, "db", "upgrade")
        if engine == "sqlite" and school.chance.random() < 0.7:
            commands.kill_while_it_writes(process, school.chance, 0.06)
        else:
            commands.kill_after(process, school.chance.uniform(0.3, UPGRADE_TAKES_S))
        version = schema.get_version(database)
        assert version in {oldest, newest}
        database.dispose()
        verdict = school.judge_in_flight(is_whole=version == newest)
        assert verdict.is_clean, verdict
        commands.run(school.site, "db", "upgrade")
        moment = time.monotonic()
        school.site.start()
        return moment

    bench.run("migration killed", engine, fault, injections=bench.few)


def zero_the_head(file: Path, _chance: random.Random) -> None:
    with file.open("r+b") as opened:
        opened.write(bytes(64))


def cut_in_half(file: Path, chance: random.Random) -> None:
    pages = file.stat().st_size // PAGE
    os.truncate(file, chance.randint(pages // 4, pages * 3 // 4) * PAGE)


def overwrite_pages(file: Path, chance: random.Random) -> None:
    pages = file.stat().st_size // PAGE
    with file.open("r+b") as opened:
        for page in chance.sample(range(1, pages), max(1, pages // 4)):
            opened.seek(page * PAGE)
            opened.write(chance.randbytes(PAGE))


def no_database_at_all(file: Path, chance: random.Random) -> None:
    file.write_bytes(chance.randbytes(file.stat().st_size))


def test_a_damaged_file_is_refused(bench, tmp_path):
    """`serve` starts nothing, changes nothing, and names the newest backup; the whole file serves again."""
    backup = tmp_path / "readcheck.tar.gz"

    def fault(school: School) -> float:
        commands.run(school.site, "backup", "--force", backup)
        assert school.site.stop() == 0
        file = school.site.settings.database_file
        with closing(sqlite3.connect(file)) as raw:  # else the log beside the file would mend it
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        whole = tmp_path / "whole"
        shutil.copyfile(file, whole)
        damage = school.chance.choice((zero_the_head, cut_in_half, overwrite_pages, no_database_at_all))
        damage(file, school.chance)
        damaged = file.read_bytes()
        code, said = commands.finish(commands.start(school.site, "serve", "--port", str(school.site.port)))
        assert code == 1, said
        assert "damaged" in said, said
        assert f"readcheck restore --force {backup}" in said, said
        assert "Traceback" not in said, said
        assert file.read_bytes() == damaged
        shutil.copyfile(whole, file)
        moment = time.monotonic()
        school.site.start()
        return moment

    bench.run("damaged file", "sqlite", fault, injections=bench.few)
