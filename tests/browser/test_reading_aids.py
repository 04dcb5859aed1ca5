"""Line focus and reading aloud, on the page of a section."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.checks import Watch, axe_violations, sideways
from tests.browser.conftest import Gallery, OpenPage
from tests.browser.patience import until
from tests.browser.places import PLACES, Place
from tests.factories.answers import make_module_of_every_type
from tests.factories.people import make_account

pytestmark = pytest.mark.needs("browser")

BY_ID = {place.id: place for place in PLACES}
SECTION = BY_ID["reading.section-learner-finished"]
UNFINISHED = BY_ID["reading.section-reader-under way"]

VOICES = """(() => {
  // A speech engine that says what the test tells it to have said.
  class Utterance extends EventTarget {
    constructor(text) { super(); this.text = text; }
  }
  const engine = new EventTarget();
  Object.assign(engine, {
    said: [], now: null,
    getVoices: () => engine.isLate ? [] : [{ lang: "en_GB" }],
    speak(utterance) {
      engine.now = utterance;
      engine.said.push({ text: utterance.text, lang: utterance.lang, rate: utterance.rate });
    },
    cancel() {
      const cut = engine.now;
      engine.now = null;
      if (cut) setTimeout(() => cut.dispatchEvent(new Event("error")));
    },
    finish() {
      const done = engine.now;
      engine.now = null;
      done.dispatchEvent(new Event("end"));
    },
  });
  Object.defineProperty(window, "speechSynthesis", { value: engine });
  window.SpeechSynthesisUtterance = Utterance;
})();"""
NO_ENGINE = "Object.defineProperty(window, 'speechSynthesis', { value: undefined });"
ONLY_OTHER_LANGUAGES = VOICES.replace("en_GB", "fi-FI")
LATE = VOICES.replace("said: []", "isLate: true, said: []")


OpenWith = Callable[..., tuple[Page, Watch]]


@pytest.fixture
def open_with(gallery: Gallery, browser: Browser) -> Iterator[OpenWith]:
    """`open_with(script, place, width=…)`: the page in a browser that ran the script first, being watched."""
    contexts: list[BrowserContext] = []

    def make(
        script: str, place: Place = SECTION, width: int = 1280, height: int = 600, **options: Any
    ) -> tuple[Page, Watch]:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        watch = Watch(gallery.site.url)
        watch.on(context)
        context.add_init_script(script)
        gallery.sign_in(context, place.who)
        page = context.new_page()
        page.goto(gallery.address(place))
        return page, watch

    yield make
    for context in contexts:
        context.close()


def aloud(page: Page, name: str) -> Locator:
    return page.locator("#aloud").get_by_role("button", name=name, exact=True)


def sentences(page: Page) -> list[str]:
    words: list[str] = page.evaluate(
        """[...document.querySelectorAll(".sentence")].map((sentence) => {
          const copy = sentence.cloneNode(true);
          copy.querySelectorAll(".visually-hidden").forEach((hidden) => hidden.remove());
          return copy.textContent;
        })"""
    )
    return words


def said(page: Page) -> list[str]:
    words: list[str] = page.evaluate("speechSynthesis.said.map((one) => one.text)")
    return words


def current(page: Page) -> int:
    """Which sentence is marked; -1: none. More than one is an error."""
    marked: list[int] = page.evaluate(
        """[...document.querySelectorAll(".sentence")]
          .flatMap((sentence, at) => sentence.classList.contains("is-current") ? [at] : [])"""
    )
    assert len(marked) <= 1
    return marked[0] if marked else -1


def until_current(page: Page, index: int) -> None:
    until(
        page,
        "index => [...document.querySelectorAll('.sentence')].findIndex((one) => one.matches('.is-current')) === index",
        index,
    )
    assert current(page) == index


def point_at(page: Page, index: int) -> None:
    """The pointer on the first words of a sentence, whose box may hold others' words too."""
    sentence = page.locator(".sentence").nth(index)
    sentence.scroll_into_view_if_needed()
    left, top = sentence.evaluate(
        "one => { const box = one.getClientRects()[0]; return [box.left + 8, box.top + box.height / 2]; }"
    )
    page.mouse.move(left - 2, top)
    page.mouse.move(left, top)


