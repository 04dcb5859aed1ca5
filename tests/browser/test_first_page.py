"""The site answers a real browser, without an error and without asking anybody else for anything."""

from tests.factories.people import make_account


def test_the_first_page_loads_clean(page, site):
    errors, foreign = [], []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on(
        "request",
        lambda request: foreign.append(request.url) if not request.url.startswith(site.url) else None,
    )
    response = page.goto(site.url + "/")
    assert response.status == 200
    assert errors == []
    assert foreign == []


def test_a_signed_in_account_is_known(page, site, context):
    with site.session() as session:
        account = make_account(session, display_name="Ada Lovelace")
    site.sign_in(context, account)
    page.goto(site.url + "/")
    assert "Ada Lovelace" in page.text_content("header")
