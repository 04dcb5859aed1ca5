"""Whom "he" means at the start of a sentence, and what "it": only where nothing else can be meant.

Pronoun reference is where question generators fail most (Satria & Tokunaga 2017: 53 % acceptable). So a
pronoun is resolved here for one case only: it is the subject of its sentence, and in what stands before there
is one candidate. The name then takes the pronoun's place in every statement of the sentence.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from questions.generation import wordnet
from questions.generation.binding import FEMININE, MASCULINE, agrees, is_head
from questions.generation.dangling import dangling
from questions.generation.facts import Entity, Mention, Sentence, Token
from questions.generation.tree import SUBJECTS, Tree, is_stretch

PERSONAL = frozenset({"he", "she"})
POSSESSIVE = frozenset({"his", "her"})
THINGS = frozenset({"it", "they"})
MAX_PHRASE_TOKENS = 6
FEWEST_MENTIONS, MOSTLY = 3, 0.85
WORD = re.compile(r"[^\W\d_]+")
ATTRIBUTED = frozenset({"attr", "appos", "compound", "nmod", "poss"})


@dataclass(frozen=True, slots=True)
class Naming:
    """The pronoun with this number in its sentence stands for `name`, which sentence `told_in` gives."""

    number: int
    name: str
    told_in: int
    is_person: bool


def person_of(
    title: str, sections: Iterable[Iterable[Sentence]], entities: Iterable[Entity]
) -> tuple[str, str]:
    """Whom the article is about, and "he" or "she": the one person in its title; else two empty texts."""
    in_title = set(WORD.findall(title))
    found = [
        entity.name
        for entity in entities
        if entity.label == "PERSON"
        and entity.name.split()[-1] in in_title
        and len(entity.mentions) >= FEWEST_MENTIONS
    ]
    if len(found) != 1:
        return ("", "")
    low = Counter(token.text.lower() for some in sections for one in some for token in one.tokens)
    he, she = (sum(low[word] for word in words) for words in (MASCULINE, FEMININE))
    more, word = max((he, "he"), (she, "she"))
    return (found[0], word) if more >= MOSTLY * (he + she) and more else ("", "")


def namings(
    sentences: Sequence[Sentence],
    mentions: Iterable[Mention],
    entities: Iterable[Entity],
    topic: tuple[str, str] = ("", ""),
) -> dict[int, Naming]:
    """For the sentences of one section, by number: whom or what their pronoun subject stands for.

    `topic` is whom the article is about, as `person_of` finds it.
    """
    persons = {entity.name for entity in entities if entity.label == "PERSON"}
    by_sentence: dict[int, list[Mention]] = {}
    for mention in mentions:
        if mention.entity in persons:
            by_sentence.setdefault(mention.sentence, []).append(mention)
    found: dict[int, Naming] = {}
    for sentence in sentences:
        pronoun = _pronoun_subject(sentence)
        if pronoun is None:
            continue
        word = sentence.tokens[pronoun].text.lower()
        before = [one for one in sentences[: sentence.index] if one.block == sentence.block]
        if word in PERSONAL | POSSESSIVE:
            naming = _person(sentence, pronoun, before, by_sentence)
            naming = naming or _topic(sentence, pronoun, before, by_sentence, topic)
        else:
            naming = _thing(sentence, pronoun, before[-1:], found)
        if naming:
            found[sentence.index] = naming
    return found


def _pronoun_subject(sentence: Sentence) -> int | None:
    """The number of the pronoun that is the sentence's subject, or begins it ("her lamps")."""
    if not sentence.tokens:
        return None
    tree = Tree(sentence.tokens)
    if len(tree.roots) != 1:
        return None
    subject = tree.child(tree.roots[0], "nsubj", "nsubjpass")
    if subject is None or subject > tree.roots[0]:
        return None
    owner = tree.child(subject, "poss")
    number = subject if owner is None else owner
    wanted = PERSONAL | THINGS if owner is None else POSSESSIVE
    before = sentence.tokens[:number]
    is_early = not any(
        token.dep in SUBJECTS or (token.pos == "PROPN" and token.ent != "DATE") for token in before
    )
    return number if is_early and sentence.tokens[number].text.lower() in wanted else None


def _person(
    sentence: Sentence,
    pronoun: int,
    before: Sequence[Sentence],
    mentions: Mapping[int, Sequence[Mention]],
) -> Naming | None:
    """The one person whom the paragraph has named so far, if nobody else was spoken of."""
    named = [mention for one in before for mention in mentions.get(one.index, ())]
    if len({mention.entity for mention in named}) != 1:
        return None
    word = sentence.tokens[pronoun].text.lower()
    others = FEMININE if word in MASCULINE else MASCULINE
    near = [*before, sentence]
    if any(token.text.lower() in others for one in near for token in one.tokens):
        return None
    if any(_other_person(one, mentions.get(one.index, ())) for one in before):
        return None
    here = [mention for mention in mentions.get(sentence.index, ()) if mention.first < pronoun]
    teller = next((one for one in reversed(named) if _is_told(sentence_of(before, one), one)), None)
    if here or teller is None:
        return None
    longest = max(named, key=lambda one: (len(one.text), one.span))
    name = _bare(longest.text)
    owned = "\u2019s" if "\u2019" in "".join(one.text for one in near) else "'s"
    return Naming(pronoun, name + owned if word in POSSESSIVE else name, longest.sentence, is_person=True)


