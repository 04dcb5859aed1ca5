"""Every setting, read once from the environment (`READCHECK_*`); names all that are wrong at once."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from ipaddress import ip_network
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from questions.generation.providers.connection import SETTINGS as MODEL_SETTINGS
from questions.generation.providers.connection import Connection, read_connection

T = TypeVar("T")

PREFIX = "READCHECK_"
DATABASE_FILE = "readcheck.sqlite3"
QUEUE_FILE = "queue.sqlite3"
SECRET_FILE = "secret"  # noqa: S105 (a file's name)


class SettingsError(ValueError):
    """One or more settings are wrong; the message has a line for each, with what would be right."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator can set. Everything has a default that is right on one's own machine."""

    data: Path = Path("instance")
    """The folder of database, queue, secret, uploads and backups."""
    database_url: str = ""
    """Empty: SQLite in the data folder."""
    url: str = ""
    """The public address, e.g. https://read.example.org; empty: whatever the browser asked for."""
    secret: str = ""
    """Empty: made at first run and kept in the data folder."""
    trusted_proxies: tuple[str, ...] = ()
    """Networks whose forwarded headers count."""
    allow_http: bool = False
    """Accept plain HTTP on an address other than this machine's own: cookies lose their Secure mark."""
    redis_url: str = ""
    mail_server: str = ""
    mail_sender: str = ""
    weights: Path | None = None
    """A file of ranking weights that `python -m questions fit` wrote; none: those of the program."""
    language_model: Connection | None = None
    """Who is asked for questions beside the rules; None: nobody."""
    testing: bool = False

    @property
    def effective_database_url(self) -> str:
        """The database that is used, with the driver this project uses spelled out."""
        if not self.database_url:
            return f"sqlite:///{(self.data / DATABASE_FILE).absolute()}"
        return self.database_url.replace("postgresql://", "postgresql+psycopg://", 1)

    @property
    def is_sqlite(self) -> bool:
        """Whether the data live in one file on this machine."""
        return self.effective_database_url.startswith("sqlite")

    @property
    def database_file(self) -> Path | None:
        """The SQLite file, or None on a database server."""
        return Path(self.effective_database_url.removeprefix("sqlite:///")) if self.is_sqlite else None

    @property
    def queue_file(self) -> Path:
        """The job queue's own file, never the application's database."""
        return self.data / QUEUE_FILE

    @property
    def uses_tls(self) -> bool:
        """Whether browsers reach us over TLS, as far as the settings tell."""
        return self.url.startswith("https://")

    def make_folder(self) -> None:
        """Make the data folder, for its owner only: it holds the secret and everybody's answers."""
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)

    def secret_key(self) -> str:
        """The key that signs cookies and receipts, made on first use and kept readable by the owner only."""
        if self.secret:
            return self.secret
        path = self.data / SECRET_FILE
        if not path.exists():
            self.make_folder()
            try:
                with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                    file.write(secrets.token_urlsafe(48))
                    file.flush()
                    os.fsync(file.fileno())  # else a power cut may leave an empty file for ever
                sync_path(self.data)
            except FileExistsError:
                pass  # another process of the same first run was quicker
        return path.read_text().strip()

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read `READCHECK_*`. Raises SettingsError that names every wrong or unknown one."""
        raw = {
            name.removeprefix(PREFIX): value.strip()
            for name, value in (os.environ if environ is None else environ).items()
            if name.startswith(PREFIX)
        }
        known_names = [*_READERS, *sorted(MODEL_SETTINGS)]
        wrong = [
            f"{PREFIX}{name} is not a setting; there are {', '.join(PREFIX + known for known in known_names)}"
            for name in sorted(raw.keys() - set(known_names) - _FOR_TESTS)
        ]
        values: dict[str, object] = {}
        for name, (field, read) in _READERS.items():
            if raw.get(name):
                try:
                    values[field] = read(raw[name])
                except ValueError as error:
                    said = "" if name in _CONFIDENTIAL else f"={raw[name]!r}"
                    wrong.append(f"{PREFIX}{name}{said}: {error}")
        values["language_model"], wrong_of_model = read_connection(raw)
        wrong += wrong_of_model
        if wrong:
            raise SettingsError("\n".join(wrong))
        return cls(**values)  # type: ignore[arg-type] # the table below pairs each field with its reader


def sync_path(path: Path) -> None:
    """See to it that a file's content, or the names in a folder, survive a power cut."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _read_flag(text: str) -> bool:
    words = {
        "1": True,
        "true": True,
        "yes": True,
        "on": True,
        "0": False,
        "false": False,
        "no": False,
        "off": False,
    }
    if text.lower() not in words:
        raise ValueError("say 1 or 0")
    return words[text.lower()]


def _read_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path.strip("/"):
        raise ValueError("an address such as https://read.example.org, without a path")
    return text.rstrip("/")


def _read_database_url(text: str) -> str:
    if not text.startswith(("postgresql://", "postgresql+psycopg://", "sqlite:///")):
        raise ValueError("an address such as postgresql://user:password@host/name or sqlite:////folder/file")
    if not text.startswith("sqlite:"):
        _require_package("psycopg", "postgres")
    return text


def _require_package(name: str, extra: str) -> None:
    if find_spec(name) is None:
        raise ValueError(f"this needs the package {name}: pip install 'readcheck[{extra}]'")


def _read_networks(text: str) -> tuple[str, ...]:
    return tuple(str(ip_network(part.strip(), strict=False)) for part in text.split(",") if part.strip())


def _read_secret(text: str) -> str:
    at_least = 32
    if len(text) < at_least:
        raise ValueError(f"at least {at_least} characters")
    return text


def _read_redis_url(text: str) -> str:
    if not text.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("an address such as redis://localhost:6379/0")
    _require_package("redis", "redis")
    return text


def _read_weights(text: str) -> Path:
    from questions.generation.rank import read_weights

    try:
        read_weights(Path(text).read_text("utf-8"))
    except OSError as error:
        raise ValueError(f"this file cannot be read ({error.strerror})") from error
    return Path(text)


_READERS: dict[str, tuple[str, Callable[[str], object]]] = {
    "DATA": ("data", Path),
    "DATABASE_URL": ("database_url", _read_database_url),
    "URL": ("url", _read_url),
    "SECRET": ("secret", _read_secret),
    "TRUSTED_PROXIES": ("trusted_proxies", _read_networks),
    "ALLOW_HTTP": ("allow_http", _read_flag),
    "REDIS_URL": ("redis_url", _read_redis_url),
    "MAIL_SERVER": ("mail_server", str),
    "MAIL_SENDER": ("mail_sender", str),
    "WEIGHTS": ("weights", _read_weights),
}
_CONFIDENTIAL = frozenset({"SECRET", "DATABASE_URL", "REDIS_URL"})
"""They are secrets or hold passwords: an error does not repeat them."""
_FOR_TESTS = frozenset({"REQUIRE", "TEST_POSTGRES", "TEST_REDIS"})
"""Read by the test suite and by CI, not by the application."""
