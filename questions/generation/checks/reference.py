"""What checks look words up in: the article's sentences with an index from words to sentences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from questions.generation.facts import ArticleFacts, Token
from questions.generation.lexicon import country_forms
from questions.generation.nlp import Nlp
from questions.generation.words import content_stems, same_form, words
from questions.reading.article import Article, Section, Span
from questions.reading.passage import sentences


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence of the article, ready to be compared."""

    section: str
    span: Span
    text: str
    run: str
    """Its words with one space around each, so that `" two words " in run` finds a run of whole words."""
    stems: frozenset[str]


def word_run(text: str) -> str:
    """The words of a text with one space around each."""
    return f" {' '.join(words(text))} "


class Reference:
    """An article to check items against. Built once per article; facts add names and their aliases."""

    def __init__(self, article: Article, facts: ArticleFacts | None = None, nlp: Nlp | None = None) -> None:
        self.article = article
        self.facts = facts
        self._nlp = nlp
        self._parses: dict[str, tuple[Token, ...]] = {}
        self.sections: dict[str, Section] = {section.id: section for section in article.sections}

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """Every sentence of the article."""
        return tuple(self._read_passages())

    @cached_property
    def stems(self) -> frozenset[str]:
        """The content stems of the whole article, with its headings."""
        headings = [content_stems(section.heading) for section in self.article.sections]
        return frozenset().union(*headings, *(passage.stems for passage in self.passages))

    @cached_property
    def _by_section(self) -> dict[str, list[Passage]]:
        found: dict[str, list[Passage]] = defaultdict(list)
        for passage in self.passages:
            found[passage.section].append(passage)
        return found

    def passages_of(self, section_id: str) -> list[Passage]:
        """The sentences of one section, in order; none for an unknown section."""
        return self._by_section.get(section_id, [])

    def _read_passages(self) -> Iterator[Passage]:
        for section in self.article.sections:
            for block in section.blocks:
                for span in sentences(section.text, block.span.start, block.span.end):
                    text = span.of(section.text)
                    yield Passage(section.id, span, text, word_run(text), content_stems(text))

    @cached_property
    def _postings(self) -> dict[str, set[int]]:
        index: dict[str, set[int]] = defaultdict(set)
        for number, passage in enumerate(self.passages):
            for stem in passage.stems:
                index[stem].add(number)
        return index

    def with_all(self, stems: Iterable[str]) -> list[Passage]:
        """The sentences that have every one of these stems; none for no stems."""
        found: set[int] | None = None
        for stem in stems:
            here = self._postings.get(stem, set())
            found = set(here) if found is None else found & here
            if not found:
                return []
        return [self.passages[number] for number in sorted(found or ())]

    def saying(self, text: str) -> list[Passage]:
        """The sentences in which these very words stand one after the other."""
        run = word_run(text)
        return [passage for passage in self.with_all(content_stems(text)) if run in passage.run]

    @cached_property
    def _names(self) -> dict[str, str]:
        names: dict[str, str] = {}
        for entity in self.facts.entities if self.facts else ():
            for alias in entity.aliases:
                names.setdefault(same_form(alias), entity.name)
        return names

    @cached_property
    def place_words(self) -> frozenset[str]:
        """The words, in small letters, that name countries, places and peoples, and no person."""
        named: dict[bool, set[str]] = {True: set(), False: set()}
        for entity in self.facts.entities if self.facts else ():
            found = {word for alias in entity.aliases for word in words(alias)}
            if entity.label in {"PERSON", "COUNTRY", "PLACE", "NORP"}:
                named[entity.label == "PERSON"] |= found
        return frozenset(named[False] - named[True])

    @cached_property
    def person_words(self) -> frozenset[str]:
        """The words, in small letters, that name persons of the article, and nothing else."""
        return frozenset(
            word
            for entity in (self.facts.entities if self.facts else ())
            if entity.label == "PERSON"
            for alias in entity.aliases
            for word in words(alias)
            if word not in self.place_words
        )

    def name_of(self, text: str) -> str:
        """The one name of whoever is called so: in this article, or among the states of the world."""
        form = same_form(text)
        country = country_forms().get(form)
        return self._names.get(form) or (country.name if country else "")

    def called(self, text: str) -> frozenset[str]:
        """Every form under which what a text names may be meant; the text itself when it names nobody."""
        name, country = self._names.get(same_form(text)), country_forms().get(same_form(text))
        aliases = self.facts.entity(name).aliases if name and self.facts else ()
        return frozenset({text, *aliases, *(country.forms if country else ())})

    def label_of(self, text: str) -> str:
        """What kind of entity a text names ("PERSON", "COUNTRY", ...); empty where it names none."""
        name = self._names.get(same_form(text))
        return self.facts.entity(name).label if name and self.facts else ""

    def warm(self, texts: Iterable[str]) -> None:
        """Parse sentences together that will be asked for one by one: that costs half as much."""
        new = [text for text in dict.fromkeys(texts) if text not in self._parses]
        if self._nlp is not None and new:
            self._parses.update(zip(new, self._nlp.parse(new), strict=True))

    def parse(self, text: str) -> tuple[Token, ...]:
        """The tokens of a sentence, parsed once; empty where there is no parser."""
        if self._nlp is None:
            return ()
        if text not in self._parses:
            self._parses[text] = self._nlp.parse([text])[0]
        return self._parses[text]
