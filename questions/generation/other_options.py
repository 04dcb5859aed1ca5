"""The same question with other wrong answers: its recipe is asked again, with other seeds, for one place."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace

from questions.generation.analyse import analyse
from questions.generation.arrange import arrange
from questions.generation.candidate import Candidate, candidate_id
from questions.generation.checks.base import Context
from questions.generation.checks.reference import Reference
from questions.generation.checks.verify import refusals, verify, verify_parse
from questions.generation.facts import ArticleFacts, SectionFacts
from questions.generation.nlp import Nlp, load_nlp
from questions.generation.proposal import Finding, Proposal
from questions.generation.providers.rules import HOPELESS
from questions.generation.rank import score
from questions.generation.recipes.registry import RECIPES
from questions.generation.words import same_form
from questions.items.base import Item
from questions.reading.article import Article

SEEDS_TRIED = 12
STEPS = 2
"""Reading the text, and looking."""

Progress = Callable[[int, int, str], None]
Options = frozenset[str]
"""A set of options as it is compared: the same words in another order are the same set."""


@dataclass(frozen=True, slots=True)
class Place:
    """Which question wants other wrong answers: its section, its recipe, its wording."""

    section: str
    recipe: str
    item: Item


def options_of(item: Item) -> Options:
    """An item's options as they are compared."""
    return frozenset(same_form(option.text) for option in item.options)


def find_other_options(
    article: Article,
    place: Place,
    seen: Collection[Options],
    *,
    seed: int = 0,
    nlp: Nlp | None = None,
    progress: Progress | None = None,
) -> tuple[Item, tuple[Finding, ...]] | None:
    """The question with a set of options that is none of `seen`, and what the checks warn of; else None.

    Evidence and right answer stay. So does everything else that its author has changed since it was made.
    """
    report = progress or _unseen
    nlp = nlp or load_nlp()
    report(0, STEPS, article.title)
    facts = analyse(article, nlp)
    section = next((one for one in facts.sections if one.section.id == place.section), None)
    if section is None or not _can_be_asked(section, place.recipe):
        return None
    report(1, STEPS, section.section.label)
    reference = Reference(article, facts, nlp)
    for number in range(seed, seed + SEEDS_TRIED):
        found = [
            candidate
            for candidate in _candidates(facts, section, place, reference, number)
            if options_of(candidate.item) not in seen
        ]
        found.sort(key=lambda one: (-one.score, one.order))
        for candidate in found:
            if not refusals(verify_parse(candidate.item, _context(reference, candidate.proposal))):
                [placed] = arrange(
                    [candidate], random.Random(f"{section.section.content_hash}|{place.recipe}|{number}")
                )
                report(STEPS, STEPS, section.section.label)
                return _in_its_words(place.item, placed.item), candidate.findings
    return None


def _unseen(done: int, total: int, label: str) -> None:
    """Progress that nobody watches."""


def _can_be_asked(section: SectionFacts, recipe: str) -> bool:
    if recipe not in RECIPES:
        return False
    return not HOPELESS & set(section.reasons) and (section.is_parsed or not RECIPES[recipe].needs_parse)


def _candidates(
    facts: ArticleFacts, section: SectionFacts, place: Place, reference: Reference, seed: int
) -> Iterator[Candidate]:
    """What the recipe proposes for this very evidence and right answer and passes the cheap checks."""
    stream = random.Random(f"{section.section.content_hash}|{place.recipe}|other options|{seed}")
    for order, proposal in enumerate(RECIPES[place.recipe].propose(facts, section, stream)):
        if not _is_the_same(proposal.item, place.item):
            continue
        findings = verify(proposal.item, _context(reference, proposal), with_parse=False)
        if not refusals(findings):
            yield Candidate(
                id=candidate_id(section.section, proposal),
                section=section.section,
                proposal=proposal,
                findings=findings,
                score=score(proposal, findings),
                order=order,
            )


def _context(reference: Reference, proposal: Proposal) -> Context:
    return Context(reference, "generated", proposal.derivations)


def _is_the_same(made: Item, item: Item) -> bool:
    """Whether both ask for the same answer by the same evidence, in the same way."""
    return made.type == item.type and _places(made) == _places(item) and _key(made) == _key(item)


def _places(item: Item) -> frozenset[tuple[str, int, int]]:
    return frozenset((span.section, span.start, span.end) for span in item.evidence)


def _key(item: Item) -> frozenset[str]:
    return frozenset(
        same_form(item.options[part].text if isinstance(part, int) else str(part)) for part in item.key
    )


def _in_its_words(item: Item, made: Item) -> Item:
    """The item with the options that were made."""
    return replace(item, options=made.options, key=made.key)
