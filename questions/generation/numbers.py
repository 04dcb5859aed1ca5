"""Numbers in sentences: their value, what they count, and what "at least" and "about" do to them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from questions.generation.facts import Hedge, NumberFact, Sentence, Token
from questions.reading.article import Span

SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
UNITS = {word: value for value, word in enumerate(SMALL)}
TEN_NAMES = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
TENS = {word: 10 * value for value, word in enumerate(TEN_NAMES, start=2)}
SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 10**9, "trillion": 10**12}
_DIGITS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")

AT_LEAST = (
    "at least",
    "more than",
    "over",
    "above",
    "no fewer than",
    "no less than",
    "not less than",
    "upwards of",
)
AT_MOST = (
    "within",
    "at most",
    "up to",
    "less than",
    "fewer than",
    "under",
    "below",
    "no more than",
    "not more than",
)
ABOUT = (
    "about", "around", "approximately", "roughly", "some", "almost", "nearly", "close to", "an estimated",
    "estimated", "just over", "just under", "a little over", "a little under", "well over", "only about",
)  # fmt: skip
HEDGES: tuple[tuple[Hedge, tuple[str, ...]], ...] = (
    ("about", ABOUT),
    ("at_most", AT_MOST),
    ("at_least", AT_LEAST),
)
RANGE_WORDS = frozenset({"to", "and", "or", "-", "between", "by", "through"})
COUNTED_FROM = frozenset({"last", "past", "first", "next", "final", "opening", "closing"})
"""Whoever scores in the last ten minutes scores in the last twenty, too."""
BETWEEN = frozenset({"the", "past", "last", "first", "next", "final", "a", "another"})
"""What may stand between "at least" and its number."""
NAME_ENTS = frozenset({"ORDINAL", "PRODUCT", "ORG", "FAC", "EVENT"})
HUNDRED, FOUR_DIGITS = 100, 4
DASHES = frozenset({"-", "\u2013", "\u2014", "/"})


def numbers(sentence: Sentence, dated: Sequence[Span]) -> Iterator[NumberFact]:
    """The plain numbers of a sentence: no dates, ranges, ordinals, prices, or parts of names."""
    tokens = sentence.tokens
    number = 0
    while number < len(tokens):
        last = _last(tokens, number)
        if last is None:
            number += 1
            continue
        fact = _fact(sentence, number, last, dated)
        if fact:
            yield fact
        number = last + 1


def parsed(text: str) -> float | None:
    """The value of a number in figures ("12,760", "5.5 million") or words ("thirty-two thousand")."""
    total, current, seen = 0.0, 0.0, False
    for word in re.split(r"[\s-]+", text.lower()):
        if _DIGITS.fullmatch(word):
            current, seen = current + float(word.replace(",", "")), True
        elif word in UNITS or word in TENS:
            current, seen = current + UNITS.get(word, TENS.get(word, 0)), True
        elif word == "hundred":
            current, seen = (current or 1) * HUNDRED, True
        elif word in SCALES:
            total, current, seen = total + (current or 1) * SCALES[word], 0.0, True
        elif word != "and" or not seen:
            return None
    return total + current if seen else None


def in_words(value: int) -> str:
    """A whole number from 0 to 999,999 in words."""
    if value >= SCALES["thousand"]:
        rest = value % SCALES["thousand"]
        head = f"{in_words(value // SCALES['thousand'])} thousand"
        return f"{head} {in_words(rest)}" if rest else head
    if value >= HUNDRED:
        rest = value % HUNDRED
        head = f"{in_words(value // HUNDRED)} hundred"
        return f"{head} and {in_words(rest)}" if rest else head
    by_value = {number: word for word, number in (UNITS | TENS).items()}
    if value in by_value:
        return by_value[value]
    return f"{by_value[value - value % 10]}-{by_value[value % 10]}"


def like(text: str, value: float) -> str:
    """A value written as `text` is: in words or figures, with its commas, decimals and "million"."""
    scale = next((word for word in SCALES if text.lower().endswith(" " + word)), "")
    figure = text[: -len(scale)].strip() if scale else text
    if scale and _DIGITS.fullmatch(figure):
        return f"{like(figure, value / SCALES[scale])} {scale}"
    if not _DIGITS.fullmatch(figure):
        spelled = in_words(round(value))
        return spelled[:1].upper() + spelled[1:] if text[:1].isupper() else spelled
    decimals = len(figure.partition(".")[2])
    groups = "," if "," in figure or len(figure) < FOUR_DIGITS else ""  # "2900 kilometres" has none
    return f"{value:{groups}.{decimals}f}"


def _last(tokens: Sequence[Token], first: int) -> int | None:
    """The last token of the number that begins here."""
    if not _is_number(tokens[first]):
        return None
    last = first
    while last + 1 < len(tokens):
        token = tokens[last + 1]
        is_hyphen = token.text == "-" and last + 2 < len(tokens) and token.start == tokens[last].end
        if _is_number(token) and not _DIGITS.fullmatch(token.text):
            last += 1
        elif is_hyphen and tokens[last + 2].text.lower() in UNITS and tokens[last].text.lower() in TENS:
            last += 2
        else:
            break
    return last


def _is_number(token: Token) -> bool:
    low = token.text.lower()
    return bool(_DIGITS.fullmatch(low)) or low in UNITS or low in TENS or low in SCALES


def _fact(sentence: Sentence, first: int, last: int, dated: Sequence[Span]) -> NumberFact | None:
    tokens = sentence.tokens
    text = " ".join(token.text for token in tokens[first : last + 1]).replace(" - ", "-")
    span = Span(tokens[first].start, tokens[last].end)
    value = parsed(text)
    if value is None or not _is_plain(tokens, first, last):
        return None
    if any(date.start < span.end and span.start < date.end for date in dated):
        return None
    return NumberFact(
        section=sentence.section,
        sentence=sentence.index,
        span=span,
        text=text,
        value=value,
        unit=_unit(tokens, last),
        hedge=_hedge(tokens, first),
        first=first,
        last=last,
    )


def _is_plain(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Not in a name, a price, a range, a list of numbers, a compound, nor an ordinal."""
    before = tokens[first - 1] if first else None
    after = tokens[last + 1] if last + 1 < len(tokens) else None
    if any(token.ent in NAME_ENTS for token in tokens[first : last + 1]):
        return False
    if before and (before.tag in {"HYPH", "$", "#"} or before.text in DASHES or _names(before)):
        return False
    if after and (after.pos == "PROPN" or after.tag in {"HYPH", "$"} or after.text in {*DASHES, "'", ":"}):
        return False
    return not _in_range(tokens, first, last)


