"""A learner's report of a problem with a question they have answered."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from webapp import identity
from webapp.extensions import db, limiter
from webapp.forms.reports import ReportForm
from webapp.repositories.attempt_rows import AttemptRow
from webapp.services import reports, results

blueprint = Blueprint("reports", __name__)

REPORTS_AN_HOUR = "600 per hour"
"""From one address, behind which a whole school may sit; a person has one open report a question at most."""
FROM_RESULT = "result"


@blueprint.get("/attempts/<int:attempt_id>/<int:position>/report")
@identity.allow("person")
def show(attempt_id: int, position: int) -> str:
    """The form, or the report that was sent."""
    return _page(attempt_id, position)


@blueprint.post("/attempts/<int:attempt_id>/<int:position>/report")
@limiter.limit(lambda: REPORTS_AN_HOUR)
@identity.allow("person")
def send(attempt_id: int, position: int) -> Response | tuple[str, int]:
    """Send a report, or change the words of the one that is there."""
    form = ReportForm()
    if not form.validate_on_submit():
        return _page(attempt_id, position, form), 422
    reports.send_report(
        db.session, identity.require_person().id, attempt_id, position, form.comment.data or ""
    )
    flash(_("Thank you. Somebody who looks after this module will look at the question."), "success")
    return redirect(_back(attempt_id, position), 303)


@blueprint.post("/attempts/<int:attempt_id>/<int:position>/report/withdraw")
@limiter.limit(lambda: REPORTS_AN_HOUR)
@identity.allow("person")
def withdraw(attempt_id: int, position: int) -> Response:
    """Take the report back."""
    if reports.withdraw_report(db.session, identity.require_person().id, attempt_id, position):
        flash(_("Withdrawn. Nobody will see your report."), "success")
    else:
        flash(_("There is no open report of yours about this question any more."), "warning")
    return redirect(_back(attempt_id, position), 303)


def _page(attempt_id: int, position: int, form: ReportForm | None = None) -> str:
    page = reports.get_report_page(db.session, identity.require_person().id, attempt_id, position)
    return render_template(
        "attempts/report.html",
        page=page,
        form=form or ReportForm(comment=page.comment),
        origin=_origin(),
        back=_place(page.attempt, position),
    )


def _back(attempt_id: int, position: int) -> str:
    return _place(results.get_own_attempt(db.session, identity.require_person().id, attempt_id), position)


def _origin() -> str:
    return FROM_RESULT if request.values.get("from") == FROM_RESULT else ""


def _place(attempt: AttemptRow, position: int) -> str:
    """Where the question stands with its feedback."""
    number = attempt.section_number
    if attempt.kind == "section" and number is not None and not (_origin() and attempt.is_released):
        return url_for("reading.section", slug=attempt.module_slug, number=number, _anchor=f"q{position}")
    if attempt.is_released:
        return url_for("attempts.result", attempt_id=attempt.id, _anchor=f"q{position}")
    return url_for("reading.module", slug=attempt.module_slug)
