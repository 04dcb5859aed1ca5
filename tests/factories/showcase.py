"""A whole place with people in every role and everything a page can show, and beside it one where nothing is yet.

For tests that look at every page; written straight into the tables.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from questions.items.base import Evidence, Item
from questions.items.registry import ITEM_TYPES
from tests.factories.attempts import make_attempt
from tests.factories.modules import choice_item, gap_item, make_item, make_module
from tests.factories.people import make_account, make_course, make_guest
from webapp.models.account import AccessLink, Account
from webapp.models.attempt import Attempt, AttemptSlot
from webapp.models.item import ItemVersion, ReviewDecision
from webapp.models.module import ImportDraft, Module, Section, SectionVersion
from webapp.models.operation import Job
from webapp.services import clock, grading, reading

LINK_SECRET = "a-link-that-works-once-and-that-only-tests-know"
STANDFIRST = (
    "How a town on a cold coast dug a harbour, lost it to a storm and built it again, stone by stone."
)
TEXT: tuple[tuple[str, str], ...] = (
    (
        "",
        (
            "The harbour of Veltmar opened in 1911. Its first master was Anna Krol, who had built two lighthouses before "
            "she was thirty. Ships from nine countries called in the first year, and the town, which had lived from "
            "herring alone, learned to live from strangers.\n\n"
            "Nobody had expected it to last. The bay is shallow, the ground moves, and every winter the sand came back. "
            "Krol answered each autumn with the same order: dig again, and plant the dune."
        ),
    ),
    (
        "The storm",
        (
            "In March 1934 a storm broke the northern wall. Repairs took four years and cost 300,000 crowns.\n\n"
            "The town paid for them with a tax on salt. If the tax had failed, the council would have sold the harbour "
            "to a railway company, which had offered half of what the wall had cost.\n\n"
            "The sea wall that stands today follows the old line only in its first hundred metres. Beyond that point it "
            "bends inland, because the engineers had learned where the water wants to go."
        ),
    ),
    (
        "Questions that visitors ask",
        (
            "Why is the harbour closed in January? It is closed because the ice from the river reaches the basin then.\n\n"
            "Who looks after the dune? The pupils of the town school plant it every autumn."
        ),
    ),
)
"""Long enough to scroll, short enough to read in a failing test; all of it invented."""


@dataclass(frozen=True)
class Showcase:
    """Ids of everything that pages are asked for."""

    administrator: int
    instructor: int
    learner: int
    guest: int
    idle_instructor: int
    """Teaches a course in which nothing is yet."""
    idle_learner: int
    """Has an account and has done nothing."""
    module: int
    slug: str
    empty_module: int
    """A draft of one section without items, learners or jobs."""
    draft_module: int
    deleted_module: int
    section: int
    open_check: int
    finished_check: int
    finished_quiz: int
    open_quiz: int
    import_draft: int
    proposal: int
    item_of_type: dict[str, int]
    """An accepted item of each type."""
    running_job: int
    done_job: int
    failed_job: int
    link: str = LINK_SECRET


def make_showcase(session: Session) -> Showcase:
    """Fill an empty database."""
    administrator = make_account(session, "administrator", display_name="Ada Admin")
    instructor = make_account(session, "instructor", display_name="Ines Instructor")
    learner = make_account(session, "learner", display_name="Lena Learner")
    module = make_module(
        session,
        sections=TEXT,
        title="The harbour that was dug twice",
        standfirst=STANDFIRST,
        source_note="Made up for the tests of this program.",
    )
    sections = _sections(session, module)
    types = _items_of_every_type(session, sections)
    proposals = _proposals(session, sections[1], instructor.id)
    draft = make_module(session, sections=TEXT[:2], title="A text in the making", state="draft")
    _proposals(session, _sections(session, draft)[0], instructor.id)
    attempts = _attempts(session, learner, module, sections)
    jobs = [_job(session, module, instructor.id, state) for state in ("running", "done", "failed")]
    _link(session, administrator.id)
    return Showcase(
        administrator=administrator.id,
        instructor=instructor.id,
        learner=learner.id,
        guest=make_guest(session).id,
        idle_instructor=make_account(
            session, "instructor", course=make_course(session, "Reading 2"), display_name="Ida Idle"
        ).id,
        idle_learner=make_account(session, "learner", display_name="Lars Later").id,
        module=module.id,
        slug=module.slug,
        empty_module=make_module(
            session, sections=(("", "One line."),), title="Hardly begun", state="draft"
        ).id,
        draft_module=draft.id,
        deleted_module=make_module(
            session, sections=TEXT[:1], title="Thrown away", deleted_at=clock.now()
        ).id,
        section=sections[1].id,
        open_check=attempts[0],
        finished_check=attempts[1],
        finished_quiz=attempts[2],
        open_quiz=attempts[3],
        import_draft=_import_draft(session, instructor.id),
        proposal=proposals[0],
        item_of_type=types,
        running_job=jobs[0],
        done_job=jobs[1],
        failed_job=jobs[2],
    )


def _sections(session: Session, module: Module) -> list[Section]:
    found = select(Section).where(Section.module_id == module.id).order_by(Section.position)
    return list(session.scalars(found))


def _proving(session: Session, section: Section, item: Item) -> Item:
    """The item, proved by the first sentence of the section."""
    text = session.get_one(SectionVersion, section.current_version_id).text
    quote = text.split(". ")[0] + "."
    return replace(item, evidence=(Evidence(str(section.id), 0, len(quote), quote),))


def _items_of_every_type(session: Session, sections: Sequence[Section]) -> dict[str, int]:
    """Two questions after the first section, one of each type after the second, none after the third."""
    first = session.get_one(SectionVersion, sections[0].current_version_id).text
    make_item(session, sections[0], choice_item(first, section=str(sections[0].id)), level="retrieve")
    make_item(session, sections[0], gap_item(first, "1911", section=str(sections[0].id)), level="retrieve")
    return {
        name: make_item(
            session, sections[1], _proving(session, sections[1], kind.examples().item), level="infer"
        ).id
        for name, kind in ITEM_TYPES.items()
    }


def _proposals(session: Session, section: Section, reviewer_id: int) -> list[int]:
    """Three items that wait for a person, one with a warning; one rejected before them."""
    text = session.get_one(SectionVersion, section.current_version_id).text
    values = {"origin": "generated", "recipe": "conditional", "level": "infer", "tier": "A"}
    waiting = [
        make_item(
            session,
            section,
            choice_item(text, section=str(section.id), stem=stem),
            state="proposed",
            **values,
        )
        for stem in ("What does the text say first?", "Which of these is in the text?", "What is true?")
    ]
    waiting[0].warnings = [
        {"check": 11, "severity": "warning", "field": "stem", "message": "The stem could name its subject."}
    ]
    rejected = make_item(
        session, section, choice_item(text, section=str(section.id)), state="rejected", **values
    )
    version = rejected.current_version_id
    assert version is not None
    session.add(
        ReviewDecision(
            item_id=rejected.id,
            account_id=reviewer_id,
            decision="reject",
            reason="Two options are right.",
            state_before="proposed",
            version_before_id=version,
            version_after_id=version,
            decided_at=clock.now(),
        )
    )
    session.commit()
    return [item.id for item in waiting]


def _attempts(session: Session, learner: Account, module: Module, sections: Sequence[Section]) -> list[int]:
    """An open check with one question checked, a finished check, a finished module quiz and an open one."""
    for number in range(1, len(sections) + 1):
        reading.open_section(session, learner.id, module, number)
    open_check = make_attempt(session, learner, sections[0])
    _answer(session, open_check, [False])
    grading.check_slot(session, learner.id, open_check.id, 1, [])
    finished_check = make_attempt(session, learner, sections[1])
    _answer(session, finished_check, [True, False, True, False, True])
    grading.submit_attempt(session, learner.id, finished_check.id)
    finished_quiz = make_attempt(session, learner, module.id)
    _answer(session, finished_quiz, [True, False, True, True, False, True])
    grading.submit_attempt(session, learner.id, finished_quiz.id)
    open_quiz = make_attempt(session, learner, module.id)
    _answer(session, open_quiz, [True, True, False])
    session.commit()
    return [open_check.id, finished_check.id, finished_quiz.id, open_quiz.id]


def _answer(session: Session, attempt: Attempt, right: Sequence[bool]) -> None:
    """Answer the first questions, rightly where said so."""
    found = select(AttemptSlot).where(AttemptSlot.attempt_id == attempt.id).order_by(AttemptSlot.position)
    for slot, is_right in zip(session.scalars(found), right, strict=False):
        content = session.get_one(ItemVersion, slot.item_version_id).content
        examples = ITEM_TYPES[content["type"]].examples()
        slot.response = dict(examples.right if is_right else examples.wrong)
        slot.saved_at = clock.now()
    attempt.answered_count = len(right)
    session.commit()


def _job(session: Session, module: Module, account_id: int, state: str) -> int:
    now = clock.now()
    job = Job(
        kind="generate",
        payload={"module_id": module.id},
        state=state,
        progress_done=2 if state == "running" else 3,
        progress_total=3,
        progress_text="Reading section 3 of 3",
        outcome=_outcome(module) if state == "done" else None,
        error="The language model is not installed." if state == "failed" else "",
        module_id=module.id,
        created_by_id=account_id,
        created_at=now,
        started_at=now,
        finished_at=None if state == "running" else now,
    )
    session.add(job)
    session.commit()
    return job.id


def _outcome(module: Module) -> dict[str, object]:
    return {
        "module_id": module.id,
        "proposed": 4,
        "sections": [
            {
                "heading": heading,
                "proposed": 4 * (number == 1),
                "reasons": [] if number == 1 else ["no_evidence"],
            }
            for number, (heading, _text) in enumerate(TEXT)
        ],
        "notes": [],
    }


def _import_draft(session: Session, account_id: int) -> int:
    draft = ImportDraft(
        account_id=account_id,
        filename="harbour.txt",
        title="The harbour that was dug twice",
        sections=[{"heading": heading, "text": text} for heading, text in TEXT],
        notes=[],
        created_at=clock.now(),
        updated_at=clock.now(),
    )
    session.add(draft)
    session.commit()
    return draft.id


def _link(session: Session, account_id: int) -> None:
    now = clock.now()
    session.add(
        AccessLink(
            purpose="invitation",
            secret_hash=hashlib.sha256(LINK_SECRET.encode()).hexdigest(),
            role_name="instructor",
            created_by_id=account_id,
            note="For the new colleague",
            created_at=now,
            expires_at=now + timedelta(days=7),
        )
    )
    session.commit()
