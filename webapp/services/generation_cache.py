"""What the generator made of a text, kept: nobody waits twice for the same.

A run that is begun again (its worker was killed, or somebody cancelled it), or that another module with the
same text asks for, takes seconds of work from a file. The file's name is a digest of all that the result
depends on: the words, the sections asked for, the seed, the weights, the language model and the generator
itself. Files that are damaged, or of which there are too many, are no loss: they can be made again.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from questions.items.content import item_from_json, item_to_json

if TYPE_CHECKING:
    from collections.abc import Collection

    from questions.generation.pipeline import GeneratedItem, Generation
    from questions.generation.rank import Weights
    from questions.reading.article import Article

MOST_FILES = 200
FOLDER = "generated"


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder of results. Sections are numbered in it: their names are those of one module's rows."""

    folder: Path

    def get(self, key: str, article: Article) -> Generation | None:
        """What was made before of this text, as items of this article; None where nothing was."""
        path = self.folder / f"{key}.json"
        try:
            made = _generation(json.loads(path.read_bytes()), article)
            os.utime(path)
        except (OSError, ValueError, KeyError, TypeError, IndexError):
            return None
        return made

    def put(self, key: str, made: Generation) -> None:
        """Keep it. A disk that is full, or a folder that is not ours, is no reason to lose what was made."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, scratch = tempfile.mkstemp(dir=self.folder, suffix=".part")
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(_to_json(made), file, ensure_ascii=False)
            Path(scratch).replace(self.folder / f"{key}.json")
            self._tidy()
        except OSError:
            return

    def _tidy(self) -> None:
        """Leave the newest files."""
        files = sorted(self.folder.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in files[MOST_FILES:]:
            path.unlink(missing_ok=True)


def cache_key(
    article: Article, wanted: Collection[str], seed: int, model: str, weights: Weights | None = None
) -> str:
    """The digest of all that a result depends on."""
    sections = [
        [one.heading, one.text, [[block.kind, block.span.start, block.span.end] for block in one.blocks]]
        for one in article.sections
    ]
    numbers = [number for number, one in enumerate(article.sections) if one.id in wanted]
    words = [article.title, article.standfirst, sections, list(article.notes)]
    ranked = weights.digest if weights else ""
    content = json.dumps([words, numbers, seed, model, ranked, engine_digest()], ensure_ascii=False)
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()


@lru_cache(maxsize=1)
def engine_digest() -> str:
    """What tells this generator from any other: its version, and every file of the engine."""
    import questions
    from questions.generation.pipeline import GENERATOR_VERSION

    digest = hashlib.sha256(GENERATOR_VERSION.encode())
    root = Path(questions.__file__).parent
    for path in sorted(path for path in root.rglob("*") if path.suffix in {".py", ".txt", ".xz"}):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _to_json(made: Generation) -> dict[str, Any]:
    places = {section.id: number for number, section in enumerate(made.article.sections)}
    report = dict(made.report)
    report["sections"] = [dict(row) | {"id": places[row["id"]]} for row in report["sections"]]
    return {
        "items": [_item_to_json(one, places) for one in made.items],
        "spares": [_item_to_json(one, places) for one in made.spares],
        "report": report,
    }


def _item_to_json(one: GeneratedItem, places: Mapping[str, int]) -> dict[str, Any]:
    content = item_to_json(one.item)
    content["evidence"] = [span | {"section": places[span["section"]]} for span in content["evidence"]]
    return {
        "id": one.id,
        "section": places[one.section],
        "recipe": one.recipe,
        "tier": one.tier,
        "level": one.level,
        "checks": [asdict(check) for check in one.checks],
        "score": one.score,
        "item": content,
    }


def _generation(raw: Mapping[str, Any], article: Article) -> Generation:
    from questions.generation.pipeline import Generation

    names = [section.id for section in article.sections]
    report = dict(raw["report"])
    report["sections"] = [row | {"id": names[row["id"]]} for row in report["sections"]]
    items = tuple(_item(one, names) for one in raw["items"])
    spares = tuple(_item(one, names) for one in raw["spares"])
    return Generation(article, items, spares, (), report)


def _item(raw: Mapping[str, Any], names: list[str]) -> GeneratedItem:
    from questions.generation.pipeline import GeneratedItem
    from questions.generation.proposal import Finding

    checks = tuple(Finding(**check) for check in raw["checks"])
    evidence = [span | {"section": names[span["section"]]} for span in raw["item"]["evidence"]]
    item = item_from_json(raw["item"] | {"evidence": evidence})
    return GeneratedItem(
        raw["id"], names[raw["section"]], raw["recipe"], raw["tier"], raw["level"], item, checks, raw["score"]
    )
