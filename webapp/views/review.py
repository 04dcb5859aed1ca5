"""The review queue of a module: take a card, decide, undo."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from webapp import identity
from webapp.extensions import db
from webapp.forms import item_words
from webapp.forms.items import ITEM_FORMS, DecisionForm, ItemForm, show_refusal
from webapp.forms.numbers import row_number
from webapp.models.item import Item
from webapp.models.module import Module
from webapp.repositories.review import SIGNS, Filters
from webapp.services import items, review, section_html
from webapp.services.attempt_views import preview_view
from webapp.services.errors import Conflict, Refused
from webapp.services.evidence_anchor import standing_marks
from webapp.services.items import EditedMeanwhileError
from webapp.services.regrade_page import is_to_decide
from webapp.services.review import Card, DecidedError, LapsedError, TakenError

blueprint = Blueprint("review", __name__)
Answer = Response | tuple[str, int]


@blueprint.get("/teach/modules/<int:module_id>/review")
@identity.allow("instructor")
def queue(module_id: int) -> str:
    """The card this reviewer holds, or how to take one. Looking takes none."""
    module = identity.require_module_to_teach(module_id)
    state = review.open_queue(db.session, module, _reviewer(), _filters())
    wanted = request.args.get("edit", type=row_number)
    if wanted is None or (state.card is not None and state.card.row.id == wanted):
        return _page(module, state, is_editing=wanted is not None)
    row = items.find_item(db.session, module, wanted)
    try:
        review.require_open(db.session, row, _reviewer())
    except Conflict as conflict:
        return _page(module, state, notice=conflict.message)
    return _page(module, state, notice=_("Take this question first, then edit it."), offered=row)


@blueprint.post("/teach/modules/<int:module_id>/review")
@identity.allow("instructor")
def start(module_id: int) -> Answer:
    """Begin (or go on) reviewing: holds the next card, or the one that was asked for."""
    module = identity.require_module_to_teach(module_id)
    wanted = request.form.get("item", type=row_number)
    if wanted is None:
        review.claim_next(db.session, module, _reviewer(), _filters())
        return _to_queue(module)
    row = items.find_item_to_change(db.session, module, wanted)
    try:
        review.claim_item(db.session, module, row, _reviewer())
    except Conflict as conflict:
        return _too_late(module, row, conflict)
    return _to_queue(module, row, edit=row.id if request.form.get("edit") else None)


@blueprint.post("/teach/modules/<int:module_id>/review/<int:item_id>")
@identity.allow("instructor")
def decide(module_id: int, item_id: int) -> Answer:
    """Accept, reject or skip a card; the next one is held in the same transaction."""
    module = identity.require_module_to_teach(module_id)
    row = items.find_item_to_change(db.session, module, item_id)
    form = DecisionForm()
    try:
        if form.validate_on_submit():
            flash(_carry_out(module, row, form), "success")
            review.claim_next(db.session, module, _reviewer(), _filters())
            return _to_queue(module)
    except Refused as refusal:
        show_refusal(form, refusal.field, refusal.message)
    except Conflict as conflict:
        return _too_late(module, row, conflict, decision=form)
    return _once_more(module, row, decision=form)


@blueprint.post("/teach/modules/<int:module_id>/review/<int:item_id>/edit")
@identity.allow("instructor")
def edit(module_id: int, item_id: int) -> Answer:
    """Accept a card in another wording."""
    module = identity.require_module_to_teach(module_id)
    row = items.find_item_to_change(db.session, module, item_id)
    form = ITEM_FORMS[row.current_version.type]()
    try:
        if form.validate_on_submit():
            before = row.current_version_id
            _accept_edited(module, row, form)
            flash(_("Accepted in your wording."), "success")
            review.claim_next(db.session, module, _reviewer(), _filters())
            if is_to_decide(db.session, row, before):
                return _to_scores(module, row)
            return _to_queue(module)
    except Refused as refusal:
        show_refusal(form, refusal.field, refusal.message)
    except Conflict as conflict:
        return _too_late(module, row, conflict, editing=form)
    return _once_more(module, row, editing=form)


@blueprint.post("/teach/modules/<int:module_id>/review/undo")
@identity.allow("instructor")
def undo(module_id: int) -> Response:
    """Take the last decision back; its card is there again."""
    module = identity.require_module_to_teach(module_id)
    row = review.undo_decision(db.session, module, _reviewer())
    flash(_("Undone. The question is back for another look."), "success")
    return _to_queue(module, row)


def _carry_out(module: Module, row: Item, form: DecisionForm) -> str:
    """Do what was decided; what to say of it."""
    seen = form.seen_version
    was_in_use = row.state == "accepted"
    if form.decision.data == "accept":
        review.accept_item(db.session, module, row, _reviewer(), seen)
        return str(_("Kept as it is.") if was_in_use else _("Accepted."))
    if form.decision.data == "reject":
        review.reject_item(db.session, row, _reviewer(), seen, form.reason.data or "")
        return str(_("Taken out. Nobody is asked it any more.") if was_in_use else _("Rejected."))
    review.skip_item(db.session, row, _reviewer(), seen)
    return str(_("Skipped. It comes back after the others."))


def _accept_edited(module: Module, row: Item, form: ItemForm) -> None:
    review.require_undecided(db.session, row, _reviewer(), form.seen_version)
    section = items.find_section(db.session, module, row.section_id)
    item = items.read_fields(section, form.fields(), items.item_content(row))
    review.accept_edited(db.session, module, row, _reviewer(), form.seen_version, item)


def _once_more(
    module: Module, row: Item, *, decision: DecisionForm | None = None, editing: ItemForm | None = None
) -> tuple[str, int]:
    """The card with what was refused; only what was sent where the card is no longer this reviewer's."""
    try:
        review.require_open(db.session, row, _reviewer())
        review.require_held(row, _reviewer())
    except Conflict as conflict:
        return _too_late(module, row, conflict, decision=decision, editing=editing)
    state = review.open_queue(db.session, module, _reviewer(), review.fitting(db.session, _filters(), row))
    return _page(module, state, decision=decision, editing=editing), 422


