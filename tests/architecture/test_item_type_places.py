"""One item type = five places, all found by its name; and no type knows another."""

import tomllib
from pathlib import Path

import pytest

from questions.items.registry import ITEM_TYPES

ROOT = Path(__file__).parents[2]
SHARED = {"__init__", "base", "browser_fields", "content", "registry", "single_choice", "wording"}
"""Files of questions/items that are no type: whatever else stands there must be one."""


@pytest.mark.parametrize("name", ITEM_TYPES)
@pytest.mark.parametrize(
    "place",
    [
        "questions/items/{}.py",
        "webapp/templates/items/{}.html",
        "tests/unit/questions/items/test_{}.py",
        "tests/data/items/{}.json",
    ],
)
def test_a_type_has_all_its_places(name, place):
    assert (ROOT / place.format(name)).is_file()


@pytest.mark.parametrize(
    ("folder", "pattern", "others"),
    [
        ("questions/items", "*.py", SHARED),
        ("webapp/templates/items", "*.html", set()),
        ("tests/data/items", "*.json", set()),
    ],
)
def test_nothing_stands_in_these_places_that_is_not_registered(folder, pattern, others):
    found = {path.stem for path in (ROOT / folder).glob(pattern) if not path.stem.startswith("_")}
    assert found - set(ITEM_TYPES) - others == set()


def test_the_independence_contract_lists_every_type():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    [listed] = [contract["modules"] for contract in contracts if contract["name"].startswith("4. Item types")]
    assert sorted(listed) == sorted(f"questions.items.{name}" for name in ITEM_TYPES)
