"""Fixing a question that was asked: preview, apply, undo; feedback moves with the grade. On both databases."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as run_with
from hypothesis import strategies as st
from sqlalchemy import select

from questions.items.content import item_from_json
from tests.factories.answers import fields_of, make_module_of_every_type, right_answer, wrong_answer
from tests.factories.klass import Klass
from webapp.models.attempt import Attempt
from webapp.models.quiz import Ruling
from webapp.services import regrade
from webapp.services.errors import Conflict, NotFound, Refused
from webapp.services.graded_attempts import recompute
from webapp.services.grading import submit_attempt
from webapp.services.regrade import Order, SeenOtherwise
from webapp.services.regrade_page import open_page
from webapp.services.results import show_result


@pytest.fixture
def klass(session) -> Klass:
    return Klass(session)


SIX = Decimal(6)


def test_a_new_key(klass):
    klass.edit(klass.item_id, key=(1,))
    _ruling, effect = klass.order("key", never_lowers=False)
    assert klass.points() == [(0, SIX), (1, SIX), (0, SIX)]
    assert (effect.attempts, effect.up, effect.down) == (3, 1, 1)
    assert effect.mean_before == effect.mean_after == Decimal("5.56")


def test_nobody_goes_down(klass):
    klass.edit(klass.item_id, key=(1,))
    _ruling, effect = klass.order("key", never_lowers=True)
    assert klass.points() == [(1, SIX), (1, SIX), (0, SIX)]
    assert (effect.up, effect.down) == (1, 0)


def test_both_keys(klass):
    klass.edit(klass.item_id, key=(2,))
    klass.order("either", never_lowers=False)
    assert klass.points() == [(1, SIX), (0, SIX), (1, SIX)]


def test_full_credit_and_back(klass):
    before = klass.points()
    ruling, _effect = klass.order("full")
    assert klass.points() == [(1, SIX)] * 3
    klass.undo(ruling)
    assert klass.points() == before
    assert klass.slot(0, 1)[0].ruling_id is None
    with pytest.raises(Conflict, match="already"):
        klass.undo(ruling)


def test_a_grade_that_names_another_decision_is_found(klass):
    ruling, _effect = klass.order("full")
    slot, _version = klass.slot(1)
    slot.ruling_id = None
    klass.session.commit()
    attempt = klass.session.get_one(Attempt, klass.attempts[1])
    (problem,) = recompute(klass.session, attempt)
    assert problem.endswith(f"question 1 follows decision none, its history gives {ruling.id}")


def test_a_dropped_question_counts_neither_way(klass):
    klass.order("drop", never_lowers=False)
    assert klass.points() == [(0, Decimal(5))] * 3
    assert klass.slot(1, 1)[0].status == "dropped"
    page = show_result(klass.session, klass.people[0].id, klass.attempts[0])
    assert page.sections[0].part.points_possible == 5


def test_a_question_is_not_dropped_for_whom_it_would_cost(klass):
    klass.order("drop", never_lowers=True)
    assert klass.points() == [(1, SIX), (0, Decimal(5)), (0, Decimal(5))]


def test_rulings_one_on_the_other_and_the_first_taken_back(klass):
    klass.edit(klass.item_id, key=(1,))
    first, _ = klass.order("key", never_lowers=False)
    second, _ = klass.order("full", never_lowers=False)
    klass.undo(first)
    assert klass.points() == [(1, SIX)] * 3
    klass.undo(second)
    assert klass.points() == [(1, SIX), (0, SIX), (0, SIX)]


def test_a_typed_answer_is_accepted_for_all_who_gave_it_and_from_now_on(klass):
    item_id = klass.item_at(3)
    for _ in range(2):
        klass.add({3: {"text": "as long as a street"}})
    page = open_page(klass.session, klass.module, item_id)
    assert page.typed == [("as long as a street", 2)]
    klass.order("either", item_id, accept="as long as a street")
    assert klass.points()[-2:] == [(1, SIX)] * 2
    klass.add({3: {"text": "as long as a street"}})
    assert klass.points()[-1] == (1, SIX)
    with pytest.raises(Refused, match="Nobody gave"):
        klass.order("either", item_id, accept="never typed")


def test_who_is_still_answering_is_graded_by_it_when_handing_in(klass):
    klass.add({1: {"choice": 2}}, hands_in=False)
    klass.order("full")
    submit_attempt(klass.session, klass.people[-1].id, klass.attempts[-1])
    assert klass.points()[-1] == (1, SIX)
    klass.check()


def test_who_was_asked_the_new_wording_is_left_alone(klass):
    klass.edit(klass.item_id, key=(1,))
    klass.add({1: {"choice": 0}})
    klass.order("key", never_lowers=False)
    klass.order("full")
    assert klass.points()[-1] == (0, SIX)


def test_a_preview_keeps_nothing(klass):
    before = klass.points()
    regrade.preview(klass.session, klass.module, klass.item_id, Order("full"), klass.teacher.id)
    regrade.preview(klass.session, klass.module, klass.item_at(3), Order("drop"), klass.teacher.id)
    klass.session.commit()
    assert klass.points() == before
    assert klass.session.scalars(select(Ruling)).all() == []


def test_what_changed_since_the_preview_has_to_be_looked_at_again(klass):
    seen = regrade.preview(klass.session, klass.module, klass.item_id, Order("full"), klass.teacher.id)
    klass.add({1: {"choice": 1}})
    with pytest.raises(SeenOtherwise):
        regrade.apply(klass.session, klass.module, klass.item_id, Order("full"), klass.teacher.id, seen.token)


def test_a_key_by_places_is_not_taken_over_from_other_options(klass):
    item = klass.slot(0, 1)[1].content
    options = item_from_json(item).options
    klass.edit(klass.item_id, options=(options[1], options[0], *options[2:]))
    assert open_page(klass.session, klass.module, klass.item_id).kinds == ["full", "drop"]
    with pytest.raises(Refused, match="others than"):
        klass.order("key")


def test_a_mended_typo_needs_nothing(klass):
    item = item_from_json(klass.slot(0, 1)[1].content)
    klass.edit(klass.item_id, stem=item.stem.replace("bees", "beees"))
    page = open_page(klass.session, klass.module, klass.item_id)
    assert page.is_typo_only
    assert [part.name for part in page.parts] == ["stem"]


def test_feedback_moves_with_the_grade(klass):
    klass.edit(klass.item_id, key=(1,), explanation="The newer reason.")
    klass.order("key", never_lowers=False)
    (section,) = show_result(klass.session, klass.people[1].id, klass.attempts[1]).sections
    view = section.questions[0].view
    assert (view.status, view.key, view.explanation, view.ruling) == (
        "correct",
        (1,),
        "The newer reason.",
        "key",
    )
    assert (
        view.options[0].text
        == item_from_json(klass.slot(0, 1)[1].content).options[view.options[0].index].text
    )


def test_a_foreign_item_is_not_there(klass, session):
    other = make_module_of_every_type(session)
    with pytest.raises(NotFound):
        open_page(session, other, klass.item_id)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["key", "either", "full", "drop", "undo", "edit", "join", "check"]),
        st.booleans(),
        st.integers(0, 5),
    ),
    min_size=1,
    max_size=9,
)


def grades(klass):
    """Everything that is stored of what was earned."""
    slots = [klass.slot(who, position)[0] for who in range(len(klass.attempts)) for position in range(1, 7)]
    return klass.points(), [(slot.status, slot.score, slot.ruling_id) for slot in slots]


@run_with(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_whatever_is_ruled_and_taken_back_undoing_all_gives_what_was(session, steps):
    klass, plain = Klass(session, behaviour="immediate"), Klass(session, behaviour="immediate")
    both = (klass, plain)
    for one in both:
        one.add({}, hands_in=False)
    klass.edit(key=(1,))
    plain.edit(key=(1,))
    made, positions = [], iter(range(1, 6))
    for kind, flag, which in steps:
        if kind == "undo" and made:
            klass.undo(made.pop(which % len(made)))
        elif kind in {"key", "either", "full", "drop"}:
            reach = "all" if which % 2 else "earlier"
            made.append(klass.order(kind, never_lowers=flag, reach=reach)[0])
        for one in both:
            if kind == "edit":
                one.edit(key=(which % 3,))
            elif kind == "join":
                one.add({1: {"choice": which % 3}})
        if kind == "check" and (position := next(positions, None)):
            for one in both:
                checks_once(one, position, which)
    for ruling in made[::-1] if len(steps) % 2 else made:
        klass.undo(ruling)
    assert grades(klass) == grades(plain)


def checks_once(klass, position, which):
    """The learner who is still answering has a question checked."""
    item = item_from_json(klass.slot(3, position)[1].content)
    answer = right_answer(item) if which % 2 else wrong_answer(item)
    fields = fields_of(0, answer)
    klass.checks(3, position, **{name.removeprefix("s0-"): value for name, value in fields.items()})
