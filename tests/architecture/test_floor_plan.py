"""The floor plan: who may import whom, what lists must name everything, and what stands at the top."""

from __future__ import annotations

import subprocess
import tomllib
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from importlinter.api import read_configuration
from importlinter.application.use_cases import lint_imports
from importlinter.configuration import configure

from questions.generation.recipes.registry import RECIPES
from webapp.views.registry import BLUEPRINTS

ROOT = Path(__file__).parents[2]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
TOP = {"pyproject.toml", "webapp", "questions", "migrations", "tests", "README.md"}
FRAME_OF_VIEWS = {
    "__init__",
    "addresses",
    "assets",
    "audit_trail",
    "errors",
    "kept_html",
    "language",
    "maintenance",
    "registry",
    "request_log",
}
"""Files of webapp/views that are no pages, but what every page stands in."""


@pytest.fixture(scope="module", autouse=True)
def _configured():
    configure()


def committed() -> list[Path]:
    """Every file that is or will be in the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def test_every_import_contract_is_kept(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    assert lint_imports(config_filename="pyproject.toml", cache_dir=None), capsys.readouterr().out


def test_the_contracts_cover_both_packages_with_everything_they_import(monkeypatch):
    monkeypatch.chdir(ROOT)
    session = read_configuration("pyproject.toml")["session_options"]
    assert set(session["root_packages"]) == {"webapp", "questions"}
    assert SETTINGS["tool"]["importlinter"]["include_external_packages"] is True
    layered = [one for one in SETTINGS["tool"]["importlinter"]["contracts"] if "containers" in one]
    assert all(one["exhaustive"] for one in layered)
    assert sorted(one["containers"] for one in layered) == [["questions"], ["webapp"]]


def listed(beginning: str) -> list[str]:
    [contract] = [
        one for one in SETTINGS["tool"]["importlinter"]["contracts"] if one["name"].startswith(beginning)
    ]
    return sorted(contract["modules"])


def test_the_contract_of_recipes_lists_every_recipe():
    assert listed("4. Recipes") == sorted({type(recipe).__module__ for recipe in RECIPES.values()})
    files = {path.stem for path in (ROOT / "questions/generation/recipes").glob("*.py")} - {
        "__init__",
        "base",
        "registry",
    }
    assert {name.rpartition(".")[2] for name in listed("4. Recipes")} == files


def test_the_contract_of_pages_lists_every_page():
    assert listed("4. Pages") == sorted(blueprint.import_name for blueprint in BLUEPRINTS)
    files = {path.stem for path in (ROOT / "webapp/views").glob("*.py")} - FRAME_OF_VIEWS
    assert {name.rpartition(".")[2] for name in listed("4. Pages")} == files


def test_only_what_belongs_stands_at_the_top():
    assert {path.relative_to(ROOT).parts[0] for path in committed()} - TOP == {
        name for name in (path.relative_to(ROOT).parts[0] for path in committed()) if name.startswith(".")
    }


@pytest.mark.parametrize("folder", ["templates", "static", "library", "translations"])
def test_these_rooms_hold_no_python(folder):
    assert list((ROOT / "webapp" / folder).rglob("*.py")) == []


def test_the_console_scripts_exist():
    [script] = entry_points(group="console_scripts", name="readcheck")
    assert callable(script.load())
    [command] = entry_points(group="flask.commands", name="readcheck")
    assert command.load() is not None
    assert SETTINGS["project"]["scripts"]["readcheck"] == script.value


def test_every_test_folder_is_one_that_was_planned():
    planned = {
        "unit",
        "integration",
        "web",
        "browser",
        "faults",
        "bench",
        "migrations",
        "architecture",
        "factories",
        "data",
    }
    found = {
        path.relative_to(ROOT / "tests").parts[0]
        for path in committed()
        if path.is_relative_to(ROOT / "tests") and path.parent != ROOT / "tests"
    }
    assert found <= planned
