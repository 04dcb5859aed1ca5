"""What holds for every item type, whatever it asks."""

import json
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.items.base import Evidence, Item, Problem, ResponseError
from questions.items.registry import ITEM_TYPES, item_type

KINDS = list(ITEM_TYPES.values())
FIELD_NAMES = st.sampled_from(
    ["choice", "text", "place-0", "place-1", "place-2", "order", "match-0", "match-1", "match-2", ""]
)
FIELDS = st.dictionaries(FIELD_NAMES, st.lists(st.text(max_size=5) | st.sampled_from("012345"), max_size=2))
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 5) | st.text(max_size=4) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=4),
    max_leaves=4,
)


def with_id(kind):
    return kind.name


@pytest.fixture(params=KINDS, ids=with_id)
def kind(request):
    return request.param


def test_a_type_is_found_by_its_name(kind):
    assert item_type(kind.name) is kind
    assert kind.label


def test_an_unknown_type_is_named_with_those_there_are():
    with pytest.raises(
        KeyError, match=r"no item type is called 'riddle'; there are multiple_choice, .*ordering"
    ):
        item_type("riddle")


def test_the_registry_cannot_be_changed():
    with pytest.raises(TypeError):
        ITEM_TYPES["riddle"] = None


def test_its_own_examples(kind):
    examples = kind.examples()
    assert examples.item.type == kind.name
    assert kind.problems(examples.item) == []
    assert kind.grade(examples.item, examples.right).status == "correct"
    assert kind.grade(examples.item, examples.wrong).status == "incorrect"
    assert kind.response_text(examples.item, examples.wrong)
    with pytest.raises(ResponseError):
        kind.read(examples.item, examples.invalid)


def test_not_answered_is_no_credit_and_no_error(kind):
    item = kind.examples().item
    assert kind.read(item, {}) == {}
    assert kind.grade(item, {}).status == "unanswered"
    assert kind.response_text(item, {}) == ""


def test_an_empty_item_is_told_what_it_lacks(kind):
    fields = {problem.field for problem in kind.problems(Item(type=kind.name, stem=" ", options=(), key=()))}
    assert {"stem", "key"} <= fields


def test_too_long_a_stem_and_explanation_say_by_how_much(kind):
    item = kind.examples().item
    long_item = Item(item.type, item.stem + "x" * 2000, item.options, item.key, "e" * 5001)
    messages = {problem.field: problem.message for problem in kind.problems(long_item)}
    assert f"{len(item.stem):,} more than the 2,000 allowed" in messages["stem"]
    assert "1 more than the 5,000 allowed" in messages["explanation"]


def test_evidence_that_cannot_be_a_quotation_is_refused(kind):
    item = kind.examples().item
    for evidence in (Evidence("s1", 0, 3, "four"), Evidence("s1", 0, 0, ""), Evidence("s1", -4, 0, "four")):
        found = kind.problems(Item(item.type, item.stem, item.options, item.key, "", (evidence,)))
        assert [problem.field for problem in found] == ["evidence"]


@given(data=st.data())
def test_whatever_a_browser_sends_is_a_response_or_a_plain_refusal(data):
    kind = data.draw(st.sampled_from(KINDS))
    item = kind.examples().item
    try:
        response = kind.read(item, data.draw(FIELDS))
    except ResponseError:
        return
    kind.check_response(item, response)
    assert json.loads(json.dumps(response)) == response
    outcome = kind.grade(item, response)
    assert 0 <= outcome.score <= 1
    assert (outcome.status == "unanswered") == (response == {})
    assert kind.grade(item, response) == outcome


@given(data=st.data())
def test_whatever_is_stored_is_graded_or_refused(data):
    kind = data.draw(st.sampled_from(KINDS))
    item = kind.examples().item
    response = data.draw(
        st.dictionaries(st.sampled_from(["choice", "text", "order", "match"]), PLAIN, max_size=2)
    )
    try:
        kind.check_response(item, response)
    except ResponseError:
        with pytest.raises(ResponseError):
            kind.grade(item, response)
        return
    assert 0 <= kind.grade(item, response).score <= 1


def test_the_guess_is_the_mean_over_all_blind_answers(kind):
    item = kind.examples().item
    places = range(len(item.options))
    if kind.name == "gap_text":
        assert kind.guess(item) == 0
        return
    if kind.name == "ordering":
        answers = [{"order": list(order)} for order in permutations(places)]
    elif kind.name == "matching":
        answers = [{"match": list(match)} for match in permutations(places[len(places) // 2 :])]
    else:
        answers = [{"choice": index} for index in places]
    scores = [Fraction(kind.grade(item, answer).score) for answer in answers]
    kept_to = Fraction(1, 100_000)  # scores are kept to five decimals
    assert abs(sum(scores) / len(scores) - kind.guess(item)) < kept_to


def test_problems_are_sentences(kind):
    for problem in kind.problems(Item(type=kind.name, stem="", options=(), key=(9, "x"))):
        assert isinstance(problem, Problem)
        assert problem.message[0].isupper()
        assert problem.message.endswith(".")
