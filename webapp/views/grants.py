"""Extra time and exceptions at a quiz, as whoever teaches it sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from webapp import identity
from webapp.extensions import db
from webapp.forms import quiz_words
from webapp.forms.grants import GrantForm
from webapp.forms.numbers import row_number
from webapp.forms.refusals import attach
from webapp.services import audit, module_quizzes
from webapp.services import grants as use_cases
from webapp.services.grants import OthersGrant
from webapp.services.quiz_settings import RefusedRules

if TYPE_CHECKING:
    from werkzeug import Response

    from webapp.models.module import Module
    from webapp.services.grants import GrantLine, GrantPage, Outcome

blueprint = Blueprint("grants", __name__)


@blueprint.get("/teach/modules/<int:module_id>/quizzes/<int:quiz_id>/grants")
@identity.allow("instructor")
def index(module_id: int, quiz_id: int) -> str:
    """What is granted, and a form for more; `?grant=` opens one to be changed."""
    module = identity.require_module_to_teach(module_id)
    page = use_cases.grant_page(db.session, module, quiz_id)
    line = _line(page)
    return _page(module, quiz_id, page, line, _form(module, page, line))


@blueprint.post("/teach/modules/<int:module_id>/quizzes/<int:quiz_id>/grants")
@identity.allow("instructor")
def save(module_id: int, quiz_id: int) -> Response | tuple[str, int]:
    """Add one; or, where the form names it (`?grant=`), change it."""
    module = identity.require_module_to_teach(module_id)
    page = use_cases.grant_page(db.session, module, quiz_id)
    line = _line(page)
    form = _form(module, page, line)
    try:
        outcome = _save(module, quiz_id, line, form)
    except OthersGrant as others:
        form.look_again(others.now)
        page = use_cases.grant_page(db.session, module, quiz_id)
        return _page(module, quiz_id, page, others.now, form, is_others=True), 409
    if outcome is None:
        return _page(module, quiz_id, page, line, form), 422
    _tell(outcome, _("Granted.") if line is None else _("Changed."))
    return redirect(url_for(".index", module_id=module.id, quiz_id=quiz_id), 303)


@blueprint.post("/teach/modules/<int:module_id>/grants/<int:grant_id>/remove")
@identity.allow("instructor")
def remove(module_id: int, grant_id: int) -> Response | str:
    """Take one back, after asking; the page it came from (`quiz`) is the next one."""
    module = identity.require_module_to_teach(module_id)
    quiz_id = request.form.get("quiz", type=row_number)
    if quiz_id is not None and request.form.get("confirmed") != "yes":
        return _ask(module, quiz_id, grant_id)
    outcome = use_cases.remove_grant(db.session, module, grant_id)
    _tell(outcome, _("Removed. The rules of the quiz hold again."))
    quiz_id = quiz_id or outcome.quiz_id
    if quiz_id is None:
        return redirect(url_for("quizzes.index", module_id=module.id), 303)
    return redirect(url_for(".index", module_id=module.id, quiz_id=quiz_id), 303)


def _ask(module: Module, quiz_id: int, grant_id: int) -> str:
    page = use_cases.grant_page(db.session, module, quiz_id)
    return render_template(
        "quizzes/remove_grant.html",
        module=module,
        quiz=module_quizzes.quiz_line(db.session, module, quiz_id),
        page=page,
        line=page.line(grant_id),
        zone=module_quizzes.time_zone(db.session, module),
        words=quiz_words,
    )


def _line(page: GrantPage) -> GrantLine | None:
    """The grant that the address names, if it names one."""
    grant_id = request.args.get("grant", type=row_number)
    return None if grant_id is None else page.line(grant_id)


def _form(module: Module, page: GrantPage, line: GrantLine | None) -> GrantForm:
    return GrantForm(module_quizzes.time_zone(db.session, module), page, line)


def _save(module: Module, quiz_id: int, line: GrantLine | None, form: GrantForm) -> Outcome | None:
    """What became of it; None where the form says what will not do. Raises OthersGrant."""
    if not form.validate():
        return None
    try:
        if line is not None:
            seen = form.seen.data or ""
            return use_cases.change_grant(db.session, module, quiz_id, line.id, form.granted, seen=seen)
        by = identity.person_for_write().id
        return use_cases.add_grant(db.session, module, quiz_id, form.wish, by=by)
    except RefusedRules as refused:
        for refusal in refused.refusals:
            attach(form, refusal)
    return None


def _page(
    module: Module,
    quiz_id: int,
    page: GrantPage,
    line: GrantLine | None,
    form: GrantForm,
    *,
    is_others: bool = False,
) -> str:
    return render_template(
        "quizzes/grants.html",
        module=module,
        quiz=module_quizzes.quiz_line(db.session, module, quiz_id),
        page=page,
        line=line,
        form=form,
        is_others=is_others,
        words=quiz_words,
    )


def _tell(outcome: Outcome, text: str) -> None:
    audit.record(outcome.action, outcome.subject, outcome.detail)
    flash(text, "success")
    if outcome.moved_ends:
        moved = ngettext(
            "%(num)d attempt that is running ends at another time now.",
            "%(num)d attempts that are running end at another time now.",
            outcome.moved_ends,
        )
        flash(moved, "success")
