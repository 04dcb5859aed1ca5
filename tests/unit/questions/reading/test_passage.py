"""Sentences: a table of texts with the sentences a reader sees in them, and what holds for any text."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.reading.passage import sentences

CASES = [
    # plain
    ["The mill grinds.", "It is night."],
    ["Does it stop?", "Never!", "Well… sometimes."],
    ["No end here"],
    ["One.", "Two words."],
    # abbreviations
    ["Dr. Ames met Mr. and Mrs. Hale at St. Olave's."],
    ["Gen. Ross wrote to Prof. Lee, i.e. to the author, e.g. about Mt. Etna vs. Fuji."],
    ["It was signed by J. R. R. Vale and A. Moss."],
    ["The U.S. President spoke.", "He left the U.S.", "The crowd stayed."],
    ["They met at 5 p.m. on Tuesday.", "The shop closed at 5 p.m.", "They left."],
    ["See No. 5 and Fig. 3 on p. 12 of vol. 2."],
    ["Was it late?", "No.", "It was early."],
    ["They faced the Sun.", "Then they slept."],
    ["It rained on Dec. 24 and Jan. 6."],
    ["The mill was built c. 1818 by the council.", "It burned in 1902."],
    ["The mill (c. 1818) is old.", "It stands."],
    ["The keeper, b. 1790, d. 1842, lit the lamp.", "Nobody paid him."],
    ["The old songs (fl. 1790) are lost.", "King Olaf, r. 1801 to 1818, sang them."],
    ["The barrel was marked with a c.", "The sailors left it."],
    ["They sell nuts, bolts, etc.", "Nobody buys them."],
    ["Hale Inc. Chairman Moss resigned.", "He now runs Moss Ltd.", "The others stayed."],
    ["She takes vitamin C.", "It helps."],
    ["He is taller than I.", "She is not."],
    ["I. Newton wrote it."],
    ["The letter of M. Dupont came."],
    # figures
    ["It weighs 18.3 tons and cost 1.5 million.", "In 1990.", "20 people came."],
    ["Version 2.0.1 is at example.org/a.b today."],
    ["1. Open the gate.", "2. Wait."],
    # quotes and brackets
    ["“It ended.”", "He left."],
    ["“Why?” he asked.", "“Go!” she said."],
    ["He said, “Stop.”", "“No,” she said."],
    ['"It ended." he wrote.', '"Again."', "They laughed."],
    ["(It was late.)", "They slept."],
    ["They slept (it was late).", "Morning came."],
    ["She left.", "“Then what?”"],
    ["«\u00a0C’est fini.\u00a0»", "Il part."],
    ["« Le vent dort », dit-il.", "« Moi non plus. »"],
    ["Er kam.", "» Geh!", "« Sie blieb."],
    ["« Il vient. »", "Il part.", "» Reste."],
    # ellipsis
    ["It went on ... and on.", "Then ...", "Nothing."],
    # openers
    ["¿Quién viene?", "¡Nadie!", "— Bueno."],
    # run together
    ["Why is it open?", "Because it is day."],
    # other scripts
    ["تقع المدينة على النهر.", "هل تغيرت؟", "نعم."],
    ["यह नदी है।", "वह गाँव है।"],
    ["Мельница стоит.", "Река шумит!"],
    ["הטחנה ישנה.", "היא עובדת."],
]


@pytest.mark.parametrize("parts", CASES, ids=[parts[0][:30] for parts in CASES])
def test_sentences_as_a_reader_sees_them(parts):
    text = " ".join(parts)
    assert [span.of(text) for span in sentences(text)] == parts


def test_sentences_that_touch():
    text = "小镇在河边。人们用船运盐！你知道吗？「是的。」他说。"
    assert [span.of(text) for span in sentences(text)] == [
        "小镇在河边。",
        "人们用船运盐！",
        "你知道吗？",
        "「是的。」",
        "他说。",
    ]
    text = "Is it a deal?Because it is. Is it?maybe"
    assert [span.of(text) for span in sentences(text)] == ["Is it a deal?", "Because it is.", "Is it?maybe"]
    text = "See http://a.b/?Query=1 for it."
    assert [span.of(text) for span in sentences(text)] == [text]


def test_a_line_break_ends_a_sentence():
    text = "First item\nsecond item\n\nThird one."
    assert [span.of(text) for span in sentences(text)] == ["First item", "second item", "Third one."]


def test_only_the_part_that_is_asked_for():
    text = "One is here. Two is here. Three is here."
    assert [span.of(text) for span in sentences(text, 13)] == ["Two is here.", "Three is here."]
    assert [span.of(text) for span in sentences(text, 4, 20)] == ["is here.", "Two is"]
    assert sentences(text, 12, 13) == ()
    assert sentences(text, 0, 10_000) == sentences(text)
    assert sentences("") == ()


@given(st.text(alphabet='aAbI. ?!…"”«» \n.5。é-', max_size=80), st.integers(0, 40))
def test_every_word_is_in_exactly_one_sentence(text, start):
    spans = sentences(text, start)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert all(span.of(text).strip() == span.of(text) != "" for span in spans)
    covered = "".join(span.of(text) for span in spans)
    assert "".join(covered.split()) == "".join(text[start:].split())
