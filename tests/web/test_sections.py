"""Editing the sections of a module, also of a published one: what was answered is never touched."""

from __future__ import annotations

import pytest

from questions.items.base import Evidence, Option
from questions.items.base import Item as Question
from tests.factories.modules import choice_item, gap_item, make_item, make_module
from tests.factories.people import make_account, make_course
from webapp.models.item import Item, ItemVersion
from webapp.models.module import Section, SectionVersion
from webapp.models.quiz import Quiz
from webapp.repositories import modules as module_rows

FIRST = "The mill closed in 1931. Forty people lost their work."
SECOND = "A school moved in two years later. It had nine rooms."


@pytest.fixture
def desk(client_for, session):
    return client_for(make_account(session, "instructor"))


@pytest.fixture
def module(session):
    return make_module(
        session, sections=[("The mill", f"{FIRST}\n\n{SECOND}"), ("The rest", "It is quiet now. It rains.")]
    )


@pytest.fixture
def section(module):
    return module.sections[0]


def quoting(quote: str, section: Section, text: str, stem: str = "Which is said?") -> Question:
    start = text.index(quote)
    return Question(
        type="multiple_choice",
        stem=stem,
        options=(Option(quote, "key"), Option("Nothing of it."), Option("All of it.")),
        key=(0,),
        explanation="It says so.",
        evidence=(Evidence(str(section.id), start, start + len(quote), quote),),
    )


def address(section: Section, rest: str = "") -> str:
    return f"/teach/modules/{section.module_id}/sections/{section.id}{rest}"


def save(desk, section: Section, text: str, heading: str = "The mill", based_on: int = 0, **more: str):
    data = {"heading": heading, "text": text, "based_on": str(based_on or section.current_version_id)}
    return desk.csrf_post(address(section), data | more)


def versions(session, section: Section) -> list[SectionVersion]:
    return (
        session.query(SectionVersion).filter_by(section_id=section.id).order_by(SectionVersion.number).all()
    )


