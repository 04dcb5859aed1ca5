"""Partial credit: what share of a right answer a part of it is worth."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise


def adjacent_pairs(right: Sequence[int], given: Sequence[int]) -> Fraction:
    """The share of neighbours in the right order that are neighbours, the same way round, in `given` too.

    Neighbours, not places: who puts one event too early has not got all the later ones wrong.
    """
    wanted = list(pairwise(right))
    if not wanted:
        return Fraction(int(list(right) == list(given)))
    found = set(pairwise(given))
    return Fraction(sum(pair in found for pair in wanted), len(wanted))


def share_in_place(right: Sequence[int], given: Sequence[int]) -> Fraction:
    """The share of the places that hold in `given` what they hold in `right`."""
    if not right:
        return Fraction(int(list(right) == list(given)))
    return Fraction(sum(one == other for one, other in zip(right, given, strict=False)), len(right))
