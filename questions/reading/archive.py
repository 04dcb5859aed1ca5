"""Archives are judged before anything in them is unpacked: paths, count, sizes, ratio, and hostile XML."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from io import BytesIO
from typing import Any

from lxml import etree

from questions.reading.refusal import DocumentError

MAX_ENTRIES = 2_000
MAX_UNPACKED = 60_000_000
MAX_XML = 16_000_000
MAX_RATIO = 150
RATIO_FROM = 1_000_000
"""Only entries larger than this are held to the ratio: tiny ones may be all zeros and do no harm."""
MAX_DEPTH = 120
MAX_ELEMENTS = 300_000
"""Of one part: each takes the converter some 30 microseconds, and a small archive may hold millions."""

_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,  # encrypted, or packed in a way that the reader does not know
    ValueError,
    KeyError,
    OverflowError,
)
"""What the zip reader of the standard library raises on archives that are cut short or changed."""
_RESAVE = "Save it again in your word processor, as .docx, and give that file."
_XML = re.compile(r"\.(?:xml|rels)$", re.IGNORECASE)


def check_docx(data: bytes) -> None:
    """Raise DocumentError unless these bytes are a sound, harmless .docx archive."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _check_entries(archive.infolist())
            names = archive.namelist()
            _check_is_document(names)
            for name in sorted(names):
                if _XML.search(name):
                    _check_xml(name, archive.read(name))
    except DocumentError:
        raise
    except _BROKEN as error:
        raise DocumentError(f"This is not a whole .docx file ({_plain(error)}). {_RESAVE}") from None


def _check_is_document(names: list[str]) -> None:
    if "word/document.xml" not in names or "[Content_Types].xml" not in names:
        raise DocumentError(f"This archive holds no Word document (word/document.xml is missing). {_RESAVE}")


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_ENTRIES:
        raise DocumentError(
            f"This .docx holds {len(entries):,} parts; at most {MAX_ENTRIES:,} are unpacked. {_RESAVE}"
        )
    seen: set[str] = set()
    for entry in entries:
        name = entry.filename
        if name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or ":" in name or "\\" in name:
            raise DocumentError(
                f"This .docx holds a part with a path that leads out of it ({name[:80]!r}). {_RESAVE}"
            )
        if name in seen:
            raise DocumentError(f"This .docx holds the part {name[:80]!r} twice. {_RESAVE}")
        seen.add(name)
        if entry.flag_bits & 0x1:
            raise DocumentError(
                "This .docx is protected by a password. Save it without one and give that file."
            )
        if entry.file_size > RATIO_FROM and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
            raise DocumentError(
                f"The part {name[:80]!r} of this .docx unpacks to {entry.file_size:,} bytes, more than "
                f"{MAX_RATIO} times its size. That is not a document. {_RESAVE}"
            )
    for what, limit, size in (
        ("parts", MAX_UNPACKED, sum(entry.file_size for entry in entries)),
        ("text parts", MAX_XML, sum(entry.file_size for entry in entries if _XML.search(entry.filename))),
    ):
        if size > limit:
            raise DocumentError(
                f"The {what} of this .docx unpack to {size:,} bytes; the limit is {limit:,} "
                f"({size - limit:,} too many). Split the document."
            )


def _check_xml(name: str, data: bytes) -> None:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 1
        raise DocumentError(
            f"The part {name!r} of this .docx is broken in its line {line}. {_RESAVE}"
        ) from None
    tree: Any = root.getroottree()
    if tree.docinfo.doctype:
        raise DocumentError(
            f"The part {name!r} of this .docx declares a document type, which may name entities or other "
            f"files. Word never writes one. {_RESAVE}"
        )
    elements = sum(1 for _ in root.iter())
    if elements > MAX_ELEMENTS:
        raise DocumentError(
            f"The part {name!r} of this .docx holds {elements:,} elements; at most {MAX_ELEMENTS:,} are read."
            " Split the document."
        )
    if _depth(root) > MAX_DEPTH:
        raise DocumentError(
            f"The part {name!r} of this .docx is nested over {MAX_DEPTH} levels deep. {_RESAVE}"
        )


def _depth(root: etree._Element) -> int:
    deepest = depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


def _plain(error: Exception) -> str:
    return str(error).split("\n", 1)[0][:120] or type(error).__name__
