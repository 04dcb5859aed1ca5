"""Fixing a question that was asked already: difference, choice, preview, apply, undo."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
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
from webapp.services.regrade import SeenOtherwise
from webapp.services.regrade_effect import Effect
from webapp.services.regrade_page import open_page

blueprint = Blueprint("regrade", __name__)
SHOWN_CHANGES = 50
FROM_QUEUE = ("queue", "section", "recipe", "sign")
"""What the address says of who came from the review queue: to it, as it was narrowed, they go back."""


@blueprint.get("/teach/modules/<int:module_id>/items/<int:item_id>/regrade")
@identity.allow("instructor")
def show(module_id: int, item_id: int) -> str:
    """What changed in the question, and what can become of the answers."""
    module = identity.require_module_to_teach(module_id)
    return _page(module, item_id, RegradeForm(open_page(db.session, module, item_id)))


@blueprint.post("/teach/modules/<int:module_id>/items/<int:item_id>/regrade")
@identity.allow("instructor")
def preview(module_id: int, item_id: int) -> str | tuple[str, int] | Response:
    """What a choice would do to scores. Nothing is kept."""
    module = identity.require_module_to_teach(module_id)
    settle_first(db.session, [module.id])
    form = RegradeForm(open_page(db.session, module, item_id))
    if not form.validate_on_submit():
        return _page(module, item_id, form), 422
    if form.is_typo_only:
        return _leave(module, item_id)
    try:
        effect = regrade.preview(db.session, module, item_id, form.order(), identity.require_person().id)
    except Refused as refusal:
        form.refuse(refusal)
        return _page(module, item_id, form), 422
    return _page(module, item_id, form, effect)


@blueprint.post("/teach/modules/<int:module_id>/items/<int:item_id>/regrade/apply")
@identity.allow("instructor")
def apply(module_id: int, item_id: int) -> Response | tuple[str, int]:
    """Do what was previewed, all of it or nothing."""
    module = identity.require_module_to_teach(module_id)
    settle_first(db.session, [module.id])
    form = RegradeForm(open_page(db.session, module, item_id))
    if not form.validate_on_submit():
        return _page(module, item_id, form), 422
    if form.is_typo_only:
        return _leave(module, item_id)
    who = identity.require_person().id
    try:
        _ruling, effect = regrade.apply(db.session, module, item_id, form.order(), who, form.seen.data or "")
    except Refused as refusal:
        form.refuse(refusal)
        return _page(module, item_id, form), 422
    except SeenOtherwise as changed:
        return _anew(module_id, item_id, form, changed.message), 409
    flash(_changed(effect), "success")
    return _to_page(module_id, item_id)


@blueprint.post("/teach/modules/<int:module_id>/items/<int:item_id>/rulings/<int:ruling_id>/undo")
@identity.allow("instructor")
def undo(module_id: int, item_id: int, ruling_id: int) -> Response:
    """Take a change of scores back."""
    module = identity.require_module_to_teach(module_id)
    settle_first(db.session, [module.id])
    effect = regrade.undo(db.session, module, item_id, ruling_id, identity.require_person().id)
    flash(_("Taken back. %(words)s", words=_changed(effect)), "success")
    return _to_page(module_id, item_id)


def _anew(module_id: int, item_id: int, form: RegradeForm, message: str) -> str:
    """The preview as it is by now, after what was done has been taken back."""
    db.session.rollback()
    module = identity.require_module_to_teach(module_id)
    try:
        effect = regrade.preview(db.session, module, item_id, form.order(), identity.require_person().id)
    except Refused as refusal:  # what was chosen cannot be had any more
        form.refuse(refusal)
        return _page(module, item_id, form, None, message)
    return _page(module, item_id, form, effect, message)


def _leave(module: Module, item_id: int) -> Response:
    flash(_("The scores stay as they are."), "success")
    return redirect(_back(module.id, item_id), 303)


def _to_page(module_id: int, item_id: int) -> Response:
    return redirect(url_for(".show", module_id=module_id, item_id=item_id, **_origin()), 303)


def _origin() -> dict[str, Any]:
    return {name: request.args[name] for name in FROM_QUEUE if name in request.args}


def _back(module_id: int, item_id: int) -> str:
    """Where the person came from: the review queue, or the question."""
    origin = _origin()
    if origin.pop("queue", None):
        return url_for("review.queue", module_id=module_id, **origin)
    return url_for("items.preview", module_id=module_id, item_id=item_id)


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
        page=open_page(db.session, module, item_id, with_history=True),
        form=form,
        effect=effect,
        notice_text=notice,
        shown_changes=SHOWN_CHANGES,
        origin=_origin(),
        back=_back(module.id, item_id),
    )
