"""Gap: a word that the text is about, to be typed as the text has it.

Sentence completion "with one word of the text", as reading examinations have it: the words that ask for the
section's own word stand in the question, so that a synonym is not asked for.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from questions.generation import wordnet
from questions.generation.distractors import is_exemplary
from questions.generation.facts import ArticleFacts, Clause, SectionFacts, Token
from questions.generation.inflect import inflected
from questions.generation.lexicon import words
from questions.generation.proposal import Level, Proposal, Tier
from questions.generation.realise import GAP_WORDS, best_clauses, gap
from questions.generation.recipes.base import Examples
from questions.generation.tree import SUBJECTS, Tree
from questions.generation.words import content_stems

ASKING = "Complete with one word from the section: "
SLOTS = SUBJECTS | {"dobj", "pobj", "attr"}
MOST_OF_SENTENCE = 2
FEWEST_TOLD = 4
FEWEST_LETTERS = 4
LEAST_SENTENCES, MOST_SENTENCES = 2, 8
"""In how many sentences of the article a word stands that it is about, but that does not fit everywhere."""
VAGUE_CLASSES = frozenset({"", "Tops", "time", "quantity", "relation", "person"})
THINGS = frozenset(
    {"artifact", "animal", "body", "food", "object", "phenomenon", "plant", "possession", "process", "shape"}
    | {"state", "substance", "location", "group"}
)
"""Of these a name says which; an act, a thought or a feeling can be put in many words."""
DATED = frozenset({"DATE", "TIME", "QUANTITY", "PERCENT", "MONEY", "CARDINAL", "ORDINAL"})


class ClozeTerm:
    """The best nouns of each sentence: those that the article comes back to, and that the rest calls for."""

    name = "cloze_term"
    level: Level = "retrieve"
    best_tier: Tier = "review"
    needs_parse = True

    def propose(
        self,
        facts: ArticleFacts,
        section: SectionFacts,
        stream: random.Random,  # noqa: ARG002 - nothing is left to chance
    ) -> Iterator[Proposal]:
        """Proposals for this section, in reading order."""
        for clause in best_clauses(section.clauses, GAP_WORDS.start, GAP_WORDS.stop):
            tree = Tree(section.sentences[clause.sentence].tokens)
            fit = [
                number
                for number in clause.tokens
                if _may_be_asked(facts, clause, tree, number)
                and not _is_set_phrase(tree, number)
                and not _has_rival(section, tree.tokens[number])
                and not _title_tells(facts, section, tree.tokens[number])
            ]
            fit.sort(key=lambda one: (*_worth(facts, tree, one), -one), reverse=True)
            for number in fit[:MOST_OF_SENTENCE] if not clause.is_negated else ():
                yield self._proposal(section, clause, tree.tokens[number])

    def _proposal(self, section: SectionFacts, clause: Clause, token: Token) -> Proposal:
        return gap(section, self.name, clause, (token.start, token.end), _accepted(token), ASKING)

    def examples(self) -> Examples:
        """Texts that it must and must not make items of."""
        return Examples(
            makes={
                "The keepers fill the lanterns of the harbour with whale oil every evening. "
                "Old lanterns were made of copper and thick glass.": ("lanterns",),
            },
            abstains={
                "The keepers fill the lanterns of the harbour with whale oil every night.": "named but once",
                "The thing is a part of the way. The thing is a kind of place.": "the words say nothing",
                "The keepers fill the lanterns of the harbour with whale oil every evening. "
                "Old lanterns were made of copper, and the lamps of thick glass.": "a lamp may be a lantern",
            },
        )


def _may_be_asked(facts: ArticleFacts, clause: Clause, tree: Tree, number: int) -> bool:
    """Whether a noun is one of its own, named once here and more than once in the article."""
    token = tree.tokens[number]
    lemma = token.lemma.lower()
    if (
        token.pos != "NOUN"
        or token.dep not in SLOTS
        or len(token.text) < FEWEST_LETTERS
        or not token.text.isalpha()
    ):
        return False
    if token.ent in DATED or wordnet.main_class(lemma) in VAGUE_CLASSES or lemma in words("generic_heads"):
        return False
    if not LEAST_SENTENCES <= len(facts.index.get(lemma, ())) <= MOST_SENTENCES:
        return False
    if is_exemplary(tree, clause, number) or _is_one_of_several(tree, number):
        return False
    if wordnet.main_class(lemma) not in THINGS and not tree.children(number, "amod", "compound"):
        return False
    named = [
        one
        for one in clause.tokens
        if tree.tokens[one].lemma.lower() == lemma or lemma in tree.tokens[one].text.lower()
    ]
    told = {
        tree.tokens[one].lemma.lower()
        for one in clause.tokens
        if tree.tokens[one].pos in {"NOUN", "PROPN", "VERB", "ADJ", "NUM"} and one != number
    } - words("stop_words")
    return len(named) == 1 and len(told) >= FEWEST_TOLD


def _is_one_of_several(tree: Tree, number: int) -> bool:
    """Whether others are named beside it, or a vague word before it: what fits is then not one word."""
    joined = tree.tokens[number].dep == "conj" or bool(tree.children(number, "conj", "appos"))
    kids = {tree.tokens[kid].text.lower() for kid in tree.children(number)}
    vague = {
        "some",
        "any",
        "other",
        "another",
        "such",
        "certain",
        "different",
        "various",
        "many",
        "more",
        "several",
    }
    return joined or bool(kids & vague)


def _is_set_phrase(tree: Tree, number: int) -> bool:
    """Whether the words before a noun leave no choice: "the solar system", "Clostridium botulinum"."""
    lemma = tree.tokens[number].lemma.lower()
    if number and wordnet.knows(f"{tree.tokens[number - 1].text.lower()} {lemma}"):
        return True  # whatever the parser made of it
    for kid in tree.children(number, "amod", "compound"):
        word = tree.tokens[kid]
        is_called = word.dep == "compound" and word.pos == "PROPN" and kid == number - 1
        is_name = is_called and word.ent in {"", "ORG", "PRODUCT"}
        if is_name or any(wordnet.knows(f"{form.lower()} {lemma}") for form in (word.text, word.lemma)):
            return True
    return False


def _title_tells(facts: ArticleFacts, section: SectionFacts, token: Token) -> bool:
    """Whether the word stands in the title or over the section: then nobody has to read on."""
    shown = content_stems(facts.headlines(section))
    return bool(content_stems(token.text) & shown)


def _has_rival(section: SectionFacts, token: Token) -> bool:
    """Whether another noun of the section may mean the same, so that both are right."""
    lemma = token.lemma.lower()
    nouns = {other.lemma.lower() for one in section.sentences for other in one.tokens if other.pos == "NOUN"}
    return any(wordnet.near(lemma, other) for other in nouns - {lemma})


def _worth(facts: ArticleFacts, tree: Tree, number: int) -> tuple[bool, bool, int, int]:
    """How well the rest of the sentence calls for a noun.

    Best is something that one can see or touch, with words before the gap to lead to it; then what is said of
    it, then how often the article takes it up.
    """
    token = tree.tokens[number]
    telling = len(tree.children(number, "amod", "compound", "prep", "relcl", "acl", "poss"))
    is_thing = wordnet.main_class(token.lemma.lower()) in THINGS
    return (is_thing, token.dep not in SUBJECTS, min(telling, 2), len(facts.index[token.lemma.lower()]))


def _accepted(token: Token) -> list[str]:
    """The word as the text has it, then in its other number."""
    other = token.lemma if token.tag == "NNS" else inflected(token.lemma, "NNS")
    return list(dict.fromkeys([token.text.lower() if not token.text.isupper() else token.text, other]))