class TestEditing:
    def test_a_question_moves_along_with_its_sentence(self, desk, session, module, section):
        item = make_item(session, section, quoting("It had nine rooms.", section, f"{FIRST}\n\n{SECOND}"))
        asked = item.current_version_id
        answer = save(desk, section, f"A new beginning stands here.\n\n{FIRST}\n\n{SECOND}")
        assert answer.status_code == 303
        assert answer.headers["Location"].endswith(f"#section-{section.id}")
        item, new = session.get(Item, item.id), versions(session, section)[-1]
        assert (item.state, item.stale_note) == ("accepted", "")
        assert item.current_version_id != asked
        evidence = item.current_version.content["evidence"][0]
        assert new.text[evidence["start"] : evidence["end"]] == "It had nine rooms."
        assert (
            item.current_version.section_version_id
            == new.id
            == session.get(Section, section.id).current_version_id
        )
        assert session.get(ItemVersion, asked).content["evidence"][0]["start"] != evidence["start"]

    def test_before_a_question_is_lost_the_page_says_so_and_saves_nothing(self, desk, session, section):
        item = make_item(
            session, section, quoting("Forty people lost their work.", section, FIRST, "Who lost work?")
        )
        make_item(session, section, quoting("It had nine rooms.", section, f"{FIRST}\n\n{SECOND}"))
        text = f"The mill closed in 1931. Fifty people lost their work.\n\n{SECOND}"
        answer = save(desk, section, text)
        assert answer.status_code == 422
        for words in (
            "1 question loses its sentence",
            "Who lost work?",
            "1 question stays as it is",
            "Fifty people",
        ):
            assert words in answer.text
        assert len(versions(session, section)) == 1
        assert session.get(Item, item.id).state == "accepted"

    def test_once_confirmed_it_leaves_the_quiz_and_waits(self, desk, session, section):
        item = make_item(session, section, quoting("Forty people lost their work.", section, FIRST))
        asked = item.current_version_id
        text = f"The mill closed in 1931. Fifty people lost their work.\n\n{SECOND}"
        answer = save(desk, section, text, confirmed="yes")
        assert answer.status_code == 303
        assert "1 question left the quiz" in desk.get(answer.headers["Location"]).text
        item = session.get(Item, item.id)
        assert item.state == "proposed"
        assert "Forty people lost their work." in item.stale_note
        assert item.current_version_id == asked

    def test_when_the_sentence_comes_back_its_question_stands_again_and_waits(self, desk, session, section):
        item = make_item(session, section, quoting("Forty people lost their work.", section, FIRST))
        save(desk, section, SECOND, confirmed="yes")
        session.expire_all()
        earlier = versions(session, section)[0]
        page = desk.get(address(section, f"?version={earlier.id}"))
        assert "Forty people lost their work." in page.text
        answer = save(desk, session.get(Section, section.id), f"{FIRST}\n\n{SECOND}")
        assert "has its sentence again" in desk.get(answer.headers["Location"]).text
        item = session.get(Item, item.id)
        assert (item.state, item.stale_note) == ("proposed", "")
        assert item.current_version.section_version_id == versions(session, section)[-1].id

    def test_an_item_of_another_section_with_evidence_here_moves_too(self, desk, session, module, section):
        other = module.sections[1]
        text = f"{FIRST}\n\n{SECOND}"
        item = make_item(session, other, quoting("It had nine rooms.", section, text))
        save(desk, section, f"More.\n\n{text}")
        item = session.get(Item, item.id)
        evidence = item.current_version.content["evidence"][0]
        assert (
            versions(session, section)[-1].text[evidence["start"] : evidence["end"]] == "It had nine rooms."
        )
        assert item.current_version.section_version_id == other.current_version_id

    def test_a_question_about_the_heading_is_lost_with_the_heading(self, desk, session, section):
        question = quoting("It had nine rooms.", section, f"{FIRST}\n\n{SECOND}")
        about = Question(
            type="multiple_choice",
            stem="Under which heading does this stand?",
            options=(Option("The mill", "key"), Option("The rest"), Option("The sea")),
            key=(0,),
            evidence=question.evidence,
        )
        item = make_item(session, section, about, recipe="heading")
        text = f"{FIRST}\n\n{SECOND}"
        assert save(desk, section, text, heading="The old mill").status_code == 422
        save(desk, section, text, heading="The old mill", confirmed="yes")
        assert session.get(Item, item.id).state == "proposed"
        section = session.get(Section, section.id)
        save(desk, section, f"{text}\n\nMore.", heading="The old mill")
        assert session.get(Item, item.id).stale_note
        section = session.get(Section, section.id)
        save(desk, section, text, heading="The mill")
        assert not session.get(Item, item.id).stale_note

    def test_what_was_taken_out_stays_out_and_stands_on_the_new_text_when_it_comes_back(
        self, desk, session, section
    ):
        text = f"{FIRST}\n\n{SECOND}"
        standing = make_item(session, section, quoting("It had nine rooms.", section, text), state="retired")
        lost = make_item(
            session, section, quoting("Forty people lost their work.", section, text), state="retired"
        )
        assert save(desk, section, SECOND).status_code == 303
        rows = [session.get(Item, item.id) for item in (standing, lost)]
        assert [(item.state, bool(item.stale_note)) for item in rows] == [
            ("retired", False),
            ("retired", True),
        ]
        for item in rows:
            assert (
                desk.csrf_post(f"/teach/modules/{section.module_id}/items/{item.id}/restore").status_code
                == 303
            )
        assert session.get(Item, lost.id).state == "proposed"
        current = session.get(Section, section.id).current_version_id
        assert session.get(Item, standing.id).current_version.section_version_id == current

    def test_a_stale_card_marks_nothing_in_the_new_text(self, desk, session, section):
        make_item(session, section, quoting("Forty people lost their work.", section, f"{FIRST}\n\n{SECOND}"))
        save(desk, section, f"Other words. {SECOND} {SECOND}", confirmed="yes")
        desk.csrf_post(f"/teach/modules/{section.module_id}/review")
        page = desk.get(f"/teach/modules/{section.module_id}/review").text
        assert "Forty people lost their work." in page
        assert "<mark" not in page
        assert "Show evidence" not in page
        assert "Perhaps" not in page

    def test_a_stale_card_marks_the_sentence_that_the_lost_one_may_have_become(self, desk, session, section):
        item = make_item(
            session, section, quoting("Forty people lost their work.", section, f"{FIRST}\n\n{SECOND}")
        )
        text = f"The mill closed in 1931. Fifty people lost their work.\n\n{SECOND}"
        save(desk, section, text, confirmed="yes")
        queue = f"/teach/modules/{section.module_id}/review"
        desk.csrf_post(queue)
        page = desk.get(queue).text
        assert "Perhaps it says now:" in page
        assert "Perhaps the evidence now: </span>Fifty people lost their work.</mark>" in page
        assert "Show evidence" in page
        form = desk.get(f"{queue}?edit={item.id}").text
        assert ">\nFifty people lost their work.</textarea>" in form.replace("\r", "")
        assert "That is filled in as the evidence." in form

    def test_saving_what_stands_there_makes_no_version(self, desk, session, section):
        answer = save(desk, section, f"{FIRST}\r\n\r\n{SECOND}")
        assert "Nothing had changed" in desk.get(answer.headers["Location"]).text
        assert len(versions(session, section)) == 1

    def test_what_a_learner_was_asked_stays_what_was_asked(self, desk, client, session, module, section):
        text = f"{FIRST}\n\n{SECOND}"
        item = make_item(session, section, quoting("It had nine rooms.", section, text))
        started = client.csrf_post(f"/m/{module.slug}/1/check")
        assert started.status_code == 303
        save(desk, section, "Everything is new here. Nothing is left.", confirmed="yes")
        page = client.get(started.headers["Location"]).text
        assert item.current_version.content["stem"] in page

    @pytest.mark.parametrize("text", ["", "   ", "\n\n"])
    def test_a_section_without_text_is_refused(self, desk, session, section, text):
        answer = save(desk, section, text)
        assert answer.status_code == 422
        assert 'id="text-error"' in answer.text
        assert len(versions(session, section)) == 1

    @pytest.mark.parametrize("based_on", ["", "x", "99999999999999999999999"])
    def test_a_form_that_no_page_of_ours_sent_breaks_nothing(self, desk, session, section, based_on):
        answer = desk.csrf_post(address(section), {"heading": "", "text": "Words.", "based_on": based_on})
        assert answer.status_code in {409, 422}
        assert len(versions(session, section)) == 1

    def test_hostile_text_is_shown_as_text(self, desk, client, session, module, section):
        make_item(session, section)
        save(
            desk,
            section,
            "<script>alert(1)</script> & {{ config }} stands here.",
            heading="<b>x</b>",
            confirmed="yes",
        )
        page = client.get(f"/m/{module.slug}/1").text
        assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; {{ config }} stands here." in page
        assert "<script>alert" not in page


