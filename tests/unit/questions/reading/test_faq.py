"""Questions with their answers, found and taken apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.reading.documents import read_text
from questions.reading.faq import faq_parts, is_faq_name, is_run_together


@pytest.mark.parametrize(
    ("text", "question", "answer"),
    [
        ("Is it open?Yes, until nine.", "Is it open?", "Yes, until nine."),
        ("Is it open? Yes, until nine.", "Is it open?", "Yes, until nine."),
        ("Is it open?\nYes.\nUntil nine.", "Is it open?", "Yes.\nUntil nine."),
        ("Q: Is it open?\nA: Yes.", "Is it open?", "Yes."),
        ("Q: Is it open? A: Yes.", "Is it open?", "Yes."),
        ("Question 3: Tell me why.\nAnswer: Because.", "Tell me why.", "Because."),
        ("Wer kommt?”Niemand.", "Wer kommt?”", "Niemand."),
        ("هل هو مفتوح؟نعم.", "هل هو مفتوح؟", "نعم."),
        ("No question at all.", "No question at all.", ""),
        ("Only a question?", "Only a question?", ""),
    ],
)
def test_question_and_answer(text, question, answer):
    spans = faq_parts(text)
    assert tuple(span.of(text) for span in spans) == (question, answer)


@given(st.text(max_size=60))
def test_taking_apart_never_fails(text):
    question, answer = faq_parts(text)
    assert question.end <= answer.start
    assert answer.end == len(text)


@pytest.mark.parametrize(
    "text",
    [
        "Why is it open?Because of you.",
        "How many come?30 a day.",
        "Why then?“Because.”",
        "هل هو مفتوح؟نعم، هو مفتوح.",
    ],
)
def test_run_together(text):
    assert is_run_together(text)


@pytest.mark.parametrize(
    "text",
    [
        "Why is it open? Because.",
        "Really?No.",
        "See http://a.b/c d?Query=1",
        "Is it?maybe",
        "why is it?Because",
        "No question. Here?",
        "你知道吗？是的。",
        "A" * 400 + " b?Because",
    ],
)
def test_not_run_together(text):
    assert not is_run_together(text)


@pytest.mark.parametrize(
    "name",
    ["FAQ", "The museum: FAQs", "Q&A", "Questions and answers", "Foire aux questions", "Häufige Fragen"],
)
def test_names_of_a_faq(name):
    assert is_faq_name(name)


@pytest.mark.parametrize("name", ["Faqir", "Questions of style", "The Q factor"])
def test_other_names(name):
    assert not is_faq_name(name)


def kinds(text):
    return [
        (section.heading, [block.kind for block in section.blocks]) for section in read_text(text).sections
    ]


def test_question_headings_with_short_answers_are_a_faq():
    text = "The mill\n\nIt grinds here.\n\nWho owns it?\nThe village.\n\nWho runs it?\nThe miller does.\n"
    assert kinds(text) == [("", ["prose", "faq", "faq"])]


def test_question_headings_with_long_answers_head_sections():
    text = "The mill\n\nIt grinds here.\n\nWho owns it?\nThe village.\nIt paid.\n\nWho runs it?\nThe miller does.\n"
    assert kinds(text) == [("", ["prose"]), ("Who owns it?", ["prose", "prose"]), ("Who runs it?", ["prose"])]


def test_a_question_inside_prose_stays_prose():
    text = "The mill\n\nIt grinds here. Who owns it?\n\nBut why?\n\nThe village does. Nobody knows why."
    assert kinds(text) == [("", ["prose", "prose", "prose"])]


def test_a_list_inside_an_answer_stays_a_list():
    text = (
        "# Mill\n\n## FAQ\n\n### What is sold?\n\nThree things.\n\n- Flour\n- Bran\n\n### Where?\n\n- Here\n"
    )
    assert kinds(text) == [("FAQ", ["faq", "list", "prose", "list"])]


def test_subheadings_that_do_not_all_ask_head_sections():
    text = "# Mill\n\n## Work\n\nIt is hard.\n\n### Who works?\n\nTwo people.\n\n### Wages\n\nThey are low.\n"
    assert kinds(text) == [("Work", ["prose"]), ("Who works?", ["prose"]), ("Wages", ["prose"])]


def test_subheadings_that_all_ask_are_a_faq_however_long_the_answers():
    text = (
        "# Mill\n\n## Visits\n\nAll may come.\n\n### Who leads them?\n\nTwo people.\n\nBoth are old.\n\n"
        "### When?\n\nBy day.\n\nNot at night.\n\n## Work\n\nIt is hard.\n"
    )
    assert kinds(text) == [("Visits", ["prose", "faq", "faq"]), ("Work", ["prose"])]


def test_a_title_may_say_that_it_is_a_faq():
    text = "# Mill FAQ\n\n## Who works?\n\nTwo people.\n\nBoth are old.\n"
    assert kinds(text) == [("", ["faq"])]


def test_labels_of_question_and_answer():
    text = "The mill\n\nQ: Who works here?\nA: Two people.\n\nQ: Are they old? A: They are.\n"
    assert kinds(text) == [("", ["faq", "faq"])]


def test_a_question_without_an_answer_at_the_end_of_a_faq():
    assert kinds("The mill\n\nFAQ\n\nWho works here? Two people.\n\nAre they old?\n") == [
        ("FAQ", ["faq", "prose"])
    ]


def test_a_faq_heading_that_touches_its_first_question():
    text = (
        "The mill\n\nIt grinds here.\n\nFAQ\nWho owns it?\nThe village.\n\nWho runs it?\nThe miller does.\n"
    )
    assert kinds(text) == [("", ["prose"]), ("FAQ", ["faq", "faq"])]
