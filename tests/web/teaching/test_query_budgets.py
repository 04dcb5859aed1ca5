"""An instructor's pages make a fixed number of queries, however many items, decisions, learners and attempts there are."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories.answers import add_item_of_every_type, make_module_of_every_type
from tests.factories.attempts import make_quiz
from tests.factories.people import make_account
from tests.factories.rules import grant
from tests.pages import Browser
from tests.web.teaching.desk import review
from webapp.models.item import Item
from webapp.models.module import Module
from webapp.services.attempts import start_module_quiz, start_section_check
from webapp.services.grading import submit_attempt

BUDGETS = {
    "queue, nothing taken": 6,
    "queue, a card": 9,
    "queue, its form": 9,
    "decision": 12,
    "bank": 6,
    "bank, waiting": 6,
    "question": 5,
    "learners": 7,
    "learner": 7,
    "scores": 9,
    "quizzes": 8,
    "rules": 10,
    "extra time": 14,
    "fixing scores": 7,
}
"""Who asks and which module it is are two of them; where there are scores, one looks for attempts whose time is up."""


@pytest.fixture
def measure(
    session: Session, desk: Browser, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> Callable[..., dict[str, int]]:
    def run(*, sections: int, proposals: int, decisions: int, learners: int, attempts: int) -> dict[str, int]:
        module = make_module_of_every_type(session, sections=sections)
        accounts = [make_account(session) for _ in range(learners)]
        for account in accounts:
            for _ in range(attempts):
                submit_attempt(session, account.id, start_section_check(session, account.id, module, 1))
                submit_attempt(session, account.id, start_module_quiz(session, account.id, module))
        asked = session.scalars(select(Item.id).where(Item.module_id == module.id)).first()
        propose_every_type(session, module, proposals)
        desk.get(review(module))
        desk.press("Start reviewing")
        for _ in range(decisions):
            desk.press("Skip")
            desk.press("Undo")
            desk.press("Accept")
        desk.client.csrf_post(review(module) + "/undo")  # the card has a history
        counts = {}

        def page(name: str, path: str) -> None:
            desk.client.get(path)
            with count_queries() as statements:
                assert desk.client.get(path).status_code == 200
            counts[name] = len(statements)

        base = f"/teach/modules/{module.id}"
        desk.get(review(module))
        (action,) = desk.page.xpath("//form[contains(@class, 'decision')]/@action")
        page("queue, a card", review(module))
        page("queue, its form", f"{review(module)}?edit={action.rsplit('/', 1)[1]}")
        page("bank", f"{base}/items")
        page("bank, waiting", f"{base}/items?state=proposed")
        page("question", f"{base}/items/{asked}")
        page("learners", f"{base}/learners")
        page("learner", f"{base}/learners/{accounts[0].id}")
        page("scores", f"{base}/scores")
        quiz = make_quiz(session, module.sections[0])
        for account in accounts:
            grant(session, module, account, quiz, time_percent=200)
        page("quizzes", f"{base}/quizzes")
        page("rules", f"{base}/quizzes/{quiz.id}")
        page("extra time", f"{base}/quizzes/{quiz.id}/grants")
        page("fixing scores", f"{base}/items/{asked}/regrade")
        fields = {"decision": "accept", "version": desk.page.xpath("string(//input[@name='version']/@value)")}
        with count_queries() as statements:
            assert desk.client.csrf_post(action, fields).status_code == 303
        counts["decision"] = len(statements)
        page("queue, nothing taken", review(module) + "?recipe=none")
        return counts

    return run


def propose_every_type(session: Session, module: Module, rounds: int) -> None:
    """Questions of every type that wait for review, in two sections."""
    for _ in range(rounds):
        for section in module.sections[:2]:
            add_item_of_every_type(session, section)
    known = session.scalars(select(Item).where(Item.module_id == module.id).order_by(Item.id)).all()
    for row in known[len(known) - rounds * 10 :]:
        row.state = "proposed"
    session.commit()


def test_no_page_asks_more_as_things_grow(measure: Callable[..., dict[str, int]]) -> None:
    small = measure(sections=2, proposals=1, decisions=1, learners=1, attempts=1)
    large = measure(sections=6, proposals=4, decisions=7, learners=5, attempts=4)
    assert large == small
    over = {name: count for name, count in small.items() if count > BUDGETS[name]}
    assert not over, over
    assert small.keys() == BUDGETS.keys()
