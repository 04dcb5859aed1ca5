"""Every kind of refusal has a page that says what to do, a reference, and nothing of our insides."""

import io
import json
import logging

import pytest
from flask import Blueprint, abort

from webapp import database
from webapp.extensions import db
from webapp.identity import allow
from webapp.models.course import Course
from webapp.services import clock
from webapp.services.errors import Conflict, Forbidden, NotFound, Refused
from webapp.views.request_log import JsonLines

RAISED = {
    "missing": (NotFound("module 7 of somebody else"), 404),
    "foreign": (Forbidden("Only its instructor may do this."), 403),
    "late": (Conflict("Somebody published it first."), 409),
    "refused": (Refused("title", "A title has at most 300 characters."), 422),
    "busy": (database.DatabaseBusy("locked"), 503),
    "broken": (ZeroDivisionError("the secret answer is 42"), 500),
}


@pytest.fixture
def app(app):
    app.config.update(TESTING=False, PROPAGATE_EXCEPTIONS=False)
    probe = Blueprint("probe", __name__)

    @probe.route("/probe/<name>", methods=["GET", "POST"])
    @allow("everyone")
    def fail(name):
        raise RAISED[name][0]

    @probe.route("/probe/abort/<int:status>")
    @allow("everyone")
    def stop(status):
        abort(status)

    @probe.post("/store")
    @allow("everyone")
    def store():
        db.session.add(Course(slug="stored", title="Stored", time_zone="UTC", created_at=clock.now()))
        return "", 204

    @probe.post("/door/<secret>")
    @allow("everyone")
    def open_door(secret):
        return "", 204

    @probe.get("/hatch/<secret>")
    @allow("everyone")
    def fall(secret):
        raise ZeroDivisionError

    app.register_blueprint(probe)
    return app


@pytest.mark.parametrize("name", RAISED)
def test_each_refusal_has_its_status_and_a_reference(client, name):
    response = client.get(f"/probe/{name}")
    assert response.status_code == RAISED[name][1]
    assert response.headers["X-Request-Id"] in response.text
    for inside in ("Traceback", "ZeroDivisionError", "secret answer", "somebody else", ".py"):
        assert inside not in response.text


@pytest.mark.parametrize("name", ["late", "foreign", "refused"])
def test_what_the_rule_said_is_told(client, name):
    assert RAISED[name][0].message in client.get(f"/probe/{name}").text


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503, 418])
def test_every_status_has_words_and_its_headers(client, status):
    response = client.get(f"/probe/abort/{status}")
    assert response.status_code == status
    assert "<h1" in response.text
    assert "script-src" in response.headers["Content-Security-Policy"]


def test_programs_get_json(client):
    response = client.get("/probe/late", headers={"Accept": "application/json"})
    assert response.json["message"] == "Somebody published it first."
    assert response.json["reference"] == response.headers["X-Request-Id"]


def test_a_form_without_a_token_changes_nothing_and_says_why(client, session):
    response = client.post("/store")
    assert response.status_code == 400
    assert "out of date" in response.text
    assert session.query(Course).filter_by(slug="stored").count() == 0


def test_a_form_with_its_token_is_stored(client, session):
    assert client.csrf_post("/store").status_code == 204
    assert session.query(Course).filter_by(slug="stored").count() == 1


def test_a_failed_commit_is_a_500_and_nothing_is_acknowledged(client, session, app, monkeypatch, caplog):
    heard = []

    def fail(self):
        raise OSError("no space left on device")

    @app.after_request
    def promise(response):  # runs before the commit, as the view does
        database.after_commit(lambda: heard.append("acknowledged"))
        return response

    with monkeypatch.context() as broken:
        broken.setattr(database.QueueingConnection, "commit", fail)
        broken.setattr(session, "commit", lambda: None)
        response = client.csrf_post("/store")
    assert response.status_code == 500
    assert "no space left" in caplog.text
    assert "no space left" not in response.text
    assert heard == []
    assert session.query(Course).filter_by(slug="stored").count() == 0
    assert client.csrf_post("/store").status_code == 204
    assert heard == ["acknowledged"]


def test_an_unknown_method_tells_what_is_allowed(client):
    response = client.get("/store")
    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]


def test_the_log_tells_who_and_what_and_no_secret(client, caplog, request):
    caplog.set_level(logging.INFO, "readcheck.requests")
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    logging.getLogger().addHandler(handler)
    request.addfinalizer(lambda: logging.getLogger().removeHandler(handler))
    client.csrf_post("/door/door-opener?answer=typed")
    client.get("/door/door-opener/")
    client.get("/probe/broken?answer=typed")
    client.get("/hatch/door-opener")
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [line["path"] for line in lines if "path" in line] == [
        "/door/…",
        "/door/…",
        "/probe/broken",
        "/hatch/…",
    ]
    assert [line["status"] for line in lines if "status" in line] == [204, 404, 500, 500]
    failure = next(line["error"] for line in lines if "error" in line)
    assert failure["type"] == "ZeroDivisionError"
    assert any("fail" in frame for frame in failure["frames"])
    for planted in ("door-opener", "typed", "secret answer"):
        assert planted not in "".join(json.dumps(line) for line in lines)
