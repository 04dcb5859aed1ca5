"""The map after its section was edited through the front door: marks move with their sentences, or are gone."""

from __future__ import annotations

import pytest

from tests.factories.modules import choice_item, make_item, make_module
from webapp.services import sections
from webapp.services.coverage import get_map, list_coverage
from webapp.services.errors import NotFound

FIRST = "The harbour of Veltmar opened in 1911."


@pytest.fixture
def module(session):
    return make_module(session)


def edit(session, module, text, number=0):
    """A new wording of a section."""
    section = module.sections[number]
    wording = sections.Wording(section.current_version.heading, text, section.current_version_id)
    consequences = sections.edit_section(session, module, section.id, wording, by=None, is_confirmed=True)
    assert consequences.is_saved
    session.commit()


def marked(page):
    """The sentences with a question in use, and those with one that only waits."""
    found = page.coverage.sentences
    return (
        [one.span.of(page.text) for one in found if one.in_use],
        [one.span.of(page.text) for one in found if one.waiting],
    )


def test_a_mark_moves_with_its_sentence(session, module):
    make_item(session, module.sections[0])
    edit(session, module, f"Veltmar lies by the sea. Nobody knows since when. {FIRST} Ships came.")
    page = get_map(session, module, module.sections[0].id)
    assert marked(page) == ([FIRST], [])
    assert page.questions[0].starts == [page.text.index(FIRST)]


def test_a_question_whose_sentence_is_gone_is_stale_and_marks_nothing(session, module):
    row = make_item(session, module.sections[0])
    edit(session, module, "Veltmar lies by the sea. Ships came.")
    page = get_map(session, module, module.sections[0].id)
    assert marked(page) == ([], [])
    assert [question.row.id for question in page.unplaced] == [row.id]
    assert (page.waiting, list(page.coverage.gaps)) == (1, ["nothing_asked"])


def test_a_stale_question_marks_nothing_even_where_half_of_its_evidence_still_stands(session, module):
    row = make_item(session, module.sections[0], state="proposed")
    assert marked(get_map(session, module, module.sections[0].id)) == ([], [FIRST])
    row.stale_note = "The text was edited and no longer has: “…”"
    session.commit()
    assert marked(get_map(session, module, module.sections[0].id)) == ([], [])


@pytest.mark.parametrize(
    "change", [{"start": -40, "end": -2}, {"start": 30, "end": 10}, {"quote": "Other words."}, {"end": 9_999}]
)
def test_a_span_that_does_not_hold_its_quote_marks_nothing(session, module, change):
    section = module.sections[0]
    row = make_item(session, section)
    content = row.current_version.content
    row.current_version.content = content | {"evidence": [content["evidence"][0] | change]}
    session.commit()
    assert marked(get_map(session, module, section.id)) == ([], [])


def test_the_lines_of_a_module_are_the_maps_of_its_sections(session, module):
    first = module.sections[0]
    elsewhere = choice_item(first.current_version.text, section=str(first.id))
    make_item(session, module.sections[1], elsewhere, level="infer")
    make_item(session, first, level="retrieve")
    lines = list_coverage(session, module, module.sections)
    assert lines.keys() == {section.id for section in module.sections}
    for section in module.sections:
        assert lines[section.id] == get_map(session, module, section.id).coverage
    assert [line.in_use for line in lines.values()] == [1, 1]
    assert [line.covered for line in lines.values()] == [1, 0]


def test_questions_of_a_removed_section_mark_nothing(session, module):
    """They are not asked any more, wherever their evidence is."""
    first, second = module.sections
    elsewhere = choice_item(first.current_version.text, section=str(first.id))
    make_item(session, second, elsewhere)
    sections.remove_section(session, module, second.id)
    session.commit()
    session.refresh(module)
    assert marked(get_map(session, module, first.id)) == ([], [])
    with pytest.raises(NotFound):
        get_map(session, module, second.id)
