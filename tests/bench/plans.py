"""`python -m tests.bench.plans [STUDENTS]`: what planning is worth and how true its forecast is, for the README."""

import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import product
from statistics import fmean

from app.srs.plan import plan
from tests.bench.forecasts import Forecast, coverage, deciles, forecasts
from tests.bench.memory import MODELS, Course, Policy, rotation, sm2
from tests.bench.server import ROOT
from tests.bench.table import between

BEGIN, END = "<!-- plan: written by python -m tests.bench.plans -->", "<!-- /plan -->"
STUDENTS = 12
POLICIES: dict[str, Policy] = {"plain SM-2": sm2, "cramming, round and round": rotation, "the plan": plan}
CELLS = tuple(product((100, 250), (7, 14, 30), (20, 50, 100)))  # cards, days, units a day
ASKED = ((100, 14, 20), (100, 30, 20), (100, 30, 50), (250, 14, 50), (250, 30, 20), (250, 30, 100))
MORNINGS = (0, 0.25, 0.5, 0.75, 0.95)  # of the time until the exam


@dataclass(frozen=True, slots=True)
class Found:
    """Mean recall on the exam day by policy and model, and every forecast."""

    students: int
    recall: dict[tuple[str, str], float]
    forecasts: list[Forecast]


def recalled(policy: str, model: str, seed: str) -> float:
    """The share of the course that one student recalls on the exam day, in the mean of all decks and budgets."""
    shares = []
    for cards, days, budget in CELLS:
        course = Course.of(model, cards, days, budget, seed)
        list(course.follow(POLICIES[policy]))
        shares.append(fmean(course.recall()))
    return fmean(shares)


def asked(model: str, seed: str) -> list[Forecast]:
    """What one student was told, in several courses and on several mornings."""
    return [
        found
        for cards, days, budget in ASKED
        for found in forecasts(model, cards, days, budget, seed, [int(part * days) for part in MORNINGS])
    ]


@cache
def measure(students: int = STUDENTS) -> Found:
    """Run it all; some minutes on two processors."""
    seeds = [f"bench {number}" for number in range(students)]
    with ProcessPoolExecutor() as pool:
        told = [pool.submit(asked, model, seed) for model, seed in product(MODELS, seeds)]
        runs = {key: [pool.submit(recalled, *key, seed) for seed in seeds] for key in product(POLICIES, MODELS)}
        recall = {key: fmean(run.result() for run in of_key) for key, of_key in runs.items()}
        return Found(students, recall, [found for one in told for found in one.result()])


def tables(found: Found) -> str:
    """What was measured, as Markdown."""
    return "\n\n".join(
        (f"{found.students} students of each kind.", _worth(found), _held(found.forecasts), _true(found.forecasts))
    )


def _worth(found: Found) -> str:
    rows = [
        f"| {policy} | " + " | ".join(f"{100 * found.recall[policy, model]:.1f} %" for model in MODELS) + " |"
        for policy in POLICIES
    ]
    return "\n".join((_head("recalled on the exam day"), *rows))


def _held(told: list[Forecast]) -> str:
    rows = []
    for words, low, high in (("first morning", 0, 0.1), ("on the way", 0.1, 0.9), ("last morning", 0.9, 1)):
        cells = []
        for model in MODELS:
            some = [one for one in told if one.model == model and low <= one.morning < high]
            width = fmean(share.high - share.low for one in some for share, _ in one.shares[:1])
            cells.append(
                f"{100 * coverage(some):.0f} % (topics {100 * coverage(some, True):.0f} %), {100 * width:.0f} wide"
            )
        rows.append(f"| {words} | " + " | ".join(cells) + " |")
    return "\n".join((_head("90 % intervals that held"), *rows))


def _true(told: list[Forecast]) -> str:
    by_model = [deciles([one for one in told if one.model == model]) for model in MODELS]
    rows = []
    for together in deciles(told):
        found = [one.found for tenths in by_model for one in tenths if one.tenth == together.tenth]
        told_so, became = f"{100 * together.foretold:.0f} %", f"{100 * together.found:.0f} %"
        spread = f"{100 * min(found):.0f} to {100 * max(found):.0f} %"
        rows.append(f"| {told_so} | {became} | {spread} | {together.cards} |")
    return "\n".join(("| foretold of a card | found | by model | cards |\n|---:|---:|---:|---:|", *rows))


def _head(first: str) -> str:
    return f"| {first} | " + " | ".join(MODELS) + " |\n|---" + "|---:" * len(MODELS) + "|"


def main() -> int:
    """Measure so many students of each kind (12), print, and write the README."""
    shown = tables(measure(int(sys.argv[1]) if len(sys.argv) > 1 else STUDENTS))
    print(shown)
    readme = ROOT / "README.md"
    readme.write_text(between(readme.read_text(encoding="utf-8"), shown, BEGIN, END), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
