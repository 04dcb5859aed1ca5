"""Bad items that somebody planted who had not seen the checks, and good ones: which of them are refused.

The design page wants 95 % of the bad ones refused and at most 5 % of the good. Neither is reached here: the
limits below are what was measured, so that no change makes it worse unseen.
"""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from questions.generation.analyse import analyse
from questions.generation.checks.base import Context, Origin
from questions.generation.checks.reference import Reference
from questions.generation.checks.verify import refusals, verify
from questions.generation.nlp import load_nlp
from questions.items.base import Evidence, Item, Option
from questions.items.registry import ITEM_TYPES
from questions.reading.article import Article
from questions.reading.documents import read_document

pytestmark = pytest.mark.needs("model")

FOLDER = Path(__file__).parents[1] / "data" / "planted"
ITEMS: list[dict[str, Any]] = json.loads((FOLDER / "blind.json").read_text("utf-8"))
BAD = [raw for raw in ITEMS if raw["flaw"]]
GOOD = [raw for raw in ITEMS if not raw["flaw"]]
BAD_LET_THROUGH, GOOD_REFUSED = 5, 11


@cache
def article(name: str) -> Article:
    return read_document((FOLDER / name).read_bytes(), name)


@cache
def reference(name: str) -> Reference:
    nlp = load_nlp()
    return Reference(article(name), analyse(article(name), nlp), nlp)


def item_of(raw: dict[str, Any]) -> Item:
    section = next(one for one in article(raw["article"]).sections if one.heading == raw["section"])
    spans = [(section.text.find(quote), quote) for quote in raw["evidence"]]
    evidence = tuple(Evidence(section.id, max(at, 0), max(at, 0) + len(quote), quote) for at, quote in spans)
    options = tuple(Option(text) for text in raw["options"])
    key = tuple(raw["key"])
    return Item(raw["type"], raw["stem"], options, key, evidence=evidence, explanation=raw["explanation"])


def is_refused(raw: dict[str, Any], origin: Origin) -> bool:
    return bool(refusals(verify(item_of(raw), Context(reference(raw["article"]), origin))))


def test_the_set_is_what_it_says():
    assert set(Counter(raw["flaw"] for raw in BAD).values()) == {5}
    assert len({raw["flaw"] for raw in BAD}) == 12
    assert len(GOOD) == len(BAD) == 60
    for raw in GOOD:
        item = item_of(raw)
        assert ITEM_TYPES[item.type].problems(item) == []
        assert all(quote in article_text(raw["article"]) for quote in raw["evidence"])


def article_text(name: str) -> str:
    return "\n".join(section.text for section in article(name).sections)


def test_bad_items_are_refused():
    through = [raw for raw in BAD if not is_refused(raw, "generated")]
    assert len(through) <= BAD_LET_THROUGH, [(raw["flaw"], raw["stem"]) for raw in through]


def test_few_good_items_are_refused_where_every_check_holds():
    refused = [raw for raw in GOOD if is_refused(raw, "generated")]
    assert len(refused) <= GOOD_REFUSED, [raw["stem"] for raw in refused]


def test_no_good_item_is_refused_from_an_author():
    assert [raw["stem"] for raw in GOOD if is_refused(raw, "written")] == []
