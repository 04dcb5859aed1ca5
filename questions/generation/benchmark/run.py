"""One run of the benchmark over a folder of texts, and its table."""

from __future__ import annotations

import json
import resource
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from questions.generation.benchmark.guessers import (
    CUES,
    Asked,
    accuracy,
    as_asked,
    best_position,
    word_overlap,
)
from questions.generation.benchmark.planted import planted
from questions.generation.checks.base import Context
from questions.generation.checks.reference import Reference
from questions.generation.checks.sets import LONG_SECTION, LONG_SECTION_ITEMS, Entry, ItemSet, verify_set
from questions.generation.checks.verify import refusals, verify
from questions.generation.nlp import Nlp
from questions.generation.pipeline import Generation, generate
from questions.reading.article import Section
from questions.reading.documents import EXTENSIONS, DocumentError, read_document

HUMAN_ITEMS = "human_items"


@dataclass
class TextRow:
    """The figures of one text."""

    name: str
    words: int
    items: int
    recipes: Counter[str]
    types: Counter[str]
    levels: Counter[str]
    covered: int
    long_sections: int
    hard: int
    warnings: int
    seconds: float
    reasons: tuple[str, ...]


@dataclass
class Bench:
    """All that was measured."""

    rows: list[TextRow] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    tiers: Counter[tuple[str, str]] = field(default_factory=Counter)
    planted: Counter[tuple[str, bool]] = field(default_factory=Counter)
    human: dict[str, list[Asked]] = field(default_factory=dict)
    model_seconds: float = 0.0

    @property
    def peak_megabytes(self) -> float:
        """The most memory this process ever had."""
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(folder: Path, nlp: Nlp, seed: int = 0) -> Bench:
    """Generate for every text of the folder and count."""
    bench = Bench()
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in EXTENSIONS and path.name != "README.md":
            _measure_text(bench, path, nlp, seed)
    for path in sorted((folder / HUMAN_ITEMS).glob("*.json")):
        bench.human[path.stem] = list(_human_items(path))
    return bench


def _measure_text(bench: Bench, path: Path, nlp: Nlp, seed: int) -> None:
    start = time.perf_counter()
    try:
        article = read_document(path.read_bytes(), path.name)
    except DocumentError as error:
        bench.refused.append(f"{path.name}: {error}")
        return
    generation = generate(article, seed=seed, nlp=nlp)
    seconds = time.perf_counter() - start
    reference = Reference(article, nlp=nlp)
    bench.rows.append(_row(path.name, generation, reference, seconds))
    bench.tiers.update((item.recipe, item.tier) for item in generation.items)
    texts = {section.id: section.text for section in article.sections}
    for item in generation.items:
        asked = as_asked(item.item, texts[item.section], item.recipe)
        bench.asked += [asked] if asked else []
    for flaw, _, was_refused in planted([item.item for item in generation.items], reference):
        bench.planted[flaw, was_refused] += 1


def _row(name: str, generation: Generation, reference: Reference, seconds: float) -> TextRow:
    article = generation.article
    per_section = Counter(item.section for item in generation.items)
    long = [section for section in article.sections if _prose_words(section) >= LONG_SECTION]
    entries = tuple(Entry(item.id, item.section, item.recipe, item.item) for item in generation.items)
    findings = list(verify_set(ItemSet(entries, reference)))
    for item in generation.items:
        findings += verify(item.item, Context(reference, "generated"))
    reasons = {
        code for row in generation.report["sections"] for code in row["reasons"] if code.startswith("not_")
    }
    return TextRow(
        name=name,
        words=article.word_count,
        items=len(generation.items),
        recipes=Counter(item.recipe for item in generation.items),
        types=Counter(item.item.type for item in generation.items),
        levels=Counter(item.level for item in generation.items),
        covered=sum(per_section[section.id] >= LONG_SECTION_ITEMS for section in long),
        long_sections=len(long),
        hard=len(refusals(tuple(findings))),
        warnings=len(findings) - len(refusals(tuple(findings))),
        seconds=seconds,
        reasons=tuple(sorted(reasons)),
    )


def _prose_words(section: Section) -> int:
    return sum(len(block.span.of(section.text).split()) for block in section.blocks if block.kind == "prose")


