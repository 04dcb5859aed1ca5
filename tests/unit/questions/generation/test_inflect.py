"""Forms of verbs and nouns: rules, and the table of irregular ones, against the library they come from."""

from __future__ import annotations

import pytest

from questions.generation.inflect import inflected


@pytest.mark.parametrize(
    ("lemma", "tag", "form"),
    [
        ("reduce", "VBZ", "reduces"),
        ("reduce", "VBG", "reducing"),
        ("reject", "VBD", "rejected"),
        ("deny", "VBZ", "denies"),
        ("deny", "VBN", "denied"),
        ("stop", "VBG", "stopping"),
        ("stop", "VBD", "stopped"),
        ("lose", "VBD", "lost"),
        ("rise", "VBD", "rose"),
        ("fall", "VBN", "fallen"),
        ("go", "VBZ", "goes"),
        ("have", "VBZ", "has"),
        ("do", "VBD", "did"),
        ("be", "VBZ", "is"),
        ("die", "VBG", "dying"),
        ("agree", "VBG", "agreeing"),
        ("cut", "VBD", "cut"),
        ("watch", "VBZ", "watches"),
        ("break down", "VBD", "broke down"),
        ("child", "NNS", "children"),
        ("loss", "NNS", "losses"),
        ("advantage", "NNS", "advantages"),
        ("enter", "VB", "enter"),
        ("enter", "VBP", "enter"),
    ],
)
def test_forms(lemma, tag, form):
    assert inflected(lemma, tag) == form


COMMON = """
accept begin bring build buy carry come cut find forget gain give grow hide keep know lead leave let meet open pay
put raise read refuse run sell send shut sing sink sit speak spend stand take win write
"""


def test_the_library_agrees_on_common_verbs():
    import lemminflect

    for verb in COMMON.split():
        for tag in ("VBZ", "VBD", "VBN", "VBG"):
            assert inflected(verb, tag) in lemminflect.getInflection(verb, tag=tag)
