"""How often a sign-in may fail before the next one has to wait. Only failures count, over all workers.

Three counts of the last quarter of an hour: of one name from one address (a guesser, or somebody with a
forgotten password), of one name from everywhere (slower for all), of one address (high enough for a school
that shares one). Browsers in which an account has been signed in before are counted apart from all others, so
that nobody is locked out of their own account, neither from far away nor by whoever sits in the same room.
"""

from __future__ import annotations

import hashlib
import hmac
import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING

from webapp.models.account import SignInFailure
from webapp.repositories import sign_in_failures
from webapp.services import clock
from webapp.services.accounts import normal_name
from webapp.services.errors import ServiceError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from webapp.repositories.sign_in_failures import Failures

WINDOW = timedelta(minutes=15)
IPV6_PREFIX_BITS = 64
"""One household or school has at least this much of the address space to itself."""


@dataclass(frozen=True, slots=True)
class Limit:
    """So many failures are free; each further one doubles the wait after the last, up to the longest."""

    free: int
    first_wait_s: int
    longest_wait_s: int

    def seconds_to_wait(self, failures: Failures, now: datetime) -> int:
        """How long the next sign-in still has to wait."""
        over = failures.number - self.free
        if over < 0 or failures.last_at is None:
            return 0
        wait = min(self.first_wait_s * 2 ** min(over, 20), self.longest_wait_s)
        return max(0, math.ceil((failures.last_at + timedelta(seconds=wait) - now).total_seconds()))


NAME_AND_ADDRESS = Limit(free=5, first_wait_s=5, longest_wait_s=60)
NAME = Limit(free=20, first_wait_s=2, longest_wait_s=30)
ADDRESS = Limit(free=1000, first_wait_s=2, longest_wait_s=60)


@dataclass(frozen=True, slots=True)
class Attempted:
    """Who tries to sign in from where, as the table keeps it: the name as a keyed hash, never as typed."""

    identity: str
    address: str

    @classmethod
    def by(cls, secret: str, name: str, address: str, *, insider: str = "") -> Attempted:
        """What a sign-in under this name, in whatever spelling, from this address is counted as.

        `insider`: what only those have who have been signed in to the account. They are counted apart.
        """
        said = f"{normal_name(name)}\0{insider}".encode("utf-8", "replace")
        return cls(hmac.new(secret.encode(), said, hashlib.sha256).hexdigest(), _network(address))


def _network(address: str) -> str:
    try:
        parsed = ip_address(address)
    except ValueError:
        return address[:64]  # a Unix socket, or a proxy that tells no address
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return str(ip_network((parsed, IPV6_PREFIX_BITS), strict=False))
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)


class TooManyFailures(ServiceError):  # noqa: N818 (named as in errors.py)
    """So many sign-ins have failed that the next one has to wait `seconds`."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Too many sign-ins have failed. Wait {seconds} seconds, then try again.")
        self.seconds = seconds


def check(session: Session, attempted: Attempted, *, is_known_browser: bool) -> None:
    """Raises TooManyFailures where this sign-in has to wait before the password is looked at."""
    now = clock.now()
    since = now - WINDOW
    counts = [
        (NAME_AND_ADDRESS, {"identity": attempted.identity, "address": attempted.address}),
        (ADDRESS, {"address": attempted.address}),
    ]
    if not is_known_browser:
        counts.append((NAME, {"identity": attempted.identity}))
    seconds = max(
        limit.seconds_to_wait(sign_in_failures.count_failures(session, since, **those), now)
        for limit, those in counts
    )
    if seconds:
        raise TooManyFailures(seconds)


def record_failure(session: Session, attempted: Attempted) -> None:
    """Count a failed sign-in, and forget those that count no more."""
    now = clock.now()
    sign_in_failures.forget_failures_before(session, now - WINDOW)
    sign_in_failures.add_failure(
        session, SignInFailure(identity=attempted.identity, address=attempted.address, failed_at=now)
    )


def forget_failures(session: Session, attempted: Attempted) -> None:
    """A right sign-in clears what went wrong before it under this name from this address."""
    sign_in_failures.forget_failures(session, attempted.identity, attempted.address)
