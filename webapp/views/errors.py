"""What a page says when there is no page: what happened, what to do, and a reference for whoever can help.

Never a stack trace, never a name of our insides. Programs that ask for JSON get the same in JSON.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import cast

from flask import (
    Flask,
    Response,
    current_app,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
)
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from markupsafe import escape
from werkzeug.exceptions import HTTPException, InternalServerError

from webapp.database import SAFE_METHODS, write_session
from webapp.extensions import db
from webapp.services.errors import Conflict, Forbidden, NotFound, Refused, ServiceError
from webapp.services.grading import close_overdue
from webapp.services.overdue import Overdue
from webapp.sqlite_turns import DatabaseBusy
from webapp.views.request_log import request_id

RETRY_AFTER_S = 2


@dataclass(frozen=True, slots=True)
class Advice:
    """The words of one kind of error page."""

    title: object
    text: object


FORM_EXPIRED = Advice(
    _l("This form is out of date"),
    _l(
        "Nothing was changed. The page was open for long, or you signed in or out since. "
        "Go back, reload the page and send it again."
    ),
)
ADVICE = {
    400: Advice(
        _l("That did not arrive as it should"),
        _l("Nothing was changed. Go back, reload the page and try once more."),
    ),
    401: Advice(
        _l("Please sign in"), _l("This page is for people who are signed in. Sign in, then open it again.")
    ),
    403: Advice(
        _l("This is not yours to do"),
        _l("Your account may not do this. If it should, ask the person who runs this site."),
    ),
    404: Advice(
        _l("There is nothing here"),
        _l(
            "The address may be mistyped, or the page was taken away. "
            "The catalogue lists everything there is to read."
        ),
    ),
    405: Advice(
        _l("This address takes no visitors"),
        _l("It only receives forms. Go back to the page you came from, or start from the catalogue."),
    ),
    409: Advice(
        _l("Something changed in the meantime"),
        _l(
            "Nothing was overwritten. Reload the page you came from to see how things stand, "
            "then decide again."
        ),
    ),
    413: Advice(
        _l("That is too large"),
        _l(
            "A text may have 2 MB or 100,000 words. "
            "Send a smaller file, or cut the text into several modules."
        ),
    ),
    422: Advice(
        _l("That will not do as it is"),
        _l("Nothing was changed. Go back, correct the entry and send it again."),
    ),
    429: Advice(_l("Too many tries"), _l("Wait a few minutes, then try again. Nothing is locked.")),
    500: Advice(
        _l("Something went wrong on our side"),
        _l("Nothing was saved by this step; what was saved before is safe. Try again in a minute."),
    ),
    503: Advice(
        _l("The site is busy"),
        _l("Nothing was saved by this step. Wait a few seconds and send it again."),
    ),
}
SERVICE_STATUS: dict[type[ServiceError], int] = {NotFound: 404, Forbidden: 403, Conflict: 409, Refused: 422}


def wants_json() -> bool:
    """Whether a program asks, rather than a person's browser."""
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def answer(status: int, advice: Advice | None = None, message: str = "") -> Response:
    """The response for an error: `message` says more than the general advice where there is more to say."""
    advice = advice or ADVICE.get(status) or ADVICE[400 if status < HTTPStatus.INTERNAL_SERVER_ERROR else 500]
    if wants_json():
        return answer_in_json(status, advice, message)
    try:
        page = render_template(
            "errors/error.html", status=status, advice=advice, message=message, reference=request_id()
        )
    except Exception:  # the page's frame needs the database, which may be what is broken
        current_app.logger.exception("the error page itself failed")
        page = (
            f"<!doctype html><html lang=en><meta charset=utf-8><title>{escape(advice.title)}</title>"
            f"<h1>{escape(advice.title)}</h1><p>{escape(message or advice.text)}</p>"
            f"<p>{request_id()}</p></html>"
        )
    return make_response(page, status)


def answer_in_json(status: int, advice: Advice, message: str = "") -> Response:
    """The response for an error, for programs."""
    body = {"error": str(advice.title), "message": message or str(advice.text), "reference": request_id()}
    return make_response(jsonify(body), status)


def _on_http_error(error: HTTPException) -> Response:
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    if error.response is not None or status < HTTPStatus.BAD_REQUEST:
        return make_response(error.get_response())  # a redirect
    db.session.rollback()
    response = answer(status)
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def _on_form_expired(_error: CSRFError) -> Response:
    return answer(HTTPStatus.BAD_REQUEST, FORM_EXPIRED)


def _on_service_error(error: ServiceError) -> Response:
    db.session.rollback()
    status = next((code for kind, code in SERVICE_STATUS.items() if isinstance(error, kind)), 400)
    # A missing and a foreign thing must look the same, so a 404 never says more than the general words.
    return answer(status, message="" if isinstance(error, NotFound) else error.message)


def _on_overdue(error: Overdue) -> Response:
    """Close what should have been closed, then let the request begin anew; late answers are told why."""
    db.session.rollback()
    app = cast("Flask", current_app._get_current_object())  # type: ignore[attr-defined] # noqa: SLF001 (so Flask has it)
    for attempt_id in error.attempt_ids:
        with write_session(app) as session:
            close_overdue(session, attempt_id)
    if request.method not in SAFE_METHODS and request.blueprint == "attempts":
        return answer(HTTPStatus.CONFLICT, message=error.message)
    return make_response(redirect(request.full_path, 303 if request.method in SAFE_METHODS else 307))


def _on_busy(_error: DatabaseBusy) -> Response:
    db.session.rollback()
    response = answer(HTTPStatus.SERVICE_UNAVAILABLE)
    response.headers["Retry-After"] = str(RETRY_AFTER_S)
    return response


def _on_failure(_error: InternalServerError) -> Response:
    db.session.rollback()
    return answer(HTTPStatus.INTERNAL_SERVER_ERROR)


def init_app(app: Flask) -> None:
    """Give every kind of error its page."""
    app.register_error_handler(HTTPException, _on_http_error)
    app.register_error_handler(CSRFError, _on_form_expired)
    app.register_error_handler(ServiceError, _on_service_error)
    app.register_error_handler(Overdue, _on_overdue)
    app.register_error_handler(DatabaseBusy, _on_busy)
    app.register_error_handler(InternalServerError, _on_failure)
