"""False statements are false beyond doubt, and sentences still; where that is unsure, there is none."""

from __future__ import annotations

import random
import re
from functools import lru_cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.generation.analyse import analyse
from questions.generation.distractors import Falsified
from questions.generation.distractors_clauses import with_modal
from questions.generation.distractors_names import swaps
from questions.generation.distractors_numbers import (
    date_options,
    false_dates,
    false_numbers,
    number_options,
)
from questions.generation.distractors_order import cause_swaps, thing_swaps
from questions.generation.distractors_polarity import affirmations, negations, refusals
from questions.generation.distractors_roles import (
    comparison_swaps,
    exchanges,
    rather_than_swaps,
    role_swaps,
    subject_swaps,
)
from questions.generation.distractors_scope import scope_changes
from questions.generation.distractors_words import antonyms
from questions.generation.facts import ArticleFacts, SectionFacts
from questions.generation.nlp import load_nlp
from questions.generation.numbers import parsed
from questions.reading.article import Article, Block, Section, Span


@lru_cache(maxsize=200)
def facts_of(text: str) -> tuple[ArticleFacts, SectionFacts]:
    section = Section("s1", "", text, (Block("prose", Span(0, len(text))),))
    facts = analyse(Article("", "", (section,)), load_nlp())
    return facts, facts.sections[0]


