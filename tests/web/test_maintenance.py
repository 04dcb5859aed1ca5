"""While the database is copied: 503 for people and programs, nothing asked of the database, and files stay."""

from __future__ import annotations

import re
import time
from dataclasses import replace

import pytest

from tests.factories.modules import make_module
from tests.factories.people import make_account
from webapp.app import create_app
from webapp.services import maintenance
from webapp.views.maintenance import RETRY_AFTER_S

PAGES = ("/", "/m/no-such-module", "/sign-in", "/readyz", "/nothing/here")


@pytest.fixture
def closed(settings):
    maintenance.close(settings)


def test_every_page_is_the_maintenance_page(closed, client):
    for path in PAGES:
        response = client.get(path)
        assert response.status_code == 503
        assert response.headers["Retry-After"] == str(RETRY_AFTER_S)
        assert "moving to another database" in response.text
        assert response.headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]


def test_it_asks_the_database_nothing(closed, session, client_for, count_queries):
    account = make_account(session)
    make_module(session)
    client = client_for(account)
    with count_queries() as statements:
        assert client.get("/").status_code == 503
    assert statements == []


def test_what_a_browser_saves_is_to_be_sent_again(closed, client):
    response = client.post(
        "/attempts/1/responses", data={"position": "1"}, headers={"Accept": "application/json"}
    )
    assert response.status_code == 503
    assert response.mimetype == "application/json"
    assert response.headers["Retry-After"] == str(RETRY_AFTER_S)
    assert set(response.json) == {"error", "message", "reference"}


def test_a_form_gets_the_page_and_not_a_complaint_about_its_token(closed, client):
    assert "Closed for a moment" in client.post("/sign-in", data={"csrf_token": "old"}).text


def test_the_process_still_lives_and_files_are_still_served(closed, client):
    assert client.get("/healthz").text == "ok\n"
    page = client.get("/").text
    sheet = re.search(r'href="(/static/css/[^"]+)"', page).group(1)
    with client.get(sheet) as response:
        assert response.status_code == 200


def test_the_marker_is_looked_for_once_a_second(settings):
    watch = maintenance.Watch(settings)
    assert not watch.is_closed()
    since = time.monotonic()
    maintenance.close(settings)  # waits until every process has noticed
    assert time.monotonic() - since > maintenance.LOOK_EVERY_S
    assert watch.is_closed()
    maintenance.open_again(settings)
    assert watch.is_closed()  # has not looked again yet
    time.sleep(maintenance.NOTICED_AFTER_S)
    assert not watch.is_closed()


@pytest.mark.needs("postgres")
def test_a_site_on_a_server_is_never_closed(closed, settings, postgres_database):
    app = create_app(replace(settings, database_url=postgres_database))
    assert app.test_client().get("/healthz").status_code == 200
    assert app.test_client().get("/").status_code == 200
    with app.app_context():
        from webapp.extensions import db

        db.engine.dispose()
