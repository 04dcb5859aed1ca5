"""Statements made false by the opposite of one word, by "not", or by taking "not" away."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

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
from questions.generation.opposites_fit import (
    adjective_fits,
    adverb_fits,
    explains_itself,
    is_main,
    noun_fits,
    preposition_fits,
    verb_fits,
)
from questions.generation.tree import Tree

UNCERTAIN = frozenset({"may", "might", "could", "would", "should", "can"})
FORMS = {"ADJ": "ADJ", "ADV": "ADV", "ADP": "ADP", "SCONJ": "ADP", "VERB": "VERB", "NOUN": "NOUN"}
UNTURNED = frozenset({"until", "till", "rather", "only", "just", "even", "finally", "sure", "ever"})
"""Beside these the opposite is no statement that somebody would make, or no opposite."""
TENDING = frozenset(
    {
        "increase",
        "decrease",
        "reduce",
        "raise",
        "lower",
        "improve",
        "worsen",
        "strengthen",
        "weaken",
        "shorten",
    }
    | {"lengthen", "encourage", "discourage"}
)
"""Of what can do the one of these, nobody says that it can do the other."""
DIRECTED = frozenset({"rise", "fall", "climb", "drop", "increase", "decrease", "grow", "shrink", "sink"})
LEVELS = frozenset({"above", "below", "over", "under", "beyond"})
KINDS = {"ADJ": ("ADJ", "ADV"), "ADV": ("ADV",)}


def antonyms(
    facts: ArticleFacts, section: SectionFacts, clause: Clause, *, is_claim: bool = False
) -> Iterator[Falsified]:
    """The clause with one word turned into its opposite, in reading order.

    What may rise may fall as well: what is only possible is denied by nothing, but as a claim or consequence.
    """
    low_clause = {word.lower().strip(",.") for word in clause.text.split()}
    if clause.is_negated or low_clause & UNTURNED:
        return
    tree = Tree(sentence_of(section, clause).tokens)
    if explains_itself(tree, clause):
        return
    low = {token.text.lower() for token in tree.tokens}
    for number in clause.tokens:
        if _is_fixed(tree, clause, number, low) or (not is_claim and _is_only_possible(tree, number)):
            continue
        found = _opposite(tree, clause, number)
        if found is None:
            continue
        token, (pos, lemma) = tree.tokens[number], found
        new = _in_form(token, pos, lemma)
        if new.lower() in low or lemma in low or (new.lower() in {"better", "worse"} and "than" not in low):
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


def _is_fixed(tree: Tree, clause: Clause, number: int, low: AbstractSet[str]) -> bool:
    """Whether a word's opposite would make nonsense here, or name something else."""
    token = tree.tokens[number]
    if low & LEVELS and {token.lemma.lower(), tree.tokens[clause.root].lemma.lower()} & DIRECTED:
        return True  # "fell above its usual level" is not false but nonsense
    if token.pos in {"VERB", "ADJ"} and _has_aim(tree, clause):
        return True  # "become weaker to prevent damage" speaks against itself
    return bool(token.ent) or _is_joined(tree, number) or is_exemplary(tree, clause, number)


def _has_aim(tree: Tree, clause: Clause) -> bool:
    """Whether the predicate says what for, or stresses itself with "do": the opposite makes no sense."""
    aims = any(
        kid in clause.tokens
        and any(tree.tokens[one].text.lower() == "to" for one in tree.children(kid, "aux"))
        for kid in tree.children(clause.root, "advcl")
    )
    stressed = any(tree.tokens[kid].lemma.lower() == "do" for kid in tree.auxiliaries(clause.root))
    return aims or stressed


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
    is_tendency = tree.modal(verb) == "can" and tree.tokens[number].lemma.lower() in TENDING
    return tree.modal(verb) in UNCERTAIN and not is_told and not is_tendency


def _opposite(tree: Tree, clause: Clause, number: int) -> tuple[str, str] | None:
    """The part of speech and lemma of the opposite that may stand in a token's place."""
    token = tree.tokens[number]
    pos = FORMS.get(token.pos, "")
    form = token.lemma.lower() if pos in {"VERB", "NOUN"} else token.text.lower()
    checks = {"ADJ": adjective_fits, "ADV": adverb_fits, "ADP": preposition_fits, "NOUN": noun_fits}
    if token.text.lower() == "most" and _is_quantity(tree, number):
        return "DET", "few"
    if _grades_predicate(tree, clause, number):
        return "ADV", "hardly" if token.text.lower() in words("intensifiers") else "far from"
    for kind in KINDS.get(pos, (pos,)):
        found = opposites().get((kind, form))
        if found and kind == "VERB":
            return (kind, found.word) if verb_fits(tree, clause, number, found.frames) else None
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
    verb = tree.tokens[token.head].head
    is_joined = bool(tree.children(verb, "conj"))
    is_plain = tree.tokens[verb].lemma.lower() == "be" and not tree.modal(verb) and not is_joined
    is_alone = is_plain and not tree.children(token.head, "conj")
    return token.dep == "advmod" and graded and is_alone and is_main(tree, clause, token.head)


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
