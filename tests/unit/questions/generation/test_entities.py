"""Names over a whole article: one person under several forms, kinds by majority, countries by list."""

from __future__ import annotations

import pytest

from questions.generation.analyse import analyse
from questions.generation.distractors_names import granularity
from questions.generation.entities import same_referent
from questions.generation.nlp import load_nlp
from questions.reading.article import Article, Block, Section, Span


def entities_of(text):
    section = Section("s1", "", text, (Block("prose", Span(0, len(text))),))
    return {one.name: one for one in analyse(Article("", "", (section,)), load_nlp()).entities}


def test_a_surname_is_its_bearer():
    found = entities_of("General Ada Holm took the port in 1902. In 1903, Holm lost the city of Boston.")
    assert found["Ada Holm"].label == "PERSON"
    assert {"Ada Holm", "Holm"} <= set(found["Ada Holm"].aliases)
    assert len(found["Ada Holm"].mentions) == 2


def test_a_surname_of_two_stands_for_itself():
    found = entities_of(
        "General William Howe and Admiral Richard Howe met in Boston. General Howe left for New York City."
    )
    assert found["Howe"].label == "PERSON"
    assert found["William Howe"].aliases == ("William Howe",)


def test_a_president_is_no_town():
    found = entities_of(
        "George Washington crossed the river in December. Washington surprised the enemy at night. "
        "The soldiers admired Washington."
    )
    assert found["George Washington"].label == "PERSON"
    assert "Washington" not in found


def test_a_country_has_all_its_names():
    found = entities_of("Great Britain sent ships. The ships of Britain were slow.")
    assert found["the United Kingdom"].label == "COUNTRY"
    assert {"UK", "Britain"} <= set(found["the United Kingdom"].aliases)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("the US", "Washington", True),
        ("American", "the United States", True),
        ("Ada Holm", "Holm", True),
        ("China", "Chinese", True),
        ("China", "Japan", False),
        ("New York City", "York", True),
        ("Boston", "Trenton", False),
    ],
)
def test_same_referent(one, other, same):
    assert same_referent(one, other) is same


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("The army left Philadelphia in May.", "Philadelphia", "city"),
        ("The army came to Pennsylvania in May.", "Pennsylvania", "us_state"),
        ("The boats sailed up the Hudson River in May.", "Hudson River", "river"),
        ("Plants grow in Asia and in Europe.", "Europe", "continent"),
        ("French ships came to Marseille in May.", "French", "adjective"),
        ("Swedish ships came to Marseille in May.", "Swedish", "adjective"),
    ],
)
def test_granularity(text, name, kind):
    assert granularity(entities_of(text)[name]) == kind


def test_stars_and_battles_are_no_places():
    found = entities_of("Earth is larger than Mars. The army won the Battle of Saratoga in 1777.")
    labels = {name: one.label for name, one in found.items()}
    assert all(label == "OTHER" for label in labels.values()), labels
