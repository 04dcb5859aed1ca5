"""Which sentence a lost one may have become."""

from __future__ import annotations

import pytest

from webapp.services.evidence_anchor import likely_successor

TEXT = "The mill closed in 1932. Forty people lost their work. It was quiet.\n\nA school moved in later."


@pytest.mark.parametrize(
    ("quote", "now"),
    [
        ("The mill closed in 1931.", "The mill closed in 1932."),
        ("Fifty people lost their work.", "Forty people lost their work."),
        ("In 1931 the mill closed.", "The mill closed in 1932."),
        ("Ships from nine countries called.", ""),
        ("", ""),
    ],
)
def test_it_is_the_one_that_shares_most_words(quote, now):
    assert likely_successor(quote, TEXT) == now


def test_an_empty_text_has_none():
    assert likely_successor("The mill closed.", "") == ""
