"""Hands what the audit trail has collected to a transaction of its own, once the request's has ended."""

from __future__ import annotations

from flask import Flask, Response, appcontext_pushed, current_app, g, has_request_context, request

from webapp import database
from webapp.extensions import db
from webapp.services import audit
from webapp.views.request_log import request_id

FIRST_ERROR_STATUS, FORBIDDEN = 400, 403


def _begin() -> None:
    audit.take_pending()  # what a request that died in this thread has left


def _hand_over(response: Response) -> Response:
    if response.status_code == FORBIDDEN:
        numbers = {name: value for name, value in (request.view_args or {}).items() if isinstance(value, int)}
        audit.record("denied", request.endpoint or "", numbers, is_refusal=True)
    # Set anew when the commit fails and the response becomes a 500: this function then runs once more.
    g.was_done = response.status_code < FIRST_ERROR_STATUS
    if audit.count_pending():
        database.after_request_ends(_write)
    return response


def _write() -> None:
    person = g.get("person")
    origin = audit.Origin(
        account_id=person.id if person else None,
        address=request.remote_addr or "",
        request_id=request_id(),
        was_done=g.was_done,
    )
    entries = audit.take_pending()
    if not entries:  # they went with the first ending of a request that failed while it was committed
        return
    try:
        with database.write_session(_app()) as writing:
            audit.write(writing, entries, origin)
    except Exception:  # the answer is decided and must go out; an operator sees this line
        current_app.logger.exception("%d audit entries could not be written", len(entries))


def _begin_context(_app: Flask, **_: object) -> None:
    g.audit_before = audit.count_pending()


def _write_of_commands(error: BaseException | None) -> None:
    """What a command or job did in this application context is written when the context ends."""
    if has_request_context():
        return
    entries = audit.take_pending(after=g.audit_before)
    if not entries:
        return
    if "_sqlalchemy_sessions" in g:
        db.session.rollback()  # whatever was not committed by now must not hold the write lock
    with database.write_session(_app()) as writing:
        audit.write(writing, entries, audit.Origin(was_done=error is None))


def _app() -> Flask:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined] # noqa: SLF001 (Flask's own way)
    return app


def init_app(app: Flask) -> None:
    """Write the audit trail of every request, command and job of the application."""
    appcontext_pushed.connect(_begin_context, app)
    app.before_request(_begin)
    app.after_request(_hand_over)
    app.teardown_appcontext(_write_of_commands)
