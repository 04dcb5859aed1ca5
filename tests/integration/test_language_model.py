"""A language model in the application: asked by the job when it is set up, at nobody's cost but its own."""

from __future__ import annotations

import logging
import threading
from dataclasses import replace

import pytest

from tests.factories.articles import HARBOUR, RAILWAY
from tests.factories.chat_server import KEY, Answer, Honest, chat_server, said, slow, written
from tests.factories.modules import make_module
from tests.factories.people import make_account
from webapp import database, jobs
from webapp.models.item import Item
from webapp.models.operation import Job
from webapp.services import generation

pytestmark = pytest.mark.needs("model")

ICE = written(
    "Why did the fishermen of Melk keep their boats on land?",
    "the ice was thick",
    "the crews were unpaid",
    "the gates were broken",
    quotes=["The fishermen kept their boats on land because the ice was thick."],
)
HERRING = written(
    "What was carried from Melk to the capital by train?",
    "herring",
    "timber",
    "barley",
    quotes=["It carried herring to the capital within nine hours."],
)


@pytest.fixture
def server():
    with chat_server() as running:
        running.answers = Honest([ICE, HERRING])
        yield running


@pytest.fixture
def settings(settings_on_file, server):
    return replace(settings_on_file, language_model=server.connection(answer_s=2.0))


@pytest.fixture
def module(session):
    sections = [("The frozen harbour", "\n\n".join(HARBOUR)), ("The railway", "\n\n".join(RAILWAY))]
    return make_module(session, sections=sections)


@pytest.fixture
def run(app, session, module):
    """Do the job from beginning to end; its row."""

    def run() -> Job:
        payload = generation.payload(session, module)
        module_id = module.id
        session.commit()
        with database.write_session(app) as own:
            job_id = jobs.enqueue(own, generation.JOB_KIND, payload, module_id).id
        jobs.run(app, job_id)
        session.expire_all()
        job = session.get(Job, job_id)
        assert job is not None
        return job

    return run


def of_model(session) -> list[Item]:
    return [item for item in session.query(Item).order_by(Item.id) if item.recipe.startswith("model_")]


def test_its_questions_await_review_with_the_rules_and_the_bill(run, session):
    job = run()
    assert (job.state, job.error) == ("done", "")
    found = of_model(session)
    assert found
    assert {(item.state, item.tier, item.origin) for item in found} == {("proposed", "review", "generated")}
    assert {item.recipe for item in session.query(Item)} - {item.recipe for item in found}
    figures = job.outcome["provider"]
    assert (figures["model"], figures["calls"]) == ("tiny", 6)
    assert (figures["tokens_in"], figures["tokens_out"]) == (600, 120)
    assert figures["cost"] is None


def test_without_its_server_the_rules_make_them_and_the_run_says_so(run, server, session):
    server.answers = lambda call: Answer(status=500)
    job = run()
    assert job.state == "done"
    assert job.outcome["proposed"] > 0
    assert of_model(session) == []
    assert job.outcome["notes"] == [
        "The language model could not be reached (it answered with status 500); made by rules."
    ]


def test_nobody_waits_for_it(run, app, server, session):
    """While it thinks, other connections write: no transaction is open."""
    honest = server.answers
    written_meanwhile = []

    def answers(call):
        with database.write_session(app) as other:
            make_account(other)
        written_meanwhile.append(call.kind)
        return honest(call)

    server.answers = answers
    assert run().state == "done"
    assert len(written_meanwhile) == 6


def test_a_run_is_cancelled_between_two_calls(run, app, server, session, monkeypatch):
    monkeypatch.setattr(jobs, "REPORT_EVERY_S", 0.0)
    honest = server.answers

    def answers(call):
        with database.write_session(app) as other:
            [job] = other.query(Job).all()
            jobs.cancel(other, job.id)
        return honest(call)

    server.answers = answers
    assert run().state == "cancelled"
    assert len(server.calls) == 1
    assert session.query(Item).count() == 0


def test_learners_are_not_spoken_of(run, server, session, module):
    make_account(session, "learner", username="zebedee", display_name="Zebedee Quill")
    run()
    sent = str([call.content for call in server.calls]).lower()
    assert "zebedee" not in sent
    assert module.slug not in sent


class TestTheKey:
    @pytest.mark.parametrize(
        "answer",
        [
            Answer(f"Bearer {KEY}".encode(), 401),
            Answer(f"Bearer {KEY}".encode()),
            said({"items": [ICE | {"quotes": [KEY + " a b c d"]}]}),
            Answer(write=slow),
        ],
    )
    def test_it_is_on_no_page_in_no_row_and_in_no_log(
        self, run, app, server, session, module, client_for, caplog, capfd, answer
    ):
        caplog.set_level(logging.DEBUG)
        server.answers = lambda call: answer
        job = run()
        desk = client_for(make_account(session, "instructor"))
        pages = [
            desk.get(address).text
            for address in (
                f"/teach/jobs/{job.id}",
                f"/teach/modules/{module.id}",
                f"/teach/modules/{module.id}/items",
                "/teach/modules",
            )
        ]
        rows = str([(row.payload, row.outcome, row.error, row.progress_text) for row in session.query(Job)])
        said_here = caplog.text + "".join(capfd.readouterr())
        assert server.calls[0].headers["Authorization"] == f"Bearer {KEY}"
        assert [place for place in (*pages, rows, said_here, repr(app.config)) if KEY in place] == []

    def test_nor_when_the_job_breaks(self, run, server, session, monkeypatch, caplog):
        def broken(*_):
            raise RuntimeError("no")

        monkeypatch.setattr("questions.generation.providers.chat.post", broken)
        job = run()
        assert job.state == "failed"
        assert KEY not in caplog.text + job.error


def test_the_page_shows_the_bill_and_says_that_texts_are_sent(run, session, module, client_for):
    job = run()
    desk = client_for(make_account(session, "instructor"))
    shown = desk.get(f"/teach/jobs/{job.id}").text
    for words in ("The language model", "tiny", "600 read, 120 written", "no prices are set", "2 proposed"):
        assert words in shown
    assert "the text is sent to its server" in desk.get(f"/teach/modules/{module.id}").text


def test_while_it_runs_the_page_says_so_too(app, session, module, client_for):
    desk = client_for(make_account(session, "instructor"))
    answer = desk.csrf_post(f"/teach/modules/{module.id}/generate", {})
    assert "the text is sent to its server" in desk.get(answer.headers["Location"]).text


def test_no_thread_is_left_behind(run, server):
    server.answers = lambda call: Answer(status=401)
    run()
    assert not [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]
