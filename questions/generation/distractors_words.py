"""Statements made false by the opposite of one word, by "not", or by taking "not" away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from questions.generation import wordnet
from questions.generation.distractors import (
    Falsified,
    article_change,
    falsified,
    is_exemplary,
    is_said_elsewhere,
    sentence_of,
)
from questions.generation.facts import ArticleFacts, Clause, SectionFacts, Token
from questions.generation.inflect import inflected
from questions.generation.lexicon import opposites, words
from questions.generation.tree import Tree

UNCERTAIN = frozenset({"may", "might", "could", "would", "should"})
OBJECT_DEPS = frozenset({"dobj", "attr", "pobj", "oprd"})
COMPARED = frozenset({"more", "most", "less", "least", "as", "enough", "too"})
FORMS = {"ADJ": "ADJ", "ADV": "ADV", "ADP": "ADP", "SCONJ": "ADP", "VERB": "VERB", "NOUN": "NOUN"}
DIRECTED = frozenset({"rise", "fall", "climb", "drop", "increase", "decrease", "grow", "shrink", "sink"})
DURATIONS = frozenset(
    {"second", "minute", "hour", "day", "week", "month", "year", "decade", "century", "while"}
)
LEVELS = frozenset({"above", "below", "over", "under", "beyond"})
TRADED = frozenset(
    {"buy", "sell", "purchase", "borrow", "lend", "import", "export", "add", "remove", "attach", "detach"}
)
THINGS = frozenset(
    {
        "artifact",
        "object",
        "location",
        "body",
        "substance",
        "plant",
        "animal",
        "food",
        "attribute",
        "quantity",
    }
)
KINDS = {"ADJ": ("ADJ", "ADV"), "ADV": ("ADV",)}
PASSING = frozenset({"new", "old", "young", "careful", "careless", "good", "little", "first", "last"})
"""Before a noun, these mostly say in passing what nobody would ask about."""
PREDICATIVE = frozenset({"liquid", "solid", "molten", "alive"})
"""What, before a noun, makes another thing of it."""


def antonyms(
    facts: ArticleFacts, section: SectionFacts, clause: Clause, *, is_claim: bool = False
) -> Iterator[Falsified]:
    """The clause with one word turned into its opposite, in reading order.

    What may rise may fall as well: what is only possible is denied by nothing, but as a claim or consequence.
    """
    low_clause = {word.lower().strip(",.") for word in clause.text.split()}
    if clause.is_negated or low_clause & {"until", "till", "rather", "only", "just"}:
        return
    tree = Tree(sentence_of(section, clause).tokens)
    low = {token.text.lower() for token in tree.tokens}
    is_level = bool(low & LEVELS)
    for number in clause.tokens:
        token = tree.tokens[number]
        if is_level and {token.lemma.lower(), tree.tokens[clause.root].lemma.lower()} & DIRECTED:
            continue  # "fell above its usual level" is not false but nonsense
        if not is_claim and _is_only_possible(tree, number):
            continue
        found = _opposite(tree, clause, number)
        if not found or token.ent or _is_joined(tree, number):
            continue
        pos, lemma = found
        new = _in_form(token, pos, lemma)
        if new.lower() in low or lemma in low or is_exemplary(tree, clause, number):
            continue
        if is_said_elsewhere(facts, section, clause, [number], [lemma]):
            continue
        change = (token.start, token.end, new)
        said = (section.section.text[token.start : token.end], new)
        one = falsified(
            section, clause, "antonym", [change, *article_change(section, tree, number, new)], said
        )
        if one:
            yield one


def _is_only_possible(tree: Tree, number: int) -> bool:
    """Whether a word is said of what may or could be, and not as the words of somebody in the text."""
    verb = number if tree.tokens[number].pos in {"VERB", "AUX"} else tree.governing_verb(number)
    while tree.tokens[verb].dep in {"xcomp", "conj"} and not tree.modal(verb):
        upper = tree.governing_verb(verb)
        if upper == verb:
            break
        verb = upper
    teller = tree.tokens[tree.governing_verb(verb)]
    is_told = tree.tokens[verb].dep == "ccomp" and teller.lemma.lower() in words("report_verbs")
    return tree.modal(verb) in UNCERTAIN and not is_told


def _opposite(tree: Tree, clause: Clause, number: int) -> tuple[str, str] | None:
    """The part of speech and lemma of the opposite that may stand in a token's place."""
    token = tree.tokens[number]
    pos = FORMS.get(token.pos, "")
    form = token.lemma.lower() if pos in {"VERB", "NOUN"} else token.text.lower()
    checks = {"ADJ": _adjective_fits, "ADV": _adverb_fits, "ADP": _preposition_fits, "NOUN": _noun_fits}
    if token.text.lower() == "most" and _is_quantity(tree, number):
        return "DET", "few"
    if _grades_predicate(tree, clause, number):
        return "ADV", "hardly" if token.text.lower() in words("intensifiers") else "far from"
    for kind in KINDS.get(pos, (pos,)):
        found = opposites().get((kind, form))
        if found and kind == "VERB":
            return (kind, found.word) if _verb_fits(tree, clause, number, found.frames) else None
        if found and checks[pos](tree, clause, number):
            counted = form == "more" and token.dep == "amod" and tree.tokens[token.head].tag == "NNS"
            return kind, "fewer" if counted else found.word
    return None


