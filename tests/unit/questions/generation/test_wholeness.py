"""What is half a sentence, a list without its end, a command or an example is no statement; its neighbour is."""

from __future__ import annotations

import pytest

from tests.unit.questions.generation.test_clauses import statements

PAIRS = [
    # (what makes no statement, what it must not say; the same with the flaw taken out, which does)
    (
        "The symptoms include double vision, slurred speech, a dry mouth and a weak grip.",
        "The symptoms slurred",
        "The symptoms include double vision, a dry mouth and a weak grip.",
    ),
    (
        "Most of the court cases start in the lower courts, called courts of first instance.",
        "cases called courts",
        "Most of the court cases start in the lower courts.",
    ),
    (
        "In 1858, Pasteur filtered air and, upon a look at the cotton, found many microbes in it.",
        "air, upon",
        "In 1858, Pasteur filtered air and found many microbes in the cotton.",
    ),
    (
        "Basil does not tolerate frost so don't plant it early.",
        "so don't",
        "Basil does not tolerate frost in the early spring.",
    ),
    (
        "The old ferry of Marlow carries milk to the coast, for example.",
        "for example",
        "The old ferry of Marlow carries milk to the coast.",
    ),
    (
        "We can imagine that a captain of the guard is a strict leader of the crew.",
        "We can imagine",
        "We can expect that a captain of the guard is a strict leader of the crew.",
    ),
    (
        "Whether the bridge helps Marlow will shape the trade of the coast.",
        "Whether",
        "The bridge at Marlow will shape the trade of the coast.",
    ),
    (
        "The Silver Cloud were balloons of thin metal filled with helium.",
        "Silver Cloud were",
        "The Silver Clouds were balloons of thin metal filled with helium.",
    ),
    (
        "As you read through the other chapters, you will see that the planets of the sun are old.",
        "chapters",
        "Through good telescopes, you can see that the planets of the sun are old.",
    ),
    # what leans on a term of comparison, or only sums up what was told
    (
        "The leaders of the small crews were less strict.",
        "less strict",
        "The leaders of the crews were strict.",
    ),
    (
        "Many families of the coast had more time for a pet.",
        "more time",
        "Many families of the coast had enough time for a pet.",
    ),
    (
        "A quarrel began. An explanation was given. Little research in Marlow supports the explanation.",
        "supports the explanation",
        "A quarrel began. Little research in Marlow supports the old ideas.",
    ),
    (
        "While this is a good explanation of sleep, little research in Marlow supports this explanation.",
        "supports the explanation",
        "While this is a good explanation of sleep, little research in Marlow supports the old ideas.",
    ),
    (
        "The bridge of Marlow offers other advantages to the traders.",
        "other advantages",
        "The bridge of Marlow offers good advantages to the traders.",
    ),
]


@pytest.mark.parametrize(("text", "never", "_sound"), PAIRS)
def test_makes_no_statement_of_a_part(text, never, _sound):
    assert not any(never in statement for statement in statements(text)), statements(text)


@pytest.mark.parametrize(("_flawed", "_never", "sound"), PAIRS)
def test_makes_one_of_the_same_without_the_flaw(_flawed, _never, sound):
    last = sound.split(". ")[-1]
    assert any(last[-20:] in statement for statement in statements(sound)), statements(sound)


@pytest.mark.parametrize(
    "text",
    [
        "The boats of the north were faster than the boats of the south.",
        "The storms of the coast are stronger in the winter.",
        "The storms of the coast are stronger when the sea is warm.",
        "Birds of the north have no fear of the other birds.",
        "Pets of the north live with other pets of the farm.",
        "The keepers of Marlow helped each other in the evening.",
        "X-rays are used in hospitals for pictures of the bones.",
    ],
)
def test_what_is_compared_or_named_stands_alone(text):
    assert text in statements(text)


def test_regret_goes_and_the_word_that_joins_stays():
    text = "The critics praised the late work of Gilbert, but, sadly, Gilbert did not live to see the praise."
    assert text.replace(", sadly,", "") in statements(text)
