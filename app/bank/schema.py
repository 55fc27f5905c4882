"""What a question is: ten types, in two languages, checked as strictly as the files are read.

Attribute names are the keys of the YAML files. Nothing is converted on the way: a number where a text
is meant is an error. Rules that bear on several fields are in `app.bank.rules`.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    StringConstraints,
    TypeAdapter,
    ValidationInfo,
    model_validator,
)
from pydantic_core import PydanticCustomError

from app.bank import drafts, rules

T = TypeVar("T")

# Not Literal[1, 2, 3], which takes true and 1.0 for 1.
Level = Annotated[int, Field(ge=1, le=3)]
Case = Literal["fold", "exact"]


BLANK = rules.BLANK
LANGUAGES = rules.LANGUAGES
_SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
_OBJECTIVE = r"^[a-z0-9]+([.-][a-z0-9]+)*$"
_DECIMAL = re.compile(r"[-+]?\d{1,24}(\.\d{1,12})?")

# Lists of a document are tuples here; their items stay strict.
Many = Annotated[tuple[T, ...], Strict(False)]
Slug = Annotated[str, StringConstraints(pattern=_SLUG, max_length=80)]
ObjectiveId = Annotated[str, StringConstraints(pattern=_OBJECTIVE, max_length=80)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=8_000)]
MOST_ACCEPTED = 100  # of one field; what a class types and its teacher takes comes on top of what the author foresaw
Answer = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
# A path of headings, as slugs: `volumes/bind-mount`.
SectionId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+([-/][a-z0-9]+)*$", max_length=200)]
Fingerprint = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{12}$")]
OptionName = Annotated[str, StringConstraints(pattern=r"^--?[A-Za-z0-9][A-Za-z0-9-]*$", max_length=80)]


def _to_decimal(value: object) -> object:
    """The number as written, digit by digit: 1.50 stays 1.50, and no float comes near it."""
    if isinstance(value, Decimal) or (isinstance(value, int) and not isinstance(value, bool)):
        value = str(value)
    if isinstance(value, str) and _DECIMAL.fullmatch(value):
        return Decimal(value)
    raise PydanticCustomError("decimal", "a decimal number is expected, at most 24 digits and 12 after the point")


Number = Annotated[Decimal, BeforeValidator(_to_decimal)]


class Model(BaseModel):
    """The base of every part of the bank: strict, closed and never changed."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Text(Model):
    """Words in both languages, in Markdown; a plain string stands for code that is the same in both."""

    fr: Words
    en: Words

    @model_validator(mode="before")
    @classmethod
    def _same_in_both(cls, value: Any) -> Any:
        return dict.fromkeys(LANGUAGES, value) if isinstance(value, str) else value

    def in_(self, language: str) -> str:
        """The words in `language`; French for a language the bank does not have."""
        return self.en if language == "en" else self.fr


def _without_last_newline(value: object) -> object:
    return value.rstrip("\n") if isinstance(value, str) else value


class Code(Model):
    """A snippet shared by both languages; `language` names its syntax (console, dockerfile, yaml, text…)."""

    language: Annotated[str, StringConstraints(pattern=r"^[a-z0-9+-]+$", max_length=30)]
    text: Annotated[str, BeforeValidator(_without_last_newline), StringConstraints(min_length=1, max_length=8_000)]


class Choice(Model):
    """One choice; `why` is what to tell someone who took it, or left it, by mistake."""

    id: Slug
    text: Text
    why: Text | None = None
    correct: bool = False


class Item(Model):
    """One of the things to put in order."""

    id: Slug
    text: Text


class RightSide(Model):
    """What may be chosen on the right of a matching question."""

    id: Slug
    right: Text


class Pair(RightSide):
    """Two things that belong together."""

    left: Text


class Decoy(RightSide):
    """A right-hand side that belongs to nothing."""


class Blank(Model):
    """What a gap takes: its answers (the first is the one shown) and whether case counts."""

    accept: Annotated[Many[Answer], Field(min_length=1)]
    case: Case = "fold"


class Origin(Model):
    """Where `bank extract` found a question: the id of a section of the outline, and a line counted from 1.

    `confidence`, from 0 to 1, says how likely a person is to keep it, by its kind. `fingerprint` stands for the
    sentences it was made from: another one in the course today means that they have changed.
    """

    section: SectionId
    line: Annotated[int, Field(ge=1)]
    confidence: Annotated[Number, Field(ge=0, le=1)]
    fingerprint: Fingerprint


class Draftable(Model):
    """What may be a proposal nobody has read: marked `status: draft`, it may be written in one language."""

    status: Literal["draft"] | None = None

    @model_validator(mode="before")
    @classmethod
    def _one_language_will_do(cls, value: Any) -> Any:
        return drafts.in_both_languages(value) if drafts.is_draft(value) else value