def made(kind, text: str) -> list[str]:
    """What a kind of falsification makes of the statements of a text."""
    facts, section = facts_of(text)
    stream = random.Random(1)
    calls = {
        "antonym": lambda clause: antonyms(facts, section, clause),
        "affirmation": lambda clause: affirmations(section, clause),
        "negation": lambda clause: negations(section, clause),
        "refusal": lambda clause: refusals(section, clause),
        "name": lambda clause: swaps(facts, section, clause),
        "number": lambda clause: false_numbers(section, clause, stream),
        "date": lambda clause: false_dates(section, clause, stream),
        "role": lambda clause: role_swaps(facts, section, clause),
        "exchange": lambda clause: exchanges(facts, section, clause),
        "subject": lambda clause: subject_swaps(facts, section, clause),
        "rather_than": lambda clause: rather_than_swaps(section, clause),
        "comparison": lambda clause: comparison_swaps(section, clause),
        "scope": lambda clause: scope_changes(section, clause),
        "thing": lambda clause: thing_swaps(section, clause),
        "cause": lambda clause: cause_swaps(section, clause),
    }
    found: list[Falsified] = [one for clause in section.clauses for one in calls[kind](clause)]
    assert all(one.derivation.replay(text) == one.text != one.clause.text for one in found)
    return [one.text for one in found]


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        (
            "antonym",
            "The council rejected the plan for the bridge.",
            "The council accepted the plan for the bridge.",
        ),
        ("antonym", "The old truce is fragile in the north.", "The old truce is robust in the north."),
        ("antonym", "The traders agreed to close the port.", "The traders refused to close the port."),
        ("antonym", "Most of the boats sailed to Marlow.", "Few of the boats sailed to Marlow."),
        ("antonym", "An easy way leads to the northern port.", "An easy way leads to the southern port."),
        ("antonym", "The price of coal in Marlow fell quickly.", "The price of coal in Marlow fell slowly."),
        (
            "antonym",
            "The way of the planet is nearly circular.",
            "The way of the planet is far from circular.",
        ),
        (
            "antonym",
            "The cells of the brain are especially sensitive.",
            "The cells of the brain are hardly sensitive.",
        ),
        (
            "subject",
            "Airlines adjust fares several times a day, whereas bookshops on the internet keep most prices for weeks.",
            "Bookshops on the internet adjust fares several times a day.",
        ),
        (
            "affirmation",
            "Norway does not yet recognise the treaty of Marlow.",
            "Norway recognises the treaty of Marlow.",
        ),
        (
            "affirmation",
            "The sea wall of Marlow is no longer safe.",
            "The sea wall of Marlow is still safe.",
        ),
        (
            "negation",
            "The ferry company carries letters to Marlow.",
            "The ferry company does not carry letters to Marlow.",
        ),
        (
            "negation",
            "The harbour can hold big ships in winter.",
            "The harbour cannot hold big ships in winter.",
        ),
        (
            "refusal",
            "Japan may close the bridge in the winter.",
            "Japan will not close the bridge in the winter.",
        ),
        (
            "role",
            "Sweden attacked Denmark in the spring of 1657.",
            "Denmark attacked Sweden in the spring of 1657.",
        ),
        (
            "role",
            "Sweden was defeated by Denmark in the spring of 1657.",
            "Denmark was defeated by Sweden in the spring of 1657.",
        ),
        (
            "exchange",
            "The US may send ships if China attacks Japan.",
            "The US may send ships if Japan attacks China.",
        ),
        (
            "rather_than",
            "The brewery used the water rather than the boats.",
            "The brewery used the boats rather than the water.",
        ),
        (
            "comparison",
            "The outer wall is older than the new tower.",
            "The new tower is older than the outer wall.",
        ),
        (
            "comparison",
            "The old mill stands above the new harbour.",
            "The new harbour stands above the old mill.",
        ),
        (
            "rather_than",
            "The bridge is narrow rather than dangerous.",
            "The bridge is dangerous rather than narrow.",
        ),
        (
            "antonym",
            "The ferry moves more quickly in the winter.",
            "The ferry moves less quickly in the winter.",
        ),
        (
            "antonym",
            "The boats sailed before the keepers lit the lamp.",
            "The boats sailed after the keepers lit the lamp.",
        ),
        (
            "name",
            "Iceland, Portugal and Norway fish. Norway sold the port to Portugal in 1911.",
            "Iceland sold the port to Portugal in 1911.",
        ),
    ],
)
def test_makes(kind, text, expected):
    assert expected in made(kind, text)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        # under "not" or beside its own opposite the opposite proves nothing
        ("antonym", "The council did not reject the plan for the bridge."),
        ("antonym", "The boats were neither fast nor slow in the winter."),
        ("antonym", "The council may accept or reject the plan for the bridge."),
        # what is warm enough may be cool enough
        ("antonym", "The water is warm enough for the fish of the bay."),
        # in a subject it may be true of the other, too
        ("antonym", "The northern port carries fish and salt to Marlow."),
        # parts of terms and names
        ("antonym", "The armed forces of Norway sailed to the island in May."),
        ("antonym", "The short-term loans paid for the bridge in Marlow."),
        # frames that the opposite does not have
        ("antonym", "The council gave up the plan for the bridge."),
        ("antonym", "The town bought the bell from a merchant in Marlow."),
        ("antonym", "The water of the bay rose above its usual level."),
        ("antonym", "The boats came back within weeks of the storm."),
        ("negation", "All the boats of the harbour sailed in the storm."),
        ("negation", "The boats may sail to the north in the winter."),
        ("negation", "One of the answers to the heat is sweat."),
        ("affirmation", "The council did not keep any boats in the harbour."),
        # hedged, negated, unpinned, exemplary, listed
        ("name", "Iceland and Portugal fish. Norway may sell the port to Portugal in 1911."),
        ("name", "Iceland and Portugal fish. Norway did not sell the port in 1911."),
        ("name", "Iceland and Portugal fish. Norway is a cold and quiet country."),
        ("name", "Iceland and Portugal fish. The fleet visited states such as Norway in 1911."),
        ("name", "Ada Holm and Olaf Berg sailed. Ada Holm burned her boat in 1911 near Marlow."),
        # with "at least", more is no denial; ranges and pairs are left alone
        ("number", "The port of Marlow has at least 340 berths for boats."),
        ("number", "The port of Marlow has between 30 and 40 berths for boats."),
        ("number", "The two keepers of Marlow lit the lamp in the storm."),
        ("date", "The bridge of Marlow has been closed to lorries since 1911."),
        ("date", "The bridge of Marlow was closed between 1911 and 1914."),
        ("number", "The boats of Marlow sailed twice in the last ten minutes."),
        ("antonym", "The prices of bread in Marlow may rise in the winter."),
        ("antonym", "The keepers refused to light the lamp until the winter."),
        ("antonym", "The new tower of Marlow was forty metres high."),
        ("antonym", "Fourteen ships were lost on the rocks of Marlow."),
        ("role", "Sweden met Denmark in the spring of 1657."),
        ("role", "Sweden attacked Copenhagen in the spring of 1657."),
        ("exchange", "Trade between China and Japan grew in the winter."),
        ("rather_than", "The brewery used the water and the boats of the canal."),
        ("comparison", "The wall is older than twenty years in this part."),
        # one and many; one person under two names; not the whole of a country; joined verbs
        ("comparison", "The walls are older than the new tower."),
        ("exchange", "Ada Holm met Holm in Marlow."),
        ("role", "Sweden attacked northern Denmark in the spring of 1657."),
        ("rather_than", "The brewery closed rather than sold the mill."),
        # who did not only open it may have closed it; what is not just above may be far above
        ("antonym", "The keepers only opened the door of the tower."),
        ("antonym", "The lamp burned just above the door of the tower."),
    ],
)
def test_makes_nothing(kind, text):
    assert made(kind, text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # how many
        ("Many boats of the harbour carry salt.", "Few boats of the harbour carry salt."),
        ("Most ships of the fleet reached Marlow.", "Few ships of the fleet reached Marlow."),
        ("Few ships of the fleet reached Marlow.", "Many ships of the fleet reached Marlow."),
        # whether it must be
        ("The keepers must light the lamp at night.", "The keepers need not light the lamp at night."),
        # how much at least and at most; of measures there is less, of things there are fewer
        ("The port has more than 340 berths for boats.", "The port has fewer than 340 berths for boats."),
        ("The port has at least 340 berths for boats.", "The port has fewer than 340 berths for boats."),
        ("The port has fewer than 340 berths for boats.", "The port has more than 340 berths for boats."),
        ("The port has at most 340 berths for boats.", "The port has more than 340 berths for boats."),
        ("The port has up to 340 berths for boats.", "The port has more than 340 berths for boats."),
        ("The voyage to Norway takes more than 12 days.", "The voyage to Norway takes less than 12 days."),
        ("The bridge is less than 340 metres long.", "The bridge is more than 340 metres long."),
        ("The tower cost over 340 pounds in May.", "The tower cost under 340 pounds in May."),
        ("The tower cost under 340 pounds in May.", "The tower cost over 340 pounds in May."),
        # how much of what the verb acts on
        ("Deep water puts more pressure on the walls.", "Deep water puts less pressure on the walls."),
        ("Deep water puts less pressure on the walls.", "Deep water puts more pressure on the walls."),
        ("The harbour of Marlow has more boats in May.", "The harbour of Marlow has fewer boats in May."),
        ("The harbour of Marlow has fewer boats in May.", "The harbour of Marlow has more boats in May."),
    ],
)
def test_a_small_word_is_turned_round(text, expected):
    assert made("scope", text) == [expected]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Many boats of the harbour do not carry salt.", "under a not, little is clear"),
        ("Many boats carry salt, but some of them carry iron.", "of some it is said otherwise"),
        ("Many boats of the harbour sail only in May.", "the rest is told of, too"),
        ("Several of the boats carry salt to Marlow.", "of the others nothing is known"),
        ("Few boats are among the oldest of the harbour.", "of the others nothing is known"),
        ("Some boats of the harbour carry salt.", "others may be anything"),
        ("Most water of the harbour is clean and cold.", "water is not counted"),
        ("The keepers must have lit the lamp at night.", "it is a guess, no duty"),
        ("The keepers must not light the lamp at night.", "a ban is no duty"),
        ("The port has no more than 340 berths for boats.", "it is turned round already"),
        ("The port has not more than 340 berths for boats.", "it is turned round already"),
        ("The port has between 30 and 40 berths for boats.", "it has two bounds"),
        ("The council sold lamps and more than 340 boats.", "it is one of two"),
        ("The port has about 340 berths for boats.", "it has no bound"),
        ("The harbour of Marlow has more boats than Norway.", "two are compared"),
        ("More boats sail to Marlow in the winter.", "the subject is said of, not acted on"),
        ("The boats sail to Marlow with more salt.", "the verb does not act on it"),
    ],
)
def test_a_small_word_is_left_alone(text, why):
    assert made("scope", text) == [], why


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        # what acts and what is acted on
        ("thing", "The storms led to the floods.", "The floods led to the storms."),
        ("thing", "The storm resulted from the heat.", "The heat resulted from the storm."),
        ("thing", "High waves are caused by strong winds.", "Strong winds are caused by high waves."),
        # one and many change places where the verb does not show it
        ("thing", "Strong winds caused a high wave.", "A high wave caused strong winds."),
        # cause and effect; names keep their capitals, other words lose theirs
        (
            "cause",
            "The harbour closed early because the winter was cold.",
            "The winter was cold because the harbour closed early.",
        ),
        (
            "cause",
            "The harbour closed early, because the winter was cold.",
            "The winter was cold, because the harbour closed early.",
        ),
        (
            "cause",
            "Norway closed the harbour because ice covered the bay.",
            "Ice covered the bay because Norway closed the harbour.",
        ),
    ],
)
def test_the_order_is_turned_round(kind, text, expected):
    assert made(kind, text) == [expected]


