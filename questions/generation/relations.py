"""Who says what, and what happens if: sentences whose parts stand in a relation that can be asked for."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace

from questions.generation.binding import agrees
from questions.generation.clauses import holds, realised
from questions.generation.core import core
from questions.generation.dangling import dangling
from questions.generation.facts import Attribution, Conditional, Sentence
from questions.generation.inflect import inflected
from questions.generation.lexicon import words
from questions.generation.pieces import Piece, trimmed
from questions.generation.tree import Tree, is_stretch
from questions.reading.article import Section, Span

MIN_CLAIM_WORDS, MIN_RESULT_WORDS = 4, 4
MAX_SPEAKER_TOKENS, MAX_CONDITION_TOKENS, MIN_CONDITION_TOKENS = 7, 18, 3
ASKED_MODALS = frozenset({"may", "might", "can", "could", "will", ""})
WEAKENING = frozenset({"even", "only", "as", "except", "what", "not", "especially", "particularly"})
CONTRASTING = frozenset({"while", "whereas", "although", "though"})
DO_FORMS = {"VBD": "did", "VBZ": "does", "VBP": "do"}


def attributions(
    section: Section, sentence: Sentence, tree: Tree, known: AbstractSet[str]
) -> Iterator[Attribution]:
    """What somebody says, claims, warns in this sentence."""
    for verb, token in enumerate(tree.tokens):
        if token.lemma.lower() not in words("report_verbs") or token.pos != "VERB":
            continue
        claim_verb = tree.child(verb, "ccomp")
        speaker = _speaker(tree, verb, known)
        if claim_verb is None or claim_verb < verb or not speaker:
            continue
        question = _question(section, tree, verb, speaker)
        piece = _claim(tree, verb, claim_verb, speaker)
        if question and piece and holds(tree, piece, known, MIN_CLAIM_WORDS):
            clause = realised(section, sentence.index, tree, piece)
            if clause:
                span = Span(tree.tokens[speaker[0]].start, tree.tokens[speaker[-1]].end)
                yield Attribution(
                    section=section.id,
                    sentence=sentence.index,
                    speaker=span.of(section.text),
                    speaker_span=span,
                    verb=token.lemma.lower(),
                    question=question,
                    claim=clause,
                    telling=_telling(section, tree, verb),
                )


WISHES = frozenset(
    {"want", "wish", "like", "look", "need", "prefer", "plan", "care", "wonder", "hope", "ask"}
)
"""What a reader may do in a condition on which nothing depends."""


def conditionals(
    section: Section, sentence: Sentence, tree: Tree, known: AbstractSet[str]
) -> Iterator[Conditional]:
    """What may happen if or unless something else does."""
    for verb in range(len(tree.tokens)):
        for kid in tree.children(verb, "advcl"):
            if _is_offer(tree, kid):
                continue
            found = _conditional(section, sentence, tree, verb, kid, known)
            if found:
                yield found


def _is_offer(tree: Tree, verb: int) -> bool:
    """Whether "if" only says for whom it is told: "if you are looking for a good workout, ..."."""
    subject = tree.subject(verb)
    is_reader = subject is not None and tree.tokens[subject].text.lower() == "you"
    return is_reader and tree.tokens[verb].lemma.lower() in WISHES


def _speaker(tree: Tree, verb: int, known: AbstractSet[str]) -> list[int]:
    """The subject of a verb of saying, where it is somebody by name or kind."""
    subject = tree.child(verb, "nsubj")
    if subject is None or subject > verb or tree.is_negated(verb) or tree.modal(verb):
        return []
    phrase = tree.subtree(subject)
    plain = tree.tokens[subject].pos in {"PROPN", "NOUN"} and len(phrase) <= MAX_SPEAKER_TOKENS
    return phrase if plain and is_stretch(phrase) and not dangling(tree, phrase, known) else []


def _question(section: Section, tree: Tree, verb: int, speaker: list[int]) -> str:
    """As "What did X tell Y?"; empty where the verb's form does not allow it."""
    token = tree.tokens[verb]
    aux = tree.auxiliaries(verb)
    name = _words(section, tree, speaker)
    if tree.tokens[speaker[0]].pos != "PROPN" and tree.tokens[speaker[0]].tag != "NNP":
        name = name[:1].lower() + name[1:]
    if len(aux) == 1 and tree.tokens[aux[0]].text.lower() in {"has", "have", "had"} and token.tag == "VBN":
        asked = f"{tree.tokens[aux[0]].text.lower()} {name} {token.text}"
    elif not aux and token.tag in DO_FORMS:
        asked = f"{DO_FORMS[token.tag]} {name} {token.lemma}"
    else:
        return ""
    addressee = tree.child(verb, "dobj", "dative")
    if addressee is not None and addressee > verb:
        phrase = tree.subtree(addressee)
        if dangling(tree, phrase) or not is_stretch(phrase):
            return ""
        asked += f" {_words(section, tree, phrase)}"
    source = _source(section, tree, verb) or "According to the section, "
    return f"{source}what {asked}?"


