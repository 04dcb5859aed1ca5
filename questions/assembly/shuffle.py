"""The order in which options are shown, from a seed: the same seed gives the same order for ever.

Options with an order of their own keep it: True before False, numbers and dates rising.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

from questions.assembly.logical_order import rising_order
from questions.items.base import Item
from questions.items.true_false import TrueFalse

Thing = TypeVar("Thing")
IN_AUTHORS_ORDER = frozenset({TrueFalse.name})
"""Types whose options have an order that readers expect."""
ASKS_FOR_ORDER = frozenset({"ordering"})
"""Types whose options must not be shown in the order that is asked for."""
ASKS_FOR_PAIRS = frozenset({"matching"})
"""Types whose first half of options stays, while the second half is shuffled."""


def option_order(item: Item, seed: int) -> list[int]:
    """Indexes of the options as authored, in the order in which to show them."""
    order = list(range(len(item.options)))
    if item.type in IN_AUTHORS_ORDER or len(order) < 2:  # noqa: PLR2004 (one option has one order)
        return order
    if item.type not in ASKS_FOR_ORDER | ASKS_FOR_PAIRS and (
        rising := rising_order([option.text for option in item.options])
    ):
        return rising
    chance = Random(f"{seed}\x00{item.stem}")
    if item.type in ASKS_FOR_PAIRS:
        return _pairs_apart(item, chance)
    chance.shuffle(order)
    if item.type in ASKS_FOR_ORDER and order == list(item.key):
        order.append(order.pop(0))
    return order


def shuffled(things: Sequence[Thing], seed: int) -> list[Thing]:
    """The same things in an order from the seed: for the questions of an attempt."""
    return Random(f"{seed}\x00questions").sample(things, len(things))


def _pairs_apart(item: Item, chance: Random) -> list[int]:
    """The prompts as authored, then the answers in an order that does not put each beside its prompt."""
    middle = len(item.options) // 2
    answers = list(range(middle, len(item.options)))
    chance.shuffle(answers)
    if answers == [part[1] for part in item.key if isinstance(part, tuple)]:
        answers.append(answers.pop(0))
    return [*range(middle), *answers]
