"""Signing in, up and out; one's own account."""

from __future__ import annotations

import json

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from webapp import database, identity
from webapp.extensions import db, limiter
from webapp.forms import refusals
from webapp.forms.accounts import (
    AccountForm,
    ChangePasswordForm,
    DeleteForm,
    NamesForm,
    SignInForm,
    SignUpForm,
)
from webapp.security import local_page
from webapp.services import access_links, accounts, personal_data
from webapp.services.errors import Refused
from webapp.services.sign_in_limits import TooManyFailures

blueprint = Blueprint("accounts", __name__)

SIGN_UPS_AN_HOUR = "600 per hour"
"""From one address: a whole school may sign up in one lesson, a script may not go on for ever."""
REFUSED, SLOW_DOWN = 422, 429


def _show(template: str, form: AccountForm, status: int = 200, **values: object) -> AnyResponse:
    return make_response(render_template(f"accounts/{template}.html", form=form, **values), status)


def _onward(form: AccountForm | None = None) -> AnyResponse:
    """Where somebody wanted to go before they were asked to sign in; else to the start."""
    wanted = form["next"].data if form is not None and "next" in form else None
    return redirect(local_page(wanted) or url_for("reading.catalogue"), 303)


def _slow_down(template: str, form: AccountForm, wait: TooManyFailures, message: str = "") -> AnyResponse:
    form.form_errors.append(
        message or _("Too many wrong passwords. Wait %(count)d seconds, then try again.", count=wait.seconds)
    )
    response = _show(template, form, SLOW_DOWN)
    response.headers["Retry-After"] = str(wait.seconds)
    return response


# ---------------------------------------------------------------- in, up and out


@blueprint.get("/sign-in")
@identity.allow("everyone")
def sign_in() -> AnyResponse:
    """The sign-in form."""
    return _show("sign_in", SignInForm(next=local_page(request.args.get("next")) or ""))


@blueprint.post("/sign-in")
@identity.allow("everyone")
def sign_in_submit() -> AnyResponse:
    """Sign in, and go on to where one wanted to go."""
    form = SignInForm()
    if not form.validate():
        return _show("sign_in", form, REFUSED)
    try:
        identity.sign_in(form.name.data or "", form.password.data or "", is_shared=form.is_shared.data)
    except Refused as refusal:
        refusals.attach(form, refusal)
        return _show("sign_in", form, REFUSED)
    except TooManyFailures as wait:
        message = _(
            "Too many sign-ins have failed. Wait %(count)d seconds, then try again.", count=wait.seconds
        )
        return _slow_down("sign_in", form, wait, message)
    return _onward(form)


@blueprint.get("/sign-up")
@identity.allow("everyone")
def sign_up() -> AnyResponse:
    """The form for a new account."""
    return _show("sign_up", SignUpForm(next=local_page(request.args.get("next")) or ""))


@blueprint.post("/sign-up")
@limiter.limit(lambda: SIGN_UPS_AN_HOUR)
@identity.allow("everyone")
def sign_up_submit() -> AnyResponse:
    """Make an account; what a guest has done in this browser belongs to it from now on."""
    form = SignUpForm()
    if not form.validate():
        return _show("sign_up", form, REFUSED)
    try:
        _sign_up(form)
    except Refused as refusal:
        refusals.attach(form, refusal)
        return _show("sign_up", form, REFUSED)
    flash(_("Welcome. Your progress is kept with your account from now on."), "success")
    return _onward(form)


def _sign_up(form: SignUpForm) -> None:
    password_hash = identity.hash_password(form.password.data or "")  # before the database is locked
    account = accounts.sign_up(
        db.session,
        username=form.username.data,
        display_name=form.display_name.data or "",
        password_hash=password_hash,
        guest_id=identity.guest_id(),
    )
    identity.enter(account)


