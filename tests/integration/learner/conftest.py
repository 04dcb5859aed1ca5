"""The learner's services on both databases."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from questions.items.content import item_from_json
from tests.factories.answers import fields_of, make_module_of_every_type
from tests.factories.people import make_account
from webapp.config import Settings
from webapp.models.account import Account
from webapp.models.attempt import AnswerEvent, Attempt, AttemptSlot, SectionProgress
from webapp.models.item import ItemVersion
from webapp.models.module import Module
from webapp.services.answers import SavedAnswer, SentAnswer, save_responses
from webapp.services.attempts import start_section_check


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.needs("postgres"))])
def settings(request: pytest.FixtureRequest, settings: Settings) -> Settings:
    """Each test runs on SQLite, and on PostgreSQL where there is one."""
    if request.param == "postgres":
        return replace(settings, database_url=request.getfixturevalue("postgres_database"))
    return settings


@dataclass
class Check:
    """A learner with an open check of one question of each type, and what the database holds of it."""

    session: Session
    account: Account
    module: Module
    attempt_id: int
    number: int = field(default=0)

    def sent(self, position: int, response: dict[str, Any], key: tuple[str, int] | None = None) -> SentAnswer:
        """What a browser sends; under a key of its own unless one is given."""
        self.number += 1
        client, sequence = key or ("client-1", self.number)
        prefix = f"s{position}-"
        fields = {name.removeprefix(prefix): [value] for name, value in fields_of(position, response).items()}
        return SentAnswer(position, client, sequence, fields)

    def save(
        self, position: int, response: dict[str, Any], key: tuple[str, int] | None = None
    ) -> SavedAnswer:
        """Save one answer and commit, as a request does."""
        (saved,) = save_responses(
            self.session, self.account.id, self.attempt_id, [self.sent(position, response, key)]
        )
        self.session.commit()
        return saved

    def attempt(self) -> Attempt:
        """The attempt as the database has it."""
        return self.session.get_one(Attempt, self.attempt_id, populate_existing=True)

    def slot(self, position: int) -> AttemptSlot:
        """A slot as the database has it."""
        return self.session.scalars(
            select(AttemptSlot)
            .where(AttemptSlot.attempt_id == self.attempt_id, AttemptSlot.position == position)
            .execution_options(populate_existing=True)
        ).one()

    def item(self, position: int) -> Any:
        """The item asked at that position."""
        version = self.session.get_one(ItemVersion, self.slot(position).item_version_id)
        return item_from_json(version.content)

    def events(self) -> list[AnswerEvent]:
        """Everything that was ever acknowledged."""
        return list(
            self.session.scalars(
                select(AnswerEvent)
                .where(AnswerEvent.attempt_id == self.attempt_id)
                .order_by(AnswerEvent.sequence)
            )
        )

    def progress(self) -> SectionProgress:
        """The learner's counter row of the first section."""
        return self.session.scalars(
            select(SectionProgress)
            .where(
                SectionProgress.account_id == self.account.id,
                SectionProgress.section_id == self.module.sections[0].id,
            )
            .execution_options(populate_existing=True)
        ).one()


@pytest.fixture
def check(session: Session) -> Check:
    """An open check of the first section of a module of two."""
    module = make_module_of_every_type(session)
    account = make_account(session)
    attempt_id = start_section_check(session, account.id, module, 1)
    session.commit()
    return Check(session, account, module, attempt_id)
