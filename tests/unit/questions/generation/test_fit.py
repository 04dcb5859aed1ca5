"""Weights are learnt from what reviewers decided, told with their counts, and only where there is enough."""

from __future__ import annotations

import csv
import json
from dataclasses import replace

import pytest

from questions import __main__ as command
from questions.generation import fit, rank
from questions.generation.decisions import Decision, DecisionsError, read_decisions
from questions.generation.rank import OWN, Weights, read_weights
from tests.factories.candidates import make_candidate
from tests.factories.decisions import make_decisions

ONE = Decision("faq", "infer", {"words_over_24": 2.0}, (11, 20), "edit")


def as_lines(decisions) -> str:
    return "".join(json.dumps(one.to_json()) + "\n" for one in decisions)


def as_csv(decisions, path):
    features = list(rank.FEATURE_WEIGHTS)
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["recipe", "level", "decision", "findings", *features])
        for one in decisions:
            counted = [one.features.get(name, "") for name in features]
            rows.writerow([one.recipe, one.level, one.decision, " ".join(map(str, one.findings)), *counted])
    return path


class TestReading:
    def test_lines_come_back_as_they_were(self):
        assert read_decisions("\ufeff" + as_lines([ONE]) + "\n") == [ONE]

    def test_a_table_says_the_same(self, tmp_path):
        (read,) = read_decisions(as_csv([ONE], tmp_path / "d.csv").read_text("utf-8"))
        assert read.named == ONE.named
        assert read.decision == "edit"

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("", "empty"),
            ('{"recipe": "faq"\n', "line 1: this is not JSON"),
            ('{"recipe": "faq"}\n[1]\n', "line 2: a decision is an object"),
            ('{"recipe": "faq", "level": "infer"}', "line 1: there is no 'decision'"),
            ('{"recipe": "faq", "level": "infer", "decision": "like"}', "not 'like'"),
            ('{"recipe": "faq", "level": "infer", "decision": "edit", "features": {"x": 1}}', "'x'"),
            ('{"recipe": "faq", "level": "infer", "decision": "edit", "findings": ["?"]}', "line 1"),
            ("recipe,level\nfaq,infer\n", "no column called decision"),
            ("recipe,level,decision\nfaq,infer,\n", "line 2: a decision is one of"),
        ],
    )
    def test_what_is_wrong_is_named_with_its_line(self, text, words):
        with pytest.raises(DecisionsError, match=r"line|empty") as refusal:
            read_decisions(text)
        assert words in str(refusal.value)


class TestWeights:
    def test_without_a_file_the_weights_of_this_program_count(self):
        assert OWN.score(ONE.named) == pytest.approx(3.0 + 0.4 - 0.05 * 2 - 0.5 - 0.6)
        assert OWN.of("recipe:unheard_of") == rank.UNKNOWN_RECIPE
        assert OWN.of("warning:99") == rank.OTHER_WARNING
        assert OWN.digest == ""

    def test_a_file_goes_before_them_where_it_says_something(self):
        weights = read_weights('{"weights": {"recipe:faq": -1, "warning:11": 0.5}}')
        assert weights.score(ONE.named) == pytest.approx(-1.0 + 0.4 - 0.05 * 2 + 0.5 - 0.6)
        assert weights.digest != replace(weights, fitted={"recipe:faq": -1.0}).digest
        made = make_candidate(1).proposal
        less = rank.score(made, (), Weights({f"recipe:{made.recipe}": -9.0}))
        assert less == pytest.approx(rank.score(made, ()) - 9 - OWN.of(f"recipe:{made.recipe}"))

    @pytest.mark.parametrize(
        "text",
        [
            "no",
            "[]",
            "{}",
            '{"weights": [1]}',
            '{"weights": {"recipe:faq": "x"}}',
            '{"weights": {"faq": 1}}',
            '{"weights": {"warning:x": 1}}',
            '{"weights": {"recipe:faq": NaN}}',
        ],
    )
    def test_what_is_no_file_of_weights_is_refused(self, text):
        with pytest.raises(ValueError, match=r"weights|called|no number"):
            read_weights(text)


