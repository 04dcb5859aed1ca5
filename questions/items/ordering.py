"""Ordering: options to be put into the right order, first to last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from questions.grading.outcome import Outcome
from questions.grading.policies import adjacent_pairs
from questions.items.base import Examples, Item, Option, Problem, Response, ResponseError
from questions.items.browser_fields import one_value, refuse_other_fields
from questions.items.wording import option_problems, wording_problems

FIELD = "order"
PLACE_PREFIX = "place-"


class Ordering:
    """Options to be ordered. Key and response list option indexes, first to last; neighbours earn credit."""

    name = "ordering"
    label = "Put in order"

    def problems(self, item: Item) -> list[Problem]:
        """Everything that makes the item unfit to be asked, by field; empty when it is sound."""
        found = wording_problems(item) + option_problems(item)
        if not _is_order(item, item.key):
            found.append(Problem("key", "The right order must name every choice once, first to last."))
        elif list(item.key) == list(range(len(item.options))):
            found.append(
                Problem("options", "The choices already stand in the right order: list them in another one.")
            )
        return found

    def read(self, item: Item, fields: Mapping[str, Sequence[str]]) -> Response:
        """The response in its stored form; `{}` when nothing was answered. Raises ResponseError.

        The browser sends a place, counted from 1, for each option: a select menu beside each works
        without JavaScript.
        """
        names = [f"{PLACE_PREFIX}{index}" for index in range(len(item.options))]
        refuse_other_fields(fields, names)
        sent = [one_value(fields, name) for name in names]
        if not any(sent):
            return {}
        allowed = [str(place) for place in range(1, len(names) + 1)]
        for index, value in enumerate(sent):
            if not value:
                raise ResponseError(f"Choose a place for “{item.options[index].text}”: every line needs one.")
            if value not in allowed:
                raise ResponseError(f"Places go from 1 to {len(names)}. Choose one of those.")
        for place in allowed:
            if sent.count(place) > 1:
                raise ResponseError(
                    f"Place {place} is given to {sent.count(place)} lines. Give each its own place."
                )
        return {FIELD: [sent.index(place) for place in allowed]}

    def check_response(self, item: Item, response: Response) -> None:
        """Refuse a stored-form response that does not fit the item. Raises ResponseError."""
        if not response:
            return
        order = response.get(FIELD)
        if set(response) != {FIELD} or not isinstance(order, list | tuple) or not _is_order(item, order):
            raise ResponseError(
                "This answer does not fit the question: it needs every line once, first to last."
            )

    def grade(self, item: Item, response: Response) -> Outcome:
        """The share of neighbours in the right order that the response keeps as neighbours."""
        self.check_response(item, response)
        if not response:
            return Outcome.unanswered()
        return Outcome.of(adjacent_pairs(_indexes(item), response[FIELD]))

    def guess(self, item: Item) -> Fraction:
        """The expected score of a blind guesser: each neighbour stands by chance in one order of n."""
        return Fraction(1, len(item.options))

    def key_text(self, item: Item) -> str:
        """The right order in words."""
        return _in_words(item, _indexes(item))

    def response_text(self, item: Item, response: Response) -> str:
        """A response in words, for results and exports; empty when not answered."""
        self.check_response(item, response)
        return _in_words(item, response[FIELD]) if response else ""

    def examples(self) -> Examples:
        """One sound item with a right, a wrong and an invalid answer."""
        return Examples(
            item=Item(
                type=self.name,
                stem="Put the events in the order in which they happened.",
                options=(Option("The bridge opened."), Option("Work began."), Option("The plan was drawn.")),
                key=(2, 1, 0),
                explanation="The plan came first, then the work; the bridge opened last.",
            ),
            right={"order": [2, 1, 0]},
            wrong={"order": [0, 1, 2]},
            invalid={"place-0": ["1"], "place-1": ["1"], "place-2": ["2"]},
        )


def _is_order(item: Item, order: Sequence[object]) -> bool:
    whole = all(isinstance(index, int) and not isinstance(index, bool) for index in order)
    return whole and len(order) > 0 and sorted(map(str, order)) == sorted(map(str, range(len(item.options))))


def _indexes(item: Item) -> list[int]:
    return [part for part in item.key if isinstance(part, int)]


def _in_words(item: Item, order: Sequence[int]) -> str:
    return "; ".join(f"{place}. {item.options[index].text}" for place, index in enumerate(order, start=1))
