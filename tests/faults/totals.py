"""What all runs of the fault bench came to: one JSON line a round, and a table of them.

python -m tests.faults.totals FILE
"""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

HEAD = (
    "fault",
    "engine",
    "faults",
    "saves",
    "lost",
    "ghost",
    "doubled",
    "torn",
    "first, s",
    "all, s",
    "worst, s",
)


@dataclass(frozen=True)
class Round:
    """Some injections of one kind on one site, judged together."""

    kind: str
    engine: str
    faults: int
    saves: int
    lost: int
    ghost: int
    doubled: int
    torn: int
    first_s: tuple[float, ...]
    """After each fault: until anybody's save was acknowledged."""
    all_s: tuple[float, ...]
    """After each fault: until every learner had one acknowledged."""


class Totals:
    """The file of rounds. A line that was cut short by a kill is passed over."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, one: Round) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(one)) + "\n")

    def rounds(self) -> list[Round]:
        if not self.path.exists():
            return []
        found = []
        for line in self.path.read_text("utf-8").splitlines():
            try:
                values = json.loads(line)
            except ValueError:
                continue
            values |= {name: tuple(values[name]) for name in ("first_s", "all_s")}
            found.append(Round(**values))
        return found

    def count(self, kind: str, engine: str) -> tuple[int, int]:
        """Faults and saves so far of this kind."""
        own = [one for one in self.rounds() if (one.kind, one.engine) == (kind, engine)]
        return sum(one.faults for one in own), sum(one.saves for one in own)


def table(rounds: Iterable[Round]) -> list[str]:
    """Lines to be printed: a kind and engine each, and the sum."""
    by_kind: dict[tuple[str, str], list[Round]] = {}
    for one in rounds:
        by_kind.setdefault((one.kind, one.engine), []).append(one)
    rows = [HEAD, *(_row(*key, own) for key, own in sorted(by_kind.items()))]
    rows.append(_row("all", "both", [one for own in by_kind.values() for one in own]))
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    return [
        "  ".join(
            cell.ljust(width) if column < 2 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]


def _row(kind: str, engine: str, rounds: Sequence[Round]) -> tuple[str, ...]:
    sums = [f"{sum(getattr(one, name) for one in rounds):,}" for name in HEAD[2:8]]
    first = [value for one in rounds for value in one.first_s]
    everybody = [value for one in rounds for value in one.all_s]
    return (kind, engine, *sums, _median(first), _median(everybody), f"{max(everybody, default=0):.2f}")


def _median(values: Sequence[float]) -> str:
    return f"{statistics.median(values):.2f}" if values else "-"


def main() -> None:
    """Print the table of the file that is named."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    print("\n".join(table(Totals(Path(sys.argv[1])).rounds())))


if __name__ == "__main__":
    main()
