"""What a course's clock shows, and which moment somebody means who types it, daylight saving included."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from webapp.services.local_times import NoSuchTime, to_local, to_utc, zone_of

VIENNA = ZoneInfo("Europe/Vienna")
NEW_YORK = ZoneInfo("America/New_York")
KATHMANDU = ZoneInfo("Asia/Kathmandu")


def local(text: str) -> datetime:
    return datetime.fromisoformat(text)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "zone", "moment"),
    [
        ("2026-12-01T08:00", VIENNA, "2026-12-01T07:00"),
        ("2026-07-01T08:00", VIENNA, "2026-07-01T06:00"),
        ("2026-03-29T01:59", VIENNA, "2026-03-29T00:59"),
        ("2026-03-29T03:00", VIENNA, "2026-03-29T01:00"),
        ("2026-10-25T01:59", VIENNA, "2026-10-24T23:59"),
        ("2026-10-25T02:30", VIENNA, "2026-10-25T00:30"),  # the first of two
        ("2026-10-25T03:00", VIENNA, "2026-10-25T02:00"),
        ("2026-11-01T01:30", NEW_YORK, "2026-11-01T05:30"),  # the first of two
        ("2026-01-01T00:00", KATHMANDU, "2025-12-31T18:15"),
        ("2026-01-01T00:00", ZoneInfo("UTC"), "2026-01-01T00:00"),
    ],
)
def test_a_typed_time_is_a_moment(typed, zone, moment):
    found = to_utc(local(typed), zone)
    assert found == utc(moment)
    assert found.tzinfo is UTC
    assert to_local(found, zone) == local(typed)


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("2026-03-29T02:00", VIENNA),
        ("2026-03-29T02:59", VIENNA),
        ("2026-03-08T02:30", NEW_YORK),
    ],
)
def test_an_hour_that_is_skipped_is_refused(typed, zone):
    with pytest.raises(NoSuchTime, match="skip this hour"):
        to_utc(local(typed), zone)


@pytest.mark.parametrize(
    "typed", ["0001-01-01T00:00", "1999-12-31T23:59", "2200-01-01T00:00", "9999-12-31T23:59"]
)
def test_a_year_far_away_is_refused(typed):
    with pytest.raises(NoSuchTime, match="between 2000 and 2199"):
        to_utc(local(typed), NEW_YORK)


@pytest.mark.parametrize("was", ["2026-10-25T00:30", "2026-10-25T01:30"])
def test_who_leaves_a_repeated_hour_as_it_was_means_the_same_moment(was):
    assert to_utc(local("2026-10-25T02:30"), VIENNA, utc(was)) == utc(was)


def test_seconds_that_no_form_shows_are_kept_while_the_time_is_left_alone():
    was = datetime(2026, 11, 23, 9, 15, 42, tzinfo=UTC)
    assert to_utc(to_local(was, VIENNA), VIENNA, was) == was
    assert to_utc(local("2026-11-23T10:16"), VIENNA, was) == utc("2026-11-23T09:16")


@pytest.mark.parametrize("name", ["Nowhere/At_all", "", "../etc/passwd", "Europe"])
def test_a_zone_that_is_not_there_is_utc(name):
    assert zone_of(name).key == "UTC"


def test_a_zone_is_found_by_its_name():
    assert zone_of("Europe/Vienna") == VIENNA
