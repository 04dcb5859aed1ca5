"""The catalogue, the contents of a module, the page of a section."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from questions.reading import article
from tests.factories.answers import make_module_of_every_type, right_answer
from tests.factories.attempts import make_quiz
from tests.factories.modules import add_section, choice_item, make_item, make_module
from tests.factories.people import enrol, make_account, make_course, make_guest
from tests.web.learner.conftest import Browser
from webapp.models.account import Account
from webapp.models.attempt import Attempt, SectionProgress
from webapp.models.module import SectionVersion
from webapp.services import clock, section_html
from webapp.services.catalogue import MODULES_A_PAGE, minutes_to_read


def test_an_empty_catalogue_says_what_it_is_for(reader):
    reader.get("/")
    assert "Nothing to read yet" in reader.text
    assert reader.page.xpath("//main//a[@href='/sign-in']")


def test_the_catalogue_shows_what_one_may_read(reader, session, client_for):
    open_module = make_module(session, title="Open <b>to</b> all", standfirst="In short & sweet.")
    course = make_course(session)
    closed = make_module(session, course, title="Closed course")
    make_module(session, title="Still a draft", state="draft")
    make_module(session, title="Thrown away", deleted_at=clock.now())
    reader.get("/")
    titles = [link.text_content() for link in reader.page.xpath("//main//h2/a")]
    assert titles == ["Open <b>to</b> all"]
    assert "In short & sweet." in reader.text
    assert "1 minute · 2 sections" in reader.text
    assert "Not started" in reader.text
    member = make_account(session)
    enrol(session, member, course)
    inside = Browser(client_for(member), session)
    inside.get("/")
    assert [link.text_content() for link in inside.page.xpath("//main//h2/a")] == [
        closed.title,
        open_module.title,
    ]


def test_a_long_catalogue_has_pages(reader, session):
    for number in range(MODULES_A_PAGE + 1):
        make_module(session, title=f"Text {number}", sections=[("", "One word.")])
    reader.get("/")
    assert len(reader.page.xpath("//main//h2/a")) == MODULES_A_PAGE
    (older,) = reader.page.xpath("//a[@rel='next']/@href")
    reader.get(older)
    assert [link.text_content() for link in reader.page.xpath("//main//h2/a")] == ["Text 0"]
    assert not reader.page.xpath("//a[@rel='next']")
    reader.get("/?page=99")
    assert "That was all" in reader.text
    for odd in ("0", "-1", "x", "9" * 30):
        reader.get(f"/?page={odd}")


@pytest.mark.parametrize(("words", "minutes"), [(0, 1), (1, 1), (220, 1), (221, 2), (2200, 10)])
def test_minutes_are_rounded_up(words, minutes):
    assert minutes_to_read(words) == minutes


def test_the_contents_say_in_words_how_far_one_is(reader, session):
    module = make_module_of_every_type(session, sections=3, source_note="From a book of ours.")
    reader.get(f"/m/{module.slug}")
    assert [
        tag.text_content()
        for tag in reader.page.xpath("//ol[@class='contents']//span[contains(@class, 'tag')]")
    ] == ["Not started"] * 3
    assert "6 questions" in reader.text
    assert "From a book of ours." in reader.text
    reader.press("Start reading")
    assert "Section 1 of 3" in reader.text
    reader.press("Start the check")
    attempt_id = reader.attempt_id()
    reader.check(1, right_answer(reader.item(attempt_id, 1)))
    reader.get(f"/m/{module.slug}")
    assert "In progress" in reader.text
    assert "0 of 3 sections completed" in reader.text
    reader.press("Continue: Section 1, question 2")
    assert "1 of 6 checked" in reader.text
    for position in range(2, 7):
        reader.check(position, right_answer(reader.item(attempt_id, position)))
    reader.get(f"/m/{module.slug}")
    assert "Completed" in reader.text
    assert "best 6 of 6" in reader.text
    reader.press("Continue: Section 2")
    assert "Part 2" in reader.text
    reader.get("/")
    assert "1 of 3 sections completed" in reader.text


def test_a_module_without_sections_says_so(reader, session):
    module = make_module(session, sections=[])
    reader.get(f"/m/{module.slug}")
    assert "No sections yet" in reader.text
    reader.get(f"/m/{module.slug}/1", 404)


@pytest.mark.parametrize(
    "path",
    [
        "/m/no-such-module",
        "/m/no-such-module/1",
        "/m/{slug}/3",
        "/m/{slug}/0",
        "/m/{slug}/999999999999999999999",
    ],
)
def test_what_is_not_there_says_what_to_do(reader, session, path):
    module = make_module(session)
    reader.get(path.format(slug=module.slug), 404)
    assert "There is nothing here" in reader.text


def test_a_draft_is_there_for_its_teachers_alone(reader, session, client_for):
    module = make_module(session, state="draft")
    make_item(session, module.sections[0])
    reader.get(f"/m/{module.slug}", 404)
    reader.get(f"/m/{module.slug}/1", 404)
    teacher = Browser(client_for(make_account(session, "instructor")), session)
    teacher.get(f"/m/{module.slug}")
    assert "Preview" in teacher.text
    teacher.get(f"/m/{module.slug}/1")
    teacher.press("Start the check")
    assert "0 of 1 answered" in teacher.text


def test_reading_keeps_nothing_of_a_stranger(reader, session):
    module = make_module_of_every_type(session)
    for path in ("/", f"/m/{module.slug}", f"/m/{module.slug}/1", f"/m/{module.slug}/2", "/progress"):
        reader.get(path)
    assert session.scalar(select(func.count()).select_from(Account)) == 0
    assert session.scalar(select(func.count()).select_from(SectionProgress)) == 0


def test_reading_without_questions_is_completed_by_reading_on(reader, session):
    module = make_module(session)
    reader.get(f"/m/{module.slug}/1")
    assert "asks no questions" in reader.text
    reader.press("Continue to section 2")
    assert "Section 2 of 2" in reader.text
    reader.press("Finish and see the contents")
    assert "2 of 2 sections completed" in reader.text
    assert not reader.page.xpath("//button[starts-with(normalize-space(), 'Continue')]")


def test_leaving_a_section_that_asks_does_not_complete_it(reader, session):
    module = make_module_of_every_type(session)
    reader.get(f"/m/{module.slug}/1")
    reader.press("Continue to section 2")
    reader.press("Finish and see the contents")
    assert "0 of 2 sections completed" in reader.text
    assert session.scalar(select(func.count()).select_from(SectionProgress)) == 2


def test_odd_values_of_small_forms_harm_nobody(reader, session):
    module = make_module(session)
    for fields in ({"left": "x"}, {"left": "99"}, {"left": "-1", "slot": "x"}, {"slot": "99999"}):
        answer = reader.client.csrf_post(f"/m/{module.slug}/1/open", fields)
        assert answer.status_code == 303
    assert reader.client.csrf_post(f"/m/{module.slug}/7/open").status_code == 404
    assert reader.client.csrf_post(f"/m/{module.slug}/7/finish").status_code == 404


def test_a_link_of_a_result_marks_its_place(reader, session):
    module = make_module(session)
    reader.get(f"/m/{module.slug}/1?mark=0-20&question=4")
    (mark,) = reader.page.xpath("//mark")
    assert mark.text_content() == "Evidence for question 4: The harbour of Veltmar opened in 1911."
    assert reader.page.xpath("//*[@id='evidence-4']")
    for odd in (
        "?mark=x&question=1",
        "?mark=0-20",
        "?mark=0-20&question=x",
        "?mark=0-99999999999&question=1",
    ):
        reader.get(f"/m/{module.slug}/1{odd}")
        assert not reader.page.xpath("//mark")


def edited(session, section, text):
    """A further version of the section's text."""
    old = session.get_one(SectionVersion, section.current_version_id)
    read = article.Section(
        id=str(section.id),
        heading=old.heading,
        text=text,
        blocks=(article.Block("prose", article.Span(0, len(text))),),
    )
    version = SectionVersion(
        section_id=section.id,
        number=old.number + 1,
        heading="A new heading",
        text=text,
        blocks=article.section_to_json(read)["blocks"],
        html=section_html.render(read),
        word_count=read.word_count,
        content_hash=read.content_hash,
        created_at=clock.now(),
    )
    session.add(version)
    session.flush()
    section.current_version_id = version.id
    session.commit()


