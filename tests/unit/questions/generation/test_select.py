"""The set is chosen by worth, and no rule of a set is broken for it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.generation.checks.sets import Entry, ItemSet, verify_set
from questions.generation.exchange import LEAST_MERIT, NEEDED_MERIT, Want, exchange, rivals
from questions.generation.growing_set import FEWEST_OF_A_KIND, WORTH, GrowingSet
from questions.generation.select import select, wanted_items
from tests.factories.candidates import OTHER, REFERENCE, make_candidate

KINDS = ("multiple_choice", "true_false", "gap_text", "gap_list")


def choose(candidates, wanted=10, is_sound=lambda candidate: True, **by_section):
    given_wanted = {name: Want(1, most) for name, most in {"s1": wanted, **by_section}.items()}
    sections = {name: [one for one in candidates if one.section.id == name] for name in given_wanted}
    return select(sections, given_wanted, is_sound)


def flat(chosen):
    return [one for candidates in chosen.values() for one in candidates]


def mixed(count=40):
    return [
        make_candidate(n, kind=KINDS[n % 4], recipe=f"r{n % 7}", verdict=n % 8 == 1, score=9 + n % 5)
        for n in range(count)
    ]


@pytest.mark.parametrize(
    ("words", "pairs", "least", "most"),
    [
        (0, 0, 0, 0),
        (10, 0, 0, 0),
        (40, 0, 0, 1),
        (60, 0, 1, 2),
        (110, 0, 3, 4),
        (150, 0, 4, 5),
        (600, 0, 17, 20),
        (0, 1, 1, 1),
        (0, 5, 3, 5),
        (60, 5, 4, 7),
    ],
)
def test_a_section_wants_items_by_its_length(words, pairs, least, most):
    assert wanted_items(words, pairs) == Want(least, most)


def test_the_best_are_taken_and_stand_in_reading_order():
    chosen = flat(choose([make_candidate(n, score=9 + n % 3) for n in range(9)], wanted=3))
    assert [one.score for one in chosen] == [11, 11, 11]
    assert [one.order for one in chosen] == sorted(one.order for one in chosen)


def test_no_kind_has_more_than_its_share():
    chosen = flat(choose(mixed(), wanted=20))
    assert len(chosen) >= 18
    assert max(Counter(one.item.type for one in chosen).values()) <= 0.35 * len(chosen)
    assert max(Counter(one.recipe for one in chosen).values()) <= 0.25 * len(chosen)


def test_shares_are_of_what_was_reached():
    many = [make_candidate(n, recipe=f"r{n % 9}") for n in range(30)]
    few = [make_candidate(30 + n, kind="gap_text", recipe=f"g{n}") for n in range(6)]
    chosen = flat(choose([*many, *few], wanted=30))
    types = Counter(one.item.type for one in chosen)
    assert types["multiple_choice"] <= max(FEWEST_OF_A_KIND, 0.35 * len(chosen))
    assert types["gap_text"] >= 3


def test_a_type_may_have_more_only_where_a_section_would_lack_items():
    judged = [make_candidate(n, kind="true_false", recipe=f"r{n % 5}", verdict=n % 2 == 0) for n in range(20)]
    few = [make_candidate(20 + n, kind="gap_text", recipe=f"g{n}") for n in range(5)]
    sections = {"s1": [*judged, *few]}
    strict = flat(select(sections, {"s1": Want(3, 12)}, lambda one: True))
    needy = flat(select(sections, {"s1": Want(10, 12)}, lambda one: True))
    assert len(strict) <= 8
    assert len(needy) > len(strict)
    assert Counter(one.item.type for one in needy)["true_false"] <= max(3, 0.5 * len(needy))


def test_true_and_false_keep_step():
    judged = [
        make_candidate(n, kind="true_false", recipe=f"r{n % 5}", verdict=n < 30, score=9 + (n < 30))
        for n in range(40)
    ]
    rest = [make_candidate(n, kind=KINDS[n % 2 * 2], recipe=f"q{n % 5}") for n in range(40)]
    verdicts = Counter(one.verdict for one in flat(choose([*judged, *rest], wanted=24)))
    assert abs(verdicts["True"] - verdicts["False"]) <= 1
    assert verdicts["True"] >= 3


def test_never_three_on_one_sentence():
    chosen = flat(choose([make_candidate(n, sentence=0) for n in range(6)]))
    assert len(chosen) == 2


def test_never_two_that_ask_the_same():
    one = make_candidate(1, score=11)
    twin = replace(one, id="twin", score=8.5)
    worded = make_candidate(2, stem=one.item.stem.replace("?", " then?"))
    assert flat(choose([one, twin, worded])) == [one]


def saying(number, score, *goods):
    return make_candidate(number, score=score, options=tuple(f"It carried {one}." for one in goods))


WIDE = saying(1, 11, "salt1", "iron2", "coal3", "flax4")
"""It shows a wording of each of three others, and keeps them out."""
KEPT_OUT = [
    saying(2, 10, "salt2", "iron2", "coal2", "flax2"),
    saying(3, 10, "salt3", "iron3", "coal3", "flax3"),
    saying(4, 10, "salt4", "iron4", "coal4", "flax4"),
]


def test_one_that_keeps_out_many_is_not_taken_before_them():
    assert flat(choose([WIDE, *KEPT_OUT])) == KEPT_OUT
    assert rivals({"s1": [WIDE, *KEPT_OUT]})[WIDE.id] == pytest.approx(3**0.5)
    assert flat(choose([WIDE, KEPT_OUT[0]])) == [WIDE]


def test_one_goes_for_two_where_the_choice_began_with_it():
    grown = GrowingSet(0.5, 10, {})
    grown.add(WIDE)
    assert exchange(grown, {"s1": [WIDE, *KEPT_OUT]}, {"s1": Want(1, 4)}, lambda _: True) == 1
    assert grown.chosen["s1"] == KEPT_OUT[:2]
    assert grown.size == grown.types.total() == 2
    assert not grown.clashes(KEPT_OUT[2])
    assert grown.clashes(WIDE)


@pytest.mark.parametrize(
    ("want", "is_sound"),
    [
        (Want(1, 1), lambda _: True),  # no room for a second
        (Want(1, 4), lambda one: one is KEPT_OUT[0]),  # only one of them is sound
    ],
)
def test_one_stays_where_two_may_not_take_its_place(want, is_sound):
    grown = GrowingSet(0.5, 10, {})
    grown.add(WIDE)
    assert exchange(grown, {"s1": [WIDE, *KEPT_OUT]}, {"s1": want}, is_sound) == 0
    assert grown.chosen["s1"] == [WIDE]
    assert (grown.size, grown.clashes(KEPT_OUT[0])) == (1, True)


def test_never_one_that_tells_another():
    asks = make_candidate(3, options=("salt", "flour", "iron", "coal"), score=10)
    tells = make_candidate(4, kind="true_false", sentence=3, stem="Boat number 3 left with salt.")
    elsewhere = make_candidate(4, kind="true_false", section=OTHER, stem="Boat number 3 left with salt.")
    assert flat(choose([asks, tells])) == [asks]
    assert flat(choose([asks, elsewhere], s2=2)) == [asks, elsewhere]


def test_an_unsound_candidate_is_passed_over_and_the_next_taken():
    best, next_best = make_candidate(1, score=11), make_candidate(2, score=9)
    assert flat(choose([best, next_best], wanted=1, is_sound=lambda one: one is not best)) == [next_best]


def test_a_third_without_items_comes_first():
    front = [make_candidate(n, score=9.2) for n in range(4)]
    back = make_candidate(39, score=9.0)
    assert back in flat(choose([*front, back], wanted=2))


def test_no_section_starves_another():
    many = [
        make_candidate(n, kind=KINDS[n % 4], recipe=f"r{n % 7}", verdict=n % 8 == 1, score=9)
        for n in range(30)
    ]
    few = [
        make_candidate(n, kind=KINDS[n % 4], recipe=f"q{n}", verdict=n % 8 == 1, section=OTHER)
        for n in range(30, 34)
    ]
    chosen = choose([*many, *few], wanted=12, s2=4)
    assert len(chosen["s2"]) >= 3


def test_what_a_share_has_too_much_of_is_given_back_where_no_section_needs_it():
    judged = [make_candidate(n, kind="true_false", recipe=f"r{n % 6}", verdict=n % 2 == 0) for n in range(12)]
    gaps = [
        make_candidate(n, kind=("gap_text", "gap_list")[n % 2], recipe=f"g{n}", section=OTHER)
        for n in range(12, 22)
    ]
    offered = {"s1": judged, "s2": gaps}
    wants = {"s1": Want(4, 12), "s2": Want(20, 20)}
    chosen = flat(select(offered, wants, lambda one: True))
    types = Counter(one.item.type for one in chosen)
    assert types["gap_text"] + types["gap_list"] == 10
    assert max(types.values()) <= 0.35 * len(chosen)


def test_what_only_repeats_is_left_unless_it_is_needed():
    good, poor = make_candidate(1), make_candidate(2, score=-9)
    offered = {"s1": [good, poor]}
    assert flat(select(offered, {"s1": Want(1, 2)}, lambda one: True)) == [good]
    assert flat(select(offered, {"s1": Want(2, 2)}, lambda one: True)) == [good, poor]


NEW_THIRD = WORTH["new_third"]


@pytest.mark.parametrize(
    ("least", "floor"),
    [(1, NEEDED_MERIT), (0, LEAST_MERIT)],
)
def test_nothing_below_the_floor_is_taken(least, floor):
    want = {"s1": Want(least, 2)}
    above, below = (make_candidate(n, score=floor - NEW_THIRD + step) for n, step in ((1, 0.1), (2, -0.1)))
    assert flat(select({"s1": [above]}, want, lambda one: True)) == [above]
    assert flat(select({"s1": [below]}, want, lambda one: True)) == []


def test_what_is_far_below_is_not_taken_even_where_a_section_has_none():
    good, poor = make_candidate(1), make_candidate(2, score=-40, section=OTHER)
    chosen = select({"s1": [good], "s2": [poor]}, {"s1": Want(1, 2), "s2": Want(2, 3)}, lambda one: True)
    assert flat(chosen) == [good]


def test_what_is_far_below_makes_no_room_for_the_next():
    poor = [make_candidate(n, score=score) for n, score in ((1, -40), (2, -9), (20, -41), (39, -8))]
    chosen = flat(select({"s1": poor}, {"s1": Want(4, 4)}, lambda one: True))
    assert [one.score for one in chosen] == [-9, -8]


def test_nothing_to_choose_from():
    assert flat(choose([])) == []
    assert flat(choose(mixed(), wanted=0)) == []


@given(
    picks=st.lists(
        st.tuples(
            st.integers(0, 39), st.sampled_from(KINDS), st.integers(0, 5), st.booleans(), st.floats(-2, 4)
        ),
        max_size=40,
        unique_by=lambda pick: pick[0],
    ),
    wanted=st.integers(0, 25),
)
def test_whatever_is_offered_no_hard_rule_of_a_set_is_broken(picks, wanted):
    candidates = [
        make_candidate(n, kind=kind, recipe=f"r{recipe}", verdict=verdict, score=score)
        for n, kind, recipe, verdict, score in picks
    ]
    chosen = flat(choose(candidates, wanted=wanted))
    assert len(chosen) <= wanted
    entries = tuple(Entry(one.id, "s1", one.recipe, one.item) for one in chosen)
    findings = verify_set(ItemSet(entries, REFERENCE))
    assert not [finding for finding in findings if finding.severity == "hard"]
    assert 25 not in {finding.check for finding in findings}
