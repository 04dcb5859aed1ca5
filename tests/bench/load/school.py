"""What the load bench asks about: a school in a database, and the cookies of its people."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from questions.items.base import Evidence, Item
from questions.items.registry import ITEM_TYPES, item_type
from tests.factories.answers import fields_of, right_answer, wrong_answer
from tests.factories.attempts import make_quiz
from tests.factories.modules import make_item, make_module
from webapp.app import create_app
from webapp.config import Settings
from webapp.database import WRITES, make_engine
from webapp.identity import LOGIN_KEY
from webapp.models.account import Account, LoginSession, Role, account_role
from webapp.models.module import SectionVersion
from webapp.repositories import schema
from webapp.services import clock

QUESTIONS = 16
SECTIONS = 6
SENTENCE = "The harbour was dug by hand in a winter that nobody had expected to last so long."
TYPES = ("multiple_choice", "true_false", "gap_text", "ordering", "matching")


@dataclass(frozen=True)
class Question:
    """One item as the bench knows it: by the mark in its stem."""

    right: Mapping[str, Any]
    wrong: Mapping[str, Any]

    def fields(self, position: int, *, is_right: bool) -> list[tuple[str, object]]:
        """What a browser sends for a right or a wrong answer to it, at that place of the quiz."""
        return list(fields_of(position, self.right if is_right else self.wrong).items())


@dataclass
class School:
    """A module, and the cookies of people who are signed in."""

    slug: str
    module_id: int
    quiz_id: int
    questions: dict[str, Question]
    cookies: list[dict[str, str]] = field(default_factory=list)


def open_school(settings: Settings, people: int) -> School:
    """A module of six sections of 400 words and thirty items, a quiz of sixteen, people who are signed in."""
    engine = make_engine(settings)
    schema.migrate(engine)
    with Session(engine.execution_options(**{WRITES: True}), expire_on_commit=False) as session:
        paragraph = " ".join(f"Sentence {number}. {SENTENCE}" for number in range(6))
        texts = [(f"Part {number}", "\n\n".join([paragraph] * 4)) for number in range(SECTIONS)]
        module = make_module(session, sections=texts, title="The harbour")
        questions: dict[str, Question] = {}
        for section in module.sections:
            text = session.get_one(SectionVersion, section.current_version_id).text
            for kind in TYPES:
                mark = f"K{len(questions) + 1}."
                item = _marked(ITEM_TYPES[kind].examples().item, mark, str(section.id), text)
                make_item(session, section, item)
                questions[mark] = _question(item)
        quiz = make_quiz(session, module.id, item_limit=QUESTIONS)
        school = School(module.slug, module.id, quiz.id, questions)
        tokens = add_people(session, people)
        session.commit()
    engine.dispose()
    school.cookies = _cookies(settings, tokens)
    return school


def _marked(item: Item, mark: str, section: str, text: str) -> Item:
    end = text.index(".", len("Sentence 0. ")) + 1
    return replace(item, stem=f"{mark} {item.stem}", evidence=(Evidence(section, 0, end, text[:end]),))


def _question(item: Item) -> Question:
    """An item's right and wrong answers, of which the engine itself must say that they earn all and nothing."""
    right, wrong = right_answer(item), wrong_answer(item)
    grade = item_type(item.type).grade
    if grade(item, right).score != 1 or grade(item, wrong).score != 0:
        raise ValueError(f"the answers made up for {item.type} are not what they should be")
    return Question(right, wrong)


def add_people(session: Session, count: int, prefix: str = "load") -> list[str]:
    """Learners who are signed in; the tokens of their sign-ins."""
    now = clock.now()
    rows = [
        {
            "username": f"{prefix}{number}",
            "display_name": f"Learner {number}",
            "is_guest": False,
            "active": True,
            "fs_uniquifier": f"{prefix}-{os.urandom(12).hex()}",
            "preferences": {},
            "created_at": now,
        }
        for number in range(count)
    ]
    session.execute(insert(Account), rows)
    ids = session.scalars(
        select(Account.id).where(Account.username.like(f"{prefix}%")).order_by(Account.id)
    ).all()
    role = session.scalars(select(Role.id).where(Role.name == "learner")).one()
    session.execute(insert(account_role), [{"account_id": one, "role_id": role} for one in ids])
    tokens = [os.urandom(24).hex() for _ in ids]
    session.execute(
        insert(LoginSession),
        [
            {"token": token, "account_id": one, "created_at": now, "user_agent": "load bench"}
            for one, token in zip(ids, tokens, strict=True)
        ],
    )
    return tokens


def _cookies(settings: Settings, tokens: list[str]) -> list[dict[str, str]]:
    """As a browser has them after signing in. Nobody but we would send a Secure cookie over plain HTTP."""
    app = create_app(settings)
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    name = str(app.config["SESSION_COOKIE_NAME"])
    return [
        {name: str(signer.dumps({LOGIN_KEY: token, "fs_paa": time.time(), "_permanent": True}))}
        for token in tokens
    ]
