"""The one module that builds markup: what it shows is the text, and nothing but the text."""

from __future__ import annotations

import re

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from questions.reading.article import BLOCK_KINDS, Block, Section, Span
from webapp.services import section_html

HOSTILE = (
    "<script>alert(1)</script> & \"quotes\" 'single' <img src=x onerror=alert(1)>.",
    "{{ config }} {% raw %} </span></p> <!-- -->.",
    "A line \u202ewith bidi\u202c signs. And &amp; an entity &#60;b&#62;.",
    '</span><mark id="evidence-1">forged</mark> <span class="sentence" id="t0" data-end="9">x</span>.',
)


def section_from(pieces: list[tuple[str, str]]) -> Section:
    text = "\n\n".join(words for _, words in pieces)
    blocks, at = [], 0
    for kind, words in pieces:
        blocks.append(Block(kind, Span(at, at + len(words))))
        at += len(words) + 2
    return Section("s1", "Heading", text, tuple(blocks))


def text_of(markup: str) -> str:
    return lxml_html.fragment_fromstring(markup, create_parent="div").text_content()


WORDS = st.one_of(
    st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1).filter(lambda text: text.strip()),
    st.sampled_from(HOSTILE),
    st.lists(
        st.sampled_from(["One is here.", "Why so?", "- a point", "Dr. No said “go!”", "2) two", ""]),
        min_size=1,
    )
    .map("\n".join)
    .filter(lambda text: text.strip()),
).map(str.strip)
PIECES = st.lists(st.tuples(st.sampled_from(BLOCK_KINDS), WORDS), max_size=6)


@given(PIECES)
def test_text_content_is_the_section_text_code_point_for_code_point(pieces):
    section = section_from(pieces)
    assert text_of(section_html.render(section)) == section.text


@given(PIECES)
def test_every_sentence_carries_its_own_offsets_and_none_is_missed(pieces):
    section = section_from(pieces)
    tree = lxml_html.fragment_fromstring(section_html.render(section), create_parent="div")
    covered = set()
    for sentence in tree.xpath('//span[@class="sentence"]'):
        start, end = int(sentence.get("id")[1:]), int(sentence.get("data-end"))
        assert section.text[start:end] == sentence.text_content()
        assert not covered & set(range(start, end))
        covered |= set(range(start, end))
    assert all(char.isspace() for at, char in enumerate(section.text) if at not in covered)


@given(PIECES)
def test_the_sanitizer_would_take_nothing_away(pieces):
    markup = section_html.render(section_from(pieces))
    cleaned = nh3.clean(markup, tags=section_html.TAGS, attributes=section_html.ATTRIBUTES)
    assert re.findall(r"<(/?\w+)", cleaned) == re.findall(r"<(/?\w+)", markup)


def test_what_is_not_ours_would_be_taken_out(monkeypatch):
    monkeypatch.setattr(section_html, "_escape", str)  # as if escaping had been forgotten
    markup = section_html.render(section_from([("prose", "It is <script>alert(1)</script><b>here</b>.")]))
    assert "<script" not in markup
    assert "<b>" not in markup
    assert "here" in markup


@given(PIECES, st.data())
def test_marked_text_still_reads_the_same_and_marks_cover_the_evidence(pieces, data):
    section = section_from(pieces)
    length = len(section.text)
    start = data.draw(st.integers(0, length))
    end = data.draw(st.integers(start, length))
    markup = section_html.mark_evidence(
        section_html.render(section), [(start, end, "3")], caption="Evidence %s"
    )
    tree = lxml_html.fragment_fromstring(markup, create_parent="div")
    marked = set()
    for mark in tree.xpath("//mark"):
        sentence = mark.getparent()
        marked |= set(range(int(sentence.get("id")[1:]), int(sentence.get("data-end"))))
    assert {at for at in range(start, end) if not section.text[at].isspace()} <= marked
    for hidden in tree.xpath('//span[@class="visually-hidden"]'):
        hidden.drop_tree()
    assert tree.text_content() == section.text


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_text_makes_no_element_of_its_own(words):
    tree = lxml_html.fragment_fromstring(
        section_html.render(section_from([("prose", words)])), create_parent="div"
    )
    assert {element.tag for element in tree.iterdescendants()} == {"p", "span"}
    assert not tree.xpath("//@onerror | //mark | //img | //script")


