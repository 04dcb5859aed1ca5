"""What everybody knows, nobody can be asked and nothing tells apart is not asked."""

from __future__ import annotations

import random

import pytest

from questions.generation.analyse import analyse
from questions.generation.nlp import load_nlp
from questions.generation.recipes.registry import RECIPES
from questions.reading.article import Article, Block, Section, Span

PADDING = " The council of Marlow rejected the plan for a second bridge in 1911. Olaf Berg repaired the old lamp in 1902."


def items(text: str, recipe: str) -> list[str]:
    """The stems of everything that a recipe proposes for a text."""
    section = Section("s1", "", text, (Block("prose", Span(0, len(text))),))
    facts = analyse(Article("", "", (section,)), load_nlp())
    made = RECIPES[recipe].propose(facts, facts.sections[0], random.Random(1))
    return [proposal.item.stem for proposal in made]


@pytest.mark.parametrize(
    ("text", "asked", "recipe"),
    [
        (
            "Ada Holm, 39, said that the harbour of Marlow needs a new pier.",
            "Ada Holm, _____",
            "cloze_number",
        ),
        ("A month of the old calendar has an average length of 30 days.", "_____ days", "cloze_number"),
        (
            "The office of the harbour in Zurich in Switzerland was opened in 1911.",
            "in _____",
            "cloze_country",
        ),
        (
            "If a mill grinds only 100 sacks per year, each sack is dear to make.",
            "_____ sacks",
            "cloze_number",
        ),
        (
            "In either case, the council of Marlow closes the harbour in winter.",
            "either case",
            "true_statement",
        ),
        ("Perhaps the harbour of Marlow needs a new pier.", "Perhaps", "true_statement"),
        ("Ada Holm met players such as Olaf Berg at the harbour in 1911.", "such as _____", "cloze_person"),
        (
            (
                "\u201cThe keeper said, \u2018The lamp of the harbour is dark,\u2019\u201d said Ada Holm. "
                "Olaf Berg said that the pier was short. Maria Lind said that nobody had paid for the ferry."
            ),
            "who said",
            "quote_who",
        ),
        ("Someone falls on the ground of the harbour in the evening.", "Someone falls", "true_statement"),
    ],
)
def test_trifles_are_not_asked(text, asked, recipe):
    assert not [stem for stem in items(text + PADDING, recipe) if asked in stem]


def test_a_number_of_what_nobody_knows_is_asked():
    found = items("The harbour of Marlow has 340 berths for boats." + PADDING, "cloze_number")
    assert any("_____ berths" in stem for stem in found)


def test_the_only_person_of_an_article_is_no_question():
    alone = (
        "Ada Holm repaired the lamp of the lighthouse in 1902. The council of Marlow closed the pier in 1911."
    )
    assert items(alone, "cloze_person") == []
    assert items(alone + " Olaf Berg built the new pier in 1911.", "cloze_person") != []


def test_of_a_full_date_the_year_is_to_be_typed():
    found = items("The keepers lit the lamp of the lighthouse on 14 March 1902." + PADDING, "cloze_date")
    assert any("on 14 March _____." in stem for stem in found)


def test_then_is_left_out():
    found = items("The farmers then built a dam for the water of the mill." + PADDING, "true_statement")
    assert "The farmers built a dam for the water of the mill." in found


def test_a_condition_that_names_a_reader_is_none():
    text = (
        "The ferry could stop for good if the council ends the old contract. "
        "The storm may damage the roof of the old church. A new bridge can shorten the way to the shore. "
        "The council may close the harbour to large ships."
    )
    assert items(text, "conditional") != []
    offer = text.replace("the council ends the old contract", "you want a quiet place for a walk")
    assert items(offer, "conditional") == []


def test_what_several_are_called_needs_more_than_the():
    told = "Lunar calendars follow the moon, and solar calendars follow the sun. "
    bare = "The calendars led to a quarrel between the towns in 1911."
    assert bare not in items(told + bare + PADDING, "true_statement")
    assert bare in items(bare + PADDING, "true_statement")


def test_no_wrong_name_where_the_text_has_another_article():
    text = (
        "The Katy Trail runs west from Marlow to Holt since 1911. Broken Arrow runs west from Holt to Krag since 1902. "
        "Admiral Street runs east from Krag to Marlow since 1920."
    )
    assert not [stem for stem in items(text, "false_entity") if "The Broken Arrow" in stem]


def test_no_wrong_name_behind_what_goes_with_the_right_one():
    text = (
        "Iceland, Portugal and Norway fish for cod. Norway sold the harbour to northern Chile in 1911. "
        "Norway sold the pier to Portugal in 1920."
    )
    found = items(text, "false_entity")
    assert any("the pier to" in stem for stem in found)
    assert not any("northern Portugal" in stem or "northern Iceland" in stem for stem in found)


def test_a_doubt_in_brackets_is_kept():
    text = "The keeper of the harbour (probably) sold the lamp of the lighthouse in the spring."
    found = items(text + PADDING, "true_statement")
    assert not any(stem.startswith("The keeper of the harbour sold") for stem in found)
    sure = items(text.replace("probably", "a tall man") + PADDING, "true_statement")
    assert any(stem.startswith("The keeper of the harbour sold") for stem in sure)


def test_a_gap_is_not_the_short_title_that_the_text_begins_with():
    text = "Marlow lies on the coast of Norway since 1911. Ada Holm came to Holt in 1902 and to Krag in 1920."
    section = Section("s1", "", text, (Block("prose", Span(0, len(text))),))
    facts = analyse(Article("Norway", "", (section,)), load_nlp())
    assert facts.headlines(facts.sections[0]) == "Norway"
    facts = analyse(Article("Marlow", "", (section,)), load_nlp())
    assert facts.headlines(facts.sections[0]) == "Marlow"
    facts = analyse(Article("Marlow lies on the\u2026", "", (section,)), load_nlp())
    assert facts.headlines(facts.sections[0]) == ""
