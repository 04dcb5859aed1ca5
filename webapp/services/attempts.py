"""Starting an attempt: what it asks is chosen and pinned once, in wording, order and options.

Starting is idempotent: a person has at most one open attempt at a quiz (the database sees to it), and who
starts again while one is open gets that one.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from questions.assembly.selection import Candidate, choose
from questions.assembly.shuffle import option_order, shuffled
from questions.items.content import item_from_json
from webapp.repositories import attempts, quizzes, reading
from webapp.repositories.quizzes import CandidateRow, QuizRow
from webapp.services import clock
from webapp.services.catalogue import section_at
from webapp.services.errors import Conflict
from webapp.services.gates import require_all_open, require_open
from webapp.services.overdue import Overdue, is_overdue
from webapp.services.progress import visit_section
from webapp.services.quizzes import module_quiz, section_quiz
from webapp.services.starting import may_start
from webapp.services.windows import window_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from webapp.services.access import AnyModule

SEEDS = 2**31
POINTS_AN_ITEM = Decimal(1)
NOTHING_TO_ASK = "There are no questions here at the moment. Read on; they may come later."
STARTED_ELSEWHERE = "This was being started somewhere else at the same moment. Try once more."


def start_section_check(
    session: Session,
    account_id: int,
    module: AnyModule,
    number: int,
    *,
    access_code: str = "",
    is_preview: bool = False,
) -> int:
    """Start the check of the section at that place, or find the one under way; the attempt's id.

    Raises NotFound (no such section), Conflict (nothing to ask, not open, no attempt left), Refused (the
    access code) and Overdue (an earlier attempt has to be closed first).
    """
    rows = reading.list_places(session, module.id, account_id, number)
    row = section_at(rows, number)
    quiz = section_quiz(session, module.id, row.id)
    if not is_preview:
        require_open(session, module.id, rows, number)
        visit_section(session, account_id, module.id, row.id)
    candidates = quizzes.list_section_candidates(session, row.id)
    return _start(session, account_id, quiz, candidates, access_code=access_code, is_preview=is_preview)


def start_module_quiz(
    session: Session,
    account_id: int,
    module: AnyModule,
    *,
    access_code: str = "",
    is_preview: bool = False,
) -> int:
    """Start the quiz at the module's end, or find the one under way; the attempt's id. Raises as above."""
    quiz = module_quiz(session, module.id)
    if not is_preview:
        require_all_open(session, module.id, account_id)
    candidates = quizzes.list_module_candidates(session, module.id)
    return _start(session, account_id, quiz, candidates, access_code=access_code, is_preview=is_preview)


def _start(
    session: Session,
    account_id: int,
    quiz: QuizRow,
    candidates: Sequence[CandidateRow],
    *,
    access_code: str,
    is_preview: bool,
) -> int:
    quiz = quizzes.hold_rules(session, quiz)
    under_way = attempts.get_open_attempt(session, quiz.id, account_id)
    if under_way is not None:
        if is_overdue("open", under_way.deadline_at):
            raise Overdue([under_way.id])
        return under_way.id
    earlier = attempts.count_attempts(session, quiz.id, account_id)
    now = clock.now()
    own = window_of(session, quiz, account_id)
    if not is_preview:
        may_start(quiz, own, earlier, access_code, now)
    if not candidates:
        raise Conflict(NOTHING_TO_ASK)
    seed = secrets.randbelow(SEEDS)
    seen = attempts.list_items_seen(session, quiz.id, account_id) if earlier.last_number else {}
    chosen = choose_items(candidates, quiz.item_limit, seed, seen)
    if quiz.shuffles_questions:
        chosen = shuffled(chosen, seed)
    attempt_id = attempts.add_attempt(
        session,
        {
            "quiz_id": quiz.id,
            "account_id": account_id,
            "number": earlier.last_number + 1,
            "state": "open",
            "seed": seed,
            "sequence": 0,
            "slot_count": len(chosen),
            "answered_count": 0,
            "checked_count": 0,
            "points": Decimal(0),
            "points_possible": POINTS_AN_ITEM * len(chosen),
            "started_at": now,
            "behaviour": quiz.behaviour,
            "tries_allowed": quiz.tries_allowed,
            "try_penalty": quiz.try_penalty,
            "confidence": quiz.confidence,
            "deadline_at": own.deadline(now),
            "closes_at": own.closes_at,
            "is_preview": is_preview,
        },
    )
    if attempt_id is None:  # another request of the same person was quicker: theirs is the open one
        quicker = attempts.get_open_attempt(session, quiz.id, account_id)
        if quicker is None:
            raise Conflict(STARTED_ELSEWHERE)
        return quicker.id
    attempts.add_slots(session, _slots(attempt_id, chosen, seed, shuffles_options=quiz.shuffles_options))
    return attempt_id


def choose_items(
    candidates: Sequence[CandidateRow], limit: int, seed: int, seen: Mapping[int, int]
) -> list[CandidateRow]:
    """The items of an attempt: sections in order, inside a section in the order of the evidence."""
    by_id = {candidate.item_id: candidate for candidate in candidates}
    chosen = choose(
        [
            Candidate(candidate.item_id, candidate.section_id, candidate.content["type"])
            for candidate in candidates
        ],
        limit,
        seed,
        seen,
    )
    sections = list(dict.fromkeys(candidate.section_id for candidate in candidates))
    return sorted(
        (by_id[candidate.id] for candidate in chosen),
        key=lambda row: (sections.index(row.section_id), _place_in_text(row)),
    )


def _place_in_text(row: CandidateRow) -> int:
    """Where the evidence begins. Items about the whole section come after those about one place of it."""
    starts = [span["start"] for span in row.content.get("evidence") or []]
    return min(starts) if len(starts) == 1 else max(starts, default=0)


def _slots(
    attempt_id: int, chosen: Sequence[CandidateRow], seed: int, *, shuffles_options: bool
) -> list[dict[str, Any]]:
    return [
        {
            "attempt_id": attempt_id,
            "position": position,
            "item_version_id": row.item_version_id,
            "option_order": _option_order(row, seed, shuffles_options=shuffles_options),
            "points_possible": POINTS_AN_ITEM,
            "sequence": 0,
        }
        for position, row in enumerate(chosen, start=1)
    ]


def _option_order(row: CandidateRow, seed: int, *, shuffles_options: bool) -> list[int]:
    item = item_from_json(row.content)
    return option_order(item, seed) if shuffles_options else list(range(len(item.options)))
