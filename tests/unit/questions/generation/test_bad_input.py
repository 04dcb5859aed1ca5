"""Whatever text comes in: few or no items, each with its reason, never nonsense, never an exception.

The texts in tests/data/bad_input are not articles, or are spoiled ones; others are made here by spoiling the
bundled module. What the generator selects of any of them must pass every check, and replay from its evidence.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from questions.generation import pipeline
from questions.generation.candidate import candidate_id
from questions.generation.checks.base import Context
from questions.generation.checks.reference import Reference
from questions.generation.checks.sets import Entry, ItemSet, verify_set
from questions.generation.checks.verify import refusals, verify
from questions.generation.nlp import load_nlp
from questions.items.base import BLANK
from questions.reading.documents import DocumentError, read_document, read_text

DATA = Path(__file__).parents[3] / "data"
FILES = sorted((DATA / "bad_input").glob("*.txt"))
MODULE = Path(pipeline.__file__).parents[2] / "webapp/library/us-china-call.md"
PARAGRAPHS = [text for text in MODULE.read_text(encoding="utf-8").split("\n\n") if len(text.split()) > 12]
MOST_ITEMS = {
    "recipe.txt": 2,
    "tables.txt": 1,
    "dialogue.txt": 2,
    "advertisement.txt": 1,
    "mixed_languages.txt": 1,
}
"""How many plain sentences these files do have; all others have none that can be asked about."""


class Kept(dict):
    """Proposals, said in few words when a test fails."""

    def __repr__(self):
        return f"<{len(self)} proposals>"


@pytest.fixture(scope="module")
def proposals():
    """What was proposed, by its words: items do not carry how these were made."""
    kept = Kept()

    def keep(section, proposal):
        kept[words_of(proposal.item)] = proposal
        return candidate_id(section, proposal)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "candidate_id", keep)
        yield kept


def words_of(item):
    """The words of an item, whatever the order of its options."""
    return (item.type, item.stem, item.evidence, *sorted(option.text for option in item.options))


def generated(article, proposals):
    """What the generator makes of an article, after looking at every item of it."""
    generation = pipeline.generate(article, nlp=load_nlp())
    reference = Reference(article, nlp=load_nlp())
    for one in (*generation.items, *generation.spares):
        derivations = as_arranged(proposals[words_of(one.item)], one.item)
        assert not refusals(verify(one.item, Context(reference, "generated", derivations)))
        assert_replays(one.item, derivations, {section.id: section.text for section in article.sections})
    entries = tuple(Entry(one.id, one.section, one.recipe, one.item) for one in generation.items)
    assert not refusals(verify_set(ItemSet(entries, reference)))
    for row in generation.report["sections"]:
        assert row["items"] or row["reasons"]
    return generation


def as_arranged(proposal, item):
    """The proposal's derivations, under the numbers that the options have in the finished item."""
    places = {option.text: f"option-{number}" for number, option in enumerate(item.options)}
    own = {f"option-{number}": places[option.text] for number, option in enumerate(proposal.item.options)}
    return {own.get(name, name): derivation for name, derivation in proposal.derivations.items()}


def assert_replays(item, derivations, texts):
    """Stem and options are spans of the text with the edits declared for them, and the key is of the evidence."""
    made = {name: one.replay(texts[one.section]) for name, one in derivations.items()}
    assert made.get("stem", item.stem) == item.stem
    for number, option in enumerate(item.options):
        assert made.get(f"option-{number}", option.text) == option.text
        is_statement = option.text.endswith(".") and item.type == "multiple_choice"
        assert not is_statement or f"option-{number}" in made
    assert item.type in {"multiple_choice", "ordering"} or "stem" in made
    for span in item.evidence:
        assert texts[span.section][span.start : span.end] == span.quote
    if BLANK in item.stem:
        answers = [item.options[part].text if isinstance(part, int) else part for part in item.key]
        assert any(answer in span.quote for answer in answers for span in item.evidence)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_is_no_article_gives_few_items_or_none(path, proposals):
    article = read_document(path.read_bytes(), path.name)
    generation = generated(article, proposals)
    assert len(generation.items) <= MOST_ITEMS.get(path.name, 0)


