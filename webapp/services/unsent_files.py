"""What a learner's file of unsent answers says, once it has been read (by webapp/forms/unsent_file.py)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from webapp.services.answers import SentAnswer
from webapp.services.errors import Refused


@dataclass(frozen=True, slots=True)
class UnsentAnswer:
    """One answer that a browser could not send, under the key it would have been sent with."""

    sent: SentAnswer
    reported_at: datetime
    """When it was given, by the clock of the learner's browser, which nobody has checked."""


@dataclass(frozen=True, slots=True)
class UnsentFile:
    """A file as a page made it for its learner."""

    attempt_id: int
    module_slug: str
    made_at: datetime
    """As `reported_at`."""
    answers: Sequence[UnsentAnswer]
    text: str
    """The same file, written once more: what the confirmation sends back."""


class RefusedFile(Refused):
    """A file that cannot be taken: everything that is wrong with it, each with its place."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("file", " ".join(problems))
        self.problems = tuple(problems)
