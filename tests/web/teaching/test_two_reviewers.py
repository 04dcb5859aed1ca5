"""Two people at the same questions: nobody gets the other's card, and nothing that was typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests.client import Client
from tests.factories.modules import make_item
from tests.pages import Browser, values_of
from tests.web.teaching.desk import propose, review, written
from webapp.models.item import Item as ItemRow
from webapp.models.module import Module
from webapp.services import clock

REWORDED = {
    "stem": "When did the harbour open?",
    "option_0": "In 1911",
    "option_1": "In 1912",
    "option_2": "In 1910",
    "key": "0",
    "evidence": "The harbour of Veltmar opened in 1911.",
}


@pytest.fixture
def ann(browser_of: Callable[[str], Browser]) -> Browser:
    return browser_of("Ann")


@pytest.fixture
def bob(browser_of: Callable[[str], Browser]) -> Browser:
    return browser_of("Bob")


@pytest.fixture
def card(session: Session, ann: Browser, module: Module) -> ItemRow:
    """The one card there is, which Ann holds."""
    (row,) = propose(session, module)
    start(ann, module)
    return row


def pass_on(session: Session, card: ItemRow, to: Browser, module: Module) -> None:
    """Its holder is away for too long, and somebody else takes it."""
    lapse(session, card)
    start(to, module)


def start(desk: Browser, module: Module) -> None:
    desk.get(review(module))
    desk.press("Start reviewing")


def lapse(session: Session, row: ItemRow) -> None:
    """Five minutes go by."""
    row.claimed_until = clock.now() - timedelta(seconds=1)
    session.commit()


def shown(desk: Browser) -> str:
    """Which card the page is."""
    return desk.page.xpath("string(//form[contains(@class, 'decision')]/@action)")


def typed(desk: Browser, name: str) -> str:
    """What stands in the field."""
    (value,) = values_of(desk.page.xpath(f"//form[.//*[@name='{name}']]")[-1])[name]
    return value


def test_two_reviewers_never_have_the_same_card(
    session: Session, ann: Browser, bob: Browser, browser_of: Callable[[str], Browser], module: Module
) -> None:
    propose(session, module, 4)
    start(ann, module)
    start(bob, module)
    seen = [(shown(ann), shown(bob))]
    for _ in range(2):
        ann.press("Skip")
        ann.get(review(module))
        seen.append((shown(ann), shown(bob)))
        bob.press("Accept")
        seen.append((shown(ann), shown(bob)))
    assert all(one and one != other for one, other in seen), seen
    bob.press("Undo")
    assert shown(bob) == seen[-2][1]
    carol = browser_of("Carol")
    carol.get(review(module))
    assert "1 question is free for you" in carol.text
    carol.press("Start reviewing")
    dora = browser_of("Dora")
    dora.get(review(module))
    assert "Other reviewers are looking at what is left here." in dora.text
    dora.press("Look again")
    assert not shown(dora)


def test_after_five_minutes_a_card_is_free_again(
    session: Session, ann: Browser, bob: Browser, module: Module, card: ItemRow
) -> None:
    bob.get(review(module))
    assert "Other reviewers are looking" in bob.text
    lapse(session, card)
    ann.get(review(module))
    assert not shown(ann), "what nobody holds is shown to nobody"
    start(bob, module)
    assert shown(bob).endswith(f"/{card.id}")


def test_who_comes_back_late_may_still_decide_while_nobody_else_has_the_card(
    session: Session, ann: Browser, module: Module, card: ItemRow
) -> None:
    lapse(session, card)
    ann.press("Accept")
    assert card.state == "accepted"


def test_a_reason_for_a_card_that_went_to_somebody_else_is_kept(
    session: Session, ann: Browser, bob: Browser, module: Module, card: ItemRow
) -> None:
    pass_on(session, card, bob, module)
    ann.press("Reject", {"reason": "two answers are right", "decision": "reject"}, 409)
    assert "Bob is looking at this question right now." in ann.text
    assert typed(ann, "reason") == "two answers are right"
    assert "Which of these does the text say?" not in ann.text, "the card is Bob's"
    assert card.state == "proposed"
    bob.press("Skip")
    lapse(session, card)
    ann.press("Reject")
    assert card.state == "rejected"


def test_a_wording_for_a_card_that_went_to_somebody_else_is_kept(
    session: Session, ann: Browser, bob: Browser, module: Module
) -> None:
    row, _other = propose(session, module, 2)
    start(ann, module)
    ann.follow("Edit")
    lapse(session, row)
    start(bob, module)
    ann.press("Save and accept", REWORDED, 409)
    assert "Bob is looking at this question right now." in ann.text
    assert typed(ann, "stem") == REWORDED["stem"]
    ann.press("Save and accept", status=409)
    assert typed(ann, "option_2") == REWORDED["option_2"]
    lapse(session, row)
    ann.press("Save and accept")
    assert row.current_version.content["stem"] == REWORDED["stem"]
    assert row.state == "accepted"


def test_a_card_that_was_held_for_too_long_is_not_shown_again_unasked(
    session: Session, ann: Browser, module: Module, card: ItemRow
) -> None:
    ann.follow("Edit")
    lapse(session, card)
    ann.press("Save and accept", REWORDED | {"evidence": "Whales paid."}, 422)
    assert "more than five minutes" in ann.text
    assert "do not stand in the section: “Whales paid.”" in ann.text
    assert typed(ann, "stem") == REWORDED["stem"]
    ann.press("Look at this question again")
    assert shown(ann).endswith(f"/{card.id}")


def test_a_wording_of_a_question_that_was_accepted_meanwhile_can_be_saved_over_it(
    session: Session, ann: Browser, bob: Browser, module: Module, card: ItemRow
) -> None:
    ann.follow("Edit")
    pass_on(session, card, bob, module)
    bob.press("Accept")
    ann.press("Save and accept", REWORDED, 409)
    assert "This question has been decided already." in ann.text
    assert "Which of these does the text say?" in ann.text, "theirs stands beside"
    ann.press("Save mine")
    assert "Saved." in ann.text
    assert card.current_version.content["stem"] == REWORDED["stem"]


def test_a_wording_of_a_question_that_was_rejected_meanwhile_is_kept_to_be_copied(
    session: Session, ann: Browser, bob: Browser, module: Module
) -> None:
    row, other = propose(session, module, 2)
    start(ann, module)
    ann.follow("Edit")
    lapse(session, row)
    start(bob, module)
    bob.press("Reject", {"reason": "grammar", "decision": "reject"})
    ann.press("Save and accept", REWORDED, 409)
    assert REWORDED["stem"] in ann.text
    assert not ann.page.xpath("//button[starts-with(normalize-space(), 'Save')]")
    bob.press("Accept")
    assert other.state == "accepted"
    ann.press("Go on with the next question")
    assert "All questions are decided" in ann.text


def test_a_decision_that_was_taken_meanwhile_is_told_with_the_reason_typed(
    session: Session, ann: Browser, bob: Browser, module: Module, card: ItemRow
) -> None:
    pass_on(session, card, bob, module)
    bob.press("Accept")
    ann.press("Reject", {"reason": "poor wrong answers", "decision": "reject"}, 409)
    assert "has been decided already" in ann.text
    assert "poor wrong answers" in ann.text
    assert card.state == "accepted"


def edit_text(desk: Browser, module: Module) -> None:
    """Put a sentence before the first section: its questions move along, in a new version."""
    section = module.sections[0]
    desk.get(f"/teach/modules/{module.id}/sections/{section.id}")
    (area,) = desk.page.xpath("//textarea[@name='text']")
    desk.press("Save", {"text": f"A sentence in front. {area.text.strip()}", "confirmed": "yes"})


def test_a_card_that_changed_meanwhile_is_looked_at_again(
    session: Session, ann: Browser, bob: Browser, module: Module, card: ItemRow
) -> None:
    edit_text(bob, module)
    ann.press("Accept", status=409)
    assert "Somebody changed this question while you had it open." in ann.text
    assert "Your decision: accepted" in ann.text
    assert card.state == "proposed"
    ann.press("Look at this question again")
    ann.press("Accept")
    assert card.state == "accepted"


def test_a_reason_for_a_card_that_changed_meanwhile_can_be_sent_again(
    session: Session, ann: Browser, bob: Browser, module: Module, card: ItemRow
) -> None:
    edit_text(bob, module)
    ann.press("Reject", {"reason": "too easy", "decision": "reject"}, 409)
    assert "Which of these does the text say?" in ann.text
    ann.press("Reject")
    assert card.state == "rejected"


def test_a_wording_for_a_card_that_changed_meanwhile_stands_beside_what_is_stored(
    session: Session, ann: Browser, bob: Browser, module: Module, card: ItemRow
) -> None:
    ann.follow("Edit")
    edit_text(bob, module)
    ann.press("Save and accept", REWORDED, 409)
    assert typed(ann, "stem") == REWORDED["stem"]
    assert "Which of these does the text say?" in ann.text
    ann.press("Save and accept")
    assert card.state == "accepted"
    assert card.current_version.content["stem"] == REWORDED["stem"]


def test_a_card_whose_section_was_removed_is_told_with_what_was_typed(
    session: Session, ann: Browser, bob: Browser, module: Module, card: ItemRow
) -> None:
    ann.follow("Edit")
    bob.get(f"/teach/modules/{module.id}")
    bob.press("Remove")
    ann.press("Save and accept", REWORDED, 409)
    assert "The section of this question has been removed" in ann.text
    assert REWORDED["stem"] in ann.text
    assert not ann.page.xpath("//button[starts-with(normalize-space(), 'Save')]")
    ann.get(review(module) + f"?edit={card.id}")
    assert "The section of this question has been removed" in ann.text


# ---------------------------------------------------------------- an address with ?edit=


def test_the_form_of_a_card_opens_for_who_holds_it_only(
    session: Session, ann: Browser, bob: Browser, module: Module
) -> None:
    mine, theirs, free = propose(session, module, 3)
    start(ann, module)
    start(bob, module)
    ann.get(review(module) + f"?edit={mine.id}")
    assert "Edit, then accept" in ann.text
    ann.get(review(module) + f"?edit={theirs.id}")
    assert "Bob is looking at this question right now." in ann.text
    assert "Edit, then accept" not in ann.text
    assert shown(ann).endswith(f"/{mine.id}")
    ann.get(review(module) + f"?edit={free.id}")
    assert "Take this question first" in ann.text
    ann.press("Take and edit it")
    assert "Edit, then accept" in ann.text
    assert free.claimed_by_id != theirs.claimed_by_id
    assert mine.claimed_by_id is None
    ann.press("Save and accept")
    ann.get(review(module) + f"?edit={free.id}")
    assert "has been decided already" in ann.text


def test_a_card_of_the_bank_that_went_to_somebody_else_is_not_taken(
    session: Session, ann: Browser, bob: Browser, module: Module
) -> None:
    (row,) = propose(session, module)
    ann.get(f"/teach/modules/{module.id}/items?state=proposed")
    start(bob, module)
    ann.press("Review", status=409)
    assert "Bob is looking at this question right now." in ann.text
    assert not shown(ann)
    assert row.claimed_by_id is not None


# ---------------------------------------------------------------- the bank


def open_both(session: Session, module: Module, *desks: Browser) -> ItemRow:
    """A question in use, its form open at every desk."""
    row = make_item(session, module.sections[1])
    for desk in desks:
        desk.get(f"/teach/modules/{module.id}/items")
        desk.follow("Edit")
    return row


def test_two_who_reword_a_question_see_both_wordings(
    session: Session, ann: Browser, bob: Browser, module: Module
) -> None:
    row = open_both(session, module, ann, bob)
    bob.press("Save", written(stem="What was taxed, says Bob?"))
    ann.press("Save", written(stem="What was taxed, says Ann?", option_2="Apples"), 409)
    assert "Somebody else changed this question" in ann.text
    assert "What was taxed, says Bob?" in ann.text
    assert (typed(ann, "stem"), typed(ann, "option_2")) == ("What was taxed, says Ann?", "Apples")
    assert row.current_version.content["stem"] == "What was taxed, says Bob?"
    ann.press("Save mine")
    assert row.current_version.content["stem"] == "What was taxed, says Ann?"
    bob.get(f"/teach/modules/{module.id}/items")
    assert "What was taxed, says Ann?" in bob.text


def test_who_leaves_theirs_changes_nothing(
    session: Session, ann: Browser, bob: Browser, module: Module
) -> None:
    row = open_both(session, module, ann, bob)
    bob.press("Save", written(stem="What was taxed, says Bob?"))
    ann.press("Save", written(evidence="These words stand nowhere."), 409)
    assert typed(ann, "evidence") == "These words stand nowhere."
    ann.follow("Leave theirs")
    assert "What was taxed, says Bob?" in ann.text
    assert row.current_version.content["stem"] == "What was taxed, says Bob?"


def test_a_form_that_names_no_wording_overwrites_nothing(
    session: Session, teacher: Client, module: Module
) -> None:
    row = make_item(session, module.sections[1])
    address = f"/teach/modules/{module.id}/items/{row.id}"
    assert teacher.csrf_post(address, written(version="the first")).status_code == 409
    assert row.current_version.number == 1