@pytest.mark.parametrize(
    ("kind", "text", "why"),
    [
        ("thing", "High waves are not caused by strong winds.", "it is denied"),
        ("thing", "High waves may be caused by strong winds.", "it is only possible"),
        ("thing", "High waves are caused by their strong winds.", "a pronoun points to the other"),
        ("thing", "Strong winds caused high waves when they blew from the north.", "they would be others"),
        ("thing", "High waves are caused by a strong wind.", "one and many need another verb form"),
        ("thing", "High waves are caused by 40 strong winds.", "a number fits its own noun only"),
        ("thing", "High waves are caused by strong winds and rain.", "there are two causes"),
        ("thing", "High waves are caused by strong winds blowing at night.", "the cause is told more of"),
        ("thing", "High waves are pushed by strong winds.", "both can push"),
        ("thing", "A great flood was caused by Norway.", "names have their own swaps"),
        ("thing", "Strong winds caused other winds.", "it is the same on both sides"),
        (
            "thing",
            "High waves are caused by the very strong cold winds of the north.",
            "the phrase is too long",
        ),
        ("cause", "The harbour did not close because the winter was cold.", "what is denied is not clear"),
        ("cause", "The harbour closed partly because the winter was cold.", "there were other causes"),
        ("cause", "The harbour closed only because the winter was cold.", "no other cause is told"),
        ("cause", "The harbour closed early because its walls were weak.", "a pronoun points to the other"),
        ("cause", "The harbour closed because the winter was cold.", "so few words say little"),
        ("cause", "The harbour closed early although the winter was cold.", "a concession is no cause"),
        ("cause", "Because the winter was cold, the harbour closed early.", "the cause stands first"),
    ],
)
def test_the_order_is_left_alone(kind, text, why):
    assert made(kind, text) == [], why