def misread(text: str) -> str:
    """As a scanner that mistakes one letter in thirty for another."""
    chance = random.Random(1)
    like = {"l": "1", "o": "0", "m": "rn", "e": "c", "i": "l", "h": "b", "t": "l"}
    return "".join(like[char] if char in like and chance.random() < 0.07 else char for char in text)


def shuffled(text: str) -> str:
    """The words of each paragraph in any order."""
    chance = random.Random(2)
    return "\n\n".join(" ".join(chance.sample(one.split(), len(one.split()))) for one in text.split("\n\n"))


SPOILED: dict[str, Callable[[str], str]] = {
    "capitals": str.upper,
    "small letters": str.lower,
    "headline case": str.title,
    "no punctuation": lambda text: re.sub(r"[.,;:!?]", "", text),
    "misread": misread,
    "shuffled": shuffled,
}


@pytest.mark.parametrize("how", SPOILED)
def test_a_spoiled_article_gives_nothing_and_says_why(how, proposals):
    article = read_document(SPOILED[how](MODULE.read_text(encoding="utf-8")).encode(), "spoiled.md")
    generation = generated(article, proposals)
    assert not generation.items
    assert not generation.spares
    assert all(row["reasons"] for row in generation.report["sections"])


@pytest.mark.parametrize("mark", ["\u200b", "\u200d", "\u00ad", "\u2060", "\ufeff"])
def test_invisible_marks_inside_words_change_nothing(mark, proposals):
    plain = "\n\n".join(PARAGRAPHS[:6])
    marked = re.sub(r"(?<=\w\w)(?=\w\w\w)", mark, plain)
    items = [one.item for one in generated(read_text(plain), proposals).items]
    assert [one.item for one in generated(read_text(marked), proposals).items] == items
    assert items


def test_everything_in_one_paragraph_without_end(proposals):
    text = " ".join(" ".join(PARAGRAPHS[:8]).split())
    generation = generated(read_text("One paragraph\n\n" + text), proposals)
    assert generation.items
    endless = re.sub(r"[.?!]", ",", text)
    assert not generated(read_text("One sentence\n\n" + endless), proposals).items


def test_nothing_readable_is_refused_in_words():
    for text in ("", "\n\n\n", "\u200b\u200b", "* * *", "-----"):
        with pytest.raises(DocumentError, match="There is no text"):
            read_text(text)


WORDS = st.integers(0, 400)
EDITS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "delete",
                "double",
                "swap",
                "upper",
                "lower",
                "bare",
                "noise",
                "quote",
                "bracket",
                "gone",
                "again",
            ]
        ),
        WORDS,
        st.sampled_from("\u201c\u201d\"'()[]\u200b\u00ad\t\u2014\ufffd5lO\u00e9\u202e"),
    ),
    min_size=1,
    max_size=15,
)


def edited(text: str, edits) -> str:
    """The text after these edits, one after the other; each is about the word at its place."""
    words = re.findall(r"\S+|\n\n", text)
    for what, place, sign in edits:
        at = place % (len(words) - 1)
        word = words[at]
        change = {
            "delete": [],
            "double": [word, word],
            "upper": [word.upper()],
            "lower": [word.lower()],
            "bare": [word.strip(".,;:?!\u201c\u201d")],
            "noise": [word[: len(word) // 2] + sign + word[len(word) // 2 :]],
            "quote": [sign + word],
            "bracket": [word + sign],
        }
        if what == "swap":
            words[at : at + 2] = reversed(words[at : at + 2])
        elif what in {"gone", "again"}:
            ends = [i for i, one in enumerate(words) if one.endswith(".")] or [len(words) - 1]
            first, last = ends[place % len(ends) - 1] + 1, ends[place % len(ends)] + 1
            sentence = words[first:last]
            words[first:last] = [] if what == "gone" and len(words) - len(sentence) > 9 else sentence * 2
        else:
            words[at : at + 1] = change[what]
    return " ".join(words)


@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(start=st.integers(0, len(PARAGRAPHS) - 2), edits=EDITS)
def test_random_edits_never_bring_an_item_that_breaks_a_rule(start, edits, proposals):
    text = edited("\n\n".join(PARAGRAPHS[start : start + 2]), edits)
    try:
        article = read_text(text)
    except DocumentError:
        return
    generated(article, proposals)
