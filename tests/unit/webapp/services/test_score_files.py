"""Tables as files: what a spreadsheet reads back is what was written, and no cell is a formula."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from webapp.services.score_files import WRITERS, csv_cell, plain_number

COLUMNS = ("learner", "points", "when", "n")
ROWS = [
    ("=HYPERLINK(1)", Decimal("0.66667"), datetime(2026, 3, 1, 9, 30, tzinfo=UTC), 3),
    ("Ødegård, “Zoë”\n李", Decimal(2), None, 0),
    ("\x07bell", None, None, None),
]


def written(file_format: str, rows: list[tuple[object, ...]] = ROWS) -> bytes:
    out = io.BytesIO()
    WRITERS[file_format](COLUMNS, rows, out)
    return out.getvalue()


def test_csv_reads_back_with_numbers_times_and_an_escaped_formula() -> None:
    data = written("csv")
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\r\n") == 4
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows == [
        list(COLUMNS),
        ["'=HYPERLINK(1)", "0.66667", "2026-03-01T09:30:00Z", "3"],
        ["Ødegård, “Zoë”\n李", "2", "", "0"],
        ["\x07bell", "", "", ""],
    ]


def test_xlsx_keeps_a_formula_as_text_and_numbers_as_numbers() -> None:
    sheet = load_workbook(io.BytesIO(written("xlsx"))).active
    assert sheet["A2"].value == "=HYPERLINK(1)"
    assert sheet["A2"].data_type == "s"
    assert sheet["B2"].value == pytest.approx(0.66667)
    assert sheet["B2"].data_type == "n"
    assert sheet["C2"].value == "2026-03-01T09:30:00Z"
    assert [sheet["A3"].value, sheet["B3"].value, sheet["C3"].value, sheet["D3"].value] == [
        "Ødegård, “Zoë”\n李",
        2,
        None,
        0,
    ]
    assert sheet["A4"].value == "bell"


def test_json_is_a_list_of_objects() -> None:
    assert json.loads(written("json")) == [
        {"learner": "=HYPERLINK(1)", "points": 0.66667, "when": "2026-03-01T09:30:00Z", "n": 3},
        {"learner": "Ødegård, “Zoë”\n李", "points": 2, "when": None, "n": 0},
        {"learner": "\x07bell", "points": None, "when": None, "n": None},
    ]
    assert json.loads(written("json", [])) == []


@pytest.mark.parametrize(
    "text", ["=1+1", "+49 30", "-5", "@me", "\tx", "\rx", "\nx", "＝1", "＋1", "－1", "＠me", '"=1']
)
def test_a_text_that_could_be_a_formula_is_escaped(text: str) -> None:
    assert csv_cell(text) == "'" + text


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("Anna;=1+1", "Anna;'=1+1"),
        ('Anna;"=1+1', "Anna;'\"=1+1"),
        ("Anna\n@SUM(1)", "Anna\n'@SUM(1)"),
        ("Anna; Bo", "Anna; Bo"),
        ("1 - 2 = -1; +3", "1 - 2 = -1; +3"),
    ],
)
def test_nor_does_one_begin_where_other_countries_part_cells(text: str, cell: str) -> None:
    assert csv_cell(text) == cell


@pytest.mark.parametrize(
    ("value", "text"),
    [("0.00000", "0"), ("1.50000", "1.5"), ("100", "100"), ("10.0", "10"), ("1E+2", "100"), ("-0.5", "-0.5")],
)
def test_numbers_are_plain(value: str, text: str) -> None:
    assert plain_number(Decimal(value)) == text


def test_a_negative_number_is_no_formula() -> None:
    assert csv_cell(Decimal("-0.5")) == "-0.5"
    assert csv_cell(-3) == "-3"


ESCAPED = re.compile(r"(?:\A|(?<=[;\t\r\n]))'")


@given(st.text(), st.decimals(min_value=0, max_value=1000, places=5))
def test_any_text_survives_csv(text: str, number: Decimal) -> None:
    out = io.BytesIO()
    text = text.encode("utf-8", "ignore").decode()
    WRITERS["csv"](("a", "b"), [(text, number)], out)
    rows = list(csv.reader(io.StringIO(out.getvalue().decode("utf-8-sig"), newline="")))
    assert ESCAPED.sub("", rows[1][0]) == ESCAPED.sub("", text)
    assert Decimal(rows[1][1]) == number
