"""The review queue by the forms of its pages: cards are taken, decided, narrowed and taken back."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from questions.generation.providers.quoted_items import MODEL_RECIPES
from questions.generation.recipes.registry import RECIPES
from questions.items.base import Evidence, Item, Option
from tests.client import Client
from tests.factories.modules import make_item, make_module
from tests.pages import Browser
from tests.web.teaching.desk import propose, review
from webapp.forms import item_words
from webapp.models.item import DECISIONS, ReviewDecision
from webapp.models.item import Item as ItemRow
from webapp.models.module import Module
from webapp.repositories.review import SIGNS
from webapp.services import clock

WARNING = [{"check": 11, "severity": "warning", "field": "stem", "message": "This stem is rather long."}]


def is_shown(desk: Browser, row: ItemRow) -> bool:
    """Whether the page is this card."""
    (action, *_rest) = desk.page.xpath("//form[contains(@class, 'decision')]/@action") or [""]
    return action.endswith(f"/review/{row.id}")


def reason(desk: Browser, words: str) -> None:
    """Reject the card that is shown."""
    (button,) = desk.page.xpath("//details[contains(@class, 'reject')]//button")
    desk.press_button(button, {"reason": words}, 200 if words.strip() else 422)


def narrow(desk: Browser, **filters: object) -> None:
    """Choose in the menus above the card."""
    desk.press("Show", {name: str(value) for name, value in filters.items()})


def test_an_empty_queue_says_what_to_do(desk: Browser, module: Module) -> None:
    desk.get(review(module))
    assert "No questions to review yet" in desk.text


def test_looking_takes_no_card_and_starting_takes_one(
    session: Session, desk: Browser, module: Module
) -> None:
    first, _second = propose(session, module, 2)
    desk.get(f"/teach/modules/{module.id}")
    desk.get(review(module))
    assert "2 questions are free for you" in desk.text
    assert "Which of these does the text say?" not in desk.text
    assert first.claimed_until is None
    desk.press("Start reviewing")
    assert is_shown(desk, first)
    assert first.claimed_until > clock.now()


def test_the_modules_page_leads_to_the_first_card(session: Session, desk: Browser, module: Module) -> None:
    first, _second = propose(session, module, 2)
    desk.get(f"/teach/modules/{module.id}")
    desk.press("Review them")
    assert is_shown(desk, first)


def test_the_bank_leads_to_the_very_card(session: Session, desk: Browser, module: Module) -> None:
    _first, second = propose(session, module, 2)
    desk.get(f"/teach/modules/{module.id}/items?state=proposed")
    (button,) = desk.page.xpath(f"//li[@id='item-{second.id}']//button")
    desk.press_button(button)
    assert is_shown(desk, second)


def test_a_card_shows_marked_evidence_key_and_reasons_in_words(
    session: Session, desk: Browser, module: Module
) -> None:
    propose(session, module)
    desk.get(review(module))
    desk.press("Start reviewing")
    desk.press("Skip")
    (mark,) = desk.page.xpath("//section[@id='passage']//mark")
    assert "The harbour of Veltmar opened in 1911" in mark.text_content()
    for words in (
        "right answer",
        "Read the first sentence again.",
        "0 of 1 decided",
        "Multiple choice",
        "A date left out",
        "Finding what the text says",
        ": skipped (Tess)",
    ):
        assert words in desk.text
    assert "cloze" not in desk.text
    assert "retrieve" not in desk.text


def test_every_code_has_words() -> None:
    assert item_words.RECIPE_LABELS.keys() == RECIPES.keys() | set(MODEL_RECIPES.values())
    assert item_words.DECISION_LABELS.keys() == set(DECISIONS)
    assert item_words.SIGN_LABELS.keys() == set(SIGNS)
    assert item_words.recipe("of_tomorrow") == "of tomorrow"


def test_accept_commits_and_the_next_card_is_held(session: Session, desk: Browser, module: Module) -> None:
    first, second = propose(session, module, 2)
    desk.get(review(module))
    desk.press("Start reviewing")
    desk.press("Accept")
    assert first.state == "accepted"
    assert is_shown(desk, second)
    assert second.claimed_until > clock.now()
    assert "1 of 2 decided" in desk.text
    assert "Accepted." in desk.text
    desk.press("Accept")
    assert "All questions are decided" in desk.text


def test_reject_needs_a_reason_and_keeps_it(session: Session, desk: Browser, module: Module) -> None:
    (row,) = propose(session, module)
    desk.get(review(module))
    desk.press("Start reviewing")
    reason(desk, " ")
    assert "Say in a word why" in desk.text
    assert is_shown(desk, row)
    assert row.state == "proposed"
    (button,) = desk.page.xpath("//details[contains(@class, 'reject')]//button")
    desk.press_button(button, {"reason": "r" * 501}, 422)
    assert "r" * 501 in desk.response.text
    reason(desk, "two answers are right")
    assert row.state == "rejected"
    assert session.scalars(select(ReviewDecision.reason)).all() == ["two answers are right"]


def test_skip_puts_a_card_last(session: Session, desk: Browser, module: Module) -> None:
    first, second = propose(session, module, 2)
    desk.get(review(module))
    desk.press("Start reviewing")
    desk.press("Skip")
    assert is_shown(desk, second)
    desk.press("Accept")
    assert is_shown(desk, first)


@pytest.mark.parametrize("word", ["Accept", "Reject", "Skip"])
def test_undo_brings_the_card_back(
    session: Session, desk: Browser, teacher: Client, module: Module, word: str
) -> None:
    first, second = propose(session, module, 2)
    desk.get(review(module))
    desk.press("Start reviewing")
    reason(desk, "grammar") if word == "Reject" else desk.press(word)
    assert is_shown(desk, second)
    desk.press("Undo")
    assert first.state == "proposed"
    assert first.skipped_at is None
    assert is_shown(desk, first)
    again = teacher.csrf_post(review(module) + "/undo")
    assert again.status_code == 409
    assert "nothing to undo" in again.text


def test_undo_does_not_take_back_what_was_done_in_the_bank(
    session: Session, desk: Browser, teacher: Client, module: Module
) -> None:
    row = make_item(session, module.sections[0])
    desk.get(f"/teach/modules/{module.id}/items")
    desk.press("Delete")
    assert row.state == "retired"
    assert teacher.csrf_post(review(module) + "/undo").status_code == 409
    assert row.state == "retired"


def test_undo_gives_an_edited_card_its_wording_and_its_notes_back(
    session: Session, desk: Browser, module: Module
) -> None:
    (row,) = propose(session, module, warnings=WARNING)
    before, section = row.current_version_id, module.sections[0]
    desk.get(f"/teach/modules/{module.id}/sections/{section.id}")
    text = "Anna Krol had built two lighthouses.\n\nShips from nine countries called."
    desk.press("Save", {"text": text, "confirmed": "yes"})
    note = row.stale_note
    assert "The harbour of Veltmar opened in 1911." in note
    desk.get(review(module))
    desk.press("Start reviewing")
    assert "The text has changed" in desk.text
    desk.follow("Edit")
    desk.press(
        "Save and accept",
        {
            "stem": "Who had built lighthouses?",
            "option_0": "Anna Krol",
            "option_1": "Nobody",
            "option_2": "The ships",
            "key": "0",
            "evidence": "Anna Krol had built two lighthouses.",
        },
    )
    assert (row.state, row.stale_note) == ("accepted", "")
    desk.press("Undo")
    assert (row.state, row.current_version_id, row.stale_note) == ("proposed", before, note)
    assert note in desk.text


def test_undo_of_a_heading_question_says_again_that_the_heading_is_gone(
    session: Session, desk: Browser, module: Module
) -> None:
    section = module.sections[1]
    quote = "In March 1934 a storm broke the northern wall."
    asked = Item(
        "multiple_choice",
        "Under which heading does this sentence stand: “Repairs took four years”?",
        (Option("The storm", "key"), Option("The harbour"), Option("The ships")),
        (0,),
        "",
        (Evidence(str(section.id), 0, len(quote), quote),),
    )
    row = make_item(session, section, asked, state="proposed", origin="generated", recipe="heading")
    desk.get(f"/teach/modules/{module.id}/sections/{section.id}")
    desk.press("Save", {"heading": "The great storm", "confirmed": "yes"})
    note = row.stale_note
    assert "“The storm”" in note
    desk.get(review(module))
    desk.press("Start reviewing")
    desk.press("Accept")
    assert (row.state, row.stale_note) == ("accepted", "")
    desk.press("Undo")
    assert (row.state, row.stale_note) == ("proposed", note)


def test_a_decision_that_an_edit_of_the_text_overtook_is_not_undone(
    session: Session, desk: Browser, teacher: Client, module: Module
) -> None:
    (row,) = propose(session, module)
    desk.get(review(module))
    desk.press("Start reviewing")
    desk.press("Accept")
    desk.get(f"/teach/modules/{module.id}/sections/{module.sections[0].id}")
    desk.press("Save", {"text": "Nothing of it is left.", "confirmed": "yes"})
    assert row.state == "proposed"
    assert teacher.csrf_post(review(module) + "/undo").status_code == 409
    assert row.stale_note


def test_evidence_that_left_the_text_cannot_be_accepted(
    session: Session, desk: Browser, module: Module
) -> None:
    section = module.sections[0]
    item = Item(
        "true_false",
        "The harbour opened in 1911.",
        (Option("True"), Option("False")),
        (0,),
        "",
        (Evidence(str(section.id), 0, 12, "Words of old"),),
    )
    row = make_item(session, section, item, state="proposed", origin="generated")
    desk.get(review(module))
    desk.press("Start reviewing")
    desk.press("Accept", status=422)
    assert row.state == "proposed"


def test_filters_narrow_the_queue_and_stay_while_one_decides(
    session: Session, desk: Browser, module: Module
) -> None:
    propose(session, module, 1)
    here = propose(session, module, 2, section=1, recipe="faq")
    other = propose(session, module, 1, section=1)
    desk.get(review(module))
    assert "0 of 4 decided" in desk.text
    narrow(desk, section=module.sections[1].id, recipe="faq")
    assert is_shown(desk, here[0])
    assert "0 of 2 decided" in desk.text
    assert [one.get("value") for one in desk.page.xpath("//select/option[@selected]")] == [
        str(module.sections[1].id),
        "faq",
    ]
    assert "2. The storm · A question the text answers itself" in desk.text
    desk.follow("Edit")
    desk.follow("Cancel")
    desk.press("Accept")
    assert is_shown(desk, here[1])
    assert "1 of 2 decided" in desk.text
    desk.press("Undo")
    assert is_shown(desk, here[0])
    assert "0 of 2 decided" in desk.text
    desk.press("Accept")
    desk.press("Accept")
    assert "2 of 2 decided" in desk.text
    assert "Nothing of this kind waits any more." in desk.text
    narrow(desk, recipe="")
    assert is_shown(desk, other[0])


def test_the_filter_names_a_section_as_its_author_wrote_it(session: Session, desk: Browser) -> None:
    parts = [("", "Nobody came. It rained."), ("Salt & <b>sand</b>", "A storm broke the wall. It was 1934.")]
    module = make_module(session, sections=parts)
    for section in (0, 1):
        propose(session, module, section=section)
    desk.get(review(module))
    narrow(desk, section=module.sections[1].id)
    assert desk.page.xpath("string(//details[@class='queue-filters']/summary)") == (
        "Filter: 2. Salt & <b>sand</b>"
    )


def test_cards_are_narrowed_by_what_they_warn_of(session: Session, desk: Browser, module: Module) -> None:
    (clean,) = propose(session, module)
    (warned,) = propose(session, module, warnings=WARNING)
    (changed,) = propose(session, module, warnings=WARNING, stale_note="The text was edited.")
    desk.get(review(module))
    options = [one.text_content() for one in desk.page.xpath("//select[@id='sign']/option")]
    assert options == ["All (3)", "The text has changed (1)", "With warnings (1)", "Without warnings (1)"]
    for sign, row in (("changed", changed), ("warned", warned), ("clean", clean)):
        narrow(desk, sign=sign)
        assert is_shown(desk, row)
        assert "0 of 1 decided" in desk.text


def test_a_card_that_is_undone_is_shown_whatever_the_filter(
    session: Session, desk: Browser, module: Module
) -> None:
    first, _more = propose(session, module, 2)
    (second,) = propose(session, module, section=1)
    desk.get(review(module))
    desk.press("Start reviewing")
    desk.press("Accept")
    narrow(desk, section=module.sections[1].id)
    assert is_shown(desk, second)
    desk.press("Undo")
    assert is_shown(desk, first)


def test_an_explanation_that_an_answer_gives_stands_on_the_card_once(
    session: Session, desk: Browser, module: Module
) -> None:
    why = "The text says “1911”; the statement says “1912”."
    options = (Option("True", "misreading", why), Option("False", "key", ""))
    item = Item("true_false", "The harbour of Veltmar opened in 1912.", options, (1,), why)
    make_item(session, module.sections[0], item, state="proposed", origin="generated")
    desk.get(review(module))
    desk.press("Start reviewing")
    assert desk.text.count(why) == 1