def test_a_hostile_label_or_caption_is_escaped():
    markup = section_html.render(section_from([("prose", "One is here.")]))
    marked = section_html.mark_evidence(markup, [(0, 3, '"><script>x</script>')], '"><i>%s', "<b>%s</b>")
    assert "<i>" not in marked
    assert "<script>" not in marked
    assert "<b>" not in marked


@pytest.fixture
def two_paragraphs() -> str:
    return section_html.render(
        section_from([("prose", "Ann left. Bob stayed."), ("prose", "Nobody knew why they did.")])
    )


def test_each_label_has_one_anchor_and_says_what_it_proves(two_paragraphs):
    marked = section_html.mark_evidence(two_paragraphs, [(0, 9, "1"), (10, 21, "1"), (10, 12, "2")])
    assert marked.count('id="evidence-1"') == marked.count('id="evidence-2"') == 1
    assert "Evidence for question 1: </span>Ann left." in marked
    assert "Evidence for question 1, 2: </span>Bob stayed." in marked
    assert marked.count("<mark") == 2


def test_evidence_that_only_touches_a_sentence_does_not_mark_it(two_paragraphs):
    marked = section_html.mark_evidence(two_paragraphs, [(9, 10, "1")])
    assert "<mark" not in marked


def test_a_question_and_its_answer_become_a_heading_and_a_paragraph():
    markup = section_html.render(section_from([("faq", "Is it so?\nIt is. Ask her.")]))
    tree = lxml_html.fragment_fromstring(markup, create_parent="div")
    assert [element.get("id") for element in tree] == ["p1"]
    assert [(element.tag, element.text_content()) for element in tree[0]] == [
        ("h3", "Is it so?"),
        ("p", "It is. Ask her."),
    ]


def test_lists_keep_their_own_bullets_or_get_ours():
    with_bullets = section_html.render(section_from([("list", "- one\n- two")]))
    without = section_html.render(section_from([("list", "one\ntwo")]))
    assert 'class="marked"' in with_bullets
    assert 'class="marked"' not in without
    assert with_bullets.count("<li") == without.count("<li") == 2


def test_paragraphs_are_numbered_anchors_with_their_own_direction():
    markup = section_html.render(section_from([("prose", "One."), ("quote", "Two."), ("code", "three")]))
    tree = lxml_html.fragment_fromstring(markup, create_parent="div")
    assert [element.get("id") for element in tree] == ["p1", "p2", "p3"]
    assert {element.get("dir") for element in tree} == {"auto"}


ONE_OF_EACH = [
    ("list", "- one\n- two"),
    ("prose", "Three here. And more."),
    ("quote", "Four said.\nFive said."),
    ("code", "six"),
    ("faq", "Is it so?\nIt is."),
    ("fragment", "seven"),
]


def test_the_number_of_a_paragraph_is_its_id_and_a_link_to_it():
    shown = section_html.mark_evidence(section_html.render(section_from(ONE_OF_EACH)), (), "Absatz %s")
    tree = lxml_html.fragment_fromstring(shown, create_parent="div")
    blocks = list(tree)
    assert [block.get("id") for block in blocks] == ["p1", "p2", "p3", "p4", "p5", "p6"]
    for number, block in enumerate(blocks, start=1):
        (link,) = block.xpath(".//a")
        assert link.get("href") == f"#p{number}"
        assert link.get("data-number") == str(number)
        assert link.get("aria-label") == f"Absatz {number}"
        assert not link.text_content(), "it would be copied with the words"
    assert [block.xpath(".//a")[0].getparent().tag for block in blocks] == ["li", "p", "p", "pre", "div", "p"]


@given(PIECES)
def test_numbers_move_no_offset(pieces):
    section = section_from(pieces)
    shown = section_html.mark_evidence(section_html.render(section), ())
    assert text_of(shown) == section.text
    assert re.sub(r'<a class="para"[^>]*></a>', "", shown) == section_html.render(section)
    assert shown.count('<a class="para"') == len(section.blocks)


@pytest.mark.parametrize("words", HOSTILE)
def test_no_words_become_a_number(words):
    shown = section_html.mark_evidence(section_html.render(section_from([("prose", words)])), ())
    assert shown.count('<a class="para"') == 1
