"""Fixing a question that was asked already: difference, choice, preview, apply, undo."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug import Response

from webapp import identity
from webapp.extensions import db
from webapp.forms.regrade import RegradeForm
from webapp.models.module import Module
from webapp.services import regrade
from webapp.services.errors import Refused
from webapp.services.overdue import settle_first
from webapp.services.regrade import Effect, SeenOtherwise

blueprint = Blueprint("regrade", __name__)
SHOWN_CHANGES = 50


@blueprint.get("/teach/modules/<int:module_id>/items/<int:item_id>/regrade")
@identity.allow("instructor")
def show(module_id: int, item_id: int) -> str:
    """What changed in the question, and what can become of the answers."""
    module = identity.require_module_to_teach(module_id)
    page = regrade.open_page(db.session, module, item_id)
    return _page(module, item_id, RegradeForm(page))


@blueprint.post("/teach/modules/<int:module_id>/items/<int:item_id>/regrade")
@identity.allow("instructor")
def preview(module_id: int, item_id: int) -> str | tuple[str, int]:
    """What a choice would do to scores. Nothing is kept."""
    module = identity.require_module_to_teach(module_id)
    settle_first(db.session, [module.id])
    form = RegradeForm(regrade.open_page(db.session, module, item_id))
    if not form.validate_on_submit():
        return _page(module, item_id, form), 422
    try:
        effect = regrade.preview(db.session, module, item_id, form.order(), identity.require_person().id)
    except Refused as refusal:
        form.kind.errors = [refusal.message]
        return _page(module, item_id, form), 422
    return _page(module, item_id, form, effect)


@blueprint.post("/teach/modules/<int:module_id>/items/<int:item_id>/regrade/apply")
@identity.allow("instructor")
def apply(module_id: int, item_id: int) -> Response | tuple[str, int]:
    """Do what was previewed, all of it or nothing."""
    module = identity.require_module_to_teach(module_id)
    settle_first(db.session, [module.id])
    form = RegradeForm(regrade.open_page(db.session, module, item_id))
    if not form.validate_on_submit():
        return _page(module, item_id, form), 422
    who, order = identity.require_person().id, form.order()
    try:
        _ruling, effect = regrade.apply(db.session, module, item_id, order, who, form.seen.data or "")
    except SeenOtherwise as changed:
        db.session.rollback()
        module = identity.require_module_to_teach(module_id)
        effect = regrade.preview(db.session, module, item_id, order, who)
        return _page(module, item_id, form, effect, changed.message), 409
    flash(_changed(effect), "success")
    return redirect(url_for(".show", module_id=module_id, item_id=item_id), 303)


@blueprint.post("/teach/modules/<int:module_id>/items/<int:item_id>/rulings/<int:ruling_id>/undo")
@identity.allow("instructor")
def undo(module_id: int, item_id: int, ruling_id: int) -> Response:
    """Take a change of scores back."""
    module = identity.require_module_to_teach(module_id)
    effect = regrade.undo(db.session, module, item_id, ruling_id, identity.require_person().id)
    flash(_("Taken back. %(words)s", words=_changed(effect)), "success")
    return redirect(url_for(".show", module_id=module_id, item_id=item_id), 303)


def _changed(effect: Effect) -> str:
    return str(
        ngettext(
            "%(num)d attempt has another score.", "%(num)d attempts have another score.", len(effect.changed)
        )
    )


def _page(
    module: Module, item_id: int, form: RegradeForm, effect: Effect | None = None, notice: str = ""
) -> str:
    return render_template(
        "regrade/show.html",
        module=module,
        page=regrade.open_page(db.session, module, item_id),
        form=form,
        effect=effect,
        notice_text=notice,
        shown_changes=SHOWN_CHANGES,
    )
