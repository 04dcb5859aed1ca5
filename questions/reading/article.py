"""What a text is once it has been read: an article of sections of blocks, with offsets into the original."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any, Literal, cast, get_args

BlockKind = Literal["prose", "list", "quote", "faq", "fragment", "code"]
BLOCK_KINDS: tuple[BlockKind, ...] = get_args(BlockKind)
UNTITLED_LABEL = "Introduction"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points: `text[start:end]`."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"a span needs 0 <= start <= end, not {self.start}..{self.end}")

    def of(self, text: str) -> str:
        """The words this span covers in `text`."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, list, quotation, question-and-answer pair, fragment or piece of code of a section.

    `span` counts code points of the section's text; `origin` those of the file as it was decoded
    (None where the block was typed in by a person).
    """

    kind: BlockKind
    span: Span
    origin: Span | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One page of the article. `text` holds its blocks, one blank line between two of them."""

    id: str
    heading: str
    text: str
    blocks: tuple[Block, ...]

    @property
    def label(self) -> str:
        """What to call the section where it has no heading of its own."""
        return self.heading or UNTITLED_LABEL

    @property
    def word_count(self) -> int:
        """Words as a person counts them: runs without white space."""
        return len(self.text.split())

    @property
    def content_hash(self) -> str:
        """SHA-256 of heading and text, as hexadecimal: equal exactly where both are equal."""
        return hashlib.sha256(f"{self.heading}\x00{self.text}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Article:
    """A text cut into sections, in reading order."""

    title: str
    standfirst: str
    sections: tuple[Section, ...]
    notes: tuple[str, ...] = field(default=())
    """What the reader of the file had to decide or leave out, in words for the author."""

    @property
    def word_count(self) -> int:
        """Words of all sections together."""
        return sum(section.word_count for section in self.sections)

    def section(self, section_id: str) -> Section:
        """The section with that id; KeyError where there is none."""
        for section in self.sections:
            if section.id == section_id:
                return section
        raise KeyError(section_id)


def section_to_json(section: Section) -> dict[str, Any]:
    """A section as plain data, blocks included (the shape stored by the application)."""
    return {
        "id": section.id,
        "heading": section.heading,
        "text": section.text,
        "blocks": [
            {"kind": block.kind, "start": block.span.start, "end": block.span.end}
            | ({"origin": [block.origin.start, block.origin.end]} if block.origin else {})
            for block in section.blocks
        ],
    }


def section_from_json(data: dict[str, Any]) -> Section:
    """The inverse of `section_to_json`. Raises KeyError, TypeError or ValueError on anything else."""
    text = data["text"]
    blocks = []
    for raw in data["blocks"]:
        if raw["kind"] not in BLOCK_KINDS or raw["end"] > len(text):
            raise ValueError(f"not a block of this section: {raw!r}")
        origin = raw.get("origin")
        blocks.append(
            Block(
                kind=cast("BlockKind", raw["kind"]),
                span=Span(raw["start"], raw["end"]),
                origin=Span(*origin) if origin else None,
            )
        )
    return Section(id=data["id"], heading=data["heading"], text=text, blocks=tuple(blocks))
