"""Over TLS: a certificate that nobody vouches for is refused, and time-outs hold there too."""

from __future__ import annotations

import ssl
import subprocess
import time
from dataclasses import replace

import pytest

from questions.generation.providers.chat import Chat
from questions.generation.providers.http_post import NoAnswer
from tests.factories.chat_server import Answer, drip, said, slow

pytestmark = pytest.mark.needs("openssl")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate of this machine's own, and its key, in one file."""
    folder = tmp_path_factory.mktemp("tls")
    own = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2"]
    made = [
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-keyout",
        folder / "key.pem",
    ]
    subprocess.run(
        ["openssl", "req", "-x509", *made, "-out", folder / "certificate.pem", *own],
        check=True,
        capture_output=True,
    )
    return folder / "certificate.pem", folder / "key.pem"


@pytest.fixture
def tls(server, certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    return server


def chat(server, **values) -> Chat:
    connection = server.connection(**values)
    return Chat(replace(connection, url=connection.url.replace("http:", "https:")), lambda: None, 0)


def test_a_certificate_that_nobody_vouches_for_is_refused(tls):
    with pytest.raises(NoAnswer, match="certificate"):
        chat(tls).ask("", "")
    assert tls.calls == []


def test_one_that_the_machine_trusts_is_not(tls, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    tls.answers = lambda call: said("hello")
    assert chat(tls).ask("", "") == "hello"
    assert tls.calls[0].headers["Host"] == f"127.0.0.1:{tls.server_port}"


@pytest.mark.parametrize("write", [slow, drip])
def test_an_answer_has_its_time_here_too(tls, certificate, monkeypatch, write):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    tls.answers = lambda call: Answer(write=write)
    start = time.monotonic()
    with pytest.raises(NoAnswer, match="too long"):
        chat(tls, answer_s=0.4).ask("", "")
    assert time.monotonic() - start < 3