def test_a_changed_statement_that_the_text_makes_elsewhere_is_not_false():
    text = (
        "The council accepted the bridge plan in May. At first, the council rejected the bridge plan in May."
    )
    assert made("antonym", text) == []


@given(st.integers(0, 500))
def test_numbers_stay_apart_and_take_every_rank(seed):
    _, section = facts_of("The port of Marlow has 340 berths for boats.")
    options = number_options(section.numbers[0], 3, random.Random(seed))
    values = [parsed(option) for option in options]
    assert len(set(options)) == 3
    assert all(abs(value - 340) >= 0.35 * 340 for value in values)


@pytest.mark.parametrize(
    ("text", "right"),
    [("The port of Marlow has 340 berths for boats.", 340), ("The port lost 70% of its boats.", 70)],
)
def test_the_rank_of_the_right_number_varies(text, right):
    _, section = facts_of(text)
    ranks = {
        sum(parsed(option) < right for option in number_options(section.numbers[0], 3, random.Random(seed)))
        for seed in range(40)
    }
    assert ranks == {0, 1, 2, 3}


def test_a_number_in_words_is_as_round_as_the_others():
    _, section = facts_of("The port of Marlow sent fifteen thousand letters.")
    for seed in range(20):
        options = number_options(section.numbers[0], 3, random.Random(seed))
        assert all(re.fullmatch(r"[a-z-]+ thousand", option) for option in options), options


def test_a_late_day_is_not_mostly_the_last_one():
    _, section = facts_of("It came on 24 November 1925.")
    date, last = section.dates[0], 0
    for seed in range(200):
        months = {option.split()[1] for option in date_options(date, random.Random(seed))}
        last += "December" not in months
    assert 60 <= last <= 140


@pytest.mark.parametrize(
    "text",
    ["It came on 24 November 1925.", "It came in March 1776.", "It came in 1902.", "It came on May 3."],
)
def test_dates_make_a_square(text):
    """Two parts vary, each value stands twice: no option is nearer to all others than the rest."""
    _, section = facts_of(text)
    date = section.dates[0]
    for seed in range(20):
        options = [date.text, *date_options(date, random.Random(seed))]
        assert len(set(options)) == 4
        if date.granularity != "year":
            words = [option.replace(",", "").split() for option in options]
            assert all(len(set(column)) <= 2 for column in zip(*words, strict=True))


def test_other_statements_get_the_modal_that_the_question_has():
    _, section = facts_of(
        "The ferry carries letters to Marlow. The storm may damage the roof. The sea was calm in May."
    )
    texts = [text for _, _, text in with_modal(section, section.clauses, "could")]
    assert texts == ["The storm may damage the roof.", "The ferry could carry letters to Marlow."]
