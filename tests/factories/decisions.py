"""Decisions of a reviewer with a taste of their own: for tests of what is learnt from them."""

from __future__ import annotations

import random

from questions.generation.decisions import Decision, Verdict

LIKED = {"faq": 1.0, "conditional": 0.5, "true_statement": -0.5, "heading": -1.0}
"""How much this reviewer likes what each recipe makes; rank.py thinks otherwise of some."""


def make_decisions(count: int = 240, seed: int = 1) -> list[Decision]:
    """Decisions of somebody who dislikes headings, long stems and central keys."""
    stream = random.Random(seed)
    return [_decide(stream) for _ in range(count)]


def _decide(stream: random.Random) -> Decision:
    recipe = stream.choice(list(LIKED))
    long = float(stream.choice([0, 0, 0, 4, 8]))
    findings = (20,) if stream.random() < 0.3 else ()
    worth = LIKED[recipe] - 0.15 * long - 0.8 * len(findings) + stream.gauss(0.5, 0.7)
    verdict: Verdict = "accept" if worth > 0.2 else "edit" if worth > -0.2 else "reject"
    level = "infer" if stream.random() < 0.4 else "retrieve"
    return Decision(recipe, level, {"words_over_24": long, "fourth_option": 0.0}, findings, verdict)
