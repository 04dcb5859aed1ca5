"""The order in which options are shown, from a seed: the same seed gives the same order for ever."""

from __future__ import annotations

from random import Random

from questions.items.base import Item
from questions.items.true_false import TrueFalse

IN_AUTHORS_ORDER = frozenset({TrueFalse.name})
"""Types whose options have an order that readers expect."""
ASKS_FOR_ORDER = frozenset({"ordering"})
"""Types whose options must not be shown in the order that is asked for."""


def option_order(item: Item, seed: int) -> list[int]:
    """Indexes of the options as authored, in the order in which to show them."""
    order = list(range(len(item.options)))
    if item.type in IN_AUTHORS_ORDER or len(order) < 2:  # noqa: PLR2004 (one option has one order)
        return order
    chance = Random(f"{seed}\x00{item.stem}")
    chance.shuffle(order)
    if item.type in ASKS_FOR_ORDER and order == list(item.key):
        order.append(order.pop(0))
    return order
