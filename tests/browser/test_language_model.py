"""A language model set up by the operator, as the instructor sees it: told beforehand, asked, reviewed, paid."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.checks import Watch
from tests.factories.chat_server import KEY, Honest, chat_server, written
from tests.factories.modules import make_module
from tests.factories.people import make_account
from tests.live import Site

pytestmark = pytest.mark.needs("browser", "model")

TEXT = (
    "In 1902 the town of Lindholm bought its first ferry from a shipyard in Hamburg. The ferry carried carts and "
    "cattle across the sound. The council sold the ferry because a bridge had been opened. The winter of 1911 was "
    "the warmest in memory, and the town paid the crew for four extra months."
)
CARRIED = written(
    "What did the ferry of Lindholm carry over the sound?",
    "carts and cattle",
    "salt and herring",
    "coal and timber",
    quotes=["The ferry carried carts and cattle across the sound."],
)
LAST_WAIT_MS = 60_000


def test_generating_with_a_language_model(make_site: Callable[..., Site], context: BrowserContext) -> None:
    with chat_server() as server:
        server.answers = Honest([CARRIED])
        site = make_site(
            "--workers",
            "1",
            READCHECK_LLM_URL=server.address,
            READCHECK_LLM_MODEL="tiny",
            READCHECK_LLM_KEY=KEY,
            READCHECK_LLM_PRICE_IN="0.5",
        )
        with site.session() as session:
            account = make_account(session, "instructor", username="tess", display_name="Tess Holm")
            module_id = make_module(session, sections=[("The ferry", TEXT)]).id
        watch = Watch(site.url)
        watch.on(context)
        site.sign_in(context, account)
        page = context.new_page()
        page.goto(f"{site.url}/teach/modules/{module_id}")
        expect(page.get_by_text("the text is sent to its server")).to_be_visible()
        page.get_by_role("button", name=re.compile("^Generate questions")).first.click()
        expect(page.get_by_role("heading", name="The language model")).to_be_visible(timeout=LAST_WAIT_MS)
        expect(page.get_by_text("1 proposed, 1 passed every check")).to_be_visible()
        expect(page.get_by_text("300 read, 60 written")).to_be_visible()
        expect(page.get_by_text("0.1500")).to_be_visible()
        page.goto(f"{site.url}/teach/modules/{module_id}/items?state=proposed")
        expect(page.get_by_text(CARRIED["question"])).to_be_visible()
        assert KEY not in page.content()
        assert watch.complaints == []
        assert KEY not in site.log