def finish(page: Page) -> None:
    page.evaluate("speechSynthesis.finish()")


def test_each_sentence_is_read_and_marked_in_turn(open_with: OpenWith) -> None:
    page, watch = open_with(VOICES, reduced_motion="reduce")
    aloud(page, "Read aloud").click()
    until_current(page, 0)
    expect(aloud(page, "Pause")).to_be_focused()
    words = sentences(page)
    for index in range(1, len(words)):
        finish(page)
        until_current(page, index)
        expect(page.locator(".sentence.is-current")).to_be_in_viewport()
        expect(aloud(page, "Pause")).to_be_in_viewport()
    assert said(page) == words
    assert {one["lang"] for one in page.evaluate("speechSynthesis.said")} == {"en"}
    finish(page)
    until_current(page, -1)
    expect(aloud(page, "Read aloud")).to_be_focused()
    expect(aloud(page, "Stop")).to_be_hidden()
    assert watch.take() == []


def test_a_pause_keeps_the_place_and_a_stop_gives_it_up(open_with: OpenWith) -> None:
    page, _ = open_with(VOICES)
    aloud(page, "Read aloud").focus()
    page.keyboard.press("Enter")
    until_current(page, 0)
    finish(page)
    until_current(page, 1)
    page.keyboard.press("Enter")
    expect(aloud(page, "Read on")).to_be_focused()
    assert page.evaluate("speechSynthesis.now") is None
    until_current(page, 1)
    page.keyboard.press("Enter")
    expect(aloud(page, "Pause")).to_be_focused()
    assert said(page) == [sentences(page)[index] for index in (0, 1, 1)]
    page.keyboard.press("Tab")
    expect(aloud(page, "Stop")).to_be_focused()
    page.keyboard.press("Enter")
    expect(aloud(page, "Read aloud")).to_be_focused()
    until_current(page, -1)
    assert page.evaluate("speechSynthesis.now") is None


def test_the_speed_counts_at_once_and_is_kept(open_with: OpenWith) -> None:
    page, _ = open_with(VOICES, BY_ID["reading.section-learner-no questions"])
    expect(page.get_by_label("Speed")).to_be_hidden()
    aloud(page, "Read aloud").click()
    with page.expect_response(lambda response: response.url.endswith("/preferences")):
        page.get_by_label("Speed").select_option("Fast")
    assert [one["rate"] for one in page.evaluate("speechSynthesis.said")] == [1, 1.5]
    page.reload()
    assert page.locator("html").get_attribute("data-pace") == "fast"
    aloud(page, "Read aloud").click()
    until_current(page, 0)
    assert page.evaluate("speechSynthesis.said[0].rate") == 1.5
    with page.expect_response(lambda response: response.url.endswith("/preferences")):
        page.get_by_label("Speed").select_option("Normal")


def test_leaving_the_page_ends_the_reading(open_with: OpenWith) -> None:
    page, _ = open_with(VOICES)
    aloud(page, "Read aloud").click()
    until_current(page, 0)
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
    assert page.evaluate("speechSynthesis.now") is None
    until_current(page, -1)


def test_who_has_gone_on_to_the_questions_is_left_there(open_with: OpenWith) -> None:
    page, _ = open_with(VOICES, width=390, reduced_motion="reduce")
    aloud(page, "Read aloud").click()
    until_current(page, 0)
    page.get_by_role("button", name="Show questions").click()
    before = page.evaluate("scrollY")
    finish(page)
    until_current(page, 1)
    assert page.evaluate("scrollY") == before


