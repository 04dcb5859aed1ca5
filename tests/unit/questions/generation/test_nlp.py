"""The language model: refused when its files differ, and given a text of the same length as the original."""

from __future__ import annotations

import shutil
from importlib import util
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.generation import nlp
from questions.generation.nlp import CARRIED, FILE_DIGESTS, NoNlp, changed_files, load_nlp, normalised


@given(st.text())
def test_normalising_keeps_every_place(text):
    assert len(normalised(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Xi\u2019s \u201creturn\u201d", 'Xi\'s "return"'),
        ("1777\u20131778", "1777-1778"),
        ("a \u2013 b", "a \u2013 b"),
        ("one\u2014two", "one\u2014two"),
        ("40\u00a0000", "40 000"),
    ],
)
def test_normalises_quotes_spaces_and_inner_dashes(text, plain):
    assert normalised(text) == plain


def test_without_a_model_sentences_have_no_tokens():
    assert NoNlp().parse(["A sentence.", "Another."]) == [(), ()]


def test_parses_with_places_in_the_sentence():
    sentence = "The keeper\u2019s  lamp burned."
    tokens = load_nlp().parse([sentence])[0]
    assert [sentence[token.start : token.end] for token in tokens] == [
        "The", "keeper", "\u2019s", "lamp", "burned", ".",
    ]  # fmt: skip
    assert tokens[4].head == 4
    assert tokens[3].head == 4


def test_is_loaded_once():
    assert load_nlp() is load_nlp()


@pytest.fixture
def model_folder(tmp_path):
    """A copy of the carried model, small files only; the large ones are links."""
    origin = Path(util.find_spec(CARRIED).origin).parent
    for name in FILE_DIGESTS:
        inner = name.replace("DATA", f"{CARRIED}-{nlp.VERSION}")
        (tmp_path / inner).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / inner).symlink_to(origin / inner)
    return tmp_path


def test_the_installed_model_is_the_one_we_know(model_folder):
    assert changed_files(model_folder) == []


@pytest.mark.parametrize("name", ["__init__.py", f"{CARRIED}-{nlp.VERSION}/parser/cfg"])
def test_names_a_changed_file(model_folder, name):
    (model_folder / name).unlink()
    (model_folder / name).write_text("print('mine')")
    assert changed_files(model_folder) == [Path(name).name]


def test_names_a_missing_file(model_folder):
    shutil.rmtree(model_folder / f"{CARRIED}-{nlp.VERSION}" / "ner")
    assert changed_files(model_folder) == ["cfg", "model", "moves"]


def test_goes_on_without_a_model_that_was_changed(monkeypatch):
    monkeypatch.setattr(nlp, "changed_files", lambda folder: ["model"])
    monkeypatch.setattr(nlp, "OFFICIAL", "en_core_web_none")
    load_nlp.cache_clear()
    try:
        loaded = load_nlp()
    finally:
        load_nlp.cache_clear()
    assert loaded.name == ""
    assert "model is not the file this program knows" in loaded.notes[0]
    assert loaded.parse(["A sentence."]) == [()]


def test_refuses_another_version(monkeypatch, tmp_path):
    monkeypatch.setattr(nlp.metadata, "version", lambda package: "999.9.9")
    assert "999.9.9" in nlp.refused(CARRIED, tmp_path)
    assert "999.9.9" in nlp.refused(nlp.OFFICIAL, tmp_path)
