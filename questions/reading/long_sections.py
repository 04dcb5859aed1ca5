"""Long sections in parts, for those who work through a section piece by piece (the generator).

The learner's sections stay as the article has them, and so do their ids: a part is only a span of a section.
"""

from __future__ import annotations

from dataclasses import dataclass

from questions.reading.article import Article, Section, Span

PART_WORDS = 600


@dataclass(frozen=True, slots=True)
class Part:
    """Some whole blocks of a section that follow each other: `section.text[span.start:span.end]`."""

    section_id: str
    span: Span


def split_long(article: Article, limit: int = PART_WORDS) -> tuple[Part, ...]:
    """All parts of an article in order; a section up to `limit` words is one part."""
    return tuple(part for section in article.sections for part in section_parts(section, limit))


def section_parts(section: Section, limit: int = PART_WORDS) -> tuple[Part, ...]:
    """A section in parts of about equal length, none over `limit` words but where one block is longer."""
    total = section.word_count
    if total <= limit:
        return (Part(section.id, Span(0, len(section.text))),)
    share = total / -(-total // limit)
    spans: list[Span] = []
    words = 0
    for block in section.blocks:
        length = len(block.span.of(section.text).split())
        if not spans or words + length > limit or words + length / 2 > share:
            spans.append(block.span)
            words = length
        else:
            spans[-1] = Span(spans[-1].start, block.span.end)
            words += length
    return tuple(Part(section.id, span) for span in spans)
