"""The words for what an item is: its kind, how it was made, what it asks for, what was decided about it.

Templates get this module as `words`. Codes that nobody knows (of an older generator) are shown as they are.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _

TYPE_LABELS = {
    "multiple_choice": _("Multiple choice"),
    "true_false": _("True or false"),
    "gap_text": _("Gap, typed"),
    "gap_list": _("Gap, chosen from a list"),
    "ordering": _("Put in order"),
    "matching": _("Match the pairs"),
}
"""The kinds of question a person can write, in the order in which they are offered."""

RECIPE_LABELS = {
    "attribution_what": _("What somebody said"),
    "cloze_country": _("A country left out"),
    "cloze_date": _("A date left out"),
    "cloze_link": _("Gap for a linking word"),
    "cloze_term": _("Gap for a word that the text is about"),
    "cloze_number": _("A number left out"),
    "cloze_person": _("A person left out"),
    "cloze_place": _("A place left out"),
    "conditional": _("What follows if"),
    "false_antonym": _("A word turned into its opposite"),
    "false_entity": _("A name exchanged"),
    "false_number": _("A number changed"),
    "false_role": _("Who did what to whom, exchanged"),
    "faq": _("A question the text answers itself"),
    "heading": _("Which heading"),
    "matching_statements": _("Beginnings and how they go on"),
    "next_sentence": _("Which sentence comes next"),
    "ordering": _("Events in order"),
    "statement_choice": _("Which statement the text makes"),
    "statement_not": _("Which statement the text does not make"),
    "true_statement": _("A statement of the text"),
}
"""How the generator made it: one line a recipe of questions.generation.recipes.registry."""

LEVEL_LABELS = {
    "retrieve": _("Finding what the text says"),
    "infer": _("Drawing conclusions"),
    "integrate": _("Connecting several places"),
    "evaluate": _("Judging"),
}
"""What it asks for, in the words of a learner's result."""

DECISION_LABELS = {
    "accept": _("accepted"),
    "edit": _("reworded"),
    "reject": _("rejected"),
    "skip": _("skipped"),
    "retire": _("deleted"),
    "restore": _("brought back"),
}

SIGN_LABELS = {
    "changed": _("The text has changed"),
    "warned": _("With warnings"),
    "clean": _("Without warnings"),
}
"""What a card says of itself (webapp.repositories.review.SIGNS)."""


def kind(code: str) -> object:
    """What kind of question it is."""
    return _known(TYPE_LABELS, code)


def recipe(code: str) -> object:
    """How it was made."""
    return _known(RECIPE_LABELS, code)


def level(code: str) -> object:
    """What it asks for."""
    return _known(LEVEL_LABELS, code)


def decision(code: str) -> object:
    """What was decided."""
    return _known(DECISION_LABELS, code)


def sign(code: str) -> object:
    """What the card says of itself."""
    return _known(SIGN_LABELS, code)


def _known(labels: Mapping[str, object], code: str) -> object:
    return labels.get(code) or code.replace("_", " ")
