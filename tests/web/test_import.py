"""Importing a text in the browser: upload or paste, look at the cut, change it, save it as a module."""

from __future__ import annotations

import html
import io
import re

import pytest

from tests.factories.people import make_account, make_course
from webapp.models.module import ImportDraft, Module
from webapp.repositories import modules as module_rows

TEXT = """The Ferry of Lindholm

How a small town kept its crossing.

The ferry began in 1902. It carried carts and cattle over the sound, and in its first summer it made nine trips a day.

The Winter Without Ice

In 1911 the sound did not freeze. The ferry ran all winter, and the town paid the crew for four extra months.

Sunday trips were added in the spring.

The Bridge

A bridge was opened in 1934. The ferry stopped a week later.
"""


@pytest.fixture
def teacher(session):
    return make_account(session, "instructor")


@pytest.fixture
def desk(client_for, teacher):
    return client_for(teacher)


def paste(desk, text=TEXT):
    answer = desk.csrf_post("/teach/import", {"text": text})
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def upload(desk, data: bytes, name: str, **fields):
    answer = desk.csrf_post("/teach/import", {"file": (io.BytesIO(data), name), **fields})
    answer.request.environ["wsgi.input"].close()  # the client keeps large bodies in a file
    return answer


def cut(session) -> list[tuple[str, str]]:
    draft = session.query(ImportDraft).one()
    return [(one["heading"], one["text"]) for one in draft.sections if not one["removed"]]


def fields(desk, address: str) -> dict[str, str]:
    """What the page's form would send, without a button."""
    page = desk.get(address).text
    form = page[page.index('id="draft"') :]
    sent = {}
    for found in re.finditer(r'<input[^>]*name="(sections-[^"]+|title|course_id)"[^>]*>', form):
        value = re.search(r'value="([^"]*)"', found[0])
        sent[found[1]] = _plain(value[1]) if value else ""
    for found in re.finditer(r'<textarea[^>]*name="([^"]+)"[^>]*>\r?\n?(.*?)</textarea>', form, re.DOTALL):
        sent[found[1]] = _plain(found[2])
    return sent


def _plain(text: str) -> str:
    return html.unescape(text)


def press(desk, address: str, action: str, **changes: str):
    return desk.csrf_post(address, fields(desk, address) | changes | {"action": action})


def test_a_pasted_text_is_cut_and_saved_as_a_draft_module(desk, session, teacher):
    address = paste(desk)
    page = desk.get(address).text
    for words in (
        "The Ferry of Lindholm",
        "How a small town kept its crossing.",
        "The Winter Without Ice",
        "The Bridge",
    ):
        assert words in page
    answer = press(desk, address, "save")
    assert answer.status_code == 303
    module = session.query(Module).filter_by(title="The Ferry of Lindholm").one()
    assert (module.state, module.slug, module.created_by_id) == ("draft", "the-ferry-of-lindholm", teacher.id)
    assert module.language == "en"
    versions = [row.current_version for row in module_rows.list_sections(session, module.id)]
    assert [version.heading for version in versions] == ["", "The Winter Without Ice", "The Bridge"]
    assert versions[1].text.endswith("\n\nSunday trips were added in the spring.")
    assert 'class="sentence"' in versions[0].html
    assert session.query(ImportDraft).count() == 0


def test_saving_with_questions_starts_a_job_and_shows_it(desk, session):
    answer = press(desk, paste(desk), "generate")
    assert answer.status_code == 303
    assert re.fullmatch(r"/teach/jobs/\d+", answer.headers["Location"])
    assert desk.get(answer.headers["Location"]).status_code == 200


@pytest.mark.parametrize("name", ["ferry.txt", "FERRY.TXT", "ferry.md"])
def test_a_file_is_read_by_its_ending(desk, session, name):
    answer = upload(desk, TEXT.encode(), name)
    assert answer.status_code == 303
    assert session.query(ImportDraft).one().filename == name


def test_html_is_read_without_its_scripts(desk, session):
    page = (
        "<html><head><title>Ferries</title><script>alert(1)</script></head><body><h1>Ferries</h1>"
        "<p>They cross the sound <b>every</b> day.<img src=x onerror=alert(2)></p></body></html>"
    )
    address = upload(desk, page.encode(), "f.html").headers["Location"]
    press(desk, address, "save")
    version = module_rows.list_sections(session, session.query(Module).one().id)[0].current_version
    assert version.text == "They cross the sound every day."
    assert "alert" not in version.html


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "empty.txt", "file is empty"),
        (b"\x00\x01\x02\x03 binary", "program.txt", "not a text file: line 1"),
        (b"%PDF-1.7 ...", "paper.txt", "a PDF, not a text file"),
        (b"PK\x03\x04broken", "broken.docx", ""),
        (b"word", "thing.exe", "cannot be read"),
        (b"word", "thing", "has no ending"),
        (b"word " * 100_005, "long.txt", "5 too many"),
        (b"x" * 200_000, "line.txt", "ine 1"),
        (b"x" * 2_000_007, "large.txt", "7 too many"),
    ],
)
def test_what_cannot_be_read_is_named_at_the_field(desk, session, data, name, words):
    answer = upload(desk, data, name)
    assert answer.status_code == 422
    assert words in answer.text
    assert 'id="file-error"' in answer.text
    assert "<title>Error:" in answer.text
    assert session.query(ImportDraft).count() == session.query(Module).count() == 0


