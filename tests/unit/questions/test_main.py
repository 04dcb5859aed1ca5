"""`python -m questions`: what it prints, where it prints it, and how it ends."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from questions.__main__ import PROVIDERS, main
from questions.generation.providers import registry
from tests.factories.chat_server import KEY, Answer, Honest, chat_server, written

SAMPLE = Path(__file__).parents[2] / "data" / "sample_article.txt"


@pytest.fixture
def items_file(tmp_path):
    path = tmp_path / "items.json"
    assert main(["generate", str(SAMPLE), "--format", "json", "-o", str(path)]) == 0
    return path


def test_generate_as_text(capsys):
    assert main(["generate", str(SAMPLE)]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("The Lighthouse Keepers of Skerry Island")
    assert "  * " in out
    assert " s" in err


def test_generate_as_json_has_no_durations(items_file, capsys):
    document = json.loads(items_file.read_text(encoding="utf-8"))
    assert document["items"]
    assert "seconds" not in json.dumps(document["report"])
    assert capsys.readouterr().out == ""


@pytest.fixture
def model(monkeypatch):
    """A language model on this machine, set up in the environment."""
    with chat_server() as server:
        monkeypatch.setenv("READCHECK_LLM_URL", server.address)
        monkeypatch.setenv("READCHECK_LLM_MODEL", "tiny")
        monkeypatch.setenv("READCHECK_LLM_KEY", KEY)
        monkeypatch.setenv("READCHECK_LLM_PRICE_OUT", "0.25")
        yield server


FERRY = """The Ferry of Lindholm

In 1902 the town of Lindholm bought its first ferry from a shipyard in Hamburg. The ferry carried carts and cattle \
across the sound. The council sold the ferry because a bridge had been opened. The winter of 1911 was the warmest in \
memory, and the town paid the crew for four extra months.
"""


@pytest.mark.needs("model")
def test_a_language_model_is_asked_where_that_is_wished(model, tmp_path, capsys):
    article, out = tmp_path / "ferry.txt", tmp_path / "items.json"
    article.write_text(FERRY, encoding="utf-8")
    carried = written(
        "What did the ferry of Lindholm carry over the sound?",
        "carts and cattle",
        "salt and herring",
        "coal and timber",
        quotes=["The ferry carried carts and cattle across the sound."],
    )
    model.answers = Honest([carried])
    arguments = ["generate", str(article), "--format", "json", "-o", str(out)]
    assert main([*arguments, "--provider", "openai_compatible"]) == 0
    bill = "language model tiny: 1 questions proposed, 1 passed; 3 calls, 300 tokens read, 60 written; cost 0.0150"
    err = capsys.readouterr().err
    assert bill in err
    assert KEY not in err
    document = json.loads(out.read_text(encoding="utf-8"))
    assert document["report"]["provider"]["calls"] == 3
    assert carried["question"] in {item["stem"] for item in document["items"]}
    assert main(["check", str(out)]) == 0
    model.calls.clear()
    assert main(arguments) == 0
    assert model.calls == []


def test_where_it_is_not_there_a_note_says_so(model, capsys):
    model.answers = lambda call: Answer(status=403)
    assert main(["generate", str(SAMPLE), "--provider", "openai_compatible"]) == 0
    assert (
        "note: The language model could not be reached (it refused the key, status 403); made by rules."
        in (capsys.readouterr().out)
    )


def test_and_where_it_is_not_set_up_the_settings_are_named(monkeypatch, capsys):
    for name in ("URL", "MODEL", "KEY"):
        monkeypatch.delenv(f"READCHECK_LLM_{name}", raising=False)
    assert main(["generate", str(SAMPLE), "--provider", "openai_compatible"]) == 1
    assert "READCHECK_LLM_URL" in capsys.readouterr().err


def test_the_command_knows_every_provider():
    assert registry.PROVIDERS == PROVIDERS


def test_progress_is_silent_in_a_pipe(capsys):
    main(["generate", str(SAMPLE)])
    assert "\r" not in capsys.readouterr().err


def test_progress_is_shown_on_a_terminal(capsys, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    main(["generate", str(SAMPLE)])
    assert "Life on the Rock" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("missing.txt", None, "No such file"),
        ("empty.txt", b"", "empty"),
        ("photo.txt", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)), ""),
        ("text.exe", b"A text.", ""),
    ],
)
def test_refused_input_is_named_and_ends_with_1(tmp_path, capsys, name, content, says):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    assert main(["generate", str(path)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert name in err
    assert says in err
    assert "Traceback" not in err


@pytest.mark.parametrize("arguments", [[], ["sing"], ["generate"], ["generate", "a", "--seed", "x"]])
def test_wrong_use_ends_with_2(arguments):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2


def test_an_output_that_cannot_be_written_is_named(tmp_path, capsys):
    assert main(["generate", str(SAMPLE), "-o", str(tmp_path / "no" / "where.txt")]) == 1
    assert "where.txt" in capsys.readouterr().err


def test_check_passes_what_generate_made(items_file, capsys):
    assert main(["check", str(items_file)]) == 0
    assert "0 refusals" in capsys.readouterr().out


def test_check_refuses_a_spoilt_item(items_file, capsys):
    document = json.loads(items_file.read_text(encoding="utf-8"))
    document["items"][0]["evidence"][0]["quote"] += "x"
    items_file.write_text(json.dumps(document), encoding="utf-8")
    assert main(["check", str(items_file)]) == 1
    assert f"{document['items'][0]['id']}: hard, check 1, evidence:" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"{", "line 1"),
        (b"[]", "not a file of items"),
        (b"\xff\xfe\x00", "not a text file"),
        (b'{"article": {"title": "A", "sections": []}, "items": [{}]}', "not a file of items"),
        (b'{"article": {"title": "A", "sections": [1]}, "items": []}', "not a file of items"),
    ],
)
def test_check_names_what_is_no_items_file(tmp_path, capsys, content, says):
    path = tmp_path / "items.json"
    path.write_bytes(content)
    assert main(["check", str(path)]) == 1
    assert says in capsys.readouterr().err


def test_bench_prints_its_tables(tmp_path, capsys):
    (tmp_path / "one.txt").write_bytes(SAMPLE.read_bytes())
    (tmp_path / "two.txt").write_bytes(b"")
    (tmp_path / "human_items").mkdir()
    human = {
        "text": "Ice kept boats.",
        "stem": "What kept boats?",
        "options": ["Ice", "Fog", "Law"],
        "key": 0,
    }
    (tmp_path / "human_items" / "by_hand.json").write_text(json.dumps([human]), encoding="utf-8")
    assert main(["bench", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert "| one.txt |" in out
    assert "| by_hand | 1 |" in out
    assert "planted flaw" in out
    assert "Refused: two.txt" in out
    assert "MB" in out


@pytest.mark.parametrize("folder", ["nowhere", "."])
def test_bench_names_a_folder_without_texts(tmp_path, capsys, folder):
    assert main(["bench", str(tmp_path / folder)]) == 1
    assert "folder" in capsys.readouterr().err


def test_asking_for_help_loads_no_language_model():
    code = "import sys, questions.__main__ as m\ntry: m.main(['--help'])\nexcept SystemExit: print('spacy' in sys.modules)"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert ended.stdout.strip().endswith("False")
