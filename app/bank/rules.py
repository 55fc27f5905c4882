"""The rules of a question that bear on several of its fields; breaking one is an error.

They read a question as its file has it, sound or not, and say nothing of what has the wrong shape: a mistake
in one field must hide none in the others.
"""

import re
import shlex
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.bank.problems import suggest
from app.exam import commands

LANGUAGES = ("fr", "en")
Path = tuple[str | int, ...]
Document = Mapping[str, Any]

# A gap of a cloze. The templates of `docker inspect --format` ({{.Id}}, {{json .Mounts}}) are none.
BLANK = re.compile(r"\{\{ *([A-Za-z][\w-]*) *\}\}")
CODE_SPAN = re.compile(r"`[^`]*`")
_BLANK_NAME = re.compile(r"[a-z][a-z0-9_-]*")
_FIRST_WORD = re.compile(r"[A-Za-z0-9_./]")


@dataclass(frozen=True, slots=True)
class Fault:
    """A broken rule, the path of the field to blame (keys and 0-based positions), and what to do about it.

    `holders` are the paths of the mappings in which a misspelt key would explain it: then it is no fault of its own.
    """

    path: Path
    message: str
    hint: str = ""
    holders: tuple[Path, ...] = ()


def faults(question: Document) -> Iterator[Fault]:
    """The rules that `question` breaks, in the order of its fields; of an unknown type, only those of all types."""
    kind = question.get("type")
    yield from _repeated(strings_of(question.get("objectives")), ("objectives",), "objective")
    if not isinstance(kind, str):
        return
    if (special := _BY_TYPE.get(kind)) is not None:
        yield from special(question)
    if kind != "cloze":
        yield from _stray_blanks(question)


def mappings_of(value: Any) -> list[tuple[int, Document]]:
    """The mappings of a list, with their positions; none of what is no list."""
    return [(position, one) for position, one in _items(value) if isinstance(one, Mapping)]


def strings_of(value: Any) -> list[tuple[int, str]]:
    """The texts of a list, with their positions; none of what is no list."""
    return [(position, one) for position, one in _items(value) if isinstance(one, str)]


def _items(value: Any) -> Iterable[tuple[int, Any]]:
    return enumerate(value) if isinstance(value, list | tuple) else ()


def in_code(question: Document) -> frozenset[str]:
    """The names of the gaps that stand in code: in the snippet, or between backticks in the text."""
    spans = (span for language in LANGUAGES for span in CODE_SPAN.findall(_words(question.get("text"), language)))
    return frozenset(BLANK.findall(" ".join([_snippet(question), *spans])))


def _words(text: Any, language: str) -> str:
    """What a text says in a language; nothing when it cannot be read."""
    words = text.get(language) if isinstance(text, Mapping) else text
    return words if isinstance(words, str) else ""


def _snippet(question: Document) -> str:
    code = question.get("code")
    return _words(code, "text") if isinstance(code, Mapping) else ""


def _single(question: Document) -> Iterator[Fault]:
    yield from _unique_ids(question, "choices")
    right = _right(question)
    if right == []:
        yield _none_right(question, "mark the right one with “correct: true”")
    for position in (right or [])[1:]:
        yield Fault(
            ("choices", position, "correct"),
            "a second choice is correct",
            "a question with several right choices has “type: multiple”",
        )


def _multiple(question: Document) -> Iterator[Fault]:
    yield from _unique_ids(question, "choices")
    right = _right(question)
    if right == []:
        yield _none_right(question, "mark each right one with “correct: true”")
    elif right and len(right) == len(question["choices"]):
        yield Fault(("choices",), "no choice is wrong", "one at least must be, or taking them all is always right")


def _right(question: Document) -> list[int] | None:
    """The positions of the right choices; None when that cannot be said of each."""
    choices = mappings_of(question.get("choices"))
    marks = [choice.get("correct", False) for _, choice in choices]
    if not choices or len(choices) < len(question["choices"]) or not all(isinstance(mark, bool) for mark in marks):
        return None
    return [position for (position, _), mark in zip(choices, marks, strict=True) if mark]


def _none_right(question: Document, hint: str) -> Fault:
    holders = tuple(("choices", position) for position, _ in mappings_of(question.get("choices")))
    return Fault(("choices",), "no choice is correct", hint, holders)


def _short_answer(question: Document) -> Iterator[Fault]:
    yield from _same_answers(question.get("accept"), ("accept",), question.get("case", "fold"))


def _command(question: Document) -> Iterator[Fault]:
    yield from _same_answers(question.get("accept"), ("accept",), "exact")
    yield from _repeated(strings_of(question.get("ignore")), ("ignore",), "option")
    yield from _unknown_options(question)
    for position, line in strings_of(question.get("accept")):
        try:
            words = shlex.split(line)
        except ValueError:
            yield Fault(("accept", position), "a quote or a backslash is left open", "a shell must be able to read it")
            continue
        if line.strip() and (not words or not _FIRST_WORD.match(words[0])):
            yield Fault(("accept", position), "a command starts with the name of a program", "leave the prompt out")


