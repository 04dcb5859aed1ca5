"""What was made of a text is kept: the same again costs nothing, anything else is made anew."""

from __future__ import annotations

import os
import stat
from dataclasses import replace

import pytest

from questions.generation import pipeline
from questions.generation.nlp import load_nlp
from questions.generation.rank import Weights
from questions.reading.documents import read_text
from tests.factories.generation import made_generation, made_item
from tests.factories.modules import make_module
from webapp import database, jobs
from webapp.models.item import Item
from webapp.models.operation import Job
from webapp.repositories import jobs as job_rows
from webapp.services import clock, generation, generation_cache
from webapp.services.generation_cache import FOLDER, Cache, cache_key

TEXT = """# The tower

## Lamps

The keeper Marta Vell repaired the lamp of the tower in 1891. Norway paid for a second tower because ships were
lost. The council of Ostrand rejected the plan in 1897.

## Ships

In 1893 the harbour of Ostrand received 214 ships. The lamps of the tower guided them through the fog. Fishing
boats from Denmark used the harbour in winter.
"""


@pytest.fixture
def article():
    return read_text(TEXT.replace("# ", "", 1).replace("## ", ""))


@pytest.fixture
def cache(tmp_path):
    return Cache(tmp_path / "kept")


def renamed(article, prefix):
    return replace(article, sections=tuple(replace(one, id=prefix + one.id) for one in article.sections))


def key_of(article, wanted=None, seed=0, model="m", weights=None):
    return cache_key(article, wanted or {one.id for one in article.sections}, seed, model, weights)


def test_what_was_kept_comes_back_for_another_module_of_the_same_text(article, cache):
    made = pipeline.generate(article, nlp=load_nlp())
    assert made.items
    cache.put(key_of(article), made)
    other = renamed(article, "9")
    assert key_of(other) == key_of(article)
    again = cache.get(key_of(other), other)
    assert again == replace(pipeline.generate(other, nlp=load_nlp()), rejected=())


def test_whatever_the_result_depends_on_makes_another_key(article, monkeypatch):
    first = article.sections[0]
    edited = replace(article, sections=(replace(first, text=first.text + "!"), *article.sections[1:]))
    headed = replace(article, sections=(replace(first, heading="Other"), *article.sections[1:]))
    keys = {
        key_of(article),
        key_of(edited),
        key_of(headed),
        key_of(replace(article, title="Another")),
        key_of(article, {first.id}),
        key_of(article, seed=1),
        key_of(article, model="n"),
        key_of(article, weights=Weights({"recipe:faq": 1.0})),
    }
    monkeypatch.setattr(pipeline, "GENERATOR_VERSION", "another")
    generation_cache.engine_digest.cache_clear()
    keys.add(key_of(article))
    generation_cache.engine_digest.cache_clear()
    assert len(keys) == 9


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[1]", b'{"items": [{}], "spares": [], "report": {}}', b"\xff"]
)
def test_a_damaged_file_counts_as_none(article, cache, content):
    cache.folder.mkdir()
    (cache.folder / "k.json").write_bytes(content)
    assert cache.get("k", article) is None


def test_only_the_newest_stay_and_nobody_else_may_read_them(article, cache, monkeypatch):
    monkeypatch.setattr(generation_cache, "MOST_FILES", 3)
    made = made_generation(article, [])
    for number in range(6):
        cache.put(f"k{number}", made)
        os.utime(cache.folder / f"k{number}.json", (number, number))
    assert {path.stem for path in cache.folder.iterdir()} >= {"k4", "k5"}
    assert len(list(cache.folder.iterdir())) == 3
    assert stat.S_IMODE(cache.folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in cache.folder.iterdir()} == {0o600}


def test_where_nothing_can_be_kept_nothing_is_lost(article, tmp_path):
    (tmp_path / "kept").write_text("a file where the folder should be")
    cache = Cache(tmp_path / "kept")
    cache.put("k", made_generation(article, []))
    assert cache.get("k", article) is None


@pytest.fixture
def runs(monkeypatch):
    """A generator that makes one item a section at once, and counts its runs."""
    made = []

    def generate(article, *, seed, sections, progress, **options):
        made.append((seed, options))
        return made_generation(article, [made_item(one, 0) for one in article.sections if one.id in sections])

    monkeypatch.setattr(pipeline, "generate", generate)
    return made


def run_job(app, module_id, seed=0) -> int:
    with database.write_session(app) as session:
        payload = {"module_id": module_id, "section_ids": None, "seed": seed}
        job_id = jobs.enqueue(session, generation.JOB_KIND, payload, module_id).id
    jobs.run(app, job_id)
    return job_id


def test_a_second_module_of_the_same_text_and_a_cancelled_run_begun_again_cost_nothing(app, session, runs):
    one, other = (make_module(session, title="The mill").id for _ in "ab")
    session.commit()
    first, second = run_job(app, one), run_job(app, other)
    assert [session.get(Job, job_id).state for job_id in (first, second)] == ["done", "done"]
    assert len(runs) == 1
    assert session.query(Item).filter_by(module_id=one).count() == 2
    homes = {(item.section_id, item.module_id) for item in session.query(Item).filter_by(module_id=other)}
    assert len(homes) == 2
    session.rollback()
    run_job(app, one, seed=1)
    assert len(runs) == 2


def test_killed_after_computing_it_is_stored_without_computing_again(app, session, runs, monkeypatch):
    module_id = make_module(session).id
    session.commit()
    real = generation.finish

    def killed(*_args):
        raise KeyboardInterrupt

    monkeypatch.setattr(generation, "finish", killed)
    with pytest.raises(KeyboardInterrupt):
        run_job(app, module_id)
    monkeypatch.setattr(generation, "finish", real)
    with database.write_session(app) as other:
        assert job_rows.requeue_running_jobs(other, 3, clock.now(), "") == 1
    assert jobs.run_queued(app) == 1
    assert session.query(Job).one().state == "done"
    assert session.query(Item).count() == 2
    assert len(runs) == 1


def test_the_operators_weights_are_used(app, session, runs, tmp_path):
    file = tmp_path / "weights.json"
    file.write_text('{"weights": {"recipe:faq": 1.5}}', "utf-8")
    module_id = make_module(session).id
    session.commit()
    run_job(app, module_id)
    app.extensions["readcheck_settings"] = replace(app.extensions["readcheck_settings"], weights=file)
    run_job(app, module_id)
    assert [options.get("weights") for _, options in runs] == [None, Weights({"recipe:faq": 1.5})]
    file.write_text("broken", "utf-8")
    failed = session.get(Job, run_job(app, module_id))
    assert failed.state == "failed"
    assert "ranking weights cannot be used" in failed.error
    assert (app.extensions["readcheck_settings"].data / FOLDER).is_dir()


@pytest.mark.needs("model")
def test_a_worker_loads_the_model_once(app, session):
    module_id = make_module(session).id
    session.commit()
    load_nlp.cache_clear()
    for seed in range(2):
        run_job(app, module_id, seed)
    assert load_nlp.cache_info().misses == 1
