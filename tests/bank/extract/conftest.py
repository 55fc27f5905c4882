"""Courses of a few lines, and what extraction makes of them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.bank.extract import extraction, folder
from app.bank.extract.drafting import Draft
from app.bank.extract.earlier import Earlier
from app.bank.extract.extraction import Extraction

Drafts = Callable[..., list[Draft]]


@pytest.fixture
def drafts() -> Drafts:
    """Return a function: the drafts of a course, in English unless told otherwise."""

    def make(text: str, language: str | None = "en") -> list[Draft]:
        made = extraction.extract("course.md", text.encode(), "boats", Earlier(), language)
        assert made.problems == ()
        return [one.draft for one in made.merged.placed]

    return make


class Bank:
    """A bank on the disk that extraction is run on, again and again."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def extract(self, text: str, language: str = "en") -> Extraction:
        """Run the extraction on a course that reads so; a problem fails the test."""
        earlier, problems = folder.read(self.path)
        assert problems == ()
        made = extraction.extract("course.md", text.encode(), self.path.name, earlier, language)
        assert made.problems == ()
        assert folder.write(self.path, made.files, made.ledger) == ()
        return made

    def read(self, name: str) -> str:
        """The text of a file."""
        return (self.path / name).read_text("utf-8")

    def edit(self, name: str, old: str, new: str) -> None:
        """Change a file as its author would."""
        text = self.read(name)
        assert old in text
        (self.path / name).write_text(text.replace(old, new, 1), "utf-8")

    def snapshot(self) -> dict[str, bytes]:
        """Every file, to the byte."""
        return {path.name: path.read_bytes() for path in sorted(self.path.iterdir())}


@pytest.fixture
def bank(tmp_path: Path) -> Bank:
    """A bank that nobody has extracted yet."""
    return Bank(tmp_path / "boats")


def text_of(draft: Draft, language: str = "en") -> str:
    """The question of a draft."""
    return str(draft.question["text"][language])


def states(made: Extraction) -> dict[str, str]:
    """What became of each draft, by the id of its question."""
    return {one.id: one.state for one in made.merged.placed}


def plain(value: Any, language: str = "en") -> Any:
    """Part of a question, with the words of one language instead of its texts."""
    if isinstance(value, dict):
        return (
            value[language] if list(value) == [language] else {key: plain(one, language) for key, one in value.items()}
        )
    return [plain(one, language) for one in value] if isinstance(value, list) else value
