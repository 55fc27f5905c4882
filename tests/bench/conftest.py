"""What every measurement reports to; the table is printed, and kept as JSON, at the end."""

import json
from collections.abc import Callable, Iterator, Sequence

import pytest

from tests.bench import measures
from tests.bench.measures import Figure

Report = Callable[[str, str, Sequence[float]], Figure]


@pytest.fixture(scope="session")
def report() -> Iterator[Report]:
    """Return a function that notes what was measured: its name, its unit, its values."""
    figures: list[Figure] = []

    def note(name: str, unit: str, values: Sequence[float]) -> Figure:
        figures.append(Figure.of(name, unit, values))
        return figures[-1]

    yield note
    if figures:
        path = measures.write(figures)
        print(f"\n{measures.table(json.loads(path.read_text(encoding='utf-8')))}\n\n{path}")
