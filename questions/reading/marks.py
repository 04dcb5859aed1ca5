"""Marks of punctuation by what they do, in the scripts people write articles in.

Given by code point: many look like others, and a table of look-alikes cannot be proofread by eye.
"""

from __future__ import annotations

STOPS = ".!?\u2026"
"""Full stop, exclamation and question mark, ellipsis: the next word decides whether a sentence ends."""
WIDE_STOPS = "\u3002\uff01\uff1f\uff61\u0964\u0965\u06d4\u061f"
"""Chinese and Japanese full-width stops, danda, Arabic full stop and question mark: they always end one."""
QUESTION_MARKS = "?\uff1f\u061f\u037e"
EXCLAMATION_MARKS = "!\uff01"
CLOSING_QUOTES = "\"'\u201d\u2019\u300d\u300f\u203a\u00bb"
CLOSERS = CLOSING_QUOTES + ")]\u3011"
OPENING_QUOTES = "\"'\u201c\u2018\u00ab\u2039\u201e\u201a\u300c\u300e"
OPENERS = OPENING_QUOTES + "([{\u00bf\u00a1"
DASHES = "\u2013\u2014-"
PAUSES = ":;,\u060c\u3001\uff0c\uff1a\uff1b"
SPACES = " \t\u00a0\u2009\u202f"
BULLETS = (
    "\u2022\u2023\u2043\u25e6\u25aa\u25ab\u25cf\u25cb\u25a0\u25a1"
    "\u2756\u25c6\u27a2\u27a4\u25ba\u25b6\u2713\u2714\u2192"
)
