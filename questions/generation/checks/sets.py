"""Checks 22 to 28 and 30: what must hold between the items of an article."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, groupby
from math import comb

from questions.generation.checks.base import (
    Note,
    asks_for_unsupported,
    distractors,
    hard,
    has_choices,
    is_statement_choice,
    key_indexes,
    key_texts,
    right_pairs,
    statement_of,
    warning,
)
from questions.generation.checks.reference import Passage, Reference, word_run
from questions.generation.proposal import Finding
from questions.generation.words import content_stems, words
from questions.items.base import Item

SAME_STEM = 0.8
MOST_PER_SENTENCE = 2
SHARE_OF_MOST = 0.5
CUE_WORDS = 2
LONGEST_RUN = 3
POSITION_POINTS = 0.10
LEAST_CHANCE = 0.01
FEWEST_FOR_BALANCE = 20
FEWEST_FOR_SHARES = 12
FEWEST_JUDGED = 5
TRUE_SHARE = (0.4, 0.6)
LENGTH_CUE_SHARE = 0.35
TYPE_SHARE = 0.35
RECIPE_SHARE = 0.25
NEGATIVE_SHARE = 0.10
FEWEST_TYPES = 4
LONG_SECTION, LONG_SECTION_ITEMS = 150, 4
SHORT_SECTION = 50
NOT_PARSED = frozenset(("no_model", "not_english", "not_prose", "not_sentences"))
"""The reason codes under which nothing may stand on a parse."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a set, with what the set's checks need to know of it."""

    id: str
    section: str
    recipe: str
    item: Item
    needs_parse: bool = False


