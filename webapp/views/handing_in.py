"""Handing in a learner's file of unsent answers: upload, preview, storing; what there is, taking it back."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug import Response

from webapp import identity
from webapp.database import reads_only
from webapp.extensions import db
from webapp.forms.handing_in import ChosenForm, FileForm
from webapp.forms.numbers import row_number
from webapp.models.module import Module
from webapp.services import handed_in, handing_in
from webapp.services.handing_in import SeenOtherwise
from webapp.services.score_files import plain_number
from webapp.services.unsent_files import RefusedFile, UnsentFile

blueprint = Blueprint("handing_in", __name__)


@blueprint.get("/teach/modules/<int:module_id>/hand-in")
@identity.allow("instructor")
def show(module_id: int) -> str:
    """Where the file is given."""
    return _upload(identity.require_module_to_teach(module_id))


@blueprint.post("/teach/modules/<int:module_id>/hand-in")
@identity.allow("instructor")
@reads_only
def preview(module_id: int) -> str | tuple[str, int]:
    """What the file says beside what is stored. Nothing is kept."""
    module = identity.require_module_to_teach(module_id)
    try:
        file = FileForm().read()
        return _preview(module, file)
    except RefusedFile as refused:
        return _upload(module, refused.problems), 422


@blueprint.post("/teach/modules/<int:module_id>/hand-in/apply")
@identity.allow("instructor")
def apply(module_id: int) -> Response | tuple[str, int]:
    """Store what was chosen, all of it or nothing."""
    module = identity.require_module_to_teach(module_id)
    form, who = ChosenForm(), identity.require_person().id
    try:
        file = form.read()
        if not form.validate_on_submit():
            return _preview(module, file, form=form), 422
        positions = form.choose.data or ()
        stored = handing_in.hand_in(db.session, module, file, positions, form.seen.data or "", who)
    except RefusedFile as refused:
        return _upload(module, refused.problems), 422
    except SeenOtherwise as changed:
        db.session.rollback()
        module = identity.require_module_to_teach(module_id)
        return _preview(module, file, notice=changed.message, chosen=positions), 409
    flash(_told(stored), "success")
    return redirect(url_for(".history", module_id=module_id, attempt_id=file.attempt_id), 303)


@blueprint.get("/teach/modules/<int:module_id>/attempts/<int:attempt_id>/handed-in")
@identity.allow("instructor")
def history(module_id: int, attempt_id: int) -> str:
    """What was handed in for one attempt."""
    module = identity.require_module_to_teach(module_id)
    page = handed_in.list_history(db.session, module, attempt_id)
    return render_template("handing_in/history.html", module=module, page=page)


@blueprint.post("/teach/modules/<int:module_id>/attempts/<int:attempt_id>/handed-in/undo")
@identity.allow("instructor")
def undo(module_id: int, attempt_id: int) -> Response:
    """Store the answers of before once more."""
    module = identity.require_module_to_teach(module_id)
    sequence = request.form.get("sequence", default=0, type=row_number)
    who = identity.require_person().id
    positions, before, after = handed_in.take_back(db.session, module, attempt_id, sequence, who)
    words = ngettext(
        "%(num)d answer is as it was before.", "%(num)d answers are as they were before.", len(positions)
    )
    flash(f"{words} {_points(before, after)}", "success")
    return redirect(url_for(".history", module_id=module_id, attempt_id=attempt_id), 303)


def _upload(module: Module, problems: Collection[str] = ()) -> str:
    form = FileForm(formdata=None)
    form.file.errors = list(problems)
    return render_template("handing_in/upload.html", module=module, form=form)


def _preview(
    module: Module,
    file: UnsentFile,
    *,
    form: ChosenForm | None = None,
    notice: str = "",
    chosen: Collection[int] | None = None,
) -> str:
    """`chosen`: what was ticked when it had to be looked at again; None: what is proposed."""
    page = handing_in.look(db.session, module, file)
    ticked = chosen if chosen is not None else [one.position for one in page.lines if one.is_proposed]
    return render_template(
        "handing_in/preview.html",
        module=module,
        page=page,
        file=file,
        form=form or ChosenForm(formdata=None),
        notice_text=notice,
        ticked=ticked if form is None else (),
    )


def _told(stored: handing_in.Stored) -> str:
    if not stored.positions:
        return str(_("All of that is stored already: nothing was changed."))
    words = ngettext(
        "%(num)d answer was handed in.", "%(num)d answers were handed in.", len(stored.positions)
    )
    return f"{words} {_points(stored.before, stored.after)}"


def _points(before: Decimal, after: Decimal) -> str:
    if before == after:
        return str(_("The score stays as it was."))
    return str(
        _(
            "Points before: %(before)s, now: %(after)s.",
            before=plain_number(before),
            after=plain_number(after),
        )
    )
