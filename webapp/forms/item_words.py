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
    "attribution_who": _("Who said something"),
    "cause": _("Why something is so"),
    "cloze_country": _("A country left out"),
    "cloze_date": _("A date left out"),
    "cloze_link": _("Gap for a linking word"),
    "cloze_term": _("Gap for a word that the text is about"),
    "cloze_number": _("A number left out"),
    "cloze_person": _("A person left out"),
    "cloze_place": _("A place left out"),
    "conditional": _("What follows if"),
    "definition": _("Gap for a word that the text explains"),
    "false_antonym": _("A word turned into its opposite"),
    "false_entity": _("A name exchanged"),
    "false_number": _("A number changed"),
    "false_role": _("Who did what to whom, exchanged"),
    "faq": _("A question the text answers itself"),
    "heading": _("Which heading"),
    "matching_statements": _("Beginnings and how they go on"),
    "model_connection": _("Asked by a language model: a connection"),
    "model_detail": _("Asked by a language model: a detail"),
    "model_inference": _("Asked by a language model: a conclusion"),
    "next_sentence": _("Which sentence comes next"),
    "evidence_sentence": _("Which sentence proves it"),
    "ordering": _("Events in order"),
    "quote_who": _("Who said these words"),
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

GAP_LABELS = {
    "no_text": _("There are no sentences here to ask about"),
    "nothing_asked": _("Nothing is asked about this section yet"),
    "first_third": _("Nothing is asked about the first third"),
    "middle_third": _("Nothing is asked about the middle third"),
    "last_third": _("Nothing is asked about the last third"),
    "no_retrieve": _("No question asks what the text says"),
    "no_infer": _("No question draws conclusions"),
    "no_integrate": _("No question connects several places"),
    "no_evaluate": _("No question asks for a judgement"),
}
"""What a section's questions lack (questions.assembly.coverage.GAPS)."""

DECISION_LABELS = {
    "accept": _("accepted"),
    "edit": _("reworded"),
    "reject": _("rejected"),
    "skip": _("skipped"),
    "retire": _("deleted"),
    "restore": _("brought back"),
}

SIGN_LABELS = {
    "reported": _("Reported by readers"),
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


def gap(code: str) -> object:
    """What is missing."""
    return _known(GAP_LABELS, code)


def decision(code: str) -> object:
    """What was decided."""
    return _known(DECISION_LABELS, code)


def sign(code: str) -> object:
    """What the card says of itself."""
    return _known(SIGN_LABELS, code)


def _known(labels: Mapping[str, object], code: str) -> object:
    return labels.get(code) or code.replace("_", " ")
