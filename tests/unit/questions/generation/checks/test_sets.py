"""What must hold between the items of an article, each rule with a set that keeps it and one that breaks it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from questions.generation.checks.reference import Reference
from questions.generation.checks.sets import (
    Entry,
    ItemSet,
    asked_passages,
    gives_away,
    longest_run,
    third,
    verify_set,
)
from questions.generation.words import content_stems
from questions.items.base import Evidence, Item, Option
from tests.factories.articles import evidence_of, make_article, make_choice, make_judgement, make_section

SENTENCES = tuple(
    f"Boat number {n} left harbour {n} with {n} tons of salt and {n} sailors." for n in range(30)
)
SECTION = make_section(SENTENCES, "Boats")
ARTICLE = make_article(SECTION)
REFERENCE = Reference(ARTICLE)
KINDS = ("multiple_choice", "true_false", "gap_text", "gap_list")


def stem(number):
    return " ".join(f"{word}{number}" for word in ("what", "did", "boat", "carry", "home"))


def entry(
    number, *, kind="multiple_choice", position=None, verdict=None, recipe="", text="", needs_parse=False
):
    """An item on sentence `number` of which nothing is like another."""
    place = number % 4 if position is None else position
    evidence = (evidence_of(SECTION, SENTENCES[number]),)
    if kind == "true_false":
        is_true = number % 2 == 0 if verdict is None else verdict
        item = make_judgement(
            text or f"{stem(number)}.", verdict=is_true, quote=SENTENCES[number], section=SECTION
        )
    elif kind == "gap_text":
        item = Item(kind, f"_____ {stem(number)}", (), (f"salt{number}",), "", evidence)
    else:
        gap = "_____ " if kind == "gap_list" else ""
        options = tuple(Option(f"{letter}{number}") for letter in "abcd")
        item = Item(kind, text or f"{gap}{stem(number)}?", options, (place,), "", evidence)
    name = recipe or f"recipe{number % 5}"
    return Entry(f"id{number}", "s1", name, item, needs_parse)


def mixed(count=20, **kwargs):
    return [
        entry(n, kind=KINDS[n % 4], position=(n // 2) % 4, verdict=n % 8 == 1, **kwargs) for n in range(count)
    ]


def numbers(entries, reference=REFERENCE, **reasons):
    return {finding.check for finding in verify_set(ItemSet(tuple(entries), reference, reasons))}


def test_a_mixed_set_passes():
    assert numbers(mixed()) == set()


def test_22_near_duplicate_stems():
    twin = replace(entry(1), id="twin", item=replace(entry(1).item, stem=stem(0) + " now?"))
    assert 22 in numbers([entry(0), twin])


def test_22_same_evidence_and_key():
    other = replace(entry(0).item, stem="Quite another question of other words?")
    assert 22 in numbers([entry(0), replace(entry(0), id="twin", item=other)])


def test_22_three_items_on_one_sentence():
    trio = [
        replace(entry(n), item=replace(entry(n).item, evidence=(evidence_of(SECTION, SENTENCES[0]),)))
        for n in range(3)
    ]
    assert 22 in numbers(trio)
    assert 22 not in numbers(trio[:2])


def test_23_one_item_tells_the_key_of_another():
    quote = SENTENCES[3]
    asks = make_choice(
        "_____ left harbour.", "Boat number 3", "Boat 4", "Boat 5", quote=quote, section=SECTION
    )
    tells = make_judgement("Boat number 3 left with salt.", verdict=True, quote=quote, section=SECTION)
    far = make_judgement("Boat number 3 sank at night.", verdict=True, quote=SENTENCES[9], section=SECTION)
    near, apart = Entry("b", "s1", "r", tells), Entry("b", "s2", "r", tells)
    assert 23 in numbers([Entry("a", "s1", "q", asks), near])
    assert 23 not in numbers([Entry("a", "s1", "q", asks), apart])
    assert 23 in numbers([Entry("a", "s1", "q", asks), Entry("b", "s1", "r", far)])


def test_23_a_pair_to_match_tells_what_its_halves_do_not():
    quote = SENTENCES[3]
    asks = make_choice(
        "Boat number 3 _____ with 3 tons of salt.",
        "left harbour 3",
        "sank",
        "stayed",
        quote=quote,
        section=SECTION,
    )
    texts = (
        "Boat number 3 left",
        "Boat number 4",
        "left harbour 4 with salt",
        "harbour 3 with salt and sailors",
    )
    evidence = tuple(evidence_of(SECTION, SENTENCES[number]) for number in (3, 4))
    match = Item(
        "matching",
        "Match each beginning with how it goes on.",
        tuple(Option(text) for text in texts),
        ((0, 3), (1, 2)),
        "",
        evidence,
    )
    other = replace(match, type="ordering", key=(3, 2, 1, 0))
    assert 23 in numbers([Entry("a", "s1", "q", asks), Entry("b", "s1", "r", match)])
    assert 23 not in numbers([Entry("a", "s1", "q", asks), Entry("b", "s1", "r", other)])


def test_24_positions():
    assert 24 in numbers([entry(n, position=0 if n % 4 else 1) for n in range(24)])
    assert 24 in numbers([entry(n, position=2) for n in range(4)])
    assert 24 not in numbers([entry(n) for n in range(24)])


@pytest.mark.parametrize(("true", "flawed"), [(5, False), (6, False), (7, True), (3, True), (4, False)])
def test_25_share_of_true_statements(true, flawed):
    judged = [entry(n, kind="true_false", verdict=n < true) for n in range(10)]
    assert (25 in numbers(judged)) is flawed


@pytest.mark.parametrize("word", ["x", "exceedingly long answer"])
def test_26_length_of_the_key(word):
    entries = [
        replace(one, item=replace(one.item, options=(Option(f"{word}{n}"), *one.item.options[1:]), key=(0,)))
        for n, one in enumerate(entry(n) for n in range(12))
    ]
    long = [
        replace(
            one,
            item=replace(one.item, options=(one.item.options[0], *(Option(f"long {i}") for i in range(3)))),
        )
        for one in entries
    ]
    assert 26 in numbers(long if word == "x" else entries)


def test_27_a_long_section_needs_items_or_a_reason():
    few = [entry(0), entry(29)]
    assert 27 in numbers(few)
    assert 27 not in numbers(few, s1=("few_statements",))
    assert 27 in numbers([entry(n, kind=KINDS[n]) for n in range(4)])


def test_28_types_and_recipes():
    assert 28 in numbers([entry(n) for n in range(20)])
    assert 28 in numbers(mixed(20, recipe="one"))


def test_12_negative_questions():
    negative = [entry(n, text=f"Which of boats {n} did NOT return{n} home{n}?") for n in range(3)]
    assert 12 in numbers([*negative, *[entry(n) for n in range(3, 12)]])


def test_30_no_parse_no_item():
    assert 30 in numbers([entry(0, needs_parse=True)], s1=("not_english",))
    assert 30 not in numbers([entry(0)], s1=("not_english",))
    assert 30 not in numbers([entry(0, needs_parse=True)], s1=("few_statements",))


def test_an_empty_set_only_lacks_coverage():
    assert numbers([]) == {27}


def test_runs_and_thirds():
    assert longest_run([]) == 0
    assert longest_run([1, 2, 2, 2, 1]) == 3
    item = replace(entry(0).item, evidence=(Evidence("s1", 70, 80, "x" * 10),))
    assert [third(item, length) for length in (100, 200, 300)] == [2, 1, 0]
    assert third(replace(item, evidence=()), 100) == 0


HOLM = (
    "Ada Holm, the keeper of Marlow, was born in the winter.",
    "She repaired the broken lamp of the northern tower in 1902.",
    "The lamp of the tower burned for 40 years.",
)
LIFE = make_section([" ".join(HOLM)], "Holm", "s1")
LIFE_REFERENCE = Reference(make_article(LIFE))


def asked(item):
    return [HOLM.index(passage.text) for passage in asked_passages(item, LIFE_REFERENCE)]


def on_two(kind, stem, *texts, key=(0,), quotes=HOLM[:2]):
    """An item with evidence of several sentences."""
    evidence = tuple(evidence_of(LIFE, quote) for quote in quotes)
    return Item(kind, stem, tuple(map(Option, texts)), key, "", evidence)


@pytest.mark.parametrize(
    ("item", "sentences"),
    [
        # the first sentence only says who "she" is
        (
            on_two(
                "true_false",
                "Ada Holm repaired the broken lamp of the northern tower in 1902.",
                "True",
                "False",
            ),
            [1],
        ),
        (
            on_two(
                "multiple_choice",
                "What did Ada Holm repair?",
                "The broken lamp of the northern tower",
                "A bell",
            ),
            [1],
        ),
        (on_two("gap_text", "Ada Holm repaired the broken _____ of the northern tower.", key=("lamp",)), [1]),
        # here both are asked about
        (
            on_two(
                "true_false",
                "The keeper of Marlow, born in the winter, repaired the lamp of the tower.",
                "True",
                "False",
            ),
            [0, 1],
        ),
        # the order of the sentences says nothing
        (on_two("true_false", "Ada Holm was born as a keeper in the winter.", "True", "False"), [0]),
        # nothing is in common with any: all of the evidence is asked about
        (on_two("true_false", "Whales sing.", "True", "False"), [0, 1]),
        # no evidence, nothing asked
        (on_two("true_false", "Ada Holm repaired the lamp.", "True", "False", quotes=()), []),
    ],
)
def test_the_sentences_asked_about(item, sentences):
    assert asked(item) == sentences


def test_the_verdict_is_no_word_of_what_is_asked_about():
    text = ("True stories of storms were told.", "She repaired the lamp in May.")
    section = make_section([" ".join(text)])
    evidence = tuple(evidence_of(section, quote) for quote in text)
    item = Item(
        "true_false",
        "Stories of storms and of a lamp.",
        (Option("True"), Option("False")),
        (0,),
        "",
        evidence,
    )
    found = asked_passages(item, Reference(make_article(section)))
    assert [passage.text for passage in found] == list(text)


def test_22_a_sentence_that_only_names_whom_another_means_is_not_used_up():
    lamp = "The broken lamp of the northern tower"
    asking = [
        on_two("true_false", "Ada Holm repaired the broken lamp of the northern tower.", "True", "False"),
        on_two("multiple_choice", "What was repaired by Ada Holm in 1902?", lamp, "A bell"),
        on_two(
            "true_false", "The keeper of Marlow was born in the winter.", "True", "False", quotes=HOLM[:1]
        ),
    ]
    entries = [Entry(f"id{n}", "s1", "r", item) for n, item in enumerate(asking)]
    assert 22 not in numbers(entries, LIFE_REFERENCE)


CHOICE = "Which statement is supported by the section \u201cBoats\u201d?"


def tells(stem, *options, kind="multiple_choice"):
    """Whether an item of this stem tells the key "boat number 3" of another, by its stem or its options."""
    stems = content_stems(SENTENCES[3])
    asks = make_choice("_____ came.", "boat number 3", "boat number 4", "boat number 5", kind="gap_list")
    return gives_away(asks, stems, Item(kind, stem, tuple(map(Option, options)), (0,)))


@pytest.mark.parametrize(
    ("stem", "options", "told"),
    [
        # the heading in the stem says nothing of the sentence
        (CHOICE.replace("Boats", "Harbour, salt and sailors"), ("Boat number 3 sank.", "x."), False),
        # any other question with those words does
        ("What carried tons of salt and sailors from the harbour?", ("Boat number 3 sank.", "x."), True),
        # a statement that has more of the sentence's words tells it, whatever the stem
        (CHOICE, ("Boat number 3 left harbour with salt.", "x."), True),
        # with other words the statement is of something else
        (CHOICE, ("Boat number 3 sank at night.", "x."), False),
        # without the key's words nothing is told
        (CHOICE, ("It left harbour with salt and sailors.", "x."), False),
        ("What carried tons of salt and sailors from the harbour?", ("Boat number 30 sank.", "x."), False),
    ],
)
def test_a_statement_choice_tells_by_its_statements_only(stem, options, told):
    assert tells(stem, *options) is told


def test_nothing_tells_what_is_to_be_judged_or_put_in_order():
    stems = content_stems(SENTENCES[3])
    other = make_choice("What left harbour 3?", "Boat number 3 left harbour with salt.", "x")
    for kind in ("true_false", "ordering", "matching"):
        assert not gives_away(Item(kind, "Boat", (Option("salt"), Option("x")), (0,)), stems, other)
    assert gives_away(Item("multiple_choice", "Boat", (Option("salt"), Option("x")), (0,)), stems, other)
