"""Who is signed in and what they may do.

Belongs here: the current account, guests, signing in and out, access levels of routes. Only this file and
models/account.py know flask_security: it hashes and verifies passwords and knows how fresh a sign-in is;
pages, sessions and rights are ours.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

import flask_security
from flask import (
    Flask,
    abort,
    current_app,
    flash,
    g,
    jsonify,
    redirect,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_security.datastore import FSQLALiteUserDatastore
from flask_security.utils import check_and_update_authn_fresh, set_request_attr

from webapp import database
from webapp.config import Settings
from webapp.database import SAFE_METHODS
from webapp.extensions import db, limiter, security
from webapp.models.account import Account, Role
from webapp.models.module import Module
from webapp.repositories.courses import ReadableModule
from webapp.security import referring_page
from webapp.services import access, accounts, audit, guests, passwords, sign_in_limits
from webapp.services.access import LEVELS, Level, Person, Verdict
from webapp.services.errors import Forbidden, Refused
from webapp.turns import aside

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

ViewFunction = TypeVar("ViewFunction", bound=Callable[..., Any])

LOGIN_KEY = "login"
"""Where the signed cookie keeps the token of its `login_session` row."""
KNOWN_KEY = "known"
"""Where it keeps which accounts have been signed in in this browser (as hashes)."""
MAX_KNOWN_ACCOUNTS = 5
COOKIE_LASTS = timedelta(days=365)
FRESH_FOR = timedelta(hours=2)
"""What is hard to undo asks for a sign-in not older than this."""
FRESHNESS_GRACE = timedelta(minutes=30)
ARGON2_OWASP = {"argon2__memory_cost": 19_456, "argon2__time_cost": 2, "argon2__parallelism": 1}
ARGON2_FOR_TESTS = {"argon2__memory_cost": 8, "argon2__time_cost": 1, "argon2__parallelism": 1}
FORBIDDEN = 403

_hashing = Lock()
"""One hash at a time in each worker: 19 MiB and 20 ms of one core, however many sign in at once.

