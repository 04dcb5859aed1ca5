"""Statements made false by the opposite of one word, by "not", or by taking "not" away."""

from __future__ import annotations

from collections.abc import Iterator

from questions.generation import wordnet
from questions.generation.derive import Change
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
from questions.generation.lexicon import opposites
from questions.generation.tree import AUXILIARIES, Tree

OBJECT_DEPS = frozenset({"dobj", "attr", "pobj", "oprd"})
COMPARED = frozenset({"more", "most", "less", "least", "as", "enough", "too"})
POLAR = frozenset(
    {"any", "ever", "either", "anymore", "until", "but", "only", "even", "at", "just", "merely"}
)
"""Words that do not outlive the loss of "not"."""
SCOPED = frozenset(
    {"all", "every", "each", "both", "many", "most", "some", "several", "few", "always", "still", "already"}
    | {"often", "sometimes", "usually", "also", "only", "just", "no", "never", "because", "almost", "nearly"}
    | {
        "if",
        "unless",
        "when",
        "as",
        "since",
        "while",
        "generally",
        "typically",
        "partly",
        "largely",
        "mainly",
    }
)
"""Words that make "not" say something other than the opposite."""
UNSURE = frozenset({"may", "might", "could", "would", "should", "must", "shall"})
FORMS = {"ADJ": "ADJ", "ADV": "ADV", "ADP": "ADP", "SCONJ": "ADP", "VERB": "VERB", "NOUN": "NOUN"}
KINDS = {"ADJ": ("ADJ", "ADV"), "ADV": ("ADV",)}
PREDICATIVE = frozenset({"liquid", "solid", "molten", "alive"})
"""What, before a noun, makes another thing of it."""


def antonyms(facts: ArticleFacts, section: SectionFacts, clause: Clause) -> Iterator[Falsified]:
    """The clause with one word turned into its opposite, in reading order."""
    if clause.is_negated:
        return
    tree = Tree(sentence_of(section, clause).tokens)
    low = {token.text.lower() for token in tree.tokens}
    for number in clause.tokens:
        token = tree.tokens[number]
        found = _opposite(tree, clause, number)
        if not found or token.ent or _is_joined(tree, number):
            continue
        pos, lemma = found
        new = _in_form(token, pos, lemma)
        if new.lower() in low or lemma in low or is_exemplary(tree, number):
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


def _opposite(tree: Tree, clause: Clause, number: int) -> tuple[str, str] | None:
    """The part of speech and lemma of the opposite that may stand in a token's place."""
    token = tree.tokens[number]
    pos = FORMS.get(token.pos, "")
    form = token.lemma.lower() if pos in {"VERB", "NOUN"} else token.text.lower()
    checks = {"ADJ": _adjective_fits, "ADV": _adverb_fits, "ADP": _preposition_fits, "NOUN": _noun_fits}
    if token.text.lower() == "most" and _is_quantity(tree, number):
        return "DET", "few"
    for kind in KINDS.get(pos, (pos,)):
        found = opposites().get((kind, form))
        if found and kind == "VERB":
            return (kind, found.word) if _verb_fits(tree, clause, number, found.frames) else None
        if found and checks[pos](tree, clause, number):
            counted = form == "more" and token.dep == "amod" and tree.tokens[token.head].tag == "NNS"
            return kind, "fewer" if counted else found.word
    return None


def _adjective_fits(tree: Tree, clause: Clause, number: int) -> bool:
    token = tree.tokens[number]
    if any(tree.tokens[kid].text.lower() in COMPARED for kid in tree.children(number, "advmod")):
        return False  # what is warm enough may well be cool enough
    if token.dep in {"acomp", "oprd"} or (token.dep == "attr" and token.pos == "ADJ"):
        return _is_main(tree, clause, number)
    if token.dep != "amod" or not _is_in_object(tree, clause, token.head):
        return False
    noun = tree.tokens[token.head]
    terms = {f"{token.text.lower()} {noun.lemma.lower()}", f"{token.text.lower()} {noun.text.lower()}"}
    is_term = any(wordnet.knows(term) for term in sorted(terms))
    return not is_term and noun.lemma.lower() != "time" and token.text.lower() not in PREDICATIVE


