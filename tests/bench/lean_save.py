"""The least that saving an answer can be with a session and a token against forgery: one Flask view.

The same signed cookie, the row behind the sign-in, Flask-WTF's own CSRF check, the same rows read and written in
one Core transaction on the same engine, as safe as the real one's; no rules about deadlines, clients that send
twice, rights, headers, language. bench_load.py runs it beside the application: how much dearer may a save be?

    READCHECK_DATA=<folder> granian --interface wsgi --blocking-threads 32 tests.bench.lean_save:served
"""

from __future__ import annotations

import gc
from datetime import UTC, datetime
from typing import Any, cast

from flask import Flask, abort, jsonify, request, session
from flask_wtf.csrf import CSRFProtect, generate_csrf
from sqlalchemy import Table, bindparam, insert, select, update

from questions.items.content import item_from_json
from questions.items.registry import item_type
from webapp.cli.body_first import BodyFirst
from webapp.config import Settings
from webapp.database import WRITES, make_engine
from webapp.models.account import Account, LoginSession
from webapp.models.attempt import AnswerEvent, Attempt, AttemptSlot
from webapp.models.item import ItemVersion

settings = Settings.from_environment()
app = Flask(__name__)
app.config.update(
    SECRET_KEY=settings.secret_key(),
    SESSION_COOKIE_NAME="__Host-readcheck",
    SESSION_COOKIE_SECURE=True,
    SESSION_REFRESH_EACH_REQUEST=False,
    WTF_CSRF_TIME_LIMIT=None,
)
CSRFProtect(app)
engine = make_engine(settings)
writer = engine.execution_options(**{WRITES: True})

attempts, slots = cast("Table", Attempt.__table__), cast("Table", AttemptSlot.__table__)
versions, events = cast("Table", ItemVersion.__table__), cast("Table", AnswerEvent.__table__)
logins, accounts = cast("Table", LoginSession.__table__), cast("Table", Account.__table__)

PERSON = (
    select(accounts.c.id)
    .join(logins, logins.c.account_id == accounts.c.id)
    .where(logins.c.token == bindparam("token"), logins.c.ended_at.is_(None), accounts.c.active)
)
SLOT = (
    select(
        versions.c.content,
        slots.c.response,
        slots.c.checked_at,
        attempts.c.sequence,
        attempts.c.state,
        attempts.c.answered_count,
    )
    .join(attempts, attempts.c.id == slots.c.attempt_id)
    .join(versions, versions.c.id == slots.c.item_version_id)
    .where(
        attempts.c.id == bindparam("attempt_id"),
        attempts.c.account_id == bindparam("account_id"),
        slots.c.position == bindparam("position"),
    )
    .with_for_update(of=attempts)  # SQLite has one writer anyway, and is not told
)
ADD_EVENT = insert(events)
SET_SLOT = (
    update(slots)
    .where(slots.c.attempt_id == bindparam("a"), slots.c.position == bindparam("p"))
    .values(response=bindparam("response"), sequence=bindparam("sequence"), saved_at=bindparam("saved_at"))
)
SET_ATTEMPT = (
    update(attempts)
    .where(attempts.c.id == bindparam("a"))
    .values(
        sequence=bindparam("sequence"),
        answered_count=bindparam("answered_count"),
        saved_at=bindparam("saved_at"),
    )
)


@app.get("/empty")
def empty() -> str:
    """The least a view can do."""
    return "ok"


@app.get("/token")
def token() -> str:
    """What a page would carry, for a client that asks for no page."""
    return f'<input name="csrf_token" value="{generate_csrf()}">'


@app.post("/attempts/<int:attempt_id>/responses")
def save(attempt_id: int) -> Any:
    """One answer, with its event, in one transaction."""
    form = request.form
    position = int(form["position"])
    prefix = f"s{position}-"
    with writer.connect() as connection:
        account_id = connection.scalar(PERSON, {"token": session.get("login", "")}) or abort(401)
        key = {"attempt_id": attempt_id, "account_id": account_id, "position": position}
        found = connection.execute(SLOT, key).first() or abort(404)
        if found.state != "open" or found.checked_at is not None:
            abort(409)
        item = item_from_json(found.content)
        fields = {name.removeprefix(prefix): form.getlist(name) for name in form if name.startswith(prefix)}
        response = dict(item_type(item.type).read(item, fields))
        now, sequence = datetime.now(UTC), found.sequence + 1
        event = {
            "attempt_id": attempt_id,
            "position": position,
            "client_id": form["client_id"],
            "client_sequence": int(form["client_sequence"]),
            "sequence": sequence,
            "response": response,
            "saved_at": now,
        }
        connection.execute(ADD_EVENT, event)
        both = {"a": attempt_id, "sequence": sequence, "saved_at": now}
        connection.execute(SET_SLOT, {**both, "p": position, "response": response})
        answered = found.answered_count + (not found.response)
        connection.execute(SET_ATTEMPT, {**both, "answered_count": answered})
        connection.commit()
    return jsonify(position=position, sequence=sequence, stored=response, saved_at=now.isoformat())


served = BodyFirst(app)
"""Behind the same front as the real application."""
gc.collect()
gc.freeze()  # as the application's own workers do: the comparison is to be no easier for it
gc.set_threshold(10_000)
