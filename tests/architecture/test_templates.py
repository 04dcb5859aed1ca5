"""Templates name only what there is: what the view passes, what every page has, or what they make themselves."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from jinja2 import StrictUndefined, meta, nodes

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "webapp" / "templates"
TEMPLATES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.html"))
FOR_MACROS = ("components/", "items/")
"""Imported without a context: nothing but globals reaches into them."""


def parsed(app, name: str) -> nodes.Template:
    return app.jinja_env.parse((FOLDER / name).read_text("utf-8"))


def asked_for(tree: nodes.Template) -> set[str]:
    """Names that the template asks about before it uses them."""
    return {
        test.node.name
        for test in tree.find_all(nodes.Test)
        if test.name in {"defined", "undefined"} and isinstance(test.node, nodes.Name)
    }


def made(tree: nodes.Template) -> set[str]:
    """Names that the template imports, sets or defines; blocks see them, which Jinja's own list does not know."""
    names = {macro.name for macro in tree.find_all(nodes.Macro)}
    names |= {one.target for one in tree.find_all(nodes.Import)}
    names |= {
        target.name
        for one in tree.find_all(nodes.Assign)
        for target in one.find_all(nodes.Name)
        if target.ctx == "store"
    }
    for one in tree.find_all((nodes.For, nodes.With)):
        targets = [one.target] if isinstance(one, nodes.For) else one.targets
        names |= {
            name.name
            for target in targets
            for name in [target, *target.find_all(nodes.Name)]
            if isinstance(name, nodes.Name)
        }
    for one in tree.find_all(nodes.FromImport):
        names |= {name if isinstance(name, str) else name[1] for name in one.names}
    return names


def needed(app, name: str, seen: frozenset[str] = frozenset()) -> set[str]:
    """What a template and those it is made of expect from outside."""
    tree = parsed(app, name)
    names = meta.find_undeclared_variables(tree) - asked_for(tree) - made(tree)
    for node in tree.find_all((nodes.Extends, nodes.Include)):
        if isinstance(node.template, nodes.Const) and node.template.value not in seen:
            names |= needed(app, node.template.value, seen | {name}) - made(tree)
    return names


def rendered() -> list[tuple[str, str, frozenset[str]]]:
    """Every call of render_template with a plain name: where, which, and what it passes."""
    calls = []
    for path in sorted((ROOT / "webapp").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "render_template"):
                continue
            if isinstance(node.args[0], ast.Constant) and all(word.arg for word in node.keywords):
                where = f"{path.relative_to(ROOT)}:{node.lineno}"
                calls.append(
                    (where, str(node.args[0].value), frozenset(str(word.arg) for word in node.keywords))
                )
    return calls


def everywhere(app) -> set[str]:
    with app.test_request_context():
        context: dict[str, object] = {}
        app.update_template_context(context)
    return set(app.jinja_env.globals) | set(context)


def test_an_undefined_name_fails(app):
    assert app.jinja_env.undefined is StrictUndefined


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_compiles(app, name):
    app.jinja_env.get_template(name)


@pytest.mark.parametrize("name", [name for name in TEMPLATES if name.startswith(FOR_MACROS)])
def test_macros_use_only_their_arguments_and_what_is_everywhere(app, name):
    tree = parsed(app, name)
    assert meta.find_undeclared_variables(tree) - asked_for(tree) - made(tree) <= set(app.jinja_env.globals)


def test_views_pass_what_their_templates_need(app):
    there = everywhere(app)
    calls = rendered()
    assert calls
    missing = {
        f"{where} {template}": lacking
        for where, template, passed in calls
        if (lacking := needed(app, template) - passed - there)
    }
    assert missing == {}


def test_every_template_is_used(app):
    """By a view, by another template, or (items) by its type's name."""
    used = {template for _, template, _ in rendered()}
    for name in TEMPLATES:
        for node in parsed(app, name).find_all(
            (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)
        ):
            if isinstance(node.template, nodes.Const):
                used.add(node.template.value)
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "webapp").rglob("*.py"))
    unused = [name for name in TEMPLATES if name not in used and not name.startswith("items/")]
    assert [
        name for name in unused if f'"{name}"' not in sources and f'"{Path(name).stem}"' not in sources
    ] == []