def _telling(section: Section, tree: Tree, verb: int) -> str:
    """The verb of saying in the singular that "who" asks for, with whom it is said to."""
    token, aux = tree.tokens[verb], tree.auxiliaries(verb)
    low = [tree.tokens[number].text.lower() for number in aux]
    if _source(section, tree, verb) or (aux and (len(aux) > 1 or token.tag != "VBN")):
        return ""
    if low:
        said = {"has": "has", "have": "has", "had": "had"}.get(low[0], "")
        said = said and f"{said} {token.text.lower()}"
    else:
        forms = {"VBD": token.text.lower(), "VBZ": token.text.lower()}
        said = forms.get(token.tag) or (inflected(token.lemma.lower(), "VBZ") if token.tag == "VBP" else "")
    addressee = tree.child(verb, "dobj", "dative")
    if said and addressee is not None and addressee > verb:
        said += f" {_words(section, tree, tree.subtree(addressee))}"
    return said


def _source(section: Section, tree: Tree, verb: int) -> str:
    """As "According to somebody, " at the start of the sentence, or nothing."""
    for kid in tree.children(verb, "prep"):
        phrase = tree.subtree(kid)
        is_source = tree.tokens[kid].text.lower() == "according" and phrase[0] == 0
        if is_source and is_stretch(phrase) and not dangling(tree, phrase):
            return f"{_words(section, tree, phrase)}, "
    return ""


def _claim(tree: Tree, verb: int, claim_verb: int, speaker: list[int]) -> Piece | None:
    subject = tree.subject(claim_verb)
    usable = set(core(tree))
    part = [number for number in tree.subtree(claim_verb) if number in usable]
    if subject is None or not part or not tree.is_finite(claim_verb):
        return None
    if tree.tokens[part[0]].text.lower() == "that":
        part = part[1:]
    if not part or part[0] < verb or not is_stretch(part):
        return None
    piece = Piece("claim", claim_verb, subject, tuple(part), _named(tree, subject, verb, speaker))
    return _without_contrast(tree, piece)


def _without_contrast(tree: Tree, piece: Piece) -> Piece:
    """The claim without ", while ..." at its end, which is mostly the writer's own."""
    for shorter in trimmed(tree, piece):
        end = piece.numbers[len(shorter.numbers) :]
        is_tail = shorter.numbers == piece.numbers[: len(shorter.numbers)]
        if is_tail and len(end) > 1 and tree.tokens[end[1]].text.lower() in CONTRASTING:
            return replace(piece, numbers=shorter.numbers)
    return piece


