"""Fixing a question beyond the plain case: several wordings, open attempts, tries, what stands in for what."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from questions.items.content import item_from_json
from tests.factories.klass import Klass
from webapp.models.attempt import Attempt, SectionProgress
from webapp.models.item import Item, ReviewDecision
from webapp.services import regrade
from webapp.services.attempt_views import SlotView
from webapp.services.errors import Refused
from webapp.services.regrade import Order, SeenOtherwise
from webapp.services.regrade_page import is_to_decide, open_page
from webapp.services.results import show_result

ONE, SIX, FIVE = Decimal(1), Decimal(6), Decimal(5)


@pytest.fixture
def klass(session) -> Klass:
    return Klass(session)


def seen_by(klass: Klass, who: int, position: int = 1) -> SlotView:
    """The question as this learner's result shows it."""
    page = show_result(klass.session, klass.people[who].id, klass.attempts[who])
    return page.sections[0].questions[position - 1].view


# ---------------------------------------------------------------- several wordings


def test_a_key_is_taken_over_only_where_all_wordings_that_were_asked_have_its_options(klass):
    options = item_from_json(klass.slot(0)[1].content).options
    klass.edit(options=(options[1], options[0], *options[2:]), key=(1,))
    klass.add({1: {"choice": 1}})
    klass.edit(key=(0,))
    page = open_page(klass.session, klass.module, klass.item_id)
    assert page.kinds == ["full", "drop"], "the second wording fits, the first does not"
    with pytest.raises(Refused, match="others than"):
        klass.order("either")


def test_without_an_edit_full_credit_reaches_who_was_asked_any_wording(klass):
    stem = item_from_json(klass.slot(0)[1].content).stem
    klass.edit(stem=stem + " Say which.")
    late = klass.add({1: {"choice": 1}})
    page = open_page(klass.session, klass.module, klass.item_id)
    assert (page.earlier, page.now, page.reach, page.is_typo_only) == (3, 1, "all", True)
    ruling, effect = klass.order("full", reach="all")
    assert effect.attempts == 4
    assert klass.points() == [(ONE, SIX)] * 4
    assert klass.slot(late)[0].ruling_id == ruling.id
    klass.undo(ruling)
    klass.order("full", reach="earlier")
    assert klass.points() == [(ONE, SIX)] * 3 + [(0, SIX)]


def test_after_an_edit_of_weight_only_the_earlier_wordings_are_offered_first(klass):
    klass.edit(key=(1,))
    klass.add({1: {"choice": 0}})
    assert open_page(klass.session, klass.module, klass.item_id).reach == "earlier"


def test_a_key_never_reaches_the_wording_it_comes_from(klass):
    klass.edit(key=(1,))
    klass.add({1: {"choice": 0}})
    ruling, _ = klass.order("key", reach="all", never_lowers=False)
    assert ruling.up_to_version == 1


def test_whether_an_edit_leaves_something_to_decide(klass):
    row = klass.session.get_one(Item, klass.item_id)
    before = row.current_version_id
    assert not is_to_decide(klass.session, row, before)
    klass.edit(key=(1,))
    assert is_to_decide(klass.session, row, before)
    other = klass.module.sections[1].id
    unasked = klass.session.scalars(select(Item).where(Item.section_id == other)).first()
    before = unasked.current_version_id
    klass.edit(unasked.id, stem="Another one entirely?")
    assert not is_to_decide(klass.session, unasked, before)
    with pytest.raises(Refused, match="Nobody has been asked"):
        klass.order("full", unasked.id)


def test_a_word_mended_after_a_new_key_leaves_nothing_to_decide_again(klass):
    klass.edit(key=(1,))
    ruling, _ = klass.order("key")
    klass.edit(stem=item_from_json(klass.slot(0)[1].content).stem + " Say which.")
    page = open_page(klass.session, klass.module, klass.item_id)
    assert page.is_typo_only
    klass.undo(ruling)
    assert not open_page(klass.session, klass.module, klass.item_id).is_typo_only


# ---------------------------------------------------------------- typed answers


