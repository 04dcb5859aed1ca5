"""Verified proposals made by hand, for tests of ranking, selecting and arranging."""

from __future__ import annotations

from questions.generation.candidate import Candidate, candidate_id
from questions.generation.checks.reference import Reference
from questions.generation.checks.sets import evidence_passages
from questions.generation.proposal import Level, Proposal
from questions.items.base import Item, Option
from questions.reading.article import Section
from tests.factories.articles import evidence_of, make_article, make_section

SENTENCES = tuple(
    f"Boat number {n} left harbour {n} with {n} tons of salt and {n} sailors." for n in range(40)
)
SECTION = make_section(SENTENCES, "Boats")
OTHER = make_section(SENTENCES, "Ships", "s2")
REFERENCE = Reference(make_article(SECTION, OTHER))


def make_candidate(
    number: int,
    *,
    kind: str = "multiple_choice",
    recipe: str = "some_recipe",
    score: float = 9.0,
    section: Section = SECTION,
    sentence: int | None = None,
    verdict: bool = True,
    level: Level = "retrieve",
    stem: str = "",
    options: tuple[str, ...] = (),
) -> Candidate:
    """A candidate on one sentence, unlike every candidate with another number."""
    words = " ".join(f"{word}{number}" for word in ("what", "did", "boat", "carry", "home"))
    evidence = (evidence_of(section, SENTENCES[number if sentence is None else sentence]),)
    texts = options or tuple(f"{word}{number} a" for word in ("salt", "iron", "coal", "flax"))
    if kind == "true_false":
        item = Item(
            kind, stem or f"{words}.", (Option("True"), Option("False")), (0 if verdict else 1,), "", evidence
        )
    elif kind == "gap_text":
        item = Item(kind, stem or f"_____ {words}.", (), (f"salt{number}",), "", evidence)
    else:
        gap = "_____ " if kind == "gap_list" else ""
        item = Item(kind, stem or f"{gap}{words}?", tuple(map(Option, texts)), (0,), "", evidence)
    proposal = Proposal(section.id, recipe, level, item)
    passages = evidence_passages(item, REFERENCE)
    return Candidate(
        id=candidate_id(section, proposal),
        section=section,
        proposal=proposal,
        score=score,
        order=number,
        sentences=frozenset((passage.section, passage.span.start) for passage in passages),
    )
