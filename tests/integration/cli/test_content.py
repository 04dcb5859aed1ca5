"""import, generate and scores: what an operator does to modules without a browser."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories.attempts import make_attempt
from tests.factories.chat_server import KEY, Answer, chat_server
from tests.factories.finished import make_finished_attempt
from tests.factories.modules import make_item, make_module
from tests.factories.people import make_account, make_course
from webapp.database import WRITES, make_engine
from webapp.models.attempt import Attempt
from webapp.models.course import Course
from webapp.models.item import Item
from webapp.models.module import Module
from webapp.models.operation import AuditEntry
from webapp.services import clock
from webapp.services.receipts import SIGNATURE, _sign


def rows(command, table):
    engine = make_engine(command.settings)
    with Session(engine) as session:
        found = session.scalars(select(table).order_by(table.id)).all()
        session.expunge_all()
    engine.dispose()
    return found


@pytest.mark.needs("model")
def test_import_makes_a_draft_whose_questions_await_review(command, text_file):
    result = command("import", text_file)
    assert result.exit_code == 0, result.stderr
    (module,) = [row for row in rows(command, Module) if row.title == "The harbour of Veltmar"]
    assert module.state == "draft"
    items = [item for item in rows(command, Item) if item.module_id == module.id]
    assert {item.state for item in items} <= {"proposed"}
    assert f"{len(items)} questions" in result.stdout
    assert module.slug in result.stdout


@pytest.mark.needs("model")
def test_import_with_publish_accepts_everything_and_says_how_much_of_what(command, text_file):
    result = command("import", text_file, "--publish")
    assert result.exit_code == 0, result.stderr
    (module,) = [row for row in rows(command, Module) if row.title == "The harbour of Veltmar"]
    assert module.state == "published"
    assert {item.state for item in rows(command, Item) if item.module_id == module.id} <= {"accepted"}
    assert "published" in result.stdout


@pytest.mark.needs("model")
def test_a_language_model_is_asked_where_one_is_set_and_what_it_cost_is_told(command, text_file):
    with chat_server() as server:
        model = {
            "READCHECK_LLM_URL": server.address,
            "READCHECK_LLM_MODEL": "tiny",
            "READCHECK_LLM_KEY": KEY,
            "READCHECK_LLM_PRICE_IN": "1",
        }
        made = command("import", text_file, **model)
        assert made.exit_code == 0, made.stderr
        assert "language model tiny: 0 questions proposed" in made.stdout
        assert "cost 0.2000" in made.stdout
        server.answers = lambda call: Answer(status=401)
        more = command("generate", "the-harbour-of-veltmar", **model)
        assert more.exit_code == 0, more.stderr
        assert "note: The language model could not be reached (it refused the key" in more.stdout
        assert KEY not in made.output + more.output


def test_a_refused_file_is_named_with_what_is_wrong_and_stores_nothing(command, tmp_path):
    command("db", "upgrade")
    before = len(rows(command, Module))
    bad = tmp_path / "empty.txt"
    bad.write_text("")
    result = command("import", bad)
    assert result.exit_code == 1
    assert "empty.txt" in result.stderr
    assert len(rows(command, Module)) == before


@pytest.mark.needs("model")
def test_a_text_that_nothing_can_be_asked_of_is_not_published_and_says_why_in_words(command, tmp_path):
    numbers = tmp_path / "numbers.txt"
    numbers.write_text("\n".join(str(number * 37) for number in range(200)))
    refused = command("import", numbers, "--publish")
    assert refused.exit_code == 1
    assert "numbers.txt: No question could be made" in refused.stderr
    assert "not running text" in refused.stderr
    assert not [row for row in rows(command, Module) if row.title == "numbers"]
    draft = command("import", numbers)
    assert draft.exit_code == 0, draft.stderr
    assert "0 questions (not running text" in draft.stdout
    assert "not_prose" not in draft.stdout


@pytest.mark.needs("model")
def test_import_tells_the_address_of_the_module(command, text_file):
    assert "address: /m/the-harbour-of-veltmar" in command("import", text_file).stdout


def test_a_number_that_no_database_holds_is_an_unknown_module(command):
    result = command("generate", "9" * 30)
    assert result.exit_code == 1
    assert "There is no module 999" in result.stderr


def test_a_missing_file_is_wrong_use(command):
    assert command("import", "nowhere.txt").exit_code == 2


@pytest.mark.needs("model")
def test_generate_proposes_for_a_module_by_name_or_number(command, text_file):
    command("import", text_file)
    (module,) = [row for row in rows(command, Module) if row.title == "The harbour of Veltmar"]
    by_name = command("generate", module.slug, "--seed", "7", "--section", "1")
    assert by_name.exit_code == 0, by_name.stderr
    assert "seed 7" in by_name.stdout
    assert command("generate", module.id).exit_code == 0
    assert command("generate", "no-such-module").exit_code == 1
    assert command("generate", module.slug, "--section", "9").exit_code == 1


@pytest.mark.needs("model")
def test_scores_go_to_the_terminal_or_a_file_and_into_the_audit_trail(command, text_file, tmp_path):
    command("import", text_file, "--publish")
    (module,) = [row for row in rows(command, Module) if row.title == "The harbour of Veltmar"]
    printed = command("scores", "export", "--module", module.slug)
    assert printed.exit_code == 0, printed.stderr
    (columns,) = csv.reader(io.StringIO(printed.stdout.removeprefix("\ufeff")))
    assert columns[:2] == ["learner_id", "learner"]
    target = tmp_path / "scores.xlsx"
    options = ("--profile", "long", "--format", "xlsx", "-o", target)
    assert command("scores", "export", "--module", module.slug, *options).exit_code == 0
    assert load_workbook(target).active.max_row == 1
    assert [entry.action for entry in rows(command, AuditEntry)].count("scores.export") == 2


def test_scores_of_an_unknown_module_write_no_file(command, tmp_path):
    result = command("scores", "export", "--module", "nothing", "-o", tmp_path / "scores.csv")
    assert result.exit_code == 1
    assert "nothing" in result.stderr
    assert not (tmp_path / "scores.csv").exists()


@pytest.fixture
def course(command) -> Course:
    """A course of two modules and a deleted one; one learner has finished a check."""
    command("db", "upgrade")
    engine = make_engine(command.settings)
    with Session(engine) as session:
        course = make_course(session, "Harbours")
        modules = [make_module(session, course, title=title) for title in ("Quays", "Cranes")]
        make_module(session, course, title="Gone", deleted_at=clock.now())
        ada = make_account(session, display_name="Ada")
        for module in modules:
            make_item(session, module.sections[0])
            make_finished_attempt(session, ada, module.sections[0], [True])
        session.refresh(course)
        session.expunge(course)
    engine.dispose()
    return course


def test_scores_of_a_course_hold_every_module_of_it(command, course):
    for name in (course.slug, course.id):
        result = command("scores", "export", "--course", name, "--format", "json")
        assert result.exit_code == 0, result.stderr
        (row,) = json.loads(result.stdout)
        assert row["Quays - Section 1: Introduction (points)"] == 1
        assert row["Cranes - Section 1: Introduction (points)"] == 1
        assert row["total_points"] == 2
        assert not any("Gone" in column for column in row)
    entries = [entry for entry in rows(command, AuditEntry) if entry.action == "scores.export"]
    assert [entry.subject for entry in entries] == [f"course:{course.id}"] * 2


def test_a_module_named_twice_is_exported_once(command, course):
    module = next(row for row in rows(command, Module) if row.title == "Quays")
    result = command("scores", "export", "--module", module.slug, "--module", module.id)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.count("Section 1: Introduction (points)") == 1


@pytest.mark.parametrize(
    ("options", "exit_code", "named"),
    [
        (("--course", "nowhere"), 1, "There is no course nowhere."),
        (("--course", "987654"), 1, "There is no course 987654."),
        (("--course", "9" * 40), 1, "There is no course 999"),
        (("--module", "nowhere"), 1, "There is no module nowhere."),
        (("--module", "9" * 40), 1, "There is no module 999"),
        ((), 2, "either --course or --module"),
        (("--course", "a", "--module", "b"), 2, "either --course or --module"),
        (("--course", "open-reading", "--format", "pdf"), 2, "pdf"),
    ],
)
def test_a_wrong_wish_for_scores_is_named(command, tmp_path, options, exit_code, named):
    command("db", "upgrade")
    result = command("scores", "export", *options, "-o", tmp_path / "scores.csv")
    assert result.exit_code == exit_code
    assert named in result.stderr
    assert not list(tmp_path.glob("scores*"))


def test_a_course_without_modules_has_no_scores(command, course):
    engine = make_engine(command.settings)
    with Session(engine) as session:
        slug = make_course(session, "Empty").slug
    engine.dispose()
    result = command("scores", "export", "--course", slug)
    assert result.exit_code == 1
    assert f"The course {slug} has no modules." in result.stderr


def test_what_is_overdue_is_handed_in_before_scores_are_written(command):
    command("db", "upgrade")
    engine = make_engine(command.settings).execution_options(**{WRITES: True})
    with Session(engine) as session:
        module = make_module(session)
        make_item(session, module.sections[0])
        late = clock.now() - timedelta(hours=1)
        make_attempt(session, make_account(session), module.sections[0], deadline_at=late)
        slug = module.slug
    engine.dispose()
    result = command("scores", "export", "--module", slug, "--format", "json")
    assert result.exit_code == 0, result.stderr
    (attempt,) = rows(command, Attempt)
    assert (attempt.state, attempt.ended_by, attempt.submitted_at) == ("released", "deadline", late)
    assert json.loads(result.stdout)[0]["attempts_finished"] == 1


def test_a_receipt_is_verified_by_who_made_it(command, tmp_path):
    facts = {
        "attempt": 7,
        "module": "The harbour",
        "handed_in_at": "now",
        "points": "3",
        "points_possible": "5",
    }
    file = tmp_path / "receipt.json"
    file.write_text(json.dumps(facts | {SIGNATURE: _sign(facts, command.settings.secret_key())}), "utf-8")
    assert "Genuine: attempt 7 of “The harbour”" in command("scores", "verify", file).stdout
    for wrong in (json.dumps(facts), json.dumps([facts]), "{", ""):
        file.write_text(wrong, "utf-8")
        result = command("scores", "verify", file)
        assert result.exit_code == 1
        assert "receipt.json" in result.stderr