def test_typed_answers_count_whatever_their_spelling_and_only_while_they_are_not_accepted(klass):
    item_id = klass.item_at(3)
    for text in ("As long as a street", "as long as a street.", "as long as a street.", "short", "1,200"):
        klass.add({3: {"text": text}})
    assert open_page(klass.session, klass.module, item_id).typed == [
        ("as long as a street.", 3),
        ("short", 1),
    ]
    key = item_from_json(klass.slot(0, 3)[1].content).key
    klass.edit(item_id, key=(*key, "short"))
    assert open_page(klass.session, klass.module, item_id).typed == [("as long as a street.", 3)]


def test_accepting_an_answer_is_an_edit_that_is_remembered(klass):
    item_id = klass.item_at(3)
    klass.add({3: {"text": "as long as a street"}})
    ruling, _ = klass.order("full", item_id, accept="as long as a street")
    row = klass.session.get_one(Item, item_id, populate_existing=True)
    assert (ruling.kind, ruling.graded_by_id, ruling.up_to_version) == ("either", row.current_version_id, 1)
    [decision] = klass.session.scalars(select(ReviewDecision).where(ReviewDecision.item_id == item_id))
    assert (decision.decision, decision.version_after_id) == ("edit", row.current_version_id)
    klass.undo(ruling)
    assert klass.points()[-1] == (0, SIX)


def test_looking_at_an_accepted_answer_makes_no_wording(klass):
    item_id = klass.item_at(3)
    klass.add({3: {"text": "as long as a street"}})
    order = Order("either", accept="as long as a street")
    regrade.preview(klass.session, klass.module, item_id, order, klass.teacher.id)
    klass.session.commit()
    assert klass.session.get_one(Item, item_id, populate_existing=True).current_version.number == 1


# ---------------------------------------------------------------- who is still answering


@pytest.fixture
def answering(session) -> Klass:
    """A class in which every question is checked at once, and the fourth learner is still answering."""
    klass = Klass(session, behaviour="immediate")
    klass.add({}, hands_in=False)
    return klass


def test_a_question_checked_in_an_open_attempt_is_graded_anew(answering):
    answering.checks(3, 1, choice=1)
    answering.edit(key=(1,))
    ruling, effect = answering.order("key", never_lowers=False)
    assert effect.attempts == 4
    assert answering.points()[3] == (1, SIX)
    assert answering.slot(3)[0].status == "correct"
    answering.undo(ruling)
    assert answering.points()[3] == (0, SIX)


@pytest.mark.parametrize("never_lowers", [False, True])
def test_a_dropped_question_that_is_checked_later(answering, never_lowers):
    answering.order("drop", never_lowers=never_lowers)
    answering.checks(3, 2, choice=0)
    answering.checks(3, 1, choice=0)
    answering.checks(3, 3, text="wrong")
    answering.hands_in(3)


@pytest.mark.parametrize("kind", ["full", "key", "drop"])
def test_a_question_with_tries_left_follows_the_ruling(session, kind):
    klass = Klass(session, behaviour="tries", tries_allowed=3, try_penalty=10)
    klass.add({}, hands_in=False)
    klass.edit(key=(1,))
    klass.order(kind, never_lowers=False)
    klass.checks(3, 1, choice=1)
    slot = klass.slot(3)[0]
    assert slot.checked_at is not None, "nothing better can be had by trying again"
    assert slot.status == ("dropped" if kind == "drop" else "correct")


# ---------------------------------------------------------------- what else is counted


def test_progress_is_counted_anew(klass):
    def best():
        return klass.session.scalar(
            select(SectionProgress.best_points)
            .where(SectionProgress.account_id == klass.people[1].id)
            .execution_options(populate_existing=True)
        )

    assert best() == 0
    ruling, _ = klass.order("full")
    assert best() == 1
    klass.undo(ruling)
    assert best() == 0


def test_an_attempt_that_waits_for_its_release_is_graded_anew_and_still_waits(session):
    klass = Klass(session, release="by_hand")
    klass.order("full")
    attempt = session.get_one(Attempt, klass.attempts[1], populate_existing=True)
    assert (attempt.state, attempt.points) == ("graded", 1)


