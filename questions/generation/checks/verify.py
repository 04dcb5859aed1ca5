"""The one list of checks on single items, and `verify`, which runs it."""

from __future__ import annotations

from questions.generation.checks import choices, falsity, provenance, stems, uniqueness
from questions.generation.checks.base import Check, Context, hard
from questions.generation.proposal import Finding
from questions.items.base import Item
from questions.items.registry import ITEM_TYPES

FORM = 0
"""The number under which an item type's own demands are reported."""

CHECKS: tuple[Check, ...] = (
    Check(1, "Evidence stands in the text", provenance.evidence_stands),
    Check(2, "Key is entailed by the evidence", provenance.key_is_entailed),
    Check(3, "Exactly one key, no equal options", uniqueness.one_key),
    Check(4, "No distractor is supported", uniqueness.no_distractor_supported),
    Check(5, "A false statement is false", falsity.false_statement_is_false),
    Check(6, "Numbers respect their bounds", falsity.bounds_hold),
    Check(7, "Stem has length and form", stems.stem_has_form),
    Check(8, "Stem stands alone", stems.stem_stands_alone),
    Check(9, "Wording is clean", stems.wording_is_clean),
    Check(10, "Articles fit", stems.articles_fit),
    Check(10, "Statements are whole sentences", stems.statements_are_whole, is_costly=True),
    Check(11, "Key is not told by the stem", stems.key_is_not_told),
    Check(12, "Stem is positive", stems.stem_is_positive),
    Check(13, "Stem is readable", stems.stem_is_readable),
    Check(14, "Three to five options", choices.enough_options),
    Check(15, "Options are alike in form", choices.options_are_alike),
    Check(16, "Key has the length of the others", choices.key_has_length_of_others),
    Check(17, "No cue words", choices.no_cue_words),
    Check(18, "Options are of one class", choices.options_are_of_one_class),
    Check(19, "No option stands out", choices.no_option_stands_out),
    Check(20, "Key is not central", choices.key_is_not_central),
    Check(21, "Options are in order", choices.options_are_in_order),
)

HARD_FOR_AUTHORS = frozenset((FORM, 1, 3))
"""What refuses an item whoever wrote it: it cannot be graded, or shows evidence that is not in the text."""


def verify(item: Item, context: Context, *, with_parse: bool = True) -> tuple[Finding, ...]:
    """Everything in an item that does not pass, in the order of the checklist.

    Without `with_parse` the one check that parses new sentences is left out; it costs more than all others.
    """
    found = list(_form(item)) + _run(item, context, costly=False)
    if with_parse:
        found += _run(item, context, costly=True)
    if not context.is_generated:
        found = [_for_author(finding) for finding in found]
    return tuple(dict.fromkeys(sorted(found, key=lambda finding: finding.check)))


def verify_parse(item: Item, context: Context) -> tuple[Finding, ...]:
    """What `verify` leaves out without `with_parse`."""
    return tuple(_run(item, context, costly=True))


def _run(item: Item, context: Context, *, costly: bool) -> list[Finding]:
    return [
        note.finding(check.number)
        for check in CHECKS
        if check.is_costly == costly
        for note in check.run(item, context)
    ]


def refusals(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings that refuse the item."""
    return tuple(finding for finding in findings if finding.severity == "hard")


def _form(item: Item) -> list[Finding]:
    kind = ITEM_TYPES.get(item.type)
    if kind is None:
        return [hard("type", f"There is no item type called “{item.type}”.").finding(FORM)]
    return [hard(problem.field, problem.message).finding(FORM) for problem in kind.problems(item)]


def _for_author(finding: Finding) -> Finding:
    if finding.severity == "warning" or finding.check in HARD_FOR_AUTHORS:
        return finding
    return Finding(finding.check, "warning", finding.field, finding.message)