def test_words_for_those_who_cannot_see_a_mark_are_not_read(open_with: OpenWith) -> None:
    page, _ = open_with(VOICES)
    expect(page.locator("#passage mark .visually-hidden").first).to_be_attached()
    aloud(page, "Read aloud").click()
    until_current(page, 0)
    for _ in sentences(page)[1:]:
        finish(page)
    assert "Evidence for" not in " ".join(said(page))


@pytest.mark.parametrize("script", [NO_ENGINE, ONLY_OTHER_LANGUAGES], ids=["no engine", "no voice"])
def test_without_a_voice_for_the_text_it_is_not_offered(open_with: OpenWith, script: str) -> None:
    page, watch = open_with(script)
    expect(page.get_by_text("This browser has no voice to read this text aloud.")).to_be_visible()
    expect(aloud(page, "Read aloud")).to_be_hidden()
    assert axe_violations(page) == []
    assert watch.take() == []


def test_a_voice_that_comes_late_is_offered_and_nothing_moves(open_with: OpenWith) -> None:
    page, _ = open_with(LATE)
    expect(aloud(page, "Read aloud")).to_be_hidden()
    before = page.locator(".passage > p").first.bounding_box()
    page.evaluate("speechSynthesis.isLate = false; speechSynthesis.dispatchEvent(new Event('voiceschanged'))")
    expect(aloud(page, "Read aloud")).to_be_visible()
    assert page.locator(".passage > p").first.bounding_box() == before


def test_without_a_script_nothing_is_said_of_it(open_page: OpenPage) -> None:
    page, _ = open_page(SECTION, java_script_enabled=False)
    expect(page.locator("#aloud")).to_be_hidden()


def test_a_check_in_between_does_not_interrupt(gallery: Gallery, page: Page) -> None:
    with gallery.site.session() as session:
        module = make_module_of_every_type(session)
        slug, learner = module.slug, make_account(session)
    gallery.site.sign_in(page.context, learner)
    page.add_init_script(VOICES)
    page.goto(f"{gallery.site.url}/m/{slug}/1")
    page.get_by_role("button", name="Start the check").click()
    aloud(page, "Read aloud").click()
    until_current(page, 0)
    finish(page)
    until_current(page, 1)
    page.locator("#q1 [type=radio]").first.check()
    page.locator("#q1").get_by_role("button", name="Check answer").click()
    expect(page.locator("#passage mark").first).to_be_attached()
    until_current(page, 1)
    expect(aloud(page, "Pause")).to_be_visible()
    finish(page)
    until_current(page, 2)
    assert said(page) == sentences(page)[:3]


def switch(page: Page, name: str) -> None:
    page.locator("summary", has_text="Reading").click()
    with page.expect_response(lambda response: response.url.endswith("/preferences")):
        page.get_by_role("group", name="Line focus").get_by_label(name).check(force=True)
    page.keyboard.press("Escape")


def lit(page: Page) -> list[int]:
    """Sentences in the colour of ink."""
    shown: list[int] = page.evaluate(
        """(() => {
          const ink = getComputedStyle(document.documentElement).color;
          return [...document.querySelectorAll(".sentence")]
            .flatMap((sentence, at) => getComputedStyle(sentence).color === ink ? [at] : []);
        })()"""
    )
    return shown


@pytest.mark.parametrize("who", ["stranger", "account"])
def test_line_focus_is_kept_and_in_the_first_html(gallery: Gallery, page: Page, who: str) -> None:
    if who == "account":
        with gallery.site.session() as session:
            learner = make_account(session)
        gallery.site.sign_in(page.context, learner)
    address = f"{gallery.site.url}/m/{gallery.show.slug}/2"
    page.goto(address)
    everything = list(range(page.locator(".sentence").count()))
    assert lit(page) == everything
    switch(page, "One sentence at a time")
    until_current(page, 0)
    assert lit(page) == [0]
    assert 'data-lines="sentence"' in page.context.request.get(address).text()
    page.reload()
    until_current(page, 0)
    assert lit(page) == [0]
    switch(page, "Off")
    until_current(page, -1)
    assert lit(page) == everything
    assert 'data-lines="off"' in page.context.request.get(address).text()


