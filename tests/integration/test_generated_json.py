"""What `python -m questions generate` prints, read again by a second pair of eyes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from questions.generation.nlp import load_nlp
from questions.generation.pipeline import generate, generation_to_json
from questions.reading.documents import DocumentError, read_document, read_text
from tests.integration.plain_reading import violations

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "tests" / "data" / "sample_article.txt"
SHARED = ROOT / ".." / "shared"
ARTICLE = SHARED / "article" / "source.txt"
TEXTS = sorted((SHARED / "texts").glob("*.txt"))

needs_article = pytest.mark.skipif(not ARTICLE.exists(), reason="the shared article is not here")


def run(*arguments, hash_seed):
    # Not measured: it would take twice as long, and runs nothing that others here do not run too.
    own = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    return subprocess.run(
        [sys.executable, "-m", "questions", *map(str, arguments)],
        cwd=ROOT,
        env=own | {"PYTHONHASHSEED": hash_seed},
        capture_output=True,
        timeout=120,
    )


def document_of(article, seed=0):
    return json.loads(json.dumps(generation_to_json(generate(article, seed=seed, nlp=load_nlp()))))


def document_of_file(path, seed=0):
    return document_of(read_document(path.read_bytes(), path.name), seed)


@pytest.fixture(scope="module")
def sample():
    return document_of_file(SAMPLE)


def test_the_first_key_does_not_stand_in_one_place_in_every_article():
    text = SAMPLE.read_text(encoding="utf-8")
    firsts = set()
    for year in range(1881, 1889):
        document = document_of(read_document(text.replace("1881", str(year)).encode(), SAMPLE.name))
        choices = [item for item in document["items"] if item["type"] == "multiple_choice"]
        firsts.add(choices[0]["key"][0])
    assert len(firsts) > 2


def test_the_shape_is_the_documented_one(sample):
    assert list(sample) == ["article", "items", "rejected", "report"]
    assert list(sample["article"]) == ["title", "sections"]
    assert all(list(section) == ["id", "heading", "text"] for section in sample["article"]["sections"])
    for item in sample["items"]:
        assert set(item) == {
            "id", "section", "type", "recipe", "tier", "level", "stem", "options", "key", "evidence",
            "explanation", "checks",
        }  # fmt: skip
        assert set(item["level"].split()) <= {"retrieve", "infer", "integrate", "evaluate"}
        assert item["tier"] in {"auto", "review"}
        assert item["explanation"]
        assert all(set(span) == {"section", "start", "end", "quote"} for span in item["evidence"])
        assert all(
            {"text", "role"} <= set(option) <= {"text", "role", "feedback"} for option in item["options"]
        )
    assert all(set(one) == {"recipe", "section", "reason"} for one in sample["rejected"])
    assert {"seed", "versions", "model", "sections", "spares"} <= set(sample["report"])


def test_no_violation_on_our_own_article(sample):
    assert violations(sample) == []


def test_no_violation_with_other_seeds():
    for seed in (1, 2, 3):
        assert violations(document_of_file(SAMPLE, seed)) == []


def test_every_section_gets_items(sample):
    count = {section["id"]: 0 for section in sample["article"]["sections"]}
    for item in sample["items"]:
        count[item["section"]] += 1
    assert min(count.values()) >= 2
    words = sum(len(section["text"].split()) for section in sample["article"]["sections"])
    assert len(sample["items"]) >= 20 * words / 1000
    assert len({item["recipe"] for item in sample["items"]}) >= 6
    assert len({item["type"] for item in sample["items"]}) >= 4
    assert len({item["level"] for item in sample["items"]}) >= 2


def test_two_processes_print_the_same_bytes(sample):
    first, second = (run("generate", SAMPLE, "--format", "json", hash_seed=seed) for seed in ("1", "4242"))
    assert first.returncode == second.returncode == 0
    assert first.stdout == second.stdout
    assert b" s" in first.stderr
    printed = json.loads(first.stdout)
    assert printed["items"] == sample["items"], "a third process, this one, makes the same"
    assert printed["items"] != document_of_file(SAMPLE, seed=7)["items"]


@needs_article
def test_the_article_this_product_was_asked_to_teach():
    document = document_of_file(ARTICLE)
    assert violations(document) == []
    assert len(document["items"]) >= 22
    assert len({item["recipe"] for item in document["items"]}) >= 6
    for section in document["article"]["sections"]:
        here = [item for item in document["items"] if item["section"] == section["id"]]
        is_faq = section["heading"].startswith("FAQ")
        words = len(section["text"].split())
        assert len(here) >= (2 if is_faq else 4 if words >= 150 else 3)
        assert is_faq or len({item["type"] for item in here}) >= 2


@pytest.mark.skipif(not TEXTS, reason="the shared texts are not here")
@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_no_violation_on_other_texts(path):
    assert violations(document_of_file(path)) == []


FRENCH = (
    "Le phare de l’île\n\nLe phare fut construit en 1801 sur une île au large de la côte. Trois gardiens y vivaient "
    "toute l’année. En 1959, une lampe électrique remplaça la lampe à huile.\n\nUne tempête détruisit la première "
    "tour en 1794, et quatorze navires furent perdus. Le gouvernement envoya des bateaux plus grands.\n\n"
    "Pourquoi la tour est-elle tombée ?\nParce qu’elle était en bois.\n\nPeut-on la visiter ?\nOui, en été."
)
BULLETS = "Tools\n\nWe use:\n\n" + "\n".join(f"• Tool {n} (version {n}.{n}, does things)" for n in range(20))
NUMBERS = "Table\n\n" + "\n\n".join(" ".join(str(7 * n + k) for k in range(12)) for n in range(12))


@pytest.mark.parametrize(("name", "text"), [("French", FRENCH), ("bullets", BULLETS), ("numbers", NUMBERS)])
def test_what_is_no_english_prose_gets_few_items_and_a_reason(name, text):
    document = document_of(read_text(text))
    assert len(document["items"]) <= (2 if name == "bullets" else 0)
    assert violations(document) == []
    assert all(row["reasons"] for row in document["report"]["sections"])


EDITS = st.lists(
    st.tuples(
        st.sampled_from(["delete", "double", "swap", "insert", "join"]),
        st.integers(0, 10_000),
        st.sampled_from(
            [
                "However, ",
                "not ",
                "“",
                '"',
                "(",
                " - ",
                "\n\n",
                "? ",
                "He said ",
                "• ",
                "3.5 ",
                "the ",
                "\u200b",
                "é",
            ]
        ),
    ),
    min_size=1,
    max_size=12,
)


def edited(text, edits):
    words = text.split(" ")
    for kind, number, piece in edits:
        place = number % max(len(words) - 1, 1)
        if kind == "delete" and len(words) > 2:
            del words[place]
        elif kind == "double":
            words.insert(place, words[place])
        elif kind == "swap":
            words[place], words[place + 1] = words[place + 1], words[place]
        elif kind == "join":
            words[place : place + 2] = ["".join(words[place : place + 2])]
        else:
            words[place] = piece + words[place]
    return " ".join(words)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(edits=EDITS, part=st.integers(0, 3))
def test_an_edited_text_never_raises_and_never_breaks_a_gate(edits, part):
    text = SAMPLE.read_text(encoding="utf-8")
    quarter = len(text) // 4
    try:
        article = read_text(edited(text[part * quarter : (part + 2) * quarter], edits))
    except DocumentError:
        return
    assert violations(document_of(article)) == []


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=st.text(max_size=400))
def test_any_text_at_all_never_raises(text):
    try:
        article = read_text(text)
    except DocumentError:
        return
    assert violations(document_of(article)) == []
