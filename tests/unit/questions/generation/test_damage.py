"""What came to harm, or is no prose, gives no statement; what only looks odd is left alone."""

from __future__ import annotations

import pytest

from questions.generation.analyse import DAMAGED, analyse
from questions.generation.damage import damage_blockers, spoken
from questions.generation.nlp import load_nlp
from questions.reading.documents import read_text


@pytest.mark.parametrize(
    ("sentence", "codes"),
    [
        ("The keeper mended the lamp in 45 s.", []),
        ("iPhone sales rose.", []),
        ("al-Khwarizmi wrote on algebra.", []),
        ("\u00c7atal was left by its people.", []),
        ("The in-house printer of the harbour broke.", []),
        ("He took vitamin C and O2, or 3.5 m of rope.", []),
        ("1984 was a dry year.", []),
        ("2.5 million people live there.", []),
        ("the keeper mended the lamp.", ["lower_case"]),
        ('"the Owner" means the harbour board.', ["lower_case"]),
        ("3.1 The Hirer pays the deposit.", ["numbered"]),
        ("(b) The Hirer pays the deposit.", ["lower_case", "numbered"]),
        ("7. The Hirer pays the deposit.", ["numbered"]),
        ("The r0ad ran to the c0ast.", ["noise"]),
        ("Each c art carried a sack.", ["noise"]),
        ("The soldiers , it is said , came.", ["noise"]),
        ("The council approved the by a large majority.", ["gap_in_words"]),
        ("The keeper mended the.", ["gap_in_words"]),
    ],
)
def test_bare_words(sentence, codes):
    assert damage_blockers(sentence) == codes


SPEECHES = ("ANNA: The boat is late.", "BORIS: It is always late.", "ANNA: Then let us walk.")


def test_speakers_are_told_by_their_names_that_come_again():
    narration = "The two of them waited until noon: nobody came."
    assert spoken([*SPEECHES, narration]) == frozenset(SPEECHES)
    timed = tuple(f"[00:0{number}] {text}" for number, text in enumerate(SPEECHES))
    assert spoken(timed) == frozenset(timed)
    assert spoken(SPEECHES[:2]) == frozenset()
    assert spoken(["Note: Wear gloves.", "Warning: Acid burns.", "Hint: Open a window."]) == frozenset()


def reasons(*paragraphs):
    article = read_text("\n\n".join(["A title", *paragraphs]))
    return [facts.reasons for facts in analyse(article, load_nlp()).sections]


SOUND = "The keeper climbed the stairs of the old tower before every storm."


def test_many_damaged_sentences_spoil_a_section_and_a_few_do_not():
    assert reasons(SOUND, "the lamp was lit at dusk.", SOUND) == [()]
    low = ["the lamp was lit at dusk.", "the boats came home late.", "the harbour was full of ice."]
    assert reasons(SOUND, *low) == [(DAMAGED,)]
    assert reasons(*[SOUND] * 9, *low) == [()]


def test_misprints_spoil_a_section_and_terms_do_not():
    misprints = (
        "Thc kccper rnended the larnps of the towcr, and whcn the storrn carne, no boats were dainaged."
    )
    assert reasons(misprints, SOUND) == [(DAMAGED,)]
    terms = (
        "Peatlands with sphagnum grow slowly. Unlike grasslands, peatlands are rewetted by engineers, who "
        "preheat nothing. The stonemasons repainted the lighthouses quickly and carelessly. Sphagnum is soft."
    )
    assert reasons(terms) == [()]


def test_one_sentence_with_words_of_another_language_is_left_out():
    mixed = "The buses go round by the dam, und niemand ist zufrieden damit."
    facts = analyse(read_text("\n\n".join(["A title", *[SOUND] * 5, mixed])), load_nlp()).sections[0]
    assert "strange_words" in facts.sentences[-1].blockers
    assert not facts.sentences[0].blockers
