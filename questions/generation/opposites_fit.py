"""Where the opposite of a word denies what a sentence says, and still makes a sentence that one may meet."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from questions.generation import wordnet
from questions.generation.facts import Clause
from questions.generation.lexicon import words
from questions.generation.tree import Tree

OBJECT_DEPS = frozenset({"dobj", "attr", "pobj", "oprd"})
COMPARED = frozenset({"more", "most", "less", "least", "as", "enough", "too"})
DURATIONS = frozenset(
    {"second", "minute", "hour", "day", "week", "month", "year", "decade", "century", "while"}
)
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
PASSING = frozenset({"new", "old", "young", "careful", "careless", "good", "little", "first", "last"})
"""Before a noun, these mostly say in passing what nobody would ask about."""
PREDICATIVE = frozenset({"liquid", "solid", "molten", "alive"})
"""What, before a noun, makes another thing of it."""
SCALES = frozenset(
    {"large", "small", "big", "huge", "tiny", "high", "low", "long", "short", "wide", "narrow", "broad"}
    | {
        "fast",
        "slow",
        "rapid",
        "quick",
        "strong",
        "weak",
        "thick",
        "thin",
        "deep",
        "shallow",
        "heavy",
        "light",
    }
    | {"simple", "complex", "complicated", "major", "minor", "many", "few", "positive", "negative", "formal"}
    | {"informal", "direct", "indirect", "permanent", "temporary", "domestic", "internal", "external"}
    | {"fragile", "robust", "stable", "unstable", "northern", "southern", "eastern", "western"}
)
"""Before a noun these can mostly be either, so that the opposite is as easily believed."""
HAVING = frozenset({"be", "have", "offer", "bring", "show", "see", "mean", "cause", "report", "express"})
RESULTING = frozenset({"end", "result", "lead"})
FREQUENCIES = frozenset(
    {"always", "often", "frequently", "usually", "generally", "typically", "commonly", "constantly"}
    | {"regularly", "continuously", "rarely", "seldom"}
)


EXPLAINING = frozenset(
    {"as", "because", "since", "so", "although", "though", "while", "whereas", "even", "to"}
)
"""With these a clause says why, what for or in spite of what: it would speak against the opposite."""


def explains_itself(tree: Tree, clause: Clause) -> bool:
    """Whether a reason, an aim, a consequence or a second statement stands beside the main predicate."""
    inside = set(clause.tokens)
    return any(
        _is_reason(tree, number, inside) or _is_second_statement(tree, clause, number)
        for number in clause.tokens
        if number != clause.root
    )


def _is_reason(tree: Tree, number: int, inside: AbstractSet[int]) -> bool:
    """Whether an adverbial clause says more than when, where or if."""
    if tree.tokens[number].dep != "advcl":
        return False
    marks = [one for one in tree.children(number, "mark", "aux", "advmod") if one in inside]
    return not marks or any(tree.tokens[one].text.lower() in EXPLAINING for one in marks)


def _is_second_statement(tree: Tree, clause: Clause, number: int) -> bool:
    """Whether a verb with a subject of its own stands beside the main one, and not within it."""
    if not any(one in clause.tokens for one in tree.children(number, "nsubj", "nsubjpass")):
        return False
    dep = tree.tokens[number].dep
    return dep == "conj" or (dep == "ccomp" and number < clause.root)


def adjective_fits(tree: Tree, clause: Clause, number: int) -> bool:
    """Whether an adjective is what the sentence says of something: no part of a term, no remark."""
    token = tree.tokens[number]
    graded = {tree.tokens[kid].text.lower() for kid in tree.children(number, "advmod")}
    if any(word in COMPARED or word.endswith("ly") for word in graded):
        return False  # what is warm enough may well be cool enough; "keenly unaware" is nobody
    if tree.children(number, "npadvmod"):
        return False  # "forty metres high"
    if token.dep in {"acomp", "oprd"} or (token.dep == "attr" and token.pos == "ADJ"):
        return is_main(tree, clause, number)
    return token.dep == "amod" and token.text.lower() not in PASSING and _is_attribute(tree, clause, number)


def _is_attribute(tree: Tree, clause: Clause, number: int) -> bool:
    """Whether an adjective before a noun tells of what the predicate says what it is like."""
    token = tree.tokens[number]
    low, noun = token.text.lower(), tree.tokens[token.head]
    if not _is_in_object(tree, clause, token.head) or low in PREDICATIVE or noun.lemma.lower() == "time":
        return False
    if token.tag == "JJS":
        return _is_complement(tree, clause, token.head)
    if token.tag == "JJ" and not (low in SCALES and _is_told(tree, clause, token.head)):
        return False
    measured = any(tree.tokens[one].pos == "NUM" for one in clause.tokens)
    if measured or tree.tokens[token.head - 1].text.lower() == "different":
        return False  # "a small layer of 50 kilometres", "few different kinds"
    terms = {f"{low} {noun.lemma.lower()}", f"{low} {noun.text.lower()}"}
    return not any(wordnet.knows(term) for term in sorted(terms))


def _is_complement(tree: Tree, clause: Clause, number: int) -> bool:
    """Whether a noun is what the subject is said to be."""
    return tree.tokens[number].dep == "attr" and tree.tokens[number].head == clause.root


def _is_told(tree: Tree, clause: Clause, number: int) -> bool:
    """Whether a noun is what the main predicate is about, and not a detail of it."""
    token = tree.tokens[number]
    if token.dep == "pobj":
        return tree.tokens[token.head].head == clause.root < number
    return token.dep in {"dobj", "attr"} and token.head == clause.root


def adverb_fits(tree: Tree, clause: Clause, number: int) -> bool:
    """Whether an adverb tells how the main predicate holds."""
    token = tree.tokens[number]
    head = tree.tokens[token.head]
    after = tree.tokens[number + 1] if number + 1 < len(tree.tokens) else None
    is_set_off = after is not None and after.text == ","
    if token.dep != "advmod" or tree.children(number, "advmod", "npadvmod") or is_set_off:
        return False
    if token.text.lower() in {"more", "most", "less", "least"}:
        graded = head.pos in {"ADJ", "ADV"} and after is not None and after.pos in {"ADJ", "ADV"}
        is_fixed = head.text.lower() in {"likely", "often", "widely", "important", "importantly"}
        is_top = token.text.lower() in {"most", "least"} and head.dep == "amod"
        return (
            graded
            and not (is_fixed and token.text.lower() in {"most", "least"})
            and not (is_top and not _is_complement(tree, clause, head.head))
            and _adverb_place(tree, clause, token.head)
        )
    if token.text.lower() in FREQUENCIES and not _is_countable(tree, clause):
        return False
    if token.text.lower() in {"early", "late", "first"} or head.pos == "NUM":
        return False
    return token.head == clause.root or (head.pos == "VERB" and is_main(tree, clause, token.head))


def _is_countable(tree: Tree, clause: Clause) -> bool:
    """Whether "rarely" may be said of the predicate: one without a figure, "there is" and "can" or "must"."""
    has_figure = any(tree.tokens[one].pos == "NUM" for one in clause.tokens)
    has_more = any(one in clause.tokens for one in tree.children(clause.root, "conj"))
    return not (has_figure or has_more or tree.children(clause.root, "expl") or tree.modal(clause.root))


def _adverb_place(tree: Tree, clause: Clause, number: int) -> bool:
    token = tree.tokens[number]
    if token.dep == "amod":
        return _is_in_object(tree, clause, token.head)
    return token.dep in {"acomp", "advmod"} and is_main(tree, clause, number)


def preposition_fits(tree: Tree, clause: Clause, number: int) -> bool:
    """Whether a preposition tells where or when, of things that have a where or when."""
    token = tree.tokens[number]
    low = token.text.lower()
    if low in {"before", "after"} and not _is_past(tree, clause.root):
        return False  # what happens again and again mostly has one order that everybody knows
    if token.dep == "mark":
        return tree.tokens[tree.tokens[token.head].head].lemma != "be" and low in {"before", "after"}
    objects = tree.children(number, "pobj", "pcomp")
    is_phrasal = tree.tokens[token.head].lemma.lower() in {"name", "call", "look"}  # "named after a river"
    if token.dep != "prep" or not objects or is_phrasal or _is_lasting(tree, low, objects):
        return False
    head = tree.tokens[token.head]
    is_noun = head.pos in {"NOUN", "PROPN"} and _is_in_object(tree, clause, token.head)
    measures = [*tree.children(number, "npadvmod"), *range(max(0, number - 1), number)]
    counted = any(tree.children(kid, "nummod") for kid in (*objects, *measures))
    is_plain = not counted and (token.head == clause.root or is_noun)
    return is_plain and _is_placed(tree, number, objects)


def _is_placed(tree: Tree, number: int, objects: Sequence[int]) -> bool:
    """Whether nothing beside the preposition makes its opposite odd, and its objects have a where."""
    low = tree.tokens[number].text.lower()
    before = tree.tokens[number - 1].text.lower() if number else ""
    after = tree.tokens[number + 1].text.lower() if number + 1 < len(tree.tokens) else ""
    if before in {"even", "just", "only", "not", "well"} or after in {before, "all"}:
        return False
    beside = tree.children(tree.tokens[number].head, "dobj", "prep")
    inner = [kid for one in objects for kid in tree.children(one, "prep") if kid > one]
    is_placed_twice = any(tree.tokens[kid].text.lower() in {"in", "on", "at"} for kid in inner)
    if low in {"within", "inside", "outside"} and (len(beside) > 1 or is_placed_twice):
        return False
    return low in {"before", "after"} or all(_is_thing(tree, kid) for kid in objects)


def _is_past(tree: Tree, verb: int) -> bool:
    """Whether the verb tells of what happened once."""
    return any(tree.tokens[one].tag == "VBD" for one in (verb, *tree.auxiliaries(verb)))


def _is_lasting(tree: Tree, low: str, objects: Sequence[int]) -> bool:
    """Whether "after" is said of a while that went by ("after several months"): "before" would be odd."""
    return low in {"before", "after"} and any(tree.tokens[kid].lemma.lower() in DURATIONS for kid in objects)


def _is_thing(tree: Tree, number: int) -> bool:
    """Whether something has an inside and an above: no time, no act, no thought."""
    token = tree.tokens[number]
    return token.pos == "PROPN" or wordnet.main_class(token.lemma.lower()) in THINGS


def noun_fits(tree: Tree, clause: Clause, number: int) -> bool:
    """Whether a noun stands alone as what the main predicate says there is: nobody keeps a disadvantage."""
    token = tree.tokens[number]
    root = tree.tokens[clause.root]
    is_object = token.head == clause.root and token.dep in {"dobj", "attr"}
    if token.dep == "pobj":
        is_object = tree.tokens[token.head].head == clause.root and root.lemma.lower() in RESULTING
    says_so = root.lemma.lower() in HAVING | RESULTING and not tree.children(clause.root, "xcomp")
    return is_object and says_so and not tree.children(number, "compound")


def verb_fits(tree: Tree, clause: Clause, number: int, frames: str) -> bool:
    """Whether a verb of the main predicate stands in one of the frames that its opposite can stand in."""
    token = tree.tokens[number]
    is_joined = token.dep in {"xcomp", "conj", "ccomp"} and tree.tokens[token.head].pos == "VERB"
    if number != clause.root and not (is_joined and is_main(tree, clause, number)):
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


def is_main(tree: Tree, clause: Clause, number: int) -> bool:
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
            return is_main(tree, clause, number)
        else:
            return False
    return False
