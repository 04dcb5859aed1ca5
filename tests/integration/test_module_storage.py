"""Modules and sections as rows, on every database: addresses that collide, and what is refused."""

from __future__ import annotations

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from questions.reading.article import Article
from questions.reading.documents import read_text
from tests.factories.modules import make_item, make_module
from tests.factories.people import open_course
from webapp.models.module import Module
from webapp.repositories import modules as module_rows
from webapp.services import clock, module_copy, modules, sections
from webapp.services.errors import Conflict, NotFound, Refused


@pytest.fixture
def settings(each_settings):
    return each_settings


def article(title: str = "The ferry") -> Article:
    return read_text(f"{title}\n\nThe start\n\nIt ran for years. Nobody knew why.\n")


def create(session, title: str = "The ferry") -> Module:
    return modules.create_module(session, article(title), course_id=open_course(session).id, by=None)


def test_an_address_that_is_taken_while_we_look_gives_way_to_the_next(session, monkeypatch):
    now = clock.now()
    row = {"course_id": open_course(session).id, "slug": "the-ferry", "title": "Theirs", "state": "draft"}
    row |= {"standfirst": "", "source_note": "", "language": "en", "created_at": now, "updated_at": now}
    begin_nested = session.begin_nested

    def somebody_is_quicker():
        monkeypatch.setattr(session, "begin_nested", begin_nested)
        session.execute(insert(Module).values(**row))
        return begin_nested()

    monkeypatch.setattr(session, "begin_nested", somebody_is_quicker)
    assert create(session).slug == "the-ferry-2"
    session.commit()
    assert {module.slug for module in session.query(Module)} >= {"the-ferry", "the-ferry-2"}


def test_something_else_that_is_wrong_with_a_module_is_not_hidden(session):
    with pytest.raises(IntegrityError):
        module_rows.add_module(session, Module(course_id=1, title="x", state="nonsense"), "x")


def test_a_module_needs_a_section(session):
    with pytest.raises(Refused, match="at least one section"):
        modules.create_module(session, Article("Empty", "", ()), course_id=1, by=None)


def test_a_long_title_is_cut_to_what_fits(session):
    assert len(create(session, "x" * 290 + " y").title) <= modules.MAX_TITLE_LENGTH


def test_a_deleted_module_can_neither_be_published_nor_found(session):
    module = create(session)
    modules.delete_module(session, module)
    modules.delete_module(session, module)
    with pytest.raises(Conflict, match="Restore it"):
        modules.publish_module(session, module)
    with pytest.raises(NotFound):
        modules.get_module(session, module.id)
    modules.restore_module(session, module)
    modules.restore_module(session, module)
    modules.unpublish_module(session, module)
    assert modules.get_module(session, module.id).state == "draft"


def test_a_name_of_spaces_is_refused(session):
    with pytest.raises(Refused, match="title"):
        modules.rename_module(
            session, create(session), title=" ", standfirst="", source_note="", language="en"
        )


def test_an_address_that_is_taken_is_not_taken_over_by_a_new_name(session):
    create(session, "The bridge")
    module = create(session, "The ferry")
    modules.rename_module(session, module, title="The bridge", standfirst="", source_note="", language="en")
    assert module.slug == "the-ferry"


def test_a_copy_leaves_out_what_stands_on_a_removed_section(session):
    module = make_module(session)
    make_item(session, module.sections[0])
    sections.remove_section(session, module, module.sections[0].id)
    session.expire_all()
    copy = module_copy.copy_module(session, module, title="Copy", by=None)
    assert len(module_rows.list_sections(session, copy.id)) == 1
    assert module_rows.count_items_by_state(session, [copy.id]) == {}


def test_removing_and_restoring_twice_is_as_good_as_once(session):
    module = make_module(session)
    first = module.sections[0].id
    for _ in range(2):
        sections.remove_section(session, module, first)
    for _ in range(2):
        sections.restore_section(session, module, first)
    assert module_rows.list_sections(session, module.id)[0].id == first


def test_sections_that_are_not_there(session):
    module = make_module(session)
    gone = module.sections[1].id
    sections.remove_section(session, module, gone)
    for section_id in (gone, 999_999):
        with pytest.raises(NotFound):
            sections.move_section(session, module, section_id, "up")
    with pytest.raises(NotFound):
        sections.get_edit_page(session, module, module.sections[0].id, 999_999)
