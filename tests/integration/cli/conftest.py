"""The command line, run in this process on a data folder of its own."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result

from tests.client import SECRET
from webapp.cli.main import cli
from webapp.config import Settings
from webapp.views import assets


@dataclass
class Command:
    """`command("users", "add", "anna")` runs a command; what it said and its exit code come back."""

    data: Path

    def __call__(self, *arguments: str | Path, **environment: str) -> Result:
        variables = {"READCHECK_DATA": str(self.data), "READCHECK_SECRET": SECRET} | environment
        result = CliRunner().invoke(cli, [str(argument) for argument in arguments], env=variables)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    @property
    def settings(self) -> Settings:
        return Settings(data=self.data, secret=SECRET)


@pytest.fixture
def command(tmp_path, monkeypatch) -> Command:
    for name in list(os.environ):
        if name.startswith("READCHECK_"):
            monkeypatch.delenv(name)
    # Static files are compressed in tests/web; here every test has a new data folder.
    monkeypatch.setattr(assets, "brotli", SimpleNamespace(compress=lambda content: content))
    return Command(tmp_path / "data")


@pytest.fixture
def text_file(tmp_path) -> Path:
    """A small article of our own that generation finds statements in."""
    path = tmp_path / "harbour.md"
    path.write_text(
        "# The harbour of Veltmar\n\nThe harbour of Veltmar opened in 1911. Its first master was Anna Krol, "
        "who had built two lighthouses in Denmark. Ships from nine countries called in the first year.\n\n"
        "## The storm\n\nIn March 1934 a storm broke the northern wall. Repairs took four years and cost "
        "300,000 crowns. The town paid for them with a tax on salt, which Denmark had abolished in 1920.\n",
        encoding="utf-8",
    )
    return path
