"""A whole place with people in every role and everything a page can show, and beside it one where nothing is yet.

For tests that look at every page; written straight into the tables.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories.attempts import make_attempt, make_quiz
from tests.factories.harbour import OPENING, PROPOSED, STANDFIRST, STORM, TEXT, TITLE, Question
from tests.factories.modules import make_item, make_module
from tests.factories.people import make_account, make_course, make_guest
from tests.factories.rules import grant, set_rules
from webapp.models.account import AccessLink, Account
from webapp.models.attempt import TAKEN_BACK, AnswerEvent, Attempt, AttemptSlot
from webapp.models.item import Item as ItemRow
from webapp.models.item import ItemReport, ItemVersion, ReviewDecision
from webapp.models.module import ImportDraft, Module, Section, SectionVersion
from webapp.models.operation import Job
from webapp.models.quiz import AFTER_CLOSE
from webapp.services import clock, grading, reading

LINK_SECRET = "a-link-that-works-once-and-that-only-tests-know"


@dataclass(frozen=True)
class Showcase:
    """Ids of everything that pages are asked for."""

    administrator: int
    instructor: int
    colleague: int
    """Another instructor, who looks at a question that is reported."""
    learner: int
    reader: int
    """In the middle of the check of the second section."""
    offline: int
    """Lost the connection in the check of the second section; the instructor handed two answers in."""
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
    bare_section: int
    """No question is asked about it."""
    open_check: int
    finished_check: int
    finished_quiz: int
    open_quiz: int
    handed_in: int
    import_draft: int
    proposal: int
    item_of_type: dict[str, int]
    """An accepted item of each type."""
    running_job: int
    done_job: int
    failed_job: int
    running_search: int
    """For other wrong answers."""
    done_search: int
    ruled_quiz: int
    """The check of the second section of the draft module: everything about it is set."""
    grant: int
    """At that one, for the learner."""
    module_quiz: int
    link: str = LINK_SECRET


def make_showcase(session: Session) -> Showcase:
    """Fill an empty database."""
    administrator = make_account(session, "administrator", display_name="Ada Admin")
    instructor = make_account(session, "instructor", display_name="Ines Instructor")
    colleague = make_account(session, "instructor", display_name="Carla Colleague")
    learner = make_account(session, "learner", display_name="Lena Learner")
    reader = make_account(session, "learner", display_name="Rosa Reader")
    offline = make_account(session, "learner", display_name="Ole Offline")
    module = make_module(
        session,
        sections=TEXT,
        title=TITLE,
        standfirst=STANDFIRST,
        source_note="Made up for the tests of this program.",
    )
    sections = _sections(session, module)
    types = _items_of_every_type(session, sections)
    proposals = _proposals(session, sections[1], instructor.id)
    _hold(session, proposals[0], instructor.id)
    draft = make_module(session, sections=TEXT[:2], title="A text in the making", state="draft")
    _proposals(session, _sections(session, draft)[1], instructor.id)
    attempts = _attempts(session, learner, module, sections)
    _report(session, learner, types["multiple_choice"])
    _hold(session, types["multiple_choice"], colleague.id)
    _half_a_check(session, reader, module, sections[1])
    jobs = [_job(session, module, instructor.id, state) for state in ("running", "done", "failed")]
    _link(session, administrator.id)
    return Showcase(
        administrator=administrator.id,
        instructor=instructor.id,
        colleague=colleague.id,
        learner=learner.id,
        reader=reader.id,
        offline=offline.id,
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
        bare_section=sections[2].id,
        open_check=attempts[0],
        finished_check=attempts[1],
        finished_quiz=attempts[2],
        open_quiz=attempts[3],
        handed_in=_handed_in(session, offline, module, sections[1], instructor),
        import_draft=_import_draft(session, instructor.id),
        proposal=proposals[0],
        item_of_type=types,
        running_job=jobs[0],
        done_job=jobs[1],
        failed_job=jobs[2],
        running_search=_search(session, module, proposals[0], "running"),
        done_search=_search(session, module, proposals[0], "done"),
        ruled_quiz=_with_rules(session, _sections(session, draft)[1]),
        grant=_more_time(session, draft, learner),
        module_quiz=make_quiz(session, module.id).id,
    )


def _with_rules(session: Session, section: Section) -> int:
    """A graded quiz with every rule there is."""
    day = datetime(2031, 12, 1, 8, tzinfo=UTC)
    late = [
        {"until": (day + timedelta(days=8 + one)).isoformat(), "percent": 80 - 30 * one} for one in range(3)
    ]
    quiz = set_rules(
        session,
        section,
        mode="graded",
        behaviour="tries",
        tries_allowed=3,
        try_penalty=20,
        confidence="asked",
        counted="average",
        attempts_allowed=2,
        attempt_delay_s=3600,
        shuffles_questions=True,
        one_per_page=True,
        allows_back=False,
        access_code="harbour",
        pass_percent=60,
        is_gate=True,
        opens_at=day,
        due_at=day + timedelta(days=7),
        late_credit=late,
        closes_at=day + timedelta(days=14),
        time_limit_s=1800,
        release="by_hand",
        show_key=AFTER_CLOSE,
    )
    return quiz.id


def _more_time(session: Session, module: Module, learner: Account) -> int:
    """Twice the time in one quiz, and fifteen minutes more in all the others."""
    grant(session, module, learner, extra_s=900, note="As agreed for the whole year.")
    quiz = make_quiz(session, _sections(session, module)[1])
    return grant(session, module, learner, quiz, time_percent=200, attempts_allowed=3).id


def _sections(session: Session, module: Module) -> list[Section]:
    found = select(Section).where(Section.module_id == module.id).order_by(Section.position)
    return list(session.scalars(found))


def _ask(session: Session, section: Section, question: Question, **values: Any) -> ItemRow:
    """Put a question into the bank of a section."""
    text = session.get_one(SectionVersion, section.current_version_id).text
    return make_item(session, section, question.about(section.id, text), level=question.level, **values)


def _items_of_every_type(session: Session, sections: Sequence[Section]) -> dict[str, int]:
    """Two questions after the first section, one of each type after the second, none after the third."""
    for question in OPENING:
        _ask(session, sections[0], question)
    return {question.item.type: _ask(session, sections[1], question).id for question in STORM}


def _proposals(session: Session, section: Section, reviewer_id: int) -> list[int]:
    """Three items that wait for a person, one with a warning; one rejected before them."""
    values = {"origin": "generated", "recipe": "conditional", "tier": "A"}
    waiting = [_ask(session, section, question, state="proposed", **values) for question in PROPOSED]
    waiting[0].warnings = [
        {
            "check": 11,
            "severity": "warning",
            "field": "options",
            "message": "Two options name the railway company: the key may stand out.",
        }
    ]
    rejected = _ask(session, section, STORM[2], state="rejected", **values)
    version = rejected.current_version_id
    assert version is not None
    session.add(
        ReviewDecision(
            item_id=rejected.id,
            account_id=reviewer_id,
            decision="reject",
            reason="Asks for the same number as another question.",
            state_before="proposed",
            version_before_id=version,
            version_after_id=version,
            decided_at=clock.now(),
        )
    )
    session.commit()
    return [item.id for item in waiting]


def _hold(session: Session, item_id: int, reviewer_id: int) -> None:
    """The reviewer looks at this card, for as long as any test lasts."""
    item = session.get_one(ItemRow, item_id)
    item.claimed_by_id, item.claimed_until = reviewer_id, clock.now() + timedelta(days=1)
    session.commit()


def _report(session: Session, learner: Account, item_id: int) -> None:
    """A learner finds fault with a question."""
    item = session.get_one(ItemRow, item_id)
    assert item.current_version_id is not None
    session.add(
        ItemReport(
            item_id=item.id,
            item_version_id=item.current_version_id,
            account_id=learner.id,
            comment="The second answer is right as well: the text says so two sentences later.",
            created_at=clock.now(),
        )
    )
    session.commit()


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


def _handed_in(
    session: Session, learner: Account, module: Module, section: Section, instructor: Account
) -> int:
    """A finished check of which two answers came from the learner's file, and one of them was taken back."""
    reading.open_section(session, learner.id, module, 2)
    attempt = make_attempt(session, learner, section)
    _answer(session, attempt, [True, True, False])
    slots = select(AttemptSlot).where(AttemptSlot.attempt_id == attempt.id, AttemptSlot.position < 3)
    now = clock.now()
    for slot in session.scalars(slots):
        _event(session, slot, instructor, "an-offline-page", slot.position, now)
    second = session.scalars(slots.where(AttemptSlot.position == 2)).one()
    _event(session, second, instructor, TAKEN_BACK, 3, now + timedelta(minutes=5))
    attempt.sequence, attempt.answered_count = 3, 2
    grading.submit_attempt(session, learner.id, attempt.id)
    session.commit()
    return attempt.id


