"""Addresses that no row can have are 404s like any other, never a failure of the database."""

from __future__ import annotations

import pytest

from tests.factories.people import make_account


@pytest.mark.parametrize(
    "path", ["/attempts/2147483648/result", "/attempts/9999999999999999999999", "/m/a%00b", "/m/a%00b/1"]
)
def test_they_lead_nowhere(client_for, session, path):
    answer = client_for(make_account(session)).get(path)
    assert answer.status_code == 404
    assert "There is nothing here" in answer.text
