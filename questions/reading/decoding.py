"""From bytes to text: encodings, and the refusal of what is no text at all."""

from __future__ import annotations

import codecs
import re

from questions.reading.refusal import DocumentError, line_at

MAX_CONTROL_SHARE = 0.001
MAX_FOREIGN_SHARE = 0.25
"""Of a file read as Windows-1252. European languages stay below a tenth; more means another encoding."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SIGNATURES = (
    (b"PK\x03\x04", "a Word document or another archive"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"%PDF-", "a PDF"),
    (b"{\\rtf", "a rich-text document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a compressed file"),
    (b"\x7fELF", "a program"),
)
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_SAVE_AS = "Save it as plain text in UTF-8 and give that file."


def decode(data: bytes, declared: str | None = None) -> tuple[str, tuple[str, ...]]:
    """The text of a file and notes on how it was read; `declared` is the encoding a web page names itself.

    Raises DocumentError for what is no text. Offsets elsewhere count code points of the text returned here.
    """
    for signature, what in _SIGNATURES:
        if data.startswith(signature):
            raise DocumentError(f"This is {what}, not a text file, whatever its name says. {_SAVE_AS}", 1)
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _with_bom(data[len(bom) :], encoding)
    if b"\x00" in data:
        line = data.count(b"\n", 0, data.index(b"\x00")) + 1
        raise DocumentError(
            f"This is not a text file: line {line} holds zero bytes, as programs, pictures and UTF-16 "
            f"without its mark do. {_SAVE_AS}",
            line,
        )
    text, notes = _without_bom(data, declared)
    return without_controls(text), notes


def without_controls(text: str) -> str:
    """The text with stray control characters as spaces, one for one; refused where there are too many."""
    found = list(_CONTROLS.finditer(text))
    if found and len(found) > len(text) * MAX_CONTROL_SHARE + 1:
        line = line_at(text, found[0].start())
        raise DocumentError(
            f"This is not a text file: it holds {len(found):,} control characters, the first in line {line}. "
            f"{_SAVE_AS}",
            line,
        )
    return _CONTROLS.sub(" ", text)


def _with_bom(data: bytes, encoding: str) -> tuple[str, tuple[str, ...]]:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = line_at(data[: error.start].decode(encoding, "replace"), error.start)
        raise DocumentError(
            f"The file says that it is {encoding[:6].upper()}, but line {line} is not. {_SAVE_AS}", line
        ) from None
    return without_controls(text), ()


def _without_bom(data: bytes, declared: str | None) -> tuple[str, tuple[str, ...]]:
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        fault = error
    line = data.count(b"\n", 0, fault.start) + 1
    if declared and (text := _declared(data, declared)) is not None:
        return text, ()
    mended = data.decode("utf-8", "replace")
    broken = mended.count("\ufffd")
    if sum(char > "\x7f" for char in mended) > 5 * broken:
        return mended, (
            f"{broken} characters could not be read, the first in line {line}; they show as \ufffd.",
        )
    text = data.decode("cp1252", "replace")
    if "\ufffd" in text:
        text = data.decode("latin-1")
    if sum(char > "\x7f" for char in text) > MAX_FOREIGN_SHARE * len(text):
        raise DocumentError(f"The encoding of this file is not known (line {line}). {_SAVE_AS}", line)
    return text, ("The file is not UTF-8; it was read as Windows-1252. Check the accented letters.",)


def _declared(data: bytes, name: str) -> str | None:
    try:
        # Not the codec itself: `bytes.decode` takes encodings of text only, and "zlib" would unpack a bomb.
        return data.decode(name)
    except (LookupError, ValueError):
        return None
