"""Small articles made by hand, for tests of reading, generation and checks."""

from __future__ import annotations

from collections.abc import Sequence

from questions.items.base import Evidence, Item, Option
from questions.reading.article import Article, Block, BlockKind, Section, Span

HARBOUR = (
    """The harbour of Melk froze on 4 March 1963. Ivan Petrov, the harbour master, closed the gates for at least \
twelve days. Norway lent two icebreakers, and Sweden paid the crews.""",
    """Most fishermen feared a long winter. The fishermen kept their boats on land because the ice was thick. \
In 1970 the town built a new pier.""",
)
RAILWAY = (
    """The railway reached Melk in 1881. It carried herring to the capital within nine hours. \
Trains were slow but cheap.""",
)


def make_section(
    paragraphs: Sequence[str], heading: str = "", section_id: str = "s1", kind: BlockKind = "prose"
) -> Section:
    """A section of paragraphs, one block each."""
    blocks, at = [], 0
    for paragraph in paragraphs:
        blocks.append(Block(kind, Span(at, at + len(paragraph))))
        at += len(paragraph) + 2
    return Section(section_id, heading, "\n\n".join(paragraphs), tuple(blocks))


def make_article(*sections: Section, title: str = "Melk and the sea") -> Article:
    """An article of these sections; of two about a harbour when none are given."""
    own = sections or (
        make_section(HARBOUR, "The frozen harbour"),
        make_section(RAILWAY, "The railway", "s2"),
    )
    return Article(title, "", tuple(own))


def evidence_of(section: Section, quote: str) -> Evidence:
    """The evidence span of these words of the section."""
    start = section.text.index(quote)
    return Evidence(section.id, start, start + len(quote), quote)


def make_choice(
    stem: str,
    right: str,
    *wrong: str,
    quote: str = "",
    section: Section | None = None,
    kind: str = "multiple_choice",
) -> Item:
    """A choice item whose key stands first, with evidence when a quotation is given."""
    place = section or make_article().sections[0]
    return Item(
        type=kind,
        stem=stem,
        options=(Option(right, "key"), *(Option(text, "elsewhere") for text in wrong)),
        key=(0,),
        explanation="The text says so.",
        evidence=(evidence_of(place, quote),) if quote else (),
    )


def make_judgement(stem: str, *, verdict: bool, quote: str, section: Section | None = None) -> Item:
    """A true/false item."""
    place = section or make_article().sections[0]
    return Item(
        type="true_false",
        stem=stem,
        options=(Option("True", "key" if verdict else ""), Option("False", "" if verdict else "key")),
        key=(0 if verdict else 1,),
        evidence=(evidence_of(place, quote),),
    )
