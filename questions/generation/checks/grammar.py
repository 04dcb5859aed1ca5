"""Grammar that can be checked by form or by one parse: a and an, one root, agreement of subject and verb."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from questions.generation import wordnet
from questions.generation.facts import Token

_ARTICLE = re.compile(r"\b(an?) (\w[\w.-]*)", re.IGNORECASE)
_AUXILIARY = re.compile(
    r"\b(can|could|may|might|must|shall|should|will|would) (\w+(?:ing|ed))\b", re.IGNORECASE
)
_LIKE_CONSONANT = re.compile(
    r"uni(?![nm])|unan|eu|ew|use|usu|uti|u\b|uk\b|us\b|usa\b|ukr|uga|u[bcfhjkqrst][aeiou]|one|once|oui",
    re.IGNORECASE,
)
_LIKE_VOWEL = re.compile(r"hour|honest|honou?r|heir|8|11\b|18\b|[FHLMNRSX](?=[A-Z0-9]|\b)")
SUBJECTS = frozenset(("nsubj", "nsubjpass", "csubj", "csubjpass", "expl"))
_FINITE = frozenset(("VBD", "VBP", "VBZ", "MD"))
_SINGULAR, _PLURAL = frozenset(("NN", "NNP")), frozenset(("NNS", "NNPS"))
_PLURAL_VERBS = frozenset(("are", "were", "have", "do"))
_SINGULAR_VERBS = frozenset(("is", "was", "has", "does"))


def article_errors(text: str) -> Iterator[str]:
    """The pairs of words where the article does not fit by its sound, as "a apple"."""
    for match in _ARTICLE.finditer(text):
        article, word = match[1], match[2]
        is_letter = article == "A" and match.start() > 0  # "group A is"
        if not is_letter and (article.casefold() == "an") != _sounds_like_vowel(word):
            yield match[0]


def _sounds_like_vowel(word: str) -> bool:
    if _LIKE_VOWEL.match(word):
        return True
    return word[0].casefold() in "aeiou" and not _LIKE_CONSONANT.match(word)


def verb_errors(text: str) -> Iterator[str]:
    """The pairs of an auxiliary and a form that never follows it, as "should leaning"."""
    for match in _AUXILIARY.finditer(text):
        if not wordnet.knows(match[2].casefold(), "v") and wordnet.knows(_base(match[2].casefold()), "v"):
            yield match[0]


def _base(word: str) -> str:
    return word.removesuffix("ing").removesuffix("ed")


def broken_parse(tokens: Sequence[Token], *, is_question: bool) -> str:
    """What is wrong with a sentence, in a few words; empty where it is whole, or was not parsed."""
    if not tokens:
        return ""
    roots = [place for place, token in enumerate(tokens) if token.head == place]
    if len(roots) != 1:
        return "it falls into parts"
    root = roots[0]
    if not _has_finite_verb(tokens, root):
        return "it has no finite verb"
    subjects = [place for place, token in enumerate(tokens) if token.head == root and token.dep in SUBJECTS]
    if not subjects and not is_question:
        return "its verb has no subject"
    return _disagreement(tokens, root, subjects)


def _has_finite_verb(tokens: Sequence[Token], root: int) -> bool:
    return tokens[root].tag in _FINITE or any(
        token.head == root and token.dep in {"aux", "auxpass"} and token.tag in _FINITE for token in tokens
    )


def _disagreement(tokens: Sequence[Token], root: int, subjects: Sequence[int]) -> str:
    """A clear clash of number between a simple noun subject and its verb."""
    nouns = [place for place in subjects if tokens[place].dep in {"nsubj", "nsubjpass"}]
    if len(nouns) != 1 or _is_compound(tokens, nouns[0]):
        return ""
    subject = tokens[nouns[0]]
    verb = next(
        (token for token in tokens if token.head == root and token.dep in {"aux", "auxpass"}), tokens[root]
    )
    word = verb.text.casefold()
    if subject.tag in _PLURAL and subject.tag != "NNPS" and (word in _SINGULAR_VERBS):
        return f"“{subject.text} {verb.text}” do not agree"
    if subject.tag == "NN" and word in _PLURAL_VERBS and not _names_many(tokens, nouns[0]):
        return f"“{subject.text} {verb.text}” do not agree"
    return ""


def _is_compound(tokens: Sequence[Token], place: int) -> bool:
    return any(token.head == place and token.dep in {"conj", "cc"} for token in tokens)


def _names_many(tokens: Sequence[Token], place: int) -> bool:
    """Whether the subject takes either number ("a number of", "the majority of", "five percent")."""
    return any(token.head == place and token.dep == "prep" for token in tokens) or any(
        token.head == place and token.dep in {"nummod", "amod", "compound", "quantmod"} for token in tokens
    )