def _event(
    session: Session, slot: AttemptSlot, by: Account, client_id: str, sequence: int, at: datetime
) -> None:
    if client_id == TAKEN_BACK:
        slot.response = {}
    slot.sequence = sequence
    session.add(
        AnswerEvent(
            attempt_id=slot.attempt_id,
            position=slot.position,
            client_id=client_id,
            client_sequence=sequence,
            sequence=sequence,
            response=slot.response or {},
            saved_at=at,
            handed_in_by_id=by.id,
        )
    )
    session.flush()


def _half_a_check(session: Session, reader: Account, module: Module, section: Section) -> None:
    """Two questions checked, one of them missed; the third is chosen."""
    for number in (1, 2):
        reading.open_section(session, reader.id, module, number)
    attempt = make_attempt(session, reader, section)
    _answer(session, attempt, [False, True, True])
    for position in (1, 2):
        grading.check_slot(session, reader.id, attempt.id, position, [])
    session.commit()


def _answer(session: Session, attempt: Attempt, right: Sequence[bool]) -> None:
    """Answer the first questions, rightly where said so."""
    answers = {question.item.stem: question for question in (*OPENING, *STORM)}
    found = select(AttemptSlot).where(AttemptSlot.attempt_id == attempt.id).order_by(AttemptSlot.position)
    for slot, is_right in zip(session.scalars(found), right, strict=False):
        question = answers[session.get_one(ItemVersion, slot.item_version_id).content["stem"]]
        slot.response = dict(question.right if is_right else question.wrong)
        slot.saved_at = clock.now()
    attempt.answered_count, attempt.saved_at = len(right), clock.now()
    session.commit()


def _job(session: Session, module: Module, account_id: int | None, state: str) -> int:
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


def _search(session: Session, module: Module, item_id: int, state: str) -> int:
    """A search for other wrong answers."""
    job = session.get_one(Job, _job(session, module, None, state))
    job.kind = "other_options"
    job.payload = {"module_id": module.id, "item_id": item_id, "version_id": 0}
    job.progress_done, job.progress_total = (1, 2) if state == "running" else (2, 2)
    job.outcome = {"item_id": item_id, "result": "found"} if state == "done" else None
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
                "reasons": [] if number == 1 else ["few_statements"],
            }
            for number, (heading, _text) in enumerate(TEXT)
        ],
        "notes": [
            "The language model could not be reached (it answered with status 500); the rest was made by rules."
        ],
        "provider": {
            "name": "openai_compatible",
            "model": "small-and-quick",
            "calls": 31,
            "tokens_in": 40_210,
            "tokens_out": 2_315,
            "untold": 1,
            "cost": "0.0312",
            "proposed": 9,
            "passed": 4,
            "items": 3,
        },
    }


def _import_draft(session: Session, account_id: int) -> int:
    draft = ImportDraft(
        account_id=account_id,
        filename="harbour.txt",
        title=TITLE,
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
