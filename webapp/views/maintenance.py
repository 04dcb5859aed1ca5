"""The maintenance page, which stands before every other while the database is copied.

It asks the database nothing. Static files are served before the application is asked, and
stay; so does /healthz.
"""

from __future__ import annotations

from http import HTTPStatus

from flask import Flask, Response, current_app, make_response, request
from flask_babel import lazy_gettext as _l

from webapp.config import Settings
from webapp.services.maintenance import Watch
from webapp.views.errors import Advice, answer_in_json, wants_json
from webapp.views.request_log import request_id

RETRY_AFTER_S = 10
STAYS = "health.healthz"
CLOSED = Advice(
    _l("Closed for a moment"),
    _l(
        "This site is moving to another database. What was saved is safe. A page with questions that is open "
        "in your browser keeps what is not saved yet and sends it by itself; leave it open."
    ),
)


def init_app(app: Flask, settings: Settings) -> None:
    """Answer 503 to everything while the site is closed. To be called first: nothing else is done then."""
    if not settings.is_sqlite:
        return
    watch = Watch(settings)

    @app.before_request
    def refuse_while_closed() -> Response | None:
        if not watch.is_closed() or request.endpoint == STAYS:
            return None
        status = HTTPStatus.SERVICE_UNAVAILABLE
        response = answer_in_json(status, CLOSED) if wants_json() else make_response(_page(), status)
        response.headers["Retry-After"] = str(RETRY_AFTER_S)
        return response


def _page() -> str:
    """Made without the functions that give every page its reader: they would ask who that is."""
    template = current_app.jinja_env.get_template("errors/closed.html")
    return template.render(advice=CLOSED, reference=request_id())
