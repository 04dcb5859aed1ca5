"""Pieces of pages that are kept: nobody gets another's, and what differs each time is put in each time."""

from __future__ import annotations

import re

from lxml import html

from tests.client import page_token
from tests.factories.answers import make_module_of_every_type
from tests.factories.people import make_account
from tests.web.learner.conftest import Browser
from webapp.services import accounts


def masthead(client, path="/"):
    return html.document_fromstring(client.get(path).text).find(".//header")


def names(client, path="/"):
    return " ".join(masthead(client, path).text_content().split())


def test_everybody_gets_their_own_masthead(session, client, client_for):
    learner = client_for(make_account(session, display_name="Ada"))
    namesake = client_for(make_account(session, display_name="Ada"))
    teacher = client_for(make_account(session, "instructor", display_name="Ada"))
    administrator = client_for(make_account(session, "administrator", display_name="Ada"))
    for _ in range(2):
        assert "Sign in" in names(client)
        assert "Ada" not in names(client)
        assert "Ada" in names(learner)
        assert "Teach" not in names(learner)
        assert names(learner) == names(namesake)
        assert "Teach" in names(teacher)
        assert "Accounts" not in names(teacher)
        assert "Accounts" in names(administrator)


def test_the_page_one_is_on_is_marked_there_alone(client):
    for _ in range(2):
        assert [link.get("href") for link in masthead(client).xpath(".//a[@aria-current='page']")] == ["/"]
        on_progress = masthead(client, "/progress").xpath(".//a[@aria-current='page']")
        assert [link.get("href") for link in on_progress] == ["/progress"]


def test_a_changed_name_or_way_of_reading_shows_at_once(session, client_for):
    account = make_account(session, display_name="Old name")
    client = client_for(account)
    assert "Old name" in names(client)
    account.display_name = "New <name>"
    session.commit()
    assert "New <name>" in names(client)
    assert masthead(client).xpath("string(.//input[@name='theme'][@checked]/@value)") == "system"
    accounts.change_preferences(
        session, account.id, {"theme": "dark", "size": "large", "face": "sans", "spacing": "wide"}
    )
    session.commit()
    assert masthead(client).xpath("string(.//input[@name='theme'][@checked]/@value)") == "dark"


def test_its_form_has_this_responses_token_and_this_page(session, client):
    module = make_module_of_every_type(session)
    tokens = set()
    for path in ("/", f"/m/{module.slug}", "/progress"):
        answer = client.get(path)
        tokens.add(page_token(answer))
        page = html.document_fromstring(answer.text)
        assert page.xpath("string(.//header//input[@name='next']/@value)") == path
        sent = client.post(
            "/preferences",
            data={"csrf_token": page_token(answer), "theme": "cream", "next": path},
            headers={"Referer": "https://localhost/"},
        )
        assert (sent.status_code, sent.location) == (303, path)
    assert len(tokens) == 3


def test_a_hostile_address_stays_an_attribute(client):
    answer = client.get("/nowhere/%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
    assert answer.status_code == 404
    assert "<script>alert" not in answer.text
    page = html.document_fromstring(answer.text)
    assert (
        page.xpath("string(.//header//input[@name='next']/@value)") == '/nowhere/"><script>alert(1)</script>'
    )


def test_no_mark_is_left_in_a_page_and_each_attempt_has_its_addresses(session, client_for):
    module = make_module_of_every_type(session)
    attempts = set()
    for _ in range(3):
        browser = Browser(client_for(make_account(session)), session)
        browser.get(f"/m/{module.slug}/1")
        browser.press("Start the check")
        addresses = browser.page.xpath("//button/@formaction")
        assert addresses == [f"/attempts/{browser.attempt_id()}/{position}/check" for position in range(1, 7)]
        attempts.add(browser.attempt_id())
        assert not re.search(r"put-the-\w+-here", browser.response.text)
    assert len(attempts) == 3


def test_an_answer_that_was_saved_shows_in_the_kept_question(session, client_for):
    module = make_module_of_every_type(session)
    browser = Browser(client_for(make_account(session)), session)
    browser.get(f"/m/{module.slug}/1")
    browser.press("Start the check")
    for choice in ("0", "2", "1"):
        browser.press("Save answers", {"s1-choice": choice})
        assert browser.page.xpath("//input[@name='s1-choice'][@checked]/@value") == [choice]


def test_nothing_of_a_readers_is_put_into_an_authors_words(session, client_for):
    title = "put-the-token-here and put-the-address-here"
    module = make_module_of_every_type(session)
    module.title = title
    session.commit()
    browser = Browser(client_for(make_account(session)), session)
    browser.get(f"/m/{module.slug}/1")
    assert title in browser.page.xpath("string(//div[@class='place'])")


def test_a_kept_piece_is_no_other_persons_or_sections(session, client_for):
    module = make_module_of_every_type(session)
    slow = make_account(session)
    accounts.change_preferences(
        session,
        slow.id,
        {"theme": "dark", "size": "large", "face": "sans", "spacing": "wide", "pace": "slow"},
    )
    session.commit()
    for _ in range(2):
        paces, tokens = [], []
        for account in (slow, make_account(session)):
            for number, leads_to in ((1, "2/open"), (2, "2/finish")):
                browser = Browser(client_for(account), session)
                browser.get(f"/m/{module.slug}/{number}")
                (on,) = browser.page.xpath("//nav[@id='pager']//form")
                assert on.get("action") == f"/m/{module.slug}/{leads_to}"
                assert on.xpath("string(.//input[@name='left']/@value)") == str(number)
                tokens.append(on.xpath("string(.//input[@name='csrf_token']/@value)"))
                paces.append(browser.page.xpath("string(//select[@name='pace']/option[@selected]/@value)"))
        assert paces == ["slow", "slow", "normal", "normal"]
        assert len(set(tokens)) == len(tokens)
