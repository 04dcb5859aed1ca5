"""Quizzes of a module as whoever teaches it sees them: their rules, copying these, releasing results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from webapp import identity
from webapp.extensions import db
from webapp.forms import quiz_words
from webapp.forms.quizzes import RulesForm
from webapp.forms.refusals import attach
from webapp.services import audit, module_quizzes, rules_copying
from webapp.services import quiz_settings as use_cases
from webapp.services.quiz_settings import OthersRules, RefusedRules, Saved

if TYPE_CHECKING:
    from collections.abc import Sequence

    from werkzeug import Response

    from webapp.models.module import Module
    from webapp.services.quiz_settings import Rules
    from webapp.services.score_changes import ScoreChange

blueprint = Blueprint("quizzes", __name__)


@blueprint.get("/teach/modules/<int:module_id>/quizzes")
@identity.allow("instructor")
def index(module_id: int) -> str:
    """Every quiz with its rules in one line."""
    module = identity.require_module_to_teach(module_id)
    return render_template(
        "quizzes/index.html",
        module=module,
        lines=module_quizzes.list_quizzes(db.session, module),
        zone=module_quizzes.time_zone(db.session, module),
        words=quiz_words,
    )


@blueprint.post("/teach/modules/<int:module_id>/quizzes")
@identity.allow("instructor")
def prepare(module_id: int) -> Response:
    """Make the quizzes that are not there yet; publishing would do the same."""
    module = identity.require_module_to_teach(module_id)
    module_quizzes.prepare_quizzes(db.session, module)
    flash(_("Every section has its check now. Set their rules before readers come."), "success")
    return redirect(url_for(".index", module_id=module.id), 303)


@blueprint.get("/teach/modules/<int:module_id>/quizzes/<int:quiz_id>")
@identity.allow("instructor")
def edit(module_id: int, quiz_id: int) -> str:
    """The rules of one quiz."""
    module = identity.require_module_to_teach(module_id)
    return _page(module, quiz_id, _form(module, quiz_id))


@blueprint.post("/teach/modules/<int:module_id>/quizzes/<int:quiz_id>")
@identity.allow("instructor")
def edit_submit(module_id: int, quiz_id: int) -> Response | str | tuple[str, int]:
    """Save; or (the button "Use these rules") fill the fields in and show them again."""
    module = identity.require_module_to_teach(module_id)
    form = _form(module, quiz_id)
    if "use_preset" in request.form:
        is_filled = form.use_preset()
        return _page(module, quiz_id, form, is_filled=is_filled), 200 if is_filled else 422
    try:
        saved = _save(module, quiz_id, form)
    except OthersRules as others:
        form.look_again(others.now)
        return _page(module, quiz_id, form, others=others.now), 409
    if saved is None or not saved.is_saved:
        return _page(module, quiz_id, form, saved.score_changes if saved else ()), 422
    _tell(quiz_id, saved)
    return redirect(url_for(".edit", module_id=module.id, quiz_id=quiz_id), 303)


def _form(module: Module, quiz_id: int) -> RulesForm:
    quiz = use_cases.get_quiz(db.session, module, quiz_id)
    return RulesForm(module_quizzes.time_zone(db.session, module), quiz.kind, use_cases.rules_of(quiz))


def _save(module: Module, quiz_id: int, form: RulesForm) -> Saved | None:
    """What became of it; None where the form says what will not do. Raises OthersRules."""
    if not form.validate():
        return None
    try:
        return use_cases.save_rules(
            db.session,
            module,
            quiz_id,
            form.rules,
            seen=form.seen.data or "",
            confirmed=form.confirmed.data or None,
        )
    except RefusedRules as refused:
        for refusal in refused.refusals:
            attach(form, refusal)
    return None


def _page(
    module: Module,
    quiz_id: int,
    form: RulesForm,
    score_changes: Sequence[ScoreChange] = (),
    *,
    is_filled: bool = False,
    others: Rules | None = None,
) -> str:
    return render_template(
        "quizzes/edit.html",
        module=module,
        line=module_quizzes.quiz_line(db.session, module, quiz_id),
        form=form,
        score_changes=score_changes,
        counting=use_cases.counting_key(form.rules) if score_changes else "",
        is_filled=is_filled,
        theirs=use_cases.changes_between(others, form.rules) if others else {},
        words=quiz_words,
    )


def _tell(quiz_id: int, saved: Saved) -> None:
    if not saved.changes:
        flash(_("Nothing had changed."), "success")
        return
    audit.record("quiz.rules", f"quiz:{quiz_id}", saved.changes)
    flash(_("Saved. New attempts follow these rules."), "success")
    _tell_ends(saved.moved_ends)


def _tell_ends(moved: int) -> None:
    if moved:
        text = ngettext(
            "%(num)d attempt that is running ends at another time now.",
            "%(num)d attempts that are running end at another time now.",
            moved,
        )
        flash(text, "success")


@blueprint.post("/teach/modules/<int:module_id>/quizzes/<int:quiz_id>/release")
@identity.allow("instructor")
def release(module_id: int, quiz_id: int) -> Response | str:
    """Let learners see the results that wait; asks first, for it cannot be taken back."""
    module = identity.require_module_to_teach(module_id)
    line = module_quizzes.quiz_line(db.session, module, quiz_id)
    if line.waiting and request.form.get("confirmed") != "yes":
        return render_template("quizzes/release.html", module=module, line=line)
    released = module_quizzes.release_results(db.session, module, quiz_id)
    audit.record("quiz.release", f"quiz:{quiz_id}", {"attempts": released})
    text = ngettext("%(num)d result is released.", "%(num)d results are released.", released)
    flash(text, "success")
    return redirect(url_for(".index", module_id=module.id), 303)


@blueprint.post("/teach/modules/<int:module_id>/quizzes/<int:quiz_id>/copy")
@identity.allow("instructor")
def copy(module_id: int, quiz_id: int) -> Response | str:
    """Give the saved rules of a section's check to every other section; asks first, and says what changes."""
    module = identity.require_module_to_teach(module_id)
    if request.form.get("confirmed") != "yes":
        return render_template(
            "quizzes/copy.html",
            module=module,
            line=module_quizzes.quiz_line(db.session, module, quiz_id),
            plan=rules_copying.plan_copy(db.session, module, quiz_id),
            words=quiz_words,
        )
    done = rules_copying.copy_rules(db.session, module, quiz_id, request.form.get("seen", ""))
    for line, changes in done.targets:
        audit.record("quiz.rules", f"quiz:{line.quiz_id}", {"copied_from": quiz_id, **changes})
    text = ngettext(
        "%(num)d section has these rules now.", "%(num)d sections have these rules now.", len(done.targets)
    )
    flash(text, "success")
    _tell_ends(done.moved_ends)
    return redirect(url_for(".index", module_id=module.id), 303)
