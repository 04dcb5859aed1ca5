"""More of what a reviewer looks at: another question of its kind, several, other wrong answers; nothing is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from questions.generation.other_options import options_of
from questions.generation.pipeline import generate
from questions.reading.documents import read_document
from tests.factories.generation import made_generation, made_item
from tests.factories.modules import make_item, make_module
from tests.factories.people import open_course
from tests.pages import Browser
from tests.web.teaching.desk import review
from webapp import jobs
from webapp.models.item import EXCHANGED, ItemVersion, ReviewDecision, SpareItem
from webapp.models.item import Item as ItemRow
from webapp.models.module import Module
from webapp.models.operation import Job
from webapp.services import generation, items, modules, other_options
from webapp.services.decision_export import list_decisions

SAMPLE = Path(__file__).parents[2] / "data" / "sample_article.txt"
SENTENCE = "Its first master was Anna Krol, who had built two lighthouses."


@pytest.fixture
def stocked(session: Session, module: Module) -> Module:
    """One proposal in each section, and two spares."""
    task = generation.prepare(session, module)
    first, second = task.article.sections
    made = [made_item(first, 1), made_item(second, 1)]
    spares = [
        made_item(first, 2, quote=SENTENCE),
        made_item(second, 2, quote="Repairs took four years and cost 300,000 crowns."),
    ]
    generation.store(session, task, made_generation(task.article, made, spares), None)
    session.commit()
    return module


@pytest.fixture
def waiting(session: Session) -> Module:
    """A module of the sample with one question that has other wrong answers, waiting for review."""
    article = read_document(SAMPLE.read_bytes(), SAMPLE.name)
    module = modules.create_module(session, article, course_id=open_course(session).id, by=None)
    task = generation.prepare(session, module)
    made = generate(task.article)
    asked = [one for one in (*made.items, *made.spares) if one.recipe == "statement_choice"]
    generation.store(session, task, made_generation(task.article, asked[:1]), None)
    session.commit()
    return module


def rows(session: Session) -> list[ItemRow]:
    session.expire_all()
    return list(session.scalars(select(ItemRow).order_by(ItemRow.id)))


def begin(desk: Browser, module: Module) -> None:
    desk.get(review(module))
    desk.press("Start reviewing")


class TestAnother:
    def test_it_is_the_next_card_and_the_one_before_still_waits(
        self, session: Session, desk: Browser, stocked: Module
    ) -> None:
        begin(desk, stocked)
        desk.press("Another like this")
        assert "Question 2: which of these does the section say?" in desk.text
        assert "The one before it stays as it was." in desk.text
        first, _second, another = rows(session)
        assert (first.state, another.state, another.recipe) == ("proposed", "proposed", first.recipe)
        assert "0 of 3 decided" in desk.text
        desk.press("Accept")
        assert "Question 1: which of these does the section say?" in desk.text

    def test_several_wait_behind_and_the_card_stays(
        self, session: Session, desk: Browser, stocked: Module
    ) -> None:
        begin(desk, stocked)
        desk.press("Several of this kind")
        assert "2 more wait for review." in desk.text
        assert "Question 1: which of these does the section say?" in desk.text
        assert len(rows(session)) == 4
        assert session.scalars(select(SpareItem)).all() == []

    def test_where_none_is_in_hand_it_says_so_and_offers_to_look_for_more(
        self, session: Session, desk: Browser, stocked: Module
    ) -> None:
        begin(desk, stocked)
        first = rows(session)[0]
        desk.press("Several of this kind")
        assert "No other question of this kind is in hand" in desk.text
        address = f"/teach/modules/{stocked.id}/items/{first.id}/another"
        assert desk.client.csrf_post(address, {"queue": "1"}).status_code == 303
        desk.get(review(stocked))
        assert "Have more made, or write one." in desk.text
        assert len(rows(session)) == 4
        desk.press("Look for more questions")
        job = session.scalars(select(Job)).one()
        assert job.payload["section_ids"] == [first.section_id]

    def test_from_the_bank_it_leads_to_the_new_card(
        self, session: Session, desk: Browser, stocked: Module
    ) -> None:
        row = rows(session)[0]
        row.state = "accepted"
        session.commit()
        desk.get(f"/teach/modules/{stocked.id}/items")
        desk.press("Another like this")
        assert "Question 2: which of these does the section say?" in desk.text
        assert rows(session)[0].state == "accepted"
        for spare in session.scalars(select(SpareItem)):
            session.delete(spare)
        session.commit()
        desk.get(f"/teach/modules/{stocked.id}/items")
        assert "Another like this" not in desk.text
        address = f"/teach/modules/{stocked.id}/items/{row.id}/another"
        answer = desk.client.csrf_post(address)
        assert answer.headers["Location"].endswith(f"/items#item-{row.id}")

    def test_a_question_that_a_person_wrote_has_no_kind(self, session: Session, desk: Browser) -> None:
        module = make_module(session)
        make_item(session, module.sections[0], state="proposed")
        begin(desk, module)
        assert "More like this" not in desk.text


class TestOtherOptions:
    def ask(self, desk: Browser, module: Module) -> None:
        begin(desk, module)
        desk.press("Other wrong answers")

    def run(self, session: Session, desk: Browser) -> None:
        session.rollback()
        jobs.run_queued(desk.client.application)
        desk.get(desk.response.request.path)

    def test_they_become_a_wording_that_undo_takes_back(
        self, session: Session, desk: Browser, waiting: Module
    ) -> None:
        (row,) = rows(session)
        before, item = row.current_version_id, items.item_content(row)
        self.ask(desk, waiting)
        assert "Waiting for its turn" in desk.text
        self.run(session, desk)
        assert "Other wrong answers were found" in desk.text
        (row,) = rows(session)
        new = items.item_content(row)
        assert (row.state, row.current_version_id != before) == ("proposed", True)
        assert (new.stem, new.evidence) == (item.stem, item.evidence)
        assert options_of(new) != options_of(item)
        desk.press("Back to the question")
        wrong = [option.text for option in new.options if option.role != "key"]
        assert all(text in desk.text for text in wrong)
        assert "reworded – other wrong answers (Tess)" in desk.text
        desk.press("Undo")
        (row,) = rows(session)
        assert (row.state, row.current_version_id) == ("proposed", before)
        assert items.item_content(row) == item

    def test_they_are_no_verdict_from_which_the_generator_learns(
        self, session: Session, desk: Browser, waiting: Module
    ) -> None:
        self.ask(desk, waiting)
        self.run(session, desk)
        assert list(list_decisions(session, [waiting])) == []

    def test_a_reason_in_the_same_words_is_a_persons_own(
        self, session: Session, desk: Browser, waiting: Module
    ) -> None:
        begin(desk, waiting)
        (button,) = desk.page.xpath("//details[contains(@class, 'reject')]//button")
        desk.press_button(button, {"reason": EXCHANGED})
        assert [one.decision for one in list_decisions(session, [waiting])] == ["reject"]
        desk.press("Undo")
        assert rows(session)[0].state == "proposed"

    def test_accepting_afterwards_and_undoing_that_keeps_them(
        self, session: Session, desk: Browser, waiting: Module
    ) -> None:
        self.ask(desk, waiting)
        self.run(session, desk)
        desk.press("Back to the question")
        exchanged = rows(session)[0].current_version_id
        desk.press("Accept")
        desk.press("Undo")
        (row,) = rows(session)
        assert (row.state, row.current_version_id) == ("proposed", exchanged)

    def test_a_second_press_leads_to_the_same_search(
        self, session: Session, desk: Browser, waiting: Module
    ) -> None:
        self.ask(desk, waiting)
        path = desk.response.request.path
        desk.get(review(waiting))
        desk.press("Other wrong answers")
        assert desk.response.request.path == path
        assert len(session.scalars(select(Job)).all()) == 1

    def test_what_was_decided_meanwhile_stays(self, session: Session, desk: Browser, waiting: Module) -> None:
        self.ask(desk, waiting)
        search = desk.response.request.path
        desk.get(review(waiting))
        desk.press("Accept")
        before = rows(session)[0].current_version_id
        desk.get(search)
        self.run(session, desk)
        assert "The question was changed meanwhile" in desk.text
        assert rows(session)[0].current_version_id == before

    def test_where_there_are_none_it_says_so(self, session: Session, desk: Browser, stocked: Module) -> None:
        self.ask(desk, stocked)
        self.run(session, desk)
        assert "No other wrong answers were found" in desk.text
        assert session.scalars(select(ReviewDecision)).all() == []
        assert len(session.scalars(select(ItemVersion)).all()) == 2

    def test_it_can_be_cancelled(self, session: Session, desk: Browser, waiting: Module) -> None:
        self.ask(desk, waiting)
        search = desk.response.request.path
        desk.press("Cancel")
        self.run(session, desk)
        desk.get(search)
        assert "The question is as it was." in desk.text
        assert len(session.scalars(select(ItemVersion)).all()) == 1

    def test_a_search_that_is_begun_again_exchanges_once(
        self, session: Session, desk: Browser, waiting: Module
    ) -> None:
        self.ask(desk, waiting)
        self.run(session, desk)
        job = session.scalars(select(Job)).one()
        job.state = "queued"
        session.commit()
        self.run(session, desk)
        assert "Other wrong answers were found" in desk.text
        assert len(session.scalars(select(ItemVersion)).all()) == 2

    def test_one_that_was_cancelled_at_the_last_moment_stores_nothing(
        self, session: Session, desk: Browser, waiting: Module
    ) -> None:
        self.ask(desk, waiting)
        job = session.scalars(select(Job)).one()
        task = other_options.prepare(session, waiting, job.payload)
        found = other_options.compute(task)
        assert found is not None
        assert other_options.finish(session, job.id, task, found) is None
        assert len(session.scalars(select(ItemVersion)).all()) == 1

    def test_a_search_is_no_run_of_the_generator(
        self, session: Session, desk: Browser, waiting: Module
    ) -> None:
        self.ask(desk, waiting)
        desk.get(f"/teach/modules/{waiting.id}")
        assert "Questions are being made" not in desk.text
        self.run(session, desk)
        desk.get(f"/teach/modules/{waiting.id}")
        assert "Runs of the generator" not in desk.text

    @pytest.mark.parametrize("state", ["accepted", "rejected"])
    def test_only_what_waits_can_get_others(
        self, session: Session, desk: Browser, waiting: Module, state: str
    ) -> None:
        (row,) = rows(session)
        row.state = state
        session.commit()
        assert desk.client.csrf_post(f"/teach/modules/{waiting.id}/items/{row.id}/options").status_code == 409
        assert session.scalars(select(Job)).all() == []
