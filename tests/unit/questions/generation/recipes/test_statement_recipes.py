"""The recipes that need a parse: what they make, what they must not, and that every word of it replays."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questions.generation.analyse import analyse
from questions.generation.facts import ArticleFacts
from questions.generation.nlp import NoNlp, load_nlp
from questions.generation.proposal import Proposal
from questions.generation.recipes.attribution_what import AttributionWhat
from questions.generation.recipes.attribution_who import AttributionWho
from questions.generation.recipes.cause import CauseQuestion
from questions.generation.recipes.cloze_country import ClozeCountry
from questions.generation.recipes.cloze_date import ClozeDate
from questions.generation.recipes.cloze_link import ClozeLink
from questions.generation.recipes.cloze_number import ClozeNumber
from questions.generation.recipes.cloze_person import ClozePerson
from questions.generation.recipes.cloze_place import ClozePlace
from questions.generation.recipes.cloze_term import ClozeTerm
from questions.generation.recipes.conditional import ConditionalQuestion
from questions.generation.recipes.definition import DefinitionGap
from questions.generation.recipes.evidence_sentence import EvidenceSentence
from questions.generation.recipes.false_antonym import FalseAntonym
from questions.generation.recipes.false_entity import FalseEntity
from questions.generation.recipes.false_number import FalseNumber
from questions.generation.recipes.false_role import FalseRole
from questions.generation.recipes.matching_statements import MatchingStatements
from questions.generation.recipes.ordering import Ordering
from questions.generation.recipes.quote_who import QuoteWho
from questions.generation.recipes.statement_choice import StatementChoice
from questions.generation.recipes.statement_not import StatementNot
from questions.generation.recipes.true_statement import TrueStatement
from questions.items.base import BLANK
from questions.items.registry import ITEM_TYPES
from questions.reading.documents import read_text
from tests.factories.recipes import keys_made, proposals_of

RECIPES = {
    recipe.name: recipe
    for recipe in (
        TrueStatement(), FalseEntity(), FalseNumber(), FalseAntonym(), FalseRole(), ClozeDate(),
        ClozeNumber(), ClozePerson(), ClozeCountry(), ClozePlace(), StatementChoice(), ConditionalQuestion(), AttributionWhat(), AttributionWho(), Ordering(), ClozeTerm(), ClozeLink(), StatementNot(), QuoteWho(), CauseQuestion(), MatchingStatements(), EvidenceSentence(),
        DefinitionGap(),
    )
}  # fmt: skip
MAKES = [(name, text) for name, recipe in RECIPES.items() for text in recipe.examples().makes]
ABSTAINS = [
    (name, text, why) for name, recipe in RECIPES.items() for text, why in recipe.examples().abstains.items()
]
DATA = Path(__file__).parents[4] / "data" / "generation"
TEXTS = sorted(path.name for path in DATA.glob("*.txt"))


@lru_cache(maxsize=10)
def facts_of(name: str) -> ArticleFacts:
    return analyse(read_text((DATA / name).read_text(encoding="utf-8")), load_nlp())


def proposed(facts: ArticleFacts, seed: int = 0) -> list[Proposal]:
    return [
        proposal
        for section in facts.sections
        if section.is_parsed
        for name, recipe in RECIPES.items()
        for proposal in recipe.propose(facts, section, random.Random(f"{section.section.id}{name}{seed}"))
    ]


@pytest.mark.parametrize(("name", "text"), MAKES)
def test_makes_its_examples(name, text):
    assert set(RECIPES[name].examples().makes[text]) <= keys_made(RECIPES[name], text)


@pytest.mark.parametrize(("name", "text", "why"), ABSTAINS)
def test_abstains(name, text, why):
    assert keys_made(RECIPES[name], text) == set(), why


def test_the_own_texts_feed_every_recipe():
    made = {proposal.recipe for name in TEXTS for proposal in proposed(facts_of(name))}
    assert made == set(RECIPES)


def check(proposal: Proposal, facts: ArticleFacts) -> None:
    """What holds of every proposal, whatever the text: nothing here shares code with the checks."""
    item = proposal.item
    text = facts.article.section(proposal.section_id).text
    assert ITEM_TYPES[item.type].problems(item) == []
    for span in item.evidence:
        assert text[span.start : span.end] == span.quote
    words = {"stem": item.stem, **{f"option-{place}": one.text for place, one in enumerate(item.options)}}
    for name, derivation in proposal.derivations.items():
        source = facts.article.section(derivation.section).text
        assert derivation.replay(source) == words[name]
    assert item.explanation
    assert len({option.text for option in item.options}) == len(item.options)
    if item.type in {"true_false", "gap_text", "gap_list"}:
        assert "stem" in proposal.derivations
        assert item.stem[0].isupper() or item.stem[0] in "_0123456789\u00a3$\u201c\"'"
    if item.type == "multiple_choice":
        options = {f"option-{place}" for place in range(len(item.options))}
        of_names = (
            proposal.recipe == "quote_who"
        )  # names as the article has them anywhere; its words are the stem
        assert options <= set(proposal.derivations) or (of_names and "stem" in proposal.derivations)
        assert all(option.role and option.feedback for option in item.options)
        assert [option.role for option in item.options].count("key") == 1
    if item.type.startswith("gap"):
        assert item.stem.count(BLANK) == 1
        filled = item.stem.replace(BLANK, proposal.key_texts[0])
        assert proposal.key_texts[0] in item.evidence[0].quote or filled
    if item.type == "true_false" and item.key == (1,):
        assert item.stem not in text
    assert "  " not in item.stem
    assert "\n" not in item.stem


@pytest.mark.parametrize("name", TEXTS)
def test_every_word_replays(name):
    facts = facts_of(name)
    for seed in (0, 7):
        made = proposed(facts, seed)
        assert len(made) > 40
        for proposal in made:
            check(proposal, facts)


@settings(max_examples=25)
@given(st.sampled_from(TEXTS), st.data())
def test_every_word_replays_of_a_damaged_text_too(name, data):
    """Letters lost and doubled, signs thrown in: few items or none, but never a wrong place, never an error."""
    raw = (DATA / name).read_text(encoding="utf-8")
    start = data.draw(st.integers(0, len(raw) - 900))
    text = raw[start : start + 900]
    for _ in range(data.draw(st.integers(1, 12))):
        at = data.draw(st.integers(0, len(text) - 1))
        wrong = data.draw(
            st.sampled_from(["", ",", ".", '"', "(", "\u201d", "\u2014", " the", "\n\n", "7", "X"])
        )
        text = text[:at] + wrong + text[at + data.draw(st.integers(0, 2)) :]
    facts = analyse(read_text(text), load_nlp())
    for proposal in proposed(facts):
        check(proposal, facts)


def test_the_same_text_and_seed_give_the_same_proposals():
    one, other = facts_of(TEXTS[0]), analyse(facts_of(TEXTS[0]).article, load_nlp())
    assert proposed(one) == proposed(other)


def test_the_hash_seed_of_the_process_changes_nothing():
    program = (
        "import random, sys;"
        "from questions.generation.analyse import analyse;"
        "from questions.generation.nlp import load_nlp;"
        "from questions.generation.recipes.registry import RECIPES;"
        "from questions.reading.documents import read_text;"
        "facts = analyse(read_text(sys.stdin.read()), load_nlp());"
        "print([p for s in facts.sections for r in RECIPES.values() if r.needs_parse"
        " for p in r.propose(facts, s, random.Random(r.name))])"
    )
    root = Path(__file__).parents[5]
    # Not measured: it would take twice as long, and runs nothing that others here do not run too.
    own = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    printed = {
        subprocess.run(
            [sys.executable, "-c", program],
            env=own | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
            input=(DATA / TEXTS[0]).read_text(encoding="utf-8"),
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(printed) == 1
    assert len(printed.pop()) > 1_000


def test_nothing_is_made_without_a_model():
    facts = analyse(facts_of(TEXTS[0]).article, NoNlp(("none",)))
    assert all("no_model" in section.reasons for section in facts.sections)
    assert all(section.sentences and not section.clauses for section in facts.sections)


@pytest.mark.parametrize(
    "text",
    [
        "Le gardien du phare a r\u00e9par\u00e9 la lampe avant la temp\u00eate. Il a allum\u00e9 le feu en 1902. "
        * 3,
        "12 44 18 9 303 4,500 61 17 2 80 45 12 9 6 31 70 8",
        "\u2022 lamps\n\u2022 wicks\n\u2022 glass for the tower of the lighthouse",
        "\U0001f600 \U0001f680 \U0001f984",
        (
            "\u0627\u0644\u0637\u0642\u0633 \u062c\u0645\u064a\u0644 \u0627\u0644\u064a\u0648\u0645 \u0641\u064a "
            "\u0627\u0644\u0645\u062f\u064a\u0646\u0629 \u0627\u0644\u0642\u062f\u064a\u0645\u0629."
        ),
        "lamp " * 900,
        "a" * 5_000,
    ],
)
def test_other_texts_give_nothing(text):
    facts = analyse(read_text(text), load_nlp())
    assert proposed(facts) == []


def test_statement_choice_has_options_of_like_length_and_one_not():
    for name in TEXTS:
        for section in facts_of(name).sections:
            for proposal in StatementChoice().propose(facts_of(name), section, random.Random(3)):
                texts = [option.text for option in proposal.item.options]
                key = len(texts[proposal.item.key[0]])
                assert all(0.6 * key <= len(text) <= 1.6 * key for text in texts)
                assert sum(" not " in text or " no " in text for text in texts) <= 1
                assert len({one.span for one in proposal.derivations.values()}) == len(texts)


def test_ordering_needs_the_dates_taken_out_and_every_place_sure():
    made = proposals_of(
        Ordering(),
        read_text(
            "In 1920, a storm destroyed the old wooden bridge. On 4 March 1902, the keepers lit the lamp. "
            "In 1902, the council sold the mill. In May 1902, the ferry sank near the port of Marlow."
        ),
    )
    item = made[0].item
    assert [item.options[place].text for place in item.key] == [
        "The keepers lit the lamp.",
        "The ferry sank near the port of Marlow.",
        "A storm destroyed the old wooden bridge.",
    ]
    assert not any("19" in option.text for option in item.options)
    assert list(item.key) != [0, 1, 2]
