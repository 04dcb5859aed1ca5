"""What is there to read: the catalogue, a module's contents, the page of a section."""

from __future__ import annotations

import re
from functools import lru_cache

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webapp import identity
from webapp.extensions import db
from webapp.forms.attempts import new_client_id
from webapp.forms.numbers import row_number
from webapp.services import access
from webapp.services import catalogue as services
from webapp.services import reading as section_services
from webapp.services.section_html import mark_evidence
from webapp.views.language import current_language

blueprint = Blueprint("reading", __name__)

MAX_PAGE = 10_000
_MARK = re.compile(r"([0-9]{1,7})-([0-9]{1,7})")


@blueprint.get("/")
@identity.allow("everyone")
def catalogue() -> str:
    """Every module that whoever asks may read."""
    page = min(max(request.args.get("page", 1, type=row_number), 1), MAX_PAGE)
    return render_template(
        "reading/catalogue.html",
        page=services.list_catalogue(db.session, _account_id(), page),
        minutes_to_read=services.minutes_to_read,
    )


@blueprint.get("/m/<slug>")
@identity.allow("everyone")
def module(slug: str) -> str:
    """The contents of a module, and where to go on."""
    found = identity.require_module_to_read(slug)
    is_staff = access.teaches(identity.current_account(), found)
    page = services.open_module(db.session, found, _account_id(), is_staff=is_staff)
    return render_template("reading/module.html", module=found, page=page)


@blueprint.get("/m/<slug>/<int:number>")
@identity.allow("everyone")
def section(slug: str, number: int) -> str:
    """The text of a section, with the check beside it."""
    found = identity.require_module_to_read(slug)
    page = section_services.read_section(
        db.session,
        found,
        number,
        _account_id(),
        wants_newest_text=request.args.get("text") == "new",
        is_staff=access.teaches(identity.current_account(), found),
    )
    asked = [] if page.is_older_text else _asked_mark()
    paragraph, caption, back = _words_of_text(current_language())
    return render_template(
        "reading/section.html",
        module=found,
        page=page,
        text=mark_evidence(page.text.html, asked or page.evidence, paragraph, caption, "" if asked else back),
        errors=[],
        client_id=new_client_id(),
    )


@blueprint.post("/m/<slug>/<int:number>/open")
@identity.allow("everyone")
def open_section(slug: str, number: int) -> Response:
    """Go to a section and remember it as the place to continue."""
    found = identity.require_module_to_read(slug)
    person = identity.person_for_write()
    left = request.form.get("left", type=row_number)
    is_staff = access.teaches(person, found)
    section_services.open_section(db.session, person.id, found, number, left=left, is_staff=is_staff)
    slot = request.form.get("slot", 0, type=row_number)
    return redirect(
        url_for("reading.section", slug=slug, number=number, _anchor=f"q{slot}" if slot > 0 else None), 303
    )


@blueprint.post("/m/<slug>/<int:number>/finish")
@identity.allow("everyone")
def finish_section(slug: str, number: int) -> Response:
    """Leave the last section for the contents."""
    found = identity.require_module_to_read(slug)
    person = identity.person_for_write()
    is_staff = access.teaches(person, found)
    section_services.finish_reading(db.session, person.id, found, number, is_staff=is_staff)
    return redirect(url_for("reading.module", slug=slug), 303)


@lru_cache
def _words_of_text(_language: str) -> tuple[str, str, str]:
    return _("Paragraph %s"), _("Evidence for question %s"), _("Back to question %s")


def _account_id() -> int | None:
    person = identity.current_account()
    return person.id if person else None


def _asked_mark() -> list[tuple[int, int, str]]:
    """One place of the text that a result's link asks to be marked: `?mark=<start>-<end>&question=<n>`."""
    span = _MARK.fullmatch(request.args.get("mark", ""))
    question = request.args.get("question", 0, type=row_number)
    if span is None or question < 1:
        return []
    return [(int(span[1]), int(span[2]), str(question))]
