"""The factories make rows that the application's own readers accept."""

from questions.items.content import item_from_json
from questions.items.registry import item_type
from questions.reading.article import section_from_json
from tests.factories.attempts import make_attempt
from tests.factories.modules import gap_item, make_item, make_module
from tests.factories.people import make_account, make_course, make_guest
from webapp.models.item import ItemVersion


def test_a_module_with_items_reads_back_sound(session):
    module = make_module(session)
    first, second = module.sections
    make_item(session, first)
    make_item(session, second, gap_item(second.current_version.text, "1934"))
    session.expire_all()
    for section in module.sections:
        version = section.current_version
        read = section_from_json(
            {"id": "s", "heading": version.heading, "text": version.text, "blocks": version.blocks}
        )
        assert read.content_hash == version.content_hash
    for version in session.query(ItemVersion):
        item = item_from_json(version.content)
        assert item_type(item.type).problems(item) == []


def test_people_have_the_roles_they_were_given(session):
    teacher = make_account(session, "instructor", course=make_course(session))
    assert [role.name for role in teacher.roles] == ["instructor"]
    assert make_guest(session).is_guest


def test_requests_see_what_the_test_wrote_and_do_not_wait_for_it(client, session):
    make_account(session)
    session.query(ItemVersion).count()  # opens a write transaction, which the request must not wait for
    assert client.get("/no-such-page").status_code == 404


def test_an_attempt_asks_the_accepted_items_of_its_section(session):
    section = make_module(session).sections[0]
    make_item(session, section)
    make_item(session, section, state="proposed")
    attempt = make_attempt(session, make_guest(session), section)
    assert attempt.slot_count == 1
