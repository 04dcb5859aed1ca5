"""Which items make a quiz: as many as allowed, spread over sections, fresh ones and other types first."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from questions.assembly.selection import Candidate, choose

candidate_lists = st.lists(
    st.tuples(st.integers(1, 4), st.sampled_from(["multiple_choice", "gap_text", "ordering"])), max_size=25
).map(lambda pairs: [Candidate(number, group, kind) for number, (group, kind) in enumerate(pairs, start=1)])


@given(candidates=candidate_lists, limit=st.integers(0, 12), seed=st.integers(0, 2**31))
def test_as_many_as_allowed_in_the_order_given(candidates, limit, seed) -> None:
    chosen = choose(candidates, limit, seed)
    assert len(chosen) == min(limit, len(candidates))
    assert chosen == [candidate for candidate in candidates if candidate in chosen]
    assert chosen == choose(candidates, limit, seed)


@given(candidates=candidate_lists, limit=st.integers(1, 12), seed=st.integers(0, 2**31))
def test_no_section_has_two_more_than_one_that_has_some_left(candidates, limit, seed) -> None:
    there = Counter(candidate.group for candidate in candidates)
    asked = Counter(candidate.group for candidate in choose(candidates, limit, seed))
    most = max(asked.values(), default=0)
    for group, count in there.items():
        assert asked[group] >= min(count, most - 1)


@given(
    candidates=candidate_lists,
    limit=st.integers(1, 12),
    seed=st.integers(0, 2**31),
    avoid=st.sets(st.integers(1, 25)),
)
def test_what_was_asked_last_time_only_where_its_section_has_nothing_fresh(
    candidates, limit, seed, avoid
) -> None:
    chosen = choose(candidates, limit, seed, dict.fromkeys(avoid, 1))
    for group in {candidate.group for candidate in candidates}:
        fresh = [one for one in candidates if one.group == group and one.id not in avoid]
        asked_again = [one for one in chosen if one.group == group and one.id in avoid]
        if asked_again:
            assert all(one in chosen for one in fresh)


def test_another_type_before_the_same_again() -> None:
    candidates = [Candidate(number, 1, "gap_text") for number in range(1, 6)] + [Candidate(6, 1, "ordering")]
    for seed in range(20):
        assert 6 in {candidate.id for candidate in choose(candidates, 2, seed)}


def test_seeds_choose_differently() -> None:
    candidates = [Candidate(number, number % 3, "gap_text") for number in range(30)]
    assert len({tuple(one.id for one in choose(candidates, 10, seed)) for seed in range(20)}) > 10
