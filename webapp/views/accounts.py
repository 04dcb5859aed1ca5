"""Signing in and up, one's own account, one-time links."""

from __future__ import annotations

from flask import Blueprint

from webapp import identity

blueprint = Blueprint("accounts", __name__)


@blueprint.get("/sign-in")
@identity.allow("everyone")
def sign_in() -> str:
    """The sign-in form."""
    return ""