class TestTwoAtOnce:
    def test_the_second_gets_both_texts_and_loses_nothing(self, desk, client_for, session, section):
        other = client_for(make_account(session, "instructor"))
        began = section.current_version_id
        assert save(desk, section, "Theirs came first.", confirmed="yes").status_code == 303
        answer = save(other, section, "Mine came <second>.", heading="My heading", based_on=began)
        assert answer.status_code == 409
        for words in (
            "Theirs came first.",
            "Mine came &lt;second&gt;.",
            "My heading",
            "Nothing was overwritten",
        ):
            assert words in answer.text
        assert versions(session, section)[-1].text == "Theirs came first."
        current = session.get(Section, section.id).current_version_id
        assert f'name="based_on" type="hidden" value="{current}"' in answer.text
        assert save(other, section, "Mine came second.", based_on=current).status_code == 303
        assert [version.number for version in versions(session, section)] == [1, 2, 3]

    def test_the_same_form_sent_twice_changes_once(self, desk, session, section):
        began = section.current_version_id
        assert save(desk, section, "Once and for all.", based_on=began).status_code == 303
        assert save(desk, section, "Once and for all.", based_on=began).status_code == 303
        assert len(versions(session, section)) == 2


class TestOrder:
    def headings(self, session, module) -> list[str]:
        session.expire_all()
        return [row.current_version.heading for row in module_rows.list_sections(session, module.id)]

    def press(self, desk, section, what, **data):
        answer = desk.csrf_post(address(section, f"/{what}"), data)
        assert answer.status_code == 303, answer.text
        return answer

    def test_up_and_down(self, desk, session, module):
        first, second = module.sections
        self.press(desk, second, "move", direction="up")
        assert self.headings(session, module) == ["The rest", "The mill"]
        self.press(desk, second, "move", direction="down")
        self.press(desk, second, "move", direction="down")
        self.press(desk, first, "move", direction="up")
        assert self.headings(session, module) == ["The mill", "The rest"]

    def test_a_removed_section_keeps_its_place_and_its_questions(self, desk, client, session, module):
        first = module.sections[0]
        item = make_item(session, first)
        self.press(desk, first, "remove")
        assert self.headings(session, module) == ["The rest"]
        assert "The mill" not in client.get(f"/m/{module.slug}").text
        assert "Put back" in desk.get(f"/teach/modules/{module.id}").text
        self.press(desk, first, "restore")
        assert self.headings(session, module) == ["The mill", "The rest"]
        assert session.get(Item, item.id).state == "accepted"

    def test_the_last_section_of_a_published_module_stays(self, desk, session, module):
        first, second = module.sections
        self.press(desk, first, "remove")
        answer = desk.csrf_post(address(second, "/remove"), {})
        assert answer.status_code == 409
        assert "only section" in answer.text

    @pytest.mark.parametrize(("after", "place"), [("0", 0), ("-1", 2), ("first", 1)])
    def test_a_section_is_added_where_it_was_asked_for(self, desk, session, module, after, place):
        where = str(module.sections[0].id) if after == "first" else after
        answer = desk.csrf_post(
            f"/teach/modules/{module.id}/sections/new",
            {"heading": "New", "text": "It is new here.", "after": where},
        )
        assert answer.status_code == 303
        assert self.headings(session, module).index("New") == place
        assert session.query(Quiz).filter_by(module_id=module.id, kind="section").count() == 3

    @pytest.mark.parametrize(
        "data",
        [
            {"heading": "New", "text": " ", "after": "0"},
            {"heading": "x" * 301, "text": "Words.", "after": "0"},
            {"text": "W.", "after": "777"},
        ],
    )
    def test_a_section_that_will_not_do_is_refused_with_what_was_typed(self, desk, session, module, data):
        answer = desk.csrf_post(f"/teach/modules/{module.id}/sections/new", data)
        assert answer.status_code == 422
        assert data.get("heading", "") in answer.text
        assert len(self.headings(session, module)) == 2

    def test_sections_of_another_module_are_not_there(self, desk, session, module):
        other = make_module(session, make_course(session)).sections[0]
        for rest in ("/move", "/remove", "/restore", ""):
            path = f"/teach/modules/{module.id}/sections/{other.id}{rest}"
            data = {"heading": "", "text": "Words.", "based_on": "1"}
            assert desk.csrf_post(path, data).status_code == 404, rest
        assert desk.get(f"/teach/modules/{module.id}/sections/{other.id}").status_code == 404


