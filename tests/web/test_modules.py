"""Modules as their instructors see them: publish, name, copy, delete and undo; who may; how many queries."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from sqlalchemy import event

from tests.factories.modules import choice_item, make_item, make_module
from tests.factories.people import make_account, make_course
from webapp.extensions import db
from webapp.models.item import Item
from webapp.models.module import Module
from webapp.models.quiz import Quiz
from webapp.repositories import modules as module_rows

DETAILS = {
    "title": "New name",
    "standfirst": "One sentence.",
    "source_note": "From a paper.",
    "language": "fr",
}


@pytest.fixture
def teacher(session):
    return make_account(session, "instructor")


@pytest.fixture
def desk(client_for, teacher):
    return client_for(teacher)


def press(desk, address: str, **data: str):
    answer = desk.csrf_post(address, data)
    assert answer.status_code == 303, answer.text
    return desk.get(answer.headers["Location"])


@pytest.fixture
def count_queries(app):
    """`with count_queries() as statements:` collects what is sent to the database."""

    @contextmanager
    def count():
        statements: list[str] = []

        def note(_connection, _cursor, statement, *_rest):
            statements.append(statement)

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        yield statements
        event.remove(engine, "before_cursor_execute", note)

    return count


class TestPublishing:
    def test_a_published_module_is_readable_and_has_its_quizzes(self, desk, client, session):
        module = make_module(session, state="draft")
        make_item(session, module.sections[0])
        assert client.get(f"/m/{module.slug}").status_code == 404
        page = press(desk, f"/teach/modules/{module.id}/publish")
        assert "Readers can open the module now" in page.text
        assert client.get(f"/m/{module.slug}").status_code == 200
        assert session.query(Quiz).filter_by(module_id=module.id).count() == 3
        assert session.get(Module, module.id).published_at is not None

    def test_without_questions_it_is_published_with_a_warning(self, desk, session):
        module = make_module(session, state="draft")
        assert "Published without questions" in press(desk, f"/teach/modules/{module.id}/publish").text
        assert session.get(Module, module.id).state == "published"

    def test_with_nothing_to_read_it_is_not(self, desk, session):
        module = make_module(session, sections=[], state="draft")
        assert "nothing to read yet" in press(desk, f"/teach/modules/{module.id}/publish").text
        assert session.get(Module, module.id).state == "draft"

    def test_twice_is_as_good_as_once(self, desk, session):
        module = make_module(session, state="draft")
        press(desk, f"/teach/modules/{module.id}/publish")
        first = session.get(Module, module.id).published_at
        press(desk, f"/teach/modules/{module.id}/publish")
        assert session.get(Module, module.id).published_at == first

    def test_unpublishing_closes_it(self, desk, client, session):
        module = make_module(session)
        press(desk, f"/teach/modules/{module.id}/unpublish")
        assert client.get(f"/m/{module.slug}").status_code == 404


class TestDetails:
    def test_they_are_kept(self, desk, session):
        module = make_module(session)
        assert "From a paper." in press(desk, f"/teach/modules/{module.id}/details", **DETAILS).text
        found = session.get(Module, module.id)
        assert (found.title, found.standfirst, found.language) == ("New name", "One sentence.", "fr")

    def test_the_address_follows_only_before_it_was_first_published(self, desk, session):
        draft, published = make_module(session, state="draft"), make_module(session)
        address = published.slug
        for module in (draft, published):
            press(desk, f"/teach/modules/{module.id}/details", **DETAILS)
        assert session.get(Module, draft.id).slug == "new-name"
        assert session.get(Module, published.id).slug == address

    @pytest.mark.parametrize(
        ("changes", "field"),
        [({"title": " "}, "title"), ({"title": "x" * 301}, "title"), ({"language": "xx"}, "language")],
    )
    def test_wrong_values_stand_at_their_field_with_everything_typed(self, desk, session, changes, field):
        module = make_module(session)
        answer = desk.csrf_post(f"/teach/modules/{module.id}/details", DETAILS | changes)
        assert answer.status_code == 422
        assert f'id="{field}-error"' in answer.text
        assert "From a paper." in answer.text


class TestCopying:
    def test_sections_and_questions_are_copied_and_answers_are_not(self, desk, session):
        module = make_module(session, standfirst="Why it matters.")
        used = make_item(session, module.sections[1])
        make_item(session, module.sections[0], state="proposed")
        make_item(session, module.sections[0], state="rejected")
        press(desk, f"/teach/modules/{module.id}/copy", title="Second edition")
        copy = session.query(Module).filter_by(title="Second edition").one()
        assert (copy.state, copy.standfirst, copy.course_id) == ("draft", "Why it matters.", module.course_id)
        old, new = (module_rows.list_sections(session, found.id) for found in (module, copy))
        assert [row.current_version.text for row in new] == [row.current_version.text for row in old]
        items = session.query(Item).filter_by(module_id=copy.id).order_by(Item.section_id).all()
        assert [item.state for item in items] == ["proposed", "accepted"]
        content = items[1].current_version.content
        assert content["stem"] == used.current_version.content["stem"]
        assert content["evidence"][0]["section"] == str(new[1].id)
        assert items[1].current_version.section_version_id == new[1].current_version_id

    def test_its_name_is_suggested_and_wanted(self, desk, session):
        module = make_module(session, title="Ferries")
        assert "Copy of Ferries" in desk.get(f"/teach/modules/{module.id}/copy").text
        assert desk.csrf_post(f"/teach/modules/{module.id}/copy", {"title": ""}).status_code == 422


class TestDeleting:
    def test_it_hides_the_module_and_can_be_undone(self, desk, client, session):
        module = make_module(session, title="Ferries")
        page = press(desk, f"/teach/modules/{module.id}/delete")
        assert "is hidden from everybody" in page.text
        assert f'action="/teach/modules/{module.id}/restore"' in page.text
        assert client.get(f"/m/{module.slug}").status_code == 404
        assert desk.get(f"/teach/modules/{module.id}").status_code == 404
        press(desk, f"/teach/modules/{module.id}/restore")
        assert client.get(f"/m/{module.slug}").status_code == 200
        assert session.get(Module, module.id).deleted_at is None

    def test_a_deleted_module_keeps_its_address(self, desk, session):
        module = make_module(session, state="draft", title="Ferries")
        press(desk, f"/teach/modules/{module.id}/details", **DETAILS)
        press(desk, f"/teach/modules/{module.id}/delete")
        other = make_module(session, state="draft")
        press(desk, f"/teach/modules/{other.id}/copy", title="New name")
        assert session.query(Module).filter_by(title="New name", deleted_at=None).one().slug == "new-name-2"


class TestOverview:
    def test_it_says_what_needs_doing_first(self, desk, session):
        module = make_module(session, state="draft")
        assert "This module has no questions yet" in desk.get(f"/teach/modules/{module.id}").text
        for _ in range(3):
            make_item(session, module.sections[0], state="proposed")
        assert "3 questions wait for your review" in desk.get(f"/teach/modules/{module.id}").text
        session.query(Item).update({"state": "accepted"})
        page = desk.get(f"/teach/modules/{module.id}").text
        assert "1 section has no questions in use" in page
        assert "The storm" in page

    def test_the_list_of_somebody_new_says_what_it_is_for(self, desk):
        page = desk.get("/teach").text
        assert "No modules yet" in page
        assert 'href="/teach/import"' in page

    def test_items_of_removed_sections_are_not_counted(self, desk, session):
        module = make_module(session)
        make_item(session, module.sections[0], state="proposed")
        press(desk, f"/teach/modules/{module.id}/sections/{module.sections[0].id}/remove")
        assert "waits for your review" not in desk.get(f"/teach/modules/{module.id}").text
        assert "Review 1 question" not in desk.get("/teach").text


class TestWhoMay:
    PAGES = ("", "/details", "/copy", "/sections/new")
    BUTTONS = (
        "/publish",
        "/unpublish",
        "/delete",
        "/restore",
        "/copy",
        "/details",
        "/generate",
        "/sections/new",
    )

    def test_an_instructor_of_another_course_finds_nothing(self, client_for, session):
        module = make_module(session)
        other = client_for(make_account(session, "instructor", course=make_course(session)))
        for page in self.PAGES:
            assert other.get(f"/teach/modules/{module.id}{page}").status_code == 404, page
        for button in self.BUTTONS:
            assert other.csrf_post(f"/teach/modules/{module.id}{button}", {}).status_code == 404, button
        assert module.title not in other.get("/teach").text

    def test_a_learner_is_refused_and_a_stranger_sent_to_sign_in(self, client, client_for, session):
        module = make_module(session)
        learner = client_for(make_account(session))
        assert learner.get(f"/teach/modules/{module.id}").status_code == 403
        assert client.get(f"/teach/modules/{module.id}").status_code == 303

    def test_an_administrator_teaches_every_course(self, client_for, session):
        module = make_module(session, make_course(session))
        desk = client_for(make_account(session, "administrator"))
        assert desk.get(f"/teach/modules/{module.id}").status_code == 200


class TestQueries:
    """No page asks more of the database as modules, sections and items grow."""

    def test_overview_and_list(self, desk, session, count_queries):
        module = make_module(session)
        make_item(session, module.sections[0])
        with count_queries() as few:
            desk.get(f"/teach/modules/{module.id}")
            desk.get("/teach")
        large = self.large_module(session)
        make_module(session)
        with count_queries() as many:
            desk.get(f"/teach/modules/{large.id}")
            desk.get("/teach")
        assert len(many) == len(few)
        assert len(few) <= 16

    def test_editing_a_section(self, desk, session, count_queries):
        small, large = make_module(session), self.large_module(session)
        make_item(session, small.sections[0])
        counts = []
        for module in (small, large):
            section = module.sections[0]
            data = {
                "heading": "New",
                "text": section.current_version.text,
                "based_on": section.current_version_id,
            }
            with count_queries() as reading:
                desk.get(f"/teach/modules/{module.id}/sections/{section.id}")
            with count_queries() as refused:
                desk.csrf_post(f"/teach/modules/{module.id}/sections/{section.id}", data | {"text": "Gone."})
            counts.append((len(reading), len(refused)))
        assert counts[0] == counts[1]
        assert max(counts[0]) <= 16

    def test_the_cut_of_a_text(self, desk, session, count_queries):
        counts = []
        for sections in (2, 20):
            text = "A title\n\n" + "".join(
                f"Heading {n}\n\nSome words stand here.\n\n" for n in range(sections)
            )
            address = desk.csrf_post("/teach/import", {"text": text}).headers["Location"]
            with count_queries() as statements:
                assert desk.get(address).status_code == 200
            counts.append(len(statements))
        assert counts[0] == counts[1] <= 7

    def large_module(self, session):
        large = make_module(
            session, sections=[(f"Part {n}", f"It is part {n}. It is read.") for n in range(12)]
        )
        for section in large.sections:
            for _ in range(4):
                make_item(session, section, choice_item("It is so. It is read.", section=str(section.id)))
        return large
