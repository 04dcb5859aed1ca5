"""The coverage map as an instructor meets it: on the module's page a line a section, and a page for each."""

from __future__ import annotations

from dataclasses import replace

from questions.assembly.coverage import GAPS, LEVELS, cover
from questions.items.base import Evidence
from tests.factories.modules import add_section, choice_item, gap_item, make_item, make_module
from tests.web.teaching.desk import propose
from webapp.forms import item_words
from webapp.services import clock, section_html
from webapp.services.modules import section_of

FIRST = "The harbour of Veltmar opened in 1911."
SECOND = "Its first master was Anna Krol, who had built two lighthouses."


def address(module, section=0):
    """Where the map of a section is."""
    return f"/teach/modules/{module.id}/sections/{module.sections[section].id}/coverage"


def sentences(page):
    """The text's sentences with what stands behind each: its question numbers as they are read out."""
    return {
        sentence.text_content(): " ".join(
            " ".join(link.text_content().split())
            for link in sentence.xpath("./following-sibling::*[1][@class='item-numbers']/a")
        )
        for sentence in page.xpath("//*[contains(@class, 'map')]//span[contains(@class, 'sentence')]")
    }


def across(module, session, start, end, **values):
    """An item of the first section whose evidence is this stretch of its text."""
    section = module.sections[0]
    text = section.current_version.text
    item = choice_item(text, section=str(section.id))
    evidence = (Evidence(str(section.id), start, end, text[start:end]),)
    return make_item(session, section, replace(item, evidence=evidence), **values)


class TestMap:
    def test_sentences_in_use_waiting_and_free(self, desk, session, module):
        make_item(session, module.sections[0], level="retrieve")
        across(module, session, 45, 60, state="proposed", origin="generated", level="infer")
        page = desk.get(address(module))
        found = sentences(page)
        assert found == {
            FIRST: "Question 1",
            SECOND: "Question that waits for review 2?",
            "Ships from nine countries called in the first year.": "",
        }
        assert [mark.text_content() for mark in page.xpath("//div[@lang]//mark")] == [FIRST]
        [dashed] = page.xpath("//div[@lang]//span[contains(@class, 'is-proposed')]")
        assert dashed.text_content() == SECOND
        assert "1 of 3 sentences have a question in use. 1 more has one that waits" in desk.text
        for said in ("No question draws conclusions.", "No question asks for a judgement."):
            assert said in desk.text
        assert "No question asks what the text says" not in desk.text

    def test_numbers_lead_to_questions_and_back(self, desk, session, module):
        make_item(session, module.sections[0])
        page = desk.get(address(module))
        targets = [link[1:] for link in page.xpath("//main//a/@href") if link.startswith("#")]
        assert targets
        assert set(targets) <= set(page.xpath("//@id"))

    def test_evidence_across_two_sentences(self, desk, session, module):
        across(module, session, 20, 60)
        found = sentences(desk.get(address(module)))
        assert (found[FIRST], found[SECOND]) == ("Question 1", "Question 1")
        assert "To its first sentence 1" in desk.text

    def test_a_gap_is_a_word_to_the_ear(self, desk, session, module):
        section = module.sections[0]
        make_item(session, section, gap_item(section.current_version.text, "harbour"))
        (seen,) = desk.get(address(module)).xpath("//li[@id='question-1']//span[@aria-hidden='true']/text()")
        assert seen == "_____"
        assert "blank" in desk.text

    def test_a_stale_question_stands_at_no_sentence(self, desk, session, module):
        make_item(
            session,
            module.sections[0],
            state="proposed",
            stale_note="The text was edited and no longer has: “x”",
        )
        page = desk.get(address(module))
        assert not any(sentences(page).values())
        assert "Without a place in the text" in desk.text
        assert "no longer has: “x”" in desk.text

    def test_a_quote_that_is_not_there_marks_nothing(self, desk, session, module):
        section = module.sections[0]
        item = choice_item("Other words than these.", section=str(section.id))
        make_item(session, section, item)
        assert not any(sentences(desk.get(address(module))).values())

    def test_rejected_and_deleted_questions_are_not_on_it(self, desk, session, module):
        for state in ("rejected", "retired"):
            make_item(session, module.sections[0], state=state)
        page = desk.get(address(module))
        assert not any(sentences(page).values())
        assert "Nothing is asked about this section yet." in desk.text

    def test_a_question_of_another_section_marks_its_evidence_here(self, desk, session, module):
        first = module.sections[0]
        elsewhere = choice_item(first.current_version.text, section=str(first.id))
        make_item(session, module.sections[1], elsewhere, level="infer")
        assert sentences(desk.get(address(module)))[FIRST] == "Question 1"
        assert "Asked after another section" in desk.text
        assert "No question draws conclusions." in desk.text

    def test_a_question_without_level_is_said(self, desk, session, module):
        make_item(session, module.sections[0])
        desk.get(address(module))
        assert "1 question that a person wrote has no level" in desk.text

    def test_no_item_and_the_next_step(self, desk, module):
        page = desk.get(address(module))
        assert "Nothing is asked about this section yet." in desk.text
        [primary] = page.xpath("//main//*[contains(@class, 'button-primary')]")
        assert primary.text_content().strip() == "Generate questions"
        desk.press("Generate questions")
        desk.get(address(module))
        assert "Questions are being made." in desk.text
        assert not desk.page.xpath("//button[contains(., 'Generate')]")

    def test_what_waits_is_the_first_step(self, desk, session, module):
        propose(session, module, 2)
        [primary] = desk.get(address(module)).xpath("//main//*[contains(@class, 'button-primary')]")
        assert primary.text_content() == "Review 2 questions"
        desk.follow("Review 2 questions")

    def test_write_one_and_see_it_on_the_map(self, desk, module):
        desk.get(address(module))
        desk.follow("Write a question")
        fields = {
            "stem": "When did the harbour open?",
            "option_0": "In 1911",
            "option_1": "In 1934",
            "feedback_1": "The storm broke the wall in that year.",
            "option_2": "In 1920",
            "key": "0",
            "evidence": FIRST,
        }
        desk.press("Add question", fields)
        assert sentences(desk.get(address(module)))[FIRST] == "Question 1"

    def test_its_neighbours(self, desk, module):
        desk.get(address(module))
        desk.follow("Map of section 2: The storm")
        assert "Coverage map: The storm" in desk.text
        desk.follow("Map of section 1: Introduction")

    def test_a_section_without_words(self, desk, session):
        module = make_module(session, sections=(("Empty", ""),))
        desk.get(address(module))
        assert "This section has no text." in desk.text
        assert "There are no sentences here to ask about." in desk.text
        assert "Generate" not in desk.text

    def test_languages_written_from_the_right_and_without_spaces(self, desk, session):
        texts = (("", "افتتح الميناء عام 1911. وصلت السفن."), ("", "港は一九一一年に開いた。船が来た。"))
        module = make_module(session, sections=texts, language="ar")
        make_item(session, module.sections[0])
        page = desk.get(address(module))
        assert list(sentences(page)) == ["افتتح الميناء عام 1911.", "وصلت السفن."]
        assert page.xpath("//div[@lang='ar']/p[@dir='auto']")
        assert page.xpath("//div[@lang='ar']//span[@class='item-numbers'][@lang='en']")
        assert len(sentences(desk.get(address(module, 1)))) == 2

    def test_a_removed_section_has_none(self, desk, session, module):
        module.sections[0].removed_at = clock.now()
        path = address(module)
        session.commit()
        desk.get(path, 404)

    def test_it_belongs_to_teaching(self, desk, module):
        [current] = desk.get(address(module)).xpath("//header//*[@aria-current]")
        assert current.text_content() == "Teach"