def _adverb_fits(tree: Tree, clause: Clause, number: int) -> bool:
    token = tree.tokens[number]
    head = tree.tokens[token.head]
    if token.dep != "advmod" or tree.children(number, "advmod", "npadvmod"):
        return False
    if token.text.lower() in {"more", "most", "less", "least"}:
        after = tree.tokens[number + 1] if number + 1 < len(tree.tokens) else None
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
    if token.dep == "mark":
        return tree.tokens[tree.tokens[token.head].head].lemma != "be" and token.text.lower() in {
            "before",
            "after",
        }
    if token.dep != "prep" or not tree.children(number, "pobj", "pcomp"):
        return False
    before = tree.tokens[number - 1].text.lower() if number else ""
    after = tree.tokens[number + 1].text.lower() if number + 1 < len(tree.tokens) else ""
    if before in {"even", "just", "only", "not", "well"} or after in {before, "all"}:
        return False
    if token.text.lower() in {"within", "inside", "outside"} and tree.children(token.head, "dobj"):
        return False
    counted = any(tree.children(kid, "nummod") for kid in tree.children(number, "pobj"))
    head = tree.tokens[token.head]
    is_noun = head.pos in {"NOUN", "PROPN"} and _is_in_object(tree, clause, token.head)
    return not counted and (token.head == clause.root or is_noun)


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
    if not (
        number == clause.root or (token.dep in {"xcomp", "conj", "ccomp"} and _is_main(tree, clause, number))
    ):
        return False
    kids = {tree.tokens[kid].dep for kid in tree.kids[number]}
    prepositions = {tree.tokens[kid].text.lower() for kid in tree.children(number, "prep")}
    if kids & {"prt", "dative", "oprd", "acomp", "attr", "ccomp"} or "as" in prepositions:
        return False
    if "xcomp" in kids:
        to = any(
            tree.tokens[one].text.lower() == "to"
            for one in range(number + 1, min(number + 3, len(tree.tokens)))
        )
        return "X" in frames and to
    if kids & {"dobj", "nsubjpass"}:
        return "T" in frames and ("P" not in frames or _has_actor(tree, number))
    return "I" in frames and not prepositions & {"from", "into", "with", "for"}


def _has_actor(tree: Tree, number: int) -> bool:
    """Whether somebody, or a state or body of people, does what the verb says."""
    subject = tree.subject(clause_verb(tree, number))
    if subject is None:
        return False
    token = tree.tokens[subject]
    is_named = token.ent in {"PERSON", "GPE", "NORP", "ORG"} or token.pos == "PROPN"
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
        if number in clause.subject:
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


def affirmations(section: SectionFacts, clause: Clause) -> Iterator[Falsified]:
    """The clause without its "not", where it has just one and nothing else depends on it."""
    tree = Tree(sentence_of(section, clause).tokens)
    negations = [
        kid for kid in tree.children(clause.root, "neg") if tree.tokens[kid].text.lower() in {"not", "n't"}
    ]
    low = {tree.tokens[number].text.lower() for number in clause.tokens}
    if len(negations) != 1 or not clause.is_negated or low & POLAR:
        return
    change = _without_not(tree, clause, negations[0])
    if change:
        said = (section.section.text[change[0] : change[1]], change[2])
        one = falsified(section, clause, "affirmation", [change], said)
        if one:
            yield one


def _without_not(tree: Tree, clause: Clause, negation: int) -> Change | None:
    aux = [kid for kid in tree.children(clause.root, *AUXILIARIES) if kid < negation]
    tokens = tree.tokens
    first = aux[-1] if aux else negation - 1
    if first < 0 or first + 1 != negation:
        return None
    if tokens[first].lemma.lower() == "do":
        between = range(negation + 1, clause.root)
        if any(tokens[number].text.lower() != "yet" for number in between):
            return None
        verb = inflected(tokens[clause.root].lemma, tokens[first].tag)
        return (tokens[first].start, tokens[clause.root].end, verb)
    if tokens[first].lemma.lower() in {"be", "have"} or tokens[first].text.lower() in {"will", "can", "ca"}:
        word = "can" if tokens[first].text.lower() == "ca" else tokens[first].text
        end = tokens[negation].end
        after = tokens[negation + 1] if negation + 1 < len(tokens) else None
        if after and after.text.lower() == "yet":
            end = after.end
        return (tokens[first].start, end, word)
    return None


def negations(section: SectionFacts, clause: Clause) -> Iterator[Falsified]:
    """The clause with "not", where that is its plain opposite."""
    tree = Tree(sentence_of(section, clause).tokens)
    tokens = tree.tokens
    low = {tokens[number].text.lower() for number in clause.tokens}
    joined = any(kid in clause.tokens for kid in tree.children(clause.root, "conj", "advcl"))
    if clause.is_negated or clause.is_hedged or low & SCOPED or joined:
        return
    change = _with_not(tree, clause)
    if change:
        said = (section.section.text[change[0] : change[1]], change[2])
        one = falsified(section, clause, "negation", [change], said)
        if one:
            yield one


def _with_not(tree: Tree, clause: Clause) -> Change | None:
    tokens = tree.tokens
    root = tokens[clause.root]
    aux = [kid for kid in tree.auxiliaries(clause.root) if kid in clause.tokens]
    if any(kid <= clause.root + 1 for kid in tree.children(clause.root, "advmod")):
        return None
    if tree.children(clause.root, "expl"):
        return None
    if aux or root.lemma == "be":
        first = tokens[aux[0]] if aux else root
        if first.text.lower() in UNSURE or first.text.startswith("'"):
            return None
        word = "cannot" if first.text.lower() == "can" else f"{first.text} not"
        return (first.start, first.end, word)
    support = {"VBZ": "does not", "VBD": "did not", "VBP": "do not"}.get(root.tag)
    return (root.start, root.end, f"{support} {root.lemma}") if support and root.lemma else None
