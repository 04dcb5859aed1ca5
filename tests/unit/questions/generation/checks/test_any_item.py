"""Whatever an import or a person brings, `verify` answers with findings, never with an exception."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from questions.generation.checks.base import Context
from questions.generation.checks.reference import Reference
from questions.generation.checks.sets import Entry, ItemSet, verify_set
from questions.generation.checks.verify import verify
from questions.items.base import Evidence, Item, Option
from questions.items.registry import ITEM_TYPES
from tests.factories.articles import make_article

REFERENCE = Reference(make_article())
TEXTS = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["", " ", "_____", "It _____ in 1963.", "Who froze?", "True", "False", "12", "4 March 1963"]
    ),
    st.sampled_from(
        ["All of the above", "Which statement is NOT supported by this section?", "“", "a apple", "US"]
    ),
)
ITEMS = st.builds(
    Item,
    type=st.sampled_from([*ITEM_TYPES, "riddle", ""]),
    stem=TEXTS,
    options=st.lists(
        st.builds(Option, TEXTS, st.sampled_from(["key", "misreading", "elsewhere", ""])), max_size=6
    ).map(tuple),
    key=st.lists(
        st.one_of(st.integers(-2, 7), TEXTS, st.tuples(st.integers(0, 3), st.integers(0, 3))), max_size=4
    ).map(tuple),
    explanation=TEXTS,
    evidence=st.lists(
        st.builds(
            Evidence,
            st.sampled_from(["s1", "s2", "s9", ""]),
            st.integers(-5, 400),
            st.integers(-5, 400),
            TEXTS,
        ),
        max_size=3,
    ).map(tuple),
)


@given(ITEMS, st.sampled_from(["generated", "written"]))
def test_verify_never_raises(item, origin):
    for finding in verify(item, Context(REFERENCE, origin)):
        assert finding.message
        assert finding.severity in {"hard", "warning"}


@given(st.lists(ITEMS, max_size=6))
def test_verify_set_never_raises(items):
    entries = tuple(Entry(str(number), "s1", "r", item) for number, item in enumerate(items))
    assert isinstance(verify_set(ItemSet(entries, REFERENCE)), tuple)