@dataclass(frozen=True, slots=True)
class ItemSet:
    """The items of an article, in order. `reasons` says why a section has few items or none."""

    entries: tuple[Entry, ...]
    reference: Reference
    reasons: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def by_section(self) -> dict[str, list[Entry]]:
        """The entries of each section that has some."""
        found: dict[str, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            found[entry.section].append(entry)
        return found


def same_words(one: set[str], other: set[str]) -> bool:
    """Whether two stems, given by their words, are nearly the same."""
    return len(one & other) >= SAME_STEM * len(one | other)


def gives_away(item: Item, evidence_stems: frozenset[str], other: Item) -> bool:
    """Whether `other` tells the key of `item`: it has the key's words and speaks of the same evidence.

    The stem of a statement choice speaks of its section, by whose heading it is named, and of no sentence.
    """
    if item.type in {"true_false", "ordering", "matching"}:
        return False
    keys = [text for text in key_texts(item) if words(text)]
    is_near = not is_statement_choice(other) and len(content_stems(other.stem) & evidence_stems) >= CUE_WORDS
    pairs = (statement_of(other, *pair) for pair in right_pairs(other))
    for text in (other.stem, *(option.text for option in other.options), *pairs):
        run = word_run(text)
        told = [key for key in keys if word_run(key) in run]
        if told and (is_near or _speaks_of(text, told[0], evidence_stems)):
            return True
    return False


def _speaks_of(text: str, key: str, evidence_stems: frozenset[str]) -> bool:
    """Whether a text has other words of the evidence beside the key's, as a whole statement has."""
    return len((content_stems(text) - content_stems(key)) & evidence_stems) > CUE_WORDS


def evidence_passages(item: Item, reference: Reference) -> list[Passage]:
    """The sentences of the text that the item's evidence touches."""
    return [
        passage
        for span in item.evidence
        for passage in reference.passages_of(span.section)
        if span.start < passage.span.end and passage.span.start < span.end
    ]


def asked_passages(item: Item, reference: Reference) -> list[Passage]:
    """The sentences that the item asks about: of its evidence those that share most with its words.

    A sentence that only says whom another means by "he" is not asked about. Whoever orders or matches is
    asked about every sentence.
    """
    if item.type in {"ordering", "matching"}:
        return evidence_passages(item, reference)
    texts = [item.stem, *(text for text in key_texts(item) if item.type != "true_false")]
    said = content_stems(" ".join(texts))
    passages = evidence_passages(item, reference)
    shared = [len(passage.stems & said) for passage in passages]
    most = max(shared, default=0)
    return [one for one, count in zip(passages, shared, strict=True) if count >= SHARE_OF_MOST * most]


def _no_repetition(items: ItemSet) -> Iterator[Note]:
    """22. No near-duplicate stems, at most two items per sentence, never the same evidence and key twice."""
    asked = [(entry, set(words(entry.item.stem))) for entry in items.entries]
    for (one, stem), (other, other_stem) in combinations(asked, 2):
        if same_words(stem, other_stem):
            yield hard(other.id, f"This question is nearly the same as “{one.item.stem[:60]}”.")
        if _asks_the_same(one.item, other.item):
            yield hard(other.id, "Another question has the same evidence and the same answer.")
    used: Counter[tuple[str, int]] = Counter()
    for entry in items.entries:
        places = {(p.section, p.span.start) for p in asked_passages(entry.item, items.reference)}
        used.update(places)
        if any(used[place] > MOST_PER_SENTENCE for place in places):
            yield hard(entry.id, f"More than {MOST_PER_SENTENCE} questions ask about one sentence.")


def _asks_the_same(one: Item, other: Item) -> bool:
    return bool(one.evidence) and (set(one.evidence), key_texts(one)) == (
        set(other.evidence),
        key_texts(other),
    )


def _no_cross_cues(items: ItemSet) -> Iterator[Note]:
    """23. No item of a section tells the key of another."""
    for entries in items.by_section().values():
        for entry in entries:
            stems = content_stems(" ".join(span.quote for span in entry.item.evidence))
            for other in entries:
                if other is not entry and gives_away(entry.item, stems, other.item):
                    yield hard(other.id, f"This question tells the answer of “{entry.item.stem[:60]}”.")


def _positions_are_balanced(items: ItemSet) -> Iterator[Note]:
    """24. The key stands in every position about equally often, and not in one for long."""
    for count, positions in _positions(items).items():
        total = len(positions)
        for position in range(count):
            share = positions.count(position)
            far = abs(share / total - 1 / count) > POSITION_POINTS
            if total >= FEWEST_FOR_BALANCE and far and _chance(share, total, 1 / count) < LEAST_CHANCE:
                yield warning(
                    "set", f"The right answer stands {share} of {total} times in place {position + 1}."
                )
    order = [key_indexes(entry.item)[0] for entry in items.entries if has_choices(entry.item)]
    if longest_run(order) > LONGEST_RUN:
        yield warning("set", f"More than {LONGEST_RUN} right answers in a row stand in the same place.")


def _positions(items: ItemSet) -> dict[int, list[int]]:
    """Key positions by number of options."""
    found: dict[int, list[int]] = defaultdict(list)
    for entry in items.entries:
        if has_choices(entry.item):
            found[len(entry.item.options)].append(key_indexes(entry.item)[0])
    return found


def longest_run(values: Sequence[object]) -> int:
    """The length of the longest run of one value."""
    return max((len(list(run)) for _, run in groupby(values)), default=0)


def _chance(hits: int, total: int, share: float) -> float:
    """Exact two-sided binomial probability of a count at least as unlikely as this one."""
    odds = [comb(total, k) * share**k * (1 - share) ** (total - k) for k in range(total + 1)]
    return sum(chance for chance in odds if chance <= odds[hits] * (1 + 1e-9))


def _judgements_are_balanced(items: ItemSet) -> Iterator[Note]:
    """25. Between 40 and 60 percent of the statements to judge are true."""
    verdicts = [key_texts(entry.item)[:1] for entry in items.entries if entry.item.type == "true_false"]
    share = verdicts.count(("True",)) / len(verdicts) if verdicts else 0.5
    if len(verdicts) >= FEWEST_JUDGED and not TRUE_SHARE[0] <= share <= TRUE_SHARE[1]:
        yield warning("set", f"{share:.0%} of the statements to judge are true.")


def _length_is_no_cue(items: ItemSet) -> Iterator[Note]:
    """26. The key is not the longest, and not the shortest, in more than about a third of the items."""
    chosen = [entry.item for entry in items.entries if has_choices(entry.item)]
    if len(chosen) < FEWEST_FOR_SHARES:
        return
    for word, sign in (("longest", 1), ("shortest", -1)):
        share = sum(key_is_extreme(item, sign) for item in chosen) / len(chosen)
        if share > LENGTH_CUE_SHARE:
            yield warning("set", f"In {share:.0%} of the questions the right answer is the {word}.")


def key_is_extreme(item: Item, sign: int) -> bool:
    """Whether the key alone is the longest (`sign` 1) or the shortest (`sign` -1) option."""
    key = sign * len(item.options[key_indexes(item)[0]].text)
    return all(key > sign * len(option.text) for _, option in distractors(item))


def _sections_are_covered(items: ItemSet) -> Iterator[Note]:
    """27. Sections with enough prose have enough items, in more than one third, or a reason why not."""
    chosen = items.by_section()
    for section in items.reference.article.sections:
        prose = sum(len(b.span.of(section.text).split()) for b in section.blocks if b.kind == "prose")
        wanted = LONG_SECTION_ITEMS if prose >= LONG_SECTION else 1 if prose >= SHORT_SECTION else 0
        entries = chosen.get(section.id, [])
        if len(entries) < wanted and not items.reasons.get(section.id):
            yield warning("set", f"The section “{section.label}” has {len(entries)} questions.")
        thirds = {third(entry.item, len(section.text)) for entry in entries}
        if len(entries) >= LONG_SECTION_ITEMS and len(thirds) == 1:
            yield warning("set", f"All questions on “{section.label}” ask about the same third of it.")


def third(item: Item, length: int) -> int:
    """In which third of a section of this length the item's evidence begins (0, 1 or 2)."""
    start = min((span.start for span in item.evidence), default=0)
    return min(3 * start // max(length, 1), 2)


def _set_is_diverse(items: ItemSet) -> Iterator[Note]:
    """28. At least four types in a large set; no type and no recipe has too great a share."""
    total = len(items.entries)
    types = Counter(entry.item.type for entry in items.entries)
    recipes = Counter(entry.recipe for entry in items.entries if entry.recipe)
    if total >= FEWEST_FOR_BALANCE and len(types) < FEWEST_TYPES:
        yield warning("set", f"The questions are of only {len(types)} types.")
    if total < FEWEST_FOR_SHARES:
        return
    for counts, limit in ((types, TYPE_SHARE), (recipes, RECIPE_SHARE)):
        for name, count in sorted(counts.items()):
            if count > limit * total:
                yield warning("set", f"{count} of {total} questions are of the kind “{name}”.")


def _few_negative_stems(items: ItemSet) -> Iterator[Note]:
    """12. At most a tenth of the stems are negative."""
    negative = sum(
        entry.item.type == "multiple_choice" and asks_for_unsupported(entry.item) for entry in items.entries
    )
    if negative > 1 and negative > NEGATIVE_SHARE * len(items.entries):
        yield warning("set", f"{negative} of {len(items.entries)} questions are negative.")


def _abstains_without_prose(items: ItemSet) -> Iterator[Note]:
    """30. Where the text is not English prose, there is no item that stands on a parse."""
    for entry in items.entries:
        if entry.needs_parse and NOT_PARSED & set(items.reasons.get(entry.section, ())):
            yield hard(
                entry.id, "This section is not English prose, so no sentence of it can be taken apart."
            )


SET_CHECKS: tuple[tuple[int, Callable[[ItemSet], Iterator[Note]]], ...] = (
    (12, _few_negative_stems),
    (22, _no_repetition),
    (23, _no_cross_cues),
    (24, _positions_are_balanced),
    (25, _judgements_are_balanced),
    (26, _length_is_no_cue),
    (27, _sections_are_covered),
    (28, _set_is_diverse),
    (30, _abstains_without_prose),
)
"""Check 29, that the same input gives the same bytes, cannot be seen on one set: the tests hold it."""


def verify_set(items: ItemSet) -> tuple[Finding, ...]:
    """Everything between the items that does not pass. A finding's field is the item's id, or "set"."""
    return tuple(dict.fromkeys(note.finding(number) for number, check in SET_CHECKS for note in check(items)))
