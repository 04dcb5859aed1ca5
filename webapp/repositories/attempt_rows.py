"""Attempts and their slots as light rows: what pages and grading read of them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple


class AttemptRow(NamedTuple):
    """One attempt, with what its pages need to know of quiz and module."""

    id: int
    quiz_id: int
    account_id: int
    number: int
    state: str
    seed: int
    sequence: int
    slot_count: int
    answered_count: int
    checked_count: int
    points: Decimal
    points_possible: Decimal
    started_at: datetime
    saved_at: datetime | None
    submitted_at: datetime | None
    reset_at: datetime | None
    kind: str
    section_id: int | None
    module_id: int
    module_slug: str
    module_title: str
    module_language: str
    section_number: int | None
    """The place of the section among those present; None for the module's quiz or a removed section."""
    behaviour: str
    tries_allowed: int
    try_penalty: int
    confidence: str
    deadline_at: datetime | None
    closes_at: datetime | None
    credit_percent: int
    ended_by: str | None
    at_position: int
    is_preview: bool
    mode: str
    is_counted: bool
    one_per_page: bool
    allows_back: bool
    shows_text: bool
    overdue: str
    release: str
    pass_percent: int | None
    show_response: int
    show_correctness: int
    show_points: int
    show_explanation: int
    show_key: int
    offers_similar: bool
    shuffles_options: bool

    @property
    def is_open(self) -> bool:
        """Whether answers can still be saved."""
        return self.state == "open"

    @property
    def is_released(self) -> bool:
        """Whether its result can be shown."""
        return self.state == "released"

    @property
    def is_one_way(self) -> bool:
        """Whether it goes from question to question without a way back."""
        return self.one_per_page and not self.allows_back

    @property
    def is_waiting(self) -> bool:
        """Whether it was handed in and its result is still held back."""
        return self.state in {"submitted", "graded"}


class SlotRow(NamedTuple):
    """One place of an attempt, with the wording it pins."""

    position: int
    item_version_id: int
    section_version_id: int
    section_id: int
    level: str | None
    content: dict[str, Any]
    option_order: list[int]
    points_possible: Decimal
    response: dict[str, Any] | None
    saved_at: datetime | None
    checked_at: datetime | None
    status: str | None
    score: Decimal | None
    item_id: int
    report: str | None
    """What became of the person's latest report about the item: "open", or the word of a decision."""
    confidence: int | None = None
    tries: int = 0
    ruling: str | None = None
    """The kind of the newest ruling that the grade follows; None: graded as it was asked."""
    ruled_content: dict[str, Any] | None = None
    """The wording by which that ruling grades, or the newest one before it that grades by a wording."""
    ruled_section_version_id: int | None = None
    """The text of the section in which that wording's evidence stands."""
    is_handed_in: bool = False
    """Whether its answer is one that an instructor handed in from the learner's file."""
    ruling_id: int | None = None
    retry_of: int | None = None
    """The position of the question that was missed, where this is a similar one."""
    recipe: str | None = None

    @property
    def is_extra(self) -> bool:
        """Whether it is a similar question: extra practice, which counts nowhere."""
        return self.retry_of is not None

    @property
    def is_answered(self) -> bool:
        """Whether it holds an answer."""
        return bool(self.response)

    @property
    def is_checked(self) -> bool:
        """Whether it has been graded for good."""
        return self.checked_at is not None


class OpenRow(NamedTuple):
    """An open attempt, as far as starting needs it."""

    id: int
    deadline_at: datetime | None


class EarlierRow(NamedTuple):
    """What one person did at one quiz before."""

    counted: int
    """How many attempts count towards those allowed: resets and previews do not."""
    last_number: int
    last_ended_at: datetime | None
