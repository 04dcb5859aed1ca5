"""How long a sign-in waits after so many failures."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.models.account import SignInFailure
from webapp.repositories.sign_in_failures import Failures
from webapp.services import clock, sign_in_limits
from webapp.services.sign_in_limits import (
    ADDRESS,
    NAME,
    NAME_AND_ADDRESS,
    WINDOW,
    Attempted,
    Limit,
    TooManyFailures,
)

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LIMIT = Limit(free=3, first_wait_s=5, longest_wait_s=60)


@pytest.mark.parametrize(
    ("failures", "seconds_ago", "wait"),
    [
        (0, 0, 0),
        (2, 0, 0),
        (3, 0, 5),
        (4, 0, 10),
        (5, 0, 20),
        (6, 0, 40),
        (7, 0, 60),
        (10_000, 0, 60),
        (4, 3, 7),
        (4, 9.5, 1),
        (4, 10, 0),
        (4, 1000, 0),
    ],
)
def test_the_wait_doubles_up_to_the_longest(failures: int, seconds_ago: float, wait: int) -> None:
    last = NOON - timedelta(seconds=seconds_ago) if failures else None
    assert LIMIT.seconds_to_wait(Failures(failures, last), NOON) == wait


@pytest.mark.parametrize("limit", [NAME_AND_ADDRESS, NAME, ADDRESS])
def test_no_limit_locks_anybody_out(limit: Limit) -> None:
    """However often somebody fails, a minute later the right password is looked at."""
    assert limit.seconds_to_wait(Failures(10**9, NOON - timedelta(seconds=60)), NOON) == 0


def wait_of(session: Session, attempted: Attempted, *, known: bool = False) -> int:
    try:
        sign_in_limits.check(session, attempted, is_known_browser=known)
    except TooManyFailures as refused:
        return refused.seconds
    return 0


def fail(session: Session, times: int, name: str = "anna", address: str = "203.0.113.1") -> Attempted:
    attempted = Attempted.by("secret", name, address)
    for _ in range(times):
        sign_in_limits.record_failure(session, attempted)
    return attempted


def test_a_name_from_one_address(session: Session) -> None:
    attempted = fail(session, NAME_AND_ADDRESS.free)
    assert wait_of(session, attempted) > 0
    assert wait_of(session, Attempted.by("secret", "anna", "203.0.113.2")) == 0, "not from elsewhere"
    assert wait_of(session, Attempted.by("secret", "bo", "203.0.113.1")) == 0, "nor for another name"


def test_a_name_from_many_addresses(session: Session) -> None:
    for number in range(NAME.free):
        fail(session, 1, address=f"203.0.113.{number}")
    newcomer = Attempted.by("secret", "anna", "198.51.100.1")
    assert wait_of(session, newcomer) > 0
    assert wait_of(session, newcomer, known=True) == 0


def test_an_address_with_many_names(session: Session) -> None:
    for number in range(ADDRESS.free):
        fail(session, 1, name=f"pupil {number}")
    assert wait_of(session, Attempted.by("secret", "somebody else", "203.0.113.1"), known=True) > 0
    assert wait_of(session, Attempted.by("secret", "somebody else", "203.0.113.2")) == 0


def test_failures_are_forgotten(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    attempted = fail(session, NAME_AND_ADDRESS.free)
    later = clock.now() + WINDOW + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert wait_of(session, attempted) == 0
    fail(session, 1)
    assert session.scalar(select(func.count()).select_from(SignInFailure)) == 1, "old rows are swept away"


def test_a_right_sign_in_forgets_only_its_own(session: Session) -> None:
    anna = fail(session, 3)
    fail(session, 2, name="bo")
    sign_in_limits.forget_failures(session, anna)
    assert session.scalar(select(func.count()).select_from(SignInFailure)) == 2


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("anna", "203.0.113.1"), (" ANNA ", "203.0.113.1"), True),
        (("anna", "203.0.113.1"), ("ａｎｎａ", "203.0.113.1"), True),
        (("anna krol", "203.0.113.1"), ("Anna\t  Krol", "203.0.113.1"), True),
        (("anna", "203.0.113.1"), ("anna", "203.0.113.2"), False),
        (("anna", "2001:db8:1:2::1"), ("anna", "2001:db8:1:2:ffff::9"), True),
        (("anna", "2001:db8:1:2::1"), ("anna", "2001:db8:1:3::1"), False),
        (("anna", "::ffff:203.0.113.1"), ("anna", "203.0.113.1"), True),
        (("anna", "unix:"), ("anna", "unix:"), True),
        (("an\ud800na", ""), ("an\ud800na", ""), True),
    ],
)
def test_what_counts_as_the_same(one: tuple[str, str], other: tuple[str, str], same: bool) -> None:
    assert (Attempted.by("secret", *one) == Attempted.by("secret", *other)) is same


def test_insiders_are_counted_apart() -> None:
    insider = Attempted.by("secret", "anna", "", insider="tag")
    assert insider != Attempted.by("secret", "anna", "")
    assert insider != Attempted.by("secret", "anna\0tag", "")
    assert insider == Attempted.by("secret", "Anna", "", insider="tag")


def test_names_are_kept_as_keyed_hashes() -> None:
    assert "anna" not in Attempted.by("secret", "anna", "").identity
    assert Attempted.by("secret", "anna", "") != Attempted.by("another secret", "anna", "")
