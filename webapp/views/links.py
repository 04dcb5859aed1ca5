"""Links that work once, and how somebody who forgot a password comes by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, current_app, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webapp import database, identity, jobs
from webapp.config import Settings
from webapp.extensions import db, limiter
from webapp.forms import refusals
from webapp.forms.accounts import AccountForm, ConfirmForm, ForgottenForm, NewPasswordForm, SignUpForm
from webapp.services import access_links, accounts, password_mail
from webapp.services.access_links import FIRST_ADMINISTRATOR, INVITATION, RESET
from webapp.services.errors import NotFound, Refused

blueprint = Blueprint("links", __name__)

MAILS_AN_HOUR = "30 per hour"
GONE, REFUSED = 404, 422
ROLES = {FIRST_ADMINISTRATOR: "administrator", INVITATION: "instructor"}


@blueprint.get("/link/<secret>")
@identity.allow("everyone")
def show(secret: str) -> Response:
    """What a one-time link is for, with its form."""
    try:
        link = access_links.find_link(db.session, secret)
    except NotFound:
        return _gone()
    return _show(link.purpose, _form(link.purpose))


@blueprint.post("/link/<secret>")
@identity.allow("everyone")
def use(secret: str) -> Response:
    """Do what the link is for, once."""
    try:
        with db.sessionmaker() as reading:  # the write lock is not held while a password is hashed
            purpose = access_links.find_link(reading, secret).purpose
        form = _form(purpose)
        if not form.validate():
            return _show(purpose, form, REFUSED)
        _do(purpose, form, secret)
    except NotFound:
        return _gone()
    except Refused as refusal:
        refusals.attach(form, refusal)
        return _show(purpose, form, REFUSED)
    return redirect(url_for("reading.catalogue" if purpose == RESET else "modules.index"), 303)


def _form(purpose: str) -> AccountForm:
    if purpose == RESET:
        return NewPasswordForm()
    person = identity.current_account()
    return ConfirmForm() if person is not None and not person.is_guest else SignUpForm()


def _show(purpose: str, form: AccountForm, status: int = 200) -> Response:
    page = render_template("accounts/link.html", form=form, purpose=purpose)
    return make_response(page, status)


def _gone() -> Response:
    return make_response(render_template("accounts/link_gone.html"), GONE)


def _do(purpose: str, form: AccountForm, secret: str) -> None:
    new_password = form["password"].data if "password" in form else ""
    password_hash = identity.hash_password(new_password) if new_password else ""
    link = access_links.find_link(db.session, secret)
    if purpose == RESET:
        account = accounts.change_password(db.session, link.account_id or 0, password_hash)
        flash(_("Your new password is set, and you are signed in."), "success")
    elif isinstance(form, SignUpForm):
        account = accounts.sign_up(
            db.session,
            username=form.username.data,
            display_name=form.display_name.data or "",
            password_hash=password_hash,
            guest_id=identity.guest_id(),
        )
        flash(_("Welcome. Your account is ready."), "success")
    else:
        account = accounts.get_account(db.session, identity.require_person().id)
    if purpose != RESET:
        accounts.raise_role(db.session, account, ROLES[purpose], link.course_id)
    access_links.use_link(db.session, link)
    identity.enter(account)


# ---------------------------------------------------------------- a forgotten password


@blueprint.get("/forgotten-password")
@identity.allow("everyone")
def forgotten() -> str:
    """Who can help; a form where this site can send mail."""
    return render_template("accounts/forgotten.html", form=ForgottenForm(), can_mail=_can_mail())


@blueprint.post("/forgotten-password")
@limiter.limit(lambda: MAILS_AN_HOUR)
@identity.allow("everyone")
def forgotten_submit() -> Response:
    """Send a link to the address on the account. The answer is the same for every name."""
    form = ForgottenForm()
    if not form.validate() or not _can_mail():
        page = render_template("accounts/forgotten.html", form=form, can_mail=_can_mail())
        return make_response(page, REFUSED)
    jobs.enqueue(db.session, password_mail.KIND, {"name": form.name.data})
    flash(
        _("If there is an account with an e-mail address under this name, a link is on its way."), "success"
    )
    return redirect(url_for("accounts.sign_in"), 303)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["readcheck_settings"]
    return settings


def _can_mail() -> bool:
    # Without a set address the link would carry whatever host name a stranger's request claimed.
    return bool(_settings().mail_server and _settings().url)


@jobs.register(password_mail.KIND)
def send_password_mail(job_id: int, payload: dict[str, Any], report: Callable[..., None]) -> None:  # noqa: ARG001 (every job takes these)
    """Make the link and send it, later where the mail server is away; nothing for a name that nobody has."""
    settings = _settings()
    with database.write_session(current_app._get_current_object()) as session:  # type: ignore[attr-defined] # noqa: SLF001 (Flask's own way)
        letter = password_mail.write_letter(session, payload["name"], settings.url)
    if letter is None:
        return
    try:
        password_mail.send(settings.mail_server, settings.mail_sender, letter)
    except OSError as error:
        if password_mail.is_refused_for_good(error):
            raise Refused("name", "The mail server does not take letters for this address.") from None
        raise jobs.TryLater from error
