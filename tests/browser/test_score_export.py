"""The export page in a real browser: the first rows follow the choices, with and without a script."""

from __future__ import annotations

import csv
import itertools
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.checks import Watch, focus_is_lost
from tests.factories.finished import make_finished_attempt
from tests.factories.modules import make_item, make_module
from tests.factories.people import make_account
from tests.live import Site

pytestmark = pytest.mark.needs("browser")
_numbers = itertools.count(1)


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def desk(request: pytest.FixtureRequest, site: Site, browser: Browser) -> Iterator[Page]:
    """The export page of a module that Ada and Bo have finished, in an instructor's browser."""
    with site.session() as session:
        module = make_module(session, title=f"Export {next(_numbers)}")
        make_item(session, module.sections[0])
        for name in ("Ada", "Bo"):
            person = make_account(session, display_name=f"{name} {module.id}", username=f"{name}{module.id}")
            make_finished_attempt(session, person, module.sections[0], [name == "Ada"])
        instructor = make_account(session, "instructor")
        address = f"{site.url}/teach/modules/{module.id}/scores"
    context: BrowserContext = browser.new_context(java_script_enabled=request.param)
    watch = Watch(site.url)
    watch.on(context)
    site.sign_in(context, instructor)
    page = context.new_page()
    page.goto(address)
    yield page
    assert [text for text in watch.take() if request.param or "422" not in text] == []
    context.close()


def show(page: Page) -> None:
    """Ask for the first rows, where they do not follow by themselves."""
    button = page.get_by_role("button", name="Preview")
    if button.is_visible():
        button.click()


def test_the_first_rows_follow_the_choices_and_the_file_holds_them(desk: Page) -> None:
    head, cells = desk.locator("[data-preview] th"), desk.locator("[data-preview] tbody tr")
    expect(cells).to_have_count(2)
    has_script = desk.get_by_role("button", name="Preview").is_hidden()
    expect(desk.get_by_role("group", name="Learners")).to_be_hidden()

    desk.get_by_label("learners I choose").check()
    show(desk)
    expect(desk.get_by_text("Choose at least one learner.").last).to_be_visible()
    bo = desk.get_by_role("checkbox", name=re.compile("^Bo "))
    bo.check()
    desk.get_by_text("Choose columns").click()
    columns = desk.get_by_role("group", name="Columns of one row per learner")
    for kept_out in ("username", "email", "total_possible"):
        columns.get_by_label(kept_out, exact=True).uncheck()
    show(desk)
    expect(cells).to_have_count(1)
    expect(head.filter(has_text="username")).to_have_count(0)
    expect(head.filter(has_text="learner_id")).to_have_count(1)
    expect(cells).to_contain_text("Bo")
    if has_script:
        assert not focus_is_lost(desk)
        expect(desk.locator("[data-status]")).to_contain_text("8 columns")

    with desk.expect_download() as loading:
        desk.get_by_role("button", name="Download").click()
    with loading.value.path().open(encoding="utf-8-sig", newline="") as file:
        names, row = csv.reader(file)
    assert names == head.all_inner_texts()
    assert row[1].startswith("Bo")

    desk.get_by_label("answer, with everything about it").check()
    expect(columns).to_be_hidden()
    show(desk)
    expect(head.filter(has_text="answered_at")).to_have_count(1)
    expect(bo).to_be_checked()
