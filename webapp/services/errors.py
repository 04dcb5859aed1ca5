"""How a use case says no. Views turn each kind into its page (webapp/views/errors.py)."""

# ruff: noqa: N818 (each is named by what it tells the person, as in the contracts between the rooms)

from __future__ import annotations


class ServiceError(Exception):
    """A use case that was refused. The message is for the person who asked, in their words."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message)
        self.message = message


class NotFound(ServiceError):
    """There is no such thing, or not for this person: the two look the same from outside."""


class Forbidden(ServiceError):
    """The thing is this person's to see, but not to do this with."""


class Conflict(ServiceError):
    """Something happened first that makes this impossible now; the message says what to do."""


class Refused(ServiceError):
    """What was entered will not do. `field` names the form's field, the message says what would."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