def test_a_file_beyond_every_limit_says_by_how_much(desk, session):
    answer = upload(desk, b"x" * (5 * 1024 * 1024), "huge.txt")
    assert answer.status_code == 413
    assert "limit is 2 MB" in answer.text
    assert 'id="file-error"' in answer.text


def test_what_was_pasted_is_kept_where_it_is_refused(desk):
    text = "One <b>two</b> three. " * 3
    answer = desk.csrf_post("/teach/import", {"text": text, "file": (io.BytesIO(b"Other words."), "o.txt")})
    assert answer.status_code == 422
    assert "not both" in answer.text
    assert "One &lt;b&gt;two&lt;/b&gt; three." in answer.text


@pytest.mark.parametrize("text", ["", "   \n \n", "\r\n"])
def test_nothing_given_is_refused(desk, text):
    answer = desk.csrf_post("/teach/import", {"text": text})
    assert answer.status_code == 422
    assert "Choose a file, or paste the text below." in answer.text


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (
            "Le bac reliait les deux rives. Il partait dans le matin et il est resté là pour les gens de la ville.".encode(),
            "fr",
        ),
        (
            "Die Fähre verband die beiden Ufer, und sie fuhr nicht mit dem Wind, der von Westen kam.".encode(
                "latin-1"
            ),
            "de",
        ),
        ("The ferry of the town was old and it was slow, for it was made of oak.".encode("utf-16"), "en"),
        ("המעבורת חצתה את המצר בכל יום, גם בחורף. היא נשאה עגלות.".encode(), "he"),
        ("渡し船は毎日海峡を渡った。冬も休まなかった。".encode(), "ja"),
        ("🙂🙂🙂 🚢🚢".encode(), "und"),
        ("\n".join(f"{number} {number * 7}" for number in range(30)).encode(), "und"),
        (("The ferry was slow, and it was old. " * 5_600).encode(), "en"),
    ],
)
def test_unusual_texts_become_modules_in_their_own_language(desk, session, data, kind):
    answer = upload(desk, data, "text.txt")
    assert answer.status_code == 303, answer.text[:3000]
    saved = press(desk, answer.headers["Location"], "save")
    assert saved.status_code == 303
    module = session.query(Module).one()
    assert module.language == kind
    assert desk.get(saved.headers["Location"]).status_code == 200


def test_a_title_without_letters_still_has_an_address_of_its_own(desk, session):
    for _ in range(2):
        press(desk, paste(desk), "save", title="🚢🚢")
    assert sorted(module.slug for module in session.query(Module)) == ["module", "module-2"]


def test_a_pasted_program_is_refused_with_its_line(desk):
    answer = desk.csrf_post("/teach/import", {"text": "All is well.\n\x01\x02\x03\x04\x05"})
    assert answer.status_code == 422
    assert "control characters, the first in line 2" in answer.text
    assert 'id="text-error"' in answer.text


