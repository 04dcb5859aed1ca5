"""The site's own files: served under names that change with their content, compressed once, kept for ever.

They are built into the data folder, since the installed package may be read-only. WhiteNoise serves them from
inside the WSGI application, so that every server behaves the same. Those of other versions stay beside them:
around an upgrade a page of the one asks a process of the other for its files.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import posixpath
import re
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from wsgiref.headers import Headers

import brotli
from flask import Flask, request
from whitenoise import WhiteNoise

from webapp.config import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

PREFIX = "/static/"
HASH_CHARACTERS = 12
HASHED_NAME = rf"\.[0-9a-f]{{{HASH_CHARACTERS}}}\.[a-z0-9]+$"
COMPRESSIBLE = frozenset({".css", ".js", ".svg", ".txt", ".json", ".webmanifest"})
OF_A_VERSION = re.compile(rf"[0-9a-f]{{{HASH_CHARACTERS}}}")
"""How the folder of one version's files is called."""
WORTH_COMPRESSING = 0.95
"""A compressed copy is kept where it is at most this part of the original."""

_IMPORT = re.compile(rb"""((?:\bfrom|\bimport)\s*\(?\s*["'])(\.{1,2}/[^"']+)(["'])""")
_URL = re.compile(rb"""(url\(\s*["']?|@import\s+["'])((?!data:|/|#|https?:)[^"')]+)(["']?)""")
REFERENCES = {".js": _IMPORT, ".css": _URL}
"""How a file of this kind names others of ours, which have changing names too."""


class HashedFiles:
    """Every file of a folder, under a name that holds the hash of its content."""

    def __init__(self, source: Path) -> None:
        self.raw = {
            path.relative_to(source).as_posix(): path.read_bytes()
            for path in sorted(source.rglob("*"))
            if path.is_file()
        }
        self.contents: dict[str, bytes] = {}
        self.names: dict[str, str] = {}
        for name in self.raw:
            self._place(name, ())
        every_name = "\n".join(sorted(self.names.values()))
        self.digest = hashlib.sha256(every_name.encode()).hexdigest()[:HASH_CHARACTERS]

    def _place(self, name: str, users: tuple[str, ...]) -> str:
        """The hashed name of a file, whose own references are renamed first."""
        if name in users:
            raise ValueError(f"static files use each other in a circle: {' -> '.join((*users, name))}")
        if name not in self.raw:
            raise FileNotFoundError(f"{users[-1]} uses {name}, which is no static file")
        if name not in self.names:
            stem, suffix = posixpath.splitext(name)
            content = self.raw[name]
            if suffix in REFERENCES:
                content = REFERENCES[suffix].sub(
                    lambda found: (
                        found[1] + self._reference(name, found[2].decode(), users).encode() + found[3]
                    ),
                    content,
                )
            self.contents[name] = content
            self.names[name] = f"{stem}.{hashlib.sha256(content).hexdigest()[:HASH_CHARACTERS]}{suffix}"
        return self.names[name]

    def _reference(self, name: str, target: str, users: tuple[str, ...]) -> str:
        folder = posixpath.dirname(name)
        hashed = self._place(posixpath.normpath(posixpath.join(folder, target)), (*users, name))
        relative = posixpath.relpath(hashed, folder or ".")
        return relative if relative.startswith(".") else f"./{relative}"

    def write(self, target: Path) -> None:
        """Write files and compressed copies, all or nothing: workers may start at the same moment."""
        if target.exists():
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(dir=target.parent))
        for name, content in self.contents.items():
            path = scratch / self.names[name]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            if path.suffix in COMPRESSIBLE:
                for ending, packed in (
                    (".gz", gzip.compress(content, 9, mtime=0)),
                    (".br", brotli.compress(content)),
                ):
                    if len(packed) <= len(content) * WORTH_COMPRESSING:
                        path.with_name(path.name + ending).write_bytes(packed)
        try:
            scratch.rename(target)
        except OSError:
            shutil.rmtree(scratch)  # another worker of the same start was quicker
            if not target.exists():
                raise


class FilesOfEveryVersion(WhiteNoise):  # type: ignore[misc] # it ships no types
    """The files of this version and, once one of another is asked for, all that were ever served here."""

    def __init__(self, application: WSGIApplication, folder: Path) -> None:
        super().__init__(
            application,
            root=os.fspath(folder),
            prefix=PREFIX,
            allow_all_origins=False,
            immutable_file_test=HASHED_NAME,
            add_headers_function=_set_headers,
        )
        self._all, self._known = folder.parent, {folder}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Serve the file, or let the application answer."""
        path = environ.get("PATH_INFO", "")
        if path.startswith(PREFIX) and path not in self.files and re.search(HASHED_NAME, path):
            self._add_other_versions()
        answer: Iterable[bytes] = super().__call__(environ, start_response)
        return answer

    def _add_other_versions(self) -> None:
        """Of newer versions too: while several processes are replaced, both kinds answer."""
        for folder in sorted(set(self._all.iterdir()) - self._known):
            if OF_A_VERSION.fullmatch(folder.name):
                self.add_files(os.fspath(folder), PREFIX)
                self._known.add(folder)


def _set_headers(headers: Headers, _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"


def init_app(app: Flask, settings: Settings) -> None:
    """Serve `webapp/static` below /static/ and tell templates the names (`static_url`)."""
    files = HashedFiles(Path(app.root_path) / "static")
    folder = settings.data / "static" / files.digest
    files.write(folder)
    app.wsgi_app = FilesOfEveryVersion(app.wsgi_app, folder)  # type: ignore[method-assign] # how Flask is wrapped

    @app.template_global()
    def static_url(path: str) -> str:
        """The address of a static file, e.g. `css/readcheck.css`. Raises KeyError for a file we lack."""
        return f"{request.script_root}{PREFIX}{files.names[path]}"