def _grades_predicate(tree: Tree, clause: Clause, number: int) -> bool:
    """Whether a word says how far a predicate holds: "is especially sensitive", "is nearly circular"."""
    token = tree.tokens[number]
    head = tree.tokens[token.head]
    if token.text.lower() not in words("intensifiers") | words("approximators") or token.head != number + 1:
        return False
    graded = head.pos == "ADJ" and head.tag == "JJ" and head.dep == "acomp"
    if ("ADJ", head.text.lower()) in opposites():
        return False  # "hardly inefficient": the adjective has an opposite of its own
    return token.dep == "advmod" and graded and _is_main(tree, clause, token.head)


def _adjective_fits(tree: Tree, clause: Clause, number: int) -> bool:
    token = tree.tokens[number]
    if any(tree.tokens[kid].text.lower() in COMPARED for kid in tree.children(number, "advmod")):
        return False  # what is warm enough may well be cool enough
    if tree.children(number, "npadvmod"):
        return False  # "forty metres high"
    if token.dep in {"acomp", "oprd"} or (token.dep == "attr" and token.pos == "ADJ"):
        return _is_main(tree, clause, number)
    if token.dep != "amod" or not _is_in_object(tree, clause, token.head) or token.text.lower() in PASSING:
        return False
    if token.tag == "JJ" and not _is_near_root(tree, clause, token.head):
        return False
    noun = tree.tokens[token.head]
    terms = {f"{token.text.lower()} {noun.lemma.lower()}", f"{token.text.lower()} {noun.text.lower()}"}
    is_term = any(wordnet.knows(term) for term in sorted(terms))
    return not is_term and noun.lemma.lower() != "time" and token.text.lower() not in PREDICATIVE


def _is_near_root(tree: Tree, clause: Clause, number: int) -> bool:
    """Whether a noun is what the main predicate is about, and not a detail of a detail."""
    token = tree.tokens[number]
    if token.dep != "pobj":
        return True
    above = tree.tokens[token.head].head
    return above == clause.root or tree.tokens[above].dep in {"acomp", "xcomp"}


def _adverb_fits(tree: Tree, clause: Clause, number: int) -> bool:
    token = tree.tokens[number]
    head = tree.tokens[token.head]
    after = tree.tokens[number + 1] if number + 1 < len(tree.tokens) else None
    is_set_off = after is not None and after.text == ","
    if token.dep != "advmod" or tree.children(number, "advmod", "npadvmod") or is_set_off:
        return False
    if token.text.lower() in {"more", "most", "less", "least"}:
        graded = head.pos in {"ADJ", "ADV"} and after is not None and after.pos in {"ADJ", "ADV"}
        return graded and _adverb_place(tree, clause, token.head)
    if token.text.lower() in {"early", "late", "first"} or head.pos == "NUM":
        return False
    return token.head == clause.root or (head.pos == "VERB" and _is_main(tree, clause, token.head))


def _adverb_place(tree: Tree, clause: Clause, number: int) -> bool:
    token = tree.tokens[number]
    if token.dep == "amod":
        return _is_in_object(tree, clause, token.head)
    return token.dep in {"acomp", "advmod"} and _is_main(tree, clause, number)


def _preposition_fits(tree: Tree, clause: Clause, number: int) -> bool:
    token = tree.tokens[number]
    low = token.text.lower()
    if token.dep == "mark":
        return tree.tokens[tree.tokens[token.head].head].lemma != "be" and low in {"before", "after"}
    objects = tree.children(number, "pobj", "pcomp")
    if token.dep != "prep" or not objects or _is_lasting(tree, low, objects):
        return False
    before = tree.tokens[number - 1].text.lower() if number else ""
    after = tree.tokens[number + 1].text.lower() if number + 1 < len(tree.tokens) else ""
    if before in {"even", "just", "only", "not", "well"} or after in {before, "all"}:
        return False
    if low in {"within", "inside", "outside"} and tree.children(token.head, "dobj"):
        return False
    if low not in {"before", "after"} and not all(_is_thing(tree, kid) for kid in objects):
        return False
    head = tree.tokens[token.head]
    is_noun = head.pos in {"NOUN", "PROPN"} and _is_in_object(tree, clause, token.head)
    counted = any(tree.children(kid, "nummod") for kid in objects)
    return not counted and (token.head == clause.root or is_noun)


def _is_lasting(tree: Tree, low: str, objects: Sequence[int]) -> bool:
    """Whether "after" is said of a while that went by ("after several months"): "before" would be odd."""
    return low in {"before", "after"} and any(tree.tokens[kid].lemma.lower() in DURATIONS for kid in objects)


