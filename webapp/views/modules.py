"""Modules as their instructors see them: list, overview, details, publishing, copying, deleting, undo."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response
from werkzeug.exceptions import HTTPException
from wtforms.fields.choices import SelectChoice

from questions.reading import documents
from questions.reading.article import Article
from webapp import identity, jobs
from webapp.extensions import db, limiter
from webapp.forms import item_words
from webapp.forms.modules import CopyForm, DetailsForm, DraftForm, ImportForm
from webapp.forms.numbers import row_number
from webapp.forms.refusals import attach
from webapp.models.module import ImportDraft, Module
from webapp.services import (
    audit,
    coverage,
    draft_cut,
    generation,
    import_drafts,
    module_copy,
    module_overview,
)
from webapp.services import modules as use_cases
from webapp.services.access import Person
from webapp.services.errors import Refused

blueprint = Blueprint("modules", __name__)
MAX_PLACE_DIGITS = 9

IMPORTS_AN_HOUR = "300 per hour"
"""From one address: each reads up to 2 MB; a whole staff room may share one."""


@blueprint.get("/teach")
@identity.allow("instructor")
def index() -> str:
    """All modules this person teaches, what they have not finished importing, and what was deleted."""
    person = _instructor()
    return render_template(
        "modules/index.html",
        modules=module_overview.list_modules(db.session, person),
        drafts=import_drafts.list_drafts(db.session, person.id),
        just_deleted=request.args.get("deleted", type=row_number),
    )


@blueprint.get("/teach/modules/<int:module_id>")
@identity.allow("instructor")
def show(module_id: int) -> str:
    """One module: its state, what it needs, its sections, what can be done."""
    module = identity.require_module_to_teach(module_id)
    overview = module_overview.get_overview(db.session, module)
    present = [line.section for line in overview.sections]
    return render_template(
        "modules/show.html",
        overview=overview,
        coverage=coverage.list_coverage(db.session, module, present),
        words=item_words,
    )


@blueprint.get("/teach/modules/<int:module_id>/details")
@identity.allow("instructor")
def edit_details(module_id: int) -> str:
    """Title, standfirst, source and language."""
    module = identity.require_module_to_teach(module_id)
    return render_template("modules/details.html", module=module, form=DetailsForm(obj=module))


@blueprint.post("/teach/modules/<int:module_id>/details")
@identity.allow("instructor")
def edit_details_submit(module_id: int) -> Response | tuple[str, int]:
    """Keep them."""
    module = identity.require_module_to_teach(module_id)
    form = DetailsForm()
    if not form.validate_on_submit():
        return render_template("modules/details.html", module=module, form=form), 422
    use_cases.rename_module(
        db.session,
        module,
        title=form.title.data or "",
        standfirst=form.standfirst.data or "",
        source_note=form.source_note.data or "",
        language=form.language.data,
    )
    flash(_("Saved."), "success")
    return _to(module)


@blueprint.post("/teach/modules/<int:module_id>/publish")
@identity.allow("instructor")
def publish(module_id: int) -> Response:
    """Open the module to its readers."""
    module = identity.require_module_to_teach(module_id)
    try:
        publication = use_cases.publish_module(db.session, module)
    except Refused as refusal:
        flash(refusal.message, "error")
        return _to(module)
    audit.record("module.publish", f"module:{module.id}")
    if publication.questions:
        flash(_("Published. Readers can open the module now."), "success")
    else:
        flash(
            _("Published without questions: readers can open the text, and nothing is asked after it."),
            "warning",
        )
    return _to(module)


@blueprint.post("/teach/modules/<int:module_id>/unpublish")
@identity.allow("instructor")
def unpublish(module_id: int) -> Response:
    """Close the module to its readers."""
    module = identity.require_module_to_teach(module_id)
    use_cases.unpublish_module(db.session, module)
    audit.record("module.unpublish", f"module:{module.id}")
    flash(_("No longer published. What learners answered is kept."), "success")
    return _to(module)


@blueprint.get("/teach/modules/<int:module_id>/copy")
@identity.allow("instructor")
def copy(module_id: int) -> str:
    """What the copy is to be called."""
    module = identity.require_module_to_teach(module_id)
    form = CopyForm(title=_("Copy of %(title)s", title=module.title)[: use_cases.MAX_TITLE_LENGTH])
    return render_template("modules/copy.html", module=module, form=form)


@blueprint.post("/teach/modules/<int:module_id>/copy")
@identity.allow("instructor")
def copy_submit(module_id: int) -> Response | tuple[str, int]:
    """Make the copy, as a draft."""
    module = identity.require_module_to_teach(module_id)
    form = CopyForm()
    if not form.validate_on_submit():
        return render_template("modules/copy.html", module=module, form=form), 422
    person = identity.person_for_write()
    made = module_copy.copy_module(db.session, module, title=form.title.data or "", by=person.id)
    flash(_("This is the copy, as a draft. Nobody's answers were copied."), "success")
    return _to(made)


@blueprint.post("/teach/modules/<int:module_id>/delete")
@identity.allow("instructor")
def delete(module_id: int) -> Response:
    """Hide the module. The list offers to take that back."""
    module = identity.require_module_to_teach(module_id, include_deleted=True)
    use_cases.delete_module(db.session, module)
    audit.record("module.delete", f"module:{module.id}")
    return redirect(url_for(".index", deleted=module.id), 303)


@blueprint.post("/teach/modules/<int:module_id>/restore")
@identity.allow("instructor")
def restore(module_id: int) -> Response:
    """Bring a deleted module back."""
    module = identity.require_module_to_teach(module_id, include_deleted=True)
    use_cases.restore_module(db.session, module)
    audit.record("module.restore", f"module:{module.id}")
    flash(_("The module is back, as it was."), "success")
    return _to(module)


@blueprint.get("/teach/import")
@identity.allow("instructor")
def new() -> str:
    """A file or a pasted text."""
    return render_template("modules/new.html", form=ImportForm())


@blueprint.post("/teach/import")
@limiter.limit(lambda: IMPORTS_AN_HOUR)
@identity.allow("instructor")
def new_submit() -> Response | tuple[str, int]:
    """Read it and show its cut; what was pasted is kept where it is refused."""
    form = ImportForm()
    person = identity.person_for_write()
    if form.validate_on_submit():
        try:
            article, filename = _read(form)
            draft = import_drafts.start_draft(db.session, article, filename=filename, by=person.id)
            return redirect(url_for(".draft", draft_id=draft.id), 303)
        except Refused as refusal:
            attach(form, refusal)
    return render_template("modules/new.html", form=form), 422


def _read(form: ImportForm) -> tuple[Article, str]:
    upload, text = form.file.data, form.text.data or ""
    if upload and text.strip():
        raise Refused("file", _("Give a file or paste a text, not both: which of the two is meant?"))
    if upload:
        with upload.stream as stream:
            return import_drafts.read_upload(stream.read(), upload.filename), upload.filename
    if not text.strip():
        raise Refused("file", _("Choose a file, or paste the text below."))
    return import_drafts.read_pasted(text), ""


@blueprint.get("/teach/import/<int:draft_id>")
@identity.allow("instructor")
def draft(draft_id: int) -> str:
    """The cut of what was read, to be looked at and changed."""
    found = import_drafts.get_draft(db.session, draft_id, _instructor().id)
    form = DraftForm(data={"title": found.title, "standfirst": found.standfirst, "sections": found.sections})
    return _draft_page(form, found)


@blueprint.post("/teach/import/<int:draft_id>")
@identity.allow("instructor")
def draft_submit(draft_id: int) -> Response | tuple[str, int]:
    """Keep the cut as it stands in the browser, then do what the pressed button says."""
    person = identity.person_for_write()
    found = import_drafts.get_draft(db.session, draft_id, person.id)
    form = DraftForm()
    form.course_id.choices = _courses(person)
    action, _dash, place = request.form.get("action", "keep").partition("-")
    if not form.validate_on_submit():
        return _draft_page(form, found), 422
    import_drafts.keep_cut(db.session, found, _cut(form))
    if action not in {"save", "generate"}:
        return _draft_step(found, action, place)
    try:
        module = import_drafts.save_draft(db.session, found, course_id=form.course_id.data, by=person.id)
    except Refused as refusal:
        attach(form, refusal)
        return _draft_page(form, found), 422
    if action == "generate":
        payload = generation.payload(db.session, module)
        job = jobs.enqueue(db.session, generation.JOB_KIND, payload, module.id, person.id)
        return redirect(url_for("generation.show", job_id=job.id), 303)
    flash(_("Saved as a draft module. Make questions for it, or write your own."), "success")
    return _to(module)


def _draft_step(found: ImportDraft, action: str, place: str) -> Response:
    if action == "keep" or not place.isdecimal() or len(place) > MAX_PLACE_DIGITS:
        flash(_("Kept as it stands. You can go on here any time."), "success")
        return redirect(url_for(".draft", draft_id=found.id), 303)
    number = int(place)
    detail = request.form.get(f"split-{number}", default=0, type=row_number)
    import_drafts.change_cut(db.session, found, action, number, detail)
    shown = number + {"join": -1, "up": -1, "down": 1, "split": 1, "add": 1}.get(action, 0)
    shown = min(max(shown, 0), len(found.sections) - 1)
    return redirect(url_for(".draft", draft_id=found.id, _anchor=f"section-{shown + 1}"), 303)


@blueprint.post("/teach/import/<int:draft_id>/discard")
@identity.allow("instructor")
def discard_draft(draft_id: int) -> Response:
    """Throw the draft away."""
    person = identity.person_for_write()
    found = import_drafts.get_draft(db.session, draft_id, person.id)
    import_drafts.discard_draft(db.session, found)
    flash(_("The import was thrown away."), "success")
    return redirect(url_for(".index"), 303)


@blueprint.errorhandler(413)
def too_large(_error: HTTPException) -> tuple[str, int]:
    """A file so large that it was not even read: the same page and words as for one a little too large."""
    form = ImportForm(formdata=None)
    size, limit = request.content_length or 0, documents.BYTE_LIMIT
    form.file.errors = [
        _(
            "This file has about %(size)s bytes; the limit is 2 MB (%(limit)s bytes, %(over)s too many). "
            "Split it into several articles.",
            size=f"{size:,}",
            limit=f"{limit:,}",
            over=f"{max(size - limit, 0):,}",
        )
    ]
    return render_template("modules/new.html", form=form), 413


def _draft_page(form: DraftForm, found: ImportDraft) -> str:
    form.course_id.choices = _courses(_instructor())
    return render_template("modules/draft.html", form=form, draft=found, paragraphs=draft_cut.paragraphs)


def _cut(form: DraftForm) -> import_drafts.Cut:
    return import_drafts.Cut(form.title.data or "", form.standfirst.data or "", form.sections.data)


def _courses(person: Person) -> list[SelectChoice]:
    return [
        SelectChoice(course.id, course.title) for course in module_overview.list_courses(db.session, person)
    ]


def _instructor() -> Person:
    person = identity.current_account()
    if person is None:
        abort(403)
    return person


def _to(module: Module) -> Response:
    return redirect(url_for(".show", module_id=module.id), 303)
