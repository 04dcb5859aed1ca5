"""Files and pasted text: what is read, what is refused, and what the refusal says."""

import pytest

from questions.reading.documents import (
    BYTE_LIMIT,
    EXTENSIONS,
    SECTION_LIMIT,
    DocumentError,
    read_document,
    read_text,
)
from tests.factories.docx_files import docx, paragraph

BODY = "The mill stands by the river. It grinds at night."


def refusal(data, name="article.txt"):
    with pytest.raises(DocumentError) as caught:
        read_document(data, name)
    assert str(caught.value)[-1] in ".)"
    return caught.value


@pytest.mark.parametrize(
    "data", [b"", b" \n\t\r\n ", b"\xef\xbb\xbf", b"\xef\xbb\xbf \n", "\u200b\n\u200b".encode()]
)
@pytest.mark.parametrize("extension", [".txt", ".md", ".html"])
def test_an_empty_file(data, extension):
    assert "empty" in str(refusal(data, f"a{extension}")) or "no text" in str(refusal(data, f"a{extension}"))


@pytest.mark.parametrize("data", [b"***\n\n---\n", b"?!\n\n...", b"<p> </p>"])
def test_a_file_without_a_word(data):
    assert "There is no text in this file" in str(refusal(data, "a.html"))


def test_only_a_title():
    refused = refusal(b"# A title\n", "a.md")
    assert str(refused).startswith("There is no text under the title “A title”")


def test_too_many_bytes_says_by_how_much():
    message = str(refusal(b"a" * (BYTE_LIMIT + 1234)))
    assert "2,001,234 bytes" in message
    assert "the limit is 2 MB (2,000,000 bytes, 1,234 too many)" in message
    with pytest.raises(DocumentError, match="2 MB"):
        read_text("é" * (BYTE_LIMIT // 2 + 1))


@pytest.mark.parametrize("extension", [".txt", ".md", ".html"])
def test_too_many_words_says_by_how_much(extension):
    message = str(refusal(b"One two three four.\n\n" * 25_010, f"a{extension}"))
    assert "This text has 100,040 words; the limit is 100,000 (40 too many)" in message


def test_just_within_the_limits():
    paragraph = b"One two three four. " * 25 + b"\n\n"
    article = read_document(paragraph * 1_000, "a.txt")
    assert article.word_count == 100_000
    assert article.title == "a"


def test_too_many_sections():
    message = str(refusal(b"# A\n\nText.\n\n" * (SECTION_LIMIT + 2), "a.md"))
    assert "This text has 502 sections; the limit is 500 (2 too many)" in message


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a.pdf", "'.pdf' cannot be read: give .txt, .md, .html or .docx"),
        ("a.doc", "Save the old .doc as .docx"),
        ("README", "has no ending"),
        (".txt", "has no ending"),
    ],
)
def test_a_kind_of_file_that_cannot_be_read(name, words):
    assert words in str(refusal(BODY.encode(), name))


@pytest.mark.parametrize("extension", [one for one in EXTENSIONS if one != ".docx"])
def test_every_kind_that_is_offered_is_read(extension):
    for name in (
        f"Mill story{extension}",
        f"mill_story{extension.upper()}",
        f"C:\\files\\mill-story{extension}",
    ):
        article = read_document(BODY.encode(), name)
        assert [section.text for section in article.sections] == [BODY]
        assert article.title.lower() == "mill story"
        assert article.notes == ("No title was found; change this one as you like.",)


def test_a_word_document_is_read():
    article = read_document(docx(paragraph("The mill", "Title"), paragraph(BODY)), "x.DOCX")
    assert (article.title, article.sections[0].text) == ("The mill", BODY)


@pytest.mark.parametrize(
    ("signature", "what"),
    [
        (b"PK\x03\x04abc", "archive"),
        (b"%PDF-1.7", "PDF"),
        (b"\xd0\xcf\x11\xe0", "Office"),
        (b"\x89PNG\r\n", "picture"),
    ],
)
def test_another_kind_of_file_renamed(signature, what):
    refused = refusal(signature + b"\x00" * 20, "holiday.txt")
    assert what in str(refused)
    assert refused.line == 1


def test_a_program_renamed():
    refused = refusal(b"first line\nsecond \x00\x01\x02 line\n", "tool.txt")
    assert refused.line == 2
    assert "line 2 holds zero bytes" in str(refused)


def test_control_characters_without_zeros():
    refused = refusal(b"fine\nfine\n" + bytes(range(1, 9)) * 40, "a.txt")
    assert refused.line == 3