def _topic(
    sentence: Sentence,
    pronoun: int,
    before: Sequence[Sentence],
    mentions: Mapping[int, Sequence[Mention]],
    topic: tuple[str, str],
) -> Naming | None:
    """Whom the article is about, where the paragraph has spoken of nobody else so far."""
    name, word = topic
    own = MASCULINE if word == "he" else FEMININE
    if not name or sentence.tokens[pronoun].text.lower() not in own:
        return None
    if any(one.entity != name for near in before for one in mentions.get(near.index, ())):
        return None
    if any(_other_person(one, mentions.get(one.index, ())) for one in before[-1:]):
        return None
    if any(one.first < pronoun for one in mentions.get(sentence.index, ())):
        return None
    told = [one for some in mentions.values() for one in some if one.entity == name]
    if not told:
        return None
    nearest = min(told, key=lambda one: (one.sentence > sentence.index, abs(one.sentence - sentence.index)))
    written = _bare(nearest.text)
    is_owner = sentence.tokens[pronoun].text.lower() in POSSESSIVE
    owned = "\u2019s" if "\u2019" in sentence.text else "'s"
    return Naming(pronoun, written + owned if is_owner else written, nearest.sentence, is_person=True)


def sentence_of(sentences: Sequence[Sentence], mention: Mention) -> Sentence:
    """The sentence that a mention stands in."""
    return next(one for one in sentences if one.index == mention.sentence)


def _bare(name: str) -> str:
    return name.removesuffix("\u2019s").removesuffix("'s")


def _is_told(sentence: Sentence, mention: Mention) -> bool:
    """Whether the person is the subject of a verb there, so that the next sentence goes on about them."""
    token = next(
        (
            sentence.tokens[number]
            for number in range(mention.first, mention.last + 1)
            if sentence.tokens[number].dep in SUBJECTS
        ),
        None,
    )
    return token is not None


def _other_person(sentence: Sentence, named: Sequence[Mention]) -> bool:
    """Whether the sentence speaks of somebody by a common noun, or of a name that may be a person's."""
    inside = {number for one in named for number in range(one.first, one.last + 1)}
    for number, token in enumerate(sentence.tokens):
        if number in inside:
            continue
        is_role = token.dep in ATTRIBUTED or sentence.tokens[token.head].dep in ATTRIBUTED
        is_relative = number > 0 and sentence.tokens[number - 1].tag == "PRP$" and token.dep not in SUBJECTS
        if is_relative:
            continue  # "the trade of her father": the talk is still of her
        if token.pos == "NOUN" and token.tag == "NN" and wordnet.is_person(token.lemma) and not is_role:
            return True
        if token.pos == "PROPN" and token.ent == "PERSON":
            return True
    return False


def _thing(
    sentence: Sentence, pronoun: int, before: Sequence[Sentence], found: Mapping[int, Naming]
) -> Naming | None:
    """The subject of the sentence before, if no other noun there agrees with the pronoun."""
    if (
        not before
        or not before[0].tokens
        or before[0].index in found
        or before[0].index != sentence.index - 1
    ):
        return None
    tree = Tree(before[0].tokens)
    word = sentence.tokens[pronoun].text.lower()
    own = Tree(sentence.tokens)
    if len(tree.roots) != 1 or _says_nothing(own, pronoun):
        return None
    subject = tree.child(tree.roots[0], "nsubj", "nsubjpass")
    if subject is None or not agrees(tree, subject, word):
        return None
    own_words = {*tree.subtree(subject), *_same_thing(tree)}
    if any(
        is_head(tree, one) and agrees(tree, one, word)
        for one in range(len(tree.tokens))
        if one not in own_words
    ):
        return None
    phrase = tree.subtree(subject)
    if len(phrase) > MAX_PHRASE_TOKENS or not is_stretch(phrase) or dangling(tree, phrase):
        return None
    first, last = tree.tokens[phrase[0]], tree.tokens[phrase[-1]]
    words = before[0].text[first.start - before[0].span.start : last.end - before[0].span.start]
    keeps = first.pos == "PROPN" or first.ent or (first.text.isupper() and len(first.text) > 1)
    return Naming(
        pronoun, words if keeps else words[:1].lower() + words[1:], before[0].index, is_person=False
    )


def _same_thing(tree: Tree) -> set[int]:
    """What "X is a Y" says of its subject: another name for it, not another thing."""
    root = tree.roots[0]
    if tree.tokens[root].lemma.lower() != "be":
        return set()
    return {number for kid in tree.children(root, "attr") for number in tree.subtree(kid)}


def _says_nothing(tree: Tree, pronoun: int) -> bool:
    """Whether "it" may stand for nothing or for a clause: "it is clear that", "it takes years to"."""
    if tree.tokens[pronoun].text.lower() != "it":
        return False
    root = tree.tokens[pronoun].head
    empty = tree.children(root, "ccomp", "xcomp", "advcl", "csubj")
    is_weather = tree.tokens[root].lemma.lower() in {
        "rain",
        "snow",
        "seem",
        "appear",
        "take",
        "happen",
        "follow",
    }
    return (
        bool(empty)
        or is_weather
        or any(tree.children(kid, "acl", "xcomp") for kid in tree.children(root, "acomp"))
    )


def named_tokens(tokens: Sequence[Token], naming: Naming) -> tuple[Token, ...]:
    """The tokens with the pronoun as a noun, so that what stands for it has its antecedent in the sentence.

    Its place in the text stays that of the pronoun: whoever writes its words out puts the name there.
    """
    old = tokens[naming.number]
    head = _bare(naming.name).split()[-1]
    is_plural = old.text.lower() == "they"
    if naming.is_person:
        new = replace(old, text=naming.name, lemma=head, pos="PROPN", tag="NNP", ent="PERSON")
    else:
        pos, tag = ("PROPN", "NNP") if naming.name[:1].isupper() else ("NOUN", "NN")
        tag += "S" if is_plural else ""
        new = replace(old, text=naming.name, lemma=head.lower(), pos=pos, tag=tag, ent="")
    return (*tokens[: naming.number], new, *tokens[naming.number + 1 :])