class TestTheCut:
    """Every change is a plain form; nothing typed is lost on the way."""

    def test_join_with_the_previous_section(self, desk, session):
        address = paste(desk)
        answer = press(desk, address, "join-1")
        assert answer.headers["Location"].endswith("#section-1")
        first, second = cut(session)
        assert first[0] == ""
        assert "nine trips a day.\n\nThe Winter Without Ice\n\nIn 1911" in first[1]
        assert second[0] == "The Bridge"

    def test_split_at_a_paragraph(self, desk, session):
        press(desk, paste(desk), "split-1", **{"split-1": "1"})
        assert [heading for heading, _ in cut(session)] == ["", "The Winter Without Ice", "", "The Bridge"]
        assert cut(session)[2][1] == "Sunday trips were added in the spring."

    def test_move_up_and_down_over_a_removed_section(self, desk, session):
        address = paste(desk)
        press(desk, address, "remove-1")
        press(desk, address, "up-2")
        assert [heading for heading, _ in cut(session)] == ["The Bridge", ""]
        press(desk, address, "down-0")
        assert [heading for heading, _ in cut(session)] == ["", "The Bridge"]

    def test_remove_and_put_back(self, desk, session):
        address = paste(desk)
        before = cut(session)
        press(desk, address, "remove-1")
        assert len(cut(session)) == 2
        assert "Put back" in desk.get(address).text
        press(desk, address, "restore-1")
        assert cut(session) == before

    def test_add_a_section(self, desk, session):
        address = paste(desk)
        press(desk, address, "add-0")
        assert cut(session)[1] == ("", "")
        press(desk, address, "keep", **{"sections-1-heading": "New", "sections-1-text": "It is new."})
        assert cut(session)[1] == ("New", "It is new.")

    def test_what_was_typed_is_kept_with_every_step(self, desk, session):
        press(desk, paste(desk), "up-2", title="Changed", **{"sections-0-text": "Typed by hand."})
        draft = session.query(ImportDraft).one()
        assert draft.title == "Changed"
        assert draft.sections[0]["text"] == "Typed by hand."

    @pytest.mark.parametrize(
        "action", ["join-0", "up-0", "down-2", "join-99", "split-0", "nonsense-1", "x", "-1", "up--1"]
    )
    def test_a_step_that_cannot_be_done_changes_nothing(self, desk, session, action):
        address = paste(desk)
        before = cut(session)
        assert press(desk, address, action).status_code == 303
        assert cut(session) == before

    def test_a_heading_without_text_is_refused_at_its_field(self, desk, session):
        address = paste(desk)
        answer = press(desk, address, "save", **{"sections-1-text": "  "})
        assert answer.status_code == 422
        assert 'id="sections-1-text-error"' in answer.text
        assert 'href="#sections-1-text"' in answer.text
        assert "The Bridge" in answer.text
        assert session.query(Module).count() == 0

    def test_an_empty_section_is_left_out(self, desk, session):
        address = paste(desk)
        press(desk, address, "add-0")
        press(desk, address, "save")
        assert len(module_rows.list_sections(session, session.query(Module).one().id)) == 3

    def test_what_is_no_text_is_refused_at_its_section(self, desk):
        address = paste(desk)
        answer = press(desk, address, "save", **{"sections-1-text": "\x01\x02\x03\x04 x"})
        assert answer.status_code == 422
        assert 'id="sections-1-text-error"' in answer.text

    def test_no_section_at_all_is_refused(self, desk, session):
        address = paste(desk)
        for place in range(3):
            press(desk, address, f"remove-{place}")
        answer = press(desk, address, "save")
        assert answer.status_code == 422
        assert "at least one section" in answer.text

    def test_a_missing_title_and_one_too_long_are_refused(self, desk):
        address = paste(desk)
        assert "Give the module a title." in press(desk, address, "save", title=" ").text
        answer = press(desk, address, "save", title="x" * 301)
        assert (answer.status_code, "At most 300 characters." in answer.text) == (422, True)

    def test_more_words_than_the_limit_are_refused(self, desk):
        address = paste(desk)
        answer = press(desk, address, "save", **{"sections-0-text": "Word. " * 99_990})
        assert answer.status_code == 422
        assert "more than the limit of 100,000" in answer.text

    def test_a_double_submit_makes_one_module(self, desk, session):
        address = paste(desk)
        sent = fields(desk, address) | {"action": "save"}
        assert desk.csrf_post(address, sent).status_code == 303
        assert desk.csrf_post(address, sent).status_code == 404
        assert session.query(Module).count() == 1

    def test_throwing_it_away(self, desk, session):
        address = paste(desk)
        assert desk.csrf_post(f"{address}/discard").status_code == 303
        assert session.query(ImportDraft).count() == 0

    def test_somebody_elses_draft_is_not_there(self, desk, client_for, session):
        address = paste(desk)
        other = client_for(make_account(session, "instructor"))
        assert other.get(address).status_code == 404
        assert other.csrf_post(address, {"action": "save"}).status_code == 404

    def test_unfinished_imports_stand_on_the_list(self, desk):
        address = paste(desk)
        assert f'href="{address}"' in desk.get("/teach").text


def test_a_course_that_is_not_ones_own_cannot_be_chosen(desk, session):
    other = make_course(session)
    answer = press(desk, paste(desk), "save", course_id=str(other.id))
    assert answer.status_code == 422
    assert session.query(Module).count() == 0


def test_kinds_of_paragraphs_survive_the_editor(desk, session):
    markdown = "# Ropes\n\nThey had three kinds:\n\n* hemp\n* flax\n\n> Knots hold the world, she said.\n\n```\na = {b}\n```\n"
    address = upload(desk, markdown.encode(), "ropes.md").headers["Location"]
    press(desk, address, "save")
    version = module_rows.list_sections(session, session.query(Module).one().id)[0].current_version
    assert [block["kind"] for block in version.blocks] == ["prose", "list", "quote", "code"]
