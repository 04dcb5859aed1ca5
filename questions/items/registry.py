"""The one list of item types. A new type adds its line here, and has four more places (a test names them)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from questions.items.base import ItemType
from questions.items.gap_list import GapList
from questions.items.gap_text import GapText
from questions.items.matching import Matching
from questions.items.multiple_choice import MultipleChoice
from questions.items.ordering import Ordering
from questions.items.true_false import TrueFalse

_TYPES: tuple[ItemType, ...] = (
    MultipleChoice(),
    TrueFalse(),
    GapText(),
    GapList(),
    Ordering(),
    Matching(),
)
ITEM_TYPES: Mapping[str, ItemType] = MappingProxyType({kind.name: kind for kind in _TYPES})
"""Every item type by its name, in the order in which authors are offered them."""


def item_type(name: str) -> ItemType:
    """The type of that name. Raises KeyError, naming the types there are."""
    try:
        return ITEM_TYPES[name]
    except KeyError:
        raise KeyError(f"no item type is called {name!r}; there are {', '.join(ITEM_TYPES)}") from None
