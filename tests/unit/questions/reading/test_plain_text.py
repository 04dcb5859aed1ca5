"""Text without markup: which lines belong together, and which of them are headings."""

import pytest

from questions.reading.documents import read_text

PROSE = "The mill grinds all night. It is loud."


def cut(text):
    article = read_text(text)
    return [(section.heading, section.text) for section in article.sections]


def blocks(text):
    return [
        (block.kind, block.span.of(section.text))
        for section in read_text(text).sections
        for block in section.blocks
    ]


def headings(text):
    return [section.heading for section in read_text(text).sections]


def test_paragraphs_on_single_lines():
    assert blocks(f"The mill\n\n{PROSE}\n{PROSE}\n\n{PROSE}") == [("prose", PROSE)] * 3


def test_lines_broken_by_width_are_joined():
    text = (
        "The mill\n\n"
        "The mill grinds all night and all day, and when the wind drops it\n"
        "is the river that turns the stones, which nobody would believe who\n"
        "has not seen the two wheels standing one above the other in spring.\n"
        "The miller sleeps in the loft. He is used to the noise, and he says\n"
        "that he wakes up only when it stops.\n"
        "   The next paragraph is set in. It begins with the miller's wife,\n"
        "who does not sleep there.\n"
    )
    found = blocks(text)
    assert [kind for kind, _ in found] == ["prose", "prose"]
    assert found[1][1].startswith("The next paragraph")


def test_a_sentence_broken_once_is_joined_where_it_goes_on_small():
    text = f"The mill\n\nThe mill grinds all night and all of the day and\nsometimes on Sundays.\n\n{PROSE}"
    assert blocks(text)[0] == (
        "prose",
        "The mill grinds all night and all of the day and sometimes on Sundays.",
    )


@pytest.mark.parametrize("mark", ["-", "*", "+", "•", "–", "▪", "→"])
def test_bullets(mark):
    text = f"The mill\n\nIt makes:\n{mark} flour\n{mark} bran, which is\n   sold to farmers\n\n{mark} noise\n\n{PROSE}"
    assert blocks(text) == [
        ("prose", "It makes:"),
        ("list", "flour\nbran, which is sold to farmers\nnoise"),
        ("prose", PROSE),
    ]


@pytest.mark.parametrize(
    "marks", [("1.", "2.", "3."), ("1)", "2)", "3)"), ("(a)", "(b)", "(c)"), ("a)", "b)", "c)")]
)
def test_numbered_items_keep_their_number(marks):
    lines = [f"{mark} Step of the work." for mark in marks]
    text = "The mill\n\nDo this:\n" + "\n".join(lines)
    assert blocks(text)[1] == ("list", "\n".join(lines))


def test_one_number_or_dash_alone_is_no_list():
    assert blocks(f"The mill\n\n1. The wheel turned, and it was wet.\n\n{PROSE}")[0][0] == "prose"
    assert blocks(f"The mill\n\n– The wheel turned, said he.\n\n{PROSE}")[0][0] == "prose"


def test_quotations_rules_and_code():
    text = (
        f"The mill\n\n{PROSE}\n\n> All night\n> it grinds.\n\n* * *\n\n```\nrun(1)\n\nstop()\n```\n\n{PROSE}"
    )
    assert blocks(text)[1:3] == [("quote", "All night it grinds."), ("code", "run(1)\n\nstop()")]


def test_a_fence_that_never_closes_is_text():
    assert blocks(f"The mill\n\n```\n{PROSE}")[-1] == ("prose", PROSE)


@pytest.mark.parametrize(
    "heading",
    [
        "At night",
        "AT NIGHT",
        "2. At night",
        "Night: a history",
        "iPhones at night",
        "Ночью",
        "夜里",
        "في الليل",
        "Ḥeld at night",
    ],
)
def test_headings_between_blank_lines(heading):
    assert headings(f"The mill\n\n{PROSE}\n\n{heading}\n\n{PROSE}") == ["", heading]


def test_headings_in_a_text_without_blank_lines():
    assert headings(f"The mill\n{PROSE}\nAt night\n{PROSE}\nBy day\n{PROSE}") == ["", "At night", "By day"]


@pytest.mark.parametrize(
    "line",
    [
        "it goes on small",
        "It ends like a sentence.",
        "It leads on:",
        "Half of it,",
        "x" * 120,
        " ".join(["Word"] * 20),
        "Photo: the mill",
        "12 34 56",
        "2019 2020 mill",
        "Wheel\tStone",
        "It stopped. Then it went on",
    ],
)
def test_lines_that_are_no_heading(line):
    assert headings(f"The mill\n\n{PROSE}\n\n{line}\n\n{PROSE}") == [""]


def test_a_short_line_touching_a_paragraph_is_no_heading_where_others_stand_apart():
    assert headings(f"The mill\n\n{PROSE}\n\n{PROSE}\nAt night\n{PROSE}") == [""]


def test_many_short_lines_are_a_list_without_marks():
    assert blocks(f"The mill\n\n{PROSE}\n\nFlour\nBran\nNoise\n\n{PROSE}")[1] == (
        "fragment",
        "Flour\nBran\nNoise",
    )


def test_the_last_line_is_no_heading():
    assert blocks(f"The mill\n\n{PROSE}\n\nThe end")[-1] == ("fragment", "The end")


def test_two_headings_in_a_row_are_one():
    assert headings(f"The mill\n\n{PROSE}\n\nPART ONE\nAt night\n\n{PROSE}") == ["", "PART ONE: At night"]


def test_labels_with_values():
    text = f"The mill\n\n{PROSE}\n\nBuilt: 1811\nOwner: the village\n\n{PROSE}"
    assert blocks(text)[1] == ("fragment", "Built: 1811\nOwner: the village")


def test_underlined_headings_win_over_guesses():
    text = f"The mill\n========\n\n{PROSE}\n\nA short line\n\n{PROSE}\n\nAt night\n--------\n\n{PROSE}"
    assert headings(text) == ["", "At night"]


def test_one_underlined_heading_is_one_among_guesses():
    text = f"The mill\n\n{PROSE}\n\nBy day\n\n{PROSE}\n\nAt night\n--------\n\n{PROSE}"
    assert headings(text) == ["", "By day", "At night"]


def test_titles():
    assert read_text(f"Does the mill grind?\n\n{PROSE}").title == "Does the mill grind?"
    assert read_text(f"The mill\n\nThe mill\n\nTHE MILL\n\n{PROSE}").title == "The mill"
    assert cut(f"The mill\n\nThe mill\n\nTHE MILL\n\n{PROSE}") == [("", PROSE)]
    assert read_text(f"By Jane Doe\n\n{PROSE}").title == "By Jane Doe"
    assert cut(f"The mill\n\nBy Jane Doe\n\n{PROSE}") == [("", f"By Jane Doe\n\n{PROSE}")]


def test_a_standfirst_is_right_below_the_title_with_a_gap_after_it():
    article = read_text(f"The mill\nHow a village grinds its corn.\n\n{PROSE}\n\n{PROSE}")
    assert article.standfirst == "How a village grinds its corn."
    assert read_text(f"The mill\n\nHow a village grinds.\n\n{PROSE}").standfirst == ""
    assert read_text(f"The mill\nHow a village grinds.\n{PROSE}").standfirst == ""


def test_any_line_break():
    assert cut("The mill\r\n\r\nIt grinds.\r\rAt night\u2028\u2028It sleeps.") == [
        ("", "It grinds."),
        ("At night", "It sleeps."),
    ]
