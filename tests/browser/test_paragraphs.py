"""Numbers of paragraphs on the page of a section: what is seen, where it leads, and the way past the text."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from questions.reading import article
from tests.browser.checks import Watch, axe_violations, sideways
from tests.browser.conftest import Gallery, OpenPage
from tests.browser.places import PLACES
from tests.factories.modules import make_module
from webapp.models.module import Section, SectionVersion
from webapp.services import section_html

pytestmark = pytest.mark.needs("browser")

SECTION = next(place for place in PLACES if place.id == "reading.section-learner-finished")
BLOCKS: list[tuple[article.BlockKind, str]] = [
    ("list", "- nets\n- lamps"),
    ("prose", "The boats left. Few came back."),
    ("quote", "Who counts them?"),
    ("faq", "Do they come back?\nNot all."),
]


@pytest.mark.parametrize("width", [390, 1280])
def test_the_number_of_a_paragraph_is_a_link_to_it(gallery: Gallery, page: Page, width: int) -> None:
    Watch(gallery.site.url).on(page.context)
    with gallery.site.session() as session:
        text = "\n\n".join(words for _, words in BLOCKS)
        module = make_module(session, sections=[("Numbers", text)])
        section = session.query(Section).filter_by(module_id=module.id).one()
        version = session.get_one(SectionVersion, section.current_version_id)
        version.html = section_html.render(_section(text))
        slug = module.slug
    page.set_viewport_size({"width": width, "height": 600})
    page.goto(f"{gallery.site.url}/m/{slug}/1")
    links = page.locator("#passage .para")
    expect(links).to_have_count(4)
    for number in (1, 2, 3, 4):
        link = page.get_by_role("link", name=f"Paragraph {number}", exact=True)
        drawn = link.evaluate("link => getComputedStyle(link, '::before').content")
        assert drawn.startswith(f'"{number}"')
        link.focus()
        page.keyboard.press("Enter")
        expect(page).to_have_url(f"{gallery.site.url}/m/{slug}/1#p{number}")
        expect(link).to_be_focused()
        expect(page.locator(f"#p{number}:target")).to_be_in_viewport()
        drawn_at, words_at = link.bounding_box(), page.locator(f"#p{number} .sentence").first.bounding_box()
        assert drawn_at is not None
        assert words_at is not None
        assert abs(drawn_at["y"] - words_at["y"]) < 12, "on a line of its own"
        assert drawn_at["x"] < words_at["x"]
    page.evaluate("getSelection().selectAllChildren(document.getElementById('passage'))")
    copied: str = page.evaluate("getSelection().toString()")
    assert "\nThe boats left. Few came back." in copied
    assert axe_violations(page) + sideways(page) == []


def _section(text: str) -> article.Section:
    blocks, at = [], 0
    for kind, words in BLOCKS:
        blocks.append(article.Block(kind, article.Span(at, at + len(words))))
        at += len(words) + 2
    return article.Section("1", "Numbers", text, tuple(blocks))


def test_one_key_leads_past_the_text_to_the_questions(open_page: OpenPage) -> None:
    page, _ = open_page(SECTION)
    skip = page.get_by_role("link", name="Skip to the questions")
    skip.focus()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#check")).to_be_focused()
