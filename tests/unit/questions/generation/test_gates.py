"""What is not English prose, or not a whole plain sentence, gives no statement."""

from __future__ import annotations

import pytest

from questions.generation.analyse import analyse
from questions.generation.gates import is_english, text_blockers
from questions.generation.nlp import load_nlp
from tests.factories.articles import make_article, make_section


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The keeper of the lighthouse repaired the lamp before the storm.", True),
        ("Le gardien du phare a r\u00e9par\u00e9 la lampe avant la temp\u00eate de novembre.", False),
        ("Der W\u00e4rter hat die Lampe vor dem Sturm repariert und danach geschlafen.", False),
        ("12 450 9 33 18 27 600 41 7 8", False),
        (
            "\u041f\u043e\u0433\u043e\u0434\u0430 \u0431\u044b\u043b\u0430 \u0445\u043e\u0440\u043e\u0448\u0430\u044f",
            False,
        ),
        ("", False),
        ("Of lamps", True),
    ],
)
def test_language(text, expected):
    assert is_english(text) is expected


@pytest.mark.parametrize(
    ("sentence", "codes"),
    [
        ("The keeper repaired the lamp.", []),
        ("Who repaired the lamp?", ["question"]),
        ("The keeper repaired the lamp", ["no_full_stop"]),
        ("The parts of the lamp are summarized in.", ["reference"]),
        ("The lamp is shown in Figure 3 of the report.", ["reference"]),
        ("The lamp (see the list of parts) was repaired.", []),
        ("\u2022 Lamps and wicks for the keeper.", ["signs"]),
        ("The keeper wanted new parts, i.e. a wick and glass.", ["signs"]),
        ("Opening hours: from nine to five.", ["colon"]),
        ("The lamp broke; the keeper slept.", ["colon"]),
        ("The lamp broke at 9:30 in the evening.", []),
        ("The lamp \u2014 the old one \u2014 broke.", []),
        ("The lamp \u2014 the old \u2014 one \u2014 broke.", ["dash"]),
        ("Therefore, the ships could not land.", ["consequence"]),
        ("As a result of the storm, the ships could not land.", []),
        ("As a result, the ships could not land.", ["consequence"]),
        ("The lamp (an old one was repaired.", ["brackets"]),
        ("\u201cThe lamp is broken and nobody came to help,\u201d said the keeper.", ["quotation"]),
        ("The keeper called the lamp \u201cold lady\u201d for years.", []),
        ("The Keeper Repaired Every Broken Lamp.", ["capitals"]),
        ("THE KEEPER REPAIRED the lamp.", ["capitals"]),
    ],
)
def test_bare_words(sentence, codes):
    assert text_blockers(sentence) == codes


@pytest.mark.parametrize(
    ("before", "sentence", "codes"),
    [
        # told as a fact after a fact, it holds without the sentence before
        ("The harbour froze in January.", "Therefore, the ships stayed in Marlow.", []),
        ("The harbour froze in January.", "As a result, the ships stayed in Marlow.", []),
        ("The harbour froze in January.", "In this way, the ships stayed in Marlow.", []),
        # nothing stands before
        ("", "Therefore, the ships stayed in Marlow.", ["consequence"]),
        # it holds under what was supposed before
        ("If the harbour freezes, nobody comes.", "Therefore, the ships stay in Marlow.", ["consequence"]),
        ("Some ships could enter the harbour.", "Thus the ships stayed in Marlow.", ["consequence"]),
        ("Suppose that the harbour freezes.", "Consequently, the ships stay in Marlow.", ["consequence"]),
        ("When the harbour froze, nobody came.", "Hence the ships stayed in Marlow.", ["consequence"]),
        ("Did the harbour freeze?", "Accordingly, the ships stayed in Marlow.", ["consequence"]),
        # or is itself no fact
        ("The harbour froze.", "Therefore, the ships might stay in Marlow.", ["consequence"]),
        ("The harbour froze.", "Otherwise, the ships stay in Marlow.", ["consequence"]),
        ("The harbour froze.", "Then the ships stay in Marlow.", ["consequence"]),
        # other beginnings need no sentence before
        ("If the harbour freezes, nobody comes.", "The ships stay in Marlow.", []),
        ("If the harbour freezes, nobody comes.", "As a result of ice, the ships stay in Marlow.", []),
        ("If the harbour freezes, nobody comes.", "Thusnelda brought the ships to Marlow.", []),
    ],
)
def test_a_consequence_needs_the_sentence_before(before, sentence, codes):
    assert text_blockers(sentence, before) == codes


@pytest.mark.parametrize(
    ("before", "taken"),
    [
        ("The old harbour of Marlow froze in January.", True),
        ("If the old harbour of Marlow freezes, nobody comes.", False),
        ("", False),
    ],
)
def test_a_consequence_is_judged_after_the_sentence_before_it(before, taken):
    text = f"{before} Therefore, the ships of Norway stayed in Marlow for weeks.".strip()
    section = analyse(make_article(make_section([text])), load_nlp()).sections[0]
    assert (
        "The ships of Norway stayed in Marlow for weeks." in [one.text for one in section.clauses]
    ) is taken
