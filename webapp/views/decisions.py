"""What reviewers decided, as a file from which the generator's ranking can be fitted."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug import Response

from webapp import identity
from webapp.database import reads_only
from webapp.extensions import db
from webapp.services import audit, clock, decision_export

blueprint = Blueprint("decisions", __name__)


@blueprint.post("/teach/decisions")
@identity.allow("instructor")
@reads_only
def export() -> Response:
    """What was decided about generated questions of all modules that this person teaches, as a file."""
    person = identity.require_person()
    lines = decision_export.as_lines(
        decision_export.list_decisions(db.session, decision_export.taught_modules(db.session, person))
    )
    if not lines:
        flash(_("Nobody has decided about a generated question yet."), "warning")
        return redirect(url_for("modules.index"), 303)
    audit.record("review.export", "", {"decisions": lines.count("\n")})
    day = clock.now().strftime("%Y-%m-%d")
    file = Response(lines, mimetype=decision_export.MEDIA_TYPE)
    file.headers["Content-Disposition"] = f"attachment; filename=review-decisions-{day}.jsonl"
    return file
