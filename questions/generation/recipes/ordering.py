"""Ordering: dated events without their dates, to be put in order."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from questions.generation.facts import ArticleFacts, DatedEvent, SectionFacts
from questions.generation.proposal import Level, Proposal, Tier
from questions.generation.realise import evidence, named
from questions.generation.recipes.base import Examples
from questions.items.base import Item, Option

STEM = "Put these events of {section} in the order in which they happened, the earliest first."
FEWEST, MOST = 3, 5


class Ordering:
    """Three to five events whose dates, told by the text, stand in no doubt to each other."""

    name = "ordering"
    level: Level = "integrate"
    best_tier: Tier = "auto"
    needs_parse = True

    def propose(
        self,
        facts: ArticleFacts,  # noqa: ARG002 - the verb of every recipe
        section: SectionFacts,
        stream: random.Random,
    ) -> Iterator[Proposal]:
        """At most one proposal for this section."""
        events = _in_order(section.events)
        if len(events) > MOST:
            events = [events[place] for place in sorted(stream.sample(range(len(events)), MOST))]
        if len(events) < FEWEST:
            return
        shown = list(range(len(events)))
        while shown == sorted(shown):
            stream.shuffle(shown)
        yield self._proposal(section, events, shown)

    def _proposal(self, section: SectionFacts, events: Sequence[DatedEvent], shown: list[int]) -> Proposal:
        options = tuple(
            Option(events[place].event.text, "", f"{events[place].date.text}.") for place in shown
        )
        dated = "; ".join(f"{event.date.text}: {event.event.text.rstrip('.')}" for event in events)
        item = Item(
            type="ordering",
            stem=STEM.format(section=named(section)),
            options=options,
            key=tuple(shown.index(place) for place in range(len(events))),
            explanation=f"The text gives the dates. {dated}.",
            evidence=evidence(section, [event.sentence for event in events]),
        )
        derivations = {
            f"option-{number}": events[place].event.derivation for number, place in enumerate(shown)
        }
        return Proposal(section.section.id, self.name, self.level, item, derivations)

    def examples(self) -> Examples:
        """Texts that it must and must not make items of."""
        return Examples(
            makes={
                "In 1902, the keepers lit the lamp of the lighthouse. "
                "In 1911, the council closed the harbour to large ships. "
                "In 1920, a storm destroyed the old wooden bridge.": (
                    "The keepers lit the lamp of the lighthouse.",
                ),
            },
            abstains={
                "In 1902, the keepers lit the lamp of the lighthouse. "
                "In 1911, the council closed the harbour to large ships.": "two events are too few",
                "In May 1902, the keepers lit the lamp. In 1902, the council closed the harbour. "
                "In June 1902, a storm destroyed the bridge.": "a year and its months cannot be ordered",
            },
        )


def _in_order(events: Sequence[DatedEvent]) -> list[DatedEvent]:
    """The events from the earliest on, without those whose place among the others is in doubt."""
    left = sorted(events, key=lambda event: (event.when, event.sentence))
    while left:
        doubts = [sum(not _is_apart(one, other) for other in left if other is not one) for one in left]
        worst = max(doubts)
        if not worst:
            break
        del left[doubts.index(worst)]
    return left


def _is_apart(one: DatedEvent, other: DatedEvent) -> bool:
    """Whether two dates, as exact as both are, differ."""
    for mine, theirs in zip(one.when, other.when, strict=True):
        if not mine or not theirs:
            return False
        if mine != theirs:
            return True
    return False
