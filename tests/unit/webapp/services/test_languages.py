"""The language of a text, as far as small words and scripts tell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.services.languages import LANGUAGE_NAMES, UNKNOWN, guess_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The ferry crossed the sound in the morning and it was late.", "en"),
        ("Le bac partait dans le matin et il est resté là pour les gens.", "fr"),
        ("Die Fähre fuhr nicht mit dem Wind, und der Kapitän ist geblieben.", "de"),
        ("El barco que salía por la mañana se quedó en el puerto.", "es"),
        ("Il traghetto che partiva di mattina è rimasto nel porto per la notte.", "it"),
        ("De veerboot is niet op tijd, en het water van de zee is koud.", "nl"),
        ("Färjan gick inte till ön på morgonen, och det var för kallt för att segla.", "sv"),
        ("Prom nie pływał w zimie, i to się zmieniło na wiosnę, jak co roku.", "pl"),
        ("Паром не ходил по утрам, и это было на зиму.", "ru"),
        ("渡し船は毎日海峡を渡った。冬も休まなかった。", "ja"),
        ("渡轮每天横渡海峡，冬天也不休息。", "zh"),
        ("나룻배는 매일 해협을 건넜다.", "ko"),
        ("المعبر كان مغلقا في الشتاء.", "ar"),
        ("המעבורת חצתה את המצר.", "he"),
        ("Το πλοίο έφευγε κάθε πρωί.", "el"),
        ("नाव हर सुबह चलती थी।", "hi"),
        ("เรือข้ามฟากแล่นทุกวัน", "th"),
        ("12 14 15 16", UNKNOWN),
        ("🚢", UNKNOWN),
        ("", UNKNOWN),
        ("Xyzzy plugh frotz gnusto.", UNKNOWN),
    ],
)
def test_what_it_is(text, language):
    assert guess_language(text) == language


@given(st.text())
def test_any_text_has_an_answer_that_can_be_chosen(text):
    assert guess_language(text) in LANGUAGE_NAMES
