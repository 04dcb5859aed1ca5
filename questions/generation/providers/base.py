"""What every provider must answer."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from questions.generation.facts import ArticleFacts, SectionFacts
from questions.generation.proposal import Proposal
from questions.reading.article import Section


@dataclass(frozen=True, slots=True)
class Run:
    """One generation, as its provider sees it.

    `reject` notes (recipe, section id, reason) of what never became a proposal. `tick` is called before
    whatever takes long: it raises when somebody cancelled the run, and the provider lets that pass.
    """

    version: str
    seed: int
    reject: Callable[[str, str, str], None]
    tick: Callable[[], None]

    def stream(self, section: Section, name: str) -> random.Random:
        """The chance that belongs to this section and recipe alone."""
        return random.Random(f"{self.version}|{section.content_hash}|{name}|{self.seed}")


def bill_in_words(figures: Mapping[str, Any]) -> str:
    """What a provider was asked and cost (see `Source.figures`), in a line for a terminal."""
    tokens = f"{figures['tokens_in']:,} tokens read, {figures['tokens_out']:,} written"
    untold = f" ({figures['untold']:,} calls did not tell)" if figures["untold"] else ""
    cost = "no prices are set" if figures["cost"] is None else f"cost {figures['cost']}"
    asked = f"{figures['proposed']:,} questions proposed, {figures['passed']:,} passed"
    return f"language model {figures['model']}: {asked}; {figures['calls']:,} calls, {tokens}{untold}; {cost}"


class Source(Protocol):
    """A provider at work on one article."""

    def proposals(self, facts: ArticleFacts, section: SectionFacts, wanted: int) -> Iterator[Proposal]:
        """Proposals for a section that should have so many items."""
        ...

    def objection(self, proposal: Proposal) -> str:
        """Why a proposal that passed every check is not taken all the same; empty where it stands."""
        ...

    @property
    def notes(self) -> Sequence[str]:
        """What to tell whoever asked for the items, as that the provider could not be reached."""
        ...

    @property
    def figures(self) -> Mapping[str, Any] | None:
        """What it cost, for the report; None for a provider that costs nothing."""
        ...


class Provider(Protocol):
    """Makes sources. Instances hold settings, and no state of a run."""

    name: str

    def start(self, run: Run) -> Source:
        """Begin with an article."""
        ...
