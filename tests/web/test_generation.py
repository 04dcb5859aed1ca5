"""Generating questions as its instructor sees it: start, watch, cancel, and what it brought, in words."""

from __future__ import annotations

import pytest

from questions.generation.pipeline import generate
from questions.reading.documents import read_text
from tests.factories.modules import make_module
from tests.factories.people import make_account, make_course
from webapp.models.operation import Job
from webapp.services import clock, generation
from webapp.views import generation as page


@pytest.fixture
def desk(client_for, session):
    return client_for(make_account(session, "instructor"))


@pytest.fixture
def module(session):
    return make_module(session)


def start(desk, module, **data: str) -> str:
    answer = desk.csrf_post(f"/teach/modules/{module.id}/generate", data)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


@pytest.fixture
def job(desk, session, module) -> Job:
    start(desk, module)
    return session.query(Job).one()


def show(session, job: Job, **values) -> None:
    for name, value in values.items():
        setattr(job, name, value)
    session.commit()


def test_starting_leads_to_its_page_and_a_second_press_to_the_same(desk, session, module):
    first, second = start(desk, module), start(desk, module)
    assert first == second
    job = session.query(Job).one()
    assert job.payload == {"module_id": module.id, "section_ids": None, "seed": 0}
    assert "Waiting for its turn" in desk.get(first).text
    assert "Questions are being made" in desk.get(f"/teach/modules/{module.id}").text


def test_one_section_alone(desk, session, module):
    section = module.sections[1]
    start(desk, module, section_id=str(section.id))
    assert session.query(Job).one().payload["section_ids"] == [section.id]


def test_a_section_of_another_module_is_not_there(desk, session, module):
    other = make_module(session).sections[0]
    assert (
        desk.csrf_post(f"/teach/modules/{module.id}/generate", {"section_id": str(other.id)}).status_code
        == 404
    )
    assert session.query(Job).count() == 0


@pytest.mark.parametrize(
    ("done", "words"),
    [
        (0, "Reading the text"),
        (1, "Reading section 1 of 2"),
        (2, "Reading section 2 of 2"),
        (3, "Choosing the best questions"),
    ],
)
def test_progress_stands_on_the_page_and_in_json(desk, session, job, done, words):
    show(session, job, state="running", started_at=clock.now(), progress_done=done, progress_total=4)
    shown = desk.get(f"/teach/jobs/{job.id}")
    assert words in shown.text
    assert f'<progress value="{done}" max="4"' in shown.text
    assert '<noscript><meta http-equiv="refresh"' in shown.text
    told = desk.get(f"/teach/jobs/{job.id}", headers={"Accept": "application/json"}).get_json()
    assert told == {"state": "running", "done": done, "total": 4, "text": words}


def test_what_it_brought_stands_there_with_reasons_in_words(desk, session, job):
    rows = [
        {"id": "1", "heading": "The mill", "proposed": 3, "reasons": []},
        {"id": "2", "heading": "", "proposed": 0, "reasons": ["not_english"]},
        {"id": "3", "heading": "Later", "proposed": 0, "reasons": [generation.EDITED]},
    ]
    show(
        session,
        job,
        state="done",
        finished_at=clock.now(),
        outcome={"proposed": 3, "sections": rows, "notes": ["<A note>"]},
    )
    shown = desk.get(f"/teach/jobs/{job.id}").text
    for words in (
        "<title>3 questions were made",
        "does not look like English",
        "was edited meanwhile",
        "Introduction",
        "&lt;A note&gt;",
    ):
        assert words in shown
    assert f'action="/teach/modules/{job.module_id}/review"' in shown
    assert "http-equiv" not in shown


def test_nothing_found_is_no_success(desk, session, job):
    rows = [{"id": "1", "heading": "The mill", "proposed": 0, "reasons": ["too_short", "not_prose"]}]
    show(
        session,
        job,
        state="done",
        finished_at=clock.now(),
        outcome={"proposed": 0, "sections": rows, "notes": []},
    )
    shown = desk.get(f"/teach/jobs/{job.id}").text
    assert "<title>No new questions were made" in shown
    assert "too short" in shown
    assert "Little of this section is running text" in shown  # questions and answers in English are English


def test_without_a_language_model_none_is_spoken_of(desk, session, job):
    assert "language model" not in desk.get(f"/teach/modules/{job.module_id}").text
    assert "language model" not in desk.get(f"/teach/jobs/{job.id}").text


def test_a_failure_says_why_and_offers_another_go(desk, session, job):
    show(session, job, state="failed", finished_at=clock.now(), error="The disk is full.")
    shown = desk.get(f"/teach/jobs/{job.id}").text
    assert "The disk is full." in shown
    assert "Start again" in shown


def test_cancelling(desk, session, job):
    answer = desk.csrf_post(f"/teach/jobs/{job.id}/cancel")
    assert answer.status_code == 303
    assert session.get(Job, job.id).state == "cancelled"
    shown = desk.get(answer.headers["Location"]).text
    assert "No questions were added" in shown
    assert "Start again" in shown
    again = desk.csrf_post(f"/teach/jobs/{job.id}/cancel")
    assert "had ended already" in desk.get(again.headers["Location"]).text


def test_what_was_cancelled_is_started_again_as_it_was(desk, session, module):
    section = module.sections[1]
    start(desk, module, section_id=str(section.id))
    first = session.query(Job).one()
    cancelled = desk.csrf_post(f"/teach/jobs/{first.id}/cancel").headers["Location"]
    shown = desk.get(cancelled).text
    assert f'<input type="hidden" name="section_id" value="{section.id}">' in shown
    start(desk, module, section_id=str(section.id))
    again = session.query(Job).order_by(Job.id.desc()).first()
    assert (again.state, again.payload) == ("queued", first.payload)


def test_somebody_elses_job_is_not_there(client_for, session, job):
    other = client_for(make_account(session, "instructor", course=make_course(session)))
    assert other.get(f"/teach/jobs/{job.id}").status_code == 404
    assert other.csrf_post(f"/teach/jobs/{job.id}/cancel").status_code == 404
    assert other.get("/teach/jobs/777").status_code == 404


@pytest.mark.parametrize(
    "text",
    [
        "Le bac reliait les deux rives. Il partait le matin et il restait là pour les gens de la ville.",
        "12 14 15\n\n17 18 19 20\n\nName: 12\n\nAge: 9",
        "Short.",
        "It was so. " * 60,
    ],
)
def test_every_reason_of_the_generator_has_words(app, text):
    made = generate(read_text(text))
    with app.test_request_context():
        known = page._reasons()
    assert {code for row in made.report["sections"] for code in row["reasons"]} <= known.keys()
