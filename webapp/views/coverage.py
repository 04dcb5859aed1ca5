"""The coverage map of a section: its text with the sentences that are asked about, and what is missing."""

from __future__ import annotations

from flask import Blueprint, render_template

from webapp import identity
from webapp.extensions import db
from webapp.forms import item_words
from webapp.services import coverage

blueprint = Blueprint("coverage", __name__)


@blueprint.get("/teach/modules/<int:module_id>/sections/<int:section_id>/coverage")
@identity.allow("instructor")
def show(module_id: int, section_id: int) -> str:
    """Which sentences have questions, of what kinds, and what to do next."""
    module = identity.require_module_to_teach(module_id)
    page = coverage.get_map(db.session, module, section_id)
    return render_template("coverage/show.html", module=module, page=page, words=item_words)
