"""Who in a section can say or do something: persons, states and bodies by name, people and groups by kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from questions.generation import wordnet
from questions.generation.dangling import dangling
from questions.generation.facts import Actor, Entity, Mention, Sentence, Token
from questions.generation.tree import Tree, is_stretch
from questions.reading.article import Section, Span

MOST_TOKENS = 7
NAMED = frozenset({"PERSON", "COUNTRY"})
DETERMINERS = frozenset({"the", "a", "an"})
PLURAL, SINGULAR = "NNS", "NN"
VAGUE = frozenset({"person", "people", "man", "woman", "one", "other", "anyone", "author", "writer"})
"""Nouns that tell of nobody in particular who it is."""
PLAIN_DEPS = frozenset({"det", "amod", "compound", "nmod", "prep", "pobj", "poss", "case"})


def actors(
    section: Section,
    sentences: Sequence[Sentence],
    mentions: Sequence[Mention],
    entities: Mapping[str, Entity],
    known: AbstractSet[str],
) -> Iterator[Actor]:
    """Bodies and kinds of people that are subjects, in reading order; then persons and states by name."""
    for sentence in sentences:
        if not sentence.tokens or any(blocker.startswith("not_") for blocker in sentence.blockers):
            continue
        tree = Tree(sentence.tokens)
        here = [one for one in mentions if one.sentence == sentence.index]
        for number, token in enumerate(sentence.tokens):
            if token.dep == "nsubj" and tree.tokens[token.head].pos in {"VERB", "AUX"}:
                found = _subject(section, sentence, tree, number, here, entities, known)
                if found:
                    yield found
    for mention in mentions:
        entity = entities[mention.entity]
        if entity.label in NAMED and not _is_modifier(sentences[mention.sentence].tokens, mention):
            span = _with_article(section, mention.span)
            yield _actor(section, mention.sentence, span, entity.label, (*entity.aliases, mention.text))


def _is_modifier(tokens: Sequence[Token], mention: Mention) -> bool:
    """Whether the name belongs to what follows; a word in front of a person's may be a title or a trade."""
    after = tokens[mention.last + 1 : mention.last + 2]
    owns = bool(after) and (after[0].pos == "PROPN" or after[0].tag in {"HYPH", "POS"})
    is_part = tokens[mention.last].dep in {"compound", "amod", "nmod", "poss"}
    return owns or is_part or (mention.is_modifier and "PERSON" not in tokens[mention.last].ent)


def _subject(
    section: Section,
    sentence: Sentence,
    tree: Tree,
    number: int,
    mentions: Sequence[Mention],
    entities: Mapping[str, Entity],
    known: AbstractSet[str],
) -> Actor | None:
    """The noun phrase as an actor; None where it is none, or only the text around says which."""
    phrase = tree.subtree(number)
    inner = [tree.tokens[one] for one in phrase if one != number]
    if len(phrase) > MOST_TOKENS or not is_stretch(phrase) or any(one.dep not in PLAIN_DEPS for one in inner):
        return None
    if dangling(tree, phrase, known):
        return None
    span = Span(tree.tokens[phrase[0]].start, tree.tokens[phrase[-1]].end)
    head = tree.tokens[number]
    for mention in mentions:
        if mention.first <= number <= mention.last:
            entity = entities[mention.entity]
            is_body = entity.label == "ORG" and not wordnet.is_person(tree.tokens[phrase[0]].text.lower())
            aliases = (*entity.aliases, mention.text)
            return _actor(section, sentence.index, span, "ORG", aliases) if is_body else None
    kind = _kind(head, tree.tokens[phrase[0]])
    return _actor(section, sentence.index, span, kind, ()) if kind else None


def _kind(head: Token, first: Token) -> str:
    """The article and number of a common noun that means people or a group; empty for what cannot act."""
    lemma = head.lemma.lower()
    acts = wordnet.is_person(lemma) or wordnet.main_class(lemma) == "group"
    if head.pos != "NOUN" or lemma in VAGUE or not acts or first.pos in {"NUM", "PRON"}:
        return ""
    low = first.text.lower()
    if first.pos == "DET" and low not in DETERMINERS:
        return ""
    article = "a" if low in {"a", "an"} else low if low in DETERMINERS else ""
    return f"{article} {PLURAL if head.tag == PLURAL else SINGULAR}".strip()


def _with_article(section: Section, span: Span) -> Span:
    start = span.start - len("the ")
    return Span(start, span.end) if start >= 0 and section.text[start : span.start] == "the " else span


def _actor(section: Section, sentence: int, span: Span, kind: str, aliases: Sequence[str]) -> Actor:
    text = span.of(section.text)
    return Actor(section.id, sentence, span, text, kind, tuple(sorted({text, *aliases})))