class BaseQuestion(Draftable):
    """What all types have in common.

    The first of `objectives` is the one examined, the others are touched. `level` is 1 recognise,
    2 understand, 3 apply. `see_also` and `gives_away` are ids of questions: related ones, and ones whose
    answer this one tells. `origin` is where `bank extract` found it. `allow` silences a rule of
    `app.bank.lint`, with the reason.
    """

    id: Slug
    objectives: Annotated[Many[ObjectiveId], Field(min_length=1, max_length=12)]
    level: Level
    text: Text
    code: Code | None = None
    explanation: Text
    reserved: bool = False
    see_also: Many[Slug] = ()
    gives_away: Many[Slug] = ()
    origin: Origin | None = None
    shuffle: bool = True
    allow: dict[str, Words] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _obeys_rules(self, info: ValidationInfo) -> "BaseQuestion":
        # A version stored under older rules must stay readable for ever: only files are held to them.
        if (info.context or {}).get("stored"):
            return self
        if faults := tuple(rules.faults(self.model_dump())):
            raise PydanticCustomError("faults", "{first}", {"first": faults[0].message, "faults": faults})
        return self


class SingleQuestion(BaseQuestion):
    """One choice out of several."""

    type: Literal["single"]
    choices: Annotated[Many[Choice], Field(min_length=2, max_length=9)]


class MultipleQuestion(BaseQuestion):
    """Every right choice, and no other."""

    type: Literal["multiple"]
    choices: Annotated[Many[Choice], Field(min_length=2, max_length=9)]


class TrueFalseQuestion(BaseQuestion):
    """A statement to judge."""

    type: Literal["true_false"]
    answer: bool


class ShortAnswerQuestion(BaseQuestion):
    """A few typed words; the first of `accept` is the answer shown."""

    type: Literal["short_answer"]
    accept: Annotated[Many[Answer], Field(min_length=1, max_length=MOST_ACCEPTED)]
    case: Case = "fold"


class CommandQuestion(BaseQuestion):
    """A command line, compared part by part; options in `ignore` may be there and do not count."""

    type: Literal["command"]
    accept: Annotated[Many[Answer], Field(min_length=1, max_length=MOST_ACCEPTED)]
    ignore: Many[OptionName] = ()


class NumericalQuestion(BaseQuestion):
    """A number; right when it differs from `answer` by `tolerance` at most, in `unit`."""

    type: Literal["numerical"]
    answer: Number
    tolerance: Annotated[Number, Field(ge=0)] = Decimal(0)
    unit: Text | None = None


class ClozeQuestion(BaseQuestion):
    """A text or a snippet with gaps, written {{name}}; case counts by default where the gap is in code."""

    type: Literal["cloze"]
    blanks: Annotated[dict[str, Blank], Field(min_length=1, max_length=20)]

    @model_validator(mode="before")
    @classmethod
    def _case_of_code(cls, value: Any) -> Any:
        if not isinstance(value, Mapping) or not isinstance(blanks := value.get("blanks"), Mapping):
            return value
        in_code = rules.in_code(value)
        exact = {
            name: {"case": "exact", **blank} if name in in_code and isinstance(blank, Mapping) else blank
            for name, blank in blanks.items()
        }
        return {**value, "blanks": exact}

    def case_of(self, name: str) -> Case:
        """Whether case counts in the gap called `name`."""
        return self.blanks[name].case


class OrderingQuestion(BaseQuestion):
    """Things to put in order; `items` are written in the right one."""

    type: Literal["ordering"]
    items: Annotated[Many[Item], Field(min_length=3, max_length=12)]


class MatchingQuestion(BaseQuestion):
    """Things to pair up; `decoys` pair with nothing."""

    type: Literal["matching"]
    pairs: Annotated[Many[Pair], Field(min_length=2, max_length=12)]
    decoys: Annotated[Many[Decoy], Field(max_length=6)] = ()


class FlashcardQuestion(BaseQuestion):
    """A question that learners answer in their head and grade themselves."""

    type: Literal["flashcard"]
    answer: Text


Question = (
    SingleQuestion
    | MultipleQuestion
    | TrueFalseQuestion
    | ShortAnswerQuestion
    | CommandQuestion
    | NumericalQuestion
    | ClozeQuestion
    | OrderingQuestion
    | MatchingQuestion
    | FlashcardQuestion
)

MODELS: Mapping[str, type[Question]] = {
    "single": SingleQuestion,
    "multiple": MultipleQuestion,
    "true_false": TrueFalseQuestion,
    "short_answer": ShortAnswerQuestion,
    "command": CommandQuestion,
    "numerical": NumericalQuestion,
    "cloze": ClozeQuestion,
    "ordering": OrderingQuestion,
    "matching": MatchingQuestion,
    "flashcard": FlashcardQuestion,
}

QUESTION: TypeAdapter[Question] = TypeAdapter(Annotated[Question, Field(discriminator="type")])
# What is neither shown to a learner nor part of the key.
_BOOKKEEPING = {"id", "objectives", "reserved", "see_also", "gives_away", "status", "origin", "allow"}


def to_document(question: Question) -> dict[str, Any]:
    """The question as JSON values (numbers of the key as text, digit by digit), for the database."""
    return question.model_dump(mode="json", exclude_none=True)


def from_document(document: Mapping[str, Any]) -> Question:
    """The question that `to_document` wrote, even under older rules; raises pydantic's ValidationError."""
    return QUESTION.validate_python(dict(document), context={"stored": True})


def content_hash(question: Question) -> str:
    """SHA-256, in hexadecimal, of what a learner sees and of the key.

    Equal for two spellings of the same question: order of keys, defaults left out or written, quoting.
    """
    document = question.model_dump(mode="json", exclude_none=True, exclude=_BOOKKEEPING)
    canonical = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
