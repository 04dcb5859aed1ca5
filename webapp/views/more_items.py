"""More of what a reviewer looks at: another question of its kind, or other wrong answers for it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug import Response

from webapp import database, identity, jobs
from webapp.extensions import db
from webapp.services import generation, items, other_options, review, spares
from webapp.services import modules as module_cases

blueprint = Blueprint("more_items", __name__)
SEVERAL = 3


@jobs.register(other_options.JOB_KIND)
def look_for_options(job_id: int, payload: dict[str, Any], report: jobs.Report) -> dict[str, Any] | None:
    """The worker's part. No transaction is open while it looks."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 (Flask's own way to the app)
    with app.app_context():
        done = generation.get_job(db.session, job_id).outcome
        if done is not None:
            return done  # a worker before this one was killed after it had stored them
        module = module_cases.get_module(db.session, payload["module_id"])
        task = other_options.prepare(db.session, module, payload)
    found = other_options.compute(task, report)
    with database.write_session(app) as session:
        return other_options.finish(session, job_id, task, found)


@blueprint.post("/teach/modules/<int:module_id>/items/<int:item_id>/another")
@identity.allow("instructor")
def another(module_id: int, item_id: int) -> Response:
    """Put one more question of this kind before the reviewer, or several more into the queue."""
    module = identity.require_module_to_teach(module_id)
    row = items.find_item(db.session, module, item_id)
    by = identity.require_person().id
    wants_several = bool(request.form.get("several"))
    made = spares.take_another(db.session, module, row, by, SEVERAL if wants_several else 1)
    if not made:
        flash(_("No other question of this kind is in hand. Have more made, or write one."), "warning")
    elif wants_several:
        count = len(made)
        flash(ngettext("%(num)d more waits for review.", "%(num)d more wait for review.", count), "success")
    else:
        review.claim_item(db.session, module, made[0], by)
        flash(_("Another of the same kind. The one before it stays as it was."), "success")
        return redirect(url_for("review.queue", module_id=module.id), 303)
    if row.state == "accepted" and not request.form.get("queue"):
        return redirect(url_for("items.index", module_id=module.id, _anchor=f"item-{row.id}"), 303)
    return redirect(url_for("review.queue", module_id=module.id), 303)


@blueprint.post("/teach/modules/<int:module_id>/items/<int:item_id>/options")
@identity.allow("instructor")
def options(module_id: int, item_id: int) -> Response:
    """Ask for other wrong answers. While such a search goes on, this leads to it."""
    module = identity.require_module_to_teach(module_id)
    row = items.find_item(db.session, module, item_id)
    job = other_options.find_running(db.session, row)
    if job is None:
        by = identity.require_person().id
        asked = other_options.payload(row)
        job = jobs.enqueue(db.session, other_options.JOB_KIND, asked, module.id, by)
    return redirect(url_for("generation.show", job_id=job.id), 303)
