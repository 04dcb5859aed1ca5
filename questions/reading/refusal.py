"""Why a text could not be read, in words for the person who gave it."""

from __future__ import annotations


class DocumentError(ValueError):
    """A text that is refused. The message says what is wrong, where, and what would be right."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line
        """The line of the file, counted from 1; None where the fault has no line."""


def line_at(text: str, offset: int) -> int:
    """The number of the line that holds this offset, as an editor counts."""
    head = text[:offset]
    return 1 + head.count("\n") + head.count("\r") - head.count("\r\n")
