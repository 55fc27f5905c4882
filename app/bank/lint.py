"""What a program can judge of the writing of a sound question.

Each rule has a name; a question may break one that it names under `allow`, with the reason.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from app.bank.problems import Problem, suggest
from app.bank.rules import LANGUAGES, Path
from app.bank.schema import MultipleQuestion, Question, SingleQuestion, Text

if TYPE_CHECKING:
    from app.bank.loader import Loaded

Finding = tuple[Path, str]

_CODE = re.compile(r"(`+)(.+?)\1", re.DOTALL)
_LINK = re.compile(r"https?://\S+")
# What French typography asks for, and the characters that miss it.
_FRENCH = (
    (re.compile(r"(?<!\u00a0):(?!\S)"), "a no-break space (U+00A0) goes before :"),
    (re.compile(r"(?<!\u202f)[;?!](?!\S)"), "a narrow no-break space (U+202F) goes before ; ? !"),
    (re.compile(r"«(?!\u00a0)|(?<!\u00a0)»"), "a no-break space (U+00A0) goes inside « »"),
    (re.compile(r"'"), "the apostrophe is ’ (U+2019)"),
    (re.compile(r'"'), "quotation marks are « »"),
    (re.compile(r"\.\.\."), "the ellipsis is … (U+2026)"),
)
_ENGLISH = (
    (re.compile(r"'"), "the apostrophe is ’ (U+2019)"),
    (re.compile(r'"'), "quotation marks are “ ”"),
    (re.compile(r"\.\.\."), "the ellipsis is … (U+2026)"),
    (re.compile(r"[\u00a0\u202f][:;?!]"), "English has no space before : ; ? !"),
)
_MUCH_LONGER = 1.6
_LONG = 40
_LAST = frozenset(".?!:…")


def check(questions: Iterable["Loaded"]) -> Iterator[Problem]:
    """The warnings about `questions`, each at its place; the hint is the rule's name."""
    for loaded in questions:
        allowed = loaded.question.allow
        for name, rule in RULES.items():
            if name not in allowed:
                for path, message in rule(loaded.question):
                    yield Problem(loaded.file, *loaded.place(*path), message, f"rule {name}", "warning")
        for name in allowed.keys() - RULES.keys():
            hint = suggest(name, RULES, f"the rules are {', '.join(RULES)}")
            place = loaded.located.key((loaded.index, "allow", name))
            yield Problem(loaded.file, *place, f"there is no rule “{name}”", hint, "warning")


def _texts(part: BaseModel, path: Path = ()) -> Iterator[tuple[Path, Text]]:
    """Every text of a question, wherever it stands, with its path."""
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


def _prose(text: str) -> str:
    """The text without its code and addresses."""
    return _LINK.sub("x", _CODE.sub("x", text))


def _check_typography(
    question: Question, language: str, marks: Iterable[tuple[re.Pattern[str], str]]
) -> Iterator[Finding]:
    for path, text in _texts(question):
        prose = _prose(text.in_(language))
        for pattern, message in marks:
            if text.fr != text.en and (found := pattern.search(prose)):
                around = prose[max(0, found.start() - 15) : found.end() + 10]
                yield (*path, language), f"{message}: “{around}”"


def _french_typography(question: Question) -> Iterator[Finding]:
    return _check_typography(question, "fr", _FRENCH)


def _english_typography(question: Question) -> Iterator[Finding]:
    return _check_typography(question, "en", _ENGLISH)


def _same_code(question: Question) -> Iterator[Finding]:
    for path, text in _texts(question):
        french, english = ({code for _, code in _CODE.findall(words)} for words in (text.fr, text.en))
        if french != english:
            alone = " ".join(f"`{code}`" for code in sorted(french ^ english))
            yield path, f"code that stands in one language only: {alone}"


def _both_languages(question: Question) -> Iterator[Finding]:
    """A plain string is for what needs no translation: code, a number, a name of a word or two."""
    for path, text in _texts(question):
        if text.fr == text.en and len(_prose(text.fr).split()) > 3:  # noqa: PLR2004 a name has three words at most
            yield path, "the same sentence in both languages"


def _longest_key(question: Question) -> Iterator[Finding]:
    if not isinstance(question, SingleQuestion):
        return
    for language in LANGUAGES:
        lengths = [len(choice.text.in_(language)) for choice in question.choices]
        key = next(position for position, choice in enumerate(question.choices) if choice.correct)
        others = max(length for position, length in enumerate(lengths) if position != key)
        if lengths[key] > _LONG and lengths[key] > _MUCH_LONGER * others:
            yield ("choices", key, "text", language), "the right choice is the longest by far"


def _twin_choices(question: Question) -> Iterator[Finding]:
    if not isinstance(question, SingleQuestion | MultipleQuestion):
        return
    for language in LANGUAGES:
        seen: set[str] = set()
        for position, choice in enumerate(question.choices):
            folded = _fold(choice.text.in_(language))
            if folded in seen:
                yield ("choices", position, "text", language), "two choices say the same"
            seen.add(folded)


def _fold(text: str) -> str:
    """Without accents, case and spaces at will; code keeps its case, `-p` is not `-P`."""
    if _CODE.search(text):
        return " ".join(text.split())
    bare = "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))
    return " ".join(bare.casefold().split())


def _whole_stem(question: Question) -> Iterator[Finding]:
    for language in LANGUAGES:
        stem = question.text.in_(language).rstrip()
        if stem[-1] not in _LAST and not stem.endswith(("`", "}}")):
            yield ("text", language), "the question ends without . ? ! or :"


RULES: Mapping[str, Callable[[Question], Iterable[Finding]]] = {
    "french-typography": _french_typography,
    "english-typography": _english_typography,
    "same-code": _same_code,
    "both-languages": _both_languages,
    "longest-key": _longest_key,
    "twin-choices": _twin_choices,
    "whole-stem": _whole_stem,
}