def test_gap_items_and_choice_items_alike(desk, session, module, section):
    make_item(session, section, gap_item(FIRST, "1931", section=str(section.id)))
    make_item(session, section, choice_item(FIRST, section=str(section.id)))
    assert save(desk, section, f"{SECOND}\n\n{FIRST}").status_code == 303
    assert {item.state for item in session.query(Item)} == {"accepted"}


class TestDoubts:
    """A question keeps its sentence, and the new text says what one of its wrong answers says."""

    @pytest.fixture
    def item(self, session, section):
        quote = "The mill closed in 1931."
        question = Question(
            type="multiple_choice",
            stem="Which statement is supported by this section?",
            options=(
                Option(quote, "key"),
                Option("The mill burned down in 1940."),
                Option("The mill was sold to a school."),
            ),
            key=(0,),
            explanation="It says so.",
            evidence=(Evidence(str(section.id), 0, len(quote), quote),),
        )
        return make_item(session, section, question)

    EDITED = f"{FIRST}\n\n{SECOND}\n\nThe mill burned down in 1940."

    def test_the_page_says_so_before_anything_is_saved(self, desk, session, section, item):
        answer = save(desk, section, self.EDITED)
        assert answer.status_code == 422
        assert "1 question may be wrong after this" in answer.text
        assert "The text does say “The mill burned down in 1940." in answer.text
        assert "loses its sentence" not in answer.text
        assert session.get(Item, item.id).state == "accepted"

    def test_once_confirmed_it_is_asked_no_more_and_stands_on_the_new_text(
        self, desk, session, section, item
    ):
        answer = save(desk, section, f"Before.\n\n{self.EDITED}", confirmed="yes")
        assert "1 question left the quiz" in desk.get(answer.headers["Location"]).text
        session.expire_all()
        assert item.state == "proposed"
        assert "may be wrong now" in item.stale_note
        evidence = item.current_version.content["evidence"][0]
        new = versions(session, section)[-1]
        assert new.text[evidence["start"] : evidence["end"]] == evidence["quote"]

    def test_one_of_another_section_is_found_too(self, desk, session, module, section, item):
        other = module.sections[1]
        answer = save(
            desk, other, "It is quiet now. The mill burned down in 1940.", heading="The rest", confirmed="yes"
        )
        assert answer.status_code == 303
        session.expire_all()
        assert item.state == "proposed"
        assert "may be wrong now" in item.stale_note

    def test_when_the_sentence_goes_again_so_does_the_doubt(self, desk, session, section, item):
        save(desk, section, self.EDITED, confirmed="yes")
        session.expire_all()
        save(desk, section, f"{FIRST}\n\n{SECOND}")
        session.expire_all()
        assert (item.state, item.stale_note) == ("proposed", "")

    @pytest.fixture
    def of_two(self, session, section):
        """Asks what follows: stands on two neighbours."""
        pair = ("A school moved in two years later.", "It had nine rooms.")
        text = f"{FIRST}\n\n{SECOND}"
        question = Question(
            type="multiple_choice",
            stem=f"What does the text say right after “{pair[0]}”?",
            options=(Option(pair[1], "key"), Option("Forty people lost their work."), Option("It rained.")),
            key=(0,),
            explanation="The two stand side by side.",
            evidence=tuple(
                Evidence(str(section.id), text.index(quote), text.index(quote) + len(quote), quote)
                for quote in pair
            ),
        )
        return make_item(session, section, question, recipe="next_sentence")

    @pytest.mark.parametrize(
        ("second", "words"),
        [
            ("It had nine rooms. A school moved in two years later.", "in another order now"),
            (
                "A school moved in two years later. It was red. It had nine rooms.",
                "no longer follow each other",
            ),
        ],
    )
    def test_sentences_that_changed_places_or_were_parted(
        self, desk, session, section, of_two, second, words
    ):
        assert words in save(desk, section, f"{FIRST}\n\n{second}").text
        save(desk, section, f"{FIRST}\n\n{second}", confirmed="yes")
        session.expire_all()
        assert of_two.state == "proposed"
        assert words in of_two.stale_note

    def test_neighbours_that_stay_neighbours_stay_in_the_quiz(self, desk, session, section, of_two):
        assert save(desk, section, f"All is new.\n\n{SECOND}\n\nThe end.").status_code == 303
        session.expire_all()
        assert of_two.state == "accepted"

    def test_a_removed_section_makes_nothing_doubtful(self, desk, session, module, section, item):
        other = module.sections[1]
        other.removed_at = other_time = section.module.created_at
        session.commit()
        text = "It is quiet now. The mill burned down in 1940."
        assert save(desk, other, text, heading="The rest").status_code == 303
        session.expire_all()
        assert (item.state, other.removed_at) == ("accepted", other_time)

    def test_what_was_doubtful_before_is_no_reason(self, desk, session, section, item):
        save(desk, section, self.EDITED, confirmed="yes")
        session.expire_all()
        item.state, item.stale_note = "accepted", ""
        session.commit()
        assert save(desk, section, f"{self.EDITED}\n\nIt rains.").status_code == 303
        session.expire_all()
        assert item.state == "accepted"