@blueprint.post("/sign-out")
@identity.allow("everyone")
def sign_out() -> AnyResponse:
    """End this browser's sign-in."""
    identity.sign_out()
    flash(_("You are signed out."), "success")
    response = _onward()
    response.headers["Clear-Site-Data"] = '"storage"'  # answers that waited to be sent were this person's
    return response


# ---------------------------------------------------------------- one's own account


@blueprint.get("/account")
@identity.allow("account")
def account() -> AnyResponse:
    """One's own account."""
    person = identity.require_person()
    form = NamesForm(display_name=person.display_name, username=person.username, email=person.email)
    return _show("account", form, person=person)


@blueprint.post("/account")
@identity.allow("account", fresh=True)
def account_submit() -> AnyResponse:
    """Change how one is called and what one signs in with."""
    form, person = NamesForm(), identity.require_person()
    if not form.validate():
        return _show("account", form, REFUSED, person=person)
    try:
        accounts.change_names(
            db.session,
            person.id,
            display_name=form.display_name.data or "",
            username=form.username.data or "",
            email=form.email.data or "",
        )
    except Refused as refusal:
        refusals.attach(form, refusal)
        return _show("account", form, REFUSED, person=person)
    flash(_("Saved."), "success")
    return redirect(url_for("accounts.account"), 303)


@blueprint.get("/account/password")
@identity.allow("account")
def password() -> AnyResponse:
    """The form for a new password."""
    return _show("password", ChangePasswordForm())


@blueprint.post("/account/password")
@identity.allow("account")
def password_submit() -> AnyResponse:
    """Change the password; all other browsers are signed out."""
    form, person = ChangePasswordForm(), identity.require_person()
    if not form.validate():
        return _show("password", form, REFUSED)
    try:
        identity.check_password(person, form.current_password.data or "")
    except Refused as refusal:
        refusals.attach(form, refusal)
        return _show("password", form, REFUSED)
    except TooManyFailures as wait:
        return _slow_down("password", form, wait)
    password_hash = identity.hash_password(form.password.data or "")
    identity.enter(accounts.change_password(db.session, person.id, password_hash))
    access_links.end_resets(db.session, person.id)
    flash(_("Your password is changed. All other browsers are signed out."), "success")
    return redirect(url_for("accounts.account"), 303)


@blueprint.post("/account/sign-out-everywhere")
@identity.allow("account")
def sign_out_everywhere() -> AnyResponse:
    """End every sign-in of this account but the present one."""
    person = identity.require_person()
    accounts.end_logins(db.session, person.id, but=person.login_id)
    flash(_("All other browsers are signed out."), "success")
    return redirect(url_for("accounts.account"), 303)


@blueprint.post("/account/data")
@identity.allow("account")
@database.reads_only
def download() -> Response:
    """Everything that is kept about whoever asks, as one JSON file."""
    person = identity.require_person()
    data = personal_data.export_person(db.session, person.id)
    text = json.dumps(data, ensure_ascii=False, indent=2)
    headers = {"Content-Disposition": 'attachment; filename="readcheck-my-data.json"'}
    return Response(text, mimetype="application/json", headers=headers)


@blueprint.get("/account/delete")
@identity.allow("account")
def delete() -> AnyResponse:
    """What deleting one's data means, and the last question before it."""
    return _show("delete", DeleteForm())


@blueprint.post("/account/delete")
@identity.allow("account")
def delete_submit() -> AnyResponse:
    """Delete the data of whoever asks, and sign out."""
    form, person = DeleteForm(), identity.require_person()
    if not form.validate():
        return _show("delete", form, REFUSED)
    try:
        identity.check_password(person, form.current_password.data or "")
    except Refused as refusal:
        refusals.attach(form, refusal)
        return _show("delete", form, REFUSED)
    except TooManyFailures as wait:
        return _slow_down("delete", form, wait)
    personal_data.erase_person(db.session, person.id)
    identity.sign_out()
    flash(_("Your data are deleted."), "success")
    return _onward()
