"""Renew the items of the bundled modules: `python -m tests.renew_library`.

Whoever changes the generator, or an edition's text, runs this and reads what it lists: it generates each
edition's items anew with the seed of its file, keeps the reviews of items that came out as they were, and
writes the rest without a review. An item without a review waits for one in every new installation, so give
each new one its `review` in the file:

    "review": {"verdict": "accept" | "edit" | "reject", "reason": "...", "edited_item": {...} where edited}

`edited_item` is the whole item again: type, stem, options, key, evidence, explanation.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from questions.generation.pipeline import generate, generation_to_json
from questions.reading.documents import read_document
from webapp.services.library import FOLDER


def renewed(made: dict[str, Any], old: dict[str, Any] | None) -> dict[str, Any]:
    """The file's new content: what was generated, with the reviews of what has not changed."""
    reviews = {
        _identity(item): item["review"] for item in (old or {"items": []})["items"] if item.get("review")
    }
    seed, version = made["report"]["seed"], made["report"]["versions"]["generator"]
    items = []
    for item in made["items"]:
        entry = item | {"seed": seed, "generator_version": version}
        if _identity(item) in reviews:
            entry["review"] = reviews[_identity(item)]
        items.append(entry)
    return {"article": {"title": made["article"]["title"]}, "items": items, "report": made["report"]}


def _identity(item: dict[str, Any]) -> str:
    """Everything that a reviewer saw, as one string."""
    seen = ("id", "section", "type", "stem", "options", "key", "evidence", "explanation")
    return json.dumps([item[name] for name in seen], ensure_ascii=False, sort_keys=True)


def main() -> int:
    """Renew every file; how many items wait for a review is said at the end."""
    waiting = 0
    for text in sorted(FOLDER.glob("*.md")):
        path = text.with_suffix(".items.json")
        old = json.loads(path.read_text("utf-8")) if path.exists() else None
        seed = old["report"]["seed"] if old else 0
        new = renewed(
            generation_to_json(generate(read_document(text.read_bytes(), text.name), seed=seed)), old
        )
        path.write_text(json.dumps(new, ensure_ascii=False, indent=1) + "\n", "utf-8")
        for item in new["items"]:
            if "review" not in item:
                waiting += 1
                print(
                    f"{path.name} {item['id']} ({item['recipe']}, section {item['section']}): {item['stem']}"
                )
    print(f"{waiting} items wait for a review.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
