"""How the rules of writing read a question: its texts, their prose, their words."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from app.bank.lint.language import bare
from app.bank.rules import BLANK, LANGUAGES, Path
from app.bank.schema import (
    Choice,
    ClozeQuestion,
    CommandQuestion,
    MultipleQuestion,
    Question,
    ShortAnswerQuestion,
    SingleQuestion,
    Text,
)

if TYPE_CHECKING:
    from app.bank.loader import Loaded

Finding = tuple[Path, str]
Find = Callable[["Subject"], Iterable[Finding]]

CODE = re.compile(r"(`+)(.+?)\1", re.DOTALL)
_ASKED = frozenset({"choices", "pairs", "decoys", "items", "answer"})
_LINK = re.compile(r"https?://[^\s)]+")
_GAP = re.compile(r"\{\{ *[\w-]+ *\}\}")
_STRESS = re.compile(r"\*\*(.+?)\*\*|__(.+?)__", re.DOTALL)
_SENTENCE = re.compile(r"(?<=[.?!…])\s+")
_WORD = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*")


@dataclass(frozen=True)
class Subject:
    """A question under examination, with what several rules read of it worked out once."""

    loaded: "Loaded"

    @property
    def question(self) -> Question:
        """The question itself."""
        return self.loaded.question

    @cached_property
    def texts(self) -> tuple[tuple[Path, Text], ...]:
        """Every text of the question, wherever it stands, with its path."""
        return tuple(_texts(self.question))

    @cached_property
    def prose(self) -> tuple[tuple[Path, str, str], ...]:
        """The path, language and prose of every text that is not the same in both languages."""
        return tuple(
            ((*path, language), language, prose(text.in_(language)))
            for path, text in self.texts
            if text.fr != text.en
            for language in LANGUAGES
        )

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The choices of a question that has some; none for the others."""
        return self.question.choices if isinstance(self.question, SingleQuestion | MultipleQuestion) else ()

    @property
    def key(self) -> int | None:
        """The 0-based position of the right choice, where there is exactly one to take."""
        if not isinstance(self.question, SingleQuestion):
            return None
        return next(position for position, choice in enumerate(self.question.choices) if choice.correct)

    @property
    def accepted(self) -> tuple[tuple[Path, Sequence[str]], ...]:
        """The typed answers that are right, with the path of each list; the first of a list is the one shown."""
        question = self.question
        if isinstance(question, ShortAnswerQuestion | CommandQuestion):
            return ((("accept",), question.accept),)
        if isinstance(question, ClozeQuestion):
            return tuple((("blanks", name, "accept"), blank.accept) for name, blank in question.blanks.items())
        return ()

    @property
    def snippet(self) -> str:
        """The code of the question, each gap filled with its first answer; empty without code."""
        question = self.question
        text = question.code.text if question.code else ""
        if isinstance(question, ClozeQuestion):
            text = BLANK.sub(lambda gap: question.blanks[gap[1]].accept[0], text)
        return text

    def asked(self, language: str) -> str:
        """All that is asked and all that may be answered, feedback left out."""
        parts = [text.in_(language) for path, text in self.texts if path[0] in _ASKED and "why" not in path]
        accepted = [told for _, answers in self.accepted for told in answers]
        return " ".join([self.stem(language), self.snippet, *parts, *accepted])

    def told(self, language: str) -> list[str]:
        """The words of each choice."""
        return [choice.text.in_(language) for choice in self.choices]

    def stem(self, language: str) -> str:
        """The words of the question."""
        return self.question.text.in_(language)


def _texts(part: BaseModel, path: Path = ()) -> Iterator[tuple[Path, Text]]:
    for name in type(part).model_fields:
        yield from _texts_of(getattr(part, name), (*path, name))


def _texts_of(value: Any, path: Path) -> Iterator[tuple[Path, Text]]:
    if isinstance(value, Text):
        yield path, value
    elif isinstance(value, BaseModel):
        yield from _texts(value, path)
    elif isinstance(value, tuple):
        for position, one in enumerate(value):
            yield from _texts_of(one, (*path, position))


def prose(text: str) -> str:
    """The text without its code, its gaps and its addresses; an x stands for each."""
    return _LINK.sub("x", _GAP.sub("x", CODE.sub("x", text)))


def spans(text: str) -> set[str]:
    """What the text has between backticks."""
    return {code for _, code in CODE.findall(text)}


def has_code(text: str) -> bool:
    """Whether some of the text is between backticks."""
    return CODE.search(text) is not None


def unstressed(text: str) -> str:
    """The text without what is set in bold."""
    return _STRESS.sub(" ", text)


def sentences(text: str) -> list[str]:
    """The sentences of the text's prose."""
    return _SENTENCE.split(prose(text).strip())


def asking(text: str) -> str:
    """The sentence that asks, or the last one when none has a question mark."""
    told = sentences(text)
    return next((sentence for sentence in reversed(told) if sentence.rstrip().endswith("?")), told[-1])


def words(text: str) -> list[str]:
    """The words of a text in lower case, marks, code marks and stress left out."""
    return [word.casefold() for word in _WORD.findall(text.replace("’", "'"))]


def fold(text: str) -> str:
    """Without accents, case and spaces at will; code keeps its case, `-p` is not `-P`."""
    if has_code(text):
        return " ".join(text.split())
    return " ".join(bare(text).split())
