"""Learners of a module as their instructor sees them; resetting an attempt and taking that back."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug import Response

from webapp import identity
from webapp.extensions import db
from webapp.services import audit
from webapp.services import learners as use_cases
from webapp.services.scores import learner_name

blueprint = Blueprint("learners", __name__)


@blueprint.get("/teach/modules/<int:module_id>/learners")
@identity.allow("instructor")
def index(module_id: int) -> str:
    """Everybody in the module, with how far they are."""
    module = identity.require_module_to_teach(module_id)
    lines = use_cases.list_learners(db.session, module)
    return render_template("learners/index.html", module=module, lines=lines)


@blueprint.get("/teach/modules/<int:module_id>/learners/<int:account_id>")
@identity.allow("instructor")
def show(module_id: int, account_id: int) -> str:
    """One learner's attempts, quiz by quiz."""
    module = identity.require_module_to_teach(module_id)
    page = use_cases.learner_page(db.session, module, account_id)
    return render_template("learners/show.html", module=module, page=page)


@blueprint.post("/teach/modules/<int:module_id>/attempts/<int:attempt_id>/reset")
@identity.allow("instructor")
def reset(module_id: int, attempt_id: int) -> Response:
    """Take an attempt out of the count. It can be taken back from the learner's page."""
    module = identity.require_module_to_teach(module_id)
    learner = use_cases.reset_attempt(db.session, module, attempt_id)
    audit.record("attempt.reset", f"attempt:{attempt_id}", {"learner": learner.id})
    flash(_("The attempt of %(name)s no longer counts.", name=learner_name(learner)), "success")
    return redirect(url_for(".show", module_id=module_id, account_id=learner.id), 303)


@blueprint.post("/teach/modules/<int:module_id>/attempts/<int:attempt_id>/restore")
@identity.allow("instructor")
def restore(module_id: int, attempt_id: int) -> Response:
    """Undo a reset."""
    module = identity.require_module_to_teach(module_id)
    learner = use_cases.restore_attempt(db.session, module, attempt_id)
    audit.record("attempt.restore", f"attempt:{attempt_id}", {"learner": learner.id})
    flash(_("The attempt of %(name)s counts again.", name=learner_name(learner)), "success")
    return redirect(url_for(".show", module_id=module_id, account_id=learner.id), 303)