def _too_late(
    module: Module,
    row: Item,
    conflict: Conflict,
    *,
    decision: DecisionForm | None = None,
    editing: ItemForm | None = None,
) -> tuple[str, int]:
    """Why it could not be done, with everything that was sent, and what is stored where that has changed."""
    may_see = isinstance(conflict, (DecidedError, EditedMeanwhileError))
    for form in (decision, editing):
        if form is not None and may_see:
            form.rebase(row.current_version_id)
    item = items.item_content(row)
    page = render_template(
        "review/late.html",
        module=module,
        row=row,
        message=conflict.message,
        decision=decision,
        editing=editing,
        theirs=item if may_see else None,
        slot=preview_view(item, is_checked=True) if may_see else None,
        save_to=_where_to_save(row, conflict, is_wording=editing is not None),
        may_look=isinstance(conflict, (EditedMeanwhileError, LapsedError)),
        filters=_filters(),
        words=item_words,
    )
    return page, 422 if isinstance(conflict, LapsedError) else 409


def _where_to_save(row: Item, conflict: Conflict, *, is_wording: bool) -> str:
    """The address that still takes what was sent; empty where none does."""
    if isinstance(conflict, (EditedMeanwhileError, LapsedError, TakenError)):
        endpoint = ".edit" if is_wording else ".decide"
        return url_for(endpoint, module_id=row.module_id, item_id=row.id)
    if is_wording and row.state == "accepted":
        return url_for("items.edit", module_id=row.module_id, item_id=row.id)
    return ""


def _page(
    module: Module,
    state: review.Queue,
    *,
    is_editing: bool = False,
    decision: DecisionForm | None = None,
    editing: ItemForm | None = None,
    notice: str = "",
    offered: Item | None = None,
) -> str:
    card = state.card
    values: dict[str, object] = {}
    if card is not None:
        values["passage"], values["has_marks"] = _passage(card)
        values["slot"] = preview_view(card.item, is_checked=True)
        values["decision"] = decision or DecisionForm(version=card.row.current_version_id)
        values["editing"] = editing or (_edit_form(card) if is_editing else None)
    return render_template(
        "review/queue.html",
        module=module,
        card=card,
        state=state,
        filters=state.filters,
        words=item_words,
        notice_text=notice,
        offered=offered,
        **values,
    )


def _passage(card: Card) -> tuple[section_html.Html, bool]:
    """The section with the evidence marked, or with what it may have become; and whether anything is."""
    version = card.section.current_version
    marks = standing_marks(card.item.evidence, str(card.section.id), version.text, "1")
    words = _("Evidence for this question") if marks else _("Perhaps the evidence now")
    marks = marks or [(*place, "1") for place in card.successor_places]
    return section_html.mark_evidence(version.html, marks, _("Paragraph %s"), words), bool(marks)


def _edit_form(card: Card) -> ItemForm:
    form = ITEM_FORMS[card.item.type](version=card.row.current_version_id)
    form.fill(card.fields)
    return form


def _to_scores(module: Module, row: Item) -> Response:
    """To what should happen to the answers that the question got before; from there back to the queue."""
    address = url_for("regrade.show", module_id=module.id, item_id=row.id, queue=1, **_filters().query)
    return redirect(address, 303)


def _reviewer() -> int:
    return identity.require_person().id


def _filters() -> Filters:
    sign = request.values.get("sign")
    return Filters(
        section_id=request.values.get("section", type=row_number),
        recipe=request.values.get("recipe") or None,
        sign=sign if sign in SIGNS else None,
    )


def _to_queue(module: Module, row: Item | None = None, edit: int | None = None) -> Response:
    """To the queue as it was narrowed; so that this card is seen there, where one is given."""
    filters = _filters() if row is None else review.fitting(db.session, _filters(), row)
    return redirect(url_for(".queue", module_id=module.id, edit=edit, **filters.query), 303)
