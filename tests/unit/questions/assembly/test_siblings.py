"""Which question is asked after one that went wrong: never one that was asked, about the same words if it can be."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from questions.assembly.siblings import Question, choose_sibling, relation
from questions.grading.text_match import fold

places = st.tuples(st.sampled_from(["1", "2"]), st.integers(0, 40), st.integers(1, 15)).map(
    lambda place: (place[0], place[1], place[1] + place[2])
)
parts = st.tuples(
    st.integers(1, 2),
    st.integers(1, 2),
    st.sampled_from(["Who built it?", "who  built it", "When?", "Where?", "Why?", "How?"]),
    st.sampled_from(["Anna", "1911", "ANNA"]),
    st.lists(places, max_size=3).map(tuple),
    st.sampled_from([None, "cause", "definition"]),
    st.sampled_from([None, "infer", "retrieve"]),
)
banks = st.lists(parts, min_size=1, max_size=14).map(
    lambda rows: [Question(number, *row) for number, row in enumerate(rows, start=1)]
)
seeds = st.integers(0, 2**31)


def touches(one: Question, other: Question) -> bool:
    """Told apart by sets of places, not by sums."""
    return bool(points(one) & points(other))


def points(question: Question) -> set[tuple[str, int]]:
    return {(section, at) for section, start, end in question.places for at in range(start, end)}


@given(bank=banks, seed=seeds, asked_count=st.integers(1, 5))
def test_never_what_was_asked_and_never_its_stem(bank, seed, asked_count) -> None:
    missed, asked = bank[0], bank[:asked_count]
    found = choose_sibling(missed, asked, bank, seed)
    fit = [
        one
        for one in bank
        if relation(missed, one)
        and one not in asked
        and fold(one.stem) not in {fold(other.stem) for other in asked}
    ]
    assert (found is not None) == bool(fit), "there is one exactly where one fits"
    if found is not None:
        chosen = next(one for one in bank if one.id == found.id)
        assert chosen in fit
        assert (chosen.section, chosen.wording) == (missed.section, missed.wording)
        assert found.relation == ("evidence" if touches(missed, chosen) else "kind")
        if any(touches(missed, one) for one in fit):
            assert found.relation == "evidence", "the same words come before the same kind"
        if found.relation == "kind":
            same_recipe = missed.recipe is not None and missed.recipe == chosen.recipe
            assert same_recipe or (missed.level is not None and missed.level == chosen.level)


@given(bank=banks, seed=seeds, order=seeds)
def test_the_seed_decides_and_not_the_order_of_the_candidates(bank, seed, order) -> None:
    mixed = Random(order).sample(bank, len(bank))
    first = choose_sibling(bank[0], bank[:1], bank, seed)
    assert first == choose_sibling(bank[0], bank[:1], mixed, seed)


@given(bank=banks, seed=seeds)
def test_asking_on_and_on_ends(bank, seed) -> None:
    missed, asked = bank[0], [bank[0]]
    while found := choose_sibling(missed, asked, bank, seed):
        missed = next(one for one in bank if one.id == found.id)
        assert missed not in asked
        asked.append(missed)
    assert len(asked) <= len(bank)


FIRST = Question(1, 1, 1, "Who built it?", "Anna Krol", (("1", 0, 40),), "attribution_who", "retrieve")


def test_another_answer_comes_before_more_of_the_same_words() -> None:
    same_key = replace(FIRST, id=2, stem="Whose work was it?", key="anna krol.")
    less = replace(FIRST, id=3, stem="Built when?", key="1911", places=(("1", 30, 60),))
    assert choose_sibling(FIRST, [FIRST], [same_key, less], 1).id == 3
    assert choose_sibling(FIRST, [FIRST], [same_key], 1).id == 2


def test_more_of_the_same_words_comes_before_less_and_the_recipe_before_the_level() -> None:
    less = replace(FIRST, id=2, stem="Built when?", key="1911", places=(("1", 30, 60),))
    more = replace(FIRST, id=3, stem="Built where?", key="Veltmar", places=(("1", 0, 50),))
    assert choose_sibling(FIRST, [FIRST], [less, more], 1).id == 3
    level = replace(FIRST, id=4, stem="What broke?", key="The wall", places=(), recipe="cause")
    recipe = replace(FIRST, id=5, stem="Who paid?", key="The town", places=(), level="infer")
    assert choose_sibling(FIRST, [FIRST], [level, recipe], 1) == choose_sibling(FIRST, [FIRST], [recipe], 1)
    assert choose_sibling(FIRST, [FIRST], [level], 1).relation == "kind"


def test_another_section_another_wording_or_no_kind_is_not_similar() -> None:
    for other in (
        replace(FIRST, id=2, section=2, stem="a"),
        replace(FIRST, id=2, wording=2, stem="b"),
        replace(FIRST, id=2, places=(("2", 0, 40),), recipe=None, level=None, stem="c"),
    ):
        assert relation(FIRST, other) is None
        assert choose_sibling(FIRST, [FIRST], [other], 1) is None
    bare = replace(FIRST, places=(), recipe=None, level=None)
    assert relation(bare, replace(bare, id=2)) is None, "what nobody said is nothing in common"
