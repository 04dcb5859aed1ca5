"""What the generator might have made: for tests that are about what happens to it, and must be quick."""

from __future__ import annotations

from collections.abc import Sequence

from questions.generation.pipeline import GeneratedItem, Generation
from questions.generation.proposal import Finding
from questions.items.base import Evidence, Item, Option
from questions.reading.article import Article, Section


def made_item(section: Section, number: int, *, tier: str = "review", quote: str = "") -> GeneratedItem:
    """A sound item whose evidence is the section's first sentence (or `quote`)."""
    words = quote or section.text.split(". ")[0].rstrip(".") + "."
    start = section.text.index(words)
    return GeneratedItem(
        id=f"made-{section.content_hash[:8]}-{number}",
        section=section.id,
        recipe="statement_choice",
        tier=tier,
        level="retrieve",
        item=Item(
            type="multiple_choice",
            stem=f"Question {number}: which of these does the section say?",
            options=(Option(words, "key"), Option("Nobody came."), Option("It was given up.")),
            key=(0,),
            explanation="The section says so.",
            evidence=(Evidence(section.id, start, start + len(words), words),),
        ),
        checks=(Finding(11, "warning", "stem", "A word of the answer stands in the question."),),
        score=1.0,
    )


def made_generation(
    article: Article,
    items: Sequence[GeneratedItem],
    spares: Sequence[GeneratedItem] = (),
    reasons: Sequence[str] = (),
) -> Generation:
    """A whole run that made these."""
    rows = [
        {
            "id": section.id,
            "words": section.word_count,
            "items": sum(item.section == section.id for item in items),
            "reasons": list(reasons),
        }
        for section in article.sections
    ]
    report = {
        "seed": 0,
        "versions": {"generator": "test"},
        "model": "",
        "notes": ["A note."],
        "sections": rows,
    }
    return Generation(article, tuple(items), tuple(spares), (), report)
