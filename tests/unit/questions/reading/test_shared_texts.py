"""The real texts, where they lie beside the repository: told by line numbers and counts, so that none is copied."""

from pathlib import Path

import pytest

from questions.reading.documents import read_document
from questions.reading.faq import faq_parts

SHARED = Path(__file__).parents[4] / ".." / "shared"
ARTICLE = SHARED / "article" / "source.txt"

needs_article = pytest.mark.skipif(not ARTICLE.exists(), reason="the shared article is not here")
needs_texts = pytest.mark.skipif(not (SHARED / "texts").exists(), reason="the shared texts are not here")


def lines_of(path):
    return path.read_text("utf-8").splitlines()


@pytest.fixture
def article():
    return read_document(ARTICLE.read_bytes(), ARTICLE.name)


@needs_article
def test_the_article_has_its_sections(article):
    lines = lines_of(ARTICLE)
    assert article.title == lines[0] == lines[2]
    assert article.standfirst == lines[3]
    headings = [section.heading for section in article.sections]
    assert headings[0] == ""
    assert [lines.index(heading) + 1 for heading in headings[1:]] == [16, 26, 36, 60, 74]
    assert [section.id for section in article.sections] == ["s1", "s2", "s3", "s4", "s5", "s6"]
    assert article.notes == ()


@needs_article
def test_the_article_keeps_every_word_but_the_second_title(article):
    kept = [article.title, article.standfirst]
    for section in article.sections:
        kept += [section.heading, section.text]
    assert (
        " ".join(kept).split()
        == " ".join(line for at, line in enumerate(lines_of(ARTICLE)) if at != 2).split()
    )


@needs_article
def test_the_faq_has_its_questions_and_answers(article):
    faq = article.sections[-1]
    assert [block.kind for block in faq.blocks] == ["faq"] * 5
    assert all(block.kind == "prose" for section in article.sections[:-1] for block in section.blocks)
    for block in faq.blocks:
        text = block.span.of(faq.text)
        question, answer = faq_parts(text)
        assert question.of(text).endswith("?")
        assert question.of(text) + answer.of(text) == text
        assert answer.of(text)[0].isupper()


@needs_texts
@pytest.mark.parametrize(
    ("name", "headings", "kinds"),
    [
        ("bullets_18f_text_editors.txt", [5], {"prose", "list"}),
        ("fr_wikinews_45037.txt", [5, 9, 15], {"prose"}),
        ("history_us_revolution.txt", [6, 11, 15], {"prose"}),
        ("news_onestop_why-is-sweden-closing-its-prisons.txt", [], {"prose"}),
        ("science_earth_interior_numbers.txt", [5, 14], {"prose"}),
        ("science_human_requirements.txt", [5, 8, 14, 19], {"prose"}),
        ("short_18f_records.txt", [17, 22, 28], {"prose", "list"}),
    ],
)
def test_the_other_texts(name, headings, kinds):
    path = SHARED / "texts" / name
    lines = lines_of(path)
    article = read_document(path.read_bytes(), name)
    assert article.title == lines[0]
    assert article.standfirst == ""
    assert [section.heading for section in article.sections] == ["", *(lines[at - 1] for at in headings)]
    assert {block.kind for section in article.sections for block in section.blocks} == kinds
    assert article.notes == ()


@needs_texts
def test_offsets_lead_back_into_every_text():
    for path in (SHARED / "texts").glob("*.txt"):
        original = path.read_text("utf-8")
        for section in read_document(path.read_bytes(), path.name).sections:
            for block in section.blocks:
                said = block.span.of(section.text).split()
                assert said == [word for word in block.origin.of(original).split() if word != "•"]
