"""Branch coverage as architecture.md wants it: whole where a mistake costs somebody a score or a secret."""

from __future__ import annotations

import json
import sys
from fnmatch import fnmatch
from pathlib import Path

WHOLE = (
    "questions/grading/*",
    "questions/items/*",
    # attempts
    "webapp/services/answers.py",
    "webapp/services/attempt*.py",
    "webapp/services/grading.py",
    "webapp/repositories/answers.py",
    "webapp/repositories/attempts.py",
    # authorization
    "webapp/services/access.py",
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
FLOOR = 80.0
"""Below this the run fails. The two goals above are printed and do not fail it yet: they were written before
the first whole run had measured them. They become gates when the first issue is closed."""
NAMED = 12


def main(report: Path) -> int:
    """1 when coverage is under the floor; says what lacks to both goals."""
    files = json.loads(report.read_text())["files"]
    whole, rest = [], [0, 0]
    for name, facts in sorted(files.items()):
        summary = facts["summary"]
        if any(fnmatch(name, pattern) for pattern in WHOLE):
            if summary["missing_lines"] or summary["missing_branches"]:
                whole.append(f"{name}: lines {facts['missing_lines']}, branches {facts['missing_branches']}")
        else:
            rest[0] += summary["covered_lines"] + summary["covered_branches"]
            rest[1] += summary["num_statements"] + summary["num_branches"]
    share = 100 * rest[0] / rest[1]
    print(f"elsewhere: {share:.1f} % of lines and branches (at least {ELSEWHERE:g} %)")
    for line in whole:
        print(f"not wholly covered: {line}")
    if share < ELSEWHERE:
        lacking = sorted(files.items(), key=lambda entry: -entry[1]["summary"]["missing_lines"])[:NAMED]
        for name, facts in lacking:
            print(f"  {name}: {facts['summary']['missing_lines']} lines")
    return 1 if share < FLOOR else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
