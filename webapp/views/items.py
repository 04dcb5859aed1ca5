"""The item bank of a module: list, write, reword, try as a learner, delete and bring back."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from questions.generation.proposal import Finding
from questions.items.base import ResponseError
from questions.items.registry import item_type
from webapp import identity
from webapp.database import reads_only
from webapp.extensions import db
from webapp.forms import item_words
from webapp.forms.item_words import TYPE_LABELS
from webapp.forms.items import ITEM_FORMS, ItemForm, show_refusal
from webapp.forms.numbers import row_number
from webapp.models.item import Item
from webapp.models.module import Module, Section
from webapp.services import items, section_html, spares
from webapp.services.attempt_views import SlotView, field_prefix, preview_view
from webapp.services.errors import NotFound, Refused
from webapp.services.evidence_anchor import standing_marks
from webapp.services.item_fields import fields_of
from webapp.services.items import EditedMeanwhileError
from webapp.services.regrade_page import is_to_decide

blueprint = Blueprint("items", __name__)
STATES = ("accepted", "proposed", "rejected", "retired")


@blueprint.get("/teach/modules/<int:module_id>/items")
@identity.allow("instructor")
def index(module_id: int) -> str:
    """All items of the module by section, narrowed to a state."""
    module = identity.require_module_to_teach(module_id)
    state = request.args.get("state", "accepted")
    if state not in STATES:
        raise NotFound
    bank = items.list_bank(db.session, module, state)
    return render_template(
        "bank/index.html",
        module=module,
        bank=bank,
        state=state,
        words=item_words,
        kinds_in_hand=spares.list_kinds_in_hand(db.session, module),
    )


@blueprint.get("/teach/modules/<int:module_id>/sections/<int:section_id>/items/new")
@identity.allow("instructor")
def new(module_id: int, section_id: int) -> str:
    """An empty form beside the text of the section."""
    module = identity.require_module_to_teach(module_id)
    section = items.find_section(db.session, module, section_id)
    return _form_page(module, section, _form_class(request.args.get("type", "multiple_choice"))())


@blueprint.post("/teach/modules/<int:module_id>/sections/<int:section_id>/items/new")
@identity.allow("instructor")
def new_submit(module_id: int, section_id: int) -> Response | tuple[str, int]:
    """Add the item that was written."""
    module = identity.require_module_to_teach(module_id)
    section = items.find_section(db.session, module, section_id)
    form = _form_class(request.args.get("type", "multiple_choice"))()
    if not form.validate_on_submit():
        return _form_page(module, section, form), 422
    try:
        item = items.read_fields(section, form.fields())
        row = items.add_written_item(db.session, module, section, item, identity.require_person().id)
    except Refused as refusal:
        show_refusal(form, refusal.field, refusal.message)
        return _form_page(module, section, form), 422
    flash(_("Question added. Try it as a learner below."), "success")
    return redirect(url_for(".preview", module_id=module.id, item_id=row.id), 303)


@blueprint.get("/teach/modules/<int:module_id>/items/<int:item_id>")
@identity.allow("instructor")
def edit(module_id: int, item_id: int) -> str:
    """The form of an existing item."""
    module = identity.require_module_to_teach(module_id)
    row = items.find_item(db.session, module, item_id)
    section = items.find_section(db.session, module, row.section_id, with_removed=True)
    form = _form_class(row.current_version.type)(version=row.current_version_id)
    form.fill(fields_of(items.item_content(row)))
    return _form_page(module, section, form, row)


@blueprint.post("/teach/modules/<int:module_id>/items/<int:item_id>")
@identity.allow("instructor")
def edit_submit(module_id: int, item_id: int) -> Response | tuple[str, int]:
    """Save another wording. Who answered the former one keeps it."""
    module = identity.require_module_to_teach(module_id)
    row = items.find_item_to_change(db.session, module, item_id)
    section = items.find_section(db.session, module, row.section_id, with_removed=True)
    form = _form_class(row.current_version.type)()
    if not form.validate_on_submit():
        return _form_page(module, section, form, row), 422
    who, before = identity.require_person().id, row.current_version_id
    try:
        items.require_version(row, form.seen_version)
        items.require_present(section)
        item = items.read_fields(section, form.fields(), items.item_content(row))
        items.edit_item(db.session, module, row, section, item, who, form.seen_version)
    except EditedMeanwhileError:
        return _both_wordings(module, row, form), 409
    except Refused as refusal:
        show_refusal(form, refusal.field, refusal.message)
        return _form_page(module, section, form, row), 422
    flash(_("Saved."), "success")
    after = "regrade.show" if is_to_decide(db.session, row, before) else ".preview"
    return redirect(url_for(after, module_id=module.id, item_id=row.id), 303)


@blueprint.post("/teach/modules/<int:module_id>/sections/<int:section_id>/items/check")
@identity.allow("instructor")
@reads_only
def check(module_id: int, section_id: int) -> str | tuple[str, int]:
    """What the checklist says of the form as it stands, and how a learner would see it. Saves nothing."""
    module = identity.require_module_to_teach(module_id)
    section = items.find_section(db.session, module, section_id, with_removed=True)
    form = _form_class(request.args.get("type", ""))()
    findings: tuple[Finding, ...] = ()
    slot: SlotView | None = None
    if form.validate():
        try:
            items.require_present(section)
            item = items.read_fields(section, form.fields())
            findings, slot = items.find_problems(db.session, module, item), preview_view(item)
        except Refused as refusal:
            show_refusal(form, refusal.field, refusal.message)
    if request.headers.get("X-Requested-With") == "fetch":
        to_do = [text for texts in form.errors.values() for text in texts]
        return render_template("bank/findings.html", findings=findings, slot=slot, to_do=to_do)
    row_id = request.args.get("item", type=row_number)
    row = items.find_item(db.session, module, row_id) if row_id else None
    return _form_page(module, section, form, row, findings=findings, slot=slot)


@blueprint.get("/teach/modules/<int:module_id>/items/<int:item_id>/preview")
@identity.allow("instructor")
def preview(module_id: int, item_id: int) -> str:
    """The item as a learner meets it."""
    module = identity.require_module_to_teach(module_id)
    row = items.find_item(db.session, module, item_id)
    return _preview_page(module, row, preview_view(items.item_content(row)))


@blueprint.post("/teach/modules/<int:module_id>/items/<int:item_id>/preview")
@identity.allow("instructor")
@reads_only
def preview_submit(module_id: int, item_id: int) -> str | tuple[str, int]:
    """The item as a learner sees it after answering. Nothing is kept."""
    module = identity.require_module_to_teach(module_id)
    row = items.find_item(db.session, module, item_id)
    item = items.item_content(row)
    prefix = field_prefix(1)
    sent = {
        name.removeprefix(prefix): request.form.getlist(name)
        for name in request.form
        if name.startswith(prefix)
    }
    try:
        response = item_type(item.type).read(item, sent)
    except ResponseError as error:
        return _preview_page(module, row, preview_view(item), error=str(error)), 422
    return _preview_page(module, row, preview_view(item, response=response, is_checked=True))


@blueprint.post("/teach/modules/<int:module_id>/items/<int:item_id>/retire")
@identity.allow("instructor")
def retire(module_id: int, item_id: int) -> Response:
    """Take the item out of every future quiz."""
    module = identity.require_module_to_teach(module_id)
    row = items.find_item_to_change(db.session, module, item_id)
    items.retire_item(db.session, row, identity.require_person().id)
    flash(_("Question deleted. You find it under “Deleted” and can bring it back."), "success")
    return redirect(url_for(".index", module_id=module.id), 303)


@blueprint.post("/teach/modules/<int:module_id>/items/<int:item_id>/restore")
@identity.allow("instructor")
def restore(module_id: int, item_id: int) -> Response:
    """Bring a deleted or rejected item back."""
    module = identity.require_module_to_teach(module_id)
    row = items.find_item_to_change(db.session, module, item_id)
    items.restore_item(db.session, row, identity.require_person().id)
    flash(_("The question is back."), "success")
    return redirect(url_for(".index", module_id=module.id, state=row.state), 303)


def _form_class(kind: str) -> type[ItemForm]:
    if kind not in ITEM_FORMS:
        raise NotFound
    return ITEM_FORMS[kind]


def _form_page(
    module: Module,
    section: Section,
    form: ItemForm,
    row: Item | None = None,
    *,
    findings: tuple[Finding, ...] = (),
    slot: SlotView | None = None,
) -> str:
    passage = _passage(section, row)
    return render_template(
        "bank/form.html",
        module=module,
        section=section,
        form=form,
        row=row,
        passage=passage,
        findings=findings,
        slot=slot,
        type_labels=TYPE_LABELS,
        answers=items.count_answers(db.session, row) if row else 0,
    )


def _both_wordings(module: Module, row: Item, form: ItemForm) -> str:
    """Both on one page: theirs as it is stored, this person's still in the form, now to be saved over it."""
    form.rebase(row.current_version_id)
    theirs = items.item_content(row)
    slot = preview_view(theirs, is_checked=True)
    return render_template(
        "bank/conflict.html", module=module, row=row, form=form, theirs=theirs, slot=slot, words=item_words
    )


def _passage(section: Section, row: Item | None) -> section_html.Html:
    version = section.current_version
    evidence = items.item_content(row).evidence if row else ()
    marks = standing_marks(evidence, str(section.id), version.text, "1")
    return section_html.mark_evidence(version.html, marks, _("Paragraph %s"), _("Evidence for this question"))


def _preview_page(module: Module, row: Item, slot: SlotView, error: str = "") -> str:
    section = items.find_section(db.session, module, row.section_id, with_removed=True)
    passage = _passage(section, row)
    return render_template(
        "bank/preview.html", module=module, row=row, slot=slot, section=section, passage=passage, error=error
    )
