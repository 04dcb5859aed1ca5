"""What administrators see of the accounts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from webapp.repositories import accounts
from webapp.services.errors import NotFound

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from webapp.models.account import AccessLink, Account

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class AccountPage:
    """One page of the list of accounts."""

    accounts: list[Account]
    total: int
    number: int

    @property
    def last_number(self) -> int:
        """The number of the last page; 1 where there is nothing."""
        return max(1, -(-self.total // PAGE_SIZE))


def list_accounts(session: Session, search: str, number: int) -> AccountPage:
    """A page of the accounts whose names contain the searched text, by name. Guests are nobody's to see."""
    search = search.replace("\0", "")  # PostgreSQL refuses to look for it
    total = accounts.count_accounts(session, search)
    last = max(1, -(-total // PAGE_SIZE))
    number = min(max(number, 1), last)
    found = accounts.list_accounts(session, search, PAGE_SIZE, (number - 1) * PAGE_SIZE)
    return AccountPage(found, total, number)


def get_account(session: Session, account_id: int) -> Account:
    """The account, if it is one of a person. Raises NotFound for guests and for the erased."""
    account = accounts.get_account(session, account_id)
    if account is None or account.is_guest:
        raise NotFound
    return account


def list_invitations(session: Session) -> list[AccessLink]:
    """Invitations that nobody has used yet, newest first."""
    return accounts.list_unused_links(session, "invitation")
