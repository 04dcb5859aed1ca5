"""Whether the process lives, and whether it can work: for whoever restarts and balances servers."""

from __future__ import annotations

from flask import Blueprint, Response, make_response

from webapp.extensions import db
from webapp.identity import allow
from webapp.repositories import schema

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@allow("everyone")
def healthz() -> Response:
    """The process answers."""
    return _say("ok", 200)


@blueprint.get("/readyz")
@allow("everyone")
def readyz() -> Response:
    """The database answers, and its schema is the one this code was written for."""
    if schema.get_version(db.engine) != schema.get_newest_version():
        return _say("the database's schema is another version's: run readcheck db upgrade", 503)
    return _say("ready", 200)


def _say(text: str, status: int) -> Response:
    response = make_response(text + "\n", status)
    response.mimetype = "text/plain"
    return response
