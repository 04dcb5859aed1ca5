"""Quotes or nothing: where in the text the words stand that a language model says stand there.

Only white space and the form of quotation marks may differ. A quote is then widened to whole sentences: a
part of one may have lost its "not".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from questions.generation.facts import SectionFacts, Sentence
from questions.generation.providers.chat import BadAnswer
from questions.generation.tree import Tree
from questions.reading.article import Article, Span

FEWEST_WORDS = 4
MOST_SENTENCES = 3
_MARKS = str.maketrans(
    dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc", "'")
    | dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb", '"')
)
_TO_THE_READER = re.compile(r"\b(?:you|your|yours|yourself)\b", re.IGNORECASE)
_OF_THE_TASK = re.compile(
    r"\b(?:(?:correct|right|wrong) (?:answer|option|choice)s?|answer key|multiple[- ]choice"
    r"|(?:the|these|those|previous|prior|above|all|any) (?:instruction|prompt)s?|system prompt)\b",
    re.IGNORECASE,
)
"""A text that speaks of the questions about it wants to steer whoever writes them."""


def find_quote(quote: str, facts: SectionFacts, article: Article) -> list[Sentence]:
    """The sentences of this section that a quote touches. Raises BadAnswer where it stands nowhere in it."""
    if len(quote.split()) < FEWEST_WORDS:
        raise BadAnswer(f"a quote of fewer than {FEWEST_WORDS} words says too little")
    places = places_of(quote, facts.section.text)
    if not places:
        elsewhere = any(places_of(quote, other.text) for other in article.sections)
        where = "of this section, but of another one" if elsewhere else "of the text"
        raise BadAnswer(f"the quoted words are not words {where}")
    if len(places) > 1:
        raise BadAnswer("the quoted words stand at more than one place")
    [place] = places
    touched = [one for one in facts.sentences if one.span.start < place.end and place.start < one.span.end]
    if not 1 <= len(touched) <= MOST_SENTENCES or len({one.block for one in touched}) > 1:
        raise BadAnswer("the quoted words are not one to three sentences of one paragraph")
    _refuse_what_tells_nothing(touched)
    return touched


def places_of(quote: str, text: str) -> list[Span]:
    """Where a text has these words, as whole words; spaces and the form of quotation marks may differ."""
    wanted, _ = _plain(quote)
    folded, origin = _plain(text)
    if not wanted:
        return []
    matches = re.finditer(rf"(?<!\w){re.escape(wanted)}(?!\w)", folded)
    return [Span(origin[match.start()], origin[match.end() - 1] + 1) for match in matches]


def _plain(text: str) -> tuple[str, list[int]]:
    """A text with single spaces and plain quotation marks, and where each of its signs came from."""
    signs: list[str] = []
    origin: list[int] = []
    for at, sign in enumerate(text.translate(_MARKS)):
        is_space = sign.isspace()
        if is_space and (not signs or signs[-1] == " "):
            continue
        signs.append(" " if is_space else sign)
        origin.append(at)
    if signs and signs[-1] == " ":
        signs.pop()
        origin.pop()
    return "".join(signs), origin


def _refuse_what_tells_nothing(sentences: Sequence[Sentence]) -> None:
    """Evidence tells a fact. An order, a question or a word to the reader proves nothing.

    So an instruction that somebody put into the article for language models is no evidence either.
    """
    for sentence in sentences:
        if any(blocker.startswith("not_") for blocker in sentence.blockers):
            raise BadAnswer("the quoted words are not English prose")
        if not _tells(sentence):
            raise BadAnswer("the quoted words do not tell anything: an order, a question or no sentence")
        if _TO_THE_READER.search(sentence.text) or _OF_THE_TASK.search(sentence.text):
            raise BadAnswer("the quoted words speak to the reader, or of questions and answers")


def _tells(sentence: Sentence) -> bool:
    """Whether its main verbs are finite and have subjects, and it does not ask."""
    if not sentence.tokens or "?" in sentence.text:
        return False
    tree = Tree(sentence.tokens)
    return all(tree.is_finite(root) and tree.subject(root) is not None for root in tree.roots)