Readers need not wait for it: whoever hashes has stepped aside.
"""


# ---------------------------------------------------------------- access levels


def allow(level: Level, *, fresh: bool = False) -> Callable[[ViewFunction], ViewFunction]:
    """Say for whom a view is. Every view says it; one that does not is refused at run time.

    `fresh`: only for somebody who has given their password in the last two hours.
    """
    if level not in LEVELS:
        raise ValueError(f"{level!r} is no access level; there are {', '.join(sorted(LEVELS))}")

    def mark(view: ViewFunction) -> ViewFunction:
        view.access_level = level  # type: ignore[attr-defined] # read by _check_access and the matrix test
        view.needs_fresh_sign_in = fresh  # type: ignore[attr-defined] # as above
        return view

    return mark


def _check_access() -> AnyResponse | None:
    """Refuse a request whose view is not for whoever asks, before the view runs."""
    if request.endpoint is None:
        return None
    view = current_app.view_functions[request.endpoint]
    level = getattr(view, "access_level", None)
    if level is None:
        raise RuntimeError(f"the view {request.endpoint} does not say for whom it is: identity.allow(...)")
    if level == "everyone":
        return None
    verdict = access.judge(level, current_account())
    if verdict is Verdict.FORBIDDEN:
        return abort(FORBIDDEN)
    if verdict is Verdict.SIGN_IN:
        return _ask_to_sign_in(_("Please sign in first. Then this page will open."))
    if getattr(view, "needs_fresh_sign_in", False) and not _is_fresh():
        return _ask_to_sign_in(_("Please enter your password once more, because this is hard to undo."))
    return None


def _ask_to_sign_in(words: str) -> AnyResponse:
    if request.accept_mimetypes.best == "application/json":
        response = jsonify(error="sign_in", message=words)
        response.status_code = 401
        return response
    flash(words, "warning")
    came_from = request.full_path.rstrip("?") if request.method in SAFE_METHODS else referring_page()
    return redirect(url_for("accounts.sign_in", next=came_from), 303)


def _is_fresh() -> bool:
    set_request_attr("fs_paa", session.get("fs_paa"))
    return bool(check_and_update_authn_fresh(FRESH_FOR, FRESHNESS_GRACE))


def require_module_to_read(slug: str) -> ReadableModule:
    """The module, if whoever asks may read it. Raises NotFound."""
    return access.get_module_to_read(db.session, current_account(), slug)


def require_module_to_teach(module_id: int, *, include_deleted: bool = False) -> Module:
    """The module, if whoever asks teaches its course. Raises NotFound."""
    return access.get_module_to_teach(
        db.session, current_account(), module_id, include_deleted=include_deleted
    )


# ---------------------------------------------------------------- who it is


def current_account() -> Person | None:
    """Who this request is from, guests included; None for a stranger, for whom nothing is asked."""
    if "person" not in g:
        token = session.get(LOGIN_KEY)
        g.person = _find_person(token) if token else None
    person: Person | None = g.person
    return person


def require_person() -> Person:
    """Who this request is from, for views whose access level lets no stranger in."""
    person = current_account()
    if person is None:
        raise Forbidden
    return person


def _find_person(token: str) -> Person | None:
    if request.method in SAFE_METHODS:
        return accounts.find_signed_in(db.session.connection(), token)
    # A connection of its own, that only reads: the write lock is not taken before the view has something to
    # write, so that nobody waits while a password is hashed or a document is read.
    with database.one_read() as reading:
        return accounts.find_signed_in(reading, token)


def guest_id() -> int | None:
    """The guest behind this browser, whose work a new account takes over; None where there is no guest."""
    person = current_account()
    return person.id if person is not None and person.is_guest else None


def person_for_write() -> Person:
    """Who this request is from; a stranger becomes a guest on this browser. For unsafe methods only."""
    person = current_account()
    if person is None:
        person, token = accounts.start_guest(db.session, request.user_agent.string)
        # Nothing is cleared: a stranger's session holds no rights, and forms in other tabs stay valid.
        session.permanent = True
        session[LOGIN_KEY] = token
        g.person = person
    return person


# ---------------------------------------------------------------- signing in and out


def sign_in(name: str, password: str, *, is_shared: bool = False) -> None:
    """Sign in on this browser; a guest's progress goes along. Raises Refused, or TooManyFailures.

    Nothing of this holds a write transaction while the password is hashed.
    """
    with db.sessionmaker() as reading:
        found = accounts.find_credentials(reading, name)
        tag = _browser_tag(found.uniquifier) if found is not None else ""
        is_known = tag in session.get(KNOWN_KEY, ())
        attempted = _attempted(name, insider=tag if is_known else "")
        sign_in_limits.check(reading, attempted, is_known_browser=is_known)
    if not _fits(password, found.password_hash if found else None) or found is None:
        with database.write_session(_app()) as writing:
            sign_in_limits.record_failure(writing, attempted)
        audit.record("sign_in.failed", account_id=found.account_id if found else None, is_refusal=True)
        raise Refused("password", _("This name and this password do not belong together."))
    stronger = hash_password(password) if security.pwd_context.needs_update(found.password_hash) else None
    account = accounts.confirm_credentials(db.session, found, stronger)
    sign_in_limits.forget_failures(db.session, attempted)
    enter(account, is_shared=is_shared)


def enter(account: Account, *, is_shared: bool = False) -> None:
    """Make this browser the account's: a new sign-in, a new session, the guest's work taken over."""
    former = current_account()
    if former is not None and former.is_guest:
        guests.merge_guest(db.session, former.id, account.id)
    if former is not None and former.login_id is not None:
        accounts.end_login(db.session, former.login_id)
    login = accounts.start_login(db.session, account, request.user_agent.string)
    known = [_browser_tag(account.fs_uniquifier), *session.get(KNOWN_KEY, ())]
    _forget_browser()
    session.permanent = not is_shared
    session[LOGIN_KEY] = login.token
    session["fs_paa"] = time.time()  # by which Flask-Security knows how fresh the sign-in is
    if not is_shared:
        session[KNOWN_KEY] = list(dict.fromkeys(known))[:MAX_KNOWN_ACCOUNTS]
    g.person = Person(
        id=account.id,
        username=account.username,
        email=account.email,
        display_name=account.display_name,
        role_names=frozenset(role.name for role in account.roles),
        preferences=account.preferences,
        login_id=login.id,
    )
    audit.record("sign_in", f"account:{account.id}", account_id=account.id)


def sign_out() -> None:
    """End this browser's sign-in. Its cookie, kept or copied, opens nothing any more."""
    person = current_account()
    known = session.get(KNOWN_KEY)
    if person is not None and person.login_id is not None:
        accounts.end_login(db.session, person.login_id)
        audit.record("sign_out", f"account:{person.id}", account_id=person.id)
    _forget_browser()
    if known:
        session.permanent = True
        session[KNOWN_KEY] = known
    g.person = None


def is_shared_computer() -> bool:
    """Whether whoever signed in here said that others use this computer: nothing may be left on it."""
    return LOGIN_KEY in session and not session.permanent


def _forget_browser() -> None:
    session.clear()
    g.pop("csrf_token", None)  # Flask-WTF keeps a signed copy of the token that was just dropped


