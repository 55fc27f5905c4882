"""The rules of a question that bear on several of its fields; breaking one is an error."""

import re
import shlex
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.bank import schema

LANGUAGES = ("fr", "en")
Path = tuple[str | int, ...]

# A gap of a cloze. The templates of `docker inspect --format` ({{.Id}}, {{json .Mounts}}) are none.
BLANK = re.compile(r"\{\{ *([A-Za-z][\w-]*) *\}\}")
CODE_SPAN = re.compile(r"`[^`]*`")
_BLANK_NAME = re.compile(r"[a-z][a-z0-9_-]*")
_FIRST_WORD = re.compile(r"[A-Za-z0-9_./]")


@dataclass(frozen=True, slots=True)
class Fault:
    """A broken rule, the path of the field to blame (keys and 0-based positions), and what to do about it."""

    path: Path
    message: str
    hint: str = ""


def faults(question: "schema.BaseQuestion") -> Iterator[Fault]:
    """The rules that `question` breaks, in the order of its fields."""
    yield from _repeated(question.objectives, ("objectives",), "objective")
    if (special := _BY_TYPE.get(getattr(question, "type", ""))) is not None:
        yield from special(question)
    if getattr(question, "type", "") != "cloze":
        yield from _stray_blanks(question)


def _single(question: "schema.SingleQuestion") -> Iterator[Fault]:
    yield from _unique_ids(question.choices, "choices")
    right = [position for position, choice in enumerate(question.choices) if choice.correct]
    if not right:
        yield Fault(("choices",), "no choice is correct", "mark the right one with “correct: true”")
    for position in right[1:]:
        yield Fault(
            ("choices", position, "correct"),
            "a second choice is correct",
            "a question with several right choices has “type: multiple”",
        )


def _multiple(question: "schema.MultipleQuestion") -> Iterator[Fault]:
    yield from _unique_ids(question.choices, "choices")
    right = sum(choice.correct for choice in question.choices)
    if not right:
        yield Fault(("choices",), "no choice is correct", "mark each right one with “correct: true”")
    elif right == len(question.choices):
        yield Fault(("choices",), "no choice is wrong", "one at least must be, or taking them all is always right")


def _short_answer(question: "schema.ShortAnswerQuestion") -> Iterator[Fault]:
    yield from _same_answers(question.accept, ("accept",), question.case)


def _command(question: "schema.CommandQuestion") -> Iterator[Fault]:
    yield from _same_answers(question.accept, ("accept",), "exact")
    yield from _repeated(question.ignore, ("ignore",), "option")
    for position, line in enumerate(question.accept):
        try:
            words = shlex.split(line)
        except ValueError:
            yield Fault(("accept", position), "a quote or a backslash is left open", "a shell must be able to read it")
            continue
        if not words or not _FIRST_WORD.match(words[0]):
            yield Fault(("accept", position), "a command starts with the name of a program", "leave the prompt out")


def _cloze(question: "schema.ClozeQuestion") -> Iterator[Fault]:
    declared = question.blanks
    for name, blank in declared.items():
        if not _BLANK_NAME.fullmatch(name):
            hint = "use lower-case letters, digits, hyphens, underscores; a letter first"
            yield Fault(("blanks", name), f"“{name}” is not a name for a blank", hint)
        yield from _same_answers(blank.accept, ("blanks", name, "accept"), blank.case)
    in_code = _blanks(question.code.text if question.code else "")
    yield from _undeclared(in_code, declared, ("code", "text"))
    for language in LANGUAGES:
        in_text = _blanks(question.text.in_(language))
        yield from _undeclared(in_text, declared, ("text", language))
        yield from _misused(in_code + in_text, declared, ("text", language))


def _misused(used: Counter[str], declared: Mapping[str, object], path: Path) -> Iterator[Fault]:
    """The blanks that one language's question (its text and the shared code) lacks, repeats or does not declare."""
    for name in declared:
        if used[name] == 0:
            hint = "each blank stands once in the code, or once in the text of each language"
            yield Fault(path, f"the blank {{{{{name}}}}} stands nowhere", hint)
        elif used[name] > 1:
            yield Fault(
                path, f"the blank {{{{{name}}}}} stands {used[name]} times", "give each place a blank of its own"
            )


def _undeclared(used: Iterable[str], declared: Mapping[str, object], path: Path) -> Iterator[Fault]:
    for name in used:
        if name not in declared:
            yield Fault(path, f"{{{{{name}}}}} is not one of the blanks", "declare it under “blanks”")


def _blanks(text: str) -> Counter[str]:
    return Counter(BLANK.findall(text))


def _stray_blanks(question: "schema.BaseQuestion") -> Iterator[Fault]:
    """Only the text of a cloze has blanks: `docker inspect --format '{{.Id}}'` is code like any other."""
    for language in LANGUAGES:
        for name in _blanks(CODE_SPAN.sub("", question.text.in_(language))):
            yield Fault(("text", language), f"{{{{{name}}}}} is a blank", "a question with blanks has “type: cloze”")


def _ordering(question: "schema.OrderingQuestion") -> Iterator[Fault]:
    yield from _unique_ids(question.items, "items")


def _matching(question: "schema.MatchingQuestion") -> Iterator[Fault]:
    yield from _unique_ids(question.pairs, "pairs")
    yield from _unique_ids(question.decoys, "decoys", {pair.id for pair in question.pairs})


def _unique_ids(
    parts: Sequence["schema.Choice | schema.Item | schema.RightSide"], field: str, taken: Iterable[str] = ()
) -> Iterator[Fault]:
    seen = set(taken)
    for position, part in enumerate(parts):
        if part.id in seen:
            yield Fault((field, position, "id"), f"“{part.id}” is used twice", "ids are unique within a question")
        seen.add(part.id)


def _repeated(values: Sequence[str], path: Path, what: str) -> Iterator[Fault]:
    for position, value in enumerate(values):
        if value in values[:position]:
            yield Fault((*path, position), f"the same {what} twice: “{value}”", "remove one of them")


def _same_answers(accept: Sequence[str], path: Path, case: str) -> Iterator[Fault]:
    folded = [" ".join(one.split()) if case == "exact" else " ".join(one.casefold().split()) for one in accept]
    for position, value in enumerate(folded):
        if value in folded[:position]:
            yield Fault((*path, position), f"the same answer twice: “{accept[position]}”", "remove one of them")


_BY_TYPE: Mapping[str, Callable[[Any], Iterator[Fault]]] = {
    "single": _single,
    "multiple": _multiple,
    "short_answer": _short_answer,
    "command": _command,
    "cloze": _cloze,
    "ordering": _ordering,
    "matching": _matching,
}
