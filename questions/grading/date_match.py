"""Dates written in different ways, brought to one way: 24 November 2025 = November 24th, 2025 = 2025-11-24.

Only writings that can mean one day: 4/5/2025 is the fourth of May to some and April the fifth to others.
"""

from __future__ import annotations

import re

_MONTHS_IN_YEAR = 12
_LONGEST_MONTH = 31
_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_MONTH = "|".join(
    f"{name[:3]}(?:{name[3:]})?\\.?" if name != "september" else r"sept?(?:ember)?\.?" for name in _MONTHS
)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?:,? (?P<year>\d{3,4}))?"
_WRITINGS = (
    re.compile(rf"(?:the )?{_DAY} (?:of )?(?P<month>{_MONTH}){_YEAR}"),
    re.compile(rf"(?P<month>{_MONTH}) (?:the )?{_DAY}{_YEAR}"),
    re.compile(rf"(?P<month>{_MONTH}),? (?P<day>)(?P<year>\d{{3,4}})"),
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"),
    re.compile(r"(?P<day>\d{1,2})\. ?(?P<month>\d{1,2})\. ?(?P<year>\d{4})"),
)


def canonical_date(text: str) -> str | None:
    """Folded text that is one date, as year-month-day (the year or the day may be missing); else None."""
    for writing in _WRITINGS:
        if match := writing.fullmatch(text):
            month, day = match["month"], match["day"]
            number = int(month) if month.isdecimal() else 1 + [name[:3] for name in _MONTHS].index(month[:3])
            if 1 <= number <= _MONTHS_IN_YEAR and 1 <= int(day or 1) <= _LONGEST_MONTH:
                return f"{match['year'] or ''}-{number:02}-{day and f'{int(day):02}'}"
    return None
