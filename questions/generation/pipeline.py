"""From an article to items: analyse, propose, verify, rank, select, arrange. Same input, same bytes."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from typing import Any

from questions.generation.analyse import analyse
from questions.generation.arrange import arrange
from questions.generation.candidate import Candidate, candidate_id
from questions.generation.checks.base import Context
from questions.generation.checks.reference import Reference
from questions.generation.checks.sets import asked_passages
from questions.generation.checks.stems import as_statement, new_statements
from questions.generation.checks.verify import refusals, verify, verify_parse
from questions.generation.exchange import Want
from questions.generation.facts import ArticleFacts, SectionFacts
from questions.generation.nlp import Nlp, load_nlp
from questions.generation.proposal import Finding, Level, Proposal, Tier
from questions.generation.providers.base import Provider, Run
from questions.generation.providers.rules import Rules
from questions.generation.rank import OWN, Weights, score, tier
from questions.generation.recipes.registry import RECIPES
from questions.generation.select import select, wanted_items
from questions.items.base import Item
from questions.items.content import item_to_json
from questions.reading.article import Article, Section

GENERATOR_VERSION = "1.1"
"""Changes with whatever changes an item that is made of the same text with the same seed."""
SPARES_PER_SECTION = 8

Progress = Callable[[int, int, str], None]
"""Called with (done, total, what is being done); whatever it raises ends the generation."""

ENTAILMENT = 2
"""The number of the check that the key follows from the evidence."""


@dataclass(frozen=True, slots=True)
class GeneratedItem:
    """An item as it came out. `checks` are the warnings that remain: refusals never get this far."""

    id: str
    section: str
    recipe: str
    tier: Tier
    level: Level
    item: Item
    checks: tuple[Finding, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Rejection:
    """A proposal that was not good enough, or could not be placed, and why."""

    recipe: str
    section: str
    reason: str


@dataclass(frozen=True, slots=True)
class Generation:
    """What one run made of an article. `spares` are as good by every check, and were not needed."""

    article: Article
    items: tuple[GeneratedItem, ...]
    spares: tuple[GeneratedItem, ...]
    rejected: tuple[Rejection, ...]
    report: Mapping[str, Any]


def generate(
    article: Article,
    *,
    seed: int = 0,
    nlp: Nlp | None = None,
    sections: Collection[str] | None = None,
    progress: Progress | None = None,
    weights: Weights = OWN,
    provider: Provider | None = None,
) -> Generation:
    """Items for every section of the article, or for the `sections` with these ids; by rules unless told."""
    run = _Run(article, seed, nlp or load_nlp(), progress or _unseen, weights, provider or Rules())
    return run.generate([s for s in article.sections if sections is None or s.id in sections])


def _unseen(done: int, total: int, label: str) -> None:
    """Progress that nobody watches."""


class _Run:
    """One generation: what its steps share."""

    def __init__(
        self,
        article: Article,
        seed: int,
        nlp: Nlp,
        progress: Progress,
        weights: Weights,
        provider: Provider,
    ) -> None:
        self.article = article
        self.weights = weights
        self.seed = seed
        self.nlp = nlp
        self.progress = progress
        self.rejected: dict[Rejection, None] = {}
        self.candidates: dict[str, list[Candidate]] = {}
        self.sound: dict[str, bool] = {}
        self.at = (0, 1, article.title)
        self.source = provider.start(Run(GENERATOR_VERSION, seed, self._reject, self._tick))

    def generate(self, sections: list[Section]) -> Generation:
        """Every step in its order."""
        steps = len(sections) + 2
        self.progress(0, steps, self.article.title)
        self.facts: ArticleFacts = analyse(self.article, self.nlp)
        self.reference = Reference(self.article, self.facts, self.nlp)
        known = {facts.section.id: facts for facts in self.facts.sections}
        wanted = {section.id: _wanted(section) for section in sections}
        for done, section in enumerate(sections, start=1):
            self.at = (done, steps, section.label)
            self._tick()
            self.candidates[section.id] = self._candidates(known[section.id], wanted[section.id].most)
        self.progress(steps - 1, steps, self.article.title)
        self._parse_ahead(wanted)
        chosen = select(self.candidates, wanted, self._is_sound)
        in_order = [candidate for section in sections for candidate in chosen.get(section.id, ())]
        placed = arrange(in_order, self._places())
        items = tuple(self._finished(candidate) for candidate in placed)
        spares = tuple(self._finished(candidate) for candidate in self._spares(sections, in_order))
        self.progress(steps, steps, self.article.title)
        report = self._report(sections, wanted, items, spares)
        return Generation(self.article, items, spares, tuple(self.rejected), report)

    def _places(self) -> random.Random:
        """The stream that places keys: this text's, or every article's first key had one place."""
        texts = "|".join(section.content_hash for section in self.article.sections)
        return random.Random(f"{GENERATOR_VERSION}|arrange|{self.seed}|{texts}")

    def _tick(self) -> None:
        """Say where the run is; whoever cancelled it is heard then."""
        self.progress(*self.at)

    def _reject(self, recipe: str, section: str, reason: str) -> None:
        self.rejected[Rejection(recipe, section, reason)] = None

    def _candidates(self, facts: SectionFacts, wanted: int) -> list[Candidate]:
        """The proposals for one section that pass the checks, each evidence and key once."""
        best: dict[str, Candidate] = {}
        for order, proposal in enumerate(self.source.proposals(self.facts, facts, wanted)):
            findings = verify(proposal.item, self._context(proposal), with_parse=False)
            if self._refuse(proposal.recipe, facts.section.id, findings):
                continue
            candidate = Candidate(
                id=candidate_id(facts.section, proposal),
                section=facts.section,
                proposal=proposal,
                findings=findings,
                score=score(proposal, findings, self.weights),
                order=order,
                sentences=self._sentences(proposal),
            )
            if candidate.id in best and best[candidate.id].score >= candidate.score:
                continue
            if self._stands(candidate):
                best[candidate.id] = candidate
        return list(best.values())

    def _sentences(self, proposal: Proposal) -> frozenset[tuple[str, int]]:
        passages = asked_passages(proposal.item, self.reference)
        return frozenset((passage.section, passage.span.start) for passage in passages)

    def _stands(self, candidate: Candidate) -> bool:
        """Whether the source itself still stands to its proposal, after every check."""
        if candidate.recipe in RECIPES:
            return True
        objection = self.source.objection(candidate.proposal) if self._is_sound(candidate) else ""
        if objection:
            self._reject(candidate.recipe, candidate.section.id, objection)
        return self.sound[candidate.id] and not objection

    def _context(self, proposal: Proposal) -> Context:
        return Context(self.reference, "generated", proposal.derivations)

    def _refuse(self, recipe: str, section: str, findings: tuple[Finding, ...]) -> bool:
        """Note why a proposal is refused, if it is: by a check, or by a doubt about its key.

        Whoever writes an item knows why its key is right, and may judge that doubt. Here nobody does.
        """
        refused = [*refusals(findings), *(one for one in findings if one.check == ENTAILMENT)]
        for finding in refused[:1]:
            reason = f"check {finding.check}, {finding.field}: {finding.message}"
            self._reject(recipe, section, reason)
        return bool(refused)

    def _parse_ahead(self, wanted: Mapping[str, Want]) -> None:
        """Parse the new statements of those candidates together that are likely to be asked about."""
        likely = []
        for section, candidates in self.candidates.items():
            count = 2 * wanted[section].most + SPARES_PER_SECTION
            likely += sorted(candidates, key=lambda one: (-one.score, one.order))[:count]
        self.reference.warm(
            as_statement(text)
            for candidate in likely
            for _, text in new_statements(candidate.item, self._context(candidate.proposal))
        )

    def _is_sound(self, candidate: Candidate) -> bool:
        """Whether it also passes the checks that cost a parse."""
        if candidate.id not in self.sound:
            findings = verify_parse(candidate.item, self._context(candidate.proposal))
            self.sound[candidate.id] = not self._refuse(candidate.recipe, candidate.section.id, findings)
        return self.sound[candidate.id]

    def _finished(self, candidate: Candidate) -> GeneratedItem:
        best: Tier = "review" if candidate.recipe not in RECIPES else RECIPES[candidate.recipe].best_tier
        return GeneratedItem(
            id=candidate.id,
            section=candidate.section.id,
            recipe=candidate.recipe,
            tier=tier(candidate.recipe, best, candidate.findings),
            level=candidate.proposal.level,
            item=candidate.item,
            checks=candidate.findings,
            score=candidate.score,
        )

    def _spares(self, sections: list[Section], chosen: list[Candidate]) -> Iterator[Candidate]:
        """The best of what was not chosen, some for each section."""
        taken = {candidate.id for candidate in chosen}
        for section in sections:
            left = [one for one in self.candidates[section.id] if one.id not in taken]
            left.sort(key=lambda one: (-one.score, one.order))
            given = 0
            for candidate in left:
                if given == SPARES_PER_SECTION:
                    break
                if self._is_sound(candidate):
                    given += 1
                    yield candidate

    def _shortage(self, section: Section, want: Want, count: int) -> list[str]:
        """Why a section of English prose has no items, or fewer than it needs."""
        if not want.most:
            return ["too_short"]
        if count and count >= want.least:
            return []
        return [
            "few_statements" if len(self.candidates[section.id]) < max(want.least, 1) else "rules_of_the_set"
        ]

    def _report(
        self,
        sections: list[Section],
        wanted: Mapping[str, Want],
        items: tuple[GeneratedItem, ...],
        spares: tuple[GeneratedItem, ...],
    ) -> dict[str, Any]:
        reasons = {facts.section.id: facts.reasons for facts in self.facts.sections}
        rows = []
        for section in sections:
            count = sum(item.section == section.id for item in items)
            codes = [*reasons[section.id]]
            if set(codes) <= {"no_model"}:
                codes += self._shortage(section, wanted[section.id], count)
            rows.append({"id": section.id, "words": section.word_count, "items": count, "reasons": codes})
        return {
            "seed": self.seed,
            "versions": {"generator": GENERATOR_VERSION, "spacy": metadata.version("spacy")},
            "model": self.facts.model,
            **({"weights": self.weights.digest} if self.weights.digest else {}),
            "notes": [*self.article.notes, *self.facts.notes, *self.source.notes],
            "sections": rows,
            "spares": len(spares),
        } | self._figures(items)

    def _figures(self, items: tuple[GeneratedItem, ...]) -> dict[str, Any]:
        """What a provider that costs something cost, and how many of the items are its own."""
        figures = self.source.figures
        if figures is None:
            return {}
        own = sum(item.recipe not in RECIPES for item in items)
        return {"provider": {**figures, "items": own}}


def _wanted(section: Section) -> Want:
    """How many items a section needs: by its prose, and by the questions that it answers itself."""
    prose = sum(len(block.span.of(section.text).split()) for block in section.blocks if block.kind == "prose")
    pairs = sum(block.kind == "faq" for block in section.blocks)
    return wanted_items(prose, pairs)


def generation_to_json(generation: Generation) -> dict[str, Any]:
    """The object that `python -m questions generate --format json` prints."""
    return {
        "article": {
            "title": generation.article.title,
            "sections": [
                {"id": section.id, "heading": section.heading, "text": section.text}
                for section in generation.article.sections
            ],
        },
        "items": [_item_to_json(item) for item in generation.items],
        "rejected": [
            {"recipe": one.recipe, "section": one.section, "reason": one.reason}
            for one in generation.rejected
        ],
        "report": dict(generation.report),
    }


def _item_to_json(generated: GeneratedItem) -> dict[str, Any]:
    content = item_to_json(generated.item)
    return {
        "id": generated.id,
        "section": generated.section,
        "type": content.pop("type"),
        "recipe": generated.recipe,
        "tier": generated.tier,
        "level": generated.level,
        **content,
        "checks": [
            {"check": one.check, "severity": one.severity, "field": one.field, "message": one.message}
            for one in generated.checks
        ],
    }
