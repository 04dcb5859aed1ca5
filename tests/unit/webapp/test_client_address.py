"""Forwarded headers count only from trusted proxies; the public address settles what we are called."""

import pytest

from webapp.config import Settings
from webapp.security import ClientAddress

PROXY = "10.0.0.1"
PROXIES = ("10.0.0.0/24", "fd00::/8")


def seen(remote, forwarded="", *, proto="", host="", settings=None):
    environ = {
        "REMOTE_ADDR": remote,
        "HTTP_HOST": "inside:8000",
        "wsgi.url_scheme": "http",
        "HTTP_X_FORWARDED_FOR": forwarded,
        "HTTP_X_FORWARDED_PROTO": proto,
        "HTTP_X_FORWARDED_HOST": host,
    }
    kept = {}
    ClientAddress(
        lambda environ, start: kept.update(environ) or [], settings or Settings(trusted_proxies=PROXIES)
    )(environ, None)
    assert not any(name.startswith("HTTP_X_FORWARDED") for name in kept)
    return kept["REMOTE_ADDR"], kept["wsgi.url_scheme"], kept["HTTP_HOST"]


@pytest.mark.parametrize(
    ("remote", "forwarded", "client"),
    [
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),  # nobody we trust says so
        (PROXY, "", PROXY),
        (PROXY, "203.0.113.7", "203.0.113.7"),
        (PROXY, "6.6.6.6, 203.0.113.7", "203.0.113.7"),  # the client's own claim comes first in the list
        (PROXY, "203.0.113.7, 10.0.0.9", "203.0.113.7"),  # two proxies of ours
        (PROXY, "10.0.0.8, 10.0.0.9", PROXY),
        (PROXY, "203.0.113.7, nonsense", PROXY),
        (f"::ffff:{PROXY}", "2001:db8::7", "2001:db8::7"),
        ("fd00::1", "203.0.113.7", "203.0.113.7"),
        ("", "203.0.113.7", ""),
    ],
)
def test_who_asks(remote, forwarded, client):
    assert seen(remote, forwarded)[0] == client


def test_scheme_and_host_come_from_a_trusted_proxy_only():
    assert seen(PROXY, proto="https", host="read.example.org")[1:] == ("https", "read.example.org")
    assert seen(PROXY, proto="gopher")[1:] == ("http", "inside:8000")
    assert seen("203.0.113.7", proto="https", host="evil.example")[1:] == ("http", "inside:8000")


def test_without_trusted_proxies_nobody_is_believed():
    assert seen("127.0.0.1", "203.0.113.7", proto="https", settings=Settings()) == (
        "127.0.0.1",
        "http",
        "inside:8000",
    )


def test_the_public_address_wins():
    settings = Settings(url="https://read.example.org", trusted_proxies=PROXIES)
    assert seen(PROXY, host="evil.example", settings=settings)[1:] == ("https", "read.example.org")
    assert seen("203.0.113.7", settings=settings)[1:] == ("https", "read.example.org")
