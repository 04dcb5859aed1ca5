"""Sizes: the limits of files, functions, views and templates, and where most of them should lie."""

from __future__ import annotations

import ast
import statistics
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULE_LIMIT, MODULE_P90 = 400, 250
MODULE_MEDIAN = 110
"""The aim is 80; the engine's recipes and checks, one whole idea a file, lie a little above it."""
FUNCTION_LIMIT, FUNCTION_MEDIAN, FUNCTION_P90 = 60, 10, 30
VIEW_LIMIT = 25
TEMPLATE_LIMIT, TEMPLATE_P90 = 200, 100

MODULES = sorted(path for package in ("webapp", "questions") for path in (ROOT / package).rglob("*.py"))
TEMPLATES = sorted((ROOT / "webapp" / "templates").rglob("*.html"))
Function = ast.FunctionDef | ast.AsyncFunctionDef


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def lines(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


def functions(path: Path) -> list[Function]:
    return [node for node in ast.walk(tree(path)) if isinstance(node, Function)]


def length(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def p90(values: list[int]) -> float:
    return statistics.quantiles(values, n=10)[-1]


def test_modules_stay_small():
    sizes = {name(path): lines(path) for path in MODULES}
    assert {file: size for file, size in sizes.items() if size > MODULE_LIMIT} == {}
    assert statistics.median(sizes.values()) <= MODULE_MEDIAN
    assert p90(list(sizes.values())) <= MODULE_P90


def test_functions_stay_small():
    sizes = {f"{name(path)}:{one.name}": length(one) for path in MODULES for one in functions(path)}
    assert {where: size for where, size in sizes.items() if size > FUNCTION_LIMIT} == {}
    assert statistics.median(sizes.values()) <= FUNCTION_MEDIAN
    assert p90(list(sizes.values())) <= FUNCTION_P90


def is_view(function: Function) -> bool:
    decorators = [ast.unparse(decorator) for decorator in function.decorator_list]
    return any(decorator.startswith("blueprint.") for decorator in decorators)


def test_views_stay_small():
    sizes = {
        f"{name(path)}:{one.name}": length(one)
        for path in MODULES
        if "views" in path.parts
        for one in functions(path)
        if is_view(one)
    }
    assert sizes
    assert {where: size for where, size in sizes.items() if size > VIEW_LIMIT} == {}


def test_templates_stay_small():
    sizes = {name(path): lines(path) for path in TEMPLATES}
    assert {file: size for file, size in sizes.items() if size > TEMPLATE_LIMIT} == {}
    assert p90(list(sizes.values())) <= TEMPLATE_P90


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_every_module_says_what_it_is(path):
    assert ast.get_docstring(tree(path)), "a docstring at the door"


@pytest.mark.parametrize("path", [path for path in MODULES if path.name == "__init__.py"], ids=name)
def test_doors_hold_no_code(path):
    assert all(
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) for node in tree(path).body
    )


DOCUMENTED = ("questions", "webapp/services", "webapp/repositories")


def test_everything_public_of_engine_rules_and_queries_is_documented():
    missing = []
    for path in MODULES:
        if not name(path).startswith(DOCUMENTED):
            continue
        for node in ast.walk(tree(path)):
            for child in getattr(node, "body", []) if isinstance(node, ast.Module | ast.ClassDef) else []:
                public = isinstance(child, Function | ast.ClassDef) and not child.name.startswith("_")
                if (
                    public
                    and not (isinstance(node, ast.ClassDef) and node.name.startswith("_"))
                    and not ast.get_docstring(child)
                ):
                    missing.append(f"{name(path)}:{child.name}")
    assert missing == []
