"""Canaries in every column that keeps a secret: what the authorization matrix then looks for in every answer."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.canaries import plant
from tests.factories.two_courses import World
from webapp.models.account import AccessLink, Account, LoginSession, SignInFailure
from webapp.models.attempt import AnswerEvent, AttemptSlot, SlotCheck
from webapp.models.item import Item, ItemReport, ItemVersion, ReviewDecision, SpareItem
from webapp.models.module import ImportDraft, Module, Section, SectionVersion
from webapp.models.operation import AuditEntry, Job
from webapp.models.quiz import Quiz, QuizOverride, Ruling
from webapp.services import clock

PLANTED = {
    "account": {"username", "email", "display_name", "password", "fs_uniquifier"},
    "login_session": {"token", "user_agent"},
    "access_link": {"secret_hash", "note"},
    "sign_in_failure": {"identity", "address"},
    "module": {"title", "standfirst", "source_note"},
    "section_version": {"heading", "text", "blocks", "html"},
    "import_draft": {"filename", "title", "standfirst", "sections", "notes"},
    "item": {"warnings", "stale_note"},
    "item_version": {"content"},
    "review_decision": {"reason"},
    "item_report": {"comment"},
    "spare_item": {"content", "warnings"},
    "attempt_slot": {"response"},
    "answer_event": {"response"},
    "slot_check": {"response"},
    "quiz": {"access_code"},
    "quiz_override": {"note"},
    "ruling": {"reason"},
    "job": {"payload", "outcome", "error", "progress_text"},
    "audit_entry": {"subject", "detail", "address"},
}
"""Table -> the columns that hold at least one canary afterwards."""
OPEN = {
    "account": {"preferences": "words of ours, the person's own"},
    "role": {"name": "words of ours", "description": "words of ours"},
    "course": {
        "slug": "in addresses",
        "title": "shown to whoever is in it, and on public modules",
        "time_zone": "known to all",
    },
    "cohort": {"name": "shown to whoever teaches the course, in lists that hold learners' canaries"},
    "enrolment": {"role": "a word of ours"},
    "access_link": {"purpose": "a word of ours", "role_name": "a word of ours"},
    "module": {"slug": "in addresses", "language": "a word of ours", "state": "a word of ours"},
    "section_version": {"content_hash": "says nothing without the text"},
    "item": {
        "state": "a word of ours",
        "origin": "a word of ours",
        "generated_id": "a number of the generator's",
        "recipe": "a word of ours",
        "level": "a word of ours",
        "tier": "a word of ours",
        "generator_version": "known to all",
    },
    "item_version": {"type": "a word of ours"},
    "spare_item": {
        "generated_id": "a number of the generator's",
        "recipe": "a word of ours",
        "level": "a word of ours",
        "tier": "a word of ours",
        "generator_version": "known to all",
    },
    "review_decision": {"decision": "a word of ours", "state_before": "a word of ours"},
    "quiz": {
        "kind": "a word of ours",
        "mode": "a word of ours",
        "behaviour": "a word of ours",
        "confidence": "a word of ours",
        "counted": "a word of ours",
        "late_credit": "times and percents that every learner is told",
        "overdue": "a word of ours",
        "release": "a word of ours",
    },
    "ruling": {"kind": "a word of ours", "changes": "numbers of attempts and points"},
    "attempt": {
        "state": "a word of ours",
        "behaviour": "a word of ours",
        "confidence": "a word of ours",
        "ended_by": "a word of ours",
    },
    "attempt_slot": {"option_order": "shown by the order itself", "status": "a word of ours"},
    "answer_event": {"client_id": "random, of one page"},
    "job": {"kind": "a word of ours", "state": "a word of ours"},
    "audit_entry": {"action": "a word of ours", "request_id": "told to whoever asked"},
}
"""Columns without canaries, and why they need none."""


def plant_everywhere(session: Session, world: World) -> None:
    """Put a canary into every column of PLANTED, in every row that there is."""
    _plant_people(session)
    _plant_texts(session)
    _plant_questions(session, world)
    _plant_work(session, world)
    _plant_rules(session, world)
    session.commit()


def _plant_people(session: Session) -> None:
    for account in session.scalars(select(Account)):
        account.fs_uniquifier = plant("secret")
        if not account.is_guest:
            account.username = plant("name")
            account.email = plant("name") + "@example.org"
            account.display_name = plant("name")
            account.password = plant("secret")
    session.add(
        LoginSession(
            account_id=session.scalars(select(Account.id)).first(),
            token=plant("secret"),
            user_agent="",
            created_at=clock.now(),
        )
    )
    for login in session.scalars(select(LoginSession)):
        login.user_agent = plant("browser")
    for link in session.scalars(select(AccessLink)):
        link.note = plant("note")
    session.add(
        AccessLink(
            purpose="reset",
            secret_hash=plant("secret"),
            note="",
            created_at=clock.now(),
            expires_at=clock.now(),
        )
    )
    session.add(SignInFailure(identity=plant("secret"), address=plant("secret"), failed_at=clock.now()))
    session.add(
        AuditEntry(
            at=clock.now(),
            action="sign_in",
            subject=plant("secret"),
            detail={"x": plant("secret")},
            address=plant("secret"),
            request_id="",
        )
    )


def _plant_texts(session: Session) -> None:
    for module in session.scalars(select(Module)):
        module.title, module.standfirst, module.source_note = plant("text"), plant("text"), plant("text")
    for version in session.scalars(select(SectionVersion)):
        word = plant("text")
        version.heading = plant("text")
        version.html = version.html.replace("</p>", f" {word}</p>", 1)
        version.text += f" {word}"
        version.blocks = [{**block, "note": word} for block in version.blocks]
    for draft in session.scalars(select(ImportDraft)):
        draft.filename, draft.title, draft.standfirst = plant("draft"), plant("draft"), plant("draft")
        draft.sections = [{"heading": plant("draft"), "text": plant("draft")}]
        draft.notes = [plant("draft")]


def _plant_questions(session: Session, world: World) -> None:
    for item in session.scalars(select(Item)):
        item.stale_note = plant("staff")
        item.warnings = [{"check": 1, "severity": "warning", "field": "stem", "message": plant("staff")}]
    for version in session.scalars(select(ItemVersion)):
        version.content = _planted_content(version.content)
    for item in session.scalars(select(Item).where(Item.module_id == world.module)):
        session.add(
            ReviewDecision(
                item_id=item.id,
                account_id=world.people["instructor_1"],
                decision="skip",
                reason=plant("staff"),
                state_before=item.state,
                version_before_id=item.current_version_id,
                version_after_id=item.current_version_id,
                decided_at=clock.now(),
            )
        )
    _plant_reports_and_spares(session, world)
    for job in session.scalars(select(Job)):
        job.payload = {"x": plant("staff")}
        job.outcome = {"module_id": job.module_id, "proposed": 1, "sections": [], "notes": [plant("staff")]}
        job.error, job.progress_text = plant("staff"), plant("staff")


def _plant_reports_and_spares(session: Session, world: World) -> None:
    """Learner A reports what the finished check asked, and a question is kept in hand."""
    asked = session.get_one(Item, world.item)
    section = session.get_one(Section, world.section)
    session.add(
        ItemReport(
            item_id=asked.id,
            item_version_id=asked.current_version_id,
            account_id=world.people["learner_a"],
            comment=plant("report"),
            created_at=clock.now(),
        )
    )
    session.add(
        SpareItem(
            section_id=section.id,
            section_version_id=section.current_version_id,
            generated_id="0123456789abcdef",
            recipe="statement_choice",
            level="infer",
            tier="review",
            seed=0,
            generator_version="1.1",
            warnings=[{"check": 1, "severity": "warning", "field": "stem", "message": plant("staff")}],
            content=_planted_content(asked.current_version.content),
            created_at=clock.now(),
        )
    )


def _planted_content(content: dict[str, Any]) -> dict[str, Any]:
    """The same question with canaries in stem, options, feedback, explanation and what is accepted."""
    options = [
        {**option, "text": f"{option['text']} {plant('asked')}", "feedback": plant("graded")}
        for option in content["options"]
    ]
    key = [*content["key"], plant("graded")] if content["type"] == "gap_text" else content["key"]
    stem = f"{content['stem']} {plant('asked')}"
    return {**content, "stem": stem, "options": options, "key": key, "explanation": plant("graded")}


def _plant_work(session: Session, world: World) -> None:
    """What learner A typed into the open quiz (its last question is a gap)."""
    slots = select(AttemptSlot).join(ItemVersion, ItemVersion.id == AttemptSlot.item_version_id)
    typed = session.scalars(slots.where(ItemVersion.type == "gap_text")).all()
    for number, slot in enumerate(typed, 1):
        slot.response, slot.saved_at, slot.sequence = {"text": plant("answer")}, clock.now(), number
        session.add(
            AnswerEvent(
                attempt_id=slot.attempt_id,
                position=slot.position,
                client_id="a-page-of-then",
                client_sequence=number,
                sequence=number,
                response={"text": plant("answer")},
                saved_at=clock.now(),
            )
        )
        session.add(
            SlotCheck(
                attempt_id=slot.attempt_id,
                position=slot.position,
                number=1,
                response={"text": plant("answer")},
                checked_at=clock.now(),
            )
        )


def _plant_rules(session: Session, world: World) -> None:
    """The access code of a quiz that nobody starts, why somebody has more time, why an item was ruled about."""
    for quiz_id in (world.quiz, world.elsewhere["quiz_id"]):
        session.get_one(Quiz, quiz_id).access_code = plant("staff")
    for override in session.scalars(select(QuizOverride)):
        override.note = plant("staff")
    session.add(
        Ruling(
            item_id=world.item,
            kind="full",
            up_to_version=1,
            never_lowers=True,
            reason=plant("staff"),
            changes=[],
            made_at=clock.now(),
            undone_at=clock.now(),
        )
    )
