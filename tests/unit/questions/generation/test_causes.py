"""Reasons and aims: found where the text gives them, asked for in good English, left alone in all other cases."""

from __future__ import annotations

import pytest

from questions.generation.analyse import analyse
from questions.generation.nlp import load_nlp
from questions.reading.article import Article, Block, Section, Span


def causes_of(text):
    section = Section("s1", "", text, (Block("prose", Span(0, len(text))),))
    return analyse(Article("", "", (section,)), load_nlp()).sections[0].causes


@pytest.mark.parametrize(
    ("text", "question", "reason"),
    [
        (
            "The ferry stopped for the winter because the harbour was shallow.",
            "why did the ferry stop for the winter?", "The harbour was shallow.",
        ),
        (
            "In 1902, the council of Marlow closed the old harbour because its walls were weak.",
            "why did the council of Marlow close the old harbour in 1902?", "Its walls were weak.",
        ),
        (
            "Because ducks have oily feathers, they can sleep on the water.",
            "why can ducks sleep on the water?", "Ducks have oily feathers.",
        ),
        (
            "Large ships cannot enter the harbour of Marlow because the water is shallow.",
            "why can large ships not enter the harbour of Marlow?", "The water is shallow.",
        ),
        (
            "The bay was full of ice in January, so the fishermen of Marlow mended their nets.",
            "why did the fishermen of Marlow mend their nets?", "The bay was full of ice in January.",
        ),
        (
            "The harbour of Marlow was full of ice in January. As a result, the merchants of Marlow lost a fortune.",
            "why did the merchants of Marlow lose a fortune?", "The harbour of Marlow was full of ice in January.",
        ),
        (
            "To settle a quarrel, the council of Marlow offered a prize for the best plan.",
            "why did the council of Marlow offer a prize for the best plan?", "To settle a quarrel",
        ),
        (
            "Divers carry a second tank in order to reduce the danger of long dives.",
            "why do divers carry a second tank?", "To reduce the danger of long dives",
        ),
        (
            "A new law was passed in 1890 to control the price of bread.",
            "why was a new law passed in 1890?", "To control the price of bread",
        ),
    ],
)  # fmt: skip
def test_asks_for_the_reason(text, question, reason):
    found = [(one.question, one.reason.text) for one in causes_of(text)]
    assert found == [(f"According to the text, {question}", reason)]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("The ferry stopped partly because the harbour was shallow.", "there were other reasons"),
        ("The ferry did not stop because the harbour was shallow.", "what is denied is not clear"),
        ("The ferry stopped because the crew feared this.", "the reason points elsewhere"),
        ("They stopped because the harbour was shallow.", "nobody knows who stopped"),
        ("It is hard to know because the harbour was shallow.", "it stands for nothing"),
        ("If it rains, the ferry stops because the harbour is shallow.", "it holds under a condition"),
        ("The sand drifts back to form a long flat bank.", "sand wants nothing"),
        ("The council had a plan to sell the old mill.", "the infinitive says which plan"),
        (
            "The crew needed three days to mend the sails.",
            "the infinitive says what the days were needed for",
        ),
        ("The crew may leave the harbour to mend the sails.", "it is only possible"),
        ("The winter was so cold that the harbour froze.", "so says how cold"),
    ],
)
def test_asks_for_no_reason(text, why):
    assert causes_of(text) == (), why
