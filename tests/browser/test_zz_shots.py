import pytest
from tests.browser.places import PLACES
from tests.browser.test_accessibility import _look_at
@pytest.mark.parametrize("place", [p for p in PLACES if p.endpoint.startswith(("quizzes.", "grants."))], ids=lambda p: p.id)
def test_shot(place, visitors):
    page, watch = visitors.visit(place)
    page.evaluate("for (const d of document.querySelectorAll('main details')) d.open = true")
    for theme, width in (("light", 320), ("dark", 1280)):
        _look_at(page, theme, width)
        page.screenshot(path=f"/tmp/shots/{place.id.replace(' ','_')}-{theme}-{width}.png", full_page=True)