def _unknown_options(question: Document) -> Iterator[Fault]:
    """Options to ignore that none of the accepted commands has, when all of them are Docker's."""
    if not question.get("ignore"):
        return
    accept = [line for _, line in strings_of(question.get("accept"))]
    found = [one.command for line in accept for one in commands.read(line).invocations]
    read = [command for command in found if command]
    if not read or len(read) < len(found):
        return
    names = " or ".join(dict.fromkeys(f"docker {command.name}" for command in read))
    known = {spelling for command in read for spelling in command.options}
    for position, option in strings_of(question.get("ignore")):
        if option not in known:
            hint = suggest(option, known, "an option that cannot be there needs no mention")
            yield Fault(("ignore", position), f"{names} has no option {option}", hint)


def _cloze(question: Document) -> Iterator[Fault]:
    declared = question.get("blanks")
    if not isinstance(declared, Mapping):
        return
    code = in_code(question)
    for name, blank in declared.items():
        if not _BLANK_NAME.fullmatch(name):
            hint = "use lower-case letters, digits, hyphens, underscores; a letter first"
            yield Fault(("blanks", name), f"“{name}” is not a name for a blank", hint)
        if isinstance(blank, Mapping):
            case = blank.get("case", "exact" if name in code else "fold")
            yield from _same_answers(blank.get("accept"), ("blanks", name, "accept"), case)
    snippet = _blanks(_snippet(question))
    yield from _undeclared(snippet, declared, ("code", "text"))
    for language in LANGUAGES:
        words = _words(question.get("text"), language)
        yield from _undeclared(_blanks(words), declared, ("text", language))
        if words and ("code" not in question or question["code"] is None or _snippet(question)):
            yield from _misused(snippet + _blanks(words), declared, ("text", language))


def _misused(used: Counter[str], declared: Document, path: Path) -> Iterator[Fault]:
    """The blanks that one language's question (its text and the shared code) lacks, repeats or does not declare."""
    for name in declared:
        if used[name] == 0:
            hint = "each blank stands once in the code, or once in the text of each language"
            yield Fault(path, f"the blank {{{{{name}}}}} stands nowhere", hint, holders=((),))
        elif used[name] > 1:
            yield Fault(
                path, f"the blank {{{{{name}}}}} stands {used[name]} times", "give each place a blank of its own"
            )


def _undeclared(used: Iterable[str], declared: Document, path: Path) -> Iterator[Fault]:
    for name in used:
        if name not in declared:
            yield Fault(path, f"{{{{{name}}}}} is not one of the blanks", "declare it under “blanks”")


def _blanks(text: str) -> Counter[str]:
    return Counter(BLANK.findall(text))


def _stray_blanks(question: Document) -> Iterator[Fault]:
    """Only the text of a cloze has blanks: `docker inspect --format '{{.Id}}'` is code like any other."""
    for language in LANGUAGES:
        for name in _blanks(CODE_SPAN.sub("", _words(question.get("text"), language))):
            yield Fault(("text", language), f"{{{{{name}}}}} is a blank", "a question with blanks has “type: cloze”")


def _ordering(question: Document) -> Iterator[Fault]:
    yield from _unique_ids(question, "items")


def _matching(question: Document) -> Iterator[Fault]:
    yield from _unique_ids(question, "pairs")
    pairs = (pair.get("id") for _, pair in mappings_of(question.get("pairs")))
    yield from _unique_ids(question, "decoys", (one for one in pairs if isinstance(one, str)))


def _unique_ids(question: Document, field: str, taken: Iterable[str] = ()) -> Iterator[Fault]:
    seen = set(taken)
    for position, part in mappings_of(question.get(field)):
        name = part.get("id")
        if isinstance(name, str):
            if name in seen:
                yield Fault((field, position, "id"), f"“{name}” is used twice", "ids are unique within a question")
            seen.add(name)


def _repeated(values: Iterable[tuple[int, str]], path: Path, what: str) -> Iterator[Fault]:
    seen = set()
    for position, value in values:
        if value in seen:
            yield Fault((*path, position), f"the same {what} twice: “{value}”", "remove one of them")
        seen.add(value)


def _same_answers(accept: Any, path: Path, case: Any) -> Iterator[Fault]:
    if case not in ("fold", "exact"):
        return
    seen = set()
    for position, answer in strings_of(accept):
        folded = " ".join((answer if case == "exact" else answer.casefold()).split())
        if folded and folded in seen:
            yield Fault((*path, position), f"the same answer twice: “{answer}”", "remove one of them")
        seen.add(folded)


_BY_TYPE: Mapping[str, Callable[[Document], Iterator[Fault]]] = {
    "single": _single,
    "multiple": _multiple,
    "short_answer": _short_answer,
    "command": _command,
    "cloze": _cloze,
    "ordering": _ordering,
    "matching": _matching,
}
