"""One question of each type, exactly as the YAML writes it; the attribute names are the file's keys.

A text is in both languages; a plain string stands for code that is the same in both. Values are
frozen: a question read from a file, from the database or from an upload is the same kind of object.
"""

import json
import re
import shlex
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, StrictBool, TypeAdapter, model_validator
from pydantic_core import PydanticCustomError

LANGUAGES = ("fr", "en")
BLANK = re.compile(r"\{\{([a-z0-9-]+)\}\}")

Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
ObjectiveId = Annotated[str, Field(pattern=r"^[a-z0-9]+([-.][a-z0-9]+)*$", max_length=80)]
Line = Annotated[str, Field(min_length=1, max_length=500)]
Case = Literal["fold", "exact"]


class Part(BaseModel):
    """What every piece of a question shares: nothing unknown, nothing coerced, nothing changed later."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(Part):
    """Words in both languages."""

    fr: str = Field(min_length=1, max_length=4000)
    en: str = Field(min_length=1, max_length=4000)

    @model_validator(mode="before")
    @classmethod
    def _same_in_both(cls, value: Any) -> Any:
        return {"fr": value, "en": value} if isinstance(value, str) else value

    def in_(self, language: str) -> str:
        """The words in "fr" or "en"."""
        return self.en if language == "en" else self.fr


class Code(Part):
    """A listing shared by both languages."""

    language: Literal["console", "dockerfile", "yaml", "json", "ini", "text"]
    text: str = Field(min_length=1, max_length=4000)


class Choice(Part):
    """One line to choose; `why` tells who chose it what is wrong with it."""

    id: Id
    text: Text
    why: Text | None = None
    correct: StrictBool = False


class Blank(Part):
    """What fits a gap; the first of `accept` is the one shown. Without `case`, code is exact and prose folds it."""

    accept: tuple[Line, ...] = Field(min_length=1)
    case: Case | None = None


class Item(Part):
    """One line to put in order."""

    id: Id
    text: Text


class Pair(Part):
    """Two things that go together."""

    id: Id
    left: Text
    right: Text


class Decoy(Part):
    """A right-hand side that goes with nothing."""

    id: Id
    right: Text


def _decimal(value: Any) -> Decimal:
    """The number as it was written: never through a binary float."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise PydanticCustomError("number", "Input should be a number")
    try:
        number = Decimal(str(value))
    except InvalidOperation as error:
        raise PydanticCustomError("number", "Input should be a number") from error
    if not number.is_finite():
        raise PydanticCustomError("number", "Input should be a finite number")
    return number


Number = Annotated[Decimal, BeforeValidator(_decimal), PlainSerializer(str, return_type=str)]


class BaseQuestion(Part):
    """What every type of question has.

    `objectives`: the first is examined, the others are touched. `allow` maps a rule of the linter to
    the reason why this question may break it.
    """

    id: Id
    objectives: tuple[ObjectiveId, ...] = Field(min_length=1)
    level: Literal[1, 2, 3]
    text: Text
    code: Code | None = None
    explanation: Text
    reserved: StrictBool = False
    status: Literal["draft"] | None = None
    see_also: tuple[Id, ...] = ()
    gives_away: tuple[Id, ...] = ()
    allow: dict[str, str] = Field(default_factory=dict)


class SingleQuestion(BaseQuestion):
    """One right choice."""

    type: Literal["single"]
    choices: tuple[Choice, ...] = Field(min_length=2, max_length=9)
    shuffle: StrictBool = True

    @model_validator(mode="after")
    def _one_right(self) -> Self:
        _refuse_twins(choice.id for choice in self.choices)
        if sum(choice.correct for choice in self.choices) != 1:
            raise PydanticCustomError("one_right", "exactly one choice must be correct")
        return self


class MultipleQuestion(BaseQuestion):
    """Several choices, at least one right and one wrong."""

    type: Literal["multiple"]
    choices: tuple[Choice, ...] = Field(min_length=2, max_length=9)
    shuffle: StrictBool = True

    @model_validator(mode="after")
    def _right_and_wrong(self) -> Self:
        _refuse_twins(choice.id for choice in self.choices)
        if len({choice.correct for choice in self.choices}) != 2:  # noqa: PLR2004 both truth values
            raise PydanticCustomError("right_and_wrong", "at least one choice must be correct, and one wrong")
        return self


class TrueFalseQuestion(BaseQuestion):
    """A statement that holds or not."""

    type: Literal["true_false"]
    answer: StrictBool


