"""Statements that stand on their own: what is taken from a sentence, and above all what is not."""

from __future__ import annotations

import pytest

from questions.generation.analyse import analyse
from questions.generation.nlp import load_nlp
from questions.reading.article import Article, Block, Section, Span


def statements(text, title="", kind="prose"):
    """The statements of a one-paragraph text, each replayed from its derivation."""
    section = Section("s1", "", text, (Block(kind, Span(0, len(text))),))
    facts = analyse(Article(title, "", (section,)), load_nlp()).sections[0]
    assert all(clause.derivation.replay(text) == clause.text for clause in facts.clauses)
    return [clause.text for clause in facts.clauses]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # two main clauses, each with its subject
        (
            "The council approved the plan of the engineers, but deeper quarrels about the money remain in town.",
            [
                "The council approved the plan of the engineers.",
                "Deeper quarrels about the money remain in town.",
            ],
        ),
        # a shared subject, its modal inherited
        (
            (
                "Good roads can shorten the journey to the coast, support the markets of the hills, and ease the "
                "work of the drivers."
            ),
            [
                "Good roads can support the markets of the hills.",
                "Good roads can ease the work of the drivers.",
            ],
        ),
        # a participle at the end goes
        (
            "On 24 November 1925, the two mayors opened the tunnel, showing the end of a long quarrel.",
            ["On 24 November 1925, the two mayors opened the tunnel."],
        ),
        # a concession at the start goes, and stands alone
        (
            "While the treasury of Marlow was empty in 1902, the council approved the plan of the engineers.",
            [
                "The council approved the plan of the engineers.",
                "The treasury of Marlow was empty in 1902.",
            ],
        ),
        # links to the sentence before go
        ("However, the ferry still carries the milk.", ["The ferry still carries the milk."]),
        ("The ferry, of course, still carries the milk.", ["The ferry still carries the milk."]),
        ("The ferry also carries the milk of the farms.", ["The ferry carries the milk of the farms."]),
        (
            "Despite the storm, however, the ferry carried the milk.",
            ["Despite the storm, the ferry carried the milk."],
        ),
        # brackets and asides go
        (
            "The ferry (built in 1902) carries the milk of the island towns.",
            ["The ferry carries the milk of the island towns."],
        ),
        (
            "The old ferry\u2014a gift of the king\u2014carries the milk and the milk.",
            ["The old ferry carries the milk and the milk."],
        ),
        # a pronoun takes the name of the only one it can mean
        (
            "Baron von Arden was an experienced officer, and he implemented a thorough course for the recruits.",
            ["Baron von Arden implemented a thorough course for the recruits."],
        ),
        # what a relative clause says of a name
        (
            "The council thanked Ada Holm, who repaired the lamp of the lighthouse in 1902.",
            ["Ada Holm repaired the lamp of the lighthouse in 1902."],
        ),
        (
            (
                "Trade grew after the Marlow summit, where China agreed to purchase grain and the US pledged to cut "
                "back tariffs on machines."
            ),
            ["The US pledged to cut back tariffs on machines."],
        ),
        # a condition stays
        (
            "The truce lasts a year, but if either side returns to the old habits, trade could end quickly.",
            ["If either side returns to the old habits, trade could end quickly."],
        ),
    ],
)
def test_takes(text, expected):
    found = statements(text)
    assert [one for one in expected if one not in found] == []


@pytest.mark.parametrize(
    ("text", "never"),
    [
        # negation inherited, or the piece left out
        ("Such atoms do not lose or gain electrons in the process.", "gain"),
        # the if-clause is no ornament (C3)
        (
            "If the council ends the contract, the ferry stops and the letters stay on the island.",
            "The letters stay",
        ),
        # another finite clause lies between (C4)
        (
            (
                "The plan is useful for the harbour, as the town does not own a crane, but remains its best "
                "hope of trade."
            ),
            "The plan remains",
        ),
        # "not only" binds its parts
        (
            "The keeper not only repaired the lamp, but painted the tower of the church.",
            "The keeper repaired",
        ),
        # a subject that says nothing by itself (C6)
        ("Another plan of the council concerns the old bridge.", "Another"),
        # unresolved pronouns and pointers
        ("They repaired the lamp of the lighthouse before the storm.", "They"),
        ("His brother repaired the lamp of the lighthouse.", "His"),
        ("This decision of the council angered the families of the bay.", "This"),
        ("Such storms destroy the roofs of the old town every winter.", "Such"),
        ("The following year, the council closed the harbour to ships.", "following"),
        ("The city sold the harbour to the ferry company in 1902.", "The city"),
        ("Some were sold to the museum of the island in 1902.", "Some were"),
        ("The latter was sold to the museum of the island in 1902.", "latter"),
        ("We found the lamp in the tower of the lighthouse.", "We"),
        ("Victory over the storm was their goal in every winter.", "their"),
        ("Grandfather sat beneath it with wet hair in the cold shed.", "beneath it"),
        ("Marcel Oudin predicted that nobody would know her name, but he kept the picture.", "her name"),
        ("The test of its strength has begun in the harbour of Marlow.", "its"),
        ("In Trenton, New Jersey, he led the soldiers over the river.", "he led"),
        ("For a few years they release more gas than the old bogs.", "they"),
        # a second main clause that hangs on by a comma
        (
            "If the ties grow, markets can calm down, supply can rise, and the powers can trade.",
            "down, supply can rise.",
        ),
        # "not only" keeps its "also"
        ("The keeper not only repaired the lamp but also painted the tower.", "but painted"),
        # would without its if
        ("The harbour would close for the whole of the winter.", "would"),
        # no statement at all
        ("Whose lamp was found in the tower of the lighthouse?", "lamp"),
        ("The new plan for the bridge over the river.", "plan"),
        ("Please repair the lamp in the tower of the lighthouse.", "repair"),
        ("How large a part Denmark will play in the talks is an open question.", "How"),
        ("Therefore, the ferry carries the milk of the island.", "ferry"),
    ],
)
def test_never_takes(text, never):
    assert [one for one in statements(text) if never in one] == []


def test_a_definite_noun_is_known_from_the_title_or_from_its_introduction():
    text = "The company bought the harbour of Marlow in 1902."
    assert statements(text) == []
    assert statements(text, title="The Company of Marlow") == [text]
    introduced = "A company of merchants came to Marlow. " + text
    assert text in statements(introduced)


def test_this_becomes_the_where_the_title_says_which():
    text = "This ferry carries the milk of the northern islands."
    made = ["The ferry carries the milk of the northern islands."]
    assert statements(text, title="The Last Ferry") == made
    assert statements(text) == []


@pytest.mark.parametrize("kind", ["list", "quote", "faq", "fragment", "code"])
def test_only_prose_makes_statements(kind):
    assert statements("The ferry carries the milk of the islands.", kind=kind) == []


@pytest.mark.parametrize(
    ("text", "is_taken"),
    [
        ("The harbour of Marlow has a different set of rules.", False),
        ("The harbour of Marlow has a different set of rules from that of Melk.", True),
        ("The ferry of Marlow has other benefits for the town.", False),
        ("The ferry of Marlow carries cows, sheep and other animals.", True),
        ("Examples include the harbour of Marlow and the pier of Melk.", False),
        ("Examples of old harbours include the harbour of Marlow.", True),
    ],
)
def test_what_is_other_or_an_example_says_of_what(text, is_taken):
    assert (statements(text) == [text]) is is_taken
