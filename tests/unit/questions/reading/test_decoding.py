"""Encodings: what is told apart, what is noted, what is refused."""

import tracemalloc
import zlib

import pytest

from questions.reading.decoding import decode, without_controls
from questions.reading.refusal import DocumentError, line_at

TEXT = "Une rivière, « claire » — 12 € l’heure.\nFin."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_encodings_that_say_what_they_are(encoding):
    assert decode(TEXT.encode(encoding)) == (TEXT, ())


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_of_both_kinds_with_its_mark(encoding):
    assert decode(("\ufeff" + TEXT).encode(encoding))[0] == TEXT


def test_utf16_without_its_mark_is_refused_with_a_hint():
    with pytest.raises(DocumentError, match="UTF-16 without its mark") as caught:
        decode(TEXT.encode("utf-16-le"))
    assert caught.value.line == 1


def test_a_broken_mark():
    with pytest.raises(DocumentError, match=r"says that it is UTF-16, but line 2 is not"):
        decode("\ufeffone\ntw".encode("utf-16-le") + b"\x00\xd8")
    with pytest.raises(DocumentError, match=r"says that it is UTF-8, but line 2 is not"):
        decode(b"\xef\xbb\xbfone\n\xff\xff")


def test_windows_1252_is_read_and_noted():
    text, notes = decode(TEXT.encode("cp1252"))
    assert text == TEXT
    assert len(notes) == 1


def test_latin_1_where_windows_1252_has_no_letter():
    text, notes = decode(b"caf\xe9 caf\xe9 caf\xe9 caf\xe9 \x81 " + b"word " * 400)
    assert text.startswith("café")
    assert notes


def test_a_few_broken_characters_in_utf8_are_noted_with_their_line():
    text, (note,) = decode("é".encode() * 20 + b"\n\xff x")
    assert text == "é" * 20 + "\n\ufffd x"
    assert "1 characters could not be read, the first in line 2" in note


def test_an_encoding_that_is_not_known_is_refused():
    with pytest.raises(DocumentError, match="encoding of this file is not known"):
        decode("Мельница стоит у реки. Она мелет ночью.".encode("koi8-r"))


def test_stray_control_characters_become_spaces_one_for_one():
    assert without_controls("a\x07b" + " word" * 400) == "a b" + " word" * 400
    assert without_controls("tab\tline\nfeed\x0cnext\x85") == "tab\tline\nfeed\x0cnext\x85"


@pytest.mark.parametrize(
    ("text", "offset", "line"),
    [("a", 0, 1), ("a\nb", 2, 2), ("a\r\nb", 3, 2), ("a\rb\n\nc", 5, 4), ("", 0, 1)],
)
def test_lines_are_counted_as_an_editor_does(text, offset, line):
    assert line_at(text, offset) == line


def test_a_page_that_calls_itself_packed_is_not_unpacked():
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS, 9, zlib.Z_FIXED)
    # Up to its first zero byte, which unpacks to eight megabytes: zero bytes are refused anyway.
    bomb = packer.compress(b"a" * 40_000_000).partition(b"\0")[0]
    assert len(bomb) > 50_000
    tracemalloc.start()
    try:
        with pytest.raises(DocumentError):
            decode(bomb, "zlib")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 5_000_000
