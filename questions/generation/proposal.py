"""What a recipe proposes: an item, and the replayable edits that made its words from the text.

Every stem, statement and falsified option is a span of the section with edits applied. That makes key checks
mechanical (replay and compare) and explanations free ("the text says X, the statement says Y").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from questions.items.base import Item, KeyPart
from questions.reading.article import Span

Level = Literal["retrieve", "infer", "integrate", "evaluate"]
Tier = Literal["auto", "review"]
Severity = Literal["hard", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Replace `section.text[start:end]` (which must read `before`) by `after`; either may be empty."""

    start: int
    end: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Derivation:
    """How some words of an item come from the text: a span of a section, and edits inside it."""

    section: str
    span: Span
    edits: tuple[Edit, ...] = ()

    def replay(self, section_text: str) -> str:
        """The words that the edits make of the span. Raises ValueError where they do not fit the text."""
        out: list[str] = []
        at = self.span.start
        for edit in sorted(self.edits):
            if (
                edit.start < at
                or edit.end > self.span.end
                or section_text[edit.start : edit.end] != edit.before
            ):
                raise ValueError(f"this edit does not fit the text: {edit}")
            out += [section_text[at : edit.start], edit.after]
            at = edit.end
        return "".join([*out, section_text[at : self.span.end]])


@dataclass(frozen=True, slots=True)
class Proposal:
    """An item on its way through the pipeline.

    `derivations` names the words it explains: "stem", "option-0", ... (index into `item.options`), "key".
    A stem that is a fixed question of the recipe ("Which statement is supported by this section?") has none.
    """

    section_id: str
    recipe: str
    level: Level
    item: Item
    derivations: Mapping[str, Derivation] = field(default_factory=dict)
    score: float = 0.0

    @property
    def key_texts(self) -> list[str]:
        """The right answer's words: option texts, accepted strings for typed ones, statements for pairs."""
        return [self._words_of(part) for part in self.item.key]

    def _words_of(self, part: KeyPart) -> str:
        if isinstance(part, tuple):
            return " ".join(self.item.options[index].text for index in part) + "."
        return self.item.options[part].text if isinstance(part, int) else part


@dataclass(frozen=True, slots=True)
class Finding:
    """One check that did not pass. `check` is the number in the checklist of the design page."""

    check: int
    severity: Severity
    field: str
    message: str