class TestModulePage:
    def test_a_line_for_each_section(self, desk, session, module):
        make_item(session, module.sections[0], level="retrieve")
        desk.get(f"/teach/modules/{module.id}")
        assert (
            "Coverage map of Introduction: 1 of 3 sentences are asked about. No question draws conclusions (2 more gaps)."
            in desk.text
        )
        assert (
            "Coverage map of The storm: 0 of 3 sentences are asked about. Nothing is asked about this section yet."
            in desk.text
        )
        desk.follow("Coverage map of The storm")
        assert "Coverage map: The storm" in desk.text

    def test_nothing_is_missing(self, desk, session):
        module = make_module(session, sections=(("", "One came. Two left."),))
        for level in LEVELS:
            make_item(session, module.sections[0], level=level)
        desk.get(f"/teach/modules/{module.id}")
        assert "1 of 2 sentences are asked about. Nothing is missing." in desk.text
        desk.get(address(module))
        assert "Every part of the text and every level has a question in use." in desk.text

    def test_a_module_without_sections(self, desk, session):
        module = make_module(session, sections=())
        assert not desk.get(f"/teach/modules/{module.id}").xpath("//a[contains(@href, 'coverage')]")


def test_the_page_asks_no_more_as_sections_and_items_grow(desk, session, count_queries):
    counts = []
    for sections, items in ((2, 1), (100, 3)):
        module = make_module(session, sections=())
        for number in range(sections):
            add_section(session, module, f"Part {number}", "One came. Two left.")
        session.refresh(module)
        for section in module.sections[:5]:
            for _ in range(items):
                make_item(session, section)
        for path in (address(module), f"/teach/modules/{module.id}"):
            desk.get(path)
            with count_queries() as statements:
                desk.get(path)
            counts.append(len(statements))
    assert counts[:2] == counts[2:]
    assert counts[0] <= 6


def test_its_sentences_are_those_of_the_readers_page(session, module):
    """What a learner sees as evidence and what the map counts are cut at the same places."""
    for section in module.sections:
        read = section_of(section)
        shown = section_html.render(read)
        ids = [
            f'id="t{sentence.span.start}" data-end="{sentence.span.end}"'
            for sentence in cover(read, []).sentences
        ]
        assert ids
        assert all(one in shown for one in ids)
        assert shown.count('class="sentence"') == len(ids)


def test_there_are_words_for_every_gap():
    assert item_words.GAP_LABELS.keys() == set(GAPS)
    assert item_words.LEVEL_LABELS.keys() == set(LEVELS)
