"""Every response carries the headers of the floor, whatever it is; cookies are Secure unless risk was accepted."""

from dataclasses import replace

import pytest
from itsdangerous import BadSignature, SignatureExpired

from webapp.app import create_app
from webapp.security import SteppedClockSigner

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}


@pytest.mark.parametrize(
    ("path", "scripts"), [("/", "'nonce-"), ("/healthz", "'none';"), ("/nothing-here", "'nonce-")]
)
def test_every_page_has_the_headers(client, path, scripts):
    response = client.get(path)
    for name, value in HEADERS.items():
        assert response.headers[name] == value
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith(f"default-src 'none'; script-src {scripts}")
    assert "unsafe" not in policy
    assert "Strict-Transport-Security" not in response.headers


def test_each_response_has_its_own_nonce_and_number(client):
    first, second = client.get("/"), client.get("/")
    for name in ("Content-Security-Policy", "X-Request-Id"):
        assert first.headers[name] != second.headers[name]


@pytest.mark.parametrize(
    ("changes", "name", "secure"),
    [
        ({}, "__Host-readcheck", True),
        ({"url": "https://read.example.org"}, "__Host-readcheck", True),
        ({"allow_http": True}, "readcheck", False),
        ({"allow_http": True, "url": "https://read.example.org"}, "__Host-readcheck", True),
        ({"allow_http": True, "url": "http://school.local"}, "readcheck", False),
    ],
)
def test_the_cookie_is_secure_unless_plain_http_was_accepted(settings, changes, name, secure):
    app = create_app(replace(settings, **changes))
    assert app.config["SESSION_COOKIE_NAME"] == name
    assert app.config["SESSION_COOKIE_SECURE"] is secure
    assert app.config["SESSION_COOKIE_HTTPONLY"]
    assert app.config["SESSION_COOKIE_SAMESITE"] == "Lax"


def test_a_cookie_from_the_future_is_good_and_an_old_or_foreign_one_is_not(settings, monkeypatch):
    """Who signed in just before the clock was set back stays signed in."""
    app = create_app(settings)
    serializer = app.session_interface.get_signing_serializer(app)
    signed_at = 1_700_000_000
    moments = iter([signed_at, signed_at, *[signed_at - 3 * 86_400] * 2, signed_at + 60, signed_at + 61])
    monkeypatch.setattr(SteppedClockSigner, "get_timestamp", lambda self: next(moments, signed_at + 61))
    cookie = serializer.dumps({"login": "token"})
    for _at_once_before_and_later in range(3):
        assert serializer.loads(cookie, max_age=60) == {"login": "token"}
    with pytest.raises(SignatureExpired):
        serializer.loads(cookie, max_age=60)
    with pytest.raises(BadSignature):
        serializer.loads(cookie[:-1] + ("a" if cookie[-1] != "a" else "b"), max_age=60)


def test_behind_tls_browsers_are_told_to_stay_there(settings):
    app = create_app(replace(settings, url="https://read.example.org"))
    assert app.test_client().get("/healthz").headers["Strict-Transport-Security"]


def test_html_is_compressed_for_who_asks(client):
    response = client.get("/", headers={"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