def _names(token: Token) -> bool:
    """Whether a word with a number after it is a name: "Explorer 1"."""
    return token.pos in {"PROPN", "SYM"} or (token.pos == "NOUN" and token.text[:1].isupper())


def _in_range(tokens: Sequence[Token], first: int, last: int) -> bool:
    near = [*range(max(0, first - 4), first), *range(last + 1, min(len(tokens), last + 5))]
    others = [number for number in near if _is_number(tokens[number]) and tokens[number].tag == "CD"]
    for other in others:
        between = tokens[min(other, last) + 1 : max(other, first)]
        if any(token.text.lower() in RANGE_WORDS for token in between) or len(between) <= 1:
            return True
    return bool(first) and tokens[first - 1].text.lower() == "between"


def _unit(tokens: Sequence[Token], last: int) -> str:
    """What is counted or measured: %, or the noun the number belongs to."""
    after = tokens[last + 1] if last + 1 < len(tokens) else None
    if after and after.text in {"%", "percent"}:
        return "%"
    head = tokens[tokens[last].head]
    if tokens[last].dep in {"nummod", "quantmod", "compound", "amod"} and head.pos in {"NOUN", "PROPN"}:
        return head.lemma.lower()
    return after.lemma.lower() if after and after.pos == "NOUN" else ""


def _hedge(tokens: Sequence[Token], first: int) -> Hedge:
    is_counted = bool(first) and tokens[first - 1].text.lower() in COUNTED_FROM
    while first and tokens[first - 1].text.lower() in BETWEEN:
        first -= 1
    before = " ".join(token.text.lower() for token in tokens[max(0, first - 4) : first])
    for hedge, phrases in HEDGES:
        if any(before == phrase or before.endswith(" " + phrase) for phrase in phrases):
            return hedge
    return "at_most" if is_counted else "exact"
