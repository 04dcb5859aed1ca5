"""Who is signed in and what they may do.

Belongs here: the current account, guests, access levels of routes. Only this file and models/account.py know
flask_security.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from webapp.config import Settings
from webapp.database import SAFE_METHODS
from webapp.extensions import db
from webapp.models.module import Module
from webapp.services import access, accounts
from webapp.services.access import LEVELS, Level, Person, Verdict

ViewFunction = TypeVar("ViewFunction", bound=Callable[..., Any])

LOGIN_KEY = "login"
"""Where the signed cookie keeps the token of its `login_session` row."""
OPEN_ENDPOINTS = frozenset({"static"})
"""Flask's own route of files that are for everybody."""


def allow(level: Level) -> Callable[[ViewFunction], ViewFunction]:
    """Say for whom a view is. Every view says it; one that does not is refused at run time."""
    if level not in LEVELS:
        raise ValueError(f"{level!r} is no access level; there are {', '.join(sorted(LEVELS))}")

    def mark(view: ViewFunction) -> ViewFunction:
        view.access_level = level  # type: ignore[attr-defined] # read by _check_access and the matrix test
        return view

    return mark


def current_account() -> Person | None:
    """Who this request is from, guests included; None for a stranger, for whom nothing is asked."""
    if "person" not in g:
        token = session.get(LOGIN_KEY)
        g.person = _find_person(token) if token else None
    person: Person | None = g.person
    return person


def _find_person(token: str) -> Person | None:
    if request.method in SAFE_METHODS:
        return accounts.find_signed_in(db.session, token)
    # A session of its own, that only reads: the write lock is not taken before the view has something to
    # write, so that nobody waits while a password is hashed or a document is read.
    with db.sessionmaker() as reading:
        return accounts.find_signed_in(reading, token)


def person_for_write() -> Person:
    """Who this request is from; a stranger becomes a guest on this browser. For unsafe methods only."""
    person = current_account()
    if person is None:
        person, token = accounts.start_guest(db.session, request.user_agent.string)
        _remember(person, token)
    return person


def _remember(person: Person, token: str) -> None:
    """Make this browser's cookie, from now on, that of `person`. Nothing of the former session is left."""
    session.clear()
    session.permanent = True
    session[LOGIN_KEY] = token
    g.person = person


def require_module_to_read(slug: str) -> Module:
    """The module, if whoever asks may read it. Raises NotFound."""
    return access.get_module_to_read(db.session, current_account(), slug)


def require_module_to_teach(module_id: int, *, include_deleted: bool = False) -> Module:
    """The module, if whoever asks teaches its course. Raises NotFound."""
    return access.get_module_to_teach(
        db.session, current_account(), module_id, include_deleted=include_deleted
    )


def init_app(app: Flask, settings: Settings) -> None:  # noqa: ARG001 (used below soon)
    """Tie accounts and access levels to the application."""
    app.before_request(_check_access)
    app.jinja_env.globals["current_account"] = current_account


def _check_access() -> Response | None:
    """Refuse a request whose view is not for whoever asks, before the view runs."""
    endpoint = request.endpoint
    if endpoint is None or endpoint in OPEN_ENDPOINTS:
        return None
    level = getattr(current_app.view_functions[endpoint], "access_level", None)
    if level is None:
        raise RuntimeError(f"the view {endpoint} does not say for whom it is: identity.allow(...)")
    if level == "everyone":
        return None
    verdict = access.judge(level, current_account())
    if verdict is Verdict.ALLOWED:
        return None
    if verdict is Verdict.SIGN_IN:
        return redirect(url_for("accounts.sign_in", next=request.path), 303)
    return abort(403)
