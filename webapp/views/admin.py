"""Accounts, for administrators: list, roles, disabling, links for passwords and for new instructors."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webapp import identity
from webapp.config import Settings
from webapp.extensions import db
from webapp.forms.admin import MAX_SEARCH_CHARACTERS, InviteForm, RoleForm
from webapp.forms.numbers import row_number
from webapp.services import access_links, administration
from webapp.services import accounts as use_cases

blueprint = Blueprint("admin", __name__, url_prefix="/admin")


@blueprint.get("/accounts")
@identity.allow("administrator")
def accounts() -> str:
    """The list of accounts, by name, searched and in pages."""
    search = request.args.get("search", "")[:MAX_SEARCH_CHARACTERS].strip()
    page = administration.list_accounts(db.session, search, request.args.get("page", 1, type=row_number))
    invitations = administration.list_invitations(db.session)
    return render_template(
        "admin/accounts.html", page=page, search=search, invitations=invitations, invite=InviteForm()
    )


@blueprint.post("/invitations")
@identity.allow("administrator", fresh=True)
def invite() -> str | tuple[str, int]:
    """Make a link that makes an instructor. It is shown now and never again."""
    form = InviteForm()
    if not form.validate():
        page = administration.list_accounts(db.session, "", 1)
        return render_template("admin/accounts.html", page=page, search="", invitations=[], invite=form), 422
    by = identity.require_person().id
    link = access_links.invite_instructor(db.session, _base_url(), by=by, note=form.note.data or "")
    return render_template("admin/new_link.html", link=link, purpose="invitation", account=None)


@blueprint.post("/invitations/<int:link_id>/withdraw")
@identity.allow("administrator", fresh=True)
def withdraw(link_id: int) -> Response:
    """End an invitation that nobody has used yet."""
    access_links.withdraw_invitation(db.session, link_id)
    flash(_("The invitation does nothing any more."), "success")
    return redirect(url_for("admin.accounts"), 303)


@blueprint.get("/accounts/<int:account_id>")
@identity.allow("administrator")
def account(account_id: int) -> str:
    """One account, and what can be done about it."""
    return _show_account(account_id, None)


def _show_account(account_id: int, form: RoleForm | None) -> str:
    found = administration.get_account(db.session, account_id)
    held = {role.name for role in found.roles}
    role = next((name for name in ("administrator", "instructor") if name in held), "learner")
    return render_template("admin/account.html", account=found, form=form or RoleForm(role=role))


@blueprint.post("/accounts/<int:account_id>/role")
@identity.allow("administrator", fresh=True)
def role(account_id: int) -> Response | tuple[str, int]:
    """Give the account another role."""
    administration.get_account(db.session, account_id)
    form = RoleForm()
    if not form.validate():
        return _show_account(account_id, form), 422
    use_cases.set_role(db.session, account_id, form.role.data)
    flash(_("The role is changed."), "success")
    return _back_to(account_id)


@blueprint.post("/accounts/<int:account_id>/disable")
@identity.allow("administrator", fresh=True)
def disable(account_id: int) -> Response:
    """Keep the account from signing in, at once and everywhere."""
    administration.get_account(db.session, account_id)
    use_cases.disable(db.session, account_id)
    flash(_("The account is disabled and signed out everywhere."), "success")
    return _back_to(account_id)


@blueprint.post("/accounts/<int:account_id>/enable")
@identity.allow("administrator", fresh=True)
def enable(account_id: int) -> Response:
    """Let the account sign in again."""
    administration.get_account(db.session, account_id)
    use_cases.enable(db.session, account_id)
    flash(_("The account can sign in again."), "success")
    return _back_to(account_id)


@blueprint.post("/accounts/<int:account_id>/reset-link")
@identity.allow("administrator", fresh=True)
def reset_link(account_id: int) -> str:
    """Make a link under which the person sets a new password. It is shown now and never again."""
    found = administration.get_account(db.session, account_id)
    by = identity.require_person().id
    link = access_links.reset_password_link(db.session, _base_url(), found, by=by)
    return render_template("admin/new_link.html", link=link, purpose="reset", account=found)


def _back_to(account_id: int) -> Response:
    return redirect(url_for("admin.account", account_id=account_id), 303)


def _base_url() -> str:
    settings: Settings = current_app.extensions["readcheck_settings"]
    return settings.url or request.url_root
