"""`python -m tests.bench.table`: put the last run's table into the README, between its two comments."""

import json
import sys
from pathlib import Path

from tests.bench.measures import FOLDER, table
from tests.bench.server import ROOT

BEGIN, END = "<!-- bench: written by python -m tests.bench.table -->", "<!-- /bench -->"


def between(text: str, new: str, begin: str = BEGIN, end: str = END) -> str:
    """`text` with `new` between the two comments; raises ValueError when they are not both there."""
    before, first, rest = text.partition(begin)
    _, last, after = rest.partition(end)
    if not first or not last:
        raise ValueError(f"the page has no {begin} … {end}")
    return f"{before}{begin}\n\n{new}\n\n{end}{after}"


def main(readme: Path = ROOT / "README.md", folder: Path = FOLDER) -> int:
    """Write the table; 1 when nothing was measured yet or the README has no place for it (it is printed then)."""
    runs = sorted(folder.glob("*.json"))
    if not runs:
        print("nothing was measured yet: make bench", file=sys.stderr)
        return 1
    shown = table(json.loads(runs[-1].read_text(encoding="utf-8")))
    try:
        readme.write_text(between(readme.read_text(encoding="utf-8"), shown), encoding="utf-8")
    except (OSError, ValueError) as error:
        print(shown)
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
