"""Claims, conditions and dated events, each found and each left alone where it does not stand alone."""

from __future__ import annotations

import pytest

from questions.generation.analyse import analyse
from questions.generation.nlp import load_nlp
from questions.reading.article import Article, Block, Section, Span


def facts_of(text):
    section = Section("s1", "", text, (Block("prose", Span(0, len(text))),))
    return analyse(Article("", "", (section,)), load_nlp()).sections[0]


@pytest.mark.parametrize(
    ("text", "question", "claim"),
    [
        (
            "Ada Holm said that the bridge is safe for lorries.",
            "According to the section, what did Ada Holm say?",
            "The bridge is safe for lorries.",
        ),
        (
            "According to the local press, Holm told Krag that the bridge needs a new roof.",
            "According to the local press, what did Holm tell Krag?",
            "The bridge needs a new roof.",
        ),
        (
            "Japan has warned that it may close the bridge if lorries cross.",
            "According to the section, what has Japan warned?",
            "Japan may close the bridge if lorries cross.",
        ),
        (
            "Fishing companies fear that ships will lose time, while the council argues that money is short.",
            "According to the section, what do fishing companies fear?",
            "Ships will lose time.",
        ),
    ],
)
def test_claims(text, question, claim):
    found = facts_of(text).attributions
    assert (question, claim) in [(one.question, one.claim.text) for one in found]


@pytest.mark.parametrize(
    "text",
    [
        "He said that the bridge is safe for lorries.",
        "Ada Holm did not say that the bridge is safe for lorries.",
        "Ada Holm may say that the bridge is safe for lorries.",
        "Ada Holm said that they were safe.",
        "Ada Holm said no more.",
    ],
)
def test_no_claims(text):
    assert facts_of(text).attributions == ()


@pytest.mark.parametrize(
    ("text", "condition", "result", "modal", "speaker"),
    [
        (
            "If either side reverts to the old habits, trade could end quickly.",
            "If either side reverts to the old habits", "Trade could end quickly.", "could", "",
        ),
        (
            "The ferry will stop for good unless the council pays the crew.",
            "unless the council pays the crew", "The ferry will stop for good.", "will", "",
        ),
        (
            "Japan has warned that it may intervene militarily if China attacks Taiwan.",
            "if China attacks Taiwan", "Japan may intervene militarily.", "may", "Japan",
        ),
    ],
)  # fmt: skip
def test_conditions(text, condition, result, modal, speaker):
    found = facts_of(text).conditionals[0]
    assert found.condition.of(text) == condition
    assert (found.result.text, found.modal, found.speaker) == (result, modal, speaker)


@pytest.mark.parametrize(
    "text",
    [
        "The ferry will stop for good even if the council pays the crew.",
        "If it does so, the ferry will stop for good.",
        "If the council had paid the crew, the ferry would have gone on.",
        "The keeper asked if the ferry would stop for good.",
        "When the council pays the crew, the ferry goes on.",
    ],
)
def test_no_conditions(text):
    assert facts_of(text).conditionals == ()


@pytest.mark.parametrize(
    ("text", "when", "event"),
    [
        ("In 1902, the keepers lit the old lamp.", (1902, 0, 0), "The keepers lit the old lamp."),
        (
            "The council closed the harbour of Marlow on 4 March 1911.",
            (1911, 3, 4),
            "The council closed the harbour of Marlow.",
        ),
    ],
)
def test_events(text, when, event):
    found = facts_of(text).events
    assert [(one.when, one.event.text) for one in found] == [(when, event)]


@pytest.mark.parametrize(
    "text",
    [
        "The effort to close the harbour of Marlow in 1902 failed.",
        "The harbour will open again in 2030.",
        "The harbour did not open in 1902.",
        "The harbour was open from 1902 to 1911.",
        "In 1902, the keepers lit the old lamp again.",
        "In March, the keepers lit the old lamp.",
        "Since 1902, the keepers have lit the lamp every night.",
    ],
)
def test_no_events(text):
    assert facts_of(text).events == ()
