"""Whether the evidence is about what the item says, where nobody recorded how its words were made."""

from __future__ import annotations

import re
from collections.abc import Sequence

from questions.generation.words import STOP_WORDS, content_stems, stem, words
from questions.items.base import Item

SHARE_OF_FALSE = 0.3
"""Of the content words of a statement marked false: what its evidence must speak of to prove it wrong."""
_NAME = re.compile(r"(?<=[a-z,] )[A-Z]\w+")
_LEFT_OUT = re.compile(
    r"\bnot (?:(?:on|in|by|with|for|of|to|from|at) )?(?:(?:an?|the|its|his|her|their|any) )?"
    r"(?!only|just|merely)([a-z]+)"
)
SAME_START = 5
"""Letters in which two stems that belong together agree ("predict", "prediction")."""
CLEARLY_MORE = 2
"""Content words by which another sentence must speak more of a statement than its evidence does."""


def evidence_proves_it_wrong(item: Item, others: Sequence[str] = ()) -> bool:
    """Whether the evidence of a false statement speaks of what it names, or of a good part of its words.

    It does not where one of the `others`, the sentences that are no evidence, speaks of much more of it.
    """
    said = content_stems(item.stem)
    told = content_stems(" ".join(span.quote for span in item.evidence))
    if not item.evidence:
        return True
    best = max((len(content_stems(other) & said) for other in others), default=0)
    if best > len(said & told) + CLEARLY_MORE:
        return False
    if content_stems(" ".join(_NAME.findall(item.stem))) & told:
        return True
    alike = {one for one in said for other in told if one[:SAME_START] == other[:SAME_START]}
    return len(alike) >= SHARE_OF_FALSE * len(said)


def denied_words(answer: str, quotes: Sequence[str]) -> list[str]:
    """The words of an answer that the evidence only names to leave them out ("but not on its mass")."""
    denied = {stem(one.casefold()) for quote in quotes for one in _LEFT_OUT.findall(quote)}
    kept = content_stems(" ".join(_LEFT_OUT.sub(" ", quote) for quote in quotes))
    return [one for one in words(answer) if stem(one) in denied - kept and one not in STOP_WORDS]