def _named(tree: Tree, subject: int, verb: int, speaker: list[int]) -> int | None:
    """The speaker, where a pronoun subject of the claim means the speaker."""
    upper = tree.child(verb, "nsubj")
    token = tree.tokens[subject]
    if token.tag != "PRP" or upper is None or upper not in speaker:
        return None
    return upper if agrees(tree, upper, token.text.lower()) else None


def _conditional(
    section: Section, sentence: Sentence, tree: Tree, verb: int, kid: int, known: AbstractSet[str]
) -> Conditional | None:
    condition = tree.subtree(kid)
    marker = tree.tokens[condition[0]].text.lower()
    before = tree.tokens[condition[0] - 1].text.lower() if condition[0] else ""
    modal = tree.modal(verb)
    if marker not in {"if", "unless"} or before in WEAKENING or modal not in ASKED_MODALS:
        return None
    if not _is_plain_condition(tree, condition, known) or not _is_open(tree, verb, modal):
        return None
    piece, speaker = _result(tree, verb, set(condition))
    if piece is None or not holds(tree, piece, known, MIN_RESULT_WORDS):
        return None
    clause = realised(section, sentence.index, tree, piece)
    if clause is None:
        return None
    return Conditional(
        section=section.id,
        sentence=sentence.index,
        marker="if" if marker == "if" else "unless",
        condition=Span(tree.tokens[condition[0]].start, tree.tokens[condition[-1]].end),
        result=clause,
        modal=modal,
        speaker=_words(section, tree, speaker) if speaker else "",
    )


def _is_plain_condition(tree: Tree, condition: list[int], known: AbstractSet[str]) -> bool:
    if not MIN_CONDITION_TOKENS <= len(condition) <= MAX_CONDITION_TOKENS or not is_stretch(condition):
        return False
    after = tree.tokens[condition[-1] + 1 : condition[-1] + 2]
    if after and after[0].pos != "PUNCT":
        return False
    is_cut = tree.tokens[condition[1]].tag == "VBN"  # "if given in time" does not say what is given
    has_subject = tree.subject(_head(tree, condition)) is not None and not is_cut
    return has_subject and not dangling(tree, condition, known)


def _head(tree: Tree, numbers: list[int]) -> int:
    return next(number for number in numbers if tree.tokens[number].head not in set(numbers))


def _is_open(tree: Tree, verb: int, modal: str) -> bool:
    """Whether the result is still open: no past tense, no "would have"."""
    if any(tree.tokens[kid].lemma == "have" for kid in tree.auxiliaries(verb)):
        return False
    tags = {tree.tokens[kid].tag for kid in [verb, *tree.auxiliaries(verb)]}
    return bool(modal) or not tags & {"VBD"}


def _result(tree: Tree, verb: int, condition: set[int]) -> tuple[Piece | None, list[int]]:
    """The clause that holds under the condition, and who says so."""
    subject = tree.subject(verb)
    joined = set()
    for other in tree.children(verb, "conj"):
        joined.update(tree.subtree(other))
    usable = set(core(tree)) - condition - joined
    part = [number for number in tree.subtree(verb) if number in usable]
    if part and tree.tokens[part[0]].text.lower() in {"that", "then"}:
        part = part[1:]
    part = tree.stripped(part)
    if subject is None or not part or not tree.is_finite(verb) or joined:
        return None, []
    speaker: list[int] = []
    named = None
    if tree.tokens[verb].dep == "ccomp":
        upper = tree.governing_verb(verb)
        speaker = _speaker(tree, upper, frozenset())
        if tree.tokens[upper].lemma.lower() not in words("report_verbs") or not speaker:
            return None, []
        named = _named(tree, subject, upper, speaker)
    elif tree.tokens[verb].dep not in {"ROOT", "conj"}:
        return None, []
    return Piece("result", verb, subject, tuple(part), named), speaker


def _words(section: Section, tree: Tree, numbers: list[int]) -> str:
    return section.text[tree.tokens[numbers[0]].start : tree.tokens[numbers[-1]].end]
