"""One file of each sort, small enough that a test can say where its mistake stands."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.bank.loader import load_questions

DATA = Path(__file__).parent / "data"

COURSE = """\
id: boats
title: {fr: Voile, en: Sailing}
licence: CC BY-SA 4.0
credit: A sailor
topics:
- {id: knots, title: {fr: Nœuds, en: Knots}, core: true}
- {id: winds, title: {fr: Vents, en: Winds}}
outline:
- {id: rope, title: Cordages, level: 1}
- {id: rope/hitches, title: Nœuds, level: 2}
objectives:
- {id: knots.bowline, topic: knots, section: Cordages > Nœuds, weight: 3, text: {fr: Un fait., en: A fact.}}
- {id: winds.trade, topic: winds, section: Cordages, weight: 1, complement: true, text: {fr: Un fait., en: A fact.}}
"""

SINGLE = """\
- id: knots-loop
  type: single
  objectives: [knots.bowline]
  level: 2
  text: {fr: Quel nœud\u202f?, en: Which knot?}
  choices:
  - {id: a, text: {fr: Le plat, en: The reef knot}}
  - {id: b, text: {fr: La chaise, en: The bowline}, correct: true}
  explanation: {fr: Il ne serre pas., en: It does not slip.}
"""

OTHERS = {
    "single": "",
    "multiple": "  choices: [{id: a, text: A, correct: true}, {id: b, text: B}]\n",
    "true_false": "  answer: true\n",
    "short_answer": "  accept: [bowline]\n",
    "command": "  accept: [docker ps -a]\n",
    "numerical": "  answer: 8\n",
    "cloze": "  code: {language: text, text: 'a {{gap}}'}\n  blanks: {gap: {accept: [x]}}\n",
    "ordering": "  items: [{id: a, text: A}, {id: b, text: B}, {id: c, text: C}]\n",
    "matching": "  pairs: [{id: a, left: A, right: P}, {id: b, left: B, right: Q}]\n",
    "flashcard": "  answer: {fr: Oui., en: Yes.}\n",
}


@pytest.fixture(scope="session")
def every_type() -> bytes:
    """A file with one question of each type."""
    return (DATA / "every_type.yaml").read_bytes()


@pytest.fixture
def written() -> Callable[[str], str]:
    """Return a function: a question of a type, as a file, its own fields on line 6 and after."""

    def write(kind: str) -> str:
        if kind == "single":
            return SINGLE
        head, _, tail = SINGLE.partition("  choices:\n")
        explanation = tail.splitlines(keepends=True)[-1]
        return head.replace("type: single", f"type: {kind}") + OTHERS[kind] + explanation

    return write


@pytest.fixture
def told() -> Callable[[str], list[str]]:
    """Return a function: the problems of a file, as "line:column: message (hint)"."""

    def tell(text: str) -> list[str]:
        return [
            str(one).removeprefix("knots.yaml:").replace(" error: ", " ", 1)
            for one in sorted(load_questions("knots.yaml", text.encode()).problems)
        ]

    return tell


@pytest.fixture
def make_folder(tmp_path: Path) -> Callable[..., Path]:
    """Return a factory: a course’s folder with these files, and a sound course.yaml and knots.yaml without them."""

    def make(**files: str) -> Path:
        folder = tmp_path / "boats"
        folder.mkdir(exist_ok=True)
        for name, text in {"course": COURSE, "knots": SINGLE, **files}.items():
            (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
        return folder

    return make