def _human_items(path: Path) -> Iterator[Asked]:
    """Human-written items: a list of objects with text, stem, options and the number of the key."""
    for raw in json.loads(path.read_text(encoding="utf-8")):
        yield Asked(str(raw["stem"]), tuple(map(str, raw["options"])), int(raw["key"]), str(raw["text"]))


def table(bench: Bench) -> str:
    """The benchmark as Markdown tables, for a terminal and for the README."""
    parts = [_texts(bench), _recipes(bench), _guessability(bench), _refusals(bench)]
    load = f"Model load {bench.model_seconds:.2f} s, once per process"
    parts.append(f"{load}; peak memory {bench.peak_megabytes:.0f} MB.")
    parts += [f"Refused: {line}" for line in bench.refused]
    return "\n\n".join(part for part in parts if part)


def _lines(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = [" | ".join(map(str, row)) for row in [head, ["---"] * len(head), *rows]]
    return "\n".join(f"| {line} |" for line in lines)


def _texts(bench: Bench) -> str:
    head = ["text", "words", "items", "per 1,000", "long sections with 4+", "recipes", "types"]
    head += ["retrieve/infer/integrate", "hard", "warnings", "s per 1,000", "reasons"]
    rows = [_text_row(row) for row in bench.rows]
    words, items = sum(row.words for row in bench.rows), sum(row.items for row in bench.rows)
    if words:
        total = TextRow(
            "all", words, items,
            sum((row.recipes for row in bench.rows), Counter()),
            sum((row.types for row in bench.rows), Counter()),
            sum((row.levels for row in bench.rows), Counter()),
            sum(row.covered for row in bench.rows),
            sum(row.long_sections for row in bench.rows),
            sum(row.hard for row in bench.rows),
            sum(row.warnings for row in bench.rows),
            sum(row.seconds for row in bench.rows), (),
        )  # fmt: skip
        rows.append(_text_row(total))
    return _lines(head, rows)


def _text_row(row: TextRow) -> tuple[object, ...]:
    thousands = max(row.words, 1) / 1000
    levels = "/".join(str(row.levels[level]) for level in ("retrieve", "infer", "integrate"))
    return (
        row.name, row.words, row.items, f"{row.items / thousands:.1f}",
        f"{row.covered} of {row.long_sections}", len(row.recipes), len(row.types), levels,
        row.hard, row.warnings, f"{row.seconds / thousands:.2f}", ", ".join(row.reasons),
    )  # fmt: skip


def _recipes(bench: Bench) -> str:
    rows = []
    for (recipe, tier), count in sorted(bench.tiers.items()):
        asked = [one for one in bench.asked if one.recipe == recipe]
        cues = {name: accuracy(asked, guesser) for name, guesser in CUES.items()} if asked else {}
        best = max(cues, key=lambda name: cues[name], default="")
        guess = f"{cues[best]:.2f} ({best})" if best else ""
        rows.append((recipe, tier, count, guess, f"{accuracy(asked, word_overlap):.2f}" if asked else ""))
    return _lines(("recipe", "tier", "items", "best cue guesser", "word overlap with the text"), rows)


def _guessability(bench: Bench) -> str:
    head = ("choice items", "n", "chance", *CUES, "one position", "word overlap with the text")
    rows = []
    for name, asked in {"generated": bench.asked, **bench.human}.items():
        if asked:
            chance = sum(1 / len(one.options) for one in asked) / len(asked)
            figures = [accuracy(asked, guesser) for guesser in CUES.values()]
            position = f"{best_position(asked):.2f}" if name not in bench.human else "not shuffled"
            overlap = f"{accuracy(asked, word_overlap):.2f}"
            rows.append(
                (name, len(asked), f"{chance:.2f}", *(f"{one:.2f}" for one in figures), position, overlap)
            )
    return _lines(head, rows) if rows else ""


def _refusals(bench: Bench) -> str:
    flaws = sorted({flaw for flaw, _ in bench.planted})
    rows: list[tuple[object, ...]] = []
    for flaw in flaws:
        caught, total = bench.planted[flaw, True], bench.planted[flaw, True] + bench.planted[flaw, False]
        rows.append((flaw, total, caught, f"{caught / total:.0%}"))
    if rows:
        caught = sum(count for (_, was_refused), count in bench.planted.items() if was_refused)
        total = sum(bench.planted.values())
        rows.append(("all", total, caught, f"{caught / total:.0%}"))
    return _lines(("planted flaw", "items", "refused", "share"), rows) if rows else ""
