"""Word documents: what is read of them, and which archives are not unpacked."""

from contextlib import suppress

import pytest

from questions.reading import archive
from questions.reading.documents import DocumentError, read_document
from tests.factories.docx_files import document_part, docx, docx_parts, packed, paragraph

BODY = "The mill stands by the river."


def read(data):
    return read_document(data, "mill.docx")


def refusal(data):
    with pytest.raises(DocumentError) as caught:
        read(data)
    return str(caught.value)


def with_part(name, data):
    return packed(docx_parts(paragraph(BODY)) | {name: data})


def headings(article):
    return [section.heading for section in article.sections]


def test_styles_say_what_a_paragraph_is():
    article = read(
        docx(
            paragraph("The mill", "Title"),
            paragraph("How it grinds.", "Subtitle"),
            paragraph("It grinds at night."),
            paragraph("Stones", "Heading1"),
            paragraph("There are two."),
            paragraph("They hum.", "Quote"),
            paragraph("Water", "Heading2"),
            paragraph("It never stops."),
        )
    )
    assert (article.title, article.standfirst) == ("The mill", "How it grinds.")
    assert headings(article) == ["", "Stones", "Water"]
    assert [block.kind for block in article.sections[1].blocks] == ["prose", "quote"]
    assert all(block.origin is None for section in article.sections for block in section.blocks)


@pytest.mark.parametrize("bold", [True, False])
def test_headings_without_styles_are_guessed(bold):
    parts = [
        paragraph("The mill", bold=bold),
        paragraph(BODY),
        paragraph("Stones", bold=bold),
        paragraph("There are two."),
    ]
    article = read(docx(*parts))
    assert article.title == "The mill"
    assert headings(article) == ["", "Stones"]


def test_pictures_and_embedded_style_maps_are_left_out():
    article = read(with_part("mammoth/style-map", "p => script"))
    assert article.sections[0].text == BODY


@pytest.mark.parametrize("cut", [10, 0.5, 0.9])
def test_half_a_file(cut):
    data = docx(paragraph(BODY))
    assert "not a whole .docx file" in refusal(data[: int(len(data) * cut) if cut < 1 else cut])


def test_a_changed_byte_never_gets_through_unseen():
    data = bytearray(docx(paragraph(BODY)))
    for at in range(0, len(data), 11):
        broken = bytearray(data)
        broken[at] ^= 0xFF
        with suppress(DocumentError):
            assert BODY in read(bytes(broken)).sections[0].text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (packed({"a.xml": "<a/>"}), "holds no Word document"),
        (with_part("../evil.xml", "<a/>"), "leads out of it ('../evil.xml')"),
        (with_part("/etc/evil.xml", "<a/>"), "leads out of it"),
        (with_part("word\\..\\..\\evil.xml", "<a/>"), "leads out of it"),
        (with_part("c:/evil.xml", "<a/>"), "leads out of it"),
        (with_part("word/media/zeros.bin", bytes(20_000_000)), "unpacks to 20,000,000 bytes"),
        (
            with_part("word/document.xml", "<p>\n<x>"),
            "'word/document.xml' of this .docx is broken in its line 2",
        ),
        (with_part("word/document.xml", "<a>" * 200 + "</a>" * 200), "nested over 120 levels deep"),
        (with_part("word/document.xml", "<a/>"), "could not be read"),
        (packed(docx_parts(paragraph(" "))), "There is no text in this file"),
    ],
)
def test_an_archive_that_is_no_document(data, words):
    assert words in refusal(data)


@pytest.mark.parametrize(
    "part", ["word/document.xml", "word/styles.xml", "_rels/.rels", "customXml/item1.xml"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_in_any_part_and_encoding(part, encoding):
    hostile = (
        f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">'
        '<!ENTITY f SYSTEM "file:///etc/hostname">]><x>&b;</x>'
    )
    assert "declares a document type" in refusal(with_part(part, hostile.encode(encoding)))


def test_too_many_parts_or_bytes(monkeypatch):
    monkeypatch.setattr(archive, "MAX_ENTRIES", 5)
    assert "holds 6 parts; at most 5" in refusal(with_part("word/more.xml", "<a/>"))
    monkeypatch.setattr(archive, "MAX_ENTRIES", 2_000)
    monkeypatch.setattr(archive, "MAX_XML", 1_000)
    assert "text parts of this .docx unpack to" in refusal(docx(paragraph(BODY)))
    monkeypatch.setattr(archive, "MAX_XML", 10**6)
    monkeypatch.setattr(archive, "MAX_UNPACKED", 1_000)
    assert "The parts of this .docx unpack to" in refusal(docx(paragraph(BODY)))


def test_a_part_of_too_many_elements(monkeypatch):
    monkeypatch.setattr(archive, "MAX_ELEMENTS", 1_000)
    assert "holds 1,001 elements; at most 1,000 are read" in refusal(
        with_part("word/document.xml", f"<a>{'<b/>' * 1_000}</a>")
    )


def test_a_part_that_stands_twice():
    parts = list(docx_parts(paragraph(BODY)).items())
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = packed([*parts, ("word/document.xml", document_part(paragraph("Another text.")))])
    assert "holds the part 'word/document.xml' twice" in refusal(data)


def test_a_password():
    data = bytearray(docx(paragraph(BODY)))
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    assert "protected by a password" in refusal(bytes(data))
