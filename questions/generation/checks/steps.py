"""Whether the evidence of an ordering item is about its steps, and has no years that contradict the order."""

from __future__ import annotations

import re

from questions.generation.words import content_stems
from questions.items.base import Item

_NAMES = re.compile(r"[A-Z][\w'\u2019-]*(?: (?:of |the )?[A-Z][\w'\u2019-]*)*")
_YEAR = re.compile(r"\b1\d{3}\b|\b20\d{2}\b")


def steps_out_of_order(item: Item) -> bool:
    """Whether the years in the evidence of the steps of an ordering item run against its key.

    A step belongs to the quotation that shares most of its words; only quotations with one year tell when.
    """
    years = [_year_of(item.options[part].text, item) for part in item.key if isinstance(part, int)]
    known = [year for year in years if year]
    return known != sorted(known)


def steps_without_evidence(item: Item) -> int:
    """How many steps of an ordering item share no word but names with any evidence."""
    told = content_stems(" ".join(span.quote for span in item.evidence))
    plain = [content_stems(_NAMES.sub(" ", one.text)) for one in item.options]
    return sum(not stems & told for stems in plain)


def _year_of(step: str, item: Item) -> int:
    stems = content_stems(step)
    quote = max(
        (span.quote for span in item.evidence), key=lambda one: len(content_stems(one) & stems), default=""
    )
    found = _YEAR.findall(quote) if content_stems(quote) & stems else []
    return int(found[0]) if len(set(found)) == 1 else 0
