"""Other wrong answers: the same question, evidence and right answer, and a set of options not seen before."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from questions.generation.checks.base import Context
from questions.generation.checks.reference import Reference
from questions.generation.checks.verify import refusals, verify
from questions.generation.nlp import NoNlp, load_nlp
from questions.generation.other_options import Place, find_other_options, options_of
from questions.generation.pipeline import generate
from questions.items.base import Option
from questions.reading.documents import read_document

SAMPLE = Path(__file__).parents[3] / "data" / "sample_article.txt"
ARTICLE = read_document(SAMPLE.read_bytes(), SAMPLE.name)


@pytest.fixture(scope="module")
def place() -> Place:
    """A question of a recipe that has many wrong answers to choose from."""
    generation = generate(ARTICLE, nlp=load_nlp())
    for made in (*generation.items, *generation.spares):
        place = Place(made.section, made.recipe, made.item)
        if made.recipe == "statement_choice" and find(place, [options_of(made.item)]) is not None:
            return place
    raise AssertionError("no question of the sample has other wrong answers")


def find(place, seen, **options):
    return find_other_options(ARTICLE, place, seen, nlp=load_nlp(), **options)


def right_answers(item) -> list[str]:
    return [item.options[part].text for part in item.key]


def test_question_evidence_and_right_answer_stay_and_the_options_are_others(place):
    item, _warnings = find(place, [options_of(place.item)])
    assert (item.stem, item.evidence, item.explanation) == (
        place.item.stem,
        place.item.evidence,
        place.item.explanation,
    )
    assert right_answers(item) == right_answers(place.item)
    assert options_of(item) != options_of(place.item)
    assert all(option.feedback for option in item.options)


def test_what_is_found_passes_the_checks(place):
    item, warnings = find(place, [options_of(place.item)])
    assert not refusals(warnings)
    assert not refusals(verify(item, Context(Reference(ARTICLE))))


def test_no_set_comes_twice_and_in_the_end_there_is_none(place):
    seen = [options_of(place.item)]
    while (found := find(place, seen, seed=len(seen))) is not None:
        assert options_of(found[0]) not in seen
        seen.append(options_of(found[0]))
        assert len(seen) < 60
    assert len(seen) > 1


def test_the_same_again_for_the_same_seed(place):
    seen = [options_of(place.item)]
    assert find(place, seen) == find(place, seen)


def test_the_order_of_options_does_not_make_a_set_another(place):
    turned = replace(place.item, options=tuple(reversed(place.item.options)))
    assert options_of(turned) == options_of(place.item)


def test_what_its_author_changed_stays(place):
    reworded = replace(place.item, stem="What does this section say of it?", explanation="See there.")
    item, _warnings = find(replace(place, item=reworded), [options_of(place.item)])
    assert (item.stem, item.explanation) == ("What does this section say of it?", "See there.")


def test_another_right_answer_is_another_question(place):
    [key] = place.item.key
    options = list(place.item.options)
    options[key] = Option("Nothing of the kind was ever said by anybody.", "key")
    assert find(replace(place, item=replace(place.item, options=tuple(options))), []) is None


@pytest.mark.parametrize("change", [{"recipe": "of_tomorrow"}, {"section": "nowhere"}])
def test_an_unknown_recipe_or_section_has_none(place, change):
    assert find(replace(place, **change), []) is None


def test_without_a_language_model_there_are_none(place):
    assert find_other_options(ARTICLE, place, [], nlp=NoNlp()) is None


def test_progress_is_told_and_can_stop_it(place):
    steps = []
    find(place, [options_of(place.item)], progress=lambda done, total, label: steps.append((done, total)))
    assert steps == [(0, 2), (1, 2), (2, 2)]

    def stop(*_step) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        find(place, [], progress=stop)
