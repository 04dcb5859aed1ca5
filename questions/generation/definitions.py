"""Words that a sentence explains: "X is a Y that", "X refers to Y", "Y is called X", "X, a Y that"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from questions.generation import wordnet
from questions.generation.core import asides, core
from questions.generation.dangling import ORDINALS, dangling
from questions.generation.lexicon import words
from questions.generation.tree import Tree, is_stretch
from questions.generation.words import content_stems

MAX_TERM_TOKENS = 5
FEWEST_TOLD, MOST_TOLD = 4, 28
"""Tokens of a meaning that says enough, and not more than one can hold in mind."""
WELL_TOLD = 10
"""Tokens from which on a kind of a thing is told from others even without a clause."""
FEWEST_WORDS = 4
"""Content words of a meaning."""
FEWEST_NAMED = 2
"""Tokens of a thing that has another name too."""
TERM_POS = frozenset({"NOUN", "PROPN", "ADJ"})
NAMING_FORMS: Mapping[str, tuple[str, ...]] = {
    "called": (), "termed": (), "named": (), "known": ("as",), "referred": ("to", "as"),
}  # fmt: skip
"""Verbs that lead to a name, and what stands between."""
OFTEN = frozenset({"also", "often", "sometimes", "commonly", "usually", "generally", "now", "then", "or"})
MEANING_VERBS = frozenset({"refer", "define", "mean", "denote"})
KINDS = frozenset({"kind", "type", "form", "sort", "variety", "class", "group", "branch"})
PROCESSES = frozenset({"process", "practice", "study", "science", "art", "ability", "condition", "loss"})
JUDGING = frozenset(
    {"good", "bad", "great", "perfect", "key", "important", "major", "main", "common", "low", "high", "true"}
    | {"real", "clear", "big", "huge", "wonderful", "excellent", "popular", "famous", "beautiful", "nice"}
    | {"crucial", "vital", "essential", "necessary", "useful", "interesting", "other"}
)
"""Adjectives that say what somebody thinks of a thing, and not what it is."""
PLACED = frozenset({"found", "seen", "located"})
WORDS = frozenset({"word", "term", "name", "phrase", "expression", "title"})
"""What is said with them is said of the word, and not of the thing."""
POINTING = frozenset(
    {"this", "that", "these", "those", "such", "other", "another", "same", "similar", "some", "many", "most"}
    | {"all", "several", "few", "more", "no", "any", "specifically", "namely", "especially", "one"}
)
ARTICLES = frozenset({"a", "an", "the"})
QUOTES = frozenset({'"', "\u201c", "\u201d", "'", "\u2018", "\u2019"})
RELATIVES = frozenset({"that", "which", "who", "whom", "whose"})
SETTING_OFF = frozenset({",", "(", "\u2014", "\u2013"})
MOST_LEADING = 5


@dataclass(frozen=True, slots=True)
class Definition:
    """A word without its article and what the sentence says it is, as numbers of tokens."""

    term: tuple[int, ...]
    meaning: tuple[int, ...]
    is_second: bool = False
    """Whether the thing has a name already, and this is what it is called too."""


Found = tuple[list[int], list[int]]


def definitions(tree: Tree, small: AbstractSet[str] = frozenset()) -> Iterator[Definition]:
    """What this sentence explains or names, each word once.

    `small` are words that the text writes with a small letter, so that their capital here is no name's.
    """
    seen: set[tuple[int, ...]] = set()
    found = _named(tree) if _has_names(tree) else (*_said_to_be(tree), *_in_apposition(tree))
    for named, told in found:
        term = tuple(_bare(tree, named))
        meaning = tuple(_shortened(tree, _without_aside(tree, told))) if told else ()
        is_second = bool(term) and _is_second(tree, term[0])
        is_new = term not in seen and not set(term) & set(meaning)
        fewest = FEWEST_NAMED if is_second else FEWEST_TOLD
        is_clear = is_new and _is_term(tree, term, small) and _is_meaning(tree, meaning, fewest)
        if is_clear and _is_apart(tree, term, meaning) and (is_second or _says_enough(tree, meaning)):
            seen.add(term)
            yield Definition(term, meaning, is_second)


def head(tree: Tree, numbers: Sequence[int]) -> int:
    """The word of a phrase on which the others hang."""
    inside = set(numbers)
    return next(one for one in numbers if tree.tokens[one].head not in inside or one in tree.roots)


def _said_to_be(tree: Tree) -> Iterator[Found]:
    """As "A nutrient is a substance that ..." and "Tomography refers to imaging by sections"."""
    root = tree.roots[0]
    token = tree.tokens[root]
    subject = tree.child(root, "nsubj", "nsubjpass")
    inside = set(core(tree))
    if subject is None or subject > root or token.tag not in {"VBZ", "VBP", "VBN"} or tree.is_negated(root):
        return
    term = [one for one in tree.subtree(subject) if one in inside]
    after = tree.tokens[term[-1] + 1] if term else token
    is_ended = after.pos in {"AUX", "VERB"} or after.text.lower() in OFTEN | {"("}
    if not is_ended or _is_restricted(tree, root, subject):
        return
    said = None
    if token.lemma == "be" and not tree.auxiliaries(root):
        said = tree.child(root, "attr")
        said = said if said is not None and _explains(tree, subject, said) else None
    elif token.lemma.lower() in MEANING_VERBS and not tree.modal(root):
        said = _meant(tree, root)
        defined = tree.child(root, "dobj")
        if token.lemma.lower() == "define" and defined is not None:
            term = tree.subtree(defined)
    is_many = token.lemma == "be" and token.tag == "VBP"
    if said is not None and (_is_plural(tree, [said]) or not is_many):
        yield term, [one for one in tree.subtree(said) if one in inside]


def _is_restricted(tree: Tree, verb: int, subject: int) -> bool:
    """Whether words in front say for whom or when it holds: "in the older view, ..."."""
    return any(kid < subject for kid in tree.children(verb, "prep", "advcl", "npadvmod"))


def _has_names(tree: Tree) -> bool:
    """Whether a sentence calls something by a name: by that one it could be called as well."""
    return any(token.text.lower() in NAMING_FORMS for token in tree.tokens)


def _meant(tree: Tree, verb: int) -> int | None:
    """What "refers to", "is defined as" and "means" lead to, where the sentence ends with it."""
    if tree.children(verb, "advcl", "conj", "ccomp"):
        return None
    lemma = tree.tokens[verb].lemma.lower()
    if lemma in {"mean", "denote"}:
        return tree.child(verb, "dobj")
    to = "to" if lemma == "refer" else "as"
    prep = next((kid for kid in tree.children(verb, "prep") if tree.tokens[kid].text == to), None)
    return None if prep is None else tree.child(prep, "pobj")


def _explains(tree: Tree, subject: int, said: int) -> bool:
    """Whether "is a ..." says what a thing is, and not how one finds it."""
    noun = tree.tokens[said]
    low = {tree.tokens[kid].text.lower() for kid in tree.children(said, "det")}
    is_plural = noun.tag == "NNS" and not low
    if noun.pos != "NOUN" or not (low & {"a", "an"} or is_plural) or tree.children(said, "conj", "appos"):
        return False
    graded = tree.children(said, "amod")
    if any(tree.tokens[one].tag in {"JJR", "JJS"} or tree.children(one, "advmod") for one in graded):
        return False
    if noun.lemma.lower() in KINDS:
        return _is_told(tree, tree.subtree(said)) or len(tree.subtree(said)) >= WELL_TOLD
    if noun.lemma.lower() in words("generic_heads") | WORDS:
        return False
    is_kind_of = wordnet.related(tree.tokens[subject].lemma.lower(), noun.lemma.lower())
    return _is_told(tree, tree.subtree(said)) or (is_kind_of and bool(tree.children(said, "prep")))


def _named(tree: Tree) -> Iterator[Found]:
    """As "Muscle loss in old age is called sarcopenia" and "the deepest part, called the pool,"."""
    inside = set(core(tree))
    for verb, token in enumerate(tree.tokens):
        between = NAMING_FORMS.get(token.text.lower())
        if between is None:
            continue
        start = verb + 1 + len(between)
        if tuple(one.text for one in tree.tokens[verb + 1 : start]) != between:
            continue
        term = _name_from(tree, start)
        subject = tree.child(verb, "nsubjpass")
        comma = _set_off(tree, verb)
        if subject is not None and token.dep == "ROOT":
            if tree.is_negated(verb) or _is_restricted(tree, verb, subject):
                continue
            yield term, [one for one in tree.subtree(subject) if one in inside]
        elif comma is not None:
            yield term, _before(tree, comma, is_plural=_is_plural(tree, term))


def _name_from(tree: Tree, start: int) -> list[int]:
    """The words of a name from here, in quotation marks or not, to where the phrase ends."""
    is_quoted = start < len(tree.tokens) and tree.tokens[start].text in QUOTES
    start += is_quoted
    end = start
    while end < len(tree.tokens) and (
        tree.tokens[end].pos in {"DET", *TERM_POS} or tree.tokens[end].text == "-"
    ):
        end += 1
    name, after = list(range(start, end)), tree.tokens[end : end + 1]
    if is_quoted:
        return name if after and after[0].text in {*QUOTES, ",", "."} else []
    is_loose = bool(after) and after[0].pos in {"ADP", "SCONJ"} and after[0].head not in name
    is_ended = not after or after[0].text in {",", ".", ")", "(", "\u2014", ";"}
    return name if is_ended or (is_loose and after[0].text.lower() != "of") else []


def _is_second(tree: Tree, number: int) -> bool:
    """Whether words before a name lead to it as to another one: ", also known as"."""
    leading: list[str] = []
    for token in reversed(tree.tokens[max(0, number - MOST_LEADING) : number]):
        if token.text == ",":
            break
        leading.append(token.text.lower())
    return "also" in leading and any(one in NAMING_FORMS for one in leading)


def _set_off(tree: Tree, verb: int) -> int | None:
    """The comma or dash before ", called ..." or ", often known as ..."."""
    at = verb - 1
    while at > 0 and tree.tokens[at].text.lower() in OFTEN:
        at -= 1
    return at if at > 0 and tree.tokens[at].text in {",", "\u2014"} else None


def _is_plural(tree: Tree, term: Sequence[int]) -> bool:
    return bool(term) and tree.tokens[term[-1]].tag in {"NNS", "NNPS"}


def _before(tree: Tree, comma: int, *, is_plural: bool) -> list[int]:
    """The longest noun phrase that ends before the comma and is of the same number."""
    found: list[int] = []
    for number in range(comma):
        if tree.tokens[number].pos in {"NOUN", "PROPN"} and _is_plural(tree, [number]) == is_plural:
            phrase = [one for one in tree.subtree(number) if one < comma]
            if phrase[-1] == comma - 1 and is_stretch(phrase) and len(phrase) > len(found):
                found = phrase
    is_clear = not any(tree.tokens[one].text == "," or _may_be_it(tree, found, one) for one in found)
    return found if is_clear else []


def _may_be_it(tree: Tree, phrase: Sequence[int], number: int) -> bool:
    """Whether the name after a phrase may be that of this noun in it: "a mix of salts, called brines"."""
    is_one = tree.tokens[number].pos == "NOUN" and number != head(tree, phrase)
    is_the = any(tree.tokens[kid].text.lower() == "the" for kid in tree.children(number, "det"))
    same = _is_plural(tree, [number]) == _is_plural(tree, [head(tree, phrase)])
    return is_one and same and not is_the and tree.tokens[number].dep != "compound"


def _in_apposition(tree: Tree) -> Iterator[Found]:
    """As "differentiation, the process of sorting by density"."""
    for said, token in enumerate(tree.tokens):
        if token.dep != "appos" or token.pos != "NOUN" or said < token.head:
            continue
        meaning = tree.subtree(said)
        after = tree.tokens[meaning[-1] + 1 : meaning[-1] + 2]
        is_set_off = tree.tokens[meaning[0] - 1].text in SETTING_OFF and (
            not after or after[0].pos == "PUNCT"
        )
        first = tree.tokens[meaning[0]].text.lower()
        term = _last_noun(tree, meaning[0] - 2)
        if token.lemma.lower() in WORDS or not term or not _is_kind(tree, term[-1], said):
            continue
        is_told = _is_told(tree, meaning) or (first == "the" and bool(tree.children(said, "prep")))
        if is_set_off and is_told and (first in ARTICLES or token.tag == "NNS"):
            yield term, meaning


def _is_kind(tree: Tree, term: int, said: int) -> bool:
    """Whether the apposition says what the noun before it is, and not what the whole clause comes to."""
    noun, kind = tree.tokens[term].lemma.lower(), tree.tokens[said].lemma.lower()
    if kind in KINDS | PROCESSES:
        return True
    return wordnet.related(noun, kind) or (not wordnet.knows(noun) and kind not in words("generic_heads"))


def _last_noun(tree: Tree, end: int) -> list[int]:
    """The plain noun phrase that ends here."""
    if end < 0 or tree.tokens[end].pos != "NOUN" or tree.tokens[end].dep == "conj":
        return []
    phrase = [one for one in tree.subtree(end) if one <= end]
    return phrase if is_stretch(phrase) and tree.tokens[phrase[0]].text.lower() != "the" else []


def _is_told(tree: Tree, meaning: Sequence[int]) -> bool:
    """Whether a clause in it says more of the thing than where it is."""
    return any(
        tree.tokens[one].dep in {"relcl", "acl"} and tree.tokens[one].text.lower() not in PLACED
        for one in meaning
    )


def _bare(tree: Tree, term: Sequence[int]) -> Sequence[int]:
    return term[1:] if term and tree.tokens[term[0]].text.lower() in ARTICLES else term


def _is_term(tree: Tree, term: Sequence[int], small: AbstractSet[str]) -> bool:
    """Whether it is a short plain name of a thing: no person, no proper name, nothing that points."""
    if not term or not is_stretch(term) or len(term) > MAX_TERM_TOKENS:
        return False
    tokens = [tree.tokens[one] for one in term]
    last = tokens[-1]
    is_name = (
        last.pos == "PROPN"
        and not last.text.islower()
        and last.text.lower() not in small
        and (len(term) == 1 or not wordnet.knows(last.text.lower()) or last.ent)
    )
    if last.pos not in {"NOUN", "PROPN"} or last.ent in {"PERSON", "DATE", "CARDINAL"} or is_name:
        return False
    is_plain = all(one.pos in TERM_POS or one.text in {"-", "/"} or one.tag == "VBG" for one in tokens)
    low = {one.text.lower() for one in tokens} | {one.tag for one in tokens if one.tag in {"JJR", "JJS"}}
    vague = words("generic_heads") | words("sky")
    if len({one.lemma.lower() for one in tokens}) < len(tokens):
        return False  # a heading that ran into its text
    return is_plain and not low & (POINTING | {"JJR", "JJS"}) and last.lemma.lower() not in vague


def _without_aside(tree: Tree, meaning: Sequence[int]) -> list[int]:
    """The meaning without ", which ..." or ", a ..." at its end."""
    for number in meaning:
        token = tree.tokens[number]
        tail = tree.subtree(number)
        is_last = token.dep in {"appos", "relcl"} and tail[-1] == meaning[-1] and tail[0] > meaning[0] + 2
        shorter = [one for one in meaning if one < tail[0] - 1]
        if is_last and tree.tokens[tail[0] - 1].text == "," and len(shorter) >= FEWEST_TOLD:
            return shorter
    return list(meaning)


def _shortened(tree: Tree, meaning: Sequence[int]) -> list[int]:
    """The meaning without clauses at its end that say more of its last words, as far as it is too long."""
    left = list(meaning)
    while left and len(left) > MOST_TOLD:
        main = head(tree, left)
        tails = [
            tree.subtree(one)[0]
            for one in left
            if tree.tokens[one].dep in {"relcl", "acl"}
            and tree.tokens[one].head != main
            and tree.tokens[tree.tokens[one].head].dep != "conj"
            and tree.subtree(one)[-1] == left[-1]
        ]
        cut = max((one for one in tails if one > left[0] + FEWEST_TOLD), default=None)
        if cut is None:
            break
        left = [one for one in left if one < cut]
        while left and (tree.tokens[left[-1]].pos in {"PUNCT", "ADP", "CCONJ"}):
            left.pop()
    return left


def _is_meaning(tree: Tree, meaning: Sequence[int], fewest: int) -> bool:
    """Whether a reader understands it without the text around it."""
    left_out = set(range(meaning[0], meaning[-1])) - set(meaning) if meaning else set()
    if not fewest <= len(meaning) <= MOST_TOLD or not left_out <= asides(tree):
        return False
    first, last = tree.tokens[meaning[0]], tree.tokens[meaning[-1] + 1 : meaning[-1] + 2]
    is_ended = not last or last[0].pos in {"PUNCT", "AUX", "VERB"} or last[0].text.lower() in RELATIVES
    if first.text.lower() in POINTING or not is_ended:
        return False
    if meaning[0] == 0 and first.pos == "PROPN":
        return False  # nobody knows whether its capital is meant
    if not tree.tokens[meaning[-1]].text[-1:].isalnum() or _is_denied(tree, meaning):
        return False
    main = head(tree, meaning)
    graded = {tree.tokens[kid].text.lower() for kid in tree.children(main, "amod")}
    if graded & (JUDGING | ORDINALS) or tree.children(main, "conj") or _repeats(tree, meaning):
        return False
    has_quote = any(tree.tokens[one].text in {'"', "\u201c", "\u201d", "(", ")"} for one in meaning)
    return not has_quote and not dangling(tree, meaning)


def _is_denied(tree: Tree, meaning: Sequence[int]) -> bool:
    """Whether it says what a thing cannot do: that is known of it, but does not tell what it is."""
    told = [one for one in meaning if tree.tokens[one].dep == "relcl"]
    return any(tree.is_negated(one) and tree.modal(one) for one in told)


def _says_enough(tree: Tree, meaning: Sequence[int]) -> bool:
    """Whether it tells the thing from others: "a compound that deters pests", "the soft inside" do not."""
    is_the = tree.tokens[meaning[0]].text.lower() == "the"
    if is_the and not tree.children(head(tree, meaning), "prep", "relcl", "acl"):
        return False
    return len(content_stems(_text(tree, meaning))) >= FEWEST_WORDS - is_the


def _text(tree: Tree, numbers: Sequence[int]) -> str:
    return " ".join(tree.tokens[one].text for one in numbers)


def _repeats(tree: Tree, meaning: Sequence[int]) -> bool:
    """Whether "the group" stands in it for a group that it named."""
    nouns = [tree.tokens[one].lemma for one in meaning if tree.tokens[one].pos == "NOUN"]
    told = [tree.tokens[one].head for one in meaning if tree.tokens[one].text.lower() == "the"]
    return any(nouns.count(tree.tokens[one].lemma) > 1 for one in told)


def _is_apart(tree: Tree, term: Sequence[int], meaning: Sequence[int]) -> bool:
    """Whether the meaning explains the word by others, and both are one or both are many."""
    if _is_plural(tree, term) != _is_plural(tree, [head(tree, meaning)]):
        return False
    return not content_stems(_text(tree, term)) & content_stems(_text(tree, meaning))