def test_a_late_attempt_keeps_its_credit(klass):
    attempt = klass.session.get_one(Attempt, klass.attempts[0], populate_existing=True)
    attempt.credit_percent, attempt.points = 50, Decimal("0.5")
    klass.session.commit()
    klass.check()
    ruling, _ = klass.order("drop", never_lowers=False)
    assert klass.points()[0] == (0, FIVE)
    klass.undo(ruling)
    assert klass.points()[0] == (Decimal("0.5"), SIX)


def test_what_was_looked_at_for_another_choice_is_not_applied(klass):
    seen = regrade.preview(klass.session, klass.module, klass.item_id, Order("full"), klass.teacher.id)
    order = Order("full", never_lowers=False)
    with pytest.raises(SeenOtherwise):
        regrade.apply(klass.session, klass.module, klass.item_id, order, klass.teacher.id, seen.token)


def test_the_history_names_people_and_changes(klass):
    ruling, _ = klass.order("full", reason="Two answers were right.")
    klass.undo(ruling)
    [past] = open_page(klass.session, klass.module, klass.item_id, with_history=True).history
    assert past.made_by == past.undone_by == klass.teacher.display_name
    assert [(name, change["before"], change["after"]) for name, change in past.changes] == [
        (klass.people[1].display_name, "0", "1"),
        (klass.people[2].display_name, "0", "1"),
    ]


# ---------------------------------------------------------------- feedback


def test_who_keeps_credit_for_what_is_not_right_any_more_is_told_so(klass):
    klass.edit(key=(1,), explanation="The newer reason.")
    klass.order("key", never_lowers=True)
    kept, right, wrong = (seen_by(klass, who) for who in range(3))
    assert (kept.status, kept.is_kept, kept.key, kept.explanation) == (
        "correct",
        True,
        (1,),
        "The newer reason.",
    )
    assert (right.status, right.is_kept) == ("correct", False)
    assert (wrong.status, wrong.is_kept, wrong.key) == ("incorrect", False, (1,))


def test_either_explains_by_the_key_that_the_answer_fits(klass):
    klass.edit(key=(1,), explanation="The newer reason.")
    klass.order("either")
    assert [seen_by(klass, who).key for who in range(3)] == [(0,), (1,), (1,)]
    assert not any(seen_by(klass, who).is_kept for who in range(3))


def test_two_rulings_one_on_the_other(klass):
    klass.edit(key=(1,))
    klass.order("either")
    klass.edit(key=(2,))
    klass.order("either")
    views = [seen_by(klass, who) for who in range(3)]
    assert [view.status for view in views] == ["correct"] * 3
    assert [view.is_kept for view in views] == [False, True, False]


def test_full_credit_on_top_of_a_new_key_explains_by_that_key(klass):
    klass.edit(key=(1,), explanation="The newer reason.")
    first, _ = klass.order("key", never_lowers=False)
    klass.order("full")
    assert (seen_by(klass, 2).ruling, seen_by(klass, 2).key) == ("full", (1,))
    klass.undo(first)
    assert seen_by(klass, 2).key == (0,)


def test_a_dropped_question_leaves_what_was_possible_in_section_and_level(klass):
    klass.order("drop", never_lowers=False)
    page = show_result(klass.session, klass.people[1].id, klass.attempts[1])
    assert page.sections[0].part.points_possible == FIVE
    assert sum(part.points_possible for _level, part in page.levels) == FIVE


def test_the_evidence_is_that_of_the_key_that_decides(klass):
    item = item_from_json(klass.slot(0)[1].content)
    later = item_from_json(klass.slot(0, 2)[1].content).evidence
    klass.edit(key=(1,), evidence=later)
    klass.order("either")
    marks = {}
    for who in range(2):
        page = show_result(klass.session, klass.people[who].id, klass.attempts[who])
        question = page.sections[0].questions[0]
        marks[who] = question.mark, question.view.quotes
    assert marks[0] == ((item.evidence[0].start, item.evidence[0].end), (item.evidence[0].quote,))
    assert marks[1] == ((later[0].start, later[0].end), (later[0].quote,))