def test_a_long_line_is_broken_at_sentence_ends():
    sentence = "The mill grinds at night and sleeps by day. "
    data = (sentence * (200_000 // len(sentence))).encode()
    article = read_document(data, "a.txt")
    blocks = [block.span.of(section.text) for section in article.sections for block in section.blocks]
    assert " ".join(blocks).split() == data.decode().split()
    assert max(map(len, blocks)) <= 1_500
    assert all(block.endswith(".") for block in blocks)


def test_a_long_line_is_broken_beside_a_word_with_marks():
    sentence = "The mill grinds at night and sleeps by day. "
    source = f"<h1>Mill</h1><p>{(sentence * 34 + '<b>Anna</b> built R&amp;D <i>here.</i> ') * 4}</p>"
    article = read_document(source.encode(), "a.html")
    origins = [block.origin.of(source) for section in article.sections for block in section.blocks]
    assert len(origins) > 4
    assert any(origin.startswith("<b>Anna</b> built") for origin in origins)
    assert source.endswith(" ".join(origins) + "</i> </p>")


@pytest.mark.parametrize("extension", [".txt", ".md", ".html"])
def test_a_long_line_without_a_sentence_end_is_refused_by_its_line(extension):
    refused = refusal(b"<h1>Title here</h1>\n\n<p>" + b"ab " * 66_000, f"a{extension}")
    assert refused.line == 3
    assert "Line 3 goes on for 19" in str(refused)


def test_a_list_item_that_never_ends_is_refused_too():
    assert refusal(b"The mill\n\n- " + b"ab " * 5_000, "a.txt").line == 3


def test_a_long_list_stays_whole():
    article = read_document(b"The mill\n\n" + b"- An item of the list.\n" * 300, "a.txt")
    [block] = article.sections[0].blocks
    assert block.kind == "list"


def test_a_long_paragraph_with_markup_is_broken_too():
    source = "<h1>The mill</h1><p>" + "It <b>grinds</b> at <i>night.</i> " * 400
    article = read_document(source.encode(), "a.html")
    blocks = [block for section in article.sections for block in section.blocks]
    assert len(blocks) == 6
    for block in blocks:
        assert block.origin.of(source).startswith("It <b>")
        assert block.origin.of(source).removesuffix("</i>").endswith("night.")


def test_a_long_paragraph_whose_words_cannot_be_counted_keeps_its_whole_place():
    source = "<h1>The mill</h1><p>" + "It grinds <b> &nbsp;&amp; </b> hums. " * 400
    article = read_document(source.encode(), "a.html")
    origins = {block.origin for section in article.sections for block in section.blocks}
    assert len(origins) == 1


def test_a_question_and_answer_of_many_words_are_told_apart_by_place():
    source = "The mill\n\n" + "Does it grind?Yes it does. " * 300
    article = read_document(source.encode(), "a.txt")
    for section in article.sections:
        for block in section.blocks:
            assert block.origin.of(source) == block.span.of(section.text)


def test_a_long_article_without_headings_comes_in_parts():
    article = read_document(("The mill grinds at night.\n\n" * 600).encode(), "mill.txt")
    assert [section.heading for section in article.sections] == [f"Part {number}" for number in range(1, 6)]
    assert all(500 <= section.word_count <= 700 for section in article.sections)
    assert "cut into 5 parts" in article.notes[-1]


def test_pasted_text_plain_and_marked():
    plain = read_text("The mill\n\nIt grinds.\n\nAt night\n\nIt sleeps.")
    marked = read_text("# The mill\n\nIt grinds.\n\n## At night\n\nIt sleeps.")
    for article in (plain, marked):
        assert article.title == "The mill"
        assert [section.heading for section in article.sections] == ["", "At night"]
    assert read_text("\ufeffThe mill\n\nIt grinds.").title == "The mill"


@pytest.mark.parametrize("text", ["", "  \n ", "\u200b"])
def test_nothing_pasted(text):
    with pytest.raises(DocumentError, match=r"no text|empty"):
        read_text(text)


def test_pasted_text_that_no_database_can_keep():
    article = read_text("The mill\n\nIt grinds" + " well" * 1500 + " \x00 at night \ud800.")
    assert "\x00" not in article.sections[0].text
    assert "\ud800" not in article.sections[0].text


def test_a_title_made_of_the_first_words():
    article = read_text(
        "when the mill stopped, nobody in the village noticed until the morning. Then they did."
    )
    assert article.title == "when the mill stopped, nobody in the village noticed until…"


def test_notes_of_decoding_come_first():
    article = read_document("Le café\n\nIl est fermé.".encode("cp1252"), "a.txt")
    assert "Windows-1252" in article.notes[0]
    assert article.title == "Le café"


def test_a_page_may_name_its_own_encoding():
    page = '<meta charset="iso-8859-2"><h1>Młyn</h1><p>Stoi nad rzeką.</p>'
    assert read_document(page.encode("iso-8859-2"), "a.html").title == "Młyn"
    for name in ("hex", "no-such-thing", "utf-16"):
        article = read_document(
            f'<meta charset="{name}"><h1>Café</h1><p>Fermé.</p>'.encode("cp1252"), "a.html"
        )
        assert article.title == "Café"
