"""Matching: beginnings, each to be given the answer that belongs to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from questions.grading.outcome import Outcome
from questions.grading.policies import share_in_place
from questions.items.base import Examples, Item, Option, Problem, Response, ResponseError
from questions.items.browser_fields import one_value, refuse_other_fields
from questions.items.wording import option_problems, wording_problems

FIELD = "match"
MATCH_PREFIX = "match-"
PAIRS_MINIMUM = 2


class Matching:
    """The first half of the options are the prompts, the second half the answers, each right for one of them.

    The key lists (prompt, answer) as option indexes, prompts in their order; a response lists the answer
    chosen for each prompt. Every right pair earns its share.
    """

    name = "matching"
    label = "Match the pairs"

    def problems(self, item: Item) -> list[Problem]:
        """Everything that makes the item unfit to be asked, by field; empty when it is sound."""
        found = wording_problems(item) + option_problems(item)
        count = len(item.options) // 2
        if len(item.options) % 2 or count < PAIRS_MINIMUM:
            found.append(Problem("options", "Give at least two pairs, each with both its halves."))
        if not _is_key(item):
            found.append(Problem("key", "The key must give every prompt one answer, and each answer once."))
        elif _answers(item) == list(range(count, 2 * count)):
            found.append(
                Problem(
                    "options", "The answers already stand beside their prompts: list them in another order."
                )
            )
        return found

    def read(self, item: Item, fields: Mapping[str, Sequence[str]]) -> Response:
        """The response in its stored form; `{}` when nothing was answered. Raises ResponseError.

        The browser sends an option's index for each prompt: a select menu beside each works without
        JavaScript.
        """
        count = len(item.options) // 2
        names = [f"{MATCH_PREFIX}{index}" for index in range(count)]
        refuse_other_fields(fields, names)
        sent = [one_value(fields, name) for name in names]
        if not any(sent):
            return {}
        allowed = [str(index) for index in range(count, 2 * count)]
        for index, value in enumerate(sent):
            if not value:
                raise ResponseError(
                    f"Choose an answer for “{item.options[index].text}”: every line needs one."
                )
            if value not in allowed:
                raise ResponseError("This answer is not in the question's list. Choose one of those shown.")
        for index in range(count, 2 * count):
            if sent.count(str(index)) > 1:
                raise ResponseError(
                    f"“{item.options[index].text}” is given to {sent.count(str(index))} lines."
                    " Give each its own answer."
                )
        return {FIELD: [int(value) for value in sent]}

    def check_response(self, item: Item, response: Response) -> None:
        """Refuse a stored-form response that does not fit the item. Raises ResponseError."""
        if not response:
            return
        match = response.get(FIELD)
        if set(response) != {FIELD} or not isinstance(match, list | tuple) or not _is_match(item, match):
            raise ResponseError("This answer does not fit the question: it needs every line's own answer.")

    def grade(self, item: Item, response: Response) -> Outcome:
        """The share of the prompts that have their own answer."""
        self.check_response(item, response)
        if not response:
            return Outcome.unanswered()
        return Outcome.of(share_in_place(_answers(item), response[FIELD]))

    def guess(self, item: Item) -> Fraction:
        """The expected score of a blind guesser: each answer falls to its prompt in one order of n."""
        return Fraction(2, len(item.options))

    def key_text(self, item: Item) -> str:
        """The right pairs in words."""
        return _in_words(item, _answers(item))

    def response_text(self, item: Item, response: Response) -> str:
        """A response in words, for results and exports; empty when not answered."""
        self.check_response(item, response)
        return _in_words(item, response[FIELD]) if response else ""

    def examples(self) -> Examples:
        """One sound item with a right, a wrong and an invalid answer."""
        return Examples(
            item=Item(
                type=self.name,
                stem="Match each bird with what it eats.",
                options=(
                    Option("The heron"),
                    Option("The finch"),
                    Option("The swallow"),
                    Option("catches insects."),
                    Option("eats fish."),
                    Option("cracks seeds."),
                ),
                key=((0, 4), (1, 5), (2, 3)),
                explanation="Herons fish, finches crack seeds, swallows catch insects.",
            ),
            right={"match": [4, 5, 3]},
            wrong={"match": [3, 4, 5]},
            invalid={"match-0": ["3"], "match-1": ["3"], "match-2": ["5"]},
        )


def _is_match(item: Item, match: Sequence[object]) -> bool:
    whole = all(isinstance(index, int) and not isinstance(index, bool) for index in match)
    answers = range(len(item.options) // 2, len(item.options))
    return whole and len(match) > 0 and sorted(map(str, match)) == sorted(map(str, answers))


def _is_key(item: Item) -> bool:
    pairs = [part for part in item.key if isinstance(part, tuple)]
    prompts = [prompt for prompt, _ in pairs]
    is_whole = len(pairs) == len(item.key) and prompts == list(range(len(item.options) // 2))
    return is_whole and _is_match(item, [answer for _, answer in pairs])


def _answers(item: Item) -> list[int]:
    return [part[1] for part in item.key if isinstance(part, tuple)]


def _in_words(item: Item, match: Sequence[int]) -> str:
    return "; ".join(
        f"{item.options[prompt].text} \u2013 {item.options[answer].text}"
        for prompt, answer in enumerate(match)
    )
