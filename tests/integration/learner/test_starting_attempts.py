"""What an attempt asks: chosen and pinned once, one open at a time, other items the next time."""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import replace

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from questions.items.base import Evidence
from questions.items.registry import ITEM_TYPES
from tests.factories.modules import add_section, choice_item, make_item, make_module
from tests.factories.people import make_account
from webapp.database import WRITES
from webapp.extensions import db
from webapp.models.attempt import Attempt
from webapp.models.item import Item, ItemVersion
from webapp.models.module import Module
from webapp.models.quiz import Quiz
from webapp.repositories import attempts as rows
from webapp.services import clock
from webapp.services.attempts import STARTED_ELSEWHERE, start_module_quiz, start_section_check
from webapp.services.errors import Conflict, NotFound
from webapp.services.grading import submit_attempt
from webapp.services.quizzes import MODULE_ITEM_LIMIT, SECTION_ITEM_LIMIT, ensure_quizzes


def test_starting_twice_finds_the_same_attempt(check):
    again = start_section_check(check.session, check.account.id, check.module, 1)
    assert again == check.attempt_id


def test_an_attempt_pins_what_it_asks(check):
    before = [
        (slot.item_version_id, slot.option_order) for slot in rows.list_slots(check.session, check.attempt_id)
    ]
    stems = [check.item(position).stem for position in range(1, 6)]
    for item in check.session.scalars(select(Item).where(Item.section_id == check.module.sections[0].id)):
        version = check.session.get_one(ItemVersion, item.current_version_id)
        content = {**version.content, "stem": "Another wording?"}
        new = ItemVersion(
            item_id=item.id,
            number=2,
            type=version.type,
            content=content,
            section_version_id=version.section_version_id,
            created_at=clock.now(),
        )
        check.session.add(new)
        check.session.flush()
        item.current_version_id = new.id
        item.state = "retired"
    check.session.commit()
    after = [
        (slot.item_version_id, slot.option_order) for slot in rows.list_slots(check.session, check.attempt_id)
    ]
    assert after == before
    assert [check.item(position).stem for position in range(1, 6)] == stems


def test_questions_stand_in_the_order_of_the_text(session):
    module = make_module(session)
    section = module.sections[0]
    text = "The harbour of Veltmar opened in 1911. Its first master was Anna Krol, who had built two lighthouses."
    for stem, start in (("Second?", 39), ("First?", 0)):
        quote = text[start : text.index(".", start) + 1]
        item = replace(
            choice_item(text, stem=stem), evidence=(Evidence("1", start, start + len(quote), quote),)
        )
        make_item(session, section, item)
    attempt_id = start_section_check(session, make_account(session).id, module, 1)
    assert [slot.content["stem"] for slot in rows.list_slots(session, attempt_id)] == ["First?", "Second?"]


@pytest.mark.parametrize("state", ["proposed", "rejected", "retired"])
def test_only_accepted_items_are_asked(session, state):
    module = make_module(session)
    make_item(session, module.sections[0], state=state)
    accepted = make_item(session, module.sections[0])
    account = make_account(session)
    attempt_id = start_section_check(session, account.id, module, 1)
    assert [slot.item_version_id for slot in rows.list_slots(session, attempt_id)] == [
        accepted.current_version_id
    ]
    quiz_id = start_module_quiz(session, account.id, module)
    assert [slot.item_version_id for slot in rows.list_slots(session, quiz_id)] == [
        accepted.current_version_id
    ]


def test_nothing_to_ask_is_said_and_leaves_nothing(session):
    module = make_module(session)
    account = make_account(session)
    for start in (
        lambda: start_section_check(session, account.id, module, 1),
        lambda: start_module_quiz(session, account.id, module),
    ):
        with pytest.raises(Conflict, match="no questions here"):
            start()
    assert session.scalar(select(func.count()).select_from(Attempt)) == 0


@pytest.mark.parametrize("number", [0, 3, -1])
def test_a_section_that_is_not_there(check, number):
    with pytest.raises(NotFound):
        start_section_check(check.session, check.account.id, check.module, number)


def full_module(session: Session, *, sections: int = 4, items: int = 12) -> Module:
    module = make_module(
        session, sections=[(f"Part {number}", "One fact stands here.") for number in range(sections)]
    )
    for section in module.sections:
        for _ in range(items):
            make_item(session, section)
    return module


def asked(session: Session, attempt_id: int) -> list[int]:
    return [
        session.get_one(ItemVersion, slot.item_version_id).item_id
        for slot in rows.list_slots(session, attempt_id)
    ]


