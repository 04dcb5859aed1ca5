"""The question engine on the command line: `python -m questions generate | check | bench | fit`.

Exit codes: 0 done, 1 the input was refused (stderr says why), 2 wrong use. Durations go to stderr.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from questions.items.base import Item
from questions.reading.article import Article, Block, Section, Span
from questions.reading.documents import DocumentError, read_document

if TYPE_CHECKING:
    from questions.generation.providers.base import Provider

PROVIDERS = ("rules", "openai_compatible")
"""Those of questions.generation.providers.registry, named here so that `--help` loads nothing."""

REFUSED = 1
T = TypeVar("T")


class InputError(Exception):
    """What was given cannot be used; the message says why, for whoever gave it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit code."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except InputError as error:
        print(f"questions {options.command}: {error}", file=sys.stderr)
        return REFUSED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="questions", description="Questions from the text of an article.")
    commands = parser.add_subparsers(dest="command", required=True)
    made = commands.add_parser("generate", help="make items from a .txt, .md, .html or .docx file")
    made.add_argument("file", type=Path, metavar="FILE")
    made.add_argument("--seed", type=int, default=0, metavar="N", help="another seed, other choices (0)")
    made.add_argument("--format", choices=("text", "json"), default="text")
    made.add_argument(
        "--provider",
        choices=PROVIDERS,
        default=PROVIDERS[0],
        help="who proposes items; openai_compatible needs READCHECK_LLM_URL and READCHECK_LLM_MODEL (rules)",
    )
    made.add_argument("-o", "--output", type=Path, metavar="OUT", help="write to a file, not to the terminal")
    made.add_argument("--weights", type=Path, metavar="FILE", help="rank by weights that fit wrote")
    made.set_defaults(run=_generate)
    checked = commands.add_parser("check", help="verify the items of a file that generate made")
    checked.add_argument("file", type=Path, metavar="ITEMS")
    checked.set_defaults(run=_check)
    bench = commands.add_parser("bench", help="measure the generator on every text of a folder")
    bench.add_argument("folder", type=Path, metavar="DIR")
    bench.add_argument("--seed", type=int, default=0, metavar="N")
    bench.set_defaults(run=_bench)
    fitted = commands.add_parser("fit", help="fit the ranking's weights to reviewers' decisions")
    fitted.add_argument("file", type=Path, metavar="DECISIONS", help="JSON lines or CSV, as the site exports")
    fitted.add_argument("-o", "--output", type=Path, metavar="OUT", help="write the weights to a file")
    fitted.set_defaults(run=_fit)
    return parser


def _generate(options: argparse.Namespace) -> int:
    article = _article(options.file)
    from questions.generation.nlp import load_nlp
    from questions.generation.pipeline import generate, generation_to_json
    from questions.generation.providers.base import bill_in_words
    from questions.generation.rank import OWN, read_weights

    weights = OWN if options.weights is None else _read(options.weights, read_weights)
    provider = _provider(options.provider)
    start = time.perf_counter()
    nlp = load_nlp()
    loaded = time.perf_counter()
    generation = generate(
        article, seed=options.seed, nlp=nlp, progress=_progress, weights=weights, provider=provider
    )
    done = time.perf_counter()
    content = generation_to_json(generation)
    if options.format == "json":
        _write(json.dumps(content, ensure_ascii=False, indent=1) + "\n", options.output)
    else:
        _write("\n".join(_as_text(content)) + "\n", options.output)
    print(f"model {loaded - start:.2f} s, generation {done - loaded:.2f} s", file=sys.stderr)
    if "provider" in generation.report:
        print(bill_in_words(generation.report["provider"]), file=sys.stderr)
    return 0


def _provider(name: str) -> Provider:
    from questions.generation.providers.connection import ConnectionSettingsError
    from questions.generation.providers.registry import provider_named

    try:
        return provider_named(name)
    except ConnectionSettingsError as error:
        raise InputError(f"--provider {name}: {error}") from None


def _article(path: Path) -> Article:
    try:
        return read_document(_bytes(path), path.name)
    except DocumentError as error:
        raise InputError(f"{path}: {error}") from None


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from None


def _read(path: Path, reader: Callable[[str], T]) -> T:
    """What a reader makes of a text file."""
    try:
        return reader(_bytes(path).decode())
    except UnicodeDecodeError:
        raise InputError(f"{path}: this is not a text file") from None
    except ValueError as error:
        raise InputError(f"{path}: {error}") from None


def _write(text: str, output: Path | None) -> None:
    if output is None:
        sys.stdout.write(text)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{output}: {error.strerror or error}") from None


def _progress(done: int, total: int, label: str) -> None:
    """One line that is written over, on a terminal only."""
    if sys.stderr.isatty():
        end = "\n" if done == total else ""
        print(f"\r\033[K{done} of {total}: {label[:60]}", end=end, file=sys.stderr, flush=True)


