"""How a person likes to read: kept on the account, for strangers in a cookie, and in the first HTML."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, g, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from webapp import identity
from webapp.extensions import db
from webapp.security import local_page
from webapp.services import accounts
from webapp.services import preferences as services
from webapp.services.preferences import Preferences

blueprint = Blueprint("preferences", __name__)


@blueprint.post("/preferences")
@identity.allow("everyone")
def save() -> AnyResponse:
    """Change what the form names; anything else in it is left alone."""
    changed = current_preferences().changed(request.form)
    person = identity.current_account()
    answer = _answer()
    if person is not None:
        accounts.change_preferences(db.session, person.id, changed.to_json())
    else:
        _set_cookie(answer, changed)
    return answer


def _answer() -> AnyResponse:
    if request.accept_mimetypes.best == "application/json":
        return Response(status=204)
    page = local_page(request.form.get("next")) or url_for("reading.catalogue")
    return make_response(redirect(page, 303))


def _set_cookie(answer: AnyResponse, preferences: Preferences) -> None:
    config = current_app.config
    answer.set_cookie(
        _cookie_name(),
        preferences.to_cookie(),
        max_age=identity.COOKIE_LASTS,
        path=config["SESSION_COOKIE_PATH"],
        secure=config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite=config["SESSION_COOKIE_SAMESITE"],
    )


def _cookie_name() -> str:
    return f"{current_app.config['SESSION_COOKIE_NAME']}-preferences"


def current_preferences() -> Preferences:
    """How whoever asks likes to read."""
    if "preferences" not in g:
        person = identity.current_account()
        stored = person.preferences if person is not None else {}
        g.preferences = (
            services.from_json(stored)
            if stored
            else services.from_cookie(request.cookies.get(_cookie_name(), ""))
        )
    preferences: Preferences = g.preferences
    return preferences


@blueprint.app_context_processor
def _in_every_template() -> dict[str, Preferences]:
    return {"preferences": current_preferences()}
