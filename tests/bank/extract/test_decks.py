"""Whole courses, each draft of which was read against the text; the held-out ones were written before the extractor."""

import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from app.bank import formatting, positions
from app.bank.extract import extraction, folder
from app.bank.extract.earlier import Earlier
from app.bank.loader import load_course

DATA = Path(__file__).parents[1] / "data"
DECKS = sorted((DATA / "decks").rglob("*.md"))
README = (Path(__file__).parents[3] / "README.md").read_text("utf-8")
VERDICTS = {"kept", "edited", "useless", "false"}
# The Docker course itself is not part of this repository: whoever has it can check the list against it.
COURSE = os.environ.get("RAPPEL_TEST_COURSE")


def judged(name: str) -> Any:
    """A list of verdicts."""
    return positions.read(name, (DATA / name).read_bytes()).value


BY_DECK: dict[str, list[dict[str, Any]]] = judged("judged_decks.yaml")
DOCKER: list[dict[str, Any]] = judged("judged_docker.yaml")


def drafts_of(path: Path) -> list[tuple[str, int]]:
    """The id and the line of each draft of a course."""
    made = extraction.extract(str(path), path.read_bytes(), path.stem, Earlier())
    return [(one.id, one.draft.line) for one in made.merged.placed]


@pytest.mark.parametrize("deck", DECKS, ids=lambda deck: deck.stem)
def test_a_deck_gives_the_drafts_that_were_judged(deck: Path) -> None:
    assert drafts_of(deck) == [(one["id"], one["line"]) for one in BY_DECK[deck.name]]


def test_every_deck_was_judged() -> None:
    assert {deck.name for deck in DECKS} == set(BY_DECK)


@pytest.mark.parametrize("rows", [DOCKER, [row for rows in BY_DECK.values() for row in rows]], ids=["docker", "decks"])
def test_no_draft_states_what_its_course_does_not_and_most_are_useful(rows: list[dict[str, Any]]) -> None:
    counts = Counter(row["verdict"] for row in rows)

    assert set(counts) <= VERDICTS
    assert counts["false"] == 0
    assert (counts["kept"] + counts["edited"]) / counts.total() >= 0.6
    assert all(row.get("reason") for row in rows if row["verdict"] != "kept")


def test_the_readme_tells_the_counts() -> None:
    counts = Counter(row["verdict"] for row in DOCKER)

    told = (
        f"{len(DOCKER)} drafts: {counts['kept']} can be kept as they are, {counts['edited']} after an edit, "
        f"{counts['useless']} are useless and none states what the course does not"
    )
    assert told in " ".join(README.split())


@pytest.mark.parametrize("deck", DECKS, ids=lambda deck: deck.stem)
def test_the_bank_of_a_deck_loads_is_canonical_and_settles(deck: Path, tmp_path: Path) -> None:
    path = tmp_path / "deck"
    made = extraction.extract(str(deck), deck.read_bytes(), "deck", Earlier())

    assert folder.write(path, made.files, made.ledger) == ()

    assert {problem.severity for problem in load_course(path).problems} == {"info"}
    for file in path.glob("*.yaml"):
        assert formatting.format_file(file.name, file.read_bytes()).encode() == file.read_bytes()
    earlier, _ = folder.read(path)
    assert extraction.extract(str(deck), deck.read_bytes(), "deck", earlier).files == {}


if COURSE:

    def test_the_docker_course_gives_the_drafts_that_were_judged() -> None:
        assert drafts_of(Path(COURSE or "")) == [(one["id"], one["line"]) for one in DOCKER]
