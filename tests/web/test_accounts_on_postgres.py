"""The same tests of accounts on PostgreSQL: those where the database decides something."""

# ruff: noqa: F401 (pytest collects what is imported here, with the settings below)
from __future__ import annotations

from pathlib import Path

import pytest

from tests.client import SECRET, Client
from tests.web.test_accounts import (
    module,
    test_a_name_is_given_once_in_any_spelling,
    test_changing_names,
    test_deleting_ones_data,
    test_downloading_ones_data,
    test_finished_work_of_both_is_counted_together,
    test_invisible_letters_are_left_out_of_names,
    test_of_two_open_attempts_the_later_stays_open,
    test_preferences_of_an_account_go_with_it,
    test_signing_in_takes_a_guests_work_along,
    test_signing_up_keeps_a_guests_progress,
    test_what_will_not_do_is_said_at_its_field_and_the_rest_kept,
)
from tests.web.test_admin import (
    administrator,
    desk,
    test_changing_a_role,
    test_inviting_and_withdrawing,
    test_one_administrator_is_always_left,
    test_search,
    test_the_list_comes_in_pages_with_as_many_queries,
)
from tests.web.test_audit_trail import acting, test_what_failed_is_on_record_as_not_done, test_what_was_done
from tests.web.test_links import (
    test_a_form_refused_uses_nothing_up,
    test_each_start_prints_a_new_one_and_ends_the_former,
    test_the_first_administrator,
)
from tests.web.test_signing_in import (
    anna,
    test_a_kept_cookie_opens_nothing_after,
    test_a_wrong_sign_in_says_the_same_whatever_is_wrong,
    test_failures_are_kept_although_the_request_is_refused,
    test_guessing_slows_down_and_waiting_helps,
    test_others_cannot_lock_somebody_out,
)
from webapp.config import Settings

pytestmark = pytest.mark.needs("postgres")


@pytest.fixture
def settings(tmp_path: Path, postgres_database: str) -> Settings:
    """Settings of a database of this test's own."""
    return Settings(data=tmp_path / "data", database_url=postgres_database, secret=SECRET, testing=True)


def test_an_address_with_nul_is_no_page(client: Client) -> None:
    for address in ("/m/a%00b", "/link/a%00b", "/a%00b", "/sign-in?next=/%00", "/m/a%00b/1"):
        assert client.get(address).status_code in {200, 404}
