"""Where a browser may be sent on somebody's word."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from webapp.security import local_page, referring_page


@pytest.mark.parametrize("target", ["/", "/progress", "/m/a?page=2", "/m/a#part", "/a//b", "/é", "/a:b@c"])
def test_pages_of_ours(target: str) -> None:
    assert local_page(target) == target


@pytest.mark.parametrize(
    "target",
    [None, "", "progress", "https://evil.example", "//evil.example", "///evil.example", "/\\evil.example",
     "\\/evil.example", "/\t/evil.example", "/\n/evil.example", " //evil.example", "/ /evil", "javascript:alert(1)", "data:text/html,x"],
)  # fmt: skip
def test_anything_else(target: str | None) -> None:
    assert local_page(target) is None


@given(st.text(alphabet=st.sampled_from("/\\:@.?#ab \t\nhtps"), max_size=20))
def test_no_text_leads_off_the_site(target: str) -> None:
    page = local_page(target)
    if page is not None:
        assert urlsplit(urljoin("https://ours.example/sign-in", page)).netloc == "ours.example"


@pytest.mark.parametrize(
    ("referrer", "page"),
    [
        ("https://localhost/m/a?x=1", "/m/a?x=1"),
        ("https://localhost/", "/"),
        ("https://evil.example/m/a", None),
        ("https://localhost:81/m/a", None),
        ("", None),
    ],
)
def test_the_page_a_form_stood_on(app: Flask, referrer: str, page: str | None) -> None:
    with app.test_request_context("/x", base_url="https://localhost", headers={"Referer": referrer}):
        assert referring_page() == page
