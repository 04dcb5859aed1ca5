"""Moments as the clock of a course shows them, and back. Pure. What no clock shows is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

FIRST_YEAR, LAST_YEAR = 2000, 2199
NO_SUCH_TIME = "The clocks skip this hour on that day. Take an earlier or a later time."
FAR_AWAY = f"Take a year between {FIRST_YEAR} and {LAST_YEAR}."


class NoSuchTime(ValueError):  # noqa: N818 (named by what it tells the person)
    """A time that no clock of the course shows. The message is for whoever typed it."""


def zone_of(name: str) -> ZoneInfo:
    """The time zone of that name; UTC where there is none of it on this machine."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")


def to_local(moment: datetime, zone: ZoneInfo) -> datetime:
    """What clocks in the zone show then, to the minute, without a zone of its own."""
    return moment.astimezone(zone).replace(tzinfo=None, second=0, microsecond=0)


def to_utc(typed: datetime, zone: ZoneInfo, was: datetime | None = None) -> datetime:
    """The moment at which clocks in the zone show what was typed. Raises NoSuchTime.

    Of two such moments, in the hour that is repeated in autumn, the earlier. Whoever left the time as it was
    shown means the moment that was shown: `was`.
    """
    if not FIRST_YEAR <= typed.year <= LAST_YEAR:
        raise NoSuchTime(FAR_AWAY)
    if was is not None and to_local(was, zone) == typed:
        return was
    moment = typed.replace(tzinfo=zone).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != typed:
        raise NoSuchTime(NO_SUCH_TIME)
    return moment
