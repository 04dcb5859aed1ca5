"""The readable part of a module's address, for titles in any script."""

from __future__ import annotations

import unicodedata

MAX_LENGTH = 80
FALLBACK = "module"


def slug_of(title: str) -> str:
    """Small letters and figures of the title, in its own script, joined by single hyphens.

    Latin letters lose their accents; other scripts keep their marks, without which words change. A title
    without any letter or figure (emoji) gives "module".
    """
    text = unicodedata.normalize("NFKC", title).casefold()
    slug = "".join(_plain(char) for char in text)
    words = "-".join(word for word in slug.split("-") if word)
    return _shortened(unicodedata.normalize("NFC", words)) or FALLBACK


def _plain(char: str) -> str:
    kind = unicodedata.category(char)
    if kind[0] == "L" or kind in {"Nd", "Nl"}:
        base = unicodedata.normalize("NFKD", char)[0]
        return base if base.isascii() else char
    if kind[0] == "M":
        return char
    return "" if kind == "Cf" or char in "'’" else "-"  # noqa: RUF001 (a real apostrophe)


def _shortened(slug: str) -> str:
    """At most MAX_LENGTH characters, cut between words where there are any."""
    if len(slug) <= MAX_LENGTH:
        return slug
    cut = slug[: MAX_LENGTH + 1].rpartition("-")[0]
    return cut or slug[:MAX_LENGTH]
