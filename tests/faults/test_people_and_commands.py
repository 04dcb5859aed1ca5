"""Others work on the same data meanwhile: an instructor on the items under attempt, backup, score export, import."""

from __future__ import annotations

import csv
import io
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.client import SECRET
from tests.faults import commands
from tests.faults.learners import Browser, Fields
from tests.faults.school import School, count_items
from tests.faults.verdict import judge_site
from webapp.config import Settings
from webapp.models.item import Item
from webapp.models.module import Module, Section
from webapp.services import backup as backups

FIELD = re.compile(r"<(input|textarea)\b[^>]*>(?:([^<]*)</textarea>)?")
ATTRIBUTE = re.compile(r'(name|value|type)="([^"]*)"')


def form_fields(page: str) -> Fields:
    """What the form of an item would send as it stands."""
    fields: Fields = {}
    for found in FIELD.finditer(page):
        attributes = dict(ATTRIBUTE.findall(found.group(0)))
        if attributes.get("name") and attributes.get("type") not in {"submit", "checkbox", "radio"}:
            fields[attributes["name"]] = (
                found.group(2) if found.group(1) == "textarea" else attributes.get("value", "")
            )
    return fields


def send(browser: Browser, path: str, fields: Fields) -> None:
    reply = browser.post(path, fields, as_json=False)
    assert reply.status == 303, reply


def edit(school: School) -> None:
    """Another wording of a question that everybody is answering."""
    item = school.chance.choice(school.item_ids)
    path = f"/teach/modules/{school.module_id}/items/{item}"
    fields = form_fields(school.instructor.request("GET", path, as_json=False).body)
    fields["explanation"] = f"Reworded {school.chance.getrandbits(32):x}: the first sentence says it."
    send(school.instructor, path, {name: value for name, value in fields.items() if name != "csrf_token"})


def retire_and_restore(school: School) -> None:
    """A question that everybody is answering is deleted, and comes back."""
    path = f"/teach/modules/{school.module_id}/items/{school.chance.choice(school.item_ids)}"
    send(school.instructor, f"{path}/retire", {})
    school.wait_for_more(len(school.learners))
    send(school.instructor, f"{path}/restore", {})


def reorder(school: School) -> None:
    """The section that everybody is in moves down, and up again."""
    path = f"/teach/modules/{school.module_id}/sections/{school.section_ids[0]}/move"
    send(school.instructor, path, {"direction": "down"})
    school.wait_for_more(len(school.learners))
    send(school.instructor, path, {"direction": "up"})


@pytest.mark.parametrize(
    ("kind", "fault"),
    [
        ("item edited under attempt", edit),
        ("item retired under attempt", retire_and_restore),
        ("section moved under attempt", reorder),
    ],
)
def test_an_instructor_works_on_what_is_being_answered(bench, engine, kind, fault):
    def work(school: School) -> None:
        if not school.instructor.token:
            assert school.instructor.open_page()
        fault(school)
        school.instructor.close()

    bench.run(kind, engine, work)


def test_backups_are_made_meanwhile(bench, engine, tmp_path):
    """A backup holds everything that was acknowledged when it began, and no half of anything."""

    def fault(school: School) -> None:
        file = tmp_path / "readcheck.tar.gz"
        before = {id(record): set(record.acknowledged) for record in school.records}
        commands.run(school.site, "backup", "--force", file)
        told = [
            replace(
                record, acknowledged={number: record.acknowledged[number] for number in before[id(record)]}
            )
            for record in school.records
        ]
        database_url = bench.postgres().add_database() if engine == "postgres" else ""
        copy = Settings(data=tmp_path / "restored", secret=SECRET, database_url=database_url)
        backups.restore_backup(copy, file, force=True)
        verdict = judge_site(copy, told, school.wordings)
        shutil.rmtree(copy.data)
        assert verdict.is_clean, verdict

    bench.run("backup under load", engine, fault, injections=bench.few)


def test_scores_are_exported_meanwhile(bench, engine, tmp_path):
    """An export under load holds every learner once."""

    def fault(school: School) -> None:
        file = tmp_path / "scores.csv"
        commands.run(school.site, "scores", "export", "--module", school.slug, "-o", file)
        rows = list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig"))))
        assert len(rows) == len({row["learner_id"] for row in rows}) == len(school.learners)

    bench.run("score export under load", engine, fault, injections=bench.few)


ARTICLE = Path(__file__).parents[1] / "data" / "sample_article.txt"
IMPORT_TAKES_S = 6.0


def test_an_import_is_killed(bench, engine, tmp_path):
    """Whatever the moment: the module is there with all its sections and questions, or there is nothing of it."""
    whole: list[tuple[int, int]] = []

    def fault(school: School) -> None:
        file = tmp_path / f"import-{school.chance.getrandbits(40):x}.txt"
        shutil.copyfile(ARTICLE, file)
        before, items = modules(school), count_items(school.site)
        process = commands.start(school.site, "import", file)
        if engine == "sqlite" and school.chance.random() < 0.7:
            commands.kill_while_it_writes(process, school.chance, 0.06)
        else:
            commands.kill_after(process, school.chance.uniform(0.3, IMPORT_TAKES_S))
        new = {key: value for key, value in modules(school).items() if key not in before}
        if not new:
            assert count_items(school.site) == items, "items without a module"
        whole.extend(new.values())
        assert len(set(whole)) <= 1, f"a module that is not whole: {whole}"
        assert all(sections and made for sections, made in whole)

    bench.run("import killed", engine, fault, injections=bench.few)


def modules(school: School) -> dict[int, tuple[int, int]]:
    """Sections and items of every module."""
    with school.site.session() as session:
        return {
            module.id: (
                session.query(Section).filter_by(module_id=module.id).count(),
                session.query(Item).filter_by(module_id=module.id).count(),
            )
            for module in session.query(Module)
        }
