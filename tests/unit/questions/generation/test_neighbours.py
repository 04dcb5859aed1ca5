"""What an index finds of the chosen items is what looking at all of them would find."""

from __future__ import annotations

from questions.generation import neighbours
from questions.generation.clashes import clash, overlap, same_claim
from questions.generation.neighbours import Neighbours
from questions.generation.nlp import load_nlp
from questions.generation.pipeline import _Run
from questions.generation.providers.rules import Rules
from questions.generation.rank import OWN
from questions.reading.documents import read_text

TEXT = """The tower of Ostrand

The keeper Marta Vell repaired the lamp in 1891 because the old one had failed. In 1893 the harbour of Ostrand
received 214 ships, and Norway paid for a second tower. The council of Ostrand rejected the plan in 1897. Norway
sold the second tower to a Danish company in 1902. The first tower is small, and its stairs are steep. Marta Vell
told reporters that the lamp was safe. If the lamp fails, the ships lose their way. Denmark bought 40 boats in 1904."""


def test_nothing_that_counts_is_overlooked(monkeypatch):
    monkeypatch.setattr(neighbours, "FEW", 0)  # the index, however few there are
    article = read_text(TEXT.replace("\n", " ").replace("Ostrand  ", "Ostrand\n\n", 1))
    run = _Run(article, 0, load_nlp(), lambda *_: None, OWN, Rules())
    run.generate(list(article.sections))
    candidates = [one for some in run.candidates.values() for one in some]
    chosen, others = candidates[::2], candidates[1::2]
    assert len(others) > 8
    section = Neighbours()
    for one in chosen:
        section.add(one)
    pairs = 0
    for other in others:
        clashing = [one for one in chosen if clash(other, one)]
        assert [one for one in section.telling(other) if clash(other, one)] == clashing
        for shares in (overlap, same_claim, shares_answer, shares_wording):
            found = [one for one in chosen if shares(other, one)]
            assert [one for one in section.near(other) if shares(other, one)] == found
            pairs += len(found)
    assert pairs
    assert section.recipes.total() == len(chosen)


def shares_answer(one, other):
    return bool(one.answers & other.answers)


def shares_wording(one, other):
    return bool(one.wordings & other.wordings)
