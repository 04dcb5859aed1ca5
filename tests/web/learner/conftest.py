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
from werkzeug.test import TestResponse

from questions.items.base import Item
from questions.items.content import item_from_json
from tests.client import Client
from tests.factories.answers import fields_of
from webapp.models.attempt import Attempt, AttemptSlot
from webapp.models.item import ItemVersion


@dataclass
class Browser:
    """Presses buttons of pages without a script."""

    client: Client
    session: Session
    response: TestResponse | None = None

    def get(self, path: str, status: int = 200) -> html.HtmlElement:
        """Open a page."""
        self.response = self.client.get(path)
        while self.response.status_code in {302, 303}:
            self.response = self.client.get(self.response.location)
        assert self.response.status_code == status, self.response.text
        return self.page

    @property
    def page(self) -> html.HtmlElement:
        """The page that is open."""
        assert self.response is not None
        return html.document_fromstring(self.response.text)

    @property
    def text(self) -> str:
        """Its words, without the masthead."""
        return " ".join(self.page.find(".//main").text_content().split())

    def press(
        self, words: str, filled: Mapping[str, str] | None = None, status: int = 200
    ) -> html.HtmlElement:
        """Press the button that begins with these words, in the form as it stands but for what is filled in."""
        buttons = [
            button
            for button in self.page.xpath("//button[@type='submit']")
            if " ".join(button.text_content().split()).startswith(words)
            and "visually-hidden" not in button.get("class", "")
        ]
        assert buttons, f"no button {words!r} on: {self.text}"
        return self.press_button(buttons[0], filled, status)

    def press_button(
        self, button: html.HtmlElement, filled: Mapping[str, str] | None = None, status: int = 200
    ) -> html.HtmlElement:
        """Press one certain button."""
        form = next(element for element in button.iterancestors("form"))
        fields = dict_of_lists(form.form_values())
        fields.update({name: [value] for name, value in (filled or {}).items()})
        if button.get("name"):
            fields[button.get("name")] = [button.get("value", "")]
        action = button.get("formaction") or form.action
        self.response = self.client.csrf_post(action, {**fields, "csrf_token": self.client.csrf_token()})
        if self.response.status_code == 303:
            return self.get(self.response.location, status)
        assert self.response.status_code == status, self.response.text
        return self.page

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


def dict_of_lists(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return fields


@pytest.fixture
def reader(client: Client, session: Session) -> Browser:
    """A stranger's browser."""
    return Browser(client, session)
