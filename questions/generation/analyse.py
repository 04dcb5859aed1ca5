"""From an article to facts: one parse of every sentence, one pass over each section, pools over the whole."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from questions.generation.actors import actors
from questions.generation.antecedents import Naming, named_tokens, namings, person_of
from questions.generation.causes import causes, consequences
from questions.generation.clauses import clauses
from questions.generation.damage import is_damaged, spoken, strange_words, with_strange_words
from questions.generation.dates import dates
from questions.generation.entities import consolidate
from questions.generation.events import events
from questions.generation.facts import ArticleFacts, Entity, Mention, SectionFacts, Sentence, Token
from questions.generation.gates import is_english, text_blockers, tree_blockers
from questions.generation.introduced import announced, introduced
from questions.generation.lexicon import words
from questions.generation.nlp import Nlp, normalised
from questions.generation.numbers import numbers
from questions.generation.purposes import purposes
from questions.generation.relations import attributions, conditionals
from questions.generation.tree import Tree
from questions.reading.article import Article, Section
from questions.reading.passage import sentences as sentence_spans

CONTENT_POS = frozenset({"NOUN", "VERB", "ADJ", "PROPN", "NUM", "ADV"})
DAMAGED = "not_sentences"
"""The reason code of a section that is verse, code, a bad scan or the like: its words cannot be trusted."""
OF_MAIN_CLAUSE = frozenset({"no_subject", "inverted"})
"""What is amiss with a main clause only: a subordinate one may still be a statement."""
MAX_SENTENCE_CHARS = 1_200
"""What is longer has no full stops: it is not parsed, and no statement is taken from it."""
_WORD = re.compile(r"[^\W_]+")


def analyse(article: Article, nlp: Nlp) -> ArticleFacts:
    """Everything that recipes and checks need to know of an article."""
    speeches = spoken(_prose(article))
    cut = [_cut(section, speeches) for section in article.sections]
    reasons = [_reasons(section, nlp) for section in article.sections]
    sentences = _parse(cut, [set(why) <= {"not_prose"} for why in reasons], nlp)
    strange = strange_words(one for section in sentences for one in section)
    sentences = [
        [replace(one, blockers=with_strange_words(one, strange)) for one in section] for section in sentences
    ]
    reasons = [
        (*why, DAMAGED) if is_damaged(section, strange) else why
        for why, section in zip(reasons, sentences, strict=True)
    ]
    entities = consolidate(one for section in sentences for one in section if not _is_unfit(one))
    mentions = defaultdict(list)
    for entity in entities:
        for mention in entity.mentions:
            mentions[mention.section].append(mention)
    known = announced(article)
    topic = person_of(article.title, sentences, entities)
    labels = {entity.name: entity for entity in entities}
    sections = tuple(
        _section(
            section,
            number,
            sentences[number],
            reasons[number],
            known | introduced(sentences[number]),
            mentions[section.id],
            topic,
            labels,
        )
        for number, section in enumerate(article.sections)
    )
    return ArticleFacts(
        article=article,
        sections=sections,
        entities=entities,
        topic=topic[0],
        model=nlp.name,
        notes=nlp.notes,
        index=_index(sections),
    )


def _prose(article: Article) -> Iterator[str]:
    for section in article.sections:
        yield from (block.span.of(section.text) for block in section.blocks if block.kind == "prose")


def _cut(section: Section, speeches: AbstractSet[str]) -> list[Sentence]:
    """The section's sentences, before anything is known of them but their block."""
    found: list[Sentence] = []
    for block_number, block in enumerate(section.blocks):
        unfit = () if block.kind == "prose" else (f"not_prose:{block.kind}",)
        if block.kind == "prose" and not is_english(block.span.of(section.text)):
            unfit = ("not_english",)
        elif block.kind == "prose" and block.span.of(section.text) in speeches:
            unfit = ("not_prose:speech",)
        for span in sentence_spans(section.text, block.span.start, block.span.end):
            text = span.of(section.text)
            found.append(
                Sentence(
                    section=section.id,
                    index=len(found),
                    block=block_number,
                    span=span,
                    text=text,
                    content=_plain_content(text),
                    blockers=(*unfit, *text_blockers(text, found[-1].text if found else "")),
                )
            )
    return found


def _reasons(section: Section, nlp: Nlp) -> tuple[str, ...]:
    """Why a section gives no parsed facts, as codes."""
    prose = [block.span.of(section.text) for block in section.blocks if block.kind == "prose"]
    found = [] if prose else ["not_prose"]
    if not is_english("\n".join(prose) or section.text):
        found.append("not_english")
    if not nlp.name:
        found.append("no_model")
    return tuple(found)


