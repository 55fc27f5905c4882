"""The table of the README, from what was measured."""

import pytest

from tests.bench.measures import Figure, table
from tests.bench.table import BEGIN, END, between

RUN = {
    "date": "2026-11-23",
    "machine": {"cpus": 2, "processor": "some CPU", "python": "3.11.7", "sqlite": "3.40.1", "load": 0.1},
    "figures": [
        {"name": "answers", "unit": "/s", "n": 3, "median": 1234.5, "low": 99.4, "high": 2000.0},
    ],
}


def test_a_figure_has_its_median_and_its_spread() -> None:
    assert Figure.of("answers", "/s", [3.0, 1.0, 2.0]) == Figure("answers", "/s", 3, 2.0, 1.0, 3.0)


def test_a_run_is_a_table_with_its_date_and_machine() -> None:
    shown = table(RUN)

    assert shown.startswith("2026-11-23, 2 CPUs (some CPU), Python 3.11.7")
    assert shown.endswith("| answers | 3 | 1 234 /s | 99.4 to 2 000 |")


def test_the_table_replaces_the_one_before_and_nothing_else() -> None:
    page = f"# Title\n{BEGIN}\nold\n{END}\nend\n"

    once = between(page, "new")

    assert once == f"# Title\n{BEGIN}\n\nnew\n\n{END}\nend\n"
    assert between(once, "new") == once


def test_a_page_without_a_place_for_the_table_is_refused() -> None:
    with pytest.raises(ValueError, match="has no"):
        between("# Title\n", "new")
