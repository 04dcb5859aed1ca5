"""Reviewers' decisions about generated items, as the application exports them: JSON lines, or CSV.

One line is one decision: recipe and level of the item, what can be counted on it (see features.py), which
checks warned, and what the reviewer did with it. Nothing of a person, nothing of the text.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from questions.generation import rank
from questions.generation.features import features as features_of
from questions.generation.features import named as named_values
from questions.items.base import Item

Verdict = Literal["accept", "edit", "reject"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)


class DecisionsError(ValueError):
    """What was given is no file of decisions; the message names the line."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a reviewer did with one generated item."""

    recipe: str
    level: str
    features: Mapping[str, float]
    findings: tuple[int, ...]
    decision: Verdict

    @property
    def named(self) -> dict[str, float]:
        """All that has a weight, by name."""
        return named_values(self.recipe, self.level, self.findings, self.features)

    def to_json(self) -> dict[str, Any]:
        """One line of the file."""
        return {
            "recipe": self.recipe,
            "level": self.level,
            "features": dict(self.features),
            "findings": list(self.findings),
            "decision": self.decision,
        }


def decision_about(
    item: Item, recipe: str, level: str, findings: tuple[int, ...], verdict: Verdict
) -> Decision:
    """A decision about an item whose words are at hand; of what is counted, what is not nought."""
    counted = {name: float(value) for name, value in features_of(item).items() if value}
    return Decision(recipe, level, counted, tuple(sorted(findings)), verdict)


def read_decisions(text: str) -> list[Decision]:
    """The decisions of a file: JSON lines where it begins with a brace, CSV otherwise."""
    begin = text.lstrip("\ufeff \t\r\n")
    if not begin:
        raise DecisionsError("the file is empty")
    rows = _json_rows(text.lstrip("\ufeff")) if begin.startswith("{") else _csv_rows(text.lstrip("\ufeff"))
    return [_decision(raw, line) for line, raw in rows]


def _json_rows(text: str) -> list[tuple[int, Mapping[str, Any]]]:
    rows: list[tuple[int, Mapping[str, Any]]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            raw = json.loads(line)
        except ValueError as error:
            raise DecisionsError(f"line {number}: this is not JSON") from error
        if not isinstance(raw, dict):
            raise DecisionsError(f"line {number}: a decision is an object in braces")
        rows.append((number, raw))
    return rows


def _csv_rows(text: str) -> list[tuple[int, Mapping[str, Any]]]:
    """Columns `recipe`, `level`, `decision`, `findings` (numbers with spaces) and one for each feature."""
    reader = csv.DictReader(io.StringIO(text))
    missing = {"recipe", "level", "decision"} - set(reader.fieldnames or ())
    if missing:
        raise DecisionsError(f"line 1: there is no column called {', '.join(sorted(missing))}")
    rows: list[tuple[int, Mapping[str, Any]]] = []
    for raw in reader:
        counted = {name: raw[name] or 0 for name in rank.FEATURE_WEIGHTS if raw.get(name) is not None}
        findings = (raw.get("findings") or "").split()
        rows.append((reader.line_num, {**raw, "features": counted, "findings": findings}))
    return rows


def _decision(raw: Mapping[str, Any], line: int) -> Decision:
    try:
        found = Decision(
            recipe=str(raw["recipe"]),
            level=str(raw["level"]),
            features={str(name): float(value) for name, value in dict(raw.get("features") or {}).items()},
            findings=tuple(int(number) for number in raw.get("findings") or ()),
            decision=raw["decision"],
        )
    except KeyError as error:
        raise DecisionsError(f"line {line}: there is no {error.args[0]!r}") from error
    except (TypeError, ValueError) as error:
        raise DecisionsError(f"line {line}: {error}") from error
    if found.decision not in VERDICTS:
        raise DecisionsError(
            f"line {line}: a decision is one of {', '.join(VERDICTS)}, not {found.decision!r}"
        )
    unknown = [name for name in found.features if name not in rank.FEATURE_WEIGHTS]
    if unknown:
        raise DecisionsError(f"line {line}: no feature is called {unknown[0]!r}")
    return found