@pytest.mark.needs("fit")
class TestFitting:
    def test_it_finds_what_the_reviewer_likes(self):
        result = fit.fit(make_decisions())
        of = result.weights.of
        assert (
            of("recipe:faq") > of("recipe:conditional") > of("recipe:true_statement") > of("recipe:heading")
        )
        assert of("warning:20") < 0
        assert of("feature:words_over_24") < 0
        assert result.is_better
        assert result.fitted.auc > result.present.auc > 0.5
        assert result.counts["recipe:faq"] > 30

    def test_the_scores_keep_their_scale(self):
        decisions = make_decisions()
        result = fit.fit(decisions)
        now = [OWN.score(one.named) for one in decisions]
        new = [result.weights.score(one.named) for one in decisions]
        assert sum(new) / len(new) == pytest.approx(sum(now) / len(now), abs=0.01)
        assert max(new) - min(new) < 2 * (max(now) - min(now))

    def test_a_recipe_with_few_decisions_keeps_its_weight(self):
        few = [Decision("ordering", "integrate", {}, (), "reject")] * (fit.FEWEST_OF_A_NAME - 1)
        result = fit.fit([*make_decisions(), *few])
        assert result.weights.of("recipe:ordering") == OWN.of("recipe:ordering")
        assert any("recipe:ordering" in line and "too few" in line for line in fit.table(result))

    def test_the_same_decisions_give_the_same_file(self):
        files = {fit.weights_file(fit.fit(make_decisions()), "1") for _ in range(2)}
        assert len(files) == 1
        assert read_weights(files.pop()).fitted

    def test_items_that_are_all_alike_teach_nothing(self):
        verdicts = ["accept"] * 60 + ["reject"] * 60
        with pytest.raises(fit.TooFewError, match=r"nothing to weigh"):
            fit.fit([Decision("faq", "infer", {}, (), verdict) for verdict in verdicts])

    def test_the_command_prints_and_writes(self, tmp_path, capsys):
        (tmp_path / "d.jsonl").write_text(as_lines(make_decisions()), "utf-8")
        out = tmp_path / "weights.json"
        assert command.main(["fit", str(tmp_path / "d.jsonl"), "-o", str(out)]) == 0
        printed = capsys.readouterr().out
        for words in ("240 decisions", "recipe:heading", "log-loss", "AUC", "feature:words_over_24"):
            assert words in printed
        assert command.main(["fit", str(as_csv(make_decisions(), tmp_path / "d.csv"))]) == 0
        assert capsys.readouterr().out == printed
        text = tmp_path / "text.txt"
        text.write_text("A title\n\nThe keeper of the old tower repaired the lamp in 1891.", "utf-8")
        made = []
        for arguments in ([], ["--weights", str(out)]):
            assert command.main(["generate", str(text), "--format", "json", *arguments]) == 0
            made.append(json.loads(capsys.readouterr().out)["report"])
        assert "weights" not in made[0]
        assert made[1]["weights"] == read_weights(out.read_text("utf-8")).digest


@pytest.mark.parametrize(
    ("decisions", "words"),
    [
        ([ONE] * 7, "There are 7 decisions, 0 of them accepted"),
        ([replace(ONE, decision="accept")] * 100, "20 were not"),
        ([ONE] * 100, "At least 100 are needed, of which 20 were accepted"),
    ],
)
def test_too_few_decisions_are_refused_with_the_number_it_takes(decisions, words, tmp_path, capsys):
    file = tmp_path / "d.jsonl"
    file.write_text(as_lines(decisions), "utf-8")
    assert command.main(["fit", str(file)]) == command.REFUSED
    assert words in capsys.readouterr().err


def test_without_the_library_its_name_is_told(tmp_path, capsys, monkeypatch):
    def absent():
        raise ImportError

    monkeypatch.setattr(fit, "_model", absent)
    file = tmp_path / "d.jsonl"
    file.write_text(as_lines(make_decisions()), "utf-8")
    assert command.main(["fit", str(file)]) == command.REFUSED
    assert "pip install 'readcheck[fit]'" in capsys.readouterr().err


def test_bad_files_are_refused_by_name(tmp_path, capsys):
    file = tmp_path / "bad"
    file.write_bytes(b"\xff\xfe\x00")
    assert command.main(["fit", str(file)]) == command.REFUSED
    assert "not a text file" in capsys.readouterr().err
    file.write_text("{}", "utf-8")
    text = tmp_path / "text.txt"
    text.write_text("A title\n\nThe keeper repaired the lamp.", "utf-8")
    assert command.main(["generate", str(text), "--weights", str(file)]) == command.REFUSED
    assert "not a file of weights" in capsys.readouterr().err