def focused(page: Page) -> None:
    """Line focus on, for this page alone."""
    page.evaluate(
        """() => {
          const box = document.querySelector("[name=lines][value=sentence]");
          document.documentElement.dataset.lines = "sentence";
          box.dispatchEvent(new Event("change", { bubbles: true }));
        }"""
    )
    until_current(page, 0)


@pytest.fixture
def deaf_open(open_with: OpenWith) -> OpenWith:
    """A page of which no preference reaches the server: the showcase's people are shared."""

    def make(*arguments: Any, **options: Any) -> tuple[Page, Watch]:
        page, watch = open_with(VOICES, *arguments, **options)
        page.route("**/preferences", lambda route: route.fulfill(status=204))
        focused(page)
        return page, watch

    return make


@pytest.mark.parametrize("width", [390, 1280])
def test_the_arrow_keys_move_the_light_and_keep_it_in_view(deaf_open: OpenWith, width: int) -> None:
    page, watch = deaf_open(width=width, height=400, reduced_motion="reduce")
    page.locator("#passage").focus()
    last = page.locator(".sentence").count() - 1
    for index in range(1, last + 1):
        page.keyboard.press("ArrowDown")
        until_current(page, index)
        expect(page.locator(".sentence.is-current")).to_be_in_viewport(ratio=0.9)
    page.keyboard.press("ArrowUp")
    until_current(page, last - 1)
    assert lit(page) == [last - 1]
    page.locator(".para").first.focus()
    until_current(page, 0)
    assert watch.take() == []


def test_the_pointer_moves_the_light_and_the_questions_are_left_alone(deaf_open: OpenWith) -> None:
    page, _ = deaf_open()
    point_at(page, 2)
    until_current(page, 2)
    page.locator(".check").hover(position={"x": 5, "y": 5})
    until_current(page, 2)
    page.locator("#check").focus()
    page.keyboard.press("ArrowDown")
    until_current(page, 2)


def test_going_to_the_evidence_lights_it(deaf_open: OpenWith) -> None:
    page, _ = deaf_open(reduced_motion="reduce")
    page.get_by_role("link", name="Show evidence for question 4").click()
    expect(page.locator("mark.is-here")).to_be_focused()
    expect(page.locator(".sentence.is-current mark.is-here")).to_be_visible()


def test_reading_aloud_owns_the_light_while_it_reads(deaf_open: OpenWith) -> None:
    page, _ = deaf_open()
    point_at(page, 1)
    until_current(page, 1)
    aloud(page, "Read aloud").click()
    point_at(page, 2)
    until_current(page, 1)
    assert said(page) == [sentences(page)[1]]
    aloud(page, "Stop").click()
    until_current(page, 1)


@pytest.mark.parametrize("theme", ["light", "cream", "dark", "contrast", "forced"])
@pytest.mark.parametrize("width", [320, 1280])
def test_dimmed_text_stays_readable_in_every_theme(deaf_open: OpenWith, theme: str, width: int) -> None:
    page, _ = deaf_open(UNFINISHED, width=width, reduced_motion="reduce")
    aloud(page, "Read aloud").click()
    page.emulate_media(forced_colors="active" if theme == "forced" else "none")
    page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
    page.evaluate("location.hash = '#p1'")
    assert axe_violations(page) + sideways(page) == []


def test_without_a_script_the_sentence_under_the_pointer_is_lit(open_page: OpenPage) -> None:
    page, _ = open_page(BY_ID["reading.module-stranger-stranger"], java_script_enabled=False)
    page.locator("summary", has_text="Reading").click()
    page.get_by_role("group", name="Line focus").get_by_label("One sentence").check(force=True)
    page.get_by_role("button", name="Keep these").click()
    page.goto(f"{page.url}/2")
    assert lit(page) == [0]
    point_at(page, 2)
    assert 2 in lit(page)
