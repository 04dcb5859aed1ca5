"""How a person likes to read: colours, size, typeface, spacing, line focus, pace of reading aloud.

Kept on the account, or in a cookie.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

CHOICES: dict[str, tuple[str, ...]] = {
    "theme": ("system", "light", "cream", "dark", "contrast"),
    "size": ("small", "normal", "large", "larger"),
    "face": ("serif", "sans"),
    "spacing": ("normal", "wide", "wider"),
    "lines": ("off", "sentence"),
    "pace": ("slow", "normal", "brisk", "fast"),
}
"""What each may be; the style sheet and js/reading.js know the same words. New ones come last: in a cookie it
is the order that tells them apart."""
SEPARATOR = "."


@dataclass(frozen=True, slots=True)
class Preferences:
    """One person's way of reading. Unknown words never get in: each is one of CHOICES or the default."""

    theme: str = "system"
    size: str = "normal"
    face: str = "serif"
    spacing: str = "normal"
    lines: str = "off"
    """Line focus: what is left lit while the rest of the text is dimmed."""
    pace: str = "normal"
    """How fast the text is read aloud."""

    def changed(self, wanted: Mapping[str, Any]) -> Preferences:
        """These preferences with what `wanted` names rightly; the rest stays."""
        values = {
            name: wanted[name] if wanted.get(name) in allowed else getattr(self, name)
            for name, allowed in CHOICES.items()
        }
        return Preferences(**values)

    def to_json(self) -> dict[str, str]:
        """As kept on the account."""
        return asdict(self)

    def to_cookie(self) -> str:
        """As kept in a cookie."""
        return SEPARATOR.join(asdict(self).values())


DEFAULT = Preferences()


def from_json(stored: Mapping[str, Any]) -> Preferences:
    """The preferences kept on an account."""
    return DEFAULT.changed(stored) if stored else DEFAULT


def from_cookie(text: str) -> Preferences:
    """The preferences in a cookie, whatever a browser sends."""
    if not text:
        return DEFAULT
    return DEFAULT.changed(
        dict(zip((name.name for name in fields(Preferences)), text.split(SEPARATOR), strict=False))
    )
