"""What is not English prose, or not a whole plain sentence, gives no statement."""

from __future__ import annotations

import pytest

from questions.generation.gates import is_english, text_blockers


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