class ShortAnswerQuestion(BaseQuestion):
    """A few typed characters."""

    type: Literal["short_answer"]
    accept: tuple[Line, ...] = Field(min_length=1)
    case: Case = "fold"

    @model_validator(mode="after")
    def _no_twins(self) -> Self:
        _refuse_twins(self.accept)
        return self


class CommandQuestion(BaseQuestion):
    """A command line, compared as the shell and Docker would read it; options in `ignore` do not count."""

    type: Literal["command"]
    accept: tuple[Line, ...] = Field(min_length=1)
    ignore: tuple[Line, ...] = ()

    @model_validator(mode="after")
    def _readable(self) -> Self:
        _refuse_twins(self.accept)
        for line in self.accept:
            try:
                words = shlex.split(line)
            except ValueError as error:
                raise PydanticCustomError("shell", "the shell cannot read {line}", {"line": line}) from error
            if not words or words[0].startswith("-"):
                raise PydanticCustomError("shell", "{line} does not start with a command", {"line": line})
        return self


class NumericalQuestion(BaseQuestion):
    """A number, right within `tolerance` (inclusive)."""

    type: Literal["numerical"]
    answer: Number
    tolerance: Number = Decimal(0)
    unit: Text | None = None

    @model_validator(mode="after")
    def _tolerant(self) -> Self:
        if self.tolerance < 0:
            raise PydanticCustomError("tolerance", "the tolerance cannot be negative")
        return self


class ClozeQuestion(BaseQuestion):
    """Gaps, written {{name}}, in the code or in the text."""

    type: Literal["cloze"]
    blanks: dict[Id, Blank] = Field(min_length=1)

    @model_validator(mode="after")
    def _each_gap_once(self) -> Self:
        used = BLANK.findall(self.code.text) if self.code else []
        for words in {self.text.fr, self.text.en}:
            here = used + BLANK.findall(words)
            if sorted(here) != sorted(self.blanks):
                names = ", ".join(sorted(set(here) ^ set(self.blanks)) or sorted(here))
                raise PydanticCustomError("gaps", "each blank must stand once in the text or code: {names}", {"names": names})
        return self

    def case_of(self, name: str) -> Case:
        """How a gap compares letters: never folding case in code, unless it says otherwise."""
        in_code = bool(self.code) and name in BLANK.findall(self.code.text if self.code else "")
        return self.blanks[name].case or ("exact" if in_code else "fold")


class OrderingQuestion(BaseQuestion):
    """Lines, written in the right order."""

    type: Literal["ordering"]
    items: tuple[Item, ...] = Field(min_length=3, max_length=9)

    @model_validator(mode="after")
    def _no_twins(self) -> Self:
        _refuse_twins(item.id for item in self.items)
        return self


class MatchingQuestion(BaseQuestion):
    """Pairs to make; decoys go with nothing."""

    type: Literal["matching"]
    pairs: tuple[Pair, ...] = Field(min_length=2, max_length=9)
    decoys: tuple[Decoy, ...] = ()

    @model_validator(mode="after")
    def _no_twins(self) -> Self:
        _refuse_twins([*(pair.id for pair in self.pairs), *(decoy.id for decoy in self.decoys)])
        return self


class FlashcardQuestion(BaseQuestion):
    """A question whose answer the learner compares with theirs."""

    type: Literal["flashcard"]
    answer: Text


Question = Annotated[
    SingleQuestion
    | MultipleQuestion
    | TrueFalseQuestion
    | ShortAnswerQuestion
    | CommandQuestion
    | NumericalQuestion
    | ClozeQuestion
    | OrderingQuestion
    | MatchingQuestion
    | FlashcardQuestion,
    Field(discriminator="type"),
]

QUESTION: TypeAdapter[Question] = TypeAdapter(Question)
_NOT_CONTENT = frozenset({"reserved", "status", "see_also", "gives_away", "allow", "objectives"})


def to_document(question: Question) -> dict[str, Any]:
    """The question as JSON values, for the database; `from_document` reads it back."""
    document: dict[str, Any] = QUESTION.dump_python(question, mode="json", exclude_defaults=True)
    return {**document, "type": question.type}


def from_document(document: Mapping[str, Any]) -> Question:
    """The question a stored document holds; raises pydantic's ValidationError for anything else."""
    return QUESTION.validate_python(dict(document))


def content_hash(question: Question) -> str:
    """A digest of what learners see and of the key: equal however the file is laid out or filed."""
    content = {key: value for key, value in to_document(question).items() if key not in _NOT_CONTENT}
    return sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _refuse_twins(names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise PydanticCustomError("twins", "{name} is there twice", {"name": name})
        seen.add(name)
