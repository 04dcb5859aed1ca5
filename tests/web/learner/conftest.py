"""A learner's browser that reads pages as forms: what is there is filled in and sent, nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from lxml import html
from sqlalchemy import select
from sqlalchemy.orm import Session

from questions.items.base import Item
from questions.items.content import item_from_json
from tests import pages
from tests.client import Client
from tests.factories.answers import fields_of
from webapp.models.attempt import Attempt, AttemptSlot
from webapp.models.item import ItemVersion


@dataclass
class Browser(pages.Browser):
    """A learner's, who answers."""

    session: Session

    def attempt_id(self) -> int:
        """The attempt whose form or result is on the page."""
        found = re.search(r"/attempts/(\d+)", self.response.text if self.response else "")
        assert found, self.text
        return int(found[1])

    def item(self, attempt_id: int, position: int) -> Item:
        """What is asked at that position."""
        content: dict[str, Any] = self.session.scalars(
            select(ItemVersion.content)
            .join(AttemptSlot, AttemptSlot.item_version_id == ItemVersion.id)
            .where(AttemptSlot.attempt_id == attempt_id, AttemptSlot.position == position)
        ).one()
        return item_from_json(content)

    def check(self, position: int, response: Mapping[str, Any], status: int = 200) -> html.HtmlElement:
        """Answer one question of a section's check and press its button."""
        (button,) = self.page.xpath(f"//fieldset[@id='q{position}']//button[@formaction]")
        return self.press_button(button, fields_of(position, response), status)

    def attempt(self) -> Attempt:
        """The newest attempt of all."""
        return self.session.scalars(select(Attempt).order_by(Attempt.id.desc())).first()


@pytest.fixture
def reader(client: Client, session: Session) -> Browser:
    """A stranger's browser."""
    return Browser(client, session)
