"""The golden files: one item of each type, with what each response and each form post must give."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from questions.items.base import ResponseError
from questions.items.content import item_from_json, item_to_json
from questions.items.registry import item_type

FOLDER = Path(__file__).parents[3] / "data" / "items"
GOLDEN = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.json"))}


def cases(part):
    return [
        pytest.param(name, case, id=f"{name}-{number}")
        for name, golden in GOLDEN.items()
        for number, case in enumerate(golden[part])
    ]


@pytest.mark.parametrize("name", GOLDEN)
def test_the_item_is_sound_and_survives_storage(name):
    item = item_from_json(GOLDEN[name]["item"])
    assert item.type == name
    assert item_type(name).problems(item) == []
    assert item_from_json(json.loads(json.dumps(item_to_json(item)))) == item


@pytest.mark.parametrize(("name", "case"), cases("responses"))
def test_a_stored_response(name, case):
    kind, item = item_type(name), item_from_json(GOLDEN[name]["item"])
    if "error" in case:
        for verb in (kind.check_response, kind.grade, kind.response_text):
            with pytest.raises(ResponseError, match=case["error"]):
                verb(item, case["response"])
        return
    kind.check_response(item, case["response"])
    outcome = kind.grade(item, case["response"])
    assert (outcome.score, outcome.status) == (Decimal(case["score"]), case["status"])
    assert outcome.feedback == case.get("feedback", "")
    assert kind.response_text(item, case["response"]) == case["text"]


@pytest.mark.parametrize(("name", "case"), cases("forms"))
def test_what_a_browser_sent(name, case):
    kind, item = item_type(name), item_from_json(GOLDEN[name]["item"])
    if "error" in case:
        with pytest.raises(ResponseError, match=case["error"]):
            kind.read(item, case["fields"])
    else:
        assert kind.read(item, case["fields"]) == case["response"]
