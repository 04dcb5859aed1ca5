"""Who and where: names put together over a whole article, because one sentence's label is often wrong."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from questions.generation import wordnet
from questions.generation.facts import Entity, EntityLabel, Mention, Sentence, Token
from questions.generation.lexicon import Country, country_forms, words
from questions.reading.article import Span

NAMED = frozenset({"PERSON", "GPE", "LOC", "NORP", "ORG", "FAC", "EVENT", "PRODUCT", "WORK_OF_ART", "LAW"})
LABELS: dict[str, EntityLabel] = {"PERSON": "PERSON", "GPE": "PLACE", "LOC": "PLACE", "FAC": "PLACE"}
LOCATING = frozenset({"in", "at", "from", "to", "near", "into", "toward", "towards"})
MODIFIER_DEPS = frozenset({"compound", "amod", "nmod", "poss"})
MAX_NAME_TOKENS = 4
MAX_SHORT_CAPITALS = 4
FULL_NAME = 2


@dataclass(frozen=True, slots=True)
class _Found:
    """A name in a sentence before anything is known of the whole article."""

    sentence: Sentence
    first: int
    last: int
    ent: str

    @property
    def text(self) -> str:
        """The name, its words joined by single spaces."""
        return " ".join(token.text for token in self.tokens)

    @property
    def tokens(self) -> Sequence[Token]:
        """The tokens of the name."""
        return self.sentence.tokens[self.first : self.last + 1]

    @property
    def before(self) -> str:
        """The word before it, in lower case."""
        return self.sentence.tokens[self.first - 1].text.lower().rstrip(".") if self.first else ""

    @property
    def is_modifier(self) -> bool:
        """Whether another name could not stand in its place: before a noun, in a longer name, possessive."""
        tokens = self.sentence.tokens
        if any(token.dep in MODIFIER_DEPS for token in self.tokens if not self._holds(token.head)):
            return True
        after = tokens[self.last + 1] if self.last + 1 < len(tokens) else None
        before = tokens[self.first - 1] if self.first else None
        joined_after = after and (after.pos == "PROPN" or after.tag in {"HYPH", "POS"} or after.text == "-")
        is_title = self.before in words("person_titles")
        joined_before = before and ((before.pos == "PROPN" and not is_title) or before.tag == "HYPH")
        return bool(joined_after or joined_before)

    def _holds(self, number: int) -> bool:
        return self.first <= number <= self.last


def consolidate(all_sentences: Iterable[Sentence]) -> tuple[Entity, ...]:
    """The entities of an article with all their mentions, by name."""
    sentences = list(all_sentences)
    found = [one for sentence in sentences for one in _names(sentence)]
    surnames = _surnames(found)
    marked: dict[tuple[str, int], set[int]] = defaultdict(set)
    for one in found:
        marked[one.sentence.section, one.sentence.index].update(range(one.first, one.last + 1))
    for sentence in sentences:
        found += _overlooked(sentence, marked[sentence.section, sentence.index], surnames)
    groups: dict[tuple[EntityLabel, str], list[_Found]] = defaultdict(list)
    votes: dict[str, Counter[EntityLabel]] = defaultdict(Counter)
    for one in found:
        votes[one.text].update(_votes(one))
    for one in found:
        label, name = _identity(one, votes[one.text], surnames)
        groups[label, name].append(one)
    return tuple(_entity(label, name, members) for (label, name), members in sorted(groups.items()))


def country_of(text: str) -> Country | None:
    """The country that a name, an adjective or a capital stands for."""
    return country_forms().get(text.lower().removeprefix("the "))


def same_referent(one: str, other: str) -> bool:
    """Whether two names may mean the same: equal, one inside the other, or forms of one country."""
    first, second = one.lower().removeprefix("the "), other.lower().removeprefix("the ")
    if first == second or set(first.split()) & set(second.split()):
        return True
    country = country_of(one)
    return country is not None and country == country_of(other)


def _names(sentence: Sentence) -> Iterator[_Found]:
    """Names that the parser or the list of countries finds, longest first, none inside another."""
    tokens = sentence.tokens
    number = 0
    while number < len(tokens):
        ent = tokens[number].ent
        length = _country_length(tokens, number)
        if ent == "PERSON" and length < _run(tokens, number):
            length = 0
        if length:
            yield _Found(sentence, number, number + length - 1, "GPE")
        elif ent in NAMED:
            length = _run(tokens, number)
            trimmed = _trimmed(sentence, number, number + length - 1, ent)
            if trimmed:
                yield trimmed
        number += max(1, length)


def _run(tokens: Sequence[Token], number: int) -> int:
    """How many tokens from here on have the same label."""
    length = 1
    while number + length < len(tokens) and tokens[number + length].ent == tokens[number].ent:
        length += 1
    return length


def _country_length(tokens: Sequence[Token], number: int) -> int:
    for length in range(min(MAX_NAME_TOKENS, len(tokens) - number), 0, -1):
        words_here = tokens[number : number + length]
        if all(token.text[:1].isupper() or token.text in {"of", "and"} for token in words_here):
            text = " ".join(token.text for token in words_here)
            if text.lower() in country_forms():
                return length
    return 0


def _trimmed(sentence: Sentence, first: int, last: int, ent: str) -> _Found | None:
    """Without the article before the name and the 's after it."""
    tokens = sentence.tokens
    while first <= last and (
        tokens[first].text.lower() in {"the", "a", "an"} or not tokens[first].text[0].isalnum()
    ):
        first += 1
    while last >= first and (tokens[last].tag == "POS" or not tokens[last].text[-1].isalnum()):
        last -= 1
    if ent == "PERSON" and first == 0 < last and wordnet.is_person(tokens[0].text.lower()):
        first = 1  # "Striker Lena Moss scored"
    if first > last or not any(token.text[:1].isupper() for token in tokens[first : last + 1]):
        return None
    return _Found(sentence, first, last, ent)


