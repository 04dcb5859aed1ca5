"""The mail server is away: it refuses, hangs, or drops the line in the middle of a letter.

The page that asks for a link answers as ever, answers go on being saved, other work goes on, and the letter
leaves once the mail server is back.
"""

from __future__ import annotations

import contextlib
import http.client
import itertools
import re
import socket
import struct
import threading
import time

import pytest

from tests.factories.modules import make_module
from tests.factories.people import make_account
from tests.faults.learners import PATIENCE_S, Browser
from tests.faults.school import School
from tests.faults.test_processes import wait_until
from tests.live import free_port
from webapp import jobs
from webapp.app import create_app
from webapp.database import write_session
from webapp.extensions import db
from webapp.models.operation import Job
from webapp.services import generation

MODES = ("refuse", "hang", "drop", "busy")
ANSWERED_WITHIN_S = 2.0
LETTER_WITHIN_S = 60
LINK = re.compile(r"(/link/\S+)")


class MailServer:
    """An SMTP server on a port of its own that keeps what it is sent, or is away in one of four ways."""

    def __init__(self) -> None:
        self.port = free_port()
        self.letters: list[str] = []
        self.tried = 0
        self.mode = "open"
        self._lines: set[socket.socket] = set()
        self._listener: socket.socket | None = None
        self.come_back()

    def go_away(self, mode: str) -> None:
        self.tried, self.mode = 0, mode
        if mode == "refuse":
            self._stop_listening()

    def come_back(self) -> None:
        """Take letters again; lines that hang are cut."""
        self.mode = "open"
        for line in list(self._lines):
            _reset(line)
        if self._listener is None:
            self._listener = socket.create_server(("127.0.0.1", self.port))
            threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def close(self) -> None:
        self._stop_listening()
        for line in list(self._lines):
            _reset(line)

    def _stop_listening(self) -> None:
        if self._listener is not None:
            with contextlib.suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                line, _address = listener.accept()
                self.tried += 1
                threading.Thread(target=self._talk, args=(line,), daemon=True).start()

    def _talk(self, line: socket.socket) -> None:
        self._lines.add(line)
        try:
            with line.makefile("rwb", buffering=0) as file:
                self._take_letter(line, file)
        except OSError:
            pass
        finally:
            self._lines.discard(line)
            line.close()

    def _take_letter(self, line: socket.socket, file: socket.SocketIO) -> None:
        if self.mode == "hang":
            line.recv(1)  # says nothing until the other side gives up, or it is cut
            return
        file.write(b"421 come later\r\n" if self.mode == "busy" else b"220 test\r\n")
        while command := file.readline():
            if command[:4].upper() == b"QUIT":
                file.write(b"221 bye\r\n")
                return
            if command[:4].upper() != b"DATA":
                file.write(b"250 fine\r\n")
                continue
            file.write(b"354 go on\r\n")
            if self.mode == "drop":
                file.readline()
                _reset(line)
                return
            self.letters.append(b"".join(iter(file.readline, b".\r\n")).decode())
            file.write(b"250 kept\r\n")


def _reset(line: socket.socket) -> None:
    with contextlib.suppress(OSError):
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    with contextlib.suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def mail_and_site(bench, engine):
    mail = MailServer()
    site = bench.make_site(engine, "--workers", "2")
    site.environment |= {
        "READCHECK_URL": site.url,
        "READCHECK_MAIL_SERVER": f"127.0.0.1:{mail.port}",
        "READCHECK_MAIL_SENDER": "site@example.org",
    }
    yield mail, site.start()
    mail.come_back()
    if site.process is not None and site.process.poll() is None:
        site.stop()
    mail.close()


_strangers = itertools.count(1)


def stranger(school: School) -> Browser:
    """Somebody's browser at an address of its own: requests for letters are counted by address."""
    number = next(_strangers)
    browser = Browser(school.site.port, "", "/forgotten-password")
    own = (f"127.0.{1 + number // 250}.{1 + number % 250}", 0)
    browser.connection = http.client.HTTPConnection(
        "127.0.0.1", browser.port, timeout=PATIENCE_S, source_address=own
    )
    return browser


def ask_for_letter(school: School, address: str) -> None:
    """The page answers at once and says what happens next."""
    browser = stranger(school)
    assert browser.open_page()
    began = time.monotonic()
    reply = browser.post(browser.page, {"name": address}, as_json=False)
    assert time.monotonic() - began < ANSWERED_WITHIN_S
    assert reply.status == 303, (reply, school.site.log[-2000:])
    shown = browser.request("GET", "/sign-in", as_json=False)
    assert "a link is on its way" in shown.body
    browser.close()


def link_in(mail: MailServer, address: str) -> str | None:
    """The link of the newest letter to this address."""
    own = [letter for letter in mail.letters if f"To: {address}" in letter]
    found = LINK.search(own[-1]) if own else None
    return found.group(1) if found else None


def test_the_mail_server_is_away(bench, engine, mail_and_site):
    """In the short form one of its ways on each database, in the long one all by chance."""
    mail, site = mail_and_site
    modes = MODES if bench.is_long else ("hang",) if engine == "sqlite" else ("drop",)

    def fault(school: School) -> float:
        mode = school.chance.choice(modes)
        address = f"person-{school.chance.getrandbits(48):x}@example.org"
        with school.site.session() as session:
            make_account(session, username=address.partition("@")[0], email=address)
        log = len(school.site.log)
        mail.go_away(mode)
        ask_for_letter(school, address)
        before = school.count
        if mode == "refuse":
            wait_until(lambda: "ConnectionRefusedError" in school.site.log[log:], within=LETTER_WITHIN_S)
        else:
            wait_until(lambda: mail.tried, within=LETTER_WITHIN_S)
        school.wait_for_more(len(school.learners))
        assert school.count > before
        assert link_in(mail, address) is None
        mail.come_back()
        moment = time.monotonic()
        wait_until(lambda: link_in(mail, address), within=LETTER_WITHIN_S)
        visitor = Browser(school.site.port, "", str(link_in(mail, address)))
        assert visitor.open_page(), "the link in the letter does not work"
        visitor.close()
        return moment

    bench.run("mail server down", engine, fault, site, injections=bench.few)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_other_work_goes_on_while_the_mail_server_hangs(bench, engine, mail_and_site):
    """The letters of a whole class wait; what somebody else has the worker do is done all the same."""
    mail, site = mail_and_site
    with site.session() as session:
        addresses = [f"{name}@example.org" for name in ("ada", "bo", "cy", "di", "eli")]
        for address in addresses:
            make_account(session, username=address.partition("@")[0], email=address)
        module_id = make_module(session).id
    mail.go_away("hang")
    app = create_app(site.settings)
    with write_session(app) as session:
        for address in addresses:
            jobs.enqueue(session, "password_mail", {"name": address})
        payload = {"module_id": module_id, "section_ids": None, "seed": 0}
        job_id = jobs.enqueue(session, generation.JOB_KIND, payload, module_id).id
    with app.app_context():
        db.engine.dispose()
    wait_until(lambda: mail.tried)
    time.sleep(0.2)
    mail.come_back()  # the first letter's line is cut, as its time-out would do

    def job() -> Job:
        with site.session() as session:
            return session.get_one(Job, job_id)

    wait_until(lambda: job().state == "done", within=LETTER_WITHIN_S)
    wait_until(lambda: all(link_in(mail, address) for address in addresses), within=LETTER_WITHIN_S)
