"""The review queue of a module: look at a card, decide, undo."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from webapp import identity
from webapp.extensions import db
from webapp.forms.items import ITEM_FORMS, TYPE_LABELS, DecisionForm, ItemForm, show_refusal
from webapp.models.item import Item
from webapp.models.module import Module
from webapp.services import items, review, section_html
from webapp.services.attempt_views import preview_view
from webapp.services.errors import Refused
from webapp.services.evidence_anchor import standing_marks
from webapp.services.item_fields import fields_of
from webapp.services.review import Card, Filters

blueprint = Blueprint("review", __name__)


@blueprint.get("/teach/modules/<int:module_id>/review")
@identity.allow("instructor")
def queue(module_id: int) -> str:
    """The next card, or what there is to do when none waits."""
    module = identity.require_module_to_teach(module_id)
    card = review.next_card(db.session, module, _reviewer(), _filters())
    return _page(module, card)


@blueprint.post("/teach/modules/<int:module_id>/review")
@identity.allow("instructor")
def start(module_id: int) -> Response:
    """Begin (or go on) reviewing: holds the next card for this reviewer."""
    module = identity.require_module_to_teach(module_id)
    review.claim_next(db.session, module, _reviewer(), _filters())
    return _to_queue(module)


@blueprint.post("/teach/modules/<int:module_id>/review/<int:item_id>")
@identity.allow("instructor")
def decide(module_id: int, item_id: int) -> Response | tuple[str, int]:
    """Accept, reject or skip a card; the next one is held in the same transaction."""
    module = identity.require_module_to_teach(module_id)
    row = items.find_item(db.session, module, item_id)
    form = DecisionForm()
    if not form.validate_on_submit():
        return _page(module, _card(module, row), decision=form), 422
    try:
        message = _carry_out(module, row, form)
    except Refused as refusal:
        show_refusal(form, refusal.field, refusal.message)
        return _page(module, _card(module, row), decision=form), 422
    flash(message, "success")
    review.claim_next(db.session, module, _reviewer(), _filters())
    return _to_queue(module)


@blueprint.post("/teach/modules/<int:module_id>/review/<int:item_id>/edit")
@identity.allow("instructor")
def edit(module_id: int, item_id: int) -> Response | tuple[str, int]:
    """Accept a card in another wording."""
    module = identity.require_module_to_teach(module_id)
    row = items.find_item(db.session, module, item_id)
    form = ITEM_FORMS[row.current_version.type]()
    if not form.validate_on_submit():
        return _page(module, _card(module, row), editing=form), 422
    try:
        section = items.find_section(db.session, module, row.section_id)
        item = items.read_fields(section, form.fields(), items.item_content(row))
        review.accept_edited(db.session, module, row, _reviewer(), form.seen_version, item)
    except Refused as refusal:
        show_refusal(form, refusal.field, refusal.message)
        return _page(module, _card(module, row), editing=form), 422
    flash(_("Accepted in your wording."), "success")
    review.claim_next(db.session, module, _reviewer(), _filters())
    return _to_queue(module)


@blueprint.post("/teach/modules/<int:module_id>/review/undo")
@identity.allow("instructor")
def undo(module_id: int) -> Response:
    """Take the last decision back; its card is there again."""
    module = identity.require_module_to_teach(module_id)
    review.undo_decision(db.session, module, _reviewer())
    flash(_("Undone. The question is back for another look."), "success")
    return redirect(url_for(".queue", module_id=module.id), 303)


def _carry_out(module: Module, row: Item, form: DecisionForm) -> str:
    """Do what was decided; what to say of it."""
    seen = form.version.data or 0
    if form.decision.data == "accept":
        review.accept_item(db.session, module, row, _reviewer(), seen)
        return str(_("Accepted."))
    if form.decision.data == "reject":
        review.reject_item(db.session, row, _reviewer(), seen, form.reason.data or "")
        return str(_("Rejected."))
    review.skip_item(db.session, row, _reviewer(), seen)
    return str(_("Skipped. It comes back after the others."))


def _page(
    module: Module,
    card: Card | None,
    *,
    decision: DecisionForm | None = None,
    editing: ItemForm | None = None,
) -> str:
    values: dict[str, object] = {}
    if card is not None:
        version = card.section.current_version
        marks = standing_marks(card.item.evidence, str(card.section.id), version.text, "1")
        values["passage"] = section_html.mark_evidence(version.html, marks, _("Evidence for this question"))
        values["slot"] = preview_view(card.item, is_checked=True)
        values["decision"] = decision or DecisionForm(version=card.row.current_version_id)
        values["editing"] = editing or (_edit_form(card) if request.args.get("edit") else None)
    return render_template(
        "review/queue.html",
        module=module,
        card=card,
        state=review.queue_of(db.session, module, _reviewer()),
        filters=_filters(),
        type_labels=TYPE_LABELS,
        **values,
    )


def _card(module: Module, row: Item) -> Card:
    return review.card_of(db.session, module, row)


def _edit_form(card: Card) -> ItemForm:
    form = ITEM_FORMS[card.item.type](version=card.row.current_version_id)
    form.fill(fields_of(card.item))
    return form


def _reviewer() -> int:
    return identity.require_person().id


def _filters() -> Filters:
    return Filters(
        section_id=request.values.get("section", type=int), recipe=request.values.get("recipe") or None
    )


def _to_queue(module: Module) -> Response:
    filters = _filters()
    address = url_for(".queue", module_id=module.id, section=filters.section_id, recipe=filters.recipe)
    return redirect(address, 303)