def _as_text(content: dict[str, Any]) -> Iterator[str]:
    """The items as somebody would read them."""
    headings = {section["id"]: section["heading"] for section in content["article"]["sections"]}
    yield content["article"]["title"]
    section = ""
    for item in content["items"]:
        if item["section"] != section:
            section = item["section"]
            yield f"\n== {headings[section] or 'Introduction'}"
        yield f"\n{item['stem']}   [{item['recipe']}, {item['level']}, {item['tier']}]"
        yield from _options_and_key(item)
        yield f"  {item['explanation']}"
        yield from (f"  warning {one['check']}: {one['message']}" for one in item["checks"])
    yield f"\n{len(content['items'])} items, {content['report']['spares']} spares"
    yield from (f"note: {note}" for note in content["report"]["notes"])
    for row in content["report"]["sections"]:
        if row["reasons"]:
            yield f"{headings[row['id']] or 'Introduction'}: {', '.join(row['reasons'])}"


def _options_and_key(item: dict[str, Any]) -> Iterator[str]:
    options = [option["text"] for option in item["options"]]
    if item["type"] == "matching":
        yield from (f"  {options[prompt]} -> {options[answer]}" for prompt, answer in item["key"])
        return
    for number, text in enumerate(options):
        yield f"  {'*' if number in item['key'] else '-'} {text}"
    if not options:
        yield f"  * {' | '.join(item['key'])}"
    if item["type"] == "ordering":
        yield f"  order: {', '.join(str(number + 1) for number in item['key'])}"


def _check(options: argparse.Namespace) -> int:
    article, items = _items(options.file)
    from questions.generation.checks.base import Context
    from questions.generation.checks.reference import Reference
    from questions.generation.checks.sets import Entry, ItemSet, verify_set
    from questions.generation.checks.verify import refusals, verify
    from questions.generation.nlp import load_nlp

    reference = Reference(article, nlp=load_nlp())
    named = [
        (name, finding)
        for name, _, _, item in items
        for finding in verify(item, Context(reference, "generated"))
    ]
    entries = tuple(Entry(name, section, recipe, item) for name, section, recipe, item in items)
    named += [(finding.field, finding) for finding in verify_set(ItemSet(entries, reference))]
    for name, finding in named:
        print(f"{name}: {finding.severity}, check {finding.check}, {finding.field}: {finding.message}")
    refused = refusals(tuple(finding for _, finding in named))
    print(f"{len(items)} items, {len(refused)} refusals, {len(named) - len(refused)} warnings")
    return REFUSED if refused else 0


def _items(path: Path) -> tuple[Article, list[tuple[str, str, str, Item]]]:
    """The article and the items (id, section, recipe, item) of a file that generate made."""
    from questions.items.content import item_from_json

    try:
        content = json.loads(_bytes(path))
        sections = tuple(_section(raw) for raw in content["article"]["sections"])
        items = [
            (str(raw["id"]), str(raw["section"]), str(raw["recipe"]), item_from_json(raw))
            for raw in content["items"]
        ]
        return Article(str(content["article"]["title"]), "", sections), items
    except UnicodeDecodeError:
        raise InputError(f"{path}: this is not a text file") from None
    except json.JSONDecodeError as error:
        raise InputError(f"{path}, line {error.lineno}: this is not JSON ({error.msg})") from None
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(f"{path}: this is not a file of items: {error!r}") from None


def _section(raw: dict[str, Any]) -> Section:
    """A section of which only the text is known: every paragraph counts as prose."""
    text, blocks, at = str(raw["text"]), [], 0
    for paragraph in text.split("\n\n"):
        if paragraph:
            blocks.append(Block("prose", Span(at, at + len(paragraph))))
        at += len(paragraph) + len("\n\n")
    return Section(str(raw["id"]), str(raw["heading"]), text, tuple(blocks))


def _bench(options: argparse.Namespace) -> int:
    if not options.folder.is_dir():
        raise InputError(f"{options.folder}: there is no such folder")
    from questions.generation.benchmark.run import measure, table
    from questions.generation.nlp import load_nlp

    start = time.perf_counter()
    nlp = load_nlp()
    loaded = time.perf_counter() - start
    bench = measure(options.folder, nlp, options.seed)
    bench.model_seconds = loaded
    if not bench.rows and not bench.refused:
        raise InputError(f"{options.folder}: there is no text in this folder")
    print(table(bench))
    return 0


def _fit(options: argparse.Namespace) -> int:
    from questions.generation import fit
    from questions.generation.decisions import read_decisions
    from questions.generation.pipeline import GENERATOR_VERSION

    decisions = _read(options.file, read_decisions)
    try:
        result = fit.fit(decisions)
    except fit.TooFewError as error:
        raise InputError(f"{options.file}: {error}") from None
    except ImportError:
        raise InputError("scikit-learn does the fitting: pip install 'readcheck[fit]'") from None
    print("\n".join(fit.table(result)))
    if options.output is not None:
        _write(fit.weights_file(result, GENERATOR_VERSION), options.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
