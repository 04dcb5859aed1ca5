"""Tables as files: CSV, XLSX and JSON, written row by row so that memory stays flat.

No cell of ours can become a formula: in CSV a text that begins like one gets a leading apostrophe, and so
does what stands behind a semicolon or line end, where spreadsheets of many countries begin another cell; in
XLSX text is forced to be text. Numbers stay numbers.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import IO, Any

Cell = str | int | Decimal | datetime | None

FORMULA = re.compile(r"""\A(?=[\t\r\n])|(?:\A|(?<=[;\t\r\n]))(?="*[=+\-@＝＋－＠])""")  # noqa: RUF001 (full-width signs)
"""The place before what a spreadsheet could take for the beginning of a formula."""
BOM = "\ufeff"
"""Spreadsheet programs take a CSV for UTF-8 only when it begins with this."""


def plain_number(value: Decimal) -> str:
    """A Decimal without exponent and without idle zeros: 0.5, 3, 12.25."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def plain_time(value: datetime) -> str:
    """A moment in UTC to the second: 2026-03-01T09:30:00Z."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def csv_cell(value: Cell) -> str:
    """A cell as CSV text; a text that could be taken for a formula gets a leading apostrophe."""
    match value:
        case None:
            return ""
        case Decimal():
            return plain_number(value)
        case datetime():
            return plain_time(value)
        case str():
            return FORMULA.sub("'", value)
        case _:
            return str(value)


def write_csv(columns: Sequence[str], rows: Iterable[Sequence[Cell]], out: IO[bytes]) -> None:
    """UTF-8 with a byte-order mark, lines ended as RFC 4180 says."""
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=False)
    text.write(BOM)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([csv_cell(column) for column in columns])
    writer.writerows([csv_cell(cell) for cell in row] for row in rows)
    text.flush()
    text.detach()


def write_xlsx(columns: Sequence[str], rows: Iterable[Sequence[Cell]], out: IO[bytes]) -> None:
    """One sheet; the first row stays in view."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Scores")
    sheet.freeze_panes = "A2"

    def cell(value: Cell) -> Any:  # noqa: ANN401 (openpyxl takes cells and bare values alike)
        if isinstance(value, datetime):
            value = plain_time(value)
        if not isinstance(value, str):
            return value
        # XML has no place for most control characters: a spreadsheet would refuse the whole file.
        text = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", value))
        text.data_type = "s"
        return text

    sheet.append([cell(column) for column in columns])
    for row in rows:
        sheet.append([cell(value) for value in row])
    book.save(out)


def write_json(columns: Sequence[str], rows: Iterable[Sequence[Cell]], out: IO[bytes]) -> None:
    """A list of objects, one a line. Scores are numbers, moments are text."""
    out.write(b"[")
    for number, row in enumerate(rows):
        record = {column: _json_value(cell) for column, cell in zip(columns, row, strict=True)}
        out.write(b",\n" if number else b"\n")
        out.write(json.dumps(record, ensure_ascii=False).encode())
    out.write(b"\n]\n")


def _json_value(value: Cell) -> str | int | float | None:
    if isinstance(value, datetime):
        return plain_time(value)
    if isinstance(value, Decimal):
        # Five decimals of a score survive the way through a float and back.
        return int(value) if value == value.to_integral_value() else float(value)
    return value


WRITERS: Mapping[str, Callable[[Sequence[str], Iterable[Sequence[Cell]], IO[bytes]], None]] = {
    "csv": write_csv,
    "xlsx": write_xlsx,
    "json": write_json,
}
MEDIA_TYPES: Mapping[str, str] = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
