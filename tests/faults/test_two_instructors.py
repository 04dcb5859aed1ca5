"""Two instructors save the same question in the same instant: one is told of the other, and keeps what was typed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape

import pytest
from sqlalchemy import select

from tests.factories.people import make_account
from tests.faults.learners import Browser, Fields, Reply
from tests.faults.school import School, cookies_for
from tests.faults.test_locks import hold_file
from tests.faults.test_people_and_commands import form_fields
from webapp.database import make_engine
from webapp.models.item import Item, ItemVersion
from webapp.models.module import SectionVersion

HELD_S = 0.3
"""So long both have to wait, in half of the cases, so that both go on at the same moment."""


@dataclass
class Desk:
    """One instructor with a form open."""

    browser: Browser
    path: str
    fields: Fields
    typed: str

    def save(self) -> Reply:
        return self.browser.post(self.path, self.fields, as_json=False)


def open_form(browser: Browser, path: str, page: str, name: str, typed: str) -> Desk:
    """The form as it stands, with something typed into it."""
    fields = form_fields(browser.request("GET", page, as_json=False).body)
    browser.token = str(fields.pop("csrf_token"))
    shown = {key: unescape(str(value)) for key, value in fields.items()}
    return Desk(browser, path, {**shown, name: typed or shown[name]}, typed or shown[name])


def second_instructor(school: School) -> Browser:
    with school.site.session() as session:
        other = make_account(session, "instructor", username=f"other-{school.chance.getrandbits(48):x}")
        [cookie] = cookies_for(school.site, session, [other])
    return Browser(school.site.port, cookie, school.instructor.page)


@contextmanager
def item_is_held(school: School, item_id: int):
    """Nobody can write the item meanwhile: both requests come in, and wait for the same moment."""
    if school.engine == "sqlite":
        holder = threading.Thread(target=hold_file, args=(school, HELD_S))
        holder.start()
        yield
        holder.join()
        return
    engine = make_engine(school.site.settings)
    with engine.connect() as connection:
        connection.execute(select(Item.id).where(Item.id == item_id).with_for_update()).all()
        threading.Timer(HELD_S, connection.rollback).start()
        yield
    engine.dispose()


@contextmanager
def nothing_is_held(_school: School, _item_id: int):
    yield


def both_at_once(first: Callable[[], Reply], second: Callable[[], Reply]) -> list[Reply]:
    gate, replies = threading.Barrier(2), {}

    def act(number: int, one: Callable[[], Reply]) -> None:
        gate.wait()
        replies[number] = one()

    threads = [threading.Thread(target=act, args=pair) for pair in enumerate((first, second))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [replies[0], replies[1]]


def wordings(school: School, item_id: int) -> list[str]:
    """The explanation of every wording there was, oldest first; the last is the one in use."""
    with school.site.session() as session:
        rows = session.scalars(
            select(ItemVersion).where(ItemVersion.item_id == item_id).order_by(ItemVersion.number)
        ).all()
        assert [row.number for row in rows] == list(range(1, len(rows) + 1))
        assert session.get_one(Item, item_id).current_version_id == rows[-1].id
        return [row.content["explanation"] for row in rows]


def told(school: School, reply: Reply, desk: Desk) -> Desk:
    """Who came later is told, sees what they typed, and may save it over the other's wording."""
    assert reply.status == 409, (reply, school.site.log[-2000:])
    fields = form_fields(reply.body)
    desk.browser.token = str(fields.pop("csrf_token"))
    shown = {key: unescape(str(value)) for key, value in fields.items()}
    assert desk.typed in [str(value).strip() for value in shown.values()], "what was typed is gone"
    return Desk(desk.browser, desk.path, shown, desk.typed)


def two_wordings(school: School) -> None:
    """Both reword it. Nobody's words are overwritten unseen, and both end as wordings of the question."""
    item_id = school.chance.choice(school.item_ids)
    path = f"/teach/modules/{school.module_id}/items/{item_id}"
    browsers = [school.instructor, second_instructor(school)]
    before = wordings(school, item_id)
    desks = [
        open_form(browser, path, path, "explanation", f"{number} says: {school.chance.getrandbits(48):x}.")
        for number, browser in enumerate(browsers)
    ]
    held = school.chance.choice((item_is_held, nothing_is_held))
    with held(school, item_id):
        replies = both_at_once(desks[0].save, desks[1].save)
    assert sorted(reply.status for reply in replies) == [303, 409], (replies, school.site.log[-2000:])
    late = [reply.status for reply in replies].index(409)
    assert wordings(school, item_id) == [*before, desks[1 - late].typed]
    assert desks[1 - late].typed in unescape(replies[late].body), "the other's words are not shown"
    again = told(school, replies[late], desks[late])
    assert again.save().status == 303
    assert wordings(school, item_id) == [*before, desks[1 - late].typed, again.typed]
    for browser in browsers:
        browser.close()


def wording_and_section(school: School) -> None:
    """One rewords the question while the other adds a sentence to the section that it stands on."""
    item_id = school.chance.choice(school.item_ids)
    item_path = f"/teach/modules/{school.module_id}/items/{item_id}"
    section_path = f"/teach/modules/{school.module_id}/sections/{school.section_ids[0]}"
    browsers = [school.instructor, second_instructor(school)]
    before, mark = wordings(school, item_id), f"{school.chance.getrandbits(48):x}"
    item = open_form(browsers[0], item_path, item_path, "explanation", f"The first one says: {mark}.")
    section = open_form(browsers[1], section_path, section_path, "text", "")
    section.typed = section.fields["text"] = f"Somebody added {mark}. {section.typed.strip()}"
    held = school.chance.choice((item_is_held, nothing_is_held))
    with held(school, item_id):
        of_item, of_section = both_at_once(item.save, section.save)
    assert of_section.status == 303, (of_section, school.site.log[-2000:])
    if of_item.status != 303:
        assert told(school, of_item, item).save().status == 303
    after = wordings(school, item_id)
    assert after[: len(before)] == before
    assert after[-1] == item.typed, "the edit of the section has overwritten it"
    with school.site.session() as session:
        row = session.get_one(Item, item_id)
        assert row.state == "accepted"
        version = session.get_one(ItemVersion, row.current_version_id)
        text = session.get_one(SectionVersion, version.section_version_id).text
        assert mark in text, "the question stands on a text that is gone"
        span = version.content["evidence"][0]
        assert "built" in text[span["start"] : span["end"]]
    for browser in browsers:
        browser.close()


@pytest.mark.parametrize(
    ("kind", "fault"),
    [
        ("two instructors, one question", two_wordings),
        ("question and its section edited at once", wording_and_section),
    ],
)
def test_two_instructors_at_once(bench, engine, kind, fault):
    bench.run(kind, engine, fault)
