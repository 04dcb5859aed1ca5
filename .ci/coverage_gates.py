"""Branch coverage as architecture.md wants it: whole where a mistake costs somebody a score or a secret."""

from __future__ import annotations

import json
import sys
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

WHOLE = (
    "questions/grading/*",
    "questions/items/*",
    # attempts
    "webapp/services/answers.py",
    "webapp/services/hand*.py",
    "webapp/services/tried.py",
    "webapp/forms/unsent_file.py",
    "webapp/services/attempt*.py",
    "webapp/services/grading.py",
    "webapp/services/similar*.py",
    "webapp/repositories/answers.py",
    "webapp/repositories/attempts.py",
    "webapp/repositories/similar.py",
    # authorization
    "webapp/identity.py",
    "webapp/services/access*.py",
    "webapp/services/guests.py",
    "webapp/services/sign_in_limits.py",
    "webapp/repositories/accounts.py",
    # importers
    "questions/reading/*",
    "webapp/services/import_drafts.py",
    "webapp/services/module_files.py",
    # exporters
    "webapp/services/score*.py",
    "webapp/repositories/scores.py",
)
ELSEWHERE = 95.0
NAMED = 12


def main(report: Path) -> int:
    """1 when a file that must be whole is not, or all others together are under the goal; says what lacks."""
    # An absolute name is a copy: the wheel's test installs the packages elsewhere and serves from there.
    measures = json.loads(report.read_text())["files"]
    files = {
        name: facts["summary"] for name, facts in sorted(measures.items()) if not Path(name).is_absolute()
    }
    whole = [name for name in files if any(fnmatch(name, pattern) for pattern in WHOLE)]
    gaps = [name for name in whole if _missing(files[name])]
    unmatched = [pattern for pattern in WHOLE if not any(fnmatch(name, pattern) for name in files)]
    rest = {name: facts for name, facts in files.items() if name not in whole}
    total = sum(facts["num_statements"] + facts["num_branches"] for facts in rest.values())
    share = 100 * (1 - sum(map(_missing, rest.values())) / total)
    print(f"elsewhere: {share:.1f} % of lines and branches (at least {ELSEWHERE:g} %)")
    if share < ELSEWHERE:
        for name in sorted(rest, key=lambda name: -_missing(rest[name]))[:NAMED]:
            print(f"  {name}: {_missing(rest[name])} lines and branches")
    for name in gaps:
        print(
            f"not wholly covered: {name}: "
            f"lines {measures[name]['missing_lines']}, branches {measures[name]['missing_branches']}"
        )
    for pattern in unmatched:
        print(f"no file is called {pattern} any more")
    return 1 if gaps or unmatched or share < ELSEWHERE else 0


def _missing(facts: dict[str, Any]) -> int:
    lacking: int = facts["missing_lines"] + facts["missing_branches"]
    return lacking


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