def test_an_attempt_keeps_the_text_it_asks_about(reader, session):
    module = make_module(session, sections=[("", "The old sentence says it. It stays.")])
    section = module.sections[0]
    make_item(session, section)
    make_quiz(session, section)
    reader.get(f"/m/{module.slug}/1")
    reader.press("Start the check")
    edited(session, section, "A new first sentence. The end.")
    reader.get(f"/m/{module.slug}/1")
    assert "The old sentence says it." in reader.text
    assert "edited since" in reader.text
    reader.check(1, {"choice": 0})
    (mark,) = reader.page.xpath("//mark")
    assert "The old sentence says it." in mark.text_content()
    (link,) = reader.page.xpath("//a[contains(@href, 'text=new')]/@href")
    reader.get(link)
    assert "A new first sentence." in reader.text
    assert "The old sentence" not in reader.page.xpath("string(//section[@id='passage'])")
    assert "Start the check" in reader.text
    reader.get(f"/attempts/{reader.attempt().id}/result")
    assert "The old sentence says it." in reader.text
    assert not reader.page.xpath("//a[contains(@href, 'mark=')]")


def test_hostile_words_stay_words(reader, session):
    evil = "<script>alert(1)</script>\"'{{ 7 * 7 }}"
    module = make_module(
        session, title=evil, standfirst=evil, source_note=evil, sections=[(evil, "A fact stands here.")]
    )
    section = module.sections[0]
    item = choice_item("A fact stands here.", stem=evil)
    item = replace(
        item,
        explanation=evil,
        options=tuple(
            replace(option, text=evil + str(n), feedback=evil) for n, option in enumerate(item.options)
        ),
    )
    make_item(session, section, item)
    make_quiz(session, section)
    for path in ("/", f"/m/{module.slug}", f"/m/{module.slug}/1"):
        reader.get(path)
        assert not reader.page.xpath("//script[not(@nonce)]")
    reader.press("Start the check")
    reader.check(1, {"choice": 1})
    assert not reader.page.xpath("//script[not(@nonce)]")
    assert reader.text.count("<script>alert(1)</script>") >= 5
    reader.get(f"/attempts/{reader.attempt().id}/result")
    assert not reader.page.xpath("//script[not(@nonce)]")


def test_a_section_added_later_can_be_checked(reader, session):
    module = make_module_of_every_type(session)
    section = add_section(session, module, "", "A late fact stands here.")
    make_item(session, section)
    reader.get(f"/m/{module.slug}/3")
    assert "Introduction" in reader.text
    reader.press("Start the check – 1 question")
    assert session.scalar(select(func.count()).select_from(Attempt)) == 1


def test_a_guest_goes_on_where_the_stranger_started(reader, session):
    module = make_module_of_every_type(session)
    reader.get(f"/m/{module.slug}/1")
    reader.press("Start the check – 6 questions")
    (guest,) = session.scalars(select(Account)).all()
    assert guest.is_guest
    reader.get(f"/m/{module.slug}/2")
    reader.press("Start the check")
    assert len(session.scalars(select(Account)).all()) == 1
    assert make_guest(session).id != guest.id
