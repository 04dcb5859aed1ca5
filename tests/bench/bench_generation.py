"""Seconds and peak memory of the generator at 1,000, 10,000 and 50,000 words, in one run.

The long texts are made of the files given, section after section; from the second round on every name is
another one, so that nothing is known already. The target is 1.0 s per 1,000 words, end to end, at any length,
and 400 MB. On a shared machine seconds of the clock tell little: seconds of the processor count. `--shape section` puts all of it under one heading, `--shape paragraph` into one paragraph.

    python tests/bench/bench_generation.py FILE... [--words 1000 10000 50000] [--shape article]
"""

from __future__ import annotations

import argparse
import itertools
import re
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from questions.generation.nlp import load_nlp  # noqa: E402 (the repository is on the path only now)
from questions.generation.pipeline import generate  # noqa: E402 (as above)
from questions.reading.article import Article, Section  # noqa: E402 (as above)
from questions.reading.documents import read_document  # noqa: E402 (as above)

SECONDS_PER_1000_WORDS = 1.0
MEGABYTES = 400
_NAME = re.compile(r"\b[A-Z][a-z]{3,}\b")


def main() -> int:
    """Measure; gives 1 where a target is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--words", nargs="+", type=int, default=[1_000, 10_000, 50_000])
    parser.add_argument("--shape", choices=("article", "section", "paragraph"), default="article")
    options = parser.parse_args()
    articles = [read_document(path.read_bytes(), path.name) for path in options.files]
    start = time.perf_counter()
    nlp = load_nlp()
    print(f"model {time.perf_counter() - start:.2f} s, {peak():.0f} MB ({nlp.name or 'none'})")
    slowest = 0.0
    for words in options.words:
        article = long_article(articles, words, options.shape)
        count = sum(section.word_count for section in article.sections)
        start, begun = time.perf_counter(), time.process_time()
        made = generate(article, nlp=nlp)
        seconds, busy = time.perf_counter() - start, time.process_time() - begun
        rate = 1_000 * busy / count
        slowest = max(slowest, rate)
        print(
            f"{count:,} words, {len(article.sections)} sections: {seconds:.1f} s, of the processor {busy:.1f} s, "
            f"{rate:.2f} s per 1,000 words, "
            f"{len(made.items)} items, peak {peak():.0f} MB",
            flush=True,
        )
    return int(slowest > SECONDS_PER_1000_WORDS or peak() > MEGABYTES)


def peak() -> float:
    """The most memory this process ever had, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def long_article(articles: Sequence[Article], words: int, shape: str) -> Article:
    """An article of so many words."""
    parts: list[tuple[str, str]] = []
    for heading, text in endless([section for article in articles for section in article.sections]):
        parts.append((heading, text))
        words -= len(text.split())
        if words <= 0:
            break
    if shape == "article":
        text = "\n\n".join(f"## {heading}\n\n{text}" for heading, text in parts)
    elif shape == "section":
        text = "## All of it\n\n" + "\n\n".join(text for _, text in parts)
    else:
        text = " ".join(" ".join(text for _, text in parts).split())
    return read_document(f"# A long article\n\n{text}".encode(), "long.md")


def endless(sections: Sequence[Section]) -> Iterator[tuple[str, str]]:
    """Headings and texts, again and again, with other names each time."""
    for turn in itertools.count():
        ending = "" if turn == 0 else "abcdefghiklmnoprstuvwxyz"[turn % 24] * (1 + turn // 24)
        for number, section in enumerate(sections):
            text = _NAME.sub(lambda match: match[0] + ending, section.text)  # noqa: B023 (used at once)
            yield section.heading or f"Section {number}", text


if __name__ == "__main__":
    sys.exit(main())
