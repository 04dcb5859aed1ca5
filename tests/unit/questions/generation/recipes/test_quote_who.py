"""Who said it: the one whose name is the subject of "said", before or after the words, and nobody else."""

from __future__ import annotations

import pytest

from questions.generation.recipes.quote_who import QuoteWho
from questions.reading.documents import read_text
from tests.factories.recipes import proposals_of

OTHERS = (
    "Olaf Berg said that the pier was too short. Maria Lind explained that nobody had paid for the ferry. "
)
WORDS = "A harbour without a lamp is an invitation to the rocks"
ASKED = f"According to the section, who said, \u201c{WORDS}\u201d?"


def made(text: str, others: str = OTHERS) -> list[tuple[str, str, set[str]]]:
    """Stem, key and distractors of what is asked; "WORDS" stands for the quotation without its signs."""
    proposals = proposals_of(QuoteWho(), read_text(others + text.replace("WORDS", WORDS)))
    return [
        (one.item.stem, one.key_texts[0], {option.text for option in one.item.options[1:]})
        for one in proposals
    ]


@pytest.mark.parametrize(
    ("text", "speaker", "wrong"),
    [
        ("\u201cWORDS,\u201d said Ada Holm.", "Ada Holm", {"Olaf Berg", "Maria Lind"}),
        ("\u201cWORDS,\u201d Ada Holm said.", "Ada Holm", {"Olaf Berg", "Maria Lind"}),
        ("Ada Holm said, \u201cWORDS.\u201d", "Ada Holm", {"Olaf Berg", "Maria Lind"}),
        ('Ada Holm said, "WORDS."', "Ada Holm", {"Olaf Berg", "Maria Lind"}),
        # far from its verb, but its subject
        (
            "Ada Holm, who had kept the lighthouse of Marlow, said, \u201cWORDS.\u201d",
            "Ada Holm",
            {"Olaf Berg", "Maria Lind"},
        ),
        # written as fully as the speaker is
        ("\u201cWORDS,\u201d said Holm. Ada Holm went home.", "Holm", {"Berg", "Lind"}),
    ],
)
def test_the_speaker_stands_before_or_after_the_words(text, speaker, wrong):
    assert made(text) == [(ASKED, speaker, wrong)]


def test_whoever_speaks_inside_of_the_words_did_not_say_them():
    found = made("Ada Holm said, \u201cKarl Brandt said that the lamp of Marlow burned.\u201d")
    assert [(key, wrong) for _, key, wrong in found] == [
        ("Ada Holm", {"Karl Brandt", "Olaf Berg", "Maria Lind"})
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("\u201cWORDS,\u201d she said.", "nobody is named"),
        ("Ada Holm came home. \u201cWORDS,\u201d she said.", "a pronoun says it"),
        ("\u201cWORDS,\u201d she said to Ada Holm.", "Ada Holm only listens"),
        ("\u201cWORDS,\u201d he told Ada Holm.", "Ada Holm only listens"),
        ("\u201cWORDS,\u201d the keeper told Ada Holm.", "the keeper has no name"),
        ("\u201cWORDS,\u201d said Ada Holm and Karl Brandt.", "there are two speakers"),
        ("\u201cWORDS,\u201d said Ada Holm, and Karl Brandt said the same.", "there are two speakers"),
        ("\u201cWORDS,\u201d said the brother of Ada Holm.", "her brother says it"),
        ("\u201cWORDS,\u201d said Ada Holm\u2019s brother.", "her brother says it"),
        ("Ada Holm sailed past the old sign \u201cWORDS\u201d.", "nobody says it"),
        ("\u201cToo dark,\u201d said Ada Holm.", "so few words are anybody's"),
        ("\u201cWORDS?\u201d said Ada Holm.", "a question is not said"),
        ("\u201cWORDS,\u201d said Ada Holm, \u201cand nobody pays.\u201d", "it is cut in two"),
    ],
)
def test_abstains_where_the_speaker_is_not_sure(text, why):
    assert made(text) == [], why


def test_the_words_of_one_are_not_offered_among_too_few_others():
    assert made("\u201cWORDS,\u201d said Ada Holm.", "Olaf Berg said that the pier was too short. ") == []
