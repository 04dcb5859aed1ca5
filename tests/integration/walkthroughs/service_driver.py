"""Two ways of taking the steps of a walkthrough: through the services, and through the pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from tests.client import ORIGIN, Client, page_token
from tests.factories.answers import fields_of
from tests.integration.walkthroughs.walkthrough import Stage
from webapp.services.answers import SentAnswer, save_responses
from webapp.services.attempts import start_module_quiz, start_section_check
from webapp.services.errors import Conflict, Refused
from webapp.services.grading import check_slot, close_overdue, submit_attempt
from webapp.services.overdue import Overdue
from webapp.services.results import get_own_attempt

REFUSALS = {409, 422}


class ServiceDriver:
    """Calls the use cases, and closes what is overdue as the application does."""

    abilities = frozenset({"sure", "code"})

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.sequence = 0

    def start(self, code: str) -> bool:
        """Start an attempt."""
        session, account_id, module = self.stage.session, self.stage.account.id, self.stage.module
        if self.stage.kind == "section":
            return self._do(lambda: start_section_check(session, account_id, module, 1, access_code=code))
        return self._do(lambda: start_module_quiz(session, account_id, module, access_code=code))

    def answer(self, position: int, response: Mapping[str, Any], sure: int | None) -> bool:
        """Save one answer."""
        sent = self._sent(position, response, sure)
        return self._do(lambda: save_responses(*self._own(), [sent]))

    def check(self, position: int, response: Mapping[str, Any] | None, sure: int | None) -> bool:
        """Check one question."""
        sent = [] if response is None else [self._sent(position, response, sure)]
        return self._do(lambda: check_slot(*self._own(), position, sent))

    def hand_in(self) -> bool:
        """Hand in."""
        return self._do(lambda: submit_attempt(*self._own()))

    def look(self) -> None:
        """Read the attempt, as every page of it does."""
        self._do(lambda: get_own_attempt(*self._own()))

    def seen_points(self) -> str | None:
        """Services show nothing."""
        return None

    def _own(self) -> tuple[Any, int, int]:
        return self.stage.session, self.stage.account.id, self.stage.attempt().id

    def _sent(self, position: int, response: Mapping[str, Any], sure: int | None) -> SentAnswer:
        self.sequence += 1
        prefix = f"s{position}-"
        fields = {
            name.removeprefix(prefix): [value] for name, value in fields_of(position, dict(response)).items()
        }
        return SentAnswer(position, "walkthrough", self.sequence, fields, sure)

    def _do(self, step: Callable[[], object]) -> bool:
        try:
            step()
        except Overdue as late:
            self.stage.session.rollback()
            for attempt_id in late.attempt_ids:
                assert close_overdue(self.stage.session, attempt_id)
            self.stage.session.commit()
            return self._do(step)
        except (Conflict, Refused):
            self.stage.session.rollback()
            return False
        self.stage.session.commit()
        return True


class PageDriver:
    """A browser without a script: opens pages, sends their forms with their token and idempotency key."""

    abilities: frozenset[str] = frozenset()

    def __init__(self, stage: Stage, client: Client) -> None:
        self.stage = stage
        self.client = client
        module = f"/m/{stage.module.slug}"
        self.home = module if stage.kind == "module" else f"{module}/1"
        self.sequence = 0
        self.page = ""
        """The page that is open."""

    def start(self, code: str) -> bool:
        """Press the button that starts."""
        assert not code, "the pages ask for no code yet"
        self._open(self.home)
        where = f"{self.home}/quiz" if self.stage.kind == "module" else f"{self.home}/check"
        is_offered = f'action="{where}"' in self.page
        return self._send(where, {}) and (is_offered or bool(self.stage.attempt().id))

    def answer(self, position: int, response: Mapping[str, Any], sure: int | None) -> bool:
        """Send the form of one answer."""
        assert sure is None, "the pages do not ask how sure one is yet"
        self._look_at_questions()
        return self._send(f"{self._attempt()}/responses", self._filled(position, response))

    def check(self, position: int, response: Mapping[str, Any] | None, sure: int | None) -> bool:
        """Press "Check answer", with what is filled in there or with what was."""
        assert sure is None, "the pages do not ask how sure one is yet"
        self._look_at_questions()
        answer = self.stage.slot(position).response or {} if response is None else response
        return self._send(f"{self._attempt()}/{position}/check", self._filled(position, answer))

    def hand_in(self) -> bool:
        """Look the answers over where there is a page for it, and hand in."""
        self._open(f"{self._attempt()}/answers")
        return self._send(f"{self._attempt()}/submit", {})

    def look(self) -> None:
        """Open the attempt's page."""
        self._open(self._attempt())

    def seen_points(self) -> str | None:
        """The head of the result page."""
        self._open(f"{self._attempt()}/result")
        found = re.search(r"<h1[^>]*>\s*Your result: ([0-9.]+ of [0-9.]+)\s*</h1>", self.page)
        assert found, self.page
        return found[1]

    def _attempt(self) -> str:
        return f"/attempts/{self.stage.attempt().id}"

    def _look_at_questions(self) -> None:
        self._open(self.home if self.stage.kind == "section" else self._attempt())

    def _open(self, path: str) -> None:
        response = self.client.get(path)
        while response.status_code in {302, 303}:
            response = self.client.get(response.location)
        # the result of an attempt that is not released yet is refused; there is nothing to see then
        is_withheld = response.status_code == 409 and self.stage.attempt().state in {"graded", "submitted"}
        assert response.status_code == 200 or is_withheld, response.text
        self.page = response.text

    def _filled(self, position: int, response: Mapping[str, Any]) -> dict[str, str]:
        """The fields of the open page's form, or, from a page that stayed open too long, the same by hand."""
        self.sequence += 1
        found = re.search(r'name="client_id" value="([^"]+)"', self.page)
        key = {"client_id": found[1] if found else "an-older-page", "client_sequence": str(self.sequence)}
        return key | {"position": str(position)} | fields_of(position, dict(response))

    def _send(self, path: str, fields: dict[str, str]) -> bool:
        token = page_token(self.client.get("/") if "csrf_token" not in self.page else _Text(self.page))
        response = self.client.post(
            path, data=fields | {"csrf_token": token}, headers={"Referer": ORIGIN + "/"}
        )
        assert response.status_code in {302, 303, *REFUSALS}, response.text
        if response.status_code in REFUSALS:
            return False
        self._open(response.location)
        return True


class _Text:
    """As much of a response as `page_token` reads."""

    def __init__(self, text: str) -> None:
        self.text = text
