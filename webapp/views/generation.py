"""Generating questions as a job: start, watch, cancel. The worker's part is registered here too."""

from __future__ import annotations

from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from werkzeug import Response as AnyResponse

from webapp import database, identity, jobs
from webapp.config import Settings
from webapp.extensions import db
from webapp.forms.numbers import row_number
from webapp.models.module import Module
from webapp.models.operation import Job
from webapp.services import generation, other_options
from webapp.services import modules as module_cases
from webapp.services.generation_cache import FOLDER, Cache
from webapp.services.ranking import chosen_weights

blueprint = Blueprint("generation", __name__)

STEPS_BESIDE_SECTIONS = 2
"""Reading the whole text at first, choosing at last (see questions.generation.pipeline)."""


@jobs.register(generation.JOB_KIND)
def generate(job_id: int, payload: dict[str, Any], report: jobs.Report) -> dict[str, Any] | None:
    """The worker's part. No transaction is open while the generator works."""
    settings: Settings = current_app.extensions["readcheck_settings"]
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 (Flask's own way to the app)
    with app.app_context():
        done = generation.get_job(db.session, job_id).outcome
        if done is not None:
            return done  # a worker before this one was killed after it had stored them
        module = module_cases.get_module(db.session, payload["module_id"])
        task = generation.prepare(db.session, module, payload["section_ids"], payload["seed"])
    cache = Cache(settings.data / FOLDER)
    weights = chosen_weights(settings.weights)
    made = generation.compute(task, report, cache, weights, settings.language_model)
    with database.write_session(app) as session:
        return generation.finish(session, job_id, task, made)


@blueprint.post("/teach/modules/<int:module_id>/generate")
@identity.allow("instructor")
def start(module_id: int) -> AnyResponse:
    """Ask for questions, for the whole module or one section. While a run goes on, this leads to it."""
    module = identity.require_module_to_teach(module_id)
    job = generation.find_running(db.session, module.id)
    if job is None:
        payload = generation.payload(db.session, module, request.form.get("section_id", type=row_number))
        by = identity.person_for_write().id
        job = jobs.enqueue(db.session, generation.JOB_KIND, payload, module.id, by)
    return redirect(url_for(".show", job_id=job.id), 303)


@blueprint.get("/teach/jobs/<int:job_id>")
@identity.allow("instructor")
def show(job_id: int) -> str | Response:
    """How far a run is, and what it brought. JSON for the page's script."""
    job, module = _job(job_id)
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        return jsonify(state=job.state, done=job.progress_done, total=job.progress_total, text=_words(job))
    if job.kind == other_options.JOB_KIND:
        return render_template("generation/other_options.html", job=job, module=module, text=_words(job))
    return render_template(
        "generation/show.html", job=job, module=module, text=_words(job), reasons=_reasons()
    )


@blueprint.post("/teach/jobs/<int:job_id>/cancel")
@identity.allow("instructor")
def cancel(job_id: int) -> AnyResponse:
    """Stop a run; questions are only stored at its end, so none are there. Its page offers to start again."""
    job, module = _job(job_id)
    if jobs.cancel(db.session, job.id):
        return redirect(url_for(".show", job_id=job.id), 303)
    flash(_("It had ended already."), "warning")
    return redirect(url_for("modules.show", module_id=module.id), 303)


def _job(job_id: int) -> tuple[Job, Module]:
    job = generation.get_job(db.session, job_id)
    return job, identity.require_module_to_teach(job.module_id or 0)


def _words(job: Job) -> str:
    """What a run is doing, in the reader's language."""
    return str(_state_in_words(job))


def _state_in_words(job: Job) -> object:
    sections = max(job.progress_total - STEPS_BESIDE_SECTIONS, 0)
    if job.state == "queued":
        return _("Waiting for its turn")
    if job.state != "running":
        return {"done": _("Done"), "failed": _("Not finished"), "cancelled": _("Cancelled")}[job.state]
    if not job.progress_done:
        return _("Reading the text")
    if job.kind == other_options.JOB_KIND:
        return _("Looking for other wrong answers")
    if job.progress_done <= sections:
        return _("Reading section %(number)d of %(total)d", number=job.progress_done, total=sections)
    return _("Choosing the best questions")


def _reasons() -> dict[str, str]:
    """Why a section got few questions or none, in words."""
    return {
        "not_english": _("This section does not look like English, so no questions were made."),
        "not_prose": _(
            "Little of this section is running text (lists, single lines, questions), so few or no questions "
            "were made."
        ),
        "not_sentences": _(
            "This section is not written in plain sentences (verse, code, misread letters, no capitals or "
            "only capitals), so no questions were made."
        ),
        "no_model": _(
            "The language model is not installed, so only simple kinds of questions could be made."
        ),
        "too_short": _("This section is too short for questions."),
        "few_statements": _("Few sentences here say something that can be asked without doubt."),
        "rules_of_the_set": _("More would have repeated or given away other questions."),
        generation.EDITED: _("This section was edited meanwhile. Start again to read its new text."),
        generation.NOTHING_NEW: _("Everything that was found is there already."),
    }
