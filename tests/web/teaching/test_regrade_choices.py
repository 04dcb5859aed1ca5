"""Fixing scores by plain forms: every choice, where the page is met, what is refused, what learners see of it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.canaries import plant
from tests.client import Client
from tests.factories.attempts import make_attempt
from tests.factories.finished import make_finished_attempt
from tests.factories.modules import gap_item, make_item, make_module
from tests.factories.people import make_account, sign_in
from tests.pages import Browser
from webapp.models.account import Account
from webapp.models.attempt import Attempt, AttemptSlot
from webapp.models.item import Item, ItemReport, ItemVersion
from webapp.models.module import Module, SectionVersion
from webapp.models.quiz import Ruling
from webapp.services import clock

OpenBrowser = Callable[[Account], Browser]


@pytest.fixture
def module(session: Session) -> Module:
    module = make_module(session)
    for _ in range(2):
        make_item(session, module.sections[0])
    return module


@pytest.fixture
def learners(session: Session, module: Module) -> list[tuple[Account, Attempt]]:
    """One who got question 1 wrong and question 2 right, and one who got both right."""
    accounts = [make_account(session), make_account(session)]
    made = [
        make_finished_attempt(session, account, module.sections[0], right)
        for account, right in zip(accounts, [[False, True], [True, True]], strict=True)
    ]
    return list(zip(accounts, made, strict=True))


@pytest.fixture
def open_browser(app, session) -> OpenBrowser:
    def open_one(account: Account) -> Browser:
        client = app.test_client()
        assert isinstance(client, Client)
        sign_in(client, session, account)
        return Browser(client)

    return open_one


@pytest.fixture
def desk(open_browser: OpenBrowser, session: Session) -> Browser:
    return open_browser(make_account(session, "instructor"))


def page_of(module: Module, item_id: int = 1) -> str:
    return f"/teach/modules/{module.id}/items/{item_id}/regrade"


def points(session: Session) -> list[object]:
    session.expire_all()
    return [attempt.points for attempt in session.scalars(select(Attempt).order_by(Attempt.id))]


def rulings(session: Session) -> list[Ruling]:
    session.expire_all()
    return list(session.scalars(select(Ruling).order_by(Ruling.id)))


def chosen(desk: Browser) -> list[str]:
    return desk.page.xpath("//input[@name='kind'][@checked]/@value")


# ---------------------------------------------------------------- after an edit


def test_a_mended_word_leads_there_and_nothing_needs_to_be_done(desk, session, module, learners):
    desk.get(f"/teach/modules/{module.id}/items/1")
    desk.press("Save", {"stem": "Which of these does this text say?"})
    assert desk.response.request.path == page_of(module)
    assert desk.page.xpath("//del/text()") == ["the"]
    assert desk.page.xpath("//ins/text()") == ["this"]
    assert "removed: the" in desk.text
    assert "added: this" in desk.text
    assert chosen(desk) == ["typo"]
    desk.press("Go on")
    assert desk.response.request.path.endswith("/items/1/preview")
    assert "The scores stay as they are." in desk.text
    assert rulings(session) == []
    assert points(session) == [1, 2]


def test_another_key_asks_what_shall_be_and_choosing_words_only_is_possible(desk, session, module, learners):
    desk.get(f"/teach/modules/{module.id}/items/1")
    desk.press("Save", {"key": "1"})
    assert chosen(desk) == []
    assert "Right answer" in desk.text
    desk.press("See what would change", {"kind": "typo"})
    assert rulings(session) == []


def test_an_item_that_nobody_was_asked_is_only_saved(desk, module):
    desk.get(f"/teach/modules/{module.id}/items/1")
    desk.press("Save", {"key": "1"})
    assert desk.response.request.path.endswith("/items/1/preview")


def test_saving_the_same_wording_asks_nothing(desk, module, learners):
    desk.get(f"/teach/modules/{module.id}/items/1")
    desk.press("Save")
    assert desk.response.request.path.endswith("/items/1/preview")


def test_other_options_offer_full_credit_or_dropping_and_say_why(desk, session, module, learners):
    desk.get(f"/teach/modules/{module.id}/items/1")
    texts = {
        f"option_{place}": f"Something else, number {word}"
        for place, word in enumerate(("one", "two", "six"))
    }
    desk.press("Save", {**texts, "option_0": "The harbour of Veltmar opened in 1911."})
    assert "the newer key says nothing about the answers given before" in desk.text
    assert desk.page.xpath("//input[@name='kind']/@value") == ["typo", "full", "drop"]
    desk.press_button(desk.page.xpath("//form[contains(@class, 'regrade')]//button")[0], {"kind": "key"}, 422)
    assert rulings(session) == []


def test_an_edit_in_the_review_queue_leads_there_and_back(desk, session, module, learners):
    session.add(
        ItemReport(
            item_id=1,
            item_version_id=session.get_one(Item, 1).current_version_id,
            account_id=learners[0][0].id,
            comment="The second one is right.",
            created_at=clock.now(),
        )
    )
    session.commit()
    desk.get(f"/teach/modules/{module.id}/review?sign=reported")
    desk.press("Start reviewing")
    desk.follow("Edit")
    desk.press("Save", {"key": "1"})
    assert desk.response.request.path == page_of(module)
    desk.press("See what would change", {"kind": "key"})
    desk.press("Change the scores")
    assert points(session) == [2, 2]
    desk.follow("Review questions")
    assert desk.response.request.path.endswith("/review")
    assert desk.response.request.args["sign"] == "reported"


# ---------------------------------------------------------------- choices


def test_who_goes_down_is_said_where_that_is_allowed(desk, session, module, learners):
    desk.get(f"/teach/modules/{module.id}/items/1")
    desk.press("Save", {"key": "1"})
    form = desk.page.xpath("//form[contains(@class, 'regrade')]")[0]
    form.xpath(".//input[@name='never_lowers']")[0].attrib.pop("checked")
    desk.press_button(form.xpath(".//button")[0], {"kind": "key"})
    assert "2 attempts, 2 change. Mean 75.00 to 75.00 %. 1 goes up, 1 goes down." in desk.text
    assert desk.page.xpath("//input[@name='never_lowers'][@checked]") == []
    desk.press("Change the scores")
    assert points(session) == [2, 1]
    assert "nobody went down" not in desk.text


def test_an_answer_is_accepted_after_all(desk, session, module):
    text = session.get_one(SectionVersion, module.sections[1].current_version_id).text
    row = make_item(session, module.sections[1], gap_item(text, "1934", section=str(module.sections[1].id)))
    attempt = make_attempt(session, make_account(session), module.sections[1], items=[row])
    slot = session.scalars(select(AttemptSlot).where(AttemptSlot.attempt_id == attempt.id)).one()
    slot.response, slot.status, slot.score = {"text": "'34"}, "incorrect", 0
    slot.checked_at = slot.saved_at = attempt.submitted_at = clock.now()
    attempt.state, attempt.answered_count, attempt.checked_count = "released", 1, 1
    session.commit()
    desk.get(page_of(module, row.id))
    assert "'34 (1)" in desk.text
    desk.press("See what would change", {"kind": "accept"}, 422)
    assert "Choose the answer to accept." in desk.text
    desk.press("See what would change", {"kind": "accept", "accept": "'34"})
    assert "1 attempt, 1 changes. Mean 0.00 to 100.00 %." in desk.text
    session.expire_all()
    assert session.get_one(ItemVersion, row.current_version_id).content["key"] == ["1934"]
    desk.press("Change the scores")
    session.expire_all()
    assert session.get_one(ItemVersion, row.current_version_id).content["key"] == ["1934", "'34"]
    assert points(session) == [1]
    assert "Accept one more typed answer" not in desk.text


def test_without_an_edit_it_holds_for_whom_one_says(desk, session, module, learners):
    desk.get(f"/teach/modules/{module.id}/items/1")
    desk.press("Save", {"stem": "Which of these does this text say?"})
    make_finished_attempt(session, make_account(session), module.sections[0], [False, True])
    desk.get(page_of(module))
    assert "3 attempts asked it. 2 of them asked it before it was edited" in desk.text
    assert desk.page.xpath("//input[@name='reach'][@checked]/@value") == ["all"]
    desk.press("Go on", {"kind": "full", "reach": "earlier"})
    assert "2 attempts, 1 changes." in desk.text
    assert "whoever is asked it later" not in desk.text
    desk.press("See what would change", {"reach": "all"})
    assert "3 attempts, 2 change." in desk.text
    assert "whoever is asked it later gets the same" in desk.text
    desk.press("Change the scores")
    assert points(session) == [2, 2, 2]


def test_what_is_refused_keeps_what_was_typed(desk, session, module, learners):
    desk.get(page_of(module))
    desk.press("See what would change", {"kind": "drop", "reason": "r" * 501}, 422)
    assert desk.page.findtext(".//title") == "Error: Fix scores – Readcheck"
    assert chosen(desk) == ["drop"]
    assert desk.page.xpath("//input[@name='reason']/@value") == ["r" * 501]


def test_another_choice_than_the_one_that_was_looked_at_is_looked_at_first(desk, session, module, learners):
    desk.get(page_of(module))
    desk.press("See what would change", {"kind": "full"})
    desk.press("Change the scores", {"kind": "drop"}, 409)
    assert chosen(desk) == ["drop"]
    assert rulings(session) == []
    desk.press("Change the scores")
    assert [ruling.kind for ruling in rulings(session)] == ["drop"]


def test_fifty_changes_are_listed_and_the_rest_counted(desk, session, module):
    for _ in range(52):
        make_finished_attempt(session, make_account(session), module.sections[0], [False, True])
    desk.get(page_of(module))
    desk.press("See what would change", {"kind": "full"})
    assert len(desk.page.xpath("//*[@id='preview']//tbody/tr")) == 50
    assert "and 2 others" in desk.text
    desk.press("Change the scores")
    assert len(desk.page.xpath("//details//li")) == 50


def test_the_history_says_who_and_what_and_what_was_taken_back_stays_so(desk, session, module, learners):
    desk.get(page_of(module))
    desk.press("See what would change", {"kind": "full", "reason": "Two <b>answers</b> were right."})
    desk.press("Change the scores")
    address = desk.page.xpath("//form[contains(@action, '/undo')]/@action")[0]
    assert f"{learners[0][0].display_name}: 1 of 2 → 2 of 2" in desk.text
    assert "Two <b>answers</b> were right." in desk.text
    desk.press("Take it back")
    assert "Taken back:" in desk.text
    assert desk.page.xpath("//form[contains(@action, '/undo')]") == []
    assert desk.client.csrf_post(address).status_code == 409
    assert points(session) == [1, 2]


# ---------------------------------------------------------------- what learners and files show


def apply(desk: Browser, module: Module, **filled: str) -> None:
    desk.get(page_of(module))
    desk.press("See what would change", filled)
    desk.press("Change the scores")


def test_a_dropped_question_says_so_and_is_not_in_the_sum(desk, open_browser, module, learners):
    apply(desk, module, kind="drop")
    account, attempt = learners[0]
    reader = open_browser(account)
    reader.get(f"/attempts/{attempt.id}/result")
    assert "Your result: 1 of 1" in reader.text
    assert "This question was not counted." in reader.text


def test_full_credit_says_so(desk, open_browser, module, learners):
    apply(desk, module, kind="full")
    account, attempt = learners[0]
    reader = open_browser(account)
    reader.get(f"/attempts/{attempt.id}/result")
    assert "Your result: 2 of 2" in reader.text
    assert "Full credit was given." in reader.text


def test_who_keeps_credit_reads_the_answer_and_the_reason_of_now(
    desk, open_browser, session, module, learners
):
    why = f"The newer reason. {plant('graded')}"
    desk.get(f"/teach/modules/{module.id}/items/1")
    desk.press("Save", {"key": "1", "explanation": why})
    desk.press("See what would change", {"kind": "key"})
    desk.press("Change the scores")
    for account, attempt in learners:
        reader = open_browser(account)
        reader.get(f"/attempts/{attempt.id}/result")
        assert "Your result: 2 of 2" in reader.text
        assert why in reader.text
    assert "Your credit stays as it was. The answer is now" in reader.text


def test_whose_answer_is_still_open_sees_nothing_of_a_newer_wording(
    desk, open_browser, session, module, learners
):
    account = make_account(session)
    make_attempt(session, account, module.sections[0])
    why = f"The newer reason. {plant('graded')}"
    desk.get(f"/teach/modules/{module.id}/items/1")
    desk.press("Save", {"key": "1", "explanation": why})
    desk.press("See what would change", {"kind": "key"})
    desk.press("Change the scores")
    reader = open_browser(account)
    reader.get(f"/m/{module.slug}/1")
    assert "Which of these does the text say?" in reader.text
    assert why not in reader.text


def test_the_long_export_shows_what_was_dropped(desk, session, module, learners):
    apply(desk, module, kind="drop")
    desk.get(f"/teach/modules/{module.id}/scores")
    form = {"who": "everybody", "profile": "long", "which": "best", "file_format": "csv"}
    columns = desk.page.xpath("//input[@name='long_columns']/@value")
    answer = desk.client.csrf_post(f"/teach/modules/{module.id}/scores", {**form, "long_columns": columns})
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))
    answer.close()
    dropped = [row for row in rows if row["item"] == "1"]
    assert {(row["status"], float(row["points_possible"]), row["points"]) for row in dropped} == {
        ("dropped", 0.0, "")
    }
    assert {row["status"] for row in rows if row["item"] == "2"} == {"correct"}


def test_the_learners_page_counts_without_it(desk, session, module, learners):
    apply(desk, module, kind="drop")
    desk.get(f"/teach/modules/{module.id}/learners/{learners[0][0].id}")
    assert "1 of 1" in desk.text
