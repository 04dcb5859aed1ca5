"""Compile the irregular forms of verbs and nouns from lemminflect's table, which takes a second to load.

Run by hand, when lemminflect or the rules in `questions.generation.inflect` change:

    python -m questions.generation.data.compile_irregular

A line is a lemma and its forms that the rules do not give: `go VBD went VBN gone`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from lemminflect import getInflection
from lemminflect.core.Inflections import Inflections

from questions.generation import wordnet
from questions.generation.inflect import regular

OUTPUT = Path(__file__).with_name("irregular_forms.txt")
TAGS = ("VBZ", "VBD", "VBN", "VBG", "NNS")


def irregular(lemma: str) -> list[str]:
    """The tags and forms of a lemma that the rules do not give."""
    found: list[str] = []
    for tag in TAGS:
        given = [form for form in getInflection(lemma, tag=tag) if _is_form(form, lemma, tag)]
        known = wordnet.knows(lemma, "n" if tag == "NNS" else "v")
        if given and known and regular(lemma, tag) not in given:
            found += [tag, given[0]]
    return found


def _is_form(form: str, lemma: str, tag: str) -> bool:
    """One word, and the lemma itself only where that is a tense ("cut"), not for want of a plural."""
    return form.isalpha() and (form != lemma or tag in {"VBD", "VBN"})


def main() -> None:
    """Write the table beside this script."""
    table = Inflections()._getInflDict()  # noqa: SLF001 -- there is no public way to list it
    lines = []
    for lemma in sorted(table):
        if lemma.isalpha() and lemma.islower() and lemma.isascii():
            parts = irregular(lemma)
            lines += [" ".join([lemma, *parts])] if parts else []
    OUTPUT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.stderr.write(f"{len(lines)} lemmas\n")


if __name__ == "__main__":
    main()