def _parse(sections: Sequence[list[Sentence]], wanted: Sequence[bool], nlp: Nlp) -> list[list[Sentence]]:
    """Every fit sentence of the wanted sections with its tokens, all parsed together."""
    fit = [
        [is_wanted and _is_parsable(sentence) for sentence in section]
        for section, is_wanted in zip(sections, wanted, strict=True)
    ]
    texts = [
        sentence.text
        for section, marks in zip(sections, fit, strict=True)
        for sentence, mark in zip(section, marks, strict=True)
        if mark
    ]
    trees = iter(nlp.parse(texts))
    return [
        [_with_tokens(one, next(trees)) if mark else one for one, mark in zip(section, marks, strict=True)]
        for section, marks in zip(sections, fit, strict=True)
    ]


def _is_parsable(sentence: Sentence) -> bool:
    code = any(
        blocker in {"not_prose:code", "not_prose:fragment", "not_english"} for blocker in sentence.blockers
    )
    return not code and len(sentence.text) <= MAX_SENTENCE_CHARS


def _is_unfit(sentence: Sentence) -> bool:
    return any(blocker.startswith("not_") for blocker in sentence.blockers)


def _with_tokens(sentence: Sentence, tokens: Sequence[Token]) -> Sentence:
    start = sentence.span.start
    moved = tuple(replace(token, start=token.start + start, end=token.end + start) for token in tokens)
    found = tree_blockers(moved, Tree(moved)) if moved else ["no_parse"]
    return replace(sentence, tokens=moved, content=content(moved), blockers=(*sentence.blockers, *found))


def content(tokens: Iterable[Token]) -> frozenset[str]:
    """Lower-case lemmas of content words."""
    return frozenset(
        token.lemma.lower()
        for token in tokens
        if token.pos in CONTENT_POS and token.text.lower() not in words("stop_words")
    )


def _plain_content(text: str) -> frozenset[str]:
    found = (word.lower() for word in _WORD.findall(normalised(text)))
    return frozenset(word for word in found if word not in words("stop_words"))


def _section(
    section: Section,
    number: int,
    sentences: Sequence[Sentence],
    reasons: tuple[str, ...],
    known: AbstractSet[str],
    mentions: Sequence[Mention],
    topic: tuple[str, str],
    labels: Mapping[str, Entity],
) -> SectionFacts:
    if reasons:
        return SectionFacts(section=section, index=number, sentences=tuple(sentences), reasons=reasons)
    facts = SectionFacts(section=section, index=number, sentences=())
    named = namings(sentences, mentions, labels.values(), topic)
    done = [_add(facts, section, sentence, known, named.get(sentence.index)) for sentence in sentences]
    acting = actors(section, [one.sentences[0] for one in done], mentions, labels, known)
    found = tuple(one.sentences[0] for one in done)
    return SectionFacts(
        section=section,
        index=number,
        sentences=found,
        clauses=tuple(clause for one in done for clause in one.clauses),
        mentions=tuple(sorted(mentions, key=lambda mention: mention.span)),
        numbers=tuple(fact for one in done for fact in one.numbers),
        dates=tuple(fact for one in done for fact in one.dates),
        attributions=tuple(fact for one in done for fact in one.attributions),
        actors=tuple(acting),
        conditionals=tuple(fact for one in done for fact in one.conditionals),
        causes=(*(fact for one in done for fact in one.causes), *consequences(section, found)),
        events=tuple(fact for one in done for fact in one.events),
    )


def _add(
    empty: SectionFacts,
    section: Section,
    sentence: Sentence,
    known: AbstractSet[str],
    naming: Naming | None = None,
) -> SectionFacts:
    """The facts of one sentence, as those of a section that has no other."""
    if not sentence.tokens or _is_unfit(sentence):
        return replace(empty, sentences=(sentence,))
    found_dates = tuple(dates(sentence))
    found_numbers = tuple(numbers(sentence, [date.span for date in found_dates]))
    if not set(sentence.blockers) <= OF_MAIN_CLAUSE:
        return replace(empty, sentences=(sentence,), numbers=found_numbers, dates=found_dates)
    tree = Tree(sentence.tokens)
    own = Tree(named_tokens(sentence.tokens, naming)) if naming else tree
    found = clauses(section, sentence.index, own, known, naming)
    done = replace(sentence, clauses=found, blockers=() if found else sentence.blockers)
    return replace(
        empty,
        sentences=(done,),
        clauses=done.clauses,
        numbers=found_numbers,
        dates=found_dates,
        attributions=tuple(attributions(section, done, tree, known)),
        conditionals=tuple(conditionals(section, done, tree, known)),
        causes=(
            *causes(section, done, own, known, naming),
            *purposes(section, done, own, known, naming),
        ),
        events=tuple(events(section, done, tree, found_dates)),
    )


def _index(sections: Sequence[SectionFacts]) -> dict[str, frozenset[tuple[int, int]]]:
    places: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for section in sections:
        for sentence in section.sentences:
            for lemma in sentence.content:
                places[lemma].add((section.index, sentence.index))
    return {lemma: frozenset(places[lemma]) for lemma in sorted(places)}
