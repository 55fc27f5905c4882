"""Figures of a run: each with its count, median and spread, kept as JSON and shown as a table."""

import json
import os
import platform
import sqlite3
import statistics
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.bench.server import ROOT

FOLDER = ROOT / "instance" / "bench"


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing that was measured `n` times, in `unit`."""

    name: str
    unit: str
    n: int
    median: float
    low: float
    high: float

    @classmethod
    def of(cls, name: str, unit: str, values: Sequence[float]) -> "Figure":
        """The figure that `values` make."""
        return cls(name, unit, len(values), statistics.median(values), min(values), max(values))


def yardstick() -> float:
    """How many ms this machine takes, now, for a fixed piece of work: what is measured beside it can be compared with
    another machine's, and with this one's at another time.
    """
    began = time.perf_counter()
    assert sum(number * number for number in range(500_000)) > 0
    return (time.perf_counter() - began) * 1000


def machine() -> dict[str, Any]:
    """What the figures depend on, as far as it can be told in a line each."""
    return {
        "cpus": os.cpu_count(),
        "processor": _processor(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "system": f"{platform.system()} {platform.machine()}",
        "load": round(os.getloadavg()[0], 1),
    }


def write(figures: Sequence[Figure], folder: Path = FOLDER) -> Path:
    """Keep `figures` under the date and time."""
    now = datetime.now(UTC)
    folder.mkdir(parents=True, exist_ok=True)
    document = {
        "date": now.date().isoformat(),
        "machine": machine(),
        "figures": [asdict(figure) for figure in figures],
    }
    path = folder / f"{now:%Y-%m-%dT%H%M%S}.json"
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    return path


def table(document: dict[str, Any]) -> str:
    """A run as Markdown."""
    told = document["machine"]
    lines = [
        f"{document['date']}, {told['cpus']} CPUs ({told['processor']}), Python {told['python']}, "
        f"SQLite {told['sqlite']}, load {told['load']} at the end.",
        "",
        "| what | n | median | lowest to highest |",
        "|---|---:|---:|---:|",
    ]
    for values in document["figures"]:
        figure = Figure(**values)
        spread = f"{_short(figure.low)} to {_short(figure.high)}"
        lines.append(f"| {figure.name} | {figure.n} | {_short(figure.median)} {figure.unit} | {spread} |")
    return "\n".join(lines)


def _short(value: float) -> str:
    return f"{value:,.0f}".replace(",", " ") if value >= 100 else f"{value:.3g}"


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    names = [
        line.partition(":")[2].strip()
        for line in (info.read_text(encoding="utf-8").splitlines() if info.exists() else ())
        if line.startswith("model name")
    ]
    return names[0] if names else platform.processor() or "unknown"
