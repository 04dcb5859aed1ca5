"""A new version while pages of the old one are open: what they send is stored, what they ask for is there."""

from __future__ import annotations

import posixpath
import re
import shutil
import time
from pathlib import Path

from sqlalchemy import select

from tests.faults.learners import TOKEN, Browser, Fields, Learner
from tests.faults.school import School
from tests.faults.test_people_and_commands import form_fields
from tests.faults.test_starting_at_once import attempts_of, gather
from tests.faults.verdict import Record
from tests.live import ROOT
from webapp.models.attempt import AnswerEvent, Attempt

PARTS = ("webapp", "questions", "migrations")
STATIC = re.compile(r'(?:href|src)="(/static/[^"]+)"')
IMPORTED = re.compile(r'(?:from|import)\s*"(\.{1,2}/[^"]+)"')
CHANGED = (".css", ".js")


def make_version(folder: Path, mark: str) -> Path:
    """The programme, with every script and style a little different from all others."""
    folder.mkdir()
    for part in PARTS:
        shutil.copytree(ROOT / part, folder / part)
    shutil.copyfile(ROOT / "pyproject.toml", folder / "pyproject.toml")
    for file in (folder / "webapp" / "static").rglob("*"):
        if file.suffix in CHANGED:
            file.write_text(f"{file.read_text('utf-8')}\n/* {mark} */\n", "utf-8")
    return folder


def files_of(browser: Browser, page: str) -> dict[str, str]:
    """Every file that a page is made of, with what its scripts import."""
    found: dict[str, str] = {}
    wanted = set(STATIC.findall(page))
    while wanted:
        address = wanted.pop()
        reply = browser.request("GET", address, as_json=False)
        assert reply.status == 200, (address, reply)
        found[address] = reply.body
        if address.endswith(".js"):
            folder = posixpath.dirname(address)
            names = {posixpath.normpath(f"{folder}/{name}") for name in IMPORTED.findall(reply.body)}
            wanted |= names - set(found)
    assert {posixpath.splitext(address)[1] for address in found} >= set(CHANGED)
    return found


class OldPage:
    """The page of a section as one browser has it, with everything it is made of."""

    def __init__(self, school: School, learner: Learner) -> None:
        self.school = school
        self.page = school.page_beside(learner, f"old-{len(school.further):06}")
        reply = self.page.browser.request("GET", self.page.browser.page, as_json=False)
        self.fields = form_fields(reply.body)
        self.page.browser.token = str(self.fields.pop("csrf_token"))
        self.files = files_of(self.page.browser, reply.body)
        self.page.browser.close()

    def goes_on(self) -> None:
        """Its script saves at the first try, its plain form saves, its files are there as they were."""
        page = self.page
        fields = page.next_fields()
        reply = page.browser.post(page.path, fields)
        assert reply.kind == "stored", reply
        page.take(reply)
        self._send_plainly()
        for address, content in self.files.items():
            reply = page.browser.request("GET", address, as_json=False)
            assert (reply.status, reply.body) == (200, content), f"{address} is gone or another file"
        new = page.browser.request("GET", page.browser.page, as_json=False).body
        same = set(files_of(page.browser, new)) & set(self.files)
        assert not [address for address in same if address.endswith(CHANGED)], "it is the same version"
        page.browser.close()

    def _send_plainly(self) -> None:
        page, client_id = self.page, str(self.fields["client_id"])
        record = Record(page.record.attempt_id, client_id)
        self.school.further.append(record)
        for position in range(1, page.questions + 1):
            record.sent[1 + position] = (position, f"plain {client_id} {position}")
        typed: Fields = {f"s{position}-text": text for position, text in record.sent.values()}
        sent = {**self.fields, **typed, "position": [position for position, _text in record.sent.values()]}
        reply = page.browser.post(page.path, sent, as_json=False)
        assert reply.status == 303, reply
        with self.school.site.session() as session:
            events = session.scalars(select(AnswerEvent).where(AnswerEvent.client_id == client_id)).all()
            assert len(events) == page.questions


class OldForms:
    """Forms that wait for their button: an instructor's, "Start" of one person, "Hand in" of another."""

    def __init__(self, school: School) -> None:
        self.school = school
        self.path = f"/teach/modules/{school.module_id}/items/{school.item_ids[0]}"
        page = school.instructor.request("GET", self.path, as_json=False).body
        found = TOKEN.search(page)
        assert found
        school.instructor.token = found.group(1)
        self.fields = form_fields(page) | {"explanation": f"Typed before: {school.chance.getrandbits(32):x}."}
        school.instructor.close()
        self.people = gather(school, 2)
        for person in self.people:
            assert person.windows[0].open_page()
        self._start(1)
        [[self.attempt]] = attempts_of(school, self.people).values()
        for person in self.people:
            person.windows[0].close()

    def _start(self, number: int) -> None:
        window = self.people[number].windows[0]
        reply = window.post(f"/m/{self.school.slug}/1/check", {}, as_json=False)
        assert reply.status == 303, reply

    def go_on(self) -> None:
        """Each button does what it says."""
        fields = {name: value for name, value in self.fields.items() if name != "csrf_token"}
        reply = self.school.instructor.post(self.path, fields, as_json=False)
        assert reply.status == 303, reply
        self._start(0)
        assert len(attempts_of(self.school, self.people[:1])) == 1
        reply = self.people[1].windows[0].post(f"/attempts/{self.attempt}/submit", {}, as_json=False)
        assert reply.status == 303, reply
        with self.school.site.session() as session:
            assert session.get_one(Attempt, self.attempt).state != "open"
        for browser in (self.school.instructor, *(person.windows[0] for person in self.people)):
            browser.close()


def test_pages_of_the_version_before(bench, engine, tmp_path):
    """Whoever answers meanwhile has a queue that goes on by itself, as at any restart."""
    site = bench.make_site(engine).start()

    def fault(school: School) -> float:
        page, forms = OldPage(school, school.chance.choice(school.learners)), OldForms(school)
        mark = f"{school.chance.getrandbits(48):x}"
        newer = make_version(tmp_path / mark, mark)
        assert site.stop() == 0
        former, site.root = site.root, newer
        moment = time.monotonic()
        site.start()
        page.goes_on()
        forms.go_on()
        if former != ROOT:
            shutil.rmtree(former)
        return moment

    try:
        bench.run("page of the version before", engine, fault, site, injections=bench.few)
    finally:
        if site.process is not None and site.process.poll() is None:
            site.stop()
