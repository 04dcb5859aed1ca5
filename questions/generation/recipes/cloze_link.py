"""Gap: the word that says how two statements hang together, among words that say something else."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from questions.generation.distractors import sentence_of
from questions.generation.facts import ArticleFacts, Clause, SectionFacts
from questions.generation.proposal import Level, Proposal, Tier
from questions.generation.realise import best_clauses, gap
from questions.generation.recipes.base import Examples
from questions.generation.tree import Tree
from questions.items.base import Option

MIN_WORDS, MAX_WORDS = 9, 32
MOST_PROPOSALS = 3

BEFORE_CLAUSES: dict[str, tuple[str, str, str]] = {
    "because": ("although", "unless", "until"),
    "although": ("because", "unless", "until"),
    "though": ("because", "unless", "until"),
    "unless": ("because", "although", "so that"),
    "until": ("because", "so that", "even though"),
    "before": ("after", "because", "although"),
    "after": ("before", "unless", "although"),
    "so that": ("although", "unless", "until"),
    "even though": ("because", "unless", "until"),
}
BEFORE_NOUNS: dict[str, tuple[str, str, str]] = {
    "because of": ("despite", "instead of", "without"),
    "due to": ("despite", "instead of", "without"),
    "despite": ("because of", "instead of", "without"),
    "instead of": ("because of", "despite", "as well as"),
    "without": ("with", "because of", "despite"),
}
"""What the gap may hold -> what it may not: each says another relation, and fits as well by its grammar."""
FIXED = frozenset({"doubt", "question", "exception", "fail", "delay", "warning", "notice", "end"})
"""After "without" these make a phrase that nobody would put together otherwise."""
BLOCKERS = frozenset(
    {"only", "just", "even", "not", "long", "shortly", "soon", "or", "and", "especially", "partly"}
)
LONGEST_LINK = 4


class ClozeLink:
    """One gap ("because", "although", "unless") for each sentence that has exactly one such word."""

    name = "cloze_link"
    level: Level = "integrate"
    best_tier: Tier = "review"
    needs_parse = True

    def propose(
        self,
        facts: ArticleFacts,  # noqa: ARG002 - the verb of every recipe
        section: SectionFacts,
        stream: random.Random,
    ) -> Iterator[Proposal]:
        """Proposals for this section, in reading order."""
        made = 0
        for clause in best_clauses(_long(section.clauses), MIN_WORDS, MAX_WORDS):
            link = _link(section, clause)
            if link is None or made == MOST_PROPOSALS:
                continue
            made += 1
            first, last, key, others = link
            tokens = sentence_of(section, clause).tokens
            options = [Option(key, "key", "So the text links the two.")]
            options += [Option(one, "misreading", "The text links them in another way.") for one in others]
            stream.shuffle(options)
            proposal = gap(section, self.name, clause, (tokens[first].start, tokens[last].end), options)
            yield Proposal(
                proposal.section_id,
                self.name,
                self.level,
                proposal.item,
                proposal.derivations,
                proposal.score,
            )

    def examples(self) -> Examples:
        """Texts that it must and must not make items of."""
        return Examples(
            makes={
                "The council closed the old harbour because the new pier was much longer.": ("because",),
                "The old ferry crossed the lake despite the great storm of 1902.": ("despite",),
            },
            abstains={
                "The ferry crossed the lake twice a day in every season of the year.": "nothing is linked",
                "Because the pier was long, the ferry came, although the council had closed the harbour.": (
                    "two links"
                ),
            },
        )


def _long(clauses: Sequence[Clause]) -> list[Clause]:
    return [clause for clause in clauses if clause.kind in {"sentence", "coordinate", "conjunct"}]


def _link(section: SectionFacts, clause: Clause) -> tuple[int, int, str, tuple[str, ...]] | None:
    """The only linking words inside a statement: first and last token, the words, and what they are not."""
    tree = Tree(sentence_of(section, clause).tokens)
    kept = clause.tokens
    low = [tree.tokens[number].text.lower() for number in kept]
    found: list[tuple[int, int, str, tuple[str, ...]]] = []
    place = 0
    while place < len(low):
        step = 1
        for length in range(LONGEST_LINK, 0, -1):
            words = " ".join(low[place : place + length])
            others = BEFORE_CLAUSES.get(words) or BEFORE_NOUNS.get(words)
            if others and len(low[place : place + length]) == length:
                found.append((kept[place], kept[place + length - 1], words, others))
                step = length
                break
        place += step
    if len(found) != 1 or found[0][0] == kept[0]:
        return None
    first, last, words, _ = found[0]
    is_stretch = last - first + 1 == len(words.split())
    is_clause = words in BEFORE_CLAUSES
    marks = (
        tree.tokens[last].dep == "mark"
        if is_clause
        else tree.tokens[first].dep in {"prep", "advmod", "amod", "mark"}
    )
    before = tree.tokens[first - 1].text.lower()
    after = tree.tokens[last + 1].lemma.lower() if last + 1 < len(tree.tokens) else ""
    is_idiom = words == "without" and after in FIXED
    return found[0] if is_stretch and marks and before not in BLOCKERS and not is_idiom else None
