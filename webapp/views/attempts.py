"""Answering: start an attempt, save answers one by one, check or hand in, see what came of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_limiter.util import get_remote_address
from werkzeug.wrappers import Response as AnyResponse

from webapp import identity
from webapp.extensions import db, limiter
from webapp.forms.attempts import POSITION, THEN, new_client_id, read_answers, typed_fields
from webapp.repositories.attempt_rows import AttemptRow
from webapp.repositories.courses import ReadableModule
from webapp.services import access, answers, attempts, clock, grading, receipts, results, turning
from webapp.services.answers import RefusedAnswers, SavedAnswer, SentAnswer
from webapp.services.errors import Refused
from webapp.services.reading import Entered, list_questions, read_section
from webapp.services.section_html import mark_evidence
from webapp.services.similar_asking import ask_similar
from webapp.services.starting import ACCESS_CODE

blueprint = Blueprint("attempts", __name__)

JSON_TYPE = "application/json"
MAX_CODE = 80
CODES_AN_HOUR, GUESTS_CODES_AN_HOUR = "60 per hour", "600 per hour"
"""Access codes tried by one account, and by guests from one address, where a whole school may sit."""


def _member() -> str:
    """Who is signed in, as a key; nothing for strangers and guests."""
    person = identity.current_account()
    return "" if person is None or person.is_guest else f"account-{person.id}"


limit_codes = limiter.shared_limit(
    lambda: CODES_AN_HOUR if _member() else GUESTS_CODES_AN_HOUR,
    scope="access codes",
    key_func=lambda: _member() or get_remote_address(),
    exempt_when=lambda: ACCESS_CODE not in request.form,
)


class StartOptions(TypedDict):
    """What starting takes beside who and where."""

    access_code: str
    is_preview: bool


@blueprint.post("/m/<slug>/<int:number>/check")
@limit_codes
@identity.allow("everyone")
def start_section(slug: str, number: int) -> AnyResponse:
    """Start the check of a section; a stranger becomes a guest by it."""
    module = identity.require_module_to_read(slug)
    person = identity.person_for_write()
    try:
        attempts.start_section_check(db.session, person.id, module, number, **_start_options(module))
    except Refused as refused:
        return _to_offer(refused, "reading.section", slug=slug, number=number)
    return redirect(url_for("reading.section", slug=slug, number=number, _anchor="q1"), 303)


@blueprint.post("/m/<slug>/quiz")
@limit_codes
@identity.allow("everyone")
def start_module(slug: str) -> AnyResponse:
    """Start the quiz at the end of a module."""
    module = identity.require_module_to_read(slug)
    person = identity.person_for_write()
    try:
        attempt_id = attempts.start_module_quiz(db.session, person.id, module, **_start_options(module))
    except Refused as refused:
        return _to_offer(refused, "reading.module", slug=slug)
    return redirect(url_for("attempts.show", attempt_id=attempt_id), 303)


@blueprint.get("/attempts/<int:attempt_id>")
@identity.allow("person")
def show(attempt_id: int) -> str | AnyResponse:
    """Go on with an attempt: the page of the module's quiz; a section's check stands beside its text."""
    attempt = results.get_own_attempt(db.session, _me(), attempt_id)
    if attempt.kind == "section" or not attempt.is_open:
        return redirect(_place(attempt), 303)
    return _quiz_page(attempt, Entered())


@blueprint.get("/attempts/<int:attempt_id>/clock")
@identity.allow("person")
def clock_of(attempt_id: int) -> Response:
    """What an open page asks of the server: how much time is left, and whether another window saved."""
    attempt = results.get_own_attempt(db.session, _me(), attempt_id)
    response = jsonify(
        now=clock.now().isoformat(),
        deadline_at=attempt.deadline_at.isoformat() if attempt.deadline_at else None,
        is_open=attempt.is_open,
        sequence=attempt.sequence,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/attempts/<int:attempt_id>/responses")
@identity.allow("person")
def save(attempt_id: int) -> AnyResponse:
    """Save answers: of one question by a script, of every question by a plain form."""
    sent = read_answers(request.form)
    try:
        saved = answers.save_responses(db.session, _me(), attempt_id, sent) if sent else []
    except RefusedAnswers as refused:
        if _wants_json():
            raise
        return _refused_page(attempt_id, sent, refused.problems)
    if saved and _wants_json():
        return _reply(saved[-1])
    _tell_kept(saved)
    attempt, then = results.get_own_attempt(db.session, _me(), attempt_id), request.form.get(THEN, "")
    if then == "confirm":
        return redirect(url_for("attempts.confirm", attempt_id=attempt_id), 303)
    if then in {"next", "previous"}:
        turning.turn_page(db.session, attempt, 1 if then == "next" else -1)
    return redirect(_place(attempt, "check"), 303)


@blueprint.post("/attempts/<int:attempt_id>/<int:position>/check")
@identity.allow("person")
def check(attempt_id: int, position: int) -> AnyResponse:
    """Save what the form holds and grade one question for good."""
    sent = read_answers(request.form)
    try:
        attempt = grading.check_slot(db.session, _me(), attempt_id, position, sent)
    except RefusedAnswers as refused:
        return _refused_page(attempt_id, sent, refused.problems)
    except Refused as refused:
        return _refused_page(attempt_id, sent, {position: refused.message})
    return redirect(_place(attempt, f"q{position}"), 303)


@blueprint.post("/attempts/<int:attempt_id>/<int:position>/similar")
@identity.allow("person")
def similar(attempt_id: int, position: int) -> AnyResponse:
    """Save what the form holds, and ask a similar question after one that was missed."""
    sent = read_answers(request.form) if POSITION in request.form else []
    try:
        attempt, new = ask_similar(db.session, _me(), attempt_id, position, sent)
    except RefusedAnswers as refused:
        return _refused_page(attempt_id, sent, refused.problems)
    return redirect(_place(attempt, f"q{new}"), 303)


@blueprint.get("/attempts/<int:attempt_id>/answers")
@identity.allow("person")
def confirm(attempt_id: int) -> str | AnyResponse:
    """Every answer in words, before it is handed in."""
    page = results.list_answers(db.session, _me(), attempt_id)
    if not page.attempt.is_open:
        return redirect(_place(page.attempt), 303)
    return render_template("attempts/confirm.html", page=page, questions=_place(page.attempt))


@blueprint.post("/attempts/<int:attempt_id>/<int:position>/visit")
@identity.allow("person")
def visit(attempt_id: int, position: int) -> AnyResponse:
    """Go to one question of a quiz that shows one at a time."""
    attempt = results.get_own_attempt(db.session, _me(), attempt_id)
    turning.go_to(db.session, attempt, position)
    return redirect(_place(attempt, "check"), 303)


@blueprint.post("/attempts/<int:attempt_id>/submit")
@identity.allow("person")
def submit(attempt_id: int) -> AnyResponse:
    """Hand the attempt in."""
    attempt = grading.submit_attempt(db.session, _me(), attempt_id)
    if attempt.kind == "section" and attempt.section_number is not None:
        return redirect(_place(attempt, "check-foot"), 303)
    return redirect(url_for("attempts.result", attempt_id=attempt_id), 303)


@blueprint.get("/attempts/<int:attempt_id>/result")
@identity.allow("person")
def result(attempt_id: int) -> str:
    """What came of it, by section and level, with the evidence."""
    page = results.show_result(db.session, _me(), attempt_id)
    return render_template("attempts/result.html", page=page)


@blueprint.get("/attempts/<int:attempt_id>/receipt")
@identity.allow("person")
def receipt(attempt_id: int) -> Response:
    """The signed receipt, as a file to keep."""
    secret = str(current_app.secret_key)
    made = receipts.make_receipt(db.session, _me(), attempt_id, secret)
    response = make_response(json.dumps(made, indent=2, ensure_ascii=False))
    response.headers["Content-Type"] = "application/json; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="readcheck-receipt-{attempt_id}.json"'
    return response


def _me() -> int:
    person = identity.current_account()
    if person is None:
        raise RuntimeError("a page for persons was reached by a stranger")
    return person.id


def _wants_json() -> bool:
    return request.headers.get("Accept", "").startswith(JSON_TYPE)


def _reply(saved: SavedAnswer) -> Response:
    return jsonify(
        position=saved.position,
        sequence=saved.sequence,
        stored=saved.response,
        saved_at=saved.saved_at.isoformat() if saved.saved_at else None,
    )


def _place(attempt: AttemptRow, anchor: str = "check") -> str:
    """Where a person goes on with, or looks at, their attempt."""
    if attempt.kind == "section" and attempt.section_number is not None:
        return url_for(
            "reading.section", slug=attempt.module_slug, number=attempt.section_number, _anchor=anchor
        )
    if attempt.is_open and attempt.kind == "module":
        return url_for("attempts.show", attempt_id=attempt.id)
    if attempt.is_released or attempt.is_waiting:
        return url_for("attempts.result", attempt_id=attempt.id)
    return url_for("reading.module", slug=attempt.module_slug)


def _start_options(module: ReadableModule) -> StartOptions:
    """The access code that was entered; and whoever looks after the module only tries it out."""
    code = request.form.get(ACCESS_CODE, "")[:MAX_CODE]
    return {"access_code": code, "is_preview": access.teaches(identity.current_account(), module)}


def _to_offer(refused: Refused, endpoint: str, **values: Any) -> AnyResponse:  # noqa: ANN401 (url_for's own)
    """Back to where the code is asked for, with what was wrong with it."""
    db.session.rollback()
    flash(refused.message, "error")
    return redirect(url_for(endpoint, **values, _anchor="check" if "number" in values else "quiz"), 303)


def _tell_kept(saved: Sequence[SavedAnswer]) -> None:
    kept = [str(answer.position) for answer in saved if answer.is_kept]
    if kept:
        flash(
            _(
                "The answer that is saved stays, for it was checked or changed since: question %(numbers)s.",
                numbers=", ".join(kept),
            ),
            "warning",
        )


def _refused_page(attempt_id: int, sent: Sequence[SentAnswer], problems: Mapping[int, str]) -> AnyResponse:
    """The page again, with everything typed and what is wrong with it."""
    db.session.rollback()
    attempt = results.get_own_attempt(db.session, _me(), attempt_id)
    entered = Entered(typed_fields(sent), problems)
    if attempt.kind == "module" or attempt.section_number is None:
        return make_response(_quiz_page(attempt, entered), 422)
    module = identity.require_module_to_read(attempt.module_slug)
    is_staff = access.teaches(identity.current_account(), module)
    page = read_section(db.session, module, attempt.section_number, _me(), entered=entered, is_staff=is_staff)
    text = mark_evidence(
        page.text.html,
        page.evidence,
        _("Paragraph %s"),
        _("Evidence for question %s"),
        _("Back to question %s"),
    )
    shown = render_template(
        "reading/section.html",
        module=module,
        page=page,
        text=text,
        errors=_errors(entered),
        client_id=new_client_id(),
    )
    return make_response(shown, 422)


def _quiz_page(attempt: AttemptRow, entered: Entered) -> str:
    return render_template(
        "attempts/quiz.html",
        attempt=attempt,
        slots=list_questions(db.session, attempt, entered),
        errors=_errors(entered),
        client_id=new_client_id(),
    )


def _errors(entered: Entered) -> list[tuple[str, str]]:
    return [
        (f"q{position}", _("Question %(number)d: %(problem)s", number=position, problem=problem))
        for position, problem in sorted(entered.problems.items())
    ]
