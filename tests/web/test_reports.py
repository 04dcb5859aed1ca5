"""A learner reports a question; an instructor finds it in the review queue and decides; the learner sees that."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.client import Client
from tests.factories.attempts import make_attempt, make_quiz
from tests.factories.finished import make_finished_attempt
from tests.factories.modules import make_item, make_module
from tests.factories.people import make_account
from tests.pages import Browser
from tests.web.teaching.desk import propose, review
from webapp.config import Settings
from webapp.extensions import limiter
from webapp.models.account import Account
from webapp.models.attempt import Attempt
from webapp.models.item import Item, ItemReport, ReviewDecision
from webapp.models.module import Module
from webapp.services import clock, guests, personal_data
from webapp.services.errors import Refused
from webapp.services.reports import send_report
from webapp.views import reports as views

WORDS = "Two answers are right: <b>salt</b> & ships."
ClientFor = Callable[[Account], Client]


@pytest.fixture
def settings(each_settings: Settings) -> Settings:
    """On both databases."""
    return each_settings


@pytest.fixture
def module(session: Session) -> Module:
    return make_module(session)


@pytest.fixture
def item(session: Session, module: Module) -> Item:
    return make_item(session, module.sections[0])


@pytest.fixture
def learner(session: Session) -> Account:
    return make_account(session, display_name="Lena Lind")


@pytest.fixture
def attempt(session: Session, item: Item, module: Module, learner: Account) -> Attempt:
    return make_finished_attempt(session, learner, module.sections[0], [False])


@pytest.fixture
def reader(client_for: ClientFor, learner: Account) -> Browser:
    return Browser(client_for(learner))


@pytest.fixture
def desk(session: Session, client_for: ClientFor) -> Browser:
    return Browser(client_for(make_account(session, "instructor", display_name="Tess")))


def report(reader: Browser, module: Module, words: str = WORDS) -> None:
    """From the feedback beside the text."""
    reader.get(f"/m/{module.slug}/1")
    reader.follow("Report a problem")
    reader.press("Send the report", {"comment": words})


def reports(session: Session) -> list[ItemReport]:
    session.expire_all()
    return list(session.scalars(select(ItemReport).order_by(ItemReport.id)))


class TestTheLearner:
    def test_a_question_is_reported_from_its_feedback_and_leads_back_there(
        self, session: Session, reader: Browser, module: Module, attempt: Attempt, item: Item
    ) -> None:
        report(reader, module)
        assert reader.response.request.path == f"/m/{module.slug}/1"
        assert "Thank you." in reader.text
        assert "You reported a problem with this question." in reader.text
        (row,) = reports(session)
        assert (row.item_id, row.item_version_id, row.comment, row.decision_id) == (
            item.id,
            item.current_version_id,
            WORDS,
            None,
        )

    def test_from_the_result_it_leads_back_to_the_result(
        self, session: Session, reader: Browser, attempt: Attempt
    ) -> None:
        reader.get(f"/attempts/{attempt.id}/result")
        reader.follow("Report a problem")
        reader.press("Send the report", {"comment": ""})
        assert reader.response.request.path == f"/attempts/{attempt.id}/result"
        assert "You reported a problem with this question." in reader.text
        assert reports(session)[0].comment == ""

    def test_sent_twice_it_is_one_report_with_the_later_words(
        self, session: Session, reader: Browser, module: Module, attempt: Attempt
    ) -> None:
        report(reader, module)
        reader.follow("See or withdraw it")
        assert WORDS in reader.text
        reader.press("Change the report", {"comment": "Better words."})
        assert [row.comment for row in reports(session)] == ["Better words."]

    def test_it_can_be_withdrawn_and_then_nothing_is_left(
        self, session: Session, reader: Browser, module: Module, attempt: Attempt
    ) -> None:
        report(reader, module)
        reader.follow("See or withdraw it")
        withdraw = reader.page.xpath("//form[contains(@action, 'withdraw')]/@action")[0]
        reader.press("Withdraw the report")
        assert "Withdrawn." in reader.text
        assert reports(session) == []
        assert "Report a problem" in reader.text
        again = reader.client.csrf_post(withdraw)
        assert again.status_code == 303
        reader.get(f"/m/{module.slug}/1")
        assert "no open report of yours" in reader.text

    def test_a_guest_may_report_too(
        self, session: Session, client: Client, module: Module, item: Item
    ) -> None:
        make_quiz(session, module.sections[0])
        guest = Browser(client)
        guest.get(f"/m/{module.slug}/1")
        guest.press("Start the check")
        (button,) = guest.page.xpath("//fieldset[@id='q1']//button[@formaction]")
        guest.press_button(button, {"s1-choice": "1"})
        guest.follow("Report a problem")
        guest.press("Send the report")
        assert "Thank you." in guest.text
        assert len(reports(session)) == 1

    def test_too_long_words_are_refused_and_kept(
        self, session: Session, reader: Browser, attempt: Attempt
    ) -> None:
        reader.get(f"/attempts/{attempt.id}/1/report")
        reader.press("Send the report", {"comment": "w" * 501}, 422)
        assert "Keep it to 500 characters." in reader.text
        assert "w" * 501 in reader.response.text
        assert reports(session) == []

    def test_the_rule_holds_whoever_calls(self, session: Session, learner: Account, attempt: Attempt) -> None:
        with pytest.raises(Refused, match="it has 501"):
            send_report(session, learner.id, attempt.id, 1, "w" * 501)
        assert reports(session) == []

    def test_one_address_may_not_report_for_ever(
        self, session: Session, reader: Browser, attempt: Attempt, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(views, "REPORTS_AN_HOUR", "2 per hour")
        limiter.reset()
        address = f"/attempts/{attempt.id}/1/report"
        answers = [reader.client.csrf_post(address).status_code for _ in range(3)]
        assert answers == [303, 303, 429]
        limiter.reset()

    def test_nothing_can_be_reported_before_it_is_checked(
        self, session: Session, reader: Browser, module: Module, item: Item, learner: Account
    ) -> None:
        open_attempt = make_attempt(session, learner, module.sections[0])
        address = f"/attempts/{open_attempt.id}/1/report"
        assert "Answer this question first" in reader.client.get(address).text
        assert reader.client.csrf_post(address).status_code == 409
        reader.get(f"/m/{module.slug}/1")
        assert "Report a problem" not in reader.response.text
        (button,) = reader.page.xpath("//fieldset[@id='q1']//button[@formaction]")
        reader.press_button(button, {"s1-choice": "1"})
        assert "Report a problem" in reader.text
        assert reports(session) == []

    def test_somebody_elses_question_is_not_there(
        self, session: Session, client_for: ClientFor, attempt: Attempt
    ) -> None:
        other = client_for(make_account(session))
        for path in ("report", "report/withdraw"):
            assert other.csrf_post(f"/attempts/{attempt.id}/1/{path}").status_code == 404
        assert other.get(f"/attempts/{attempt.id}/1/report").status_code == 404

    def test_a_place_that_the_attempt_has_not_is_not_there(self, reader: Browser, attempt: Attempt) -> None:
        assert reader.client.get(f"/attempts/{attempt.id}/2/report").status_code == 404

    def test_a_question_that_was_taken_out_needs_no_report(
        self, session: Session, reader: Browser, item: Item, attempt: Attempt
    ) -> None:
        item.state = "retired"
        session.commit()
        answer = reader.client.csrf_post(f"/attempts/{attempt.id}/1/report")
        assert (answer.status_code, reports(session)) == (409, [])
        assert "no longer asked" in answer.text

    def test_the_score_stays_as_it_was(
        self, session: Session, reader: Browser, module: Module, attempt: Attempt
    ) -> None:
        before = (attempt.points, attempt.points_possible, attempt.state)
        report(reader, module)
        session.refresh(attempt)
        assert (attempt.points, attempt.points_possible, attempt.state) == before

    def test_of_an_open_check_in_a_removed_section_it_leads_to_the_contents(
        self, session: Session, reader: Browser, module: Module, item: Item
    ) -> None:
        make_item(session, module.sections[0])
        make_quiz(session, module.sections[0])
        reader.get(f"/m/{module.slug}/1")
        reader.press("Start the check")
        (button, _other) = reader.page.xpath("//fieldset//button[@formaction]")
        reader.press_button(button, {"s1-choice": "1"})
        reader.follow("Report a problem")
        module.sections[0].removed_at = clock.now()
        session.commit()
        reader.press("Send the report")
        assert reader.response.request.path == f"/m/{module.slug}"

    def test_of_a_removed_section_it_leads_to_the_result(
        self, session: Session, reader: Browser, module: Module, attempt: Attempt
    ) -> None:
        module.sections[0].removed_at = clock.now()
        session.commit()
        reader.get(f"/attempts/{attempt.id}/1/report")
        reader.press("Send the report")
        assert reader.response.request.path == f"/attempts/{attempt.id}/result"


class TestTheReviewer:
    @pytest.fixture(autouse=True)
    def reported(self, reader: Browser, module: Module, attempt: Attempt) -> None:
        report(reader, module)

    def open_card(self, desk: Browser, module: Module) -> None:
        desk.get(f"/teach/modules/{module.id}")
        assert "1 question is reported by readers" in desk.text
        desk.press("Look into it")

    def test_the_list_of_modules_says_it(self, desk: Browser) -> None:
        desk.get("/teach")
        desk.follow("1 reported question")
        assert "1 question is free for you" in desk.text

    def test_the_card_shows_the_words_and_not_whose_they_are(self, desk: Browser, module: Module) -> None:
        self.open_card(desk, module)
        assert "1 reader reports a problem" in desk.text
        assert WORDS in desk.text
        assert "<b>salt</b>" not in desk.response.text
        assert "still asked until you decide" in desk.text
        assert "Lena" not in desk.response.text

    def test_what_is_in_use_comes_before_proposals(
        self, session: Session, desk: Browser, module: Module, item: Item
    ) -> None:
        propose(session, module, 2)
        desk.get(review(module))
        assert "3 questions are free for you" in desk.text
        desk.press("Start reviewing")
        assert desk.page.xpath(f"//form[@action='{review(module)}/{item.id}']")

    def test_fine_as_it_is(
        self, session: Session, desk: Browser, reader: Browser, module: Module, item: Item, attempt: Attempt
    ) -> None:
        self.open_card(desk, module)
        desk.press("Fine as it is")
        session.expire_all()
        assert item.state == "accepted"
        assert "Kept as it is." in desk.text
        reader.get(f"/attempts/{attempt.id}/result")
        assert "It was looked at, and the question stays as it is." in reader.text
        desk.get(f"/teach/modules/{module.id}")
        assert "reported" not in desk.text

    def test_reworded(
        self, session: Session, desk: Browser, reader: Browser, module: Module, item: Item, attempt: Attempt
    ) -> None:
        asked = item.current_version_id
        self.open_card(desk, module)
        desk.follow("Edit")
        assert WORDS in desk.text
        desk.press("Save", {"stem": "What does the first sentence say?"})
        session.expire_all()
        assert (item.state, item.current_version_id != asked) == ("accepted", True)
        reader.get(f"/attempts/{attempt.id}/result")
        assert "The question has been reworded since." in reader.text

    def test_taken_out_and_taken_back(
        self, session: Session, desk: Browser, reader: Browser, module: Module, item: Item, attempt: Attempt
    ) -> None:
        self.open_card(desk, module)
        (button,) = desk.page.xpath("//details[contains(@class, 'reject')]//button")
        desk.press_button(button, {"reason": "two answers are right"})
        session.expire_all()
        assert item.state == "retired"
        reader.get(f"/attempts/{attempt.id}/result")
        assert "The question is no longer asked." in reader.text
        assert "Report a problem" not in reader.text
        desk.press("Undo")
        session.expire_all()
        assert item.state == "accepted"
        assert WORDS in desk.text
        assert reports(session)[0].decision_id is None

    @pytest.mark.parametrize("button", ["Fine as it is", "Skip"])
    def test_undo(self, session: Session, desk: Browser, module: Module, item: Item, button: str) -> None:
        self.open_card(desk, module)
        desk.press(button)
        desk.press("Undo")
        session.expire_all()
        assert (item.state, item.skipped_at) == ("accepted", None)
        assert WORDS in desk.text

    def test_undo_leaves_a_report_that_was_sent_since(
        self, session: Session, desk: Browser, reader: Browser, module: Module
    ) -> None:
        self.open_card(desk, module)
        desk.press("Fine as it is")
        report(reader, module, "Still not right.")
        desk.press("Undo")
        old, new = reports(session)
        assert (old.decision_id is None, new.decision_id is None) == (False, True)
        assert "1 reader reports" in desk.text

    def test_undo_leads_to_the_card_also_where_only_the_reported_are_shown(
        self, session: Session, desk: Browser, module: Module, item: Item
    ) -> None:
        (proposal,) = propose(session, module, warnings=[{"check": 1, "severity": "warning", "message": "m"}])
        desk.get(review(module))
        desk.press("Show", {"sign": "warned"})
        assert desk.page.xpath(f"//form[@action='{review(module)}/{proposal.id}']")
        desk.press("Accept")
        desk.press("Show", {"sign": "reported"})
        assert desk.page.xpath(f"//form[@action='{review(module)}/{item.id}']")
        desk.press("Undo")
        assert desk.page.xpath(f"//form[@action='{review(module)}/{proposal.id}']")
        desk.press("Skip")
        desk.press("Show", {"sign": "reported"})
        desk.press("Skip")
        desk.press("Undo")
        assert desk.response.request.query_string == b"sign=reported"

    def test_skipping_decides_nothing(self, session: Session, desk: Browser, module: Module) -> None:
        self.open_card(desk, module)
        desk.press("Skip")
        assert reports(session)[0].decision_id is None
        assert "1 reader reports" in desk.text

    def test_withdrawn_while_somebody_looks(self, desk: Browser, reader: Browser, module: Module) -> None:
        self.open_card(desk, module)
        reader.get(f"/m/{module.slug}/1")
        reader.follow("See or withdraw it")
        reader.press("Withdraw the report")
        desk.press("Fine as it is", status=409)
        assert "decided already" in desk.text

    def test_what_is_done_in_the_bank_answers_it_too(
        self, session: Session, desk: Browser, module: Module
    ) -> None:
        desk.get(f"/teach/modules/{module.id}/items")
        desk.press("Delete")
        (row,) = reports(session)
        assert session.get_one(ReviewDecision, row.decision_id).decision == "retire"

    def test_an_edit_of_the_text_leaves_it_open_on_the_changed_card(
        self, session: Session, desk: Browser, module: Module, item: Item
    ) -> None:
        desk.get(f"/teach/modules/{module.id}/sections/{module.sections[0].id}")
        desk.press("Save", {"text": "Nothing of it is left here.", "confirmed": "yes"})
        session.expire_all()
        assert item.state == "proposed"
        desk.get(review(module))
        desk.press("Start reviewing")
        assert WORDS in desk.text
        assert "no longer has" in desk.text

    def test_several_readers_are_counted_and_an_earlier_wording_is_named(
        self, session: Session, desk: Browser, module: Module, item: Item, client_for: ClientFor
    ) -> None:
        other = make_account(session)
        make_finished_attempt(session, other, module.sections[0], [True])
        report(Browser(client_for(other)), module, "")
        section = module.sections[0]
        text = section.current_version.text
        desk.get(f"/teach/modules/{module.id}/sections/{section.id}")
        desk.press("Save", {"text": f"Before all this there was nothing.\n\n{text}"})
        self.open_card(desk, module)
        assert "2 readers report a problem" in desk.text
        assert "No words given." in desk.text
        assert desk.text.count("about an earlier wording") == 2


class TestThePerson:
    def test_their_data_hold_their_reports(
        self, session: Session, reader: Browser, module: Module, attempt: Attempt, learner: Account
    ) -> None:
        report(reader, module)
        data = json.loads(reader.client.csrf_post("/account/data").text)
        (row,) = data["reports"]
        assert (row["comment"], row["decision"]) == (WORDS, None)
        assert row["question"] == "Which of these does the text say?"

    def test_they_go_with_the_person(
        self, session: Session, reader: Browser, module: Module, attempt: Attempt, learner: Account
    ) -> None:
        report(reader, module)
        personal_data.erase_person(session, learner.id)
        session.commit()
        assert reports(session) == []

    def test_a_guests_reports_move_to_the_account_that_claims_them(
        self, session: Session, module: Module, item: Item, learner: Account
    ) -> None:
        other = make_item(session, module.sections[1])
        guest = make_account(session)
        for account, about, words in (
            (learner, item, "mine"),
            (guest, item, "guest's"),
            (guest, other, "more"),
        ):
            session.add(
                ItemReport(
                    item_id=about.id,
                    item_version_id=about.current_version_id,
                    account_id=account.id,
                    comment=words,
                    created_at=clock.now(),
                )
            )
        session.commit()
        guests.merge_guest(session, guest.id, learner.id)
        session.commit()
        assert [(row.account_id, row.comment) for row in reports(session)] == [
            (learner.id, "mine"),
            (learner.id, "more"),
        ]


def test_one_person_has_one_open_report_however_often_it_arrives(
    session: Session, reader: Browser, attempt: Attempt
) -> None:
    for _ in range(3):
        assert reader.client.csrf_post(f"/attempts/{attempt.id}/1/report").status_code == 303
    assert session.scalar(select(func.count()).select_from(ItemReport)) == 1
