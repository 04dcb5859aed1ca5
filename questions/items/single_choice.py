"""The shared half of the types whose answer is one option of a list: reading, grading and words.

Not a type itself: multiple choice, true/false and the gap with a list are made of it, each in its own file.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from fractions import Fraction

from questions.grading.outcome import Outcome
from questions.items.base import Examples, Item, Problem, Response, ResponseError
from questions.items.browser_fields import one_value, refuse_other_fields
from questions.items.wording import option_problems, wording_problems

FIELD = "choice"


class SingleChoice(ABC):
    """One of the options is right. A response is `{"choice": index of the option as authored}`."""

    name: str
    label: str

    def problems(self, item: Item) -> list[Problem]:
        """Everything that makes the item unfit to be asked, by field; empty when it is sound."""
        return wording_problems(item) + option_problems(item) + self._key_problems(item)

    def _key_problems(self, item: Item) -> list[Problem]:
        if len(item.key) != 1:
            return [Problem("key", f"Mark exactly one choice as right; {len(item.key)} are marked.")]
        key = item.key[0]
        if isinstance(key, bool) or not isinstance(key, int) or not 0 <= key < len(item.options):
            return [Problem("key", "The choice marked as right is not in the list: mark one of the choices.")]
        return []

    def read(self, item: Item, fields: Mapping[str, Sequence[str]]) -> Response:
        """The response in its stored form; `{}` when nothing was answered. Raises ResponseError."""
        refuse_other_fields(fields, {FIELD})
        value = one_value(fields, FIELD)
        if not value:
            return {}
        if value not in map(str, range(len(item.options))):
            raise ResponseError(
                "This choice is not one of the question's choices. Choose one of those shown."
            )
        return {FIELD: int(value)}

    def check_response(self, item: Item, response: Response) -> None:
        """Refuse a stored-form response that does not fit the item. Raises ResponseError."""
        if not response:
            return
        choice = response.get(FIELD)
        if set(response) != {FIELD} or isinstance(choice, bool) or not isinstance(choice, int):
            raise ResponseError("This answer does not fit the question: it needs one choice.")
        if not 0 <= choice < len(item.options):
            raise ResponseError(
                "This choice is not one of the question's choices. Choose one of those shown."
            )

    def grade(self, item: Item, response: Response) -> Outcome:
        """Full credit for the key, none for another option; the feedback is that of the chosen option."""
        self.check_response(item, response)
        if not response:
            return Outcome.unanswered()
        choice = response[FIELD]
        return Outcome.of(int(choice == item.key[0]), item.options[choice].feedback)

    def guess(self, item: Item) -> Fraction:
        """The expected score of a blind guesser."""
        return Fraction(1, len(item.options))

    def key_text(self, item: Item) -> str:
        """The right answer in words."""
        key = item.key[0]
        assert isinstance(key, int)  # noqa: S101 -- narrows the type; `problems` refuses anything else
        return item.options[key].text

    def response_text(self, item: Item, response: Response) -> str:
        """A response in words, for results and exports; empty when not answered."""
        self.check_response(item, response)
        return item.options[response[FIELD]].text if response else ""

    @abstractmethod
    def examples(self) -> Examples:
        """One sound item with a right, a wrong and an invalid answer."""
