"""Where the language model is, read from the environment (`READCHECK_LLM_*`); off unless all is there.

No message repeats a value: an address or a key may be a secret.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from ipaddress import ip_address
from urllib.parse import urlsplit

PREFIX = "READCHECK_"
PATH = "/chat/completions"
LONGEST_WAIT_S = 3_600.0


@dataclass(frozen=True, slots=True)
class Connection:
    """How to reach a server that speaks the chat-completions protocol, and what it may take of time."""

    url: str
    """The address that is posted to, `/chat/completions` included."""
    model: str
    key: str = field(default="", repr=False)
    price_in: Decimal | None = None
    """What 1,000 tokens of a question cost, in whatever currency the operator counts."""
    price_out: Decimal | None = None
    connect_s: float = 10.0
    answer_s: float = 60.0
    """For one answer, from the first byte sent to the last byte read."""
    article_s: float = 900.0
    """For all calls about one article."""
    backoff_s: float = 1.0
    """The first wait before a call is made again; each further one is twice as long."""


class ConnectionSettingsError(ValueError):
    """One or more of the settings are wrong; the message has a line for each."""


def connection_from_environment(environ: Mapping[str, str] | None = None) -> Connection | None:
    """The connection that is set; None where none is. Raises ConnectionSettingsError."""
    raw = {
        name.removeprefix(PREFIX): value.strip()
        for name, value in (os.environ if environ is None else environ).items()
        if name.removeprefix(PREFIX) in SETTINGS and name.startswith(PREFIX)
    }
    found, wrong = read_connection(raw)
    if wrong:
        raise ConnectionSettingsError("\n".join(wrong))
    return found


def read_connection(raw: Mapping[str, str]) -> tuple[Connection | None, list[str]]:
    """The connection of settings named without their prefix, and a line for each that is wrong."""
    values: dict[str, object] = {}
    wrong: list[str] = []
    for name, (place, read) in _READERS.items():
        if raw.get(name):
            try:
                values[place] = read(raw[name])
            except ValueError as error:
                wrong.append(f"{PREFIX}{name}: {error}")
    allows_http = bool(values.pop("allow_http", False))
    if not raw.get("LLM_URL"):
        given = [name for name in sorted(SETTINGS) if raw.get(name)]
        wrong += [f"{PREFIX}{name} is set, and {PREFIX}LLM_URL is not" for name in given]
        return None, wrong
    if not raw.get("LLM_MODEL"):
        wrong.append(f"{PREFIX}LLM_MODEL: name the model that {PREFIX}LLM_URL shall use")
    url = str(values.get("url", ""))
    if url and not allows_http and not _is_private(url):
        wrong.append(
            f"{PREFIX}LLM_URL: over plain HTTP the text and the key could be read on the way; "
            f"use https://, or accept the risk with {PREFIX}LLM_ALLOW_HTTP=1"
        )
    if wrong:
        return None, wrong
    return Connection(**values), []  # type: ignore[arg-type] # _READERS pairs each field with its reader


def _is_private(url: str) -> bool:
    """Whether what is sent there cannot be read on the way: TLS, or this very machine."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        return parts.scheme == "https" or host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _read_url(text: str) -> str:
    if not _is_plain_address(text):
        raise ValueError(
            "an address such as https://api.example.org/v1, without a name, a password or a question mark"
        )
    base = text.rstrip("/")
    return base if base.endswith(PATH) else base + PATH


def _is_plain_address(text: str) -> bool:
    if not text.isascii() or not text.isprintable() or " " in text:
        return False
    try:
        parts = urlsplit(text)
        has_port = parts.port != 0
    except ValueError:  # what this one says would repeat the address
        return False
    has_more = parts.username is not None or parts.query or parts.fragment
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and has_port and not has_more


def _read_key(text: str) -> str:
    """A key goes into a header: anything but plain signs would end it, or be told in an error."""
    if not (text.isascii() and text.isprintable()) or " " in text:
        raise ValueError("a key has no spaces and only plain letters, figures and signs")
    return text


def _read_price(text: str) -> Decimal:
    try:
        price = Decimal(text)
    except InvalidOperation:
        price = Decimal(-1)
    if not price.is_finite() or price < 0:
        raise ValueError("what 1,000 tokens cost, such as 0.0015")
    return price


def _read_seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= LONGEST_WAIT_S:
        raise ValueError(f"seconds, more than 0 and at most {LONGEST_WAIT_S:,.0f}")
    return seconds


def _read_flag(text: str) -> bool:
    if text not in {"0", "1"}:
        raise ValueError("say 1 or 0")
    return text == "1"


_READERS: dict[str, tuple[str, Callable[[str], object]]] = {
    "LLM_URL": ("url", _read_url),
    "LLM_KEY": ("key", _read_key),
    "LLM_MODEL": ("model", str),
    "LLM_PRICE_IN": ("price_in", _read_price),
    "LLM_PRICE_OUT": ("price_out", _read_price),
    "LLM_TIMEOUT": ("answer_s", _read_seconds),
    "LLM_ARTICLE_TIMEOUT": ("article_s", _read_seconds),
    "LLM_ALLOW_HTTP": ("allow_http", _read_flag),
}
SETTINGS = frozenset(_READERS)
"""The settings that are read here, without their prefix."""
