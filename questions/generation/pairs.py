"""What is known of pairs of candidates, asked once for each: sets are chosen again and again of the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from questions.generation.candidate import Candidate

T = TypeVar("T")


class Remembered(Generic[T]):
    """A function of two candidates, the order of which says nothing, with its answers kept."""

    def __init__(self, function: Callable[[Candidate, Candidate], T]) -> None:
        self._function = function
        self._known: dict[tuple[str, str], T] = {}

    def __call__(self, one: Candidate, other: Candidate) -> T:
        """What the function says of the two."""
        pair = (one.id, other.id) if one.id < other.id else (other.id, one.id)
        found = self._known.get(pair)
        if found is None:
            found = self._known[pair] = self._function(one, other)
        return found
