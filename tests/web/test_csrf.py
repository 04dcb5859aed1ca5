"""Forms need their session's token, whose looks change with every response."""

import pytest
from flask import Blueprint, render_template_string
from hypothesis import given
from hypothesis import strategies as st

from tests.client import page_token
from webapp.extensions import mask, unmask
from webapp.identity import allow


@pytest.fixture
def app(app):
    page = Blueprint("page", __name__)

    @page.route("/form", methods=["GET", "POST"])
    @allow("everyone")
    def form():
        return render_template_string(
            '{% from "components/forms.html" import form_open, form_close %}{{ form_open("/form") }}{{ form_close() }}'
        )

    app.register_blueprint(page)
    return app


def post(client, token):
    return client.post("/form", data={"csrf_token": token}, headers={"Referer": "https://localhost/form"})


def test_a_pages_token_is_accepted(client):
    assert post(client, page_token(client.get("/form"))).status_code == 200


def test_two_pages_of_one_session_look_different_and_both_work(client):
    first, second = page_token(client.get("/form")), page_token(client.get("/form"))
    assert first != second
    assert len(set(first) & set(second)) > 1
    assert post(client, first).status_code == post(client, second).status_code == 200


@pytest.mark.parametrize("token", ["", "x", "=" * 40, "é" * 8, "QUFB", "A" * 184])
def test_anything_else_is_refused(client, token):
    client.get("/form")
    assert post(client, token).status_code == 400


def test_another_sessions_token_is_refused(app, client):
    token = page_token(app.test_client().get("/form"))
    client.get("/form")
    assert post(client, token).status_code == 400


def test_a_form_from_elsewhere_is_refused(client):
    token = page_token(client.get("/form"))
    response = client.post("/form", data={"csrf_token": token}, headers={"Referer": "https://evil.example/"})
    assert response.status_code == 400


@given(st.text(min_size=1).filter(str.isascii))
def test_masking_is_undone(token):
    assert mask(token) != token
    assert unmask(mask(token)) == token


@given(st.text())
def test_unmasking_takes_anything(sent):
    assert isinstance(unmask(sent), str)