def _browser_tag(uniquifier: str) -> str:
    return hashlib.sha256(uniquifier.encode()).hexdigest()[:16]


# ---------------------------------------------------------------- passwords


def hash_password(password: str) -> str:
    """The password as it is stored."""
    with aside(), _hashing:
        return str(flask_security.hash_password(passwords.normalize(password)))


def check_password(person: Person, password: str) -> None:
    """Raises Refused where this is not the person's password, and TooManyFailures.

    Whoever finds a browser signed in may guess no faster than at the sign-in page.
    """
    attempted = _attempted("", insider=f"account {person.id}")
    with db.sessionmaker() as reading:
        sign_in_limits.check(reading, attempted, is_known_browser=False)
        found = accounts.find_password_hash(reading, person.id)
    if not _fits(password, found):
        with database.write_session(_app()) as writing:
            sign_in_limits.record_failure(writing, attempted)
        audit.record("password.failed", f"account:{person.id}", is_refusal=True)
        raise Refused("current_password", _("This is not your password."))


def _attempted(name: str, *, insider: str) -> sign_in_limits.Attempted:
    return sign_in_limits.Attempted.by(_secret(), name, request.remote_addr or "", insider=insider)


def _fits(password: str, password_hash: str | None) -> bool:
    """Whether the password is the one of the hash; takes as long where there is none."""
    too_long = len(password) > passwords.MAX_CHARACTERS
    with aside(), _hashing:
        fits = flask_security.verify_password(
            passwords.normalize("" if too_long else password), password_hash or _decoy_hash()
        )
    return bool(fits) and password_hash is not None and not too_long


def _decoy_hash() -> str:
    state = current_app.extensions
    if "readcheck_decoy_hash" not in state:
        state["readcheck_decoy_hash"] = flask_security.hash_password(secrets.token_urlsafe())
    return str(state["readcheck_decoy_hash"])


# ---------------------------------------------------------------- putting it together


class _Datastore(FSQLALiteUserDatastore):
    """Flask-Security's view of our tables. The request commits once, not each function of the library."""

    def commit(self) -> None:
        self.db.session.flush()


@contextmanager
def _without_hooks(app: Flask) -> Iterator[None]:
    """Keep extensions from running on every request, which would take a third of a quick page's time.

    Flask-Login would look for a remember-me cookie, and for a user for each template; Flask-Principal for an
    identity; Flask-Limiter for limits of views that have none: its decorator checks those that do.
    """
    all_hooks: tuple[dict[Any, list[Any]], ...] = (
        app.before_request_funcs,
        app.after_request_funcs,
        app.teardown_request_funcs,
        app.template_context_processors,
    )
    before = [list(hooks[None]) for hooks in all_hooks]
    yield
    for hooks, kept in zip(all_hooks, before, strict=True):
        hooks[None] = kept


def _app() -> Flask:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined] # noqa: SLF001 (Flask's own way)
    return app


def _secret() -> str:
    return str(current_app.secret_key)


def init_app(app: Flask, settings: Settings) -> None:
    """Tie accounts and access levels to the application."""
    app.config.update(
        PERMANENT_SESSION_LIFETIME=COOKIE_LASTS,
        SESSION_REFRESH_EACH_REQUEST=False,  # a cookie is sent when it changes, not with every page
        SESSION_PROTECTION=None,  # Flask-Login's; ours is the row in login_session
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106 (the name of a way to hash)
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_DEPRECATED_PASSWORD_SCHEMES=[],
        SECURITY_PASSWORD_SINGLE_HASH={"argon2"},
        SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS=ARGON2_FOR_TESTS if settings.testing else ARGON2_OWASP,
        SECURITY_PASSWORD_LENGTH_MIN=passwords.MIN_CHARACTERS,
        SECURITY_PASSWORD_NORMALIZE_FORM=passwords.NORMAL_FORM,
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_EMAIL_VALIDATOR_ARGS={"check_deliverability": False},
        SECURITY_CLI_USERS_NAME=None,
        SECURITY_CLI_ROLES_NAME=None,
        # the library's own name for a socket
        RATELIMIT_STORAGE_URI=settings.redis_url.replace("unix://", "redis+unix://", 1) or "memory://",
        RATELIMIT_SWALLOW_ERRORS=True,
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=True,
    )
    with _without_hooks(app):
        security.init_app(app, _Datastore(db, Account, Role), register_blueprint=False)
        limiter.init_app(app)
    # Pages ask current_account(). Flask-Login's own user stays anonymous and runs no query.
    security.login_manager.request_loader(lambda _request: None)
    app.before_request(_check_access)
    app.jinja_env.globals["current_account"] = current_account
    app.jinja_env.globals["is_shared_computer"] = is_shared_computer
