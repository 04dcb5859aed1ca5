"""Sections of a module: edit, add, move, remove, put back."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug import Response
from wtforms.fields.choices import SelectChoice

from webapp import identity
from webapp.extensions import db
from webapp.forms.numbers import row_number
from webapp.forms.refusals import attach
from webapp.forms.sections import NewSectionForm, SectionForm
from webapp.models.module import Module
from webapp.services import module_overview
from webapp.services import sections as use_cases
from webapp.services.errors import Refused
from webapp.services.sections import EditConsequences, EditedMeanwhileError

blueprint = Blueprint("sections", __name__)

AT_START, AT_END = 0, -1


@blueprint.get("/teach/modules/<int:module_id>/sections/<int:section_id>")
@identity.allow("instructor")
def edit(module_id: int, section_id: int) -> str:
    """A section's heading and text; `?version=` shows an earlier wording, to be saved again."""
    module = identity.require_module_to_teach(module_id)
    page = use_cases.get_edit_page(
        db.session, module, section_id, request.args.get("version", type=row_number)
    )
    form = SectionForm(
        data={
            "heading": page.shown.heading,
            "text": page.text,
            "based_on": page.section.current_version_id,
        }
    )
    return render_template("sections/edit.html", module=module, page=page, form=form, consequences=None)


@blueprint.post("/teach/modules/<int:module_id>/sections/<int:section_id>")
@identity.allow("instructor")
def edit_submit(module_id: int, section_id: int) -> Response | tuple[str, int]:
    """Save; but first say which questions would lose their sentence, and never over somebody else's words."""
    module = identity.require_module_to_teach(module_id)
    form = SectionForm()
    consequences = None
    try:
        if form.validate_on_submit():
            consequences = _save(module, section_id, form)
            if consequences.is_saved:
                _tell(consequences)
                return _to(module, section_id)
    except EditedMeanwhileError as conflict:
        return _both_wordings(module, section_id, form, conflict)
    except Refused as refusal:
        attach(form, refusal)
    page = use_cases.get_edit_page(db.session, module, section_id)
    return render_template(
        "sections/edit.html", module=module, page=page, form=form, consequences=consequences
    ), 422


def _save(module: Module, section_id: int, form: SectionForm) -> EditConsequences:
    return use_cases.edit_section(
        db.session,
        module,
        section_id,
        use_cases.Wording(form.heading.data or "", form.text.data or "", form.based_on.data),
        by=identity.person_for_write().id,
        is_confirmed=bool(form.confirmed.data),
    )


def _both_wordings(
    module: Module, section_id: int, form: SectionForm, conflict: EditedMeanwhileError
) -> tuple[str, int]:
    """Both texts on one page: theirs as saved, this person's still in the form, now based on theirs."""
    page = use_cases.get_edit_page(db.session, module, section_id)
    form.based_on.process_data(conflict.current.id)
    form.based_on.raw_data = None
    return render_template("sections/conflict.html", module=module, page=page, form=form), 409


def _tell(consequences: EditConsequences) -> None:
    if not consequences.changes_text:
        flash(_("Nothing had changed."), "success")
        return
    flash(_("Saved. What learners have answered keeps the old wording."), "success")
    lost, back = len(consequences.in_use) + len(consequences.doubtful), consequences.back
    if lost:
        text = ngettext(
            "%(num)d question left the quiz and waits for your review.",
            "%(num)d questions left the quiz and wait for your review.",
            lost,
        )
        flash(text, "warning")
    if back:
        text = ngettext(
            "%(num)d question has its sentence again; accept it to ask it.",
            "%(num)d questions have their sentences again; accept them to ask them.",
            back,
        )
        flash(text, "success")


@blueprint.get("/teach/modules/<int:module_id>/sections/new")
@identity.allow("instructor")
def new(module_id: int) -> str:
    """An empty section, at the end or behind another."""
    module = identity.require_module_to_teach(module_id)
    form = NewSectionForm(after=request.args.get("after", AT_END, type=row_number))
    return _new_page(module, form)


@blueprint.post("/teach/modules/<int:module_id>/sections/new")
@identity.allow("instructor")
def new_submit(module_id: int) -> Response | tuple[str, int]:
    """Add it."""
    module = identity.require_module_to_teach(module_id)
    form = NewSectionForm()
    form.after.choices = _places(module)
    if form.validate_on_submit():
        try:
            section = use_cases.add_section(
                db.session,
                module,
                heading=form.heading.data or "",
                text=form.text.data or "",
                after_id=form.after.data,
                by=identity.person_for_write().id,
            )
            flash(_("Added. Make questions for it, or write your own."), "success")
            return _to(module, section.id)
        except Refused as refusal:
            attach(form, refusal)
    return _new_page(module, form), 422


@blueprint.post("/teach/modules/<int:module_id>/sections/<int:section_id>/move")
@identity.allow("instructor")
def move(module_id: int, section_id: int) -> Response:
    """One place up or down."""
    module = identity.require_module_to_teach(module_id)
    direction: use_cases.Direction = "up" if request.form.get("direction") == "up" else "down"
    use_cases.move_section(db.session, module, section_id, direction)
    return _to(module, section_id)


@blueprint.post("/teach/modules/<int:module_id>/sections/<int:section_id>/remove")
@identity.allow("instructor")
def remove(module_id: int, section_id: int) -> Response:
    """Take it out of the module; the module's page offers to put it back."""
    module = identity.require_module_to_teach(module_id)
    use_cases.remove_section(db.session, module, section_id)
    flash(_("Removed. You can put it back below; its questions and answers are kept."), "success")
    return redirect(url_for("modules.show", module_id=module.id, _anchor="removed"), 303)


@blueprint.post("/teach/modules/<int:module_id>/sections/<int:section_id>/restore")
@identity.allow("instructor")
def restore(module_id: int, section_id: int) -> Response:
    """Put it back where it was."""
    module = identity.require_module_to_teach(module_id)
    use_cases.restore_section(db.session, module, section_id)
    flash(_("The section is back where it was."), "success")
    return _to(module, section_id)


def _new_page(module: Module, form: NewSectionForm) -> str:
    form.after.choices = _places(module)
    return render_template("sections/new.html", module=module, form=form)


def _places(module: Module) -> list[SelectChoice]:
    lines = module_overview.get_overview(db.session, module).sections
    behind = [
        SelectChoice(
            line.section.id,
            _("After %(number)d: %(name)s", number=line.number, name=line.heading or _("Introduction")),
        )
        for line in lines
    ]
    return [SelectChoice(AT_START, _("At the start")), *behind, SelectChoice(AT_END, _("At the end"))]


def _to(module: Module, section_id: int) -> Response:
    return redirect(url_for("modules.show", module_id=module.id, _anchor=f"section-{section_id}"), 303)
