"""What reviewers decided about generated questions, as lines that `python -m questions fit` learns from.

Nothing in them tells who decided, who learnt, or what a text says: only what kind of question it was, what
could be counted on it, which checks had warned, and whether it was accepted, edited or rejected.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, cast

from questions.generation.checks.base import Context
from questions.generation.checks.reference import Reference
from questions.generation.checks.verify import verify
from questions.generation.decisions import Decision, Verdict, decision_about
from questions.items.base import Item as Wording
from questions.items.content import item_from_json
from webapp.repositories import decisions as rows
from webapp.repositories import modules as module_rows
from webapp.services import access
from webapp.services.modules import article_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from webapp.models.item import Item, ReviewDecision
    from webapp.models.module import Module
    from webapp.services.access import Person

MEDIA_TYPE = "application/jsonl"


def taught_modules(session: Session, person: Person) -> Sequence[Module]:
    """Whose reviews a person may take away: of the modules that they teach."""
    return module_rows.list_modules(session, access.list_taught_course_ids(session, person))


def list_decisions(session: Session, modules: Sequence[Module]) -> Iterator[Decision]:
    """The decisions about generated questions of these modules, in the order in which they were made."""
    references: dict[int, Reference] = {}
    known = {module.id: module for module in modules}
    for decision, item, version in rows.list_decided(session, list(known)):
        wording = item_from_json(version.content)
        if decision.decision == "edit" and item.module_id not in references:
            references[item.module_id] = Reference(article_of(session, known[item.module_id]))
        findings = _warnings(decision, item, wording, references.get(item.module_id))
        verdict = cast("Verdict", decision.decision)
        yield decision_about(wording, item.recipe or "", item.level or "", findings, verdict)


def _warnings(
    decision: ReviewDecision, item: Item, wording: Wording, reference: Reference | None
) -> tuple[int, ...]:
    """The checks that warned of the wording that was judged.

    An edited item has the warnings of its new wording: those of the old one are found again.
    """
    if decision.decision != "edit" or reference is None:
        return tuple(int(warning["check"]) for warning in item.warnings)
    found = verify(wording, Context(reference, "generated"), with_parse=False)
    return tuple(finding.check for finding in found if finding.severity == "warning")


def as_lines(decisions: Iterator[Decision]) -> str:
    """The file: one decision a line."""
    return "".join(json.dumps(one.to_json(), ensure_ascii=False) + "\n" for one in decisions)
