"""A person's own progress."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from webapp import identity
from webapp.extensions import db
from webapp.forms.numbers import row_number
from webapp.services.my_progress import ProgressPage, my_progress

blueprint = Blueprint("progress", __name__)

MAX_PAGE = 10_000


@blueprint.get("/progress")
@identity.allow("everyone")
def mine() -> str:
    """Every module this person has been in; what this page is for, where nobody is known yet."""
    person = identity.current_account()
    number = min(max(request.args.get("page", 1, type=row_number), 1), MAX_PAGE)
    page = my_progress(db.session, person.id, number) if person else ProgressPage([])
    return render_template("progress/mine.html", page=page, is_guest=person is not None and person.is_guest)
