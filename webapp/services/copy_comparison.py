"""Both sides of a copy, read whole and compared: rows, their contents, points, and scores from history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from webapp.config import Settings
from webapp.repositories import copying, storage
from webapp.services import checks
from webapp.services.storage import StorageError

if TYPE_CHECKING:
    from sqlalchemy import Connection

Progress = Callable[[int, int, str], None]
Surveys = dict[str, copying.Contents]
MOST_FINDINGS = 20


@dataclass(frozen=True, slots=True)
class TableCounts:
    """How many rows of a table there are on both sides."""

    table: str
    here: int
    there: int


@dataclass(frozen=True, slots=True)
class Copy:
    """What a copy came to: the counts of every table, and what is not the same on both sides."""

    tables: list[TableCounts]
    differences: list[str]
    old_findings: list[str]
    """What `readcheck check` finds fault with on both sides: not the copy's doing."""


def survey(connection: Connection, tell: Progress, doing: str) -> Surveys:
    """What every table of one side holds."""
    tables = copying.list_tables()
    found = {}
    for number, table in enumerate(tables, 1):
        tell(number, len(tables), f"{doing} {table.name}")
        found[table.name] = copying.survey(connection, table, MOST_FINDINGS)
    return found


def require_fit(connection: Connection, surveys: Surveys) -> None:
    """Refuse a source with rows that PostgreSQL would refuse. Raises StorageError that names each."""
    with copying.reading(connection) as session:
        problems = storage.list_orphans(session)
    problems += [problem for contents in surveys.values() for problem in contents.problems]
    if problems:
        listed = "\n".join(f"  {problem}" for problem in problems[:MOST_FINDINGS])
        more = "\n  and more" if len(problems) > MOST_FINDINGS else ""
        raise StorageError(f"PostgreSQL would not take these, so nothing was copied:\n{listed}{more}")


def compare(
    here: Connection, there: Connection, surveys: Surveys, source: Settings, target: Settings, tell: Progress
) -> Copy:
    """Compare the target with the source, whose surveys were made before."""
    copied = survey(there, tell, "Comparing")
    counts = [TableCounts(name, own.rows, copied[name].rows) for name, own in surveys.items()]
    differences = [
        f"{one.table}: {one.here} rows, but {one.there} copied" for one in counts if one.here != one.there
    ]
    for table in copying.list_tables():
        if surveys[table.name].digest != copied[table.name].digest:
            differences += copying.list_differences(here, there, table)
    own, other = copying.list_points(here), copying.list_points(there)
    differences += [
        f"attempt {number}: {points} points, but {other[number]} copied"
        for number, points in own.items()
        if number in other and other[number] != points
    ]
    tell(len(counts), len(counts), "Grading every attempt anew")
    with copying.reading(there) as session:
        findings = checks.examine(session, target)
    with copying.reading(here) as session:
        before = set(checks.examine(session, source)) if findings else set()
    differences += [finding for finding in findings if finding not in before]
    return Copy(counts, differences, [finding for finding in findings if finding in before])
