"""Other statements of the text, in the form that a question needs: true, but no answer to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from questions.generation import wordnet
from questions.generation.core import core
from questions.generation.dangling import dangling
from questions.generation.derive import derive, rederive
from questions.generation.distractors import sentence_of
from questions.generation.facts import Clause, SectionFacts, Sentence
from questions.generation.inflect import inflected
from questions.generation.lexicon import words
from questions.generation.proposal import Derivation
from questions.generation.tree import Tree, is_stretch
from questions.reading.article import Span

FEWEST_WORDS = 5
SHORTEST, LONGEST = 0.55, 1.7
"""How long another statement may be, measured by the key."""
EMPTY = frozenset({"be", "have", "do", "include", "make", "take", "get", "give"})
FEWEST_AIM_TOKENS = 3
UNBOUND = frozenset({"PRP", "PRP$", "WDT", "WP"})
STATIVE = frozenset(
    {"want", "need", "know", "believe", "seem", "appear", "consist", "belong", "mean", "like"}
)


def of_like_length(
    clauses: Iterable[Clause], key: Clause, leave: Iterable[int], least: int = FEWEST_WORDS
) -> list[Clause]:
    """Statements of other sentences, one of each, the nearest in length first."""
    left = set(leave)
    length = len(key.text)
    fit = [
        clause
        for clause in clauses
        if clause.sentence not in left
        and clause.word_count >= least
        and SHORTEST * length <= len(clause.text) <= LONGEST * length
    ]
    fit.sort(key=lambda clause: (abs(len(clause.text) - length), clause.sentence, clause.text))
    found: dict[int, Clause] = {}
    for clause in fit:
        found.setdefault(clause.sentence, clause)
    return list(found.values())


def with_modal(
    section: SectionFacts, clauses: Sequence[Clause], modal: str
) -> Iterator[tuple[Clause, Derivation, str]]:
    """Statements as what may happen: those that have a modal verb, then others with it put in."""
    fit = [clause for clause in clauses if not _tells_saying(section, clause)]
    for clause in fit:
        if _has_modal(section, clause):
            yield clause, clause.derivation, clause.text
    for clause in fit:
        made = None if _has_modal(section, clause) else _modalised(section, clause, modal)
        if made:
            yield clause, made[0], made[1]


def aims(section: SectionFacts, leave: Iterable[int]) -> Iterator[Clause]:
    """What the section says is done, or is to be done, as "To close the gate": of other sentences."""
    left = set(leave)
    for sentence in section.sentences:
        fit = set(sentence.blockers) <= {"no_subject", "inverted"} and sentence.tokens
        if sentence.index in left or not fit:
            continue
        tree = Tree(sentence.tokens)
        for verb in range(len(tree.tokens)):
            made = _aim(section, sentence, tree, verb)
            if made:
                yield made


def _aim(section: SectionFacts, sentence: Sentence, tree: Tree, verb: int) -> Clause | None:
    """An infinitive ("to close ...", "for closing ...") or an act, with its object, to the clause's end."""
    token = tree.tokens[verb]
    inside = set(core(tree))
    phrase = [number for number in tree.subtree(verb) if number >= verb and number in inside]
    after = tree.tokens[phrase[-1] + 1 : phrase[-1] + 2] if phrase else ()
    if not _is_act(tree, verb) or not tree.child(verb, "dobj") or token.lemma.lower() in STATIVE | EMPTY:
        return None
    if not is_stretch(phrase) or len(phrase) < FEWEST_AIM_TOKENS or (after and after[0].pos != "PUNCT"):
        return None
    if dangling(tree, phrase) or tree.children(verb, "conj", "ccomp", "advcl", "xcomp", "prt"):
        return None
    if any(tree.tokens[one].tag in UNBOUND or tree.tokens[one].dep == "relcl" for one in phrase):
        return None
    base = "To " + inflected(token.lemma.lower(), "VB")
    span = Span(token.start, tree.tokens[phrase[-1]].end)
    derivation, text = derive(section.section, span, [(token.start, token.end, base)], stop="")
    return Clause(section.section.id, sentence.index, "purpose", text, derivation, tuple(phrase), verb, ())


def _is_act(tree: Tree, verb: int) -> bool:
    """Whether somebody does it, or it is named as something to be done."""
    token = tree.tokens[verb]
    if token.tag == "VBG":
        return token.dep == "pcomp" and tree.tokens[token.head].text.lower() == "for"
    if token.tag == "VB" and any(tree.tokens[kid].tag == "TO" for kid in tree.children(verb, "aux")):
        return all(kid > verb or tree.tokens[kid].dep == "aux" for kid in tree.children(verb))
    subject = tree.child(verb, "nsubj")
    if token.pos != "VERB" or subject is None or not tree.is_finite(verb) or tree.is_negated(verb):
        return False
    noun = tree.tokens[subject]
    acts = noun.ent in {"PERSON", "ORG", "GPE", "NORP"} or wordnet.is_person(noun.lemma.lower())
    return acts and token.lemma.lower() not in words("report_verbs")


def _tells_saying(section: SectionFacts, clause: Clause) -> bool:
    return section.sentences[clause.sentence].tokens[clause.root].lemma.lower() in words("report_verbs")


def _has_modal(section: SectionFacts, clause: Clause) -> bool:
    return bool(Tree(sentence_of(section, clause).tokens).modal(clause.root))


def _modalised(section: SectionFacts, clause: Clause, modal: str) -> tuple[Derivation, str] | None:
    """The clause with a modal verb before its present-tense verb."""
    tree = Tree(sentence_of(section, clause).tokens)
    verb = tree.tokens[clause.root]
    plain = verb.tag in {"VBZ", "VBP"} and not tree.auxiliaries(clause.root) and not clause.is_negated
    joined = any(kid in clause.tokens for kid in tree.children(clause.root, "conj"))
    if not plain or joined or verb.lemma in STATIVE or tree.children(clause.root, "expl"):
        return None
    base = "be" if verb.lemma == "be" else inflected(verb.lemma, "VB")
    return rederive(section.section, clause.derivation, [(verb.start, verb.end, f"{modal} {base}")])