def test_a_full_section_asks_as_many_as_allowed_and_others_the_next_time(session):
    module = full_module(session, sections=1, items=2 * SECTION_ITEM_LIMIT)
    account = make_account(session)
    first = start_section_check(session, account.id, module, 1)
    assert len(asked(session, first)) == SECTION_ITEM_LIMIT
    submit_attempt(session, account.id, first)
    second = start_section_check(session, account.id, module, 1)
    assert second != first
    assert not set(asked(session, first)) & set(asked(session, second))
    numbers = session.scalars(select(Attempt.number).order_by(Attempt.id)).all()
    assert numbers == [1, 2]


def test_a_module_quiz_is_spread_over_the_sections(session):
    module = full_module(session)
    account = make_account(session)
    first = start_module_quiz(session, account.id, module)
    slots = rows.list_slots(session, first)
    assert len(slots) == MODULE_ITEM_LIMIT
    of_section = Counter(slot.section_id for slot in slots)
    assert sorted(of_section.values()) == [2, 2, 3, 3]
    order = [section.id for section in module.sections]
    assert [slot.section_id for slot in slots] == sorted((slot.section_id for slot in slots), key=order.index)
    submit_attempt(session, account.id, first)
    second = start_module_quiz(session, account.id, module)
    assert not set(asked(session, first)) & set(asked(session, second))


def test_a_removed_section_asks_nothing(session):
    module = full_module(session, sections=2, items=1)
    removed, kept = module.sections
    removed.removed_at = clock.now()
    session.commit()
    account = make_account(session)
    quiz = start_module_quiz(session, account.id, module)
    assert [slot.section_id for slot in rows.list_slots(session, quiz)] == [kept.id]
    check = start_section_check(session, account.id, module, 1)
    assert rows.list_slots(session, check)[0].section_id == kept.id


def test_the_attempts_allowed_are_counted_without_those_that_were_reset(check):
    check.session.scalars(select(Quiz).where(Quiz.id == check.attempt().quiz_id)).one().attempts_allowed = 1
    submit_attempt(check.session, check.account.id, check.attempt_id)
    check.session.commit()
    with pytest.raises(Conflict, match="used all 1 attempts"):
        start_section_check(check.session, check.account.id, check.module, 1)
    check.attempt().reset_at = clock.now()
    check.session.flush()
    assert start_section_check(check.session, check.account.id, check.module, 1) != check.attempt_id


def test_quizzes_are_made_once_and_follow_new_sections(session):
    module = make_module(session)
    ensure_quizzes(session, module)
    ensure_quizzes(session, module)
    add_section(session, module, "Later", "One more fact stands here.")
    ensure_quizzes(session, module)
    session.commit()
    quizzes = session.scalars(select(Quiz).where(Quiz.module_id == module.id)).all()
    assert Counter(quiz.kind for quiz in quizzes) == {"section": 3, "module": 1}


def test_many_starts_at_once_make_one_attempt(check, app):
    account = make_account(check.session)
    module_id, account_id = check.module.id, account.id
    check.session.commit()
    started: list[object] = []

    def start() -> None:
        with app.app_context():
            engine = db.engine.execution_options(**{WRITES: True})
        try:
            with Session(engine) as own:
                started.append(start_section_check(own, account_id, own.get_one(Module, module_id), 1))
                own.commit()
        except BaseException as error:
            started.append(error)

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(started)) == 1, started
    attempts = check.session.scalars(select(Attempt).where(Attempt.account_id == account_id)).all()
    assert len(attempts) == 1
    assert len(rows.list_slots(check.session, attempts[0].id)) == len(ITEM_TYPES)


@pytest.mark.parametrize(
    "settings", [pytest.param("postgres", marks=pytest.mark.needs("postgres"))], indirect=True
)
@pytest.mark.parametrize("is_handed_in", [False, True])
def test_a_quiz_started_twice_in_the_same_instant(check, app, is_handed_in):
    """Neither start sees the other's attempt before it adds its own (on SQLite the second begins after the first)."""
    ensure_quizzes(check.session, check.module)
    module_id, account_id = check.module.id, make_account(check.session).id
    check.session.commit()
    with app.app_context():
        engine = db.engine.execution_options(**{WRITES: True})
    second: list[object] = []

    def start() -> None:
        with Session(engine) as own:
            try:
                second.append(start_module_quiz(own, account_id, own.get_one(Module, module_id)))
            except Conflict as refused:
                second.append(str(refused))

    with Session(engine) as own:
        first = start_module_quiz(own, account_id, own.get_one(Module, module_id))
        thread = threading.Thread(target=start)
        thread.start()
        wait_until_one_waits(check.session)
        if is_handed_in:
            submit_attempt(own, account_id, first)
        own.commit()
    thread.join()
    assert second == [STARTED_ELSEWHERE if is_handed_in else first]


def wait_until_one_waits(session: Session) -> None:
    until = time.monotonic() + 10
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    while not session.scalar(waiting):
        session.rollback()  # the view holds still within a transaction
        assert time.monotonic() < until, "nobody waits"
        time.sleep(0.01)
