"""What may be used at all: English prose, and of it the sentences that are whole and plain."""

from __future__ import annotations

import re
from collections.abc import Sequence

from questions.generation.damage import damage_blockers
from questions.generation.facts import Token
from questions.generation.lexicon import words
from questions.generation.nlp import normalised
from questions.generation.tree import SUBJECTS, Tree

MIN_STOP_WORD_SHARE = 0.15
"""English prose has 0.29 to 0.66, number lists 0.19, French 0.01."""
MIN_GATE_WORDS = 8
"""Fewer words than these say nothing of the language."""
MIN_TOKENS, MAX_TOKENS = 6, 60
MAX_QUOTED_WORDS = 4
MAX_DASHES = 2
LONG_WORD, MIN_LONG_WORDS = 4, 3
ARTICLES = frozenset({"the", "a", "an"})
OF_NOUNS = SUBJECTS | {"dobj", "pobj", "attr", "appos", "ROOT"}
"""What only a noun can be: where an article is, its noun was lost."""
MAX_RAISED_SHARE, MAX_SHOUTED_SHARE = 0.8, 0.4

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_REFERENCE = re.compile(
    r"\b(?:fig(?:ure|\.)|table|chapter|section|appendix|equation|exercise|page|pp?\.|box|panel)\s*\(?\d"
    r"|\(see\b|^see\b|\b(?:cf\.?|click|scroll|read more|learn more|illustrated in)\b"
    r"|\bas (?:shown|seen|described|discussed|mentioned) (?:above|below|in|on)\b"
    r"|\b(?:this|next|previous|later|earlier|following|other) (?:section|chapter|article|paragraph|lesson)"
    r"|\b(?:on|in) (?:the|this) (?:graph|diagram|chart|table|figure)\b"
    r"|\b(?:of|in) the chapter\b|\bas you (?:read|saw|will see|have seen|learned)\b"
    r"|\bin\s*\.$|https?://|www\.|@\w",
    re.IGNORECASE,
)
_ODD_SIGNS = re.compile(
    r"[•◦▪●■□►▶→⇒←↔★☆✓✔✗\[\]{}<>|\\^~=_#*\u00ad\u200b-\u200f\u2026\u202a-\u202e\u2060-\u2069\ufeff\ufffd]|\.\.\."
)
_ABBREVIATIONS = re.compile(r"\b(?:i\.e|e\.g|viz|etc|ibid|et al)\b", re.IGNORECASE)
_SPACED_DASH = re.compile(r"\s[-\u2013\u2014]\s|\u2014|\s--\s?")
_CONSEQUENCE = re.compile(
    r"^(?:Thus|Hence|Therefore|Consequently|Accordingly|Otherwise|Then|As a (?:result|consequence)(?! of)"
    r"|In (?:this|that) (?:way|case)|So,)\b",
)
"""What follows may hold under conditions told before."""
_SUPPOSED = re.compile(
    r"\b(?:if|unless|suppose|imagine|assume|would|could|might|when|whenever|until|once|say)\b|^Otherwise|^Then",
    re.IGNORECASE,
)
"""Where neither this sentence nor the one before has such a word, it is told as a fact."""
_BRACKETED = re.compile(r"\s?\([^()]*\)")
_QUOTED = re.compile(r'"([^"]*)"')


def is_english(text: str) -> bool:
    """Whether the share of English stop words is that of prose; short texts pass with one of them."""
    found = [word.lower() for word in _WORD.findall(normalised(text))]
    if not found:
        return False
    common = sum(word in words("stop_words") for word in found)
    if len(found) < MIN_GATE_WORDS:
        return common > 0
    return common / len(found) >= MIN_STOP_WORD_SHARE


def text_blockers(text: str, before: str = "") -> list[str]:
    """Reason codes that the words of a sentence give, after the one before it; empty when it is plain."""
    plain = normalised(text).strip()
    bare = _BRACKETED.sub("", plain)  # what stands in brackets is left out of every statement
    checks = {
        "question": "?" in plain or "!" in plain,
        "no_full_stop": not plain.endswith((".", "?", "!")),
        "reference": bool(_REFERENCE.search(bare)),
        "signs": bool(_ODD_SIGNS.search(bare) or _ABBREVIATIONS.search(bare)),
        "colon": ":" in re.sub(r"\d:\d", "", plain) or ";" in plain,
        "dash": len(_SPACED_DASH.findall(plain)) > MAX_DASHES,
        "consequence": bool(_CONSEQUENCE.search(plain)) and (not before or _is_supposed(plain, before)),
        "brackets": not _brackets_closed(plain),
        "quotation": _is_quoting(plain),
        "capitals": _is_capitalised(plain),
    }
    return [*(code for code, applies in checks.items() if applies), *damage_blockers(plain)]


def _is_supposed(text: str, before: str) -> bool:
    """Whether a sentence, or the one before it, tells of what is not surely so."""
    return bool(_SUPPOSED.search(text) or _SUPPOSED.search(before) or "?" in before)


def tree_blockers(tokens: Sequence[Token], tree: Tree) -> list[str]:
    """Reason codes that a sentence's parse gives; empty when it is one sentence with one finite verb."""
    found = []
    if not MIN_TOKENS <= len(tokens) <= MAX_TOKENS:
        found.append("length")
    if len(tree.roots) != 1:
        return [*found, "fell_apart"]
    root = tree.roots[0]
    if not tree.is_finite(root):
        found.append("no_finite_verb")
    subject = tree.subject(root)
    if subject is None:
        found.append("no_subject")
    elif subject > root:
        found.append("inverted")
    if any(token.text.lower() in ARTICLES and token.dep in OF_NOUNS for token in tokens):
        found.append("gap_in_words")
    return found


def _brackets_closed(text: str) -> bool:
    depth = 0
    for sign in text:
        depth += (sign == "(") - (sign == ")")
        if depth < 0:
            return False
    return depth == 0


def _is_quoting(text: str) -> bool:
    """Whether somebody's speech stands in it; a few words in quotation marks are no speech."""
    if text.count('"') % 2:
        return True
    if re.search(r"(?:^|\s)'\w|\w'(?=[\s.,;]|$)(?<!s')", text):
        return True
    return any(_is_speech(match[1]) or _is_misplaced(text, match) for match in _QUOTED.finditer(text))


def _is_speech(quoted: str) -> bool:
    return len(quoted.split()) > MAX_QUOTED_WORDS or quoted.rstrip().endswith((",", ".", "!", "?"))


def _is_misplaced(text: str, quoted: re.Match[str]) -> bool:
    """Whether a pair of quotation marks does not close around words: one of each side has lost its fellow."""
    before, after = text[quoted.start() - 1 : quoted.start()], text[quoted.end() : quoted.end() + 1]
    return quoted[1] != quoted[1].strip() or not quoted[1] or before.isalnum() or after.isalnum()


def _is_capitalised(text: str) -> bool:
    """Whether it is written like a heading: every long word with a capital."""
    found: list[str] = _WORD.findall(text)
    long_words = [word for word in found if len(word) >= LONG_WORD]
    raised = sum(word[0].isupper() for word in long_words)
    shouted = sum(word.isupper() for word in long_words)
    if len(long_words) < MIN_LONG_WORDS:
        return False
    return raised > MAX_RAISED_SHARE * len(long_words) or shouted > MAX_SHOUTED_SHARE * len(long_words)
