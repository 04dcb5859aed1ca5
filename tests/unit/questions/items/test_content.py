"""Items as plain data, there and back."""

import pytest

from questions.items.base import Item
from questions.items.content import item_from_json, item_to_json


def test_pairs_survive():
    item = Item("matching", "Match.", (), ((0, 1), (1, 0)))
    assert item_to_json(item)["key"] == [[0, 1], [1, 0]]
    assert item_from_json(item_to_json(item)) == item


@pytest.mark.parametrize("part", [True, None, 1.5, {"a": 1}])
def test_a_key_part_of_another_kind_is_refused(part):
    data = item_to_json(Item("matching", "Match.", (), ())) | {"key": [part]}
    with pytest.raises(TypeError, match="a key part is"):
        item_from_json(data)


@pytest.mark.parametrize("missing", ["type", "stem", "options", "key"])
def test_what_is_missing_is_refused(missing):
    data = item_to_json(Item("matching", "Match.", (), ()))
    del data[missing]
    with pytest.raises(KeyError, match=missing):
        item_from_json(data)
