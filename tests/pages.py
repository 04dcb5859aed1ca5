"""A browser that reads pages as forms: what is there is filled in and sent, nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import html
from werkzeug.test import TestResponse

from tests.client import Client


@dataclass
class Browser:
    """Presses buttons of pages without a script."""

    client: Client
    response: TestResponse | None = field(default=None, init=False)

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
        fields = values_of(form)
        fields.update({name: [value] for name, value in (filled or {}).items()})
        if button.get("name"):
            fields[button.get("name")] = [button.get("value", "")]
        action = button.get("formaction") or form.action
        self.response = self.client.csrf_post(action, {**fields, "csrf_token": self.client.csrf_token()})
        if self.response.status_code == 303:
            return self.get(self.response.location, status)
        assert self.response.status_code == status, self.response.text
        return self.page

    def follow(self, words: str, status: int = 200) -> html.HtmlElement:
        """Go where the link leads that begins with these words."""
        links = [
            link
            for link in self.page.xpath("//main//a[@href]")
            if " ".join(link.text_content().split()).startswith(words)
        ]
        assert links, f"no link {words!r} on: {self.text}"
        return self.get(links[0].get("href"), status)


def values_of(form: html.HtmlElement) -> dict[str, list[str]]:
    """What the form would send as it stands. A browser drops the first line break of a field of many lines."""
    areas = {area.get("name") for area in form.iter("textarea")}
    fields: dict[str, list[str]] = {}
    for name, value in form.form_values():
        fields.setdefault(name, []).append(value.removeprefix("\n") if name in areas else value)
    return fields