def _surnames(found: Sequence[_Found]) -> dict[str, str]:
    """Names that persons have in full or with a title, and what each part of them stands for.

    A last name that two persons share, or a first name, stands for nobody but itself.
    """
    full = {one.text for one in found if _is_full_name(one)}
    titled = {one.text for one in found if one.before in words("person_titles") and len(one.tokens) == 1}
    owners: dict[str, set[str]] = defaultdict(set)
    for name in sorted(full):
        owners[name].add(name)
        owners[name.split()[-1]].add(name)
    for name in sorted(full):  # "Xi Jinping" is called "Xi"
        first = name.split()[0]
        if first not in owners and any(one.text == first and one.ent == "PERSON" for one in found):
            owners[first].add(name)
    for name in titled:
        owners.setdefault(name, {name})
    return {part: next(iter(names)) if len(names) == 1 else part for part, names in owners.items()}


def _overlooked(sentence: Sentence, marked: set[int], surnames: dict[str, str]) -> Iterator[_Found]:
    """A person's last name that the parser did not mark."""
    for number, token in enumerate(sentence.tokens):
        if number not in marked and token.text in surnames and token.pos == "PROPN":
            yield _Found(sentence, number, number, "PERSON")


def _is_full_name(one: _Found) -> bool:
    names = [token.text for token in one.tokens]
    if len(names) < FULL_NAME or not _is_person_name(names):
        return False
    return one.ent == "PERSON" or names[0].lower() in words("person_titles")


def _is_person_name(names: Sequence[str]) -> bool:
    """Capitals (but for "von" and the like), no abbreviation, nothing that belongs to a place or building."""
    heads = words("place_heads")
    return all(
        (name[:1].isupper() and not name.isupper() and name.lower() not in heads)
        or (0 < place < len(names) - 1 and name.lower() in words("name_particles"))
        for place, name in enumerate(names)
    )


def _votes(one: _Found) -> Counter[EntityLabel]:
    """What a mention says of its kind; a mention before a noun says little."""
    label = LABELS.get(one.ent, "ORG" if one.ent == "ORG" else "NORP" if one.ent == "NORP" else "OTHER")
    weights: Counter[EntityLabel] = Counter({label: 1 if one.is_modifier else 2})
    if one.before in LOCATING and label == "PLACE":
        weights[label] += 2
    return weights


def _identity(one: _Found, votes: Counter[EntityLabel], surnames: dict[str, str]) -> tuple[EntityLabel, str]:
    text = one.text
    if text in surnames:
        return "PERSON", surnames[text]
    country = country_of(text)
    if country:
        return _country_label(country, text), country.name if _is_state(country, text) else text
    label = max(sorted(votes), key=lambda name: votes[name])
    low = set(text.lower().split())
    is_code = text.isupper() and len(text) <= MAX_SHORT_CAPITALS
    if is_code or text.lower() in words("sky") or low & words("event_heads"):
        label = "OTHER"
    elif low & words("place_heads") and label in {"PERSON", "PLACE", "ORG"}:
        label = "PLACE"
    elif label == "PERSON":  # one word, no title, no full name: nobody can say
        label = "PLACE" if votes["PLACE"] > 1 else "OTHER"
    return label, text


def _country_label(country: Country, text: str) -> EntityLabel:
    if text in {country.adjective, country.people}:
        return "NORP"
    return "PLACE" if text == country.capital else "COUNTRY"


def _is_state(country: Country, text: str) -> bool:
    return _country_label(country, text) == "COUNTRY"


def _entity(label: EntityLabel, name: str, members: Sequence[_Found]) -> Entity:
    country = country_of(name) if label == "COUNTRY" else None
    aliases = {name, *(one.text for one in members)}
    if country:
        aliases |= {country.name.removeprefix("the "), *country.aliases}
    mentions = tuple(_mention(name, one) for one in members)
    return Entity(name=name, label=label, aliases=tuple(sorted(aliases)), mentions=mentions)


def _mention(name: str, one: _Found) -> Mention:
    span = Span(one.sentence.tokens[one.first].start, one.sentence.tokens[one.last].end)
    return Mention(
        entity=name,
        section=one.sentence.section,
        sentence=one.sentence.index,
        first=one.first,
        last=one.last,
        span=span,
        text=one.text,
        is_modifier=one.is_modifier,
    )