def _is_thing(tree: Tree, number: int) -> bool:
    """Whether something has an inside and an above: no time, no act, no thought."""
    token = tree.tokens[number]
    return token.pos == "PROPN" or wordnet.main_class(token.lemma.lower()) in THINGS


def _noun_fits(tree: Tree, clause: Clause, number: int) -> bool:
    return _is_in_object(tree, clause, number) and not tree.children(number, "compound")


def _is_quantity(tree: Tree, number: int) -> bool:
    """Whether "most" counts what follows: "most lungfish", "most of the forces"."""
    token = tree.tokens[number]
    after = tree.tokens[number + 1] if number + 1 < len(tree.tokens) else None
    before = tree.tokens[number - 1].text.lower() if number else ""
    if after is None or before in {"the", "at"}:
        return False
    if after.text.lower() == "of":
        inner = tree.child(number + 1, "pobj")
        return inner is not None and tree.tokens[inner].tag in {"NNS", "NNPS"}
    return token.dep == "amod" and tree.tokens[token.head].tag == "NNS"


def _verb_fits(tree: Tree, clause: Clause, number: int, frames: str) -> bool:
    token = tree.tokens[number]
    is_joined = token.dep in {"xcomp", "conj", "ccomp"} and tree.tokens[token.head].pos == "VERB"
    if number != clause.root and not (is_joined and _is_main(tree, clause, number)):
        return False
    kids = {tree.tokens[kid].dep for kid in tree.kids[number]}
    prepositions = {tree.tokens[kid].text.lower() for kid in tree.children(number, "prep")}
    if kids & {"prt", "dative", "oprd", "acomp", "attr", "ccomp"} or "as" in prepositions:
        return False
    if not _is_plain_action(tree, clause, number):
        return False
    if "xcomp" in kids:
        after = [one.text.lower() for one in tree.tokens[number + 1 : number + 3]]
        return "X" in frames and "to" in after
    if kids & {"dobj", "nsubjpass"}:
        fits = ("P" not in frames or _has_actor(tree, number)) and ("A" not in frames or "dobj" in kids)
        return "T" in frames and fits
    return "I" in frames and not prepositions & {"from", "into", "with", "for"}


def _is_plain_action(tree: Tree, clause: Clause, number: int) -> bool:
    """No "only" before it; nothing bought from or sold to somebody, which the opposite would turn round."""
    low = {tree.tokens[one].text.lower() for one in clause.tokens if one > number}
    is_trade = tree.tokens[number].lemma.lower() in TRADED and bool(low & {"from", "to"})
    return not is_trade and all(
        tree.tokens[kid].text.lower() != "only" for kid in tree.children(number, "advmod")
    )


def _has_actor(tree: Tree, number: int) -> bool:
    """Whether somebody, or a state or body of people, does what the verb says."""
    subject = tree.subject(clause_verb(tree, number))
    if subject is None:
        return False
    token = tree.tokens[subject]
    is_named = token.ent in {"PERSON", "GPE", "NORP", "ORG"} and token.text.lower() not in words("sky")
    return is_named or wordnet.main_class(token.lemma.lower()) in {"person", "group"}


def clause_verb(tree: Tree, number: int) -> int:
    """The verb that has the subject of this one."""
    while tree.subject(number) is None and tree.tokens[number].dep in {"xcomp", "conj"}:
        upper = tree.governing_verb(number)
        if upper == number:
            break
        number = upper
    return number


def _is_main(tree: Tree, clause: Clause, number: int) -> bool:
    """Whether a word belongs to the main predicate, or to what somebody says or does in it."""
    while number != clause.root:
        dep = tree.tokens[number].dep
        if dep not in {"acomp", "attr", "oprd", "xcomp", "ccomp", "conj", "advmod"}:
            return False
        if tree.tokens[number].head == number:
            return False
        number = tree.tokens[number].head
    return True


def _is_in_object(tree: Tree, clause: Clause, number: int) -> bool:
    """Whether a noun is the object or complement of the main predicate, or hangs on it by prepositions."""
    for _ in range(8):
        token = tree.tokens[number]
        if number in clause.subject or token.text.lower() == "without":
            return False
        if token.dep in OBJECT_DEPS or token.dep == "prep":
            number = token.head
        elif number == clause.root:
            return True
        elif token.dep in {"xcomp", "ccomp"}:
            return _is_main(tree, clause, number)
        else:
            return False
    return False


def _is_joined(tree: Tree, number: int) -> bool:
    """Whether a word is part of a hyphenated word, or one of two joined by or, and, nor."""
    tokens = tree.tokens
    near = [tokens[one] for one in (number - 1, number + 1) if 0 <= one < len(tokens)]
    if any(token.text == "-" or token.tag == "HYPH" for token in near):
        return True
    token = tokens[number]
    if token.pos == "VERB":
        return False
    return token.dep == "conj" or bool(tree.children(number, "conj"))


def _in_form(token: Token, pos: str, lemma: str) -> str:
    new = inflected(lemma, token.tag) if pos in {"VERB", "NOUN"} else lemma
    return new[:1].upper() + new[1:] if token.text[:1].isupper() else new
