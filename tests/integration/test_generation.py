"""Questions generated for a module that is there: stored once, whatever happens to the worker meanwhile."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import object_session

from questions.generation import pipeline
from tests.factories.generation import made_generation, made_item
from tests.factories.modules import make_item, make_module
from tests.factories.people import make_account
from webapp import database, jobs
from webapp.models.item import Item
from webapp.models.module import Module
from webapp.models.operation import Job
from webapp.repositories import jobs as job_rows
from webapp.services import clock, generation, sections
from webapp.services.errors import Conflict, NotFound, Refused


@pytest.fixture
def settings(each_settings):
    return each_settings


@pytest.fixture
def module(session):
    return make_module(session, state="draft")


def store(session, module, count=2, *, spares=0, seed=None, **options):
    """One run that makes `count` items for each section."""
    task = generation.prepare(session, module, seed=seed)
    items = [made_item(section, n) for section in task.article.sections for n in range(count)]
    more = [made_item(section, n) for section in task.article.sections for n in range(count, count + spares)]
    return generation.store(session, task, made_generation(task.article, items, more, **options), None)


class TestStoring:
    def test_items_become_proposals_with_their_provenance(self, session, module):
        summary = store(session, module, seed=7)
        assert summary.proposed == 4
        item = session.query(Item).order_by(Item.id).first()
        assert (item.state, item.origin, item.recipe, item.tier, item.level) == (
            "proposed",
            "generated",
            "statement_choice",
            "review",
            "retrieve",
        )
        assert (item.seed, item.generator_version, item.position) == (7, "test", 1)
        assert item.warnings[0]["check"] == 11
        version = item.current_version
        evidence = version.content["evidence"][0]
        section = module.sections[0]
        assert evidence["section"] == str(section.id)
        assert version.section_version_id == section.current_version_id
        assert section.current_version.text[evidence["start"] : evidence["end"]] == evidence["quote"]

    def test_nothing_is_proposed_twice_and_spares_stand_in(self, session, module):
        assert store(session, module, 2).proposed == 4
        again = store(session, module, 2)
        assert again.proposed == 0
        assert {code for row in again.sections for code in row["reasons"]} == {generation.NOTHING_NEW}
        assert store(session, module, 2, spares=1).proposed == 2
        assert store(session, module, 2, spares=3).proposed == 4

    def test_what_was_rejected_is_not_proposed_again(self, session, module):
        store(session, module)
        session.query(Item).update({"state": "rejected"})
        assert store(session, module).proposed == 0

    def test_nor_after_the_text_around_it_was_edited(self, session, module):
        store(session, module)
        section = module.sections[0]
        wording = sections.Wording(
            "", "New words come first.\n\n" + section.current_version.text, section.current_version_id
        )
        sections.edit_section(session, module, section.id, wording, by=None, is_confirmed=False)
        session.commit()
        session.expire_all()
        task = generation.prepare(session, module)
        first = task.article.sections[0]
        old = session.query(Item).filter_by(section_id=section.id).first()
        old_quote = old.current_version.content["evidence"][0]["quote"]
        items = [made_item(first, 0, quote=old_quote), made_item(first, 5)]
        assert generation.store(session, task, made_generation(task.article, items), None).proposed == 1

    def test_a_section_edited_meanwhile_gets_nothing(self, session, module):
        task = generation.prepare(session, module)
        items = [made_item(section, 0) for section in task.article.sections]
        section = module.sections[0]
        wording = sections.Wording("", "All is new.", section.current_version_id)
        sections.edit_section(session, module, section.id, wording, by=None, is_confirmed=False)
        summary = generation.store(session, task, made_generation(task.article, items), None)
        assert summary.proposed == 1
        assert summary.sections[0]["reasons"] == [generation.EDITED]

    def test_a_module_deleted_meanwhile_gets_nothing(self, session, module):
        task = generation.prepare(session, module)
        module.deleted_at = clock.now()
        with pytest.raises(Conflict):
            generation.store(session, task, made_generation(task.article, []), None)


class TestPreparing:
    def test_the_next_seed_is_one_that_was_not_used(self, session, module):
        assert generation.next_seed(session, module.id) == 0
        make_item(session, module.sections[0], seed=4)
        assert generation.next_seed(session, module.id) == 5

    def test_only_sections_of_the_module(self, session, module):
        other = make_module(session)
        with pytest.raises(NotFound):
            generation.prepare(session, module, [other.sections[0].id])
        with pytest.raises(NotFound):
            generation.payload(session, module, other.sections[0].id)

    def test_a_module_without_sections_is_refused(self, session):
        with pytest.raises(Refused):
            generation.prepare(session, make_module(session, sections=[]))


@pytest.fixture
def quick(monkeypatch):
    """A generator that makes one item a section at once, and remembers what it was asked."""
    asked = []

    def generate(article, *, seed, sections, progress, provider=None):
        asked.append((seed, sections))
        for done in range(len(article.sections) + 3):
            progress(done, len(article.sections) + 2, "")
        return made_generation(
            article, [made_item(section, 0) for section in article.sections if section.id in sections]
        )

    monkeypatch.setattr(pipeline, "generate", generate)
    return asked


def enqueue(app, module, **payload) -> int:
    values = {"module_id": module.id, "section_ids": None, "seed": 0} | payload
    object_session(module).commit()  # the test's own session lets others write from here on
    with database.write_session(app) as session:
        return jobs.enqueue(session, generation.JOB_KIND, values, values["module_id"]).id


class TestTheJob:
    def test_it_stores_proposals_and_tells_by_section(self, app, session, module, quick):
        job_id = enqueue(app, module)
        jobs.run(app, job_id)
        job = session.get(Job, job_id)
        assert (job.state, job.error) == ("done", "")
        assert job.outcome["proposed"] == 2
        assert [row["heading"] for row in job.outcome["sections"]] == ["", "The storm"]
        assert session.query(Item).filter_by(state="proposed").count() == 2
        assert session.get(Module, job.module_id).state == "draft"

    def test_one_section_alone(self, app, session, module, quick):
        section_id = module.sections[1].id
        jobs.run(app, enqueue(app, module, section_ids=[section_id], seed=3))
        assert quick == [(3, frozenset({str(section_id)}))]
        assert [item.section_id for item in session.query(Item)] == [section_id]

    def test_begun_again_after_a_kill_it_stores_nothing_twice(self, app, session, module, quick):
        job_id = enqueue(app, module)
        jobs.run(app, job_id)
        session.commit()
        with database.write_session(app) as other:  # killed after storing, before the job's end was written
            job_rows.get_job(other, job_id).state = "queued"
        jobs.run(app, job_id)
        session.expire_all()
        assert session.query(Item).count() == 2
        assert session.get(Job, job_id).outcome["proposed"] == 2
        assert len(quick) == 1

    def test_killed_before_storing_it_makes_the_same(self, app, session, module, quick, monkeypatch):
        job_id = enqueue(app, module, seed=9)
        with database.write_session(app) as other:
            job_rows.claim_job(other, job_id, clock.now())
        with database.write_session(app) as other:
            assert job_rows.requeue_running_jobs(other, 3, clock.now(), "") == 1
        jobs.run(app, job_id)
        assert {item.seed for item in session.query(Item)} == {9}

    def test_cancelled_while_it_works_it_stores_nothing(self, app, session, module, monkeypatch):
        job_id = enqueue(app, module)

        def generate(article, *, seed, sections, progress, provider=None):
            with database.write_session(app) as other:
                jobs.cancel(other, job_id)
            return made_generation(article, [made_item(section, 0) for section in article.sections])

        monkeypatch.setattr(pipeline, "generate", generate)
        jobs.run(app, job_id)
        assert session.get(Job, job_id).state == "cancelled"
        assert session.query(Item).count() == 0

    def test_nobody_waits_for_the_generator(self, app, session, module, monkeypatch):
        """While it works, another connection can write at once."""

        def generate(article, *, seed, sections, progress, provider=None):
            with database.write_session(app) as other:
                make_account(other)
            return made_generation(article, [])

        monkeypatch.setattr(pipeline, "generate", generate)
        job_id = enqueue(app, module)
        jobs.run(app, job_id)
        assert session.get(Job, job_id).state == "done"

    def test_a_deleted_module_fails_in_words(self, app, session, module, quick):
        job_id = enqueue(app, module)
        module.deleted_at = clock.now()
        session.commit()
        jobs.run(app, job_id)
        job = session.get(Job, job_id)
        assert job.state == "failed"
        assert session.query(Item).count() == 0


def test_the_real_generator_on_a_small_text(app, session, sample_text):
    module = make_module(session, sections=sample_text)
    job_id = enqueue(app, module)
    jobs.run(app, job_id)
    job = session.get(Job, job_id)
    assert job.state == "done", job.error
    assert (
        job.outcome["proposed"]
        == session.query(Item).filter_by(module_id=module.id, state="proposed").count()
        > 0
    )
    texts = {row.id: row.current_version.text for row in module.sections}
    for item in session.query(Item):
        for span in item.current_version.content["evidence"]:
            assert texts[int(span["section"])][span["start"] : span["end"]] == span["quote"]


@pytest.fixture
def sample_text():
    return [
        (
            "The long crossing",
            (
                "In 1902 the town of Lindholm bought its first ferry from a shipyard in Hamburg. The ferry carried carts and "
                "cattle across the sound. However, the crossing took almost an hour in calm weather. The captain said that "
                "the current was stronger than anybody had expected. In 1911 the sound did not freeze."
            ),
        ),
        (
            "A winter without ice",
            (
                "The winter of 1911 was the warmest in memory. The ferry ran on every day of that winter, and the town paid "
                "the crew for four extra months. If the winter had been cold, the ferry would have stayed in the harbour."
            ),
        ),
        (
            "The bridge of 1934",
            (
                "A bridge was opened in 1934. The bridge was built by engineers from Denmark and cost three million crowns. "
                "A week later, the ferry stopped. Today the old landing is a museum that nine thousand people visit each year."
            ),
        ),
        (
            "Questions and answers",
            "Why did the ferry stop?\nA bridge was opened in 1934, and nobody needed the ferry.",
        ),
    ]
